# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The log of exchanges: what clients sent, so that tests can say what the protocol was."""

from __future__ import annotations

import itertools
import json
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from .messages import JsonObject, Request, Response
from .payloads import collected

KEPT = 20_000
"""Exchanges kept: about 1.5 kB each."""
HEADERS_OF_INTEREST = (
    "host", "user-agent", "accept", "accept-encoding", "content-type", "content-length", "connection", "cookie",
)  # fmt: skip
SECRETS = ("client_secret", "access_token", "token", "password", "assertion", "code")
ANSWERED_SECRETS = ("access_token", "secret")


@dataclass(frozen=True)
class Exchange:
    """One request and how it was answered. status is None when no status line was sent.

    response: the answer itself, where answers are recorded and this one is as it was made (no broken connection).
    """

    number: int
    request: Request
    status: int | None
    organization: str | None
    fault: str | None
    response: Response | None = None

    def to_dict(self) -> JsonObject:
        """The exchange as JSON. It never has a token or a secret: of Authorization only the scheme is kept."""
        request = self.request
        headers = {name: request.headers[name] for name in HEADERS_OF_INTEREST if name in request.headers}
        for name in ("authorization", "proxy-authorization"):
            if name in request.headers:
                headers[name] = request.headers[name].partition(" ")[0]
        found: JsonObject = {
            "number": self.number, "method": request.method, "path": request.path, "query": dict(request.query),
            "body": _body(request), "headers": headers, "status": self.status, "organization": self.organization,
            "fault": self.fault, "peer": request.peer[1], "correlation_id": request.correlation_id,
        }  # fmt: skip
        if self.response is not None:
            found["response"] = {"headers": dict(self.response.headers), "body": _answered(self.response.body)}
        return found


class Exchanges:
    """The newest exchanges; ``peer`` is the client's port, by which connections can be told apart.

    record_bodies: keep every exchange with its answer too, in ``recorded``, which is neither bounded nor cleared.
    """

    def __init__(self, record_bodies: bool = False) -> None:
        self.record_bodies = record_bodies
        self._recorded: list[Exchange] = []
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)

    def add(self, request: Request, response: Response, organization: str | None, fault: str | None) -> None:
        """Log one exchange."""
        kept = None
        if self.record_bodies and response.status and (response.conduct is None or fault is None):
            kept = collected(response)
        made = Exchange(next(self._numbers), request, response.status or None, organization, fault, kept)
        self._kept.append(made)
        if self.record_bodies:
            self._recorded.append(made)

    def recorded(self, skip: int = 0) -> list[JsonObject]:
        """Every exchange since the start but the first few, with its answer; none without ``record_bodies``."""
        return [exchange.to_dict() for exchange in self._recorded[skip:]]

    def list(
        self, *, method: str | None = None, path: str | None = None, organization: str | None = None
    ) -> list[JsonObject]:
        """The exchanges, oldest first; only those of a method, with a text in their path, or of an organization."""
        return [
            exchange.to_dict()
            for exchange in tuple(self._kept)
            if (method is None or exchange.request.method == method)
            and (path is None or path in exchange.request.path)
            and (organization is None or exchange.organization == organization)
        ]

    def clear(self) -> None:
        """Forget them; what was recorded stays."""
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


def _body(request: Request) -> Any:
    if not request.body:
        return None
    try:
        if "form" in request.headers.get("content-type", ""):
            form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
            return {name: "***" if name in SECRETS else value for name, value in form.items()}
        return json.loads(request.body)
    except ValueError:
        return request.body.decode("utf-8", "replace")


def _answered(body: bytes) -> Any:
    """An answer's body as JSON without tokens and secrets, or as text when it is none."""
    if not body:
        return None
    try:
        return _masked(json.loads(body))
    except ValueError:
        return body.decode("utf-8", "replace")


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(item) for item in value]
    if isinstance(value, dict):
        return {
            name: "***" if name in ANSWERED_SECRETS and isinstance(item, str) else _masked(item)
            for name, item in value.items()
        }
    return value
