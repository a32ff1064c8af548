# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked: checked before anything is sent, and spelled the way a service wants it.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import InvalidArgument
from .intervals import ONE_DAY, Span, asked_days
from .rows import DIMENSIONS, METRIC_NAMES, RowReader
from .services import FILTERS, GRANULARITIES, METRICS, SERVICES, Operations, Scope, Service, offering


@dataclass(frozen=True)
class Query:
    """One question to one service. ``span`` is the first and the last of some complete UTC days, both included.

    A ``summary`` is the service's own short report of the last ``days`` complete days of one OAuth client.
    Without ``span`` the question of an execution is not known: then a row shows what it has.
    """

    service: Service
    scope: Scope
    span: Span | None = None
    granularity: str | None = None
    group_by: tuple[str, ...] = ()
    metrics: tuple[str, ...] = METRIC_NAMES
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort_by: tuple[tuple[str, bool], ...] = ()
    report: Literal["query", "summary"] = "query"
    verify_sums: bool = True

    @property
    def operations(self) -> Operations:
        return self.service.operations[self.scope]

    @property
    def known(self) -> bool:
        """Whether it is known what was asked."""
        return self.span is not None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows are grouped by: what was asked for, else what the service does by itself."""
        return self.group_by or self.operations.default_group_by

    @property
    def shown(self) -> tuple[str, ...]:
        """Dimensions that rows carry, a client's name included."""
        named = {*self.dimensions, *(["client_name"] if "client_id" in self.dimensions else [])}
        return tuple(name for name in DIMENSIONS if name in named)

    @property
    def days(self) -> list[datetime.date]:
        """Every day asked for."""
        if self.span is None:
            return []
        first, last = self.span
        return [first + ONE_DAY * n for n in range((last - first).days + 1)]

    def body(self) -> dict[str, Any]:
        """The body of the submit. Raises InvalidArgument where it is not known what to ask."""
        if self.span is None:
            raise InvalidArgument("Nothing can be asked without interval or days")
        body: dict[str, Any] = {"interval": self._interval(*self.span)}
        if self.granularity:
            body["granularity"] = GRANULARITIES[self.granularity]
        if self.group_by:
            body["groupBy"] = [self.operations.dimensions[name] for name in self.group_by]
        if self.metrics != METRIC_NAMES:
            body["metrics"] = [METRICS[name] for name in self.metrics]
        for name, values in self.filters.items():
            body[self.operations.filters[name]] = list(values)
        if self.sort_by:
            spelled = {"date": "Date", **METRICS, **self.operations.dimensions}
            body["sortBy"] = [
                {"fieldName": spelled[name], "order": "Desc" if descending else "Asc"}
                for name, descending in self.sort_by
            ]
        return body

    def _interval(self, first: datetime.date, last: datetime.date) -> str:
        if self.service.dates:
            return f"{first}/{last}"
        if self.granularity == "day":
            # Whether the end of an interval counts is not established. Up to the next midnight is right either way:
            # a row of the day after is recognized by its date and left out.
            return f"{first}T00:00:00.000Z/{last + ONE_DAY}T00:00:00.000Z"
        # Here a day too many could not be told apart, so the end lies within the last day.
        return f"{first}T00:00:00.000Z/{last}T23:59:59.999Z"

    def pieces(self, days: Collection[datetime.date], longest: int | None) -> list[Query]:
        """Queries for some of the days, each for consecutive ones and as long as it may be."""
        longest = min(longest or len(self.days), self.service.most_days or len(self.days))
        found: list[Span] = []
        for day in self.days:
            if day not in days:
                continue
            if found and found[-1][1] + ONE_DAY == day and (day - found[-1][0]).days < longest:
                found[-1] = (found[-1][0], day)
            else:
                found.append((day, day))
        return [dataclasses.replace(self, span=span) for span in found]

    def reader(self, what: str) -> RowReader:
        """What turns this query's rows into ours."""
        if not self.known:
            return RowReader(self.service, what, DIMENSIONS, self.metrics, None, None, self.verify_sums)
        days = self.span if self.granularity == "day" else None
        dated = None if self.report == "summary" else bool(self.granularity)
        return RowReader(self.service, what, self.shown, self.metrics, dated, days, self.verify_sums)

    def as_dict(self) -> dict[str, Any]:
        """What was asked, as users see it and as C(usage_results) takes it back."""
        return {
            "service": self.service.name,
            "report": self.report,
            "interval": f"{self.span[0]}/{self.span[1]}" if self.span else None,
            "granularity": self.granularity,
            "group_by": list(self.dimensions) if self.known else [],
            "metrics": list(self.metrics),
            "filters": {name: list(values) for name, values in self.filters.items()},
        }


def _refuse_unknown(service: Service, scope: Scope, name: str, kind: Literal["dimensions", "filters"]) -> None:
    if name in getattr(service.operations[scope], kind):
        return
    where = "an OAuth client" if scope == "client" else "an organization"
    offers = offering(kind, name)
    other = f"offered by: {', '.join(offers)}" if offers else "no service offers it"
    option = "group_by" if kind == "dimensions" else "the filter"
    raise InvalidArgument(f"The {service.name} service does not offer {option} {name} for {where}; {other}")


