# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the store to what a report says of the fleet, by the ledger of days alone.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..analysis.allowance import Allowances
from ..analysis.forecast import HISTORY_DAYS, forecast
from ..analysis.periods import billing_period
from ..errors import InvalidArgument
from ..intervals import ONE_DAY, Span
from ..store.connection import Store
from ..store.fleet import LastOutcome, kept, last_outcomes
from ..store.history import daily
from ..store.reader import Selection, choose
from .figures import Sums
from .model import Failure, Fleet, Organization, Plan


@dataclass(frozen=True)
class Wanted:
    """What a report is to be about; without ``organizations`` all that the store knows."""

    title: str
    span: Span
    top: int
    allowances: Allowances
    anchor: int
    organizations: Sequence[str] | None = None
    service: str | None = None
    group_by: Sequence[str] | None = None
    verdict: Mapping[str, Any] | None = None
    charts: int = 30


@dataclass
class _Days:
    """The days of one organization, as they come out of the ledger."""

    figures: dict[datetime.date, Sums] = field(default_factory=dict)
    collected_at: str = ""
    runs: dict[str, None] = field(default_factory=dict)
    executions: dict[str, None] = field(default_factory=dict)
    rows: int = 0


def before(span: Span) -> Span:
    """The days before a period, as many as it has."""
    first, last = span
    return first - (last - first) - ONE_DAY, first - ONE_DAY


def gather(store: Store, wanted: Wanted) -> Fleet:
    """The fleet of a report. Raises InvalidArgument for a selection of which nothing is known."""
    service, grouping = choose(store, wanted.service, wanted.group_by)
    days = _ledger(store, Selection(service, grouping), wanted)
    failures = _failures(last_outcomes(store, service))
    names = _names(store, wanted, days, failures)
    found = [_organization(name, wanted, days.get(name) or _Days(), failures.get(name)) for name in names]
    found.sort(key=lambda one: (-one.sums.requests, one.name))
    group_by = tuple(grouping.split(",")) if grouping else ()
    others = [other.split(",") for of, other in kept(store) if of == service]
    others.sort(key=lambda names: (len(names), names))
    with_endpoints = [names for names in [list(group_by), *others] if "template_uri" in names]
    return Fleet(
        wanted.title,
        service,
        group_by,
        wanted.span,
        before(wanted.span),
        tuple(found),
        wanted.top,
        wanted.verdict,
        tuple(with_endpoints[0]) if with_endpoints else None,
        wanted.anchor,
        wanted.charts,
    )


def _ledger(store: Store, selection: Selection, wanted: Wanted) -> dict[str, _Days]:
    """Every organization's days: of the period, of the one before, and of what a forecast is made of."""
    first, last = wanted.span
    earliest = min(before(wanted.span)[0], billing_period(last, wanted.anchor)[0], last - ONE_DAY * HISTORY_DAYS)
    window = Selection(selection.service, selection.grouping, "", None, earliest.isoformat(), last.isoformat())
    found: dict[str, _Days] = {}
    for day in daily(store, window):
        of = found.setdefault(day.organization, _Days())
        of.figures[day.day] = Sums(*day.figures)
        if day.day >= first:
            of.collected_at = max(of.collected_at, day.collected_at)
            of.runs[day.run_id] = None
            of.executions[day.execution_id] = None
            of.rows += day.row_count
    return found


def _failures(outcomes: Sequence[LastOutcome]) -> dict[str, Failure]:
    """The latest failure of each organization whose latest attempt at something failed."""
    found: dict[str, Failure] = {}
    for one in outcomes:
        known = found.get(one.organization)
        if one.outcome == "failed" and (known is None or known.at < one.at):
            found[one.organization] = Failure(one.task, one.kind, one.message, one.at)
    return found


def _names(store: Store, wanted: Wanted, days: Mapping[str, _Days], failures: Mapping[str, Failure]) -> list[str]:
    known = {*days, *failures}
    if wanted.organizations is None:
        return sorted(known)
    if not known & set(wanted.organizations):
        named = ", ".join(map(repr, sorted(wanted.organizations)))
        raise InvalidArgument(
            f"The store {store.where} knows nothing in these days of {named}. "
            "Organizations are named by the labels under which they are kept"
        )
    return sorted(set(wanted.organizations))


def _organization(name: str, wanted: Wanted, days: _Days, failure: Failure | None) -> Organization:
    first, last = wanted.span
    earlier = before(wanted.span)
    found = Organization(
        name,
        wanted.span,
        earlier,
        {day: sums for day, sums in days.figures.items() if first <= day <= last},
        {day: sums for day, sums in days.figures.items() if earlier[0] <= day <= earlier[1]},
        None,
        days.collected_at or None,
        tuple(days.runs),
        tuple(days.executions),
        days.rows,
        _plan(name, wanted, days),
    )
    # A failure that was followed by success, of whichever task, is over.
    if failure and (found.state != "complete" or failure.at > (found.collected_at or "")):
        return dataclasses.replace(found, failure=failure)
    return found


def _plan(name: str, wanted: Wanted, days: _Days) -> Plan | None:
    """The billing period that the report's last day is in; None where no day of it is known."""
    period = billing_period(wanted.span[1], wanted.anchor)
    known = [day for day in days.figures if period[0] <= day <= period[1]]
    if not known:
        return None
    # What comes after the last day that was collected is not known yet, and counts as days that are left.
    requests = {day: sums.requests for day, sums in days.figures.items()}
    return Plan(forecast(requests, period, max(known)), wanted.allowances.of(name))
