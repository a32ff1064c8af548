# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report says, before it is known in which form.

Private to the collection: this may change without notice.

All of it is of one service and one grouping, but for what another grouping tells of endpoints, which says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from ..analysis.allowance import Allowance
from ..analysis.forecast import Forecast
from ..analysis.periods import days_of
from ..intervals import Span
from .figures import Sums, change, total
from .names import slug


@dataclass(frozen=True)
class Failure:
    """Why an organization was not collected, the last time that it was tried."""

    task: str
    kind: str
    message: str
    at: str


@dataclass(frozen=True)
class Plan:
    """A billing period of an organization: what it has had so far, will have, and may have."""

    forecast: Forecast
    allowance: Allowance | None

    @property
    def reliable(self) -> bool:
        return not self.forecast.missing

    @property
    def used(self) -> float | None:
        """The part of the allowance that is used; with days missing it is more than that."""
        return self.forecast.measured / self.allowance.requests if self.allowance else None

    def part(self, figure: float | None) -> float | None:
        """A figure as a part of the allowance, where it can be relied on."""
        if self.allowance is None or figure is None or not self.reliable:
            return None
        return figure / self.allowance.requests

    @property
    def expected(self) -> float | None:
        return self.forecast.expected if self.reliable else None


@dataclass(frozen=True)
class Organization:
    """What the ledger says of one organization. ``daily`` and ``daily_before`` have the days that were collected."""

    name: str
    span: Span
    before: Span
    daily: Mapping[datetime.date, Sums]
    daily_before: Mapping[datetime.date, Sums]
    failure: Failure | None = None
    collected_at: str | None = None
    runs: tuple[str, ...] = ()
    executions: tuple[str, ...] = ()
    rows: int = 0
    plan: Plan | None = None

    @cached_property
    def sums(self) -> Sums:
        return total(self.daily.values())

    @cached_property
    def sums_before(self) -> Sums:
        return total(self.daily_before.values())

    @property
    def slug(self) -> str:
        return slug(self.name)

    @property
    def missing(self) -> list[datetime.date]:
        """The days of the period that were not collected."""
        return [day for day in days_of(self.span) if day not in self.daily]

    @property
    def state(self) -> Literal["complete", "partial", "none"]:
        if not self.daily:
            return "none"
        return "complete" if len(self.daily) == len(days_of(self.span)) else "partial"

    @property
    def comparable(self) -> bool:
        """Whether every day of both periods was collected, so that they can be held against each other."""
        return self.state == "complete" and len(self.daily_before) == len(days_of(self.before))

    @property
    def change(self) -> float | None:
        return change(self.sums.requests, self.sums_before.requests) if self.comparable else None


@dataclass(frozen=True)
class Fleet:
    """All organizations of a report, the busiest first."""

    title: str
    service: str
    group_by: tuple[str, ...]
    span: Span
    before: Span
    organizations: tuple[Organization, ...]
    top: int
    verdict: Mapping[str, Any] | None = None
    endpoint_group_by: tuple[str, ...] | None = None
    """The grouping that endpoints are taken from; None where there is none."""
    anchor: int = 1
    """The day of the month on which billing periods begin."""
    charts: int = 30
    """So many organizations, the busiest, have a chart of their own."""

    @property
    def days(self) -> list[datetime.date]:
        return days_of(self.span)

    @property
    def sums(self) -> Sums:
        return total(one.sums for one in self.organizations)

    @property
    def complete(self) -> list[Organization]:
        return [one for one in self.organizations if one.state == "complete"]

    @property
    def incomplete(self) -> list[Organization]:
        """Organizations of which days are missing, by name."""
        return sorted((one for one in self.organizations if one.state != "complete"), key=lambda one: one.name)

    @property
    def comparable(self) -> list[Organization]:
        return [one for one in self.organizations if one.comparable]

    @property
    def collected_at(self) -> tuple[str, str] | None:
        """The earliest and the latest moment at which an organization was last collected."""
        moments = [one.collected_at for one in self.organizations if one.collected_at]
        return (min(moments), max(moments)) if moments else None

    @property
    def has_allowances(self) -> bool:
        return any(one.plan and one.plan.allowance for one in self.organizations)

    def missing_on(self) -> Iterator[tuple[datetime.date, int]]:
        """Each day that lacks organizations of which others were collected, and how many of them."""
        partial = [one for one in self.organizations if one.state == "partial"]
        for day in self.days:
            if count := sum(day not in one.daily for one in partial):
                yield day, count


@dataclass(frozen=True)
class Line:
    """What one client or endpoint had. ``before`` is what it had in the period before, where that is comparable."""

    key: str
    name: str
    sums: Sums
    last: datetime.date
    before: int | None = None

    @property
    def change(self) -> float | None:
        return change(self.sums.requests, self.before)


@dataclass(frozen=True)
class Absent:
    """A client without requests in the period. ``requests`` and ``last`` are of the period before, if it had any."""

    key: str
    name: str
    requests: int = 0
    last: datetime.date | None = None


@dataclass(frozen=True)
class Detail:
    """What the rows say of one organization, the busiest first; None is what its grouping does not tell.

    ``new``, ``vanished`` are None where days are missing too; ``unused`` also where no clients were listed.
    """

    organization: Organization
    clients: list[Line] | None = None
    endpoints: list[Line] | None = None
    new: list[Line] | None = None
    vanished: list[Absent] | None = None
    unused: list[Absent] | None = None
