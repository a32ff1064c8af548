# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Executions and jobs: queries that were submitted, how far they are, and the rows they come to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from .answers import rows
from .bulk import BulkRows, BulkStore
from .model import Organization, stable_id
from .queries import Query
from .traffic import Traffic

KEPT_EXECUTIONS = 20_000
KEPT_ROWS = 400_000
"""Rows kept ready, over all executions: about 150 MB. Others are made again when they are asked for."""


@dataclass
class Execution:
    """One submitted query."""

    id: str
    organization: Organization
    query: Query
    submitted: float
    looks: int = 0


class Executions:
    """All executions of the sandbox. clock: a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float], traffic: Traffic, bulk: BulkStore) -> None:
        self._clock = clock
        self._traffic = traffic
        self._bulk = bulk
        self._executions: OrderedDict[str, Execution] = OrderedDict()
        self._rows: OrderedDict[str, list[bytes]] = OrderedDict()
        self._row_count = 0
        self._number = 0
        self._lock = Lock()

    def submit(self, organization: Organization, query: Query) -> Execution:
        """Accept a query."""
        with self._lock:
            self._number += 1
            made = Execution(stable_id("execution", self._number), organization, query, self._clock())
            self._executions[made.id] = made
            while len(self._executions) > KEPT_EXECUTIONS:
                self._executions.popitem(last=False)
        if organization.bulk_rows and query.client_id is None:
            self._bulk.rows(organization, query)
        return made

    def find(self, execution_id: str) -> Execution | None:
        """The execution, or None when there is none (any more)."""
        return self._executions.get(execution_id)

    def state(self, execution: Execution) -> str:
        """``Queued``, ``Running`` or ``done``, as of now; counts as a look."""
        execution.looks += 1
        organization = execution.organization
        elapsed = self._clock() - execution.submitted
        if elapsed < organization.answer_after / 2:
            return "Queued"
        if elapsed < organization.answer_after:
            return "Running"
        if execution.looks <= organization.pending_looks:
            return "Queued" if execution.looks == 1 else "Running"
        return "done"

    def bulk(self, execution: Execution) -> BulkRows | None:
        """The file of rows, when the organization answers with one."""
        if execution.organization.bulk_rows and execution.query.client_id is None:
            return self._bulk.rows(execution.organization, execution.query)
        return None

    def rows(self, execution: Execution) -> list[bytes]:
        """The rows of a finished execution, each one as JSON."""
        with self._lock:
            kept = self._rows.get(execution.id)
            if kept is not None:
                self._rows.move_to_end(execution.id)
                return kept
        made = rows(execution.organization, execution.query, self._traffic)
        with self._lock:
            if execution.id not in self._rows:
                self._rows[execution.id] = made
                self._row_count += len(made)
            while self._row_count > KEPT_ROWS and len(self._rows) > 1:
                self._row_count -= len(self._rows.popitem(last=False)[1])
        return made
