# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A sandbox for tests, a clock that only moves when told, and a client that keeps its connection."""

from __future__ import annotations

import base64
import http.client
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SANDBOX_FILES = Path(__file__).resolve().parents[3] / "roles" / "sandbox" / "files"
sys.path.insert(0, str(SANDBOX_FILES))

from genesyscloud_sandbox import Organization, Sandbox  # noqa: E402

TODAY = date(2026, 3, 10)


@dataclass
class Clock:
    """Monotonic seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Answer:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Caller:
    """Calls a sandbox as one organization, over one connection."""

    sandbox: Sandbox
    token: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.sandbox.url.partition("//")[2], timeout=5)

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One exchange, as it is."""
        self.connection.request(method, path, body, headers or {})
        response = self.connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())

    def sign_in(self, client_id: str, secret: str, form: str = "grant_type=client_credentials") -> Answer:
        """Sign in with HTTP Basic, and remember the token."""
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.send("POST", "/oauth/token", form.encode(), headers)
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """One API call with the token."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self.send(method, path, None if body is None else json.dumps(body).encode(), headers)

    def query(self, path: str, body: Any) -> Answer:
        """Submit a query and look once at its results."""
        submitted = self.call("POST", path, body)
        assert submitted.status == 200, submitted.body
        return self.call("GET", submitted.json["resultsUri"])


Make = Callable[..., tuple[Sandbox, Caller]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock: Clock) -> Iterator[Make]:
    """A running sandbox with one organization, ``acme``, and a caller that is signed in to it."""
    with ExitStack() as stack:

        def made(**fields: Any) -> tuple[Sandbox, Caller]:
            organization = Organization("acme", access_tokens=("given",), **fields)
            sandbox = stack.enter_context(
                Sandbox([organization], clock=clock, today=TODAY, sleep=lambda _seconds: None)
            )
            caller = Caller(sandbox, "given")
            stack.callback(caller.connection.close)
            return sandbox, caller

        yield made


def row(date: str, client: str = "c1", requests: int = 10, **fields: Any) -> dict[str, Any]:
    """A row of explicit traffic."""
    return {
        "date": date,
        "client_id": client,
        "user_id": "u1",
        "template_uri": "api/v2/users",
        "http_method": "GET",
        "platform": "public-api",
        "status200": requests,
        **fields,
    }
