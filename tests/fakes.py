# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests put in the place of time, of chance and of Ansible's option parser. The network and the store are real."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ansible_collections.genesyscloud.usage.plugins.module_utils.auth import TokenSource, token_source
from ansible_collections.genesyscloud.usage.plugins.module_utils.client import Client
from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
from ansible_collections.genesyscloud.usage.plugins.module_utils.session import Transport
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store

TODAY = datetime.date(2026, 3, 10)
NOON = datetime.datetime(2026, 3, 10, 12, 0, tzinfo=datetime.timezone.utc).timestamp()
AGENT = "tests"
FIGURES = ("requests", "status200", "status300", "status400", "status429", "status500")


class FakeTime:
    """Time that passes only by sleeping in it, and chance that is always the same. Threads may share it."""

    FIRST = 1000.0
    """The monotonic second at which it begins, which is NOON."""

    def __init__(self, chance: float = 0.0) -> None:
        self.now = self.FIRST
        self.sleeps: list[float] = []
        self._stepped_back = 0.0
        self._lock = threading.Lock()
        self.clock = Clock(monotonic=self.monotonic, wall=self.wall, sleep=self.sleep, chance=lambda: chance)

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return NOON + self.now - self.FIRST - self._stepped_back

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0, "nobody sleeps backwards"
        with self._lock:
            self.sleeps.append(seconds)
            self.now += seconds

    def pass_by(self, seconds: float) -> None:
        """Let time pass without anybody sleeping."""
        with self._lock:
            self.now += seconds

    def step_back(self, seconds: float) -> None:
        """Somebody sets the wall clock back; nobody can do so with the monotonic one."""
        self._stepped_back += seconds

    def begin_again(self) -> None:
        """The same day, for whoever tells many stories that begin at noon."""
        self.now, self._stepped_back = self.FIRST, 0.0

    @property
    def slept(self) -> float:
        return sum(self.sleeps)


def day(offset: int) -> str:
    """The UTC day so many days before today, as text."""
    return (TODAY - datetime.timedelta(days=offset)).isoformat()


def defaults(spec: dict[str, dict[str, Any]], **given: Any) -> dict[str, Any]:
    """The options of a task as Ansible's parser would hand them over, without the environment."""
    unknown = given.keys() - spec.keys()
    assert not unknown, f"no such options: {sorted(unknown)}"
    params = {name: option.get("default") for name, option in spec.items()}
    for name, value in given.items():
        inner = spec[name].get("options")
        params[name] = defaults(inner, **value) if inner and isinstance(value, dict) else value
    return params


def credentials(organization: Any) -> dict[str, str]:
    """The options that lead to an organization of the sandbox."""
    return {
        "api_url": organization.api_url,
        "oauthclient_id": organization.oauthclient_id,
        "oauthclient_secret": organization.oauthclient_secret,
    }


def context(time: FakeTime, warnings: list[str] | None = None, **more: Any) -> Context:
    return Context(clock=time.clock, warn=(warnings if warnings is not None else []).append, **more)


@contextmanager
def client_for(
    organization: Any, time: FakeTime, tokens: TokenSource | None = None, **transport: Any
) -> Iterator[Client]:
    """A client of an organization of the sandbox."""
    source = tokens or token_source(
        organization.api_url, organization.oauthclient_id, organization.oauthclient_secret, None, time.clock
    )
    client = Client(organization.api_url, source, Transport(**{"timeout": 10.0, **transport}), time.clock, AGENT)
    try:
        yield client
    finally:
        client.close()


def traffic(date: str, client: str = "c1", ok: int = 10, **fields: Any) -> dict[str, Any]:
    """A row of explicit traffic of the sandbox."""
    return {
        "date": date,
        "client_id": client,
        "client_name": f"Client {client}",
        "user_id": "u1",
        "template_uri": "api/v2/users",
        "http_method": "GET",
        "platform": "public-api",
        "status200": ok,
        **fields,
    }


def row(date: str = "2026-03-01", client: str = "c1", ok: int = 10, **fields: Any) -> tuple[Any, ...]:
    """A row of ours, whose figures agree."""
    names = ("client_name", "organization_id", "user_id", "template_uri", "http_method", "platform")
    texts = [fields.get(name, "") for name in names]
    rest = [fields.get(name, 0) for name in ("status300", "status400", "status429", "status500")]
    requests = ok + rest[0] + rest[1] + rest[3]
    return (date, client, *texts, requests, ok, *rest)


