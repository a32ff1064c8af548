# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a fault does: a registry of small functions, each of which makes the answer to one request.

An action is a mapping with one name of the registry and its value, such as ``{"retry_after": 42}``. ``status``,
``headers``, ``body`` and ``retry_after`` may stand beside any other name: ``{"html": true, "status": 503}``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .messages import (
    REASONS,
    ApiError,
    JsonObject,
    Request,
    Response,
    forbidden,
    json_response,
    login_error,
    rate_limited,
)
from .payloads import collected, swapped

GENERAL = ("status", "retry_after", "body")
HTML = b"<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body>Something is in the way</body></html>\n"
DEFAULT_PERMISSIONS = ("oauth:client:view", "usage:organization:view")


@dataclass
class Situation:
    """A request that meets a fault. normal: what would be answered without it; value: of the action's name."""

    request: Request
    normal: Callable[[], Response]
    options: JsonObject
    permissions: tuple[str, ...] = ()
    value: Any = None

    def seconds(self, default: float) -> float:
        """The value as a number; ``true`` means the default."""
        return default if self.value is None or self.value is True else float(self.value)

    def normal_json(self) -> Any:
        """What would be answered, decoded."""
        return json.loads(collected(self.normal()).body)


@dataclass(frozen=True)
class Action:
    """An action. results_only: it meets requests to results endpoints alone, whatever else its fault matches."""

    answer: Callable[[Situation], Response]
    results_only: bool = False


Answer = Callable[[Situation], Response]
ACTIONS: dict[str, Action] = {}


def action(name: str, *, results_only: bool = False) -> Callable[[Answer], Answer]:
    """Enter a function into the registry."""

    def enter(answer: Answer) -> Answer:
        ACTIONS[name] = Action(answer, results_only)
        return answer

    return enter


def action_name(options: JsonObject) -> str:
    """The name of an action: a special one if there is one, else a general one; ValueError otherwise."""
    special = [name for name in options if name in ACTIONS and name not in GENERAL]
    general = [name for name in GENERAL if name in options]
    if len(special) > 1 or not (special or general):
        raise ValueError(f"{options!r} needs one of these actions: {', '.join(sorted(ACTIONS))}")
    return (special or general)[0]


def apply(name: str, situation: Situation) -> Response:
    """The answer of an action, with the general options put on top of it."""
    situation.value = situation.options[name]
    response = ACTIONS[name].answer(situation)
    options = situation.options
    if name not in GENERAL and "status" in options and response.status:
        response.status = int(options["status"])
    if "retry_after" in options:
        response.headers["Retry-After"] = str(options["retry_after"])
    response.headers.update(options.get("headers", {}))
    return response


@action("status")
@action("retry_after")
@action("body")
def _status(situation: Situation) -> Response:
    options = situation.options
    status = int(options.get("status", 429 if "retry_after" in options else 200))
    if "body" in options:
        return json_response(options["body"], status)
    if 200 <= status < 300:
        normal = situation.normal()
        normal.status = status
        return normal
    if situation.request.path == "/oauth/token":
        error_name = "invalid_client" if status == 401 else "invalid_request"
        return login_error(error_name, REASONS.get(status, "error").lower(), status)
    if status == 403:
        error = forbidden(situation.permissions or DEFAULT_PERMISSIONS)
    elif status == 429:
        error = rate_limited(options.get("retry_after", 42))
        error.headers.clear()  # without retry_after there is no header, so that a client's own default can be seen
    else:
        reason = REASONS.get(status, "Error")
        error = ApiError(status, reason.lower().replace(" ", "."), f"{reason} (a fault of the sandbox)")
    return error.response(situation.request.correlation_id)


@action("login_rate_limit")
def _login_rate_limit(_situation: Situation) -> Response:
    return login_error("invalid_request", "rate limit exceeded")


@action("html")
def _html(situation: Situation) -> Response:
    body = situation.value.encode() if isinstance(situation.value, str) else HTML
    return Response(200, body, {"Content-Type": "text/html; charset=utf-8"})


@action("raw")
def _raw(situation: Situation) -> Response:
    # JSON has no bytes: each character stands for the byte of its number.
    return Response(200, str(situation.value).encode("latin-1"), {"Content-Type": "application/json"})


@action("malformed_json")
def _malformed_json(_situation: Situation) -> Response:
    return Response(200, b"{'queryStatus': Complete, results: [,]}", {"Content-Type": "application/json"})


@action("empty")
def _empty(_situation: Situation) -> Response:
    return Response(200, b"", {"Content-Type": "application/json"})


@action("wrong_types")
def _wrong_types(situation: Situation) -> Response:
    return json_response(swapped(situation.normal_json(), lists=situation.value == "envelope"))


@action("redirect")
def _redirect(situation: Situation) -> Response:
    status, location = 302, situation.options.get("location")
    if isinstance(situation.value, int) and not isinstance(situation.value, bool):
        status = situation.value
    elif isinstance(situation.value, str):
        location = situation.value
    return Response(status, b"", {"Location": str(location or "https://elsewhere.example.com/")})


@action("unknown_state", results_only=True)
def _unknown_state(situation: Situation) -> Response:
    return json_response({"queryStatus": situation.value if isinstance(situation.value, str) else "Paused"})


@action("failed_state", results_only=True)
def _failed_state(situation: Situation) -> Response:
    body: JsonObject = {"queryStatus": situation.value if isinstance(situation.value, str) else "Failed"}
    error = situation.options.get("errorBody")
    if error is True:
        refused = ApiError(500, "internal.server.error", "The query could not be completed")
        error = json.loads(refused.response(situation.request.correlation_id).body)
    if error is not None:
        body["errorBody"] = error
    return json_response(body)


@action("repeat_cursor", results_only=True)
def _repeat_cursor(situation: Situation) -> Response:
    return _with_next(situation, situation.value if isinstance(situation.value, str) else "cm93IDA")


@action("repeat_rows", results_only=True)
def _repeat_rows(situation: Situation) -> Response:
    # Of a number any count of zeros is the first row, and a cursor of its own.
    former = situation.request.query.get("after", "")
    after = base64.urlsafe_b64encode(b"row 0" + b"000" * (len(former) // 4)).decode()
    return _with_next(situation, after.rstrip("="))


def _with_next(situation: Situation, after: str) -> Response:
    body = situation.normal_json()
    if "entities" in body:
        body["nextUri"] = f"{situation.request.path}?after={after}"
    elif "results" in body:
        body["cursors"] = {"after": after}
    return json_response(body)


@action("repeat_page")
def _repeat_page(situation: Situation) -> Response:
    body = situation.normal_json()
    body["nextUri"] = f"{situation.request.path}?pageSize=25&pageNumber=2"
    return json_response(body)


__all__ = ["ACTIONS", "Action", "Situation", "action", "action_name", "apply"]
