# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of one execution on their way into the history.

Private to the collection: this may change without notice.

They are gathered in a temporary table while they arrive. Only when the last one is there, one transaction puts them in
place of what is known of the same days: inserted, updated where figures moved, deleted where a row vanished.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..errors import UsageError
from ..rows import DIMENSIONS, METRIC_NAMES, Row
from .connection import Store
from .schema import FIGURES, KEY

_CREATE = (
    f"CREATE TEMP TABLE incoming (day TEXT NOT NULL, {', '.join(f'{n} TEXT NOT NULL' for n in DIMENSIONS)}, "
    f"{', '.join(f'{n} BIGINT NOT NULL' for n in METRIC_NAMES)})"
)

# By their full names: in check mode the second is gone by then, and somebody else's table may be called so.
_DROP = ("DROP TABLE temp.incoming", "DROP TABLE IF EXISTS temp.slice")

_SLICE = "organization = ? AND service = ? AND grouping = ? AND scope = ?"

_COVER = (
    "INSERT INTO coverage (organization, service, grouping, scope, day, collected_at, run_id, execution_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (organization, service, grouping, scope, day) DO NOTHING"
)

SIZES = (31, 366)
"""Days in one statement: a month at most as a rule, and a year. Older releases of SQLite take 999 parameters."""

# The days of a slice by their ids, one by one: PostgreSQL, which knows nothing of a temporary table, reads whole tables
# where it is to look there for them.
_DAYS = {size: f"coverage_id IN ({', '.join('?' * size)})" for size in SIZES}
_NO_DAY = 0

_VANISHED = (
    "NOT EXISTS (SELECT 1 FROM slice s JOIN incoming i ON i.day = s.day "
    "WHERE s.coverage_id = usage_day.coverage_id AND "
    + " AND ".join(f"i.{n} = usage_day.{n}" for n in DIMENSIONS)
    + ")"
)

_DELETE = {size: f"DELETE FROM usage_day WHERE {_DAYS[size]} AND {_VANISHED}" for size in SIZES}

_INDEXES = (
    f"CREATE INDEX incoming_key ON incoming (day, {KEY})",
    "CREATE UNIQUE INDEX slice_key ON slice (coverage_id)",
)

_COUNT = {size: f"SELECT COUNT(*) FROM usage_day WHERE {_DAYS[size]}" for size in SIZES}

# A service may split what we see as one row, such as a client that was renamed during the day: it is added up.
_INSERT = (
    f"INSERT INTO usage_day (coverage_id, {KEY}, {FIGURES}) SELECT s.coverage_id, "
    + ", ".join([*(f"i.{n}" for n in DIMENSIONS), *(f"SUM(i.{n})" for n in METRIC_NAMES)])
    + " FROM incoming i JOIN slice s ON s.day = i.day WHERE TRUE GROUP BY s.coverage_id, "
    + ", ".join(f"i.{n}" for n in DIMENSIONS)
)

_UPSERT = (
    _INSERT
    + f" ON CONFLICT (coverage_id, {KEY}) DO UPDATE SET "
    + ", ".join(f"{n} = excluded.{n}" for n in METRIC_NAMES)
    + " WHERE "
    + " OR ".join(f"usage_day.{n} <> excluded.{n}" for n in METRIC_NAMES)
)

_NEW_SUMS = (
    f"UPDATE coverage SET collected_at = ?, run_id = ?, execution_id = ?, (row_count, {FIGURES}) = "
    f"(SELECT COUNT(*), {', '.join(f'COALESCE(SUM(u.{n}), 0)' for n in METRIC_NAMES)} "
    "FROM usage_day u WHERE u.coverage_id = coverage.coverage_id)"
)

_SUM = {size: f"{_NEW_SUMS} WHERE {_DAYS[size]}" for size in SIZES}


@dataclass(frozen=True)
class Slice:
    """Whose rows: the rows of one slice are comparable with each other, those of two are not.

    ``scope`` is empty for the whole organization, else the id of the OAuth client that was asked about.
    """

    organization: str
    service: str
    grouping: str
    scope: str = ""


