# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries out one task against a sandbox with one fault, and says what it came to.

The sockets, the store and the code are real; only time passes by itself.
"""

from __future__ import annotations

import itertools
import shutil
import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes import TODAY, FakeTime, context, credentials, day, defaults, stored_rows, traffic
from genesyscloud_sandbox import Organization, Sandbox

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import (
    oauth_client_usage,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

from .catalogue import RECOVERS, Fault
from .endpoints import Endpoint

FORMER = [traffic(day(1), "c1", 10), traffic(day(2), "c1", 20)]
LATTER = [traffic(day(1), "c1", 11, status500=1), traffic(day(3), "c1", 7), traffic(day(3), "c2", 5)]

TIMEOUT, SHORT_TIMEOUT = 30.0, 0.05
"""Seconds for one exchange. The short one is real: a server that says nothing is really waited for."""

MOST_WAITS = 2
LONG = 600
"""Seconds from which on the sandbox is taken to say nothing more."""

OF_A_RUN = ("api_calls", "execution", "executions")
"""What of a result may be another after a fault: how often it asked, and what the service called its executions."""

Dump = tuple[list[Any], list[Any], list[Any]]


@dataclass(frozen=True)
class Ended:
    """What a task came to: RECOVERS or the kind of its failure; ``met`` is how often it met the fault.

    ``seconds`` is how long it took in its own time, ``store`` what the store has afterwards.
    """

    outcome: str
    message: str
    met: int
    seconds: float
    store: Dump
    result: Mapping[str, Any]

    @property
    def returned(self) -> Any:
        """The result without what tells one run from another."""
        return _without(OF_A_RUN, self.result)


class Matrix:
    """A sandbox with one organization that has had one traffic and has another now, and stores that know the former."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = itertools.count(1)
        self.time = FakeTime()
        self._released = threading.Event()
        self._waits = threading.local()
        self._former: dict[tuple[str, str], Path] = {}
        self._latter: dict[tuple[str, str], Ended] = {}
        self._sandbox = self._start()

    def close(self) -> None:
        self._released.set()
        self._sandbox.stop()

    def _start(self) -> Sandbox:
        organization = Organization("acme", traffic=LATTER)
        return Sandbox([organization], clock=self.time.monotonic, today=TODAY, sleep=self._wait).start()

    def _wait(self, seconds: float) -> None:
        """How the sandbox lets time pass. Less than none sets the wall clock back."""
        if seconds < 0:
            self.time.step_back(-seconds)
            return
        # A connection is a thread. Whoever was kept waiting twice has given up: no time passes for nobody.
        count = self._waits.count = getattr(self._waits, "count", 0) + 1
        if count <= MOST_WAITS:
            self.time.pass_by(min(seconds, TIMEOUT))
        if count > MOST_WAITS or seconds >= LONG:
            self._released.wait()

    def former(self, endpoint: Endpoint) -> Path:
        """A store in which the former traffic is."""
        key = (endpoint.task, endpoint.service)
        if key not in self._former:
            path = self._new_path()
            self._sandbox.set_traffic("acme", FORMER)
            assert "failed" not in self._carry_out(self._sandbox, endpoint, path)
            self._sandbox.set_traffic("acme", LATTER)
            self._former[key] = path
        return self._former[key]

    def before(self, endpoint: Endpoint) -> Dump:
        """What a store has when nothing was done to it."""
        return self._dump(self.former(endpoint))

    def after(self, endpoint: Endpoint) -> Ended:
        """What the same task comes to without a fault."""
        key = (endpoint.task, endpoint.service)
        if key not in self._latter:
            path = self._copy(endpoint)
            ended = self._ended(self._carry_out(self._sandbox, endpoint, path), 0, path)
            assert ended.outcome == RECOVERS, ended.message
            self._latter[key] = ended
        return self._latter[key]

    def run(self, endpoint: Endpoint, fault: Fault, times: int | None) -> Ended:
        """Carry out the endpoint's task with the fault, so many times or for ever."""
        path = self._copy(endpoint)
        with self._place(fault) as (sandbox, login_url):
            met = sandbox.faults.add(fault.action, method=endpoint.method, path=endpoint.pattern, times=times)
            silent = fault.action.get("hang", 0) >= LONG or fault.action.get("wrong_length", 0) > 0
            more = {"login_url": login_url} if endpoint.kind == "sign-in" and login_url else {}
            result = self._carry_out(sandbox, endpoint, path, timeout=SHORT_TIMEOUT if silent else TIMEOUT, **more)
            sandbox.faults.clear()
        return self._ended(result, met.fired, path)

    def _ended(self, result: Mapping[str, Any], met: int, path: Path) -> Ended:
        word, message = _said(result)
        return Ended(word, message, met, self.time.now - self.time.FIRST, self._dump(path), result)

    @contextmanager
    def _place(self, fault: Fault) -> Iterator[tuple[Sandbox, str | None]]:
        """The sandbox for a fault, and an address where nobody listens; one that goes away is another each time."""
        if "go_away" not in fault.action:
            yield self._sandbox, None
            return
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            sandbox = self._start()
            try:
                yield sandbox, f"http://127.0.0.1:{taken.getsockname()[1]}"
            finally:
                sandbox.stop()

    def _carry_out(self, sandbox: Sandbox, endpoint: Endpoint, path: Path, **more: Any) -> dict[str, Any]:
        self.time.begin_again()
        given = {**credentials(sandbox.organizations[0]), "run_id": "run", **more}
        if endpoint.task != "summary":
            given["store"] = f"sqlite:///{path}"
        surroundings = context(self.time)
        if endpoint.task == "list":
            return outcome(oauth_client_info, defaults(argspec.OAUTH_CLIENT_INFO, **given), surroundings)
        given |= {"service": endpoint.service, "days": 7}
        if endpoint.task == "organization":
            given |= {"granularity": "day", "return_rows": True}
            return outcome(usage_query, defaults(argspec.USAGE_QUERY, **given), surroundings)
        given |= {"client_ids": ["c1"]}
        given |= {"report": "summary"} if endpoint.task == "summary" else {"granularity": "day", "return_rows": True}
        return outcome(oauth_client_usage, defaults(argspec.OAUTH_CLIENT_USAGE, **given), surroundings)

    def _new_path(self) -> Path:
        return self._folder / f"store{next(self._names)}.db"

    def _copy(self, endpoint: Endpoint) -> Path:
        path = self._new_path()
        if endpoint.task != "summary":
            shutil.copy(self.former(endpoint), path)
        return path

    def _dump(self, path: Path) -> Dump:
        if not path.exists():
            return [], [], []
        with open_store(f"sqlite:///{path}", None, self.time.clock) as store:
            return (
                stored_rows(store),
                store.execute("SELECT organization, day, row_count, requests FROM coverage ORDER BY 1, 2").fetchall(),
                store.execute("SELECT client_id, client_name, state FROM oauth_client ORDER BY 1").fetchall(),
            )


def _said(result: Mapping[str, Any]) -> tuple[str, str]:
    """What a task came to. Where clients were asked, it is the failure of the client that counts."""
    if not result.get("failed"):
        return RECOVERS, ""
    failure = result["failure"]
    if failure["kind"] == "clients_failed":
        failure = result["clients"][0]["error"]
    return failure["kind"], failure["message"]


def _without(names: Collection[str], value: Any) -> Any:
    """A copy in which no mapping has these names."""
    if isinstance(value, Mapping):
        return {name: _without(names, item) for name, item in value.items() if name not in names}
    return [_without(names, item) for item in value] if isinstance(value, list) else value
