# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as CSV: a sheet of organizations for finance, and one of clients. Cells are defused, numbers stay numbers.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..rows import METRIC_NAMES
from .details import client_dimension
from .model import Detail, Fleet, Organization

PERIOD = ("organization", "service", "first_day", "last_day")

ORGANIZATIONS = (
    *PERIOD, "days_collected", "days_missing", *METRIC_NAMES, "requests_before", "change_percent",
    "billing_first_day", "billing_last_day", "billing_as_of", "billing_requests", "allowance", "used_percent",
    "forecast_requests", "forecast_low", "forecast_high", "forecast_percent",
)  # fmt: skip
"""C(billing_) and what follows is of the billing period that the last day is in; a cell without a figure is empty."""

CLIENTS = (*PERIOD, "client_id", "client_name", *METRIC_NAMES, "requests_before", "last_day_with_requests")


def _percent(part: float | None) -> float | None:
    return None if part is None else round(part * 100, 2)


def _whole(figure: float | None) -> int | None:
    return None if figure is None else round(figure)


def _head(fleet: Fleet, one: Organization) -> list[Any]:
    return [one.name, fleet.service, *(day.isoformat() for day in fleet.span)]


def organizations(fleet: Fleet) -> Iterator[list[Any]]:
    """A row for each organization; of one that was not collected the figures are empty, not zero."""
    for one in fleet.organizations:
        known = one.state != "none"
        yield [
            *_head(fleet, one),
            len(one.daily),
            len(one.missing),
            *(one.sums if known else [None] * len(METRIC_NAMES)),
            one.sums_before.requests if one.comparable else None,
            _percent(one.change),
            *_billing(one),
        ]


def _billing(one: Organization) -> list[Any]:
    plan = one.plan
    if plan is None:
        return [None] * 10
    found = plan.forecast
    return [
        *(day.isoformat() for day in found.period),
        found.as_of.isoformat(),
        found.measured,
        plan.allowance.requests if plan.allowance else None,
        _percent(plan.used),
        _whole(plan.expected),
        _whole(found.low if plan.reliable else None),
        _whole(found.high if plan.reliable else None),
        _percent(plan.part(plan.expected)),
    ]


def clients(fleet: Fleet, details: Iterable[Detail]) -> Iterator[list[Any]]:
    """A row for each client with requests of each organization."""
    by_id = client_dimension(fleet) == "client_id"
    for detail in details:
        head = _head(fleet, detail.organization)
        for line in detail.clients or ():
            names = [line.key, line.name] if by_id else [None, line.key]
            yield [*head, *names, *line.sums, line.before, line.last.isoformat()]
