# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection to a store: transactions, and what a database's errors mean.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from ..clock import Clock
from ..errors import UsageError
from . import schema


class Cursor(Protocol):
    """The part of the DB-API (PEP 249) that is used."""

    @property
    def rowcount(self) -> int:
        """Rows that a statement touched."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """One row after the other."""


class Connection(Protocol):
    """A connection that begins no transaction by itself."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Carry out a statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Carry out a statement for each set of parameters."""

    def close(self) -> None:
        """Let go of the database."""


class Store:
    """An open store. One thread at a time; several processes and threads each open their own.

    ``translate`` turns the database's own exceptions into ours. Statements have C(?) for their parameters.
    """

    BEGIN = "BEGIN"
    """Begins a transaction that writes."""

    BEGIN_SNAPSHOT = "BEGIN"
    """Begins a transaction that reads one state."""

    def __init__(
        self,
        connection: Connection,
        where: str,
        clock: Clock,
        check_mode: bool,
        translate: Callable[[Exception], UsageError | None],
    ) -> None:
        self._connection = connection
        self.where = where
        self.clock = clock
        self.check_mode = check_mode
        self._translate = translate
        self._in_transaction = False
        self.migrated_from = schema.CURRENT
        """The schema version that was found when the store was opened."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn the database's exceptions into a StoreError."""
        try:
            yield
        except Exception as error:
            if (ours := self._translate(error)) is None:
                raise
            raise ours from error

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        with self.guard():
            return self._connection.execute(self.adapt(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        with self.guard():
            self._connection.executemany(self.adapt(sql), parameters)

    def append(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a temporary table, as fast as the database can."""
        places = ", ".join("?" * len(rows[0]))
        self.executemany(f"INSERT INTO {table} VALUES ({places})", rows)

    def adapt(self, sql: str) -> str:
        """The statement in the words of this database."""
        return sql

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows of a query, a few at a time, inside of a snapshot or a transaction."""
        with self.guard():
            yield from self._connection.execute(self.adapt(sql), parameters)

    def lock_out_writers(self) -> None:
        """Inside a transaction: let nobody else write. SQLite does so in any case."""

    def lock(self, name: str) -> None:
        """Inside a transaction: wait for other writers of the same name. SQLite has one writer in any case."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; in check mode nothing, though everything inside sees what would have been written.

        A transaction inside of another is a part of that one.
        """
        if self._in_transaction:
            yield
            return
        self.execute(self.BEGIN)
        self._in_transaction = True
        try:
            if self.check_mode:
                self.migrate()
            yield
            self.execute("ROLLBACK" if self.check_mode else "COMMIT")
        except BaseException:
            self.abandon()
            raise
        finally:
            self._in_transaction = False

    def abandon(self) -> None:
        """End a transaction without a trace."""
        # After a full disk or a lost connection it has ended by itself; what went wrong matters more.
        with suppress(Exception):
            self._connection.execute("ROLLBACK")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one state of the store, whatever others write meanwhile."""
        if self.check_mode:
            # What a migration or an earlier step would have done exists only inside of a transaction.
            with self.transaction():
                yield
            return
        self.execute(self.BEGIN_SNAPSHOT)
        try:
            yield
        finally:
            self.abandon()

    def version(self) -> int:
        """The schema's version; 0 for an empty database. Raises StoreError for a database of somebody else."""
        raise NotImplementedError

    def migrate(self) -> int:
        """Bring the schema up to date, inside a transaction; return the version it had."""
        had = self.version()
        for number in range(had, schema.CURRENT):
            for statement in schema.statements(schema.MIGRATIONS[number]):
                self.execute(statement)
            if number == 0:
                self.execute("CREATE TABLE usage_schema (version INTEGER NOT NULL)")
                self.execute("INSERT INTO usage_schema (version) VALUES (0)")
            self.execute("UPDATE usage_schema SET version = ?", (number + 1,))
        return had
