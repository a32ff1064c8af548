# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox itself: a server that plays several organizations, for tests in the same process or on its own."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone
from typing import Any

from .admin import PREFIX, administer
from .engine import Engine
from .exchanges import Exchanges
from .faults import Faults
from .messages import JsonObject, Request, Response
from .model import Fleet, Organization
from .server import Server

Today = date | Callable[[], date] | None


def utc_today() -> date:
    """The current UTC day, which is what Genesys Cloud counts in."""
    return datetime.now(timezone.utc).date()


class Sandbox:
    """A running sandbox; use it as a context manager.

    fleet: a Fleet, organizations, or None for one that has no organization yet (see ``add``).
    clock: monotonic seconds; decides when queries are complete, tokens expire and minutes of rate limits end.
    today: the UTC day that has no data yet; by default the fleet's, else the real one.
    tls: (certificate file, key file); the sandbox then speaks HTTPS.
    record_bodies: keep all answers too, in ``exchanges.recorded``.
    sleep: lets the seconds of ``delay`` and of faults pass; by default really, until the sandbox stops.
    """

    def __init__(
        self,
        fleet: Fleet | Iterable[Organization] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
        today: Today = None,
        tls: tuple[str, str] | None = None,
        sleep: Callable[[float], object] | None = None,
        record_bodies: bool = False,
    ) -> None:
        fleet = fleet if isinstance(fleet, Fleet) else Fleet(list(fleet or ()))
        given = today if today is not None else fleet.today
        self._stop_requested = threading.Event()
        wait = sleep or self._stop_requested.wait
        self.engine = Engine(clock, _callable(given), wait, record_bodies)
        self.organizations: list[Organization] = []
        self._unreachable: list[socket.socket] = []
        self._server = Server((host, port), self._answer, wait, tls)
        shown = "127.0.0.1" if host in ("", "0.0.0.0") else host
        self.url = f"{'https' if tls else 'http'}://{shown}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        for organization in fleet.organizations:
            self.add(organization)

    @property
    def faults(self) -> Faults:
        """The faults in force."""
        return self.engine.faults

    @property
    def exchanges(self) -> Exchanges:
        """The log of exchanges."""
        return self.engine.exchanges

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> Sandbox:
        """Answer requests, in threads of their own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering, close every connection and remove what was written."""
        self._stop_requested.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        for unreachable in self._unreachable:
            unreachable.close()
        self.engine.bulk.close()

    def add(self, organization: Organization) -> Organization:
        """Play one more organization."""
        if any(organization.name == other.name for other in self.organizations):
            raise ValueError(f"there are two organizations {organization.name}")
        organization.api_url = self.url
        if organization.kind == "unreachable":
            # Bound and not listening: connections are refused for sure, and nobody else can take the port.
            taken = socket.socket()
            taken.bind(("127.0.0.1", 0))
            self._unreachable.append(taken)
            organization.api_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        self.organizations.append(organization)
        self.engine.login.add(organization)
        return organization

    def organization(self, name: str) -> Organization:
        """The organization of a name or id; KeyError when there is none."""
        for organization in self.organizations:
            if name in (organization.name, organization.id):
                return organization
        raise KeyError(name)

    def set_traffic(self, name: str, rows: list[dict[str, Any]] | None) -> None:
        """Give an organization other traffic; None goes back to generated traffic. New queries see it."""
        organization = self.organization(name)
        organization.traffic = rows
        self.engine.traffic.forget(organization)

    def expire_tokens(self, name: str | None = None) -> None:
        """Make the tokens of an organization, or of all, invalid from now on."""
        self.engine.login.expire(self.organizations if name is None else [self.organization(name)])

    def state(self) -> JsonObject:
        """What the state file says."""
        return {"url": self.url, "pid": os.getpid(), "organizations": [item.state() for item in self.organizations]}

    def health(self) -> JsonObject:
        """What ``GET /sandbox/health`` answers."""
        return {
            "status": "ok", "organizations": len(self.organizations), "today": self.engine.today().isoformat(),
            "faults": len(self.faults), "exchanges": len(self.exchanges),
        }  # fmt: skip

    def request_stop(self) -> None:
        """Make ``wait`` return."""
        self._stop_requested.set()

    def wait(self, seconds: float) -> bool:
        """Wait until somebody asks the sandbox to stop; False when the seconds passed before that."""
        return self._stop_requested.wait(seconds)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith(PREFIX):
            return administer(self, request)
        return self.engine.respond(request)


def _callable(today: Today) -> Callable[[], date]:
    if today is None:
        return utc_today
    if isinstance(today, date):
        fixed = today
        return lambda: fixed
    return today
