# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make docs/schemas/rules-1.json out of the tables that the collection itself checks rules by.

python tests/tools/rules_schema.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "schemas" / "rules-1.json"
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.genesyscloud.usage.plugins.module_utils.gate import (  # noqa: E402
    builtin,
    rules,
    rules_file,
    waivers,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.metrics import (  # noqa: E402
    METRICS,
    OPS,
    PER,
    WHERE,
    Metric,
)

LENGTH = "0*[1-9][0-9]*[dw]"
# Spelled for every reader of JSON schemas: without flags, and anchored.
WINDOW = f"^(yesterday|period|{LENGTH})$"
TEXT = {"type": "string", "pattern": "\\S"}
PATTERNS = {"anyOf": [TEXT, {"type": "array", "minItems": 1, "items": TEXT}]}
DECIMAL = "[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?"
NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^\\s*{DECIMAL}\\s*$"}]}


def selection() -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "properties": {key: {"$ref": "#/$defs/patterns"} for key in WHERE},
        "additionalProperties": False,
    }


def of_metric(metric: Metric) -> dict[str, Any]:
    """What a rule about one metric may have besides what all rules have."""
    found: dict[str, Any] = {
        "per": {"enum": list(metric.per)},
        "of": {"enum": list(metric.of)} if metric.of else False,
    }
    for key, taken in (("window", metric.window), ("baseline", metric.baseline)):
        if not taken:
            found[key] = False
    if metric.where != WHERE:
        found["where"] = {"propertyNames": {"enum": list(metric.where)}}
    if metric.kind == "period":
        found["window"] = {"const": "period"}
    limits = {**({} if metric.unit == "deviations" else {"minimum": 0})}
    if metric.highest is not None:
        limits["maximum"] = metric.highest
    found["value"] = limits or True
    return {"properties": found, **({} if metric.value else {"required": ["value"]})}


def _of_one(name: str, metric: Metric) -> dict[str, Any]:
    return {"if": {"properties": {"metric": {"const": name}}, "required": ["metric"]}, "then": of_metric(metric)}


def schema() -> dict[str, Any]:
    """The schema of a file of rules."""
    meanings = "; ".join(f"{name}: {metric.meaning}" for name, metric in METRICS.items())
    properties = {
        "id": {
            "description": "Its name. That of a built-in rule replaces that one.",
            "type": "string",
            "pattern": f"^{rules.ID}$",
            "not": {"const": builtin.COLLECTION},
        },
        "metric": {"description": meanings, "enum": list(METRICS)},
        "of": {"description": "Of what, where the metric leaves a choice.", "type": "string"},
        "per": {"description": "What is judged by itself.", "enum": list(PER)},
        "window": {"description": "The days, ending yesterday (UTC).", "type": "string", "pattern": WINDOW},
        "op": {"description": "metric op value is what holds.", "enum": list(OPS)},
        "value": {"description": "A share is written like 0.05, which is 5 %.", **NUMBER},
        "severity": {"description": "What a breach is.", "enum": list(rules.SEVERITIES)},
        "baseline": {"description": "What lies before the window.", "type": "string", "pattern": f"^{LENGTH}$"},
        "where": {"description": "Patterns with *, ? and [...] that select what is judged.", **selection()},
    }
    waiver = {
        "rule": TEXT,
        "subject": {"anyOf": [TEXT, selection()]},
        "reason": TEXT,
        "owner": TEXT,
        "expires": {
            "description": "The last day on which it counts.",
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/genesyscloud-usage/genesyscloud.usage/blob/main/docs/schemas/rules-1.json",
        "title": "Rules of a gate on the API usage of Genesys Cloud, version 1",
        "description": "What the option rules_file of the module genesyscloud.usage.usage_gate reads.",
        "type": "object",
        "required": ["rules"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": rules_file.SCHEMA},
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
            "waivers": {"type": "array", "items": {"$ref": "#/$defs/waiver"}},
        },
        "$defs": {
            "patterns": PATTERNS,
            "rule": {
                "type": "object",
                "required": ["id", "metric"],
                "additionalProperties": False,
                "properties": properties,
                "allOf": [_of_one(name, metric) for name, metric in METRICS.items()],
            },
            "waiver": {
                "type": "object",
                "required": list(waivers.KEYS),
                "additionalProperties": False,
                "properties": waiver,
            },
        },
    }


def rendered() -> str:
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")
