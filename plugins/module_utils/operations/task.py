# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the operations share: the connection, the store and the ledger of one task.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, replace
from typing import Any

from .. import errors
from ..client import Client
from ..clients import identity
from ..errors import InvalidArgument, UsageError
from ..progress import Progress
from ..query import Query
from ..rows import METRIC_NAMES, Totals
from ..sinks import RowSink
from ..store.connection import Store
from ..store.ledger import Outcome, claim, collected_days, record
from ..store.opening import open_store
from ..store.spare import SpareStore
from ..store.writer import DayWriter, Slice, Stored
from ..usage import Execution, Usage, Waiting
from .collected import Collected
from .context import Context, Params, connect, waiting


class Task:
    """One task of a playbook. ``name`` is the operation's, and stands in the ledger.

    ``query`` and ``row_count`` are what the ledger is told in the end.
    """

    def __init__(self, params: Params, context: Context, name: str) -> None:
        self.params = params
        self.store = SpareStore(self._open_store, context.clock)
        self.context = replace(context, clock=self.store.resting(context.clock))
        self.name = name
        self.query: Query | None = None
        self.row_count = 0
        self.pending = False
        """Whether an execution was left running."""
        self.shortfall: UsageError | None = None
        """A failure of a part of the task that does not fail the task."""
        self.begun: dict[str | None, Collected] = {}
        """By OAuth client what was begun, for a task that is cut off before all is done."""
        self.stored = Stored()
        self.progress = Progress(context.tell if params.get("progress", True) else None, context.clock)
        self.organization: str | None = params.get("organization")
        self.run_id: str = params.get("run_id") or f"{context.clock.now()}-{secrets.token_hex(4)}"
        self._store: str = params.get("store") or ""
        self._client: Client | None = None
        self._waiting: Waiting | None = None
        self._lock = threading.Lock()

    @property
    def stores(self) -> bool:
        return bool(self._store)

    @property
    def returns_rows(self) -> bool:
        wanted = self.params.get("return_rows")
        return bool(wanted) if wanted is not None else not self.stores

    @property
    def client(self) -> Client:
        if self._client is None:
            raise RuntimeError("connect first")
        return self._client

    @property
    def label(self) -> str:
        """Under which the organization is kept."""
        if self.organization is None:
            raise RuntimeError("connect first")
        return self.organization

    def connect(self, connections: int = 1) -> None:
        """Prepare to talk to the organization; with a store, open it and find out whose rows it will get."""
        self.progress.label = self.organization or self.context.host
        if "wait" in self.params:
            self._waiting = waiting(self.params)
        # A store that cannot be opened is better known before anything is asked.
        with self.store.lent() if self.stores else nullcontext() as store:
            self._client = connect(self.params, self.context, connections)
            self._client.sign_in()
            if store or self.params.get("organization_id"):
                self._identify(store)

    def _open_store(self) -> Store:
        params, context = self.params, self.context
        return open_store(self._store, params.get("store_password"), context.clock, context.check_mode)

    def _identify(self, store: Store | None) -> None:
        organization_id, name = identity(self.client)
        expected = self.params.get("organization_id")
        if expected and expected.lower() != organization_id.lower():
            raise errors.IdentityMismatch(
                f"These credentials belong to {name!r} ({organization_id}), not to the organization {expected}. "
                "Nothing was stored"
            )
        self.organization = self.progress.label = self.organization or name
        if store and (others := claim(store, self.organization, organization_id, name)):
            self.context.warn(
                f"The organization {organization_id} is in the store as {self.organization!r} and also as "
                f"{', '.join(map(repr, others))}: sums over all organizations count it more than once"
            )

    def check_storable(self, query: Query) -> None:
        """Raise InvalidArgument where there is a store and the query's rows are not whole days with all figures."""
        if not self.stores:
            if self.params.get("skip_collected"):
                raise InvalidArgument("skip_collected leaves out days that the store has: it needs a store")
            return
        if query.report == "summary":
            raise InvalidArgument("A summary has no days, so it cannot be stored; use report: query, or no store")
        if not query.known:
            raise InvalidArgument("To store an execution, what was asked must be known: give executions, not an id")
        if query.granularity != "day":
            raise InvalidArgument("The store keeps days (weeks and months are their sums): give granularity: day")
        if query.filters:
            raise InvalidArgument("The store keeps whole days, not what filters leave of them: leave the filters out")
        if query.metrics != METRIC_NAMES:
            raise InvalidArgument("The store keeps all figures of a day: leave metrics out, or store nothing")

    def usage(self) -> Usage:
        return Usage(self.client, self.context.clock, self._waiting or Waiting())

    def collect(self, usage: Usage, query: Query, client_id: str | None) -> Collecting:
        """Steps that submit a query, wait for it and keep its rows; in pieces, where it is too long for one."""
        days = set(query.days)
        if self.stores and self.params["skip_collected"]:
            with self.store.lent() as store, store.snapshot():
                days -= collected_days(store, self._slice(query, client_id))
        pieces = [query] if query.report == "summary" else query.pieces(days, self.params.get("split_days"))
        collected = Collected(query, [], self.returns_rows, len(days) < len(query.days))
        self.begun[client_id] = collected
        try:
            yield from self._submit(usage, collected, pieces, client_id)
            if self.params["wait"]:
                yield from self._follow(usage, collected)
            self.pending |= not collected.complete
        except UsageError as error:
            error.partial = {**collected.described(), **error.partial}
            raise
        return collected

    def _submit(
        self, usage: Usage, collected: Collected, pieces: Sequence[Query], client_id: str | None
    ) -> Generator[float, None, None]:
        try:
            for piece in pieces:
                collected.executions.append(usage.submit(piece, client_id))
        except UsageError:
            if self.stores and self.params["wait"]:
                # What was begun by then is kept all the same: a long way back goes on where it ended.
                with suppress(UsageError):
                    yield from self._follow(usage, collected)
            raise

    def go_on(self, usage: Usage, execution: Execution) -> Collecting:
        """Steps that go on with an execution that was submitted before."""
        collected = Collected(execution.query, [execution], self.returns_rows)
        yield from self._follow(usage, collected)
        self.pending |= not collected.complete
        return collected

    def _follow(self, usage: Usage, collected: Collected) -> Generator[float, None, None]:
        start = self.context.clock.monotonic()
        for execution in collected.executions:
            writer = self._writer_for(execution) if self.stores else None
            sink = RowSink(execution.query, self.returns_rows, writer, self.progress.rows)
            try:
                for pause in usage.follow(execution, sink, start):
                    self.progress.waiting(pause)
                    yield pause
                stored = Stored()
                if execution.status == "complete":
                    stored = sink.commit(self.run_id, execution.id)
            finally:
                sink.close()
            collected.sinks.append(sink)
            with self._lock:
                self.stored += stored
                self.row_count += sink.totals.rows

    def merge(self, totals: Totals, collected: Collected) -> None:
        """Add the totals of what was collected to those of the task; threads may do so at once."""
        with self._lock:
            totals.merge(collected.totals)

    def _slice(self, query: Query, client_id: str | None) -> Slice:
        return Slice(self.label, query.service.name, ",".join(query.dimensions), client_id or "")

    def _writer_for(self, execution: Execution) -> Callable[[], DayWriter]:
        piece, days = self._slice(execution.query, execution.client_id), execution.query.days
        return lambda: DayWriter(self.store.take(), piece, days, self.store.give)

    def result(self) -> dict[str, Any]:
        """What every operation returns."""
        stored = None
        if self.stores:
            stored = {"organization": self.organization, "run_id": self.run_id, **asdict(self.stored)}
        calls = self._client.calls if self._client else 0
        return {"changed": self.stored.changed, "stored": stored, "api_calls": calls}

    def write_ledger(self, error: UsageError | None) -> None:
        """Keep what came of this task, so that "never collected" never looks like "no traffic"."""
        if not self.stores or not self.organization:
            return
        error = error or self.shortfall
        failure = error.failure() if error else {}
        first, last = self.query.span if self.query and self.query.span else (None, None)
        outcome = Outcome(
            self.run_id,
            self.organization,
            self.name,
            self.query.service.name if self.query else self.params.get("service") or "",
            ",".join(self.query.dimensions) if self.query else "",
            self.pending,
            failure.get("kind"),
            failure.get("message"),
            failure.get("correlation_id"),
            first,
            last,
            self.row_count,
            self._client.calls if self._client else 0,
        )
        if error:
            # Whether the store at hand was a part of what went wrong is not known.
            self.store.drop()
        with self.store.lent() as store:
            record(store, outcome)

    def close(self) -> None:
        if self._client is not None:
            self.progress.end(self._client.calls, self._client.retries, self._client.held_back)
            self._client.close()
        self.store.close()


Collecting = Generator[float, None, Collected]


FATAL = (
    errors.AuthenticationError,
    errors.ConnectionFailed,
    errors.IdentityMismatch,
    errors.InvalidArgument,
    errors.StoreError,
    errors.TlsError,
)


def is_fatal(error: UsageError) -> bool:
    """Whether the same would happen to every other execution of the task, so that going on makes no sense."""
    return isinstance(error, FATAL)


@contextmanager
def task(params: Params, context: Context, name: str) -> Iterator[Task]:
    """A task, whose outcome goes to the ledger of the store, be it a success or a failure."""
    current = Task(params, context, name)
    try:
        yield current
    except UsageError as error:
        # What was stored before stays stored, and is said.
        error.partial = {**current.result(), **error.partial}
        # The failure itself matters more than a ledger that cannot be written.
        with suppress(UsageError):
            current.write_ledger(error)
        raise
    else:
        current.write_ledger(None)
    finally:
        current.close()
