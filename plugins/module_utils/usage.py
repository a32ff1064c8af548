# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submit, wait, read: how an execution goes from a question to rows. The only place that knows that time passes.

Private to the collection: this may change without notice.

Everything here is written as steps: a generator that yields the seconds to pause before it goes on. So one execution
can be driven by sleeping, and many by a pool that does something else meanwhile, with the same code.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from . import jsonstream, results, said
from .client import Client, Request
from .clock import Clock
from .errors import InvalidArgument, MalformedAnswer, UnexpectedState, UsageError, WaitTimeout
from .query import Query
from .rows import Row

FIRST_PAUSE = 0.1
"""Seconds before the first look: a small query is done by then."""

SECOND_PAUSE = 2.0
"""Seconds before the second look. After it the pauses grow with the time that has passed (each doubles it)."""

MOST_PAGES = 100_000
"""A bound on pages, so that a service that always has another one cannot keep us for ever."""

Steps = Generator[float, None, "Execution"]


class Sink(Protocol):
    """Where rows go. What was added since ``mark`` can be thrown away, because a look may break off."""

    def add(self, rows: list[Row]) -> None:
        """Take rows in."""

    def mark(self) -> None:
        """Remember how far it is."""

    def rollback(self) -> None:
        """Forget what came after the mark."""


@dataclass(frozen=True)
class Waiting:
    """``wait``: whether to wait at all; ``timeout``: seconds in all; ``interval``: the longest pause in seconds."""

    wait: bool = True
    timeout: float = 600.0
    interval: float = 15.0


@dataclass
class Execution:
    """One execution. ``state`` is the service's own word for ``status``; ``looks`` counts questions for its result."""

    query: Query
    id: str
    client_id: str | None = None
    status: str = "running"
    state: str | None = None
    looks: int = 0

    def as_dict(self) -> dict[str, Any]:
        """What a task returns, and what C(usage_results) takes back to go on."""
        return {
            "id": self.id,
            "status": self.status,
            "state": self.state,
            "service": self.query.service.name,
            "client_id": self.client_id,
            "query": self.query.as_dict(),
        }


