# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JSON, as C(docs/schemas/report-1.json) describes it.

Private to the collection: this may change without notice; the schema does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .details import client_dimension
from .figures import total
from .model import Absent, Detail, Fleet, Line, Organization, Plan
from .names import UNSEEN

SCHEMA = "genesyscloud.usage/report/1"


def write(fleet: Fleet, details: Iterable[Detail]) -> Iterator[str]:
    """The document in pieces: a line for each member, and one for each organization."""
    yield "{\n"
    for name, value in _head(fleet).items():
        yield f" {_text(name)}: {_text(value)},\n"
    yield ' "organizations": ['
    separator = "\n  "
    for detail in details:
        yield separator + _text(_organization(fleet, detail))
        separator = ",\n  "
    yield "\n ]\n}\n"


def _text(value: Any) -> str:
    """JSON in which what cannot be seen is written as an escape."""
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def _head(fleet: Fleet) -> dict[str, Any]:
    first_and_last = fleet.collected_at
    same = fleet.comparable
    return {
        "schema": SCHEMA,
        "title": fleet.title,
        "service": fleet.service,
        "group_by": list(fleet.group_by),
        "endpoint_group_by": list(fleet.endpoint_group_by) if fleet.endpoint_group_by else None,
        "first_day": fleet.span[0].isoformat(),
        "last_day": fleet.span[1].isoformat(),
        "before": {"first_day": fleet.before[0].isoformat(), "last_day": fleet.before[1].isoformat()},
        "collected_at": {"first": first_and_last[0], "last": first_and_last[1]} if first_and_last else None,
        "coverage": {
            "organizations": len(fleet.organizations),
            "complete": len(fleet.complete),
            "partial": sum(one.state == "partial" for one in fleet.organizations),
            "none": sum(one.state == "none" for one in fleet.organizations),
            "incomplete": [one.name for one in fleet.incomplete],
        },
        "totals": fleet.sums._asdict(),
        "compared": {
            "organizations": len(same),
            "totals": total(one.sums for one in same)._asdict(),
            "totals_before": total(one.sums_before for one in same)._asdict(),
        },
        "verdict": fleet.verdict,
    }


def _organization(fleet: Fleet, detail: Detail) -> dict[str, Any]:
    one = detail.organization
    by_id = client_dimension(fleet) == "client_id"
    return {
        "organization": one.name,
        "state": one.state,
        "missing_days": [day.isoformat() for day in one.missing],
        "failure": vars(one.failure) if one.failure else None,
        "collected_at": one.collected_at,
        "runs": list(one.runs),
        "executions": list(one.executions),
        "row_count": one.rows,
        "totals": one.sums._asdict() if one.state != "none" else None,
        "totals_before": one.sums_before._asdict() if one.comparable else None,
        "billing_period": _plan(one.plan),
        "daily": _daily(one),
        "clients": None if detail.clients is None else [_client(line, by_id) for line in detail.clients],
        "endpoints": None if detail.endpoints is None else [_endpoint(line) for line in detail.endpoints],
        "new_clients": None if detail.new is None else [line.key for line in detail.new],
        "vanished_clients": _absent(detail.vanished, by_id),
        "unused_clients": _absent(detail.unused, by_id),
    }


def _daily(one: Organization) -> list[dict[str, Any]]:
    return [{"date": day.isoformat(), **sums._asdict()} for day, sums in sorted(one.daily.items())]


def _names(key: str, name: str, by_id: bool) -> dict[str, Any]:
    return {"client_id": key if by_id else None, "client_name": name if by_id else key}


def _client(line: Line, by_id: bool) -> dict[str, Any]:
    more = {"requests_before": line.before, "last_day": line.last.isoformat()}
    return {**_names(line.key, line.name, by_id), **line.sums._asdict(), **more}


def _endpoint(line: Line) -> dict[str, Any]:
    return {"template_uri": line.key, **line.sums._asdict(), "last_day": line.last.isoformat()}


def _absent(found: list[Absent] | None, by_id: bool) -> list[dict[str, Any]] | None:
    if found is None:
        return None
    return [
        {
            **_names(one.key, one.name, by_id),
            "requests_before": one.requests,
            "last_day": one.last.isoformat() if one.last else None,
        }
        for one in found
    ]


def _plan(plan: Plan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    found = plan.forecast
    return {
        "first_day": found.period[0].isoformat(),
        "last_day": found.period[1].isoformat(),
        "as_of": found.as_of.isoformat(),
        "requests": found.measured,
        "missing_days": [day.isoformat() for day in found.missing],
        "days_left": found.days_left,
        "allowance": plan.allowance.requests if plan.allowance else None,
        "used": plan.used,
        "forecast": found.expected if plan.reliable else None,
        "forecast_low": found.low if plan.reliable else None,
        "forecast_high": found.high if plan.reliable else None,
        "forecast_level": found.level,
        "forecast_share": plan.part(plan.expected),
        "insufficient": found.insufficient,
    }