def _unique(option: str, given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise InvalidArgument(f"{option}: {', '.join(map(str, unknown))} is unknown; known are {', '.join(known)}")
    return tuple(name for name in known if name in given)


def _check_reach(service: Service, span: Span, granularity: str | None, today: datetime.date) -> None:
    """Raise InvalidArgument for days that a service does not reach, or cannot give as one answer."""
    first, last = span
    if service.years_back is not None:
        year = today.year - service.years_back
        # On 29 February, the day after 28 February of the other year is the first that is not too long ago.
        earliest = datetime.date(year, 3, 1) if (today.month, today.day) == (2, 29) else today.replace(year=year)
        if first < earliest:
            raise InvalidArgument(
                f"The {service.name} service reaches back a year: the earliest day is {earliest}, not {first}"
            )
    if service.most_days and (last - first).days >= service.most_days and granularity != "day":
        rows = f"a {granularity}'s row could be cut in two" if granularity else "rows of the whole interval are one sum"
        raise InvalidArgument(
            f"The {service.name} service answers for at most {service.most_days} days at once, and {rows}, so a "
            "longer interval cannot be put together: ask with granularity: day, or for fewer days"
        )


def _sort_by(service: Service, scope: Scope, wanted: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, bool], ...]:
    if wanted and not service.sorts:
        sorting = ", ".join(other.name for other in SERVICES.values() if other.sorts)
        raise InvalidArgument(f"The {service.name} service does not offer sort_by; offered by: {sorting}")
    for entry in wanted:
        if entry["field"] in DIMENSIONS:
            _refuse_unknown(service, scope, entry["field"], "dimensions")
    return tuple((entry["field"], entry["order"] == "desc") for entry in wanted)


def build(
    params: Mapping[str, Any], scope: Scope, today: datetime.date, report: Literal["query", "summary"] = "query"
) -> Query:
    """The query that the options of a task stand for. Raises InvalidArgument, before anything is sent."""
    service = SERVICES[params["service"]]
    group_by = _unique("group_by", params.get("group_by") or [], DIMENSIONS)
    for name in group_by:
        _refuse_unknown(service, scope, name, "dimensions")
    metrics = _unique("metrics", params.get("metrics") or METRIC_NAMES, METRIC_NAMES)
    filters = {name: tuple(dict.fromkeys(params[name])) for name in FILTERS if params.get(name)}
    for name in filters:
        _refuse_unknown(service, scope, name, "filters")
    span = asked_days(params.get("interval"), params.get("days"), today)
    granularity = params.get("granularity")
    _check_reach(service, span, granularity, today)
    if (split_days := params.get("split_days")) is not None and (split_days < 1 or granularity != "day"):
        raise InvalidArgument("split_days must be 1 or more, and needs granularity: day")
    sort_by = _sort_by(service, scope, params.get("sort_by") or [])
    longest = min(filter(None, (service.most_days, split_days)), default=None)
    if sort_by and longest and (span[1] - span[0]).days >= longest:
        raise InvalidArgument(f"sort_by cannot span more than {longest} days, the longest single answer")
    if report == "summary":
        if not service.operations[scope].summary:
            raise InvalidArgument(f"The {service.name} service has no summary; use report: query, or service: query")
        if params.get("interval") or granularity or group_by or params.get("metrics"):
            raise InvalidArgument("report: summary takes days alone: no interval, granularity, group_by or metrics")
    verify = params.get("verify_sums", True)
    return Query(service, scope, span, granularity, group_by, metrics, filters, sort_by, report, verify)


def unknown(service: Service, scope: Scope, metrics: Sequence[str] | None = None, verify_sums: bool = True) -> Query:
    """The query of an execution of which only the id, and maybe its metrics, are known."""
    return Query(
        service, scope, metrics=_unique("metrics", metrics or METRIC_NAMES, METRIC_NAMES), verify_sums=verify_sums
    )


def asked_before(asked: Mapping[str, Any], scope: Scope, verify_sums: bool) -> Query:
    """The query that ``as_dict`` described, of an execution that runs already."""
    try:
        service = SERVICES[asked["service"]]
        report: Literal["query", "summary"] = "summary" if asked.get("report") == "summary" else "query"
        interval = asked.get("interval")
        if interval is None:
            return unknown(service, scope, asked.get("metrics"), verify_sums)
        first, last = (datetime.date.fromisoformat(part) for part in interval.split("/"))
        if last < first:
            raise ValueError
        group_by = _unique("group_by", asked["group_by"], DIMENSIONS)
        metrics = _unique("metrics", asked["metrics"], METRIC_NAMES)
        granularity = asked.get("granularity")
        filters = {name: tuple(values) for name, values in (asked.get("filters") or {}).items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InvalidArgument("executions: not what usage_query or oauth_client_usage returned as execution") from None
    return Query(service, scope, (first, last), granularity, group_by, metrics, filters, (), report, verify_sums)
