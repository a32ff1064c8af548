# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task: an operation with the options of its module, as Ansible would hand them over."""

from __future__ import annotations

import importlib
import time
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context

from .process import answer, peak_mib

OPERATIONS = "ansible_collections.genesyscloud.usage.plugins.module_utils.operations"
TOLD = ("failed", "msg", "changed", "row_count", "api_calls", "stored", "summary", "counts")
"""Of the result; rows are not among it."""


def find(order: dict[str, Any]) -> dict[str, Any]:
    """How long it took, the most memory it had, and what came of it."""
    name = order["operation"]
    operation = getattr(importlib.import_module(f"{OPERATIONS}.{name}"), name)
    validated = ArgumentSpecValidator(getattr(argspec, name.upper())).validate(order["params"])
    if validated.error_messages:
        raise ValueError(validated.error_messages)
    started, worked = time.perf_counter(), time.process_time()
    result = outcome(operation, validated.validated_parameters, Context())
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    told = {key: result[key] for key in TOLD if key in result}
    return {"seconds": seconds, "cpu": cpu, "peak_mib": peak_mib(), "result": told}


if __name__ == "__main__":
    answer(find)
