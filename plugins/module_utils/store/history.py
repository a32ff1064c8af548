# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was collected over time: figures a day, and sums over windows of days by client, endpoint or method.

Private to the collection: this may change without notice.

All of it is of one selection, so of one service, grouping and scope. The database adds up; the ledger of days gives an
organization's own figures without a look at its rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..rows import DIMENSIONS, METRIC_NAMES
from .connection import Store
from .reader import Selection

_LATEST_NAME = "SUBSTR(MAX(c.day || u.client_name), 11)"
"""A client may have been renamed meanwhile; its latest name stands for it."""

Figures = tuple[int, ...]
"""The six metrics, in the order of METRIC_NAMES."""


@dataclass(frozen=True)
class Day:
    """One day of one organization that was collected; without traffic all figures are 0."""

    organization: str
    day: datetime.date
    collected_at: str
    run_id: str
    execution_id: str
    row_count: int
    figures: Figures


@dataclass(frozen=True)
class Subject:
    """What one client, endpoint or method of an organization had in the days of a selection.

    ``name`` is the client's latest name, where the subject is a client. ``first`` and ``last`` are days with traffic.
    """

    key: tuple[str, ...]
    name: str
    first: datetime.date
    last: datetime.date
    figures: Figures


@dataclass(frozen=True)
class Seen:
    """The first and the last day on which a client, endpoint or method had traffic.

    ``name`` is the client's latest name, where it was asked for.
    """

    key: tuple[str, ...]
    name: str
    first: datetime.date
    last: datetime.date


def organizations(store: Store, selection: Selection) -> list[str]:
    """The organizations of which any day was collected, by name."""
    where, values = selection.where()
    found = store.execute(f"SELECT DISTINCT c.organization FROM coverage c WHERE {where} ORDER BY 1", values)
    return [row[0] for row in found]


def daily(store: Store, selection: Selection) -> Iterator[Day]:
    """Every day that was collected, by organization and day."""
    where, values = selection.where()
    picked = ", ".join(f"c.{name}" for name in METRIC_NAMES)
    found = store.stream(
        "SELECT c.organization, c.day, c.collected_at, c.run_id, c.execution_id, c.row_count, "
        f"{picked} FROM coverage c WHERE {where} ORDER BY c.organization, c.day",
        values,
    )
    for row in found:
        organization, day, collected_at, run_id, execution_id, row_count, *figures = row
        yield Day(
            organization,
            datetime.date.fromisoformat(day),
            collected_at,
            run_id,
            execution_id,
            int(row_count),
            tuple(map(int, figures)),
        )


def subjects(store: Store, selection: Selection, dimensions: Sequence[str]) -> Iterator[Subject]:
    """Sums by some dimensions, for one organization: a window is a selection with a first and a last day.

    Raises ValueError for dimensions that are none, and without an organization: a database that groups one organization
    at a time needs no more memory than that one takes, and sorts nothing on disk.
    """
    picked, where, values = _grouped(selection, dimensions)
    sums = ", ".join(f"SUM(u.{name})" for name in METRIC_NAMES)
    names = _LATEST_NAME if "client_id" in dimensions else "''"
    found = store.stream(
        f"SELECT {names}, MIN(c.day), MAX(c.day), {sums}, {picked} "
        "FROM coverage c JOIN usage_day u ON u.coverage_id = c.coverage_id "
        f"WHERE {where} GROUP BY {picked} ORDER BY {picked}",
        values,
    )
    figures = 3 + len(METRIC_NAMES)
    for row in found:
        first, last = (datetime.date.fromisoformat(day) for day in row[1:3])
        yield Subject(tuple(row[figures:]), row[0], first, last, tuple(map(int, row[3:figures])))


def seen(store: Store, selection: Selection, dimensions: Sequence[str], named: bool = False) -> Iterator[Seen]:
    """When each client, endpoint or method of one organization had traffic; cheaper than its sums.

    Raises ValueError as ``subjects`` does.
    """
    picked, where, values = _grouped(selection, dimensions)
    names = _LATEST_NAME if named and "client_id" in dimensions else "''"
    found = store.stream(
        f"SELECT {names}, MIN(c.day), MAX(c.day), {picked} "
        "FROM coverage c JOIN usage_day u ON u.coverage_id = c.coverage_id "
        f"WHERE {where} AND u.requests > 0 GROUP BY {picked} ORDER BY {picked}",
        values,
    )
    for row in found:
        first, last = (datetime.date.fromisoformat(day) for day in row[1:3])
        yield Seen(tuple(row[3:]), row[0], first, last)


def on_days(
    store: Store, selection: Selection, dimensions: Sequence[str], days: Sequence[datetime.date]
) -> Iterator[tuple[tuple[str, ...], str, datetime.date, Figures]]:
    """What each client, endpoint or method of one organization had on some days: its key, name, the day and figures.

    Raises ValueError as ``subjects`` does.
    """
    picked, where, values = _grouped(selection, dimensions)
    sums = ", ".join(f"SUM(u.{name})" for name in METRIC_NAMES)
    names = "MAX(u.client_name)" if "client_id" in dimensions else "''"
    places = ", ".join("?" * len(days))
    found = store.stream(
        f"SELECT {names}, c.day, {sums}, {picked} FROM coverage c JOIN usage_day u ON u.coverage_id = c.coverage_id "
        f"WHERE {where} AND c.day IN ({places}) GROUP BY c.day, {picked} ORDER BY c.day, {picked}",
        [*values, *(day.isoformat() for day in days)],
    )
    figures = 2 + len(METRIC_NAMES)
    for row in found:
        yield tuple(row[figures:]), row[0], datetime.date.fromisoformat(row[1]), tuple(map(int, row[2:figures]))


def _grouped(selection: Selection, dimensions: Sequence[str]) -> tuple[str, str, list[str]]:
    """The columns to group by, and the condition with its parameters."""
    if not dimensions or set(dimensions) - set(DIMENSIONS) or selection.organization is None:
        raise ValueError("subjects are of one organization, by known dimensions")
    where, values = selection.where()
    return ", ".join(f"u.{name}" for name in dimensions), where, values
