# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the rows of one execution go: into the result, into the store, or both; and their totals.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .query import Query
from .rows import COLUMNS, DIMENSIONS, METRIC_NAMES, Row, Totals, as_dicts, shown_columns
from .store.writer import DayWriter, Stored

_CLIENT_NAME = COLUMNS.index("client_name")


class RowSink:
    """Adds rows up; keeps them where ``keep`` says so; writes them with ``writer`` where there is one.

    The writer is made when the first row comes, and in the thread in which it comes: an execution that is being waited
    for holds no connection. ``arrived`` is told how many rows came, for the progress.
    """

    def __init__(
        self,
        query: Query,
        keep: bool,
        writer: Callable[[], DayWriter] | None = None,
        arrived: Callable[[int], None] | None = None,
    ) -> None:
        self._query = query
        self._arrived = arrived
        self._make_writer = writer
        self._writer: DayWriter | None = None
        self._rows: list[Row] | None = [] if keep else None
        self.totals = Totals(query.metrics)
        self._marked = self.totals.copy()
        self.client_name: str | None = None
        """The name that the last row gives its client."""

    def add(self, rows: list[Row]) -> None:
        if not rows:
            return
        if self._make_writer is not None:
            self._open(self._make_writer).add(rows)
        if self._rows is not None:
            self._rows.extend(rows)
        self.totals.add(rows)
        if self._arrived is not None:
            self._arrived(len(rows))
        self.client_name = rows[-1][_CLIENT_NAME] or self.client_name

    def mark(self) -> None:
        self._marked = self.totals.copy()
        if self._writer is not None:
            self._writer.mark()

    def rollback(self) -> None:
        if self.totals.rows == self._marked.rows:
            return
        self.totals = self._marked.copy()
        if self._rows is not None:
            del self._rows[self.totals.rows :]
        if self.totals.rows == 0:
            self.close()
        elif self._writer is not None:
            self._writer.rollback()

    def commit(self, run_id: str, execution_id: str) -> Stored:
        """Put what was written into the history; nothing where there is no writer."""
        if self._make_writer is None:
            return Stored()
        return self._open(self._make_writer).commit(run_id, execution_id)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def rows(self) -> list[dict[str, Any]]:
        """The rows that were kept, as users see them."""
        return as_dicts(self._rows, self._columns(self._rows)) if self._rows else []

    def _open(self, make: Callable[[], DayWriter]) -> DayWriter:
        if self._writer is None:
            self._writer = make()
            self._writer.mark()
        return self._writer

    def _columns(self, rows: list[Row]) -> tuple[str, ...]:
        dated = any(row[0] for row in rows)
        if self._query.known:
            return shown_columns(self._query.dimensions, self._query.metrics, dated)
        # What was asked is not known here: show the dimensions that any row has.
        present = [name for place, name in enumerate(COLUMNS) if name in DIMENSIONS and any(row[place] for row in rows)]
        return (*(["date"] if dated else []), *present, *(n for n in METRIC_NAMES if n in self._query.metrics))
