# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks against a sandbox one of whose answers is mutated, and what an oracle makes of the same answers."""

from __future__ import annotations

import dataclasses
import datetime
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fakes import FIGURES, TODAY, WIRES, FakeTime, context, credentials, day, defaults, traffic
from genesyscloud_sandbox import Client, Organization, Sandbox
from genesyscloud_sandbox.actions import Situation, action
from genesyscloud_sandbox.messages import Response
from genesyscloud_sandbox.payloads import collected

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec, services
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import (
    oauth_client_usage,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import DIMENSIONS
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

from . import oracle
from .endpoints import ENDPOINTS, Endpoint
from .mutations import Edit, mutated

DAYS, PAGE = 7, 2
LAST = TODAY - datetime.timedelta(days=1)
TRAFFIC = [
    traffic(day(1), "c1", 10, status400=3, status429=2),
    traffic(day(2), "c1", 20, status500=1),
    traffic(day(3), "c1", 30, status300=4),
    traffic(day(2), "c2", 5),
    traffic(day(9), "c2", 5),
]
UNREADABLE = "Transfer-Encoding"
"""A header by which nobody can read the body, so that the answer is asked for again."""


Answers = dict[tuple[str, str], bytes]
"""The last answer to each request, by its path and all of its address: what was asked again was not there before."""


@action("mutant")
def _mutant(situation: Situation) -> Response:
    response: Response = situation.value(situation)
    return response


@dataclasses.dataclass
class Run:
    """A task that was carried out: what it came to, what was answered, and what the store has."""

    endpoint: Endpoint
    stores: bool
    result: dict[str, Any]
    answers: Answers
    calls: int
    stored: list[tuple[Any, ...]]
    normal: Any

    @property
    def accepted(self) -> Any:
        """What the task returned."""
        if self.endpoint.task == "list":
            return [(entry["client_id"], entry["client_name"], entry["state"]) for entry in self.result["clients"]]
        return (self.result["clients"][0] if "clients" in self.result else self.result)["rows"]

    def expected(self) -> Any:
        """What may be made of the answers."""
        if self.endpoint.task == "summary":
            return self.normal
        if self.endpoint.task == "list":
            clients = (one for body in self._bodies(r"/oauth/clients$") for one in oracle.parsed(body)["entities"])
            return list({one["id"]: (one["id"], one.get("name"), one.get("state")) for one in clients}.values())
        wire = WIRES[self.endpoint.service]
        if self.endpoint.task == "client":
            wire = dataclasses.replace(wire, grouped=wire.client_grouped)
        return oracle.rows(wire, self._bodies(wire.results), LAST, DAYS)

    def as_stored(self, expected: Any) -> list[tuple[Any, ...]]:
        """What a store must have then: rows that it cannot tell apart are one."""
        if self.endpoint.task == "list":
            return sorted((identity, name or "") for identity, name, _state in expected)
        sums: dict[tuple[Any, ...], list[int]] = {}
        for row in expected:
            figures = sums.setdefault((row["date"], *(row.get(name, "") for name in DIMENSIONS)), [0] * len(FIGURES))
            for place, name in enumerate(FIGURES):
                figures[place] += row[name]
        return sorted((*key, *figures) for key, figures in sums.items())

    def _bodies(self, pattern: str) -> list[bytes]:
        return [body for (path, _target), body in self.answers.items() if re.search(pattern, path)]


class Mutants:
    """A sandbox with one organization whose rows and clients come in several pages."""

    def __init__(self, folder: Path) -> None:
        self._time = FakeTime()
        self._empty, self._path = folder / "empty.db", folder / "usage.db"
        self._normal: dict[str, Any] = {}
        self._open = ExitStack()
        clients = [Client(f"c{number}", f"Client {number}") for number in range(30)]
        self._acme = Organization("acme", traffic=TRAFFIC, clients=clients, query_page_size=PAGE)
        self._sandbox = Sandbox([self._acme], clock=self._time.monotonic, today=TODAY, sleep=self._time.pass_by)

    def __enter__(self) -> Mutants:
        self._open.enter_context(self._sandbox)
        patch = self._open.enter_context(pytest.MonkeyPatch.context())
        smaller = dataclasses.replace(services.SERVICES["jobs"], page_size=PAGE)
        patch.setitem(services.SERVICES, "jobs", smaller)
        open_store(f"sqlite:///{self._empty}", None, self._time.clock).close()
        for endpoint in ENDPOINTS:
            run = self.run(endpoint, 0, [], False)
            assert run.accepted, run.result
            self._normal[endpoint.name] = run.normal = run.accepted
            assert run.accepted == run.expected(), f"{endpoint.name}: {run.accepted} is not {run.expected()}"
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    def run(self, endpoint: Endpoint, answer: int, changes: list[Edit], stores: bool) -> Run:
        """Carry out the endpoint's task; so many of its answers are let through, and the next one is mutated."""
        stores = stores and endpoint.task != "summary"
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()
        shutil.copy(self._empty, self._path)
        self._time.begin_again()
        log: Answers = {}
        fault = self._sandbox.faults.add({"mutant": _answering(endpoint, answer, changes, log)})
        silent = any(edit.value and edit.value[0] == UNREADABLE for edit in changes if edit.what == "header")
        result = self._carry_out(endpoint, f"sqlite:///{self._path}" if stores else None, 0.1 if silent else 30.0)
        self._sandbox.faults.clear()
        self._sandbox.exchanges.clear()
        stored = self._stored(endpoint)
        return Run(endpoint, stores, result, log, fault.fired, stored, self._normal.get(endpoint.name))

    def _carry_out(self, endpoint: Endpoint, store: str | None, timeout: float) -> dict[str, Any]:
        given = {**credentials(self._acme), "timeout": timeout, "store": store, "organization": "acme"}
        surroundings = context(self._time)
        if endpoint.task == "list":
            return outcome(oauth_client_info, defaults(argspec.OAUTH_CLIENT_INFO, **given), surroundings)
        given |= {"service": endpoint.service, "days": DAYS, "return_rows": True}
        if endpoint.task == "organization":
            return outcome(usage_query, defaults(argspec.USAGE_QUERY, **given, granularity="day"), surroundings)
        given |= {"report": "summary"} if endpoint.task == "summary" else {"granularity": "day"}
        return outcome(
            oauth_client_usage, defaults(argspec.OAUTH_CLIENT_USAGE, **given, client_ids=["c1"]), surroundings
        )

    def _stored(self, endpoint: Endpoint) -> list[tuple[Any, ...]]:
        with open_store(f"sqlite:///{self._path}", None, self._time.clock) as store:
            if endpoint.task == "list":
                statement = "SELECT client_id, COALESCE(client_name, '') FROM oauth_client"
            else:
                statement = f"SELECT date, {', '.join(DIMENSIONS)}, {', '.join(FIGURES)} FROM usage_row"
            return sorted(store.execute(statement).fetchall())


def _answering(endpoint: Endpoint, answer: int, changes: list[Edit], log: Answers) -> Callable[[Situation], Response]:
    seen = 0

    def answered(situation: Situation) -> Response:
        nonlocal seen
        request, response = situation.request, collected(situation.normal())
        if request.method == endpoint.method and re.search(endpoint.pattern, request.path):
            seen += 1
            if seen == answer + 1:
                response = mutated(response, changes)
        if 200 <= response.status < 300 and UNREADABLE not in response.headers:
            log[request.path, request.target] = response.body
        return response

    return answered