@dataclass(frozen=True)
class Stored:
    """What a reconcile did (or, in check mode, would do), in rows; ``days_added`` in days never collected before."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    days_added: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted or self.days_added)

    def __add__(self, other: Stored) -> Stored:
        return Stored(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.deleted + other.deleted,
            self.unchanged + other.unchanged,
            self.days_added + other.days_added,
        )


class DayWriter:
    """Takes the rows of some days of one slice. It owns the store it is given, and closes it.

    What was not committed is gone with ``close``: it was in temporary tables only. After a commit ``give_back`` gets
    the store instead, as it was before.
    """

    def __init__(
        self,
        store: Store,
        piece: Slice,
        days: Sequence[datetime.date],
        give_back: Callable[[Store], None] = Store.close,
    ) -> None:
        self._store = store
        self._give_back = give_back
        self._slice = piece
        self._days = [day.isoformat() for day in days]
        self._gathering = False
        self._committed = False
        try:
            store.execute(_CREATE)
        except UsageError:
            store.close()
            raise

    def close(self) -> None:
        end: Callable[[Store], None] = Store.close
        try:
            # What is in the history is there, also where the store is lost right after.
            with suppress(UsageError):
                if self._committed:
                    for statement in _DROP:
                        self._store.execute(statement)
                    end = self._give_back
        finally:
            end(self._store)

    def add(self, rows: list[Row]) -> None:
        if rows:
            self._store.append("incoming", rows)

    def mark(self) -> None:
        self._store.execute("RELEASE SAVEPOINT gathered" if self._gathering else "BEGIN")
        self._store.execute("SAVEPOINT gathered")
        self._gathering = True

    def rollback(self) -> None:
        self._store.execute("ROLLBACK TO SAVEPOINT gathered")

    def commit(self, run_id: str, execution_id: str) -> Stored:
        """Put the gathered rows in place of what is known of these days, in one transaction."""
        store = self._store
        if self._gathering:
            store.execute("COMMIT")
            self._gathering = False
        now = store.clock.now()
        key = (self._slice.organization, self._slice.service, self._slice.grouping, self._slice.scope)
        with store.transaction():
            store.lock(self._slice.organization)
            before = store.execute(f"SELECT COUNT(*) FROM coverage WHERE {_SLICE}", key).fetchone()[0]
            store.executemany(_COVER, ((*key, day, now, run_id, execution_id) for day in self._days))
            after = store.execute(f"SELECT COUNT(*) FROM coverage WHERE {_SLICE}", key).fetchone()[0]
            store.execute(
                f"CREATE TEMP TABLE slice AS SELECT day, coverage_id FROM coverage WHERE {_SLICE} "
                "AND day >= ? AND day <= ?",
                (*key, self._days[0], self._days[-1]),
            )
            ids = [row[0] for row in store.execute("SELECT coverage_id FROM slice")]
            had = self._count(ids)
            deleted = 0
            if had:
                for statement in _INDEXES:
                    store.execute(statement)
                deleted = sum(store.execute(_DELETE[size], some).rowcount for size, some in _portions(ids))
            # Where there is nothing to conflict with, not asking takes a third of the time off in PostgreSQL.
            written = store.execute(_UPSERT if had else _INSERT).rowcount
            has = self._count(ids) if had else written
            for size, some in _portions(ids):
                store.execute(_SUM[size], (now, run_id, execution_id, *some))
        self._committed = True
        inserted = has - (had - deleted)
        updated = written - inserted
        return Stored(inserted, updated, deleted, has - inserted - updated, after - before)

    def _count(self, ids: Sequence[int]) -> int:
        return sum(self._store.execute(_COUNT[size], some).fetchone()[0] for size, some in _portions(ids))


def _portions(ids: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """The ids of days as the statements of a size want them."""
    size = next((size for size in SIZES if len(ids) <= size), SIZES[-1])
    for start in range(0, len(ids), size):
        some = list(ids[start : start + size])
        yield size, some + [_NO_DAY] * (size - len(some))
