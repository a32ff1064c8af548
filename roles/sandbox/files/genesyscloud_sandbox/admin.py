# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox's own endpoints under ``/sandbox/``, for whoever is on the same machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from .engine import Engine
from .messages import ApiError, JsonObject, Request, Response, json_response

PREFIX = "/sandbox/"


class Host(Protocol):
    """What the admin endpoints need of the sandbox."""

    engine: Engine

    def health(self) -> JsonObject:
        """What ``GET /sandbox/health`` answers."""

    def request_stop(self) -> None:
        """Stop soon, after this answer."""


def administer(host: Host, request: Request) -> Response:
    """Answer an admin request; these are not logged as exchanges, and no fault meets them."""
    if not (request.peer[0].startswith("127.") or request.peer[0] in ("::1", "::ffff:127.0.0.1")):
        return ApiError(403, "not.loopback", "This is answered to loopback only").response(request.correlation_id)
    found = ENDPOINTS.get((request.method, request.path))
    if found is None:
        known = ", ".join(f"{method} {path}" for method, path in ENDPOINTS)
        return ApiError(404, "not.found", f"The sandbox has: {known}").response(request.correlation_id)
    return found(host, request)


def _health(host: Host, _request: Request) -> Response:
    return json_response(host.health())


def _stop(host: Host, _request: Request) -> Response:
    host.request_stop()
    return json_response({"stopping": True}, 202)


def _add_faults(host: Host, request: Request) -> Response:
    try:
        items = json.loads(request.body)
        host.engine.faults.extend(items if isinstance(items, list) else [items])
    except (ValueError, TypeError, AttributeError) as error:
        return ApiError(400, "bad.fault", str(error)).response(request.correlation_id)
    return json_response({"faults": len(host.engine.faults)})


def _clear_faults(host: Host, _request: Request) -> Response:
    host.engine.faults.clear()
    return json_response({"faults": 0})


def _list_exchanges(host: Host, request: Request) -> Response:
    wanted = {name: request.query[name] for name in ("method", "path", "organization") if name in request.query}
    return json_response(host.engine.exchanges.list(**wanted))


def _clear_exchanges(host: Host, _request: Request) -> Response:
    host.engine.exchanges.clear()
    return json_response([])


ENDPOINTS: dict[tuple[str, str], Callable[[Host, Request], Response]] = {
    ("GET", "/sandbox/health"): _health,
    ("POST", "/sandbox/stop"): _stop,
    ("POST", "/sandbox/faults"): _add_faults,
    ("DELETE", "/sandbox/faults"): _clear_faults,
    ("GET", "/sandbox/exchanges"): _list_exchanges,
    ("DELETE", "/sandbox/exchanges"): _clear_exchanges,
}