class Usage:
    """The asynchronous half of the API, over a client."""

    def __init__(self, client: Client, clock: Clock, waiting: Waiting) -> None:
        self._client = client
        self._clock = clock
        self._waiting = waiting

    def submit(self, query: Query, client_id: str | None) -> Execution:
        """Start an execution."""
        hints = {403: _permission_hint(query)}
        if query.service.successor:
            gone = f"The {query.service.name} service may have been retired: try service: {query.service.successor}"
            unless = "" if client_id is None else "Check the OAuth client's id. "
            hints |= {404: f"{unless}{gone}", 410: gone}
        places = {"client_id": _segment("client_id", client_id)}
        if query.report == "summary":
            path = query.operations.summary.format(**places)
            request = Request("GET", path, params={"days": str(len(query.days))}, hints=hints)
        else:
            path = query.operations.submit.format(**places)
            request = Request("POST", path, body=query.body(), hints=hints)
        key = query.service.execution_id

        def accept(document: Any) -> str:
            execution_id = document.get(key) if isinstance(document, Mapping) else None
            if not isinstance(execution_id, str) or not execution_id:
                raise MalformedAnswer(f"The answer to {request.method} {path} has no {key}")
            if self._client.repeats_a_secret(execution_id):
                raise MalformedAnswer(f"The answer to {request.method} {path} has a secret for its {key}")
            if said.word(execution_id) is None or not execution_id.isprintable():
                raise MalformedAnswer(
                    f"The answer to {request.method} {path} has a {key} that is no id: {said.wrong(execution_id)}"
                )
            return execution_id

        return Execution(query, self._client.document(request, accept), client_id)

    def follow(self, execution: Execution, sink: Sink, start: float | None = None) -> Steps:
        """Look until the execution is over, then read its rows. Raises WaitTimeout, ExecutionFailed and others.

        ``start`` is when the wait began (monotonic seconds), where that was before now. Every error carries the
        execution, so that C(usage_results) can go on with it.
        """
        start = self._clock.monotonic() if start is None else start
        try:
            pause = FIRST_PAUSE if execution.looks == 0 else SECOND_PAUSE
            while True:
                if self._waiting.wait:
                    left = start + self._waiting.timeout - self._clock.monotonic()
                    if left <= 0 and execution.looks:
                        raise self._ran_out(execution)
                    # Whoever waited for something else so long gets one look all the same.
                    yield max(0.0, min(pause, left))
                self._look(execution, sink)
                if execution.status != "running" or not self._waiting.wait:
                    return execution
                passed = self._clock.monotonic() - start
                grown = max(SECOND_PAUSE, passed) * (1 + self._clock.chance() / 10)
                pause = min(grown, self._waiting.interval)
        except UsageError as error:
            error.execution = execution.as_dict()
            raise

    def _ran_out(self, execution: Execution) -> WaitTimeout:
        return WaitTimeout(
            f"Execution {execution.id} is still {execution.state or 'running'} after {self._waiting.timeout:g} s "
            "(wait_timeout). It goes on on the server: read it later with usage_results"
        )

    def _look(self, execution: Execution, sink: Sink) -> None:
        """Ask for the result once; when it is there, read all its pages."""
        seen: set[str] = set()
        pages: set[int] = set()
        cursor = self._page(execution, sink, None, seen, pages)
        execution.looks += 1
        while cursor is not None:
            seen.add(cursor)
            if len(seen) >= MOST_PAGES:
                raise MalformedAnswer(
                    f"Execution {execution.id} has a page after each of {MOST_PAGES}; nothing was kept"
                )
            cursor = self._page(execution, sink, cursor, seen, pages)

    def _page(
        self, execution: Execution, sink: Sink, cursor: str | None, seen: Collection[str], pages: set[int]
    ) -> str | None:
        """Read a page, or learn that there is none yet; return the cursor of the page that follows.

        Raises MalformedAnswer for a cursor that was ``seen``, and for rows that are those of one of the former
        ``pages``: a service that begins again under a new cursor would have them counted twice.
        All that is said of an answer is said while it is read, so that an error has the answer's correlation id.
        """
        query = execution.query
        places = {
            "client_id": _segment("client_id", execution.client_id),
            "execution_id": _segment("execution_id", execution.id),
        }
        path = query.operations.results.format(**places)
        params: dict[str, str | int] = {"pageSize": query.service.page_size} if query.service.page_size else {}
        if cursor is not None:
            params["after"] = cursor
        hints = {404: "No such execution, or it expired", 403: _permission_hint(query)}
        what = f"GET {path}"

        def read(chunks: Iterable[bytes]) -> str | None:
            sink.rollback()
            reader = query.reader(what)
            # Where batches end depends on the network, so it is a sum.
            count = fingerprint = 0

            def add(raws: list[Any]) -> None:
                nonlocal count, fingerprint
                rows = reader.read(raws)
                sink.add(rows)
                count += len(rows)
                fingerprint += sum(map(hash, rows))

            document = jsonstream.read(what, chunks, query.service.rows, add)
            self._judge(execution, document)
            if execution.status == "complete":
                following = results.cursor(document)
                if following in seen:
                    raise MalformedAnswer(
                        f"Execution {execution.id}: the cursor {said.wrong(following)} came twice; nothing was kept"
                    )
                if count and fingerprint in pages:
                    raise MalformedAnswer(f"Execution {execution.id}: a page of rows came twice; nothing was kept")
                pages.add(fingerprint)
                return following
            sink.rollback()
            if cursor is not None:
                raise UnexpectedState(f"Execution {execution.id} went back to {execution.state!r} between two pages")
            return None

        sink.mark()
        return self._client.call(Request("GET", path, params=params, hints=hints), read)

    def _judge(self, execution: Execution, document: Mapping[str, Any]) -> None:
        """Take over the state an answer has. Raises ExecutionFailed, and UnexpectedState for one nobody knows."""
        state = document.get("queryStatus")
        status = execution.query.service.states.get(state.lower()) if isinstance(state, str) else None
        # A word that nobody knows may be anything, what was sent included.
        execution.state = state if status else self._client.hide(said.word(state))
        if status is None:
            raise UnexpectedState(
                f"Execution {execution.id} is in the state {said.wrong(state)}, which the "
                f"{execution.query.service.name} service is not known to have"
            )
        execution.status = status
        if status == "failed":
            raise results.failed(execution.id, state, document.get("errorBody"))


def _permission_hint(query: Query) -> str:
    needed = query.operations.permissions
    return f"The credentials need {'one of the permissions' if len(needed) > 1 else 'the permission'} " + " or ".join(
        needed
    )


def _segment(option: str, value: str | None) -> str:
    """An id as one segment of a path. Dots alone would lead to another path, so they are refused."""
    if value in (".", ".."):
        raise InvalidArgument(f"{option} is no id: {value!r}")
    return quote(value or "", safe="")
