# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tests of the gate and of its examples share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verdicts import validate

RULE = {"id": "few-requests", "metric": "requests", "window": "3d", "op": "<="}
"""Of the 60 requests that an organization of the tests has in three days."""

PASS = {"gate_builtin_rules": ["data-age"]}
WARN = PASS | {"gate_rules": [RULE | {"value": 59, "severity": "warn"}]}
FAIL = PASS | {"gate_rules": [RULE | {"value": 59, "severity": "fail"}]}
UNKNOWN = PASS | {"gate_rules": [RULE | {"window": "4d", "value": 1000}]}
BY_VERDICT = {"pass": PASS, "warn": WARN, "fail": FAIL, "unknown": UNKNOWN}


def verdict_in(folder: Path) -> Any:
    """The verdict that a gate left in a folder; it fits the schema."""
    document = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    validate(document)
    return document
