# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verdicts for tests of what shows them, and the schema that every verdict has to fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[1] / "docs" / "schemas" / "verdict-1.json").read_text(encoding="utf-8")
)
EXIT_CODES = {"pass": 0, "warn": 1, "fail": 2, "unknown": 3}


def validate(document: Any) -> None:
    """Fails where a document is no verdict of version 1."""
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(document)


def finding(verdict: str = "fail", **fields: Any) -> dict[str, Any]:
    """A finding: by default a client that is refused too often."""
    found = {
        "rule": "throttled",
        "metric": "throttle_ratio",
        "severity": "warn" if verdict == "warn" else "fail",
        "verdict": verdict,
        "subject": {"organization": "acme-emea", "client_id": "c-1", "client_name": "Wallboard"},
        "measured": 0.0523,
        "unit": "ratio",
        "allowed": "<= 0.01",
        "value": 0.01,
        "op": "<=",
        "window": {"first_day": "2026-11-18", "last_day": "2026-11-24"},
        "since": "2026-11-22",
        "message": "5.23 % of 12,345 requests of the client Wallboard were refused with 429, and 1 % is allowed",
        "waiver": None,
    }
    return found | fields


def waived(expires: str, verdict: str = "waived", **fields: Any) -> dict[str, Any]:
    waiver = {
        "rule": "throttled", "subject": {"organization": "acme-emea"}, "reason": "Migration of the wallboard",
        "owner": "ops@example.com", "expires": expires,
    }  # fmt: skip
    return finding(verdict, waiver=waiver, **fields)


def verdict(*findings: dict[str, Any], passed: tuple[dict[str, Any], ...] = (), **fields: Any) -> dict[str, Any]:
    """A verdict with these findings; the worst of them says what it is."""
    names = [found["verdict"] for found in findings]
    worst = next((name for name in ("fail", "unknown", "warn") if name in names), "pass")
    document = {
        "schema": "genesyscloud.usage/verdict/1",
        "verdict": worst,
        "exit_code": EXIT_CODES[worst],
        "on_unknown": "fail",
        "blocks": worst in ("fail", "unknown"),
        "judged": {
            "service": "query",
            "group_by": ["client_id"],
            "client_id": None,
            "organizations": ["acme-emea", "acme-us"],
            "first_day": "2026-10-26",
            "last_day": "2026-11-24",
            "as_of": "2026-11-24",
            "period": {"first_day": "2026-11-01", "last_day": "2026-11-30"},
        },
        "note": "Usage up to 2026-11-24 (UTC) was judged: what a deploy of today does shows tomorrow",
        "counts": {
            "pass": sum(entry["subjects"] for entry in passed),
            **{name: names.count(name) for name in ("warn", "fail", "unknown", "waived")},
        },
        "findings": list(findings),
        "passed": list(passed),
        "left_out": [],
    }
    document |= fields
    validate(document)
    return document


def passed(rule: str = "data-age", *organizations: str) -> dict[str, Any]:
    names = list(organizations or ("acme-emea", "acme-us"))
    return {"rule": rule, "metric": "age_of_data", "subjects": len(names), "organizations": names}
