# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes every result of a task to a file as JSON, as callbacks for machines do: all of it, as it is handed to them."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: dump
type: notification
short_description: results as JSON
description: For tests only.
author: genesyscloud.usage contributors
options: {}
"""


class CallbackModule(CallbackBase):
    """One line an event, with the task's own options too."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "dump"

    def _write(self, event: str, result: Any) -> None:
        said = {"event": event, "task": result._task.get_name(), "result": dict(result._result)}
        with open(os.environ["DUMP_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(said, default=str, ensure_ascii=False) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)