@dataclass(frozen=True)
class Wire:
    """A service as it is on the wire, spelled out here and not taken from the code under test.

    ``submit`` and ``results`` are regular expressions for the paths of an organization and of a client alike;
    ``paths`` are those of an organization and those of the client C(c1), with the place C({id}).
    ``grouped`` are the dimensions that rows have by default, ``permission`` what the hint of a 403 ends with.
    """

    name: str
    execution_id: str
    rows: str
    states: tuple[str, ...]
    submit: str
    results: str
    paths: tuple[str, str]
    client_paths: tuple[str, str]
    grouped: tuple[str, ...]
    client_grouped: tuple[str, ...]
    permission: str
    client_permission: str
    client_field: str
    requests: str
    labels: dict[str, tuple[str, ...]]

    @property
    def waiting(self) -> str:
        """The state of an execution that was just begun."""
        return self.states[0]

    @property
    def complete(self) -> str:
        return self.states[-1]

    def body(self, rows: Any = (), **more: Any) -> dict[str, Any]:
        """An answer with rows."""
        return {"queryStatus": self.complete, self.rows: list(rows), **more}


WIRES = {
    wire.name: wire
    for wire in (
        Wire(
            "query",
            "executionId",
            "results",
            ("Running", "Complete"),
            r"/usage/query$",
            r"/results(/|$)",
            ("/api/v2/usage/query", "/api/v2/usage/query/{id}/results"),
            ("/api/v2/oauth/clients/c1/usage/query", "/api/v2/oauth/clients/c1/usage/query/results/{id}"),
            ("client_id", "client_name"),
            ("client_id", "client_name"),
            "need one of the permissions oauth:client:view or usage:organization:view",
            "need one of the permissions oauth:client:view or usage:client:view",
            "OAuthClientId",
            "requests",
            {
                "client_id": ("clientId",),
                "client_name": ("clientName",),
                "organization_id": ("organizationId",),
                "user_id": ("userId",),
                "template_uri": ("templateUri",),
                "http_method": ("httpMethod",),
                "platform": ("platform",),
            },
        ),
        Wire(
            "jobs",
            "id",
            "entities",
            ("Queued", "Running", "Succeeded"),
            r"/query/jobs$",
            r"/query/jobs/",
            ("/api/v2/usage/aggregates/query/jobs", "/api/v2/usage/aggregates/query/jobs/{id}"),
            ("/api/v2/usage/client/c1/aggregates/query/jobs", "/api/v2/usage/client/c1/aggregates/query/jobs/{id}"),
            ("client_id", "client_name", "user_id", "template_uri", "http_method", "platform"),
            ("organization_id", "template_uri", "http_method", "platform"),
            "need the permission usage:organization:view",
            "need the permission usage:client:view",
            "OauthClientId",
            "requestCount",
            {
                "client_id": ("oauthClient", "id"),
                "client_name": ("oauthClient", "name"),
                "organization_id": ("organizationId",),
                "user_id": ("user", "id"),
                "template_uri": ("templateUri",),
                "http_method": ("httpMethod",),
                "platform": ("platform",),
            },
        ),
    )
}


def looks(sandbox: Any, wire: Wire) -> list[dict[str, Any]]:
    """The exchanges that asked for results."""
    return [call for call in sandbox.exchanges.list(method="GET") if re.search(wire.results, call["path"])]


def submits(sandbox: Any, wire: Wire) -> list[dict[str, Any]]:
    """The exchanges that began an execution."""
    return [call for call in sandbox.exchanges.list(method="POST") if re.search(wire.submit, call["path"])]


def raw(when: Any = "2026-03-01T00:00:00Z", /, wire: Wire = WIRES["query"], **fields: Any) -> dict[str, Any]:
    """A row as a service sends it, whose figures agree unless a test says otherwise. Fields have our names."""
    figures = {"status200": 8, "status300": 1, "status400": 2, "status429": 1, "status500": 1}
    labels = dict.fromkeys(wire.labels, "") | {"client_id": "c1", "client_name": "Client c1"}
    found: dict[str, Any] = {}
    for name, value in {**labels, **figures, "requests": 12, "date": when, **fields}.items():
        path = (wire.requests,) if name == "requests" else wire.labels.get(name, (name,))
        if value is not ...:
            (found if len(path) == 1 else found.setdefault(path[0], {}))[path[-1]] = value
    return found


def stored_rows(store: Store) -> list[tuple[Any, ...]]:
    """All rows of a store, with what they belong to."""
    return store.execute(
        "SELECT organization, service, grouping, scope, date, client_id, template_uri, requests, status200 "
        "FROM usage_row ORDER BY 1, 2, 3, 4, 5, 6, 7"
    ).fetchall()
