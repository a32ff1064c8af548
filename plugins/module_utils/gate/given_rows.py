# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows that a task was given, as a store in memory, so that one engine judges both.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analysis.periods import days_of
from ..clock import Clock
from ..errors import InvalidArgument
from ..intervals import ONE_DAY, Span
from ..rows import DIMENSIONS, LARGEST, METRIC_NAMES
from ..services import SERVICES
from ..store import sqlite
from ..store.connection import Store
from ..store.reader import Selection
from ..store.writer import DayWriter, Slice
from .places import choice, day, kind, mistake

LABEL = "rows"
"""Under which rows are judged that have no organization's name."""


@dataclass(frozen=True)
class GivenRows:
    """The store that has the rows, what to select in it, and what the rows can tell.

    ``span`` are the days that the query asked for; None where it is not known.
    """

    store: Store
    selection: Selection
    metrics: frozenset[str]
    span: Span | None


@dataclass(frozen=True)
class _Asked:
    service: str
    group_by: tuple[str, ...]
    metrics: frozenset[str]
    span: Span | None


def _asked(query: Mapping[str, Any] | None, rows: Sequence[Mapping[str, Any]]) -> _Asked:
    """What the rows answer. Raises InvalidArgument for what cannot be judged."""
    if query is None:
        present = {name for row in rows for name in row}
        group_by = tuple(name for name in DIMENSIONS if name in present)
        metrics = {name for name in METRIC_NAMES if rows and all(name in row for row in rows)}
        return _Asked("", group_by, frozenset(metrics), None)
    service = choice("query.service", query.get("service"), SERVICES)
    if query.get("report", "query") != "query" or query.get("granularity") != "day":
        raise mistake("query.granularity", "must be day: figures of days are needed, so ask with granularity: day")
    if query.get("filters"):
        raise mistake(
            "query.filters", "must be empty: filtered rows are a part of the usage; select with where in the rules"
        )
    try:
        first, last = (day("query.interval", each) for each in str(query["interval"]).split("/"))
        if first > last:
            raise ValueError
    except (InvalidArgument, KeyError, ValueError):
        raise mistake("query.interval", "must be like 2026-10-01/2026-10-31, as usage_query returns it") from None
    group_by = tuple(name for name in DIMENSIONS if name in (query.get("group_by") or ()))
    return _Asked(service, group_by, frozenset(query.get("metrics") or METRIC_NAMES), (first, last))


def _figure(place: str, row: Mapping[str, Any], name: str, asked: bool) -> int:
    value = row.get(name)
    if value is None and not asked:
        return 0
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise mistake(f"{place}.{name}", f"must be a whole number of requests, not {kind(value)}")
    return value


def _labels(place: str, row: Mapping[str, Any]) -> list[str]:
    labels = []
    for name in DIMENSIONS:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise mistake(f"{place}.{name}", f"must be text, not {kind(value)}")
        labels.append(value or "")
    return labels


def _check_whose(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise InvalidArgument for rows that were put together out of several organizations or services."""
    for name in ("organization", "service"):
        for number, row in enumerate(rows):
            if row.get(name) != rows[0].get(name):
                raise mistake(
                    f"rows[{number}].{name}",
                    f"is {row.get(name)!r}, and that of the first row is {rows[0].get(name)!r}: judge them one by one, "
                    "or from a store",
                )


def load_rows(
    rows: Sequence[Any], query: Mapping[str, Any] | None, organization: str | None, scope: str, clock: Clock
) -> GivenRows:
    """Put rows into a store in memory. Raises InvalidArgument with the place of the first mistake."""
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise mistake(f"rows[{number}]", f"must be a row as usage_query returns it, not {kind(row)}")
    _check_whose(rows)
    asked = _asked(query, rows)
    converted = []
    for number, row in enumerate(rows):
        place = f"rows[{number}]"
        date = day(f"{place}.date", row.get("date"), ": ask with granularity: day").isoformat()
        if asked.span and not asked.span[0].isoformat() <= date <= asked.span[1].isoformat():
            raise mistake(f"{place}.date", f"{date} is outside of the query's {asked.span[0]} to {asked.span[1]}")
        figures = [_figure(place, row, name, name in asked.metrics) for name in METRIC_NAMES]
        converted.append((date, *_labels(place, row), *figures))
    piece = Slice(organization or LABEL, asked.service, ",".join(asked.group_by), scope)
    store = sqlite.in_memory(clock)
    if days := _days(asked.span, converted):
        writer = DayWriter(store, piece, days)
        writer.mark()
        writer.add(converted)
        writer.commit("rows", "rows")
    selection = Selection(piece.service, piece.grouping, scope, piece.organization)
    return GivenRows(store, selection, asked.metrics, asked.span)


def _days(span: Span | None, rows: Sequence[tuple[Any, ...]]) -> list[datetime.date]:
    if span is None:
        dated = sorted({datetime.date.fromisoformat(row[0]) for row in rows})
        span = (dated[0], dated[-1]) if dated else None
    if span is None:
        return []
    if (span[1] - span[0]) / ONE_DAY > 3660:
        raise InvalidArgument(f"rows: {span[0]} to {span[1]} is longer than 3660 days")
    return days_of(span)
