# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict as a document.

Private to the collection: this may change without notice. The schema is documented in the guide "Gates".
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from ..analysis.periods import billing_period
from . import builtin
from .facts import Settings
from .fleet import Judged, Order
from .judge import Finding, sort_key, worst

SCHEMA = "genesyscloud.usage/verdict/1"

COUNTED = ("pass", "warn", "fail", "unknown", "waived")

BROKEN = "gate"
"""The rule of the one finding where nothing could be judged."""

EXIT_CODES = {"pass": 0, "warn": 1, "fail": 2, "unknown": 3}


def blocking(verdict: str, on_unknown: str) -> bool:
    return verdict == "fail" or (verdict == "unknown" and on_unknown == "fail")


def document(order: Order, judged: Judged, on_unknown: str, left_out: Mapping[str, str]) -> dict[str, Any]:
    """The whole verdict."""
    tally, selection = judged.tally, order.selection
    findings = sorted(tally.findings, key=sort_key)
    verdict = worst(found["verdict"] for found in findings)
    first, last = (day.isoformat() if day else None for day in judged.days)
    scope = {
        "service": selection.service or None,
        "group_by": selection.group_by,
        "client_id": selection.scope or None,
        "organizations": list(order.organizations),
        "first_day": first,
        "last_day": last,
        "as_of": order.settings.last.isoformat(),
        "period": _period(order.settings),
    }
    metrics = {rule.id: rule.metric for rule in order.rules} | {builtin.COLLECTION: "coverage"}
    return {
        **_head(verdict, on_unknown, scope, findings),
        "counts": {name: tally.counts[name] for name in COUNTED},
        "passed": [
            {
                "rule": rule_id,
                "metric": metrics[rule_id],
                "subjects": sum(by_organization.values()),
                "organizations": [name for name in by_organization if name],
            }
            for rule_id, by_organization in sorted(tally.passed.items())
        ],
        "left_out": [{"rule": rule_id, "reason": reason} for rule_id, reason in left_out.items()],
    }


def broken(message: str, on_unknown: str, last: datetime.date) -> dict[str, Any]:
    """The document where nothing could be judged, because of what is wrong with the task: nobody can tell."""
    nothing = dict.fromkeys(("measured", "unit", "allowed", "value", "op", "window", "since", "waiver"))
    finding = {
        **nothing,
        "rule": BROKEN,
        "metric": BROKEN,
        "severity": "fail",
        "verdict": "unknown",
        "subject": {"organization": None},
        "message": message,
    }
    judged = dict.fromkeys(("service", "client_id", "first_day", "last_day", "period"))
    scope: dict[str, Any] = {**judged, "group_by": [], "organizations": [], "as_of": last.isoformat()}
    counts = {name: int(name == "unknown") for name in COUNTED}
    # What was chosen for what nobody can tell was not chosen for this.
    found = {**_head("unknown", on_unknown, scope, [finding]), "blocks": True}
    return {**found, "counts": counts, "passed": [], "left_out": []}


def _head(verdict: str, on_unknown: str, scope: Mapping[str, Any], findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "verdict": verdict,
        "exit_code": EXIT_CODES[verdict],
        "on_unknown": on_unknown,
        "blocks": blocking(verdict, on_unknown),
        "judged": dict(scope),
        "note": _note(scope["last_day"]),
        "findings": list(findings),
    }


def _note(last_day: str | None) -> str:
    judged = f"Usage up to {last_day} (UTC) was judged" if last_day else "No usage was judged"
    return f"{judged}: data are about a day old, so what a deploy of today does shows tomorrow"


def _period(settings: Settings) -> dict[str, str]:
    first, last = billing_period(settings.last, settings.anchor)
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}
