# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict as JSON: equal verdicts make equal bytes.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .text import Document

FIRST = (
    "schema",
    "verdict",
    "exit_code",
    "blocks",
    "on_unknown",
    "note",
    "counts",
    "judged",
    "findings",
    "passed",
    "left_out",
)
"""The members in the order in which a person wants to read them."""

_LOG_COMMAND = re.compile(r"##(\w*)\[")


def compact(value: Any) -> str:
    """JSON in ASCII, so that nothing in it is invisible, and without what a log's reader would take for a command."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, allow_nan=False)
    # Only strings have a # in them, and there a bracket may be written as its code.
    return _LOG_COMMAND.sub(r"##\1\\u005b", text)


def render(document: Document) -> str:
    """The document, a line for each member, each finding and each rule that was passed."""
    names = [name for name in FIRST if name in document] + sorted(set(document) - set(FIRST))
    return "{\n" + ",\n".join(f" {compact(name)}: {_member(document[name])}" for name in names) + "\n}\n"


def _member(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return compact(value)
    return "[\n" + ",\n".join(f"  {compact(entry)}" for entry in value) + "\n ]"
