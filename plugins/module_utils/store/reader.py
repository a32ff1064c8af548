# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a store tells: rows of one service and grouping, and sums over them.

Private to the collection: this may change without notice.

Every figure that comes out of here is of one service and one grouping: those of two never meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidArgument
from ..rows import DIMENSIONS, METRIC_NAMES
from .connection import Store

_SOURCES = {"organization": "c.organization", "service": "c.service", "date": "c.day"}
"""Where a column is that is not among those of C(usage_day u)."""

_SUMS = ", ".join(f"COALESCE(SUM({n}), 0)" for n in METRIC_NAMES)


@dataclass(frozen=True)
class Selection:
    """Which rows: those of one service, grouping and scope, between two days (C(YYYY-MM-DD), both included)."""

    service: str
    grouping: str
    scope: str = ""
    organization: str | None = None
    first: str = "0000-00-00"
    last: str = "9999-99-99"

    @property
    def group_by(self) -> list[str]:
        return self.grouping.split(",") if self.grouping else []

    def where(self) -> tuple[str, list[Any]]:
        """The condition on C(coverage c), and its parameters."""
        sql = "c.service = ? AND c.grouping = ? AND c.scope = ? AND c.day >= ? AND c.day <= ?"
        values = [self.service, self.grouping, self.scope, self.first, self.last]
        if self.organization is not None:
            return f"c.organization = ? AND {sql}", [self.organization, *values]
        return sql, values


def choose(
    store: Store,
    service: str | None,
    group_by: Sequence[str] | None,
    organization: str | None = None,
    scope: str = "",
) -> tuple[str, str]:
    """The service and grouping that are meant. Raises InvalidArgument where that is not clear, or nothing is there."""
    whose, values = ("AND organization = ?", (scope, organization)) if organization else ("", (scope,))
    if unknown := [name for name in group_by or [] if name not in DIMENSIONS]:
        raise InvalidArgument(f"group_by: {', '.join(unknown)} is unknown; known are {', '.join(DIMENSIONS)}")
    grouping = None if group_by is None else ",".join(name for name in DIMENSIONS if name in group_by)
    found = [
        (row[0], row[1])
        for row in store.execute(
            f"SELECT DISTINCT service, grouping FROM coverage WHERE scope = ? {whose} ORDER BY 1, 2", values
        )
    ]
    fitting = [
        (kept_service, kept_grouping)
        for kept_service, kept_grouping in found
        if service in (None, kept_service) and grouping in (None, kept_grouping)
    ]
    if len(fitting) == 1:
        return fitting[0]
    kept = "; ".join(f"service {kept_service}, group_by [{kept_grouping}]" for kept_service, kept_grouping in found)
    owner = f" of {organization!r}" if organization else ""
    if fitting:
        raise InvalidArgument(f"Say which rows{owner} are meant with service and group_by; the store has {kept}")
    raise InvalidArgument(
        f"The store {store.where} has no such rows{owner}; it has {kept or _others(store, organization)}"
    )


def _others(store: Store, organization: str | None) -> str:
    """What there is instead: for the name of an organization that is not there, the names that are."""
    found = [row[0] for row in store.execute("SELECT DISTINCT organization FROM coverage ORDER BY 1")]
    if organization is None or organization in found or not found:
        return "none of that kind"
    more = f" and {len(found) - 10} more" if len(found) > 10 else ""
    return f"those of {', '.join(map(repr, found[:10]))}{more}"


def columns(selection: Selection) -> list[str]:
    """The columns of a selection's rows."""
    named = {*selection.group_by, *(["client_name"] if "client_id" in selection.group_by else [])}
    return ["organization", "service", "date", *(n for n in DIMENSIONS if n in named), *METRIC_NAMES]


def rows(store: Store, selection: Selection) -> Iterator[Any]:
    """The rows, in a stable order."""
    where, values = selection.where()
    named = columns(selection)
    picked = ", ".join(_SOURCES.get(name, f"u.{name}") for name in named)
    order = ", ".join(f"u.{name}" for name in DIMENSIONS)
    return store.stream(
        f"SELECT {picked} FROM coverage c JOIN usage_day u ON u.coverage_id = c.coverage_id "
        f"WHERE {where} ORDER BY c.organization, c.day, {order}",
        values,
    )


def totals(store: Store, selection: Selection) -> tuple[int, dict[str, int]]:
    """Number of rows, and sums, as the ledger of days has them."""
    where, values = selection.where()
    row = store.execute(f"SELECT COALESCE(SUM(row_count), 0), {_SUMS} FROM coverage c WHERE {where}", values).fetchone()
    return int(row[0]), {name: int(value) for name, value in zip(METRIC_NAMES, row[1:], strict=True)}


def covered(store: Store, selection: Selection) -> tuple[str | None, str | None]:
    """The first and the last day that were collected."""
    where, values = selection.where()
    row = store.execute(f"SELECT MIN(c.day), MAX(c.day) FROM coverage c WHERE {where}", values).fetchone()
    return row[0], row[1]


def by_organization(store: Store, selection: Selection) -> list[dict[str, Any]]:
    """One entry an organization, the busiest first: the days collected, and sums."""
    where, values = selection.where()
    found = store.execute(
        f"SELECT organization, COUNT(*), MIN(day), MAX(day), SUM(row_count), {_SUMS} FROM coverage c WHERE {where} "
        "GROUP BY organization ORDER BY SUM(requests) DESC, organization",
        values,
    )
    names = ("organization", "days", "first_day", "last_day", "row_count", *METRIC_NAMES)
    return [
        {n: int(v) if n not in ("organization", "first_day", "last_day") else v for n, v in zip(names, r, strict=True)}
        for r in found
    ]


def busiest(store: Store, selection: Selection, dimensions: Sequence[str], top: int) -> list[dict[str, Any]]:
    """The ``top`` values of some dimensions by requests, over all organizations of the selection.

    Raises ValueError for dimensions that are none.
    """
    if set(dimensions) - {*_SOURCES, *DIMENSIONS}:
        raise ValueError("dimensions are known ones")
    where, values = selection.where()
    picked = ", ".join(_SOURCES.get(name, f"u.{name}") for name in dimensions)
    sums = ", ".join(f"SUM(u.{n})" for n in METRIC_NAMES)
    # A client may have been renamed meanwhile; its latest name stands for it.
    name = ", SUBSTR(MAX(c.day || u.client_name), 11)" if "client_id" in dimensions else ""
    found = store.execute(
        f"SELECT {picked}, {sums}{name} FROM coverage c JOIN usage_day u ON u.coverage_id = c.coverage_id "
        f"WHERE {where} GROUP BY {picked} ORDER BY SUM(u.requests) DESC, {picked} LIMIT ?",
        [*values, top],
    )
    names = (*dimensions, *METRIC_NAMES, *(["client_name"] if name else []))
    return [{n: int(v) if n in METRIC_NAMES else v for n, v in zip(names, row, strict=True)} for row in found]


def outcomes(store: Store, run_id: str | None) -> tuple[str | None, list[dict[str, Any]]]:
    """What came of a run (by default the latest): one entry for each task of each organization."""
    if run_id is None:
        row = store.execute("SELECT run_id FROM collection_run ORDER BY last_at DESC, run_id DESC LIMIT 1").fetchone()
        run_id = row[0] if row else None
    names = "organization task service outcome kind message correlation_id row_count api_calls".split()
    found = store.execute(
        f"SELECT {', '.join(names)} FROM run_organization WHERE run_id = ? ORDER BY organization, task", (run_id,)
    )
    return run_id, [dict(zip(names, row, strict=True)) for row in found]


def size(store: Store) -> dict[str, int]:
    """How much is kept."""
    return {
        "organizations": int(store.execute("SELECT COUNT(DISTINCT organization) FROM coverage").fetchone()[0]),
        "runs": int(store.execute("SELECT COUNT(*) FROM collection_run").fetchone()[0]),
        "days": int(store.execute("SELECT COUNT(*) FROM coverage").fetchone()[0]),
        "rows": int(store.execute("SELECT COALESCE(SUM(row_count), 0) FROM coverage").fetchone()[0]),
        "oauth_clients": int(store.execute("SELECT COUNT(*) FROM oauth_client").fetchone()[0]),
    }


def prune(store: Store, before: str) -> dict[str, int]:
    """Delete the days before a day (C(YYYY-MM-DD)) with their rows, and the runs that ended before it."""
    with store.transaction():
        store.lock_out_writers()
        old = "SELECT coverage_id FROM coverage WHERE day < ?"
        deleted_rows = store.execute(f"DELETE FROM usage_day WHERE coverage_id IN ({old})", (before,)).rowcount
        deleted_days = store.execute("DELETE FROM coverage WHERE day < ?", (before,)).rowcount
        runs = "SELECT run_id FROM collection_run WHERE last_at < ?"
        store.execute(f"DELETE FROM run_organization WHERE run_id IN ({runs})", (before,))
        deleted_runs = store.execute("DELETE FROM collection_run WHERE last_at < ?", (before,)).rowcount
    return {"rows": deleted_rows, "days": deleted_days, "runs": deleted_runs}
