# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What travels between the parts of the sandbox: requests, responses and Genesys-shaped errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qsl

JsonObject = dict[str, Any]

REASONS: dict[int, str] = {
    200: "OK", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
    411: "Length Required", 413: "Payload Too Large", 415: "Unsupported Media Type", 429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


def dump(value: Any) -> bytes:
    """JSON without spaces, as UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass
class Request:
    """One HTTP request; header names are lower case, the body is as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    peer: tuple[str, int]
    correlation_id: str
    path: str = ""
    query: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.path, _mark, query = self.target.partition("?")
        if query:
            self.query = dict(parse_qsl(query, keep_blank_values=True))

    def json_object(self) -> JsonObject:
        """The body as a JSON object; ApiError 400 when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise ApiError(400, "invalid.json", f"The request body is not valid JSON: {error}") from error
        if not isinstance(value, dict):
            raise ApiError(400, "bad.request", "The request body must be a JSON object.")
        return value


class Wire(Protocol):
    """What a response that sends itself may do to the connection."""

    def send(self, data: bytes) -> None:
        """Send all of these bytes."""

    def send_file(self, file: BinaryIO, offset: int, count: int) -> None:
        """Send a part of a file; the kernel copies it when it can."""

    def wait(self, seconds: float) -> None:
        """Let real time pass; ends early when the sandbox stops."""

    def reset(self) -> None:
        """Close with RST, so that the client sees a reset and not an end of file."""

    def end(self) -> None:
        """Close the connection once this response is out."""

    def go_away(self) -> None:
        """Reset the connection, and refuse every further one."""


Conduct = Callable[[Wire, bytes, bytes], None]
"""Sends a response in its own way; gets the connection, the encoded head and the body."""


@dataclass
class Response:
    """One HTTP response.

    status: 0 means that nothing is answered at all (the exchange log then shows null).
    length: what Content-Length says, when it is not the length of ``body``.
    conduct: how to send it, when one plain send is not what is wanted.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    conduct: Conduct | None = None

    def head(self) -> bytes:
        """Status line and headers, ready to send."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}\r\n\r\n")
        return "\r\n".join(lines).encode("latin-1", "replace")


def json_response(value: Any, status: int = 200) -> Response:
    """A response whose body is ``value`` as JSON."""
    return Response(status, dump(value), {"Content-Type": "application/json"})


class ApiError(Exception):
    """An error that is answered as a Genesys error body (components/schemas/ErrorBody)."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None, **fields: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.fields = fields

    def response(self, correlation_id: str) -> Response:
        """The error as a response; ``contextId`` is the correlation id, as on the real service."""
        body: JsonObject = {
            "message": self.message, "code": self.code, "status": self.status, "messageWithParams": self.message,
            "messageParams": {}, "contextId": correlation_id, "details": [], "errors": [], **self.fields,
        }  # fmt: skip
        response = json_response(body, self.status)
        response.headers.update(self.headers)
        return response


def bad_request(message: str, field_name: str) -> ApiError:
    """A 400 that names the field which is wrong."""
    return ApiError(400, "bad.request", message, details=[{"errorCode": "bad.request", "fieldName": field_name}])


NO_PERMISSION = (
    "Unable to perform the requested action. You must have at least one of the following permissions assigned"
)


def forbidden(permissions: tuple[str, ...]) -> ApiError:
    """A 403 as Genesys answers it when none of the permissions is there."""
    listed = ", ".join(permissions)
    return ApiError(
        403, "missing.any.permissions",
        f"{NO_PERMISSION}: [{listed}]", messageWithParams=NO_PERMISSION + ": {permissions}",
        messageParams={"permissions": f"[{listed}]"},
    )  # fmt: skip


def rate_limited(seconds: int | str, limit: int = 300) -> ApiError:
    """A 429 as Genesys answers it. seconds: what Retry-After says, also as an HTTP date."""
    return ApiError(
        429, "too.many.requests.retry.after",
        f"Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds",
        headers={"Retry-After": str(seconds)},
        limit={"key": "client.credentials.token.rate.per.minute", "namespace": "platform.api", "value": limit},
    )  # fmt: skip


def login_error(error: str, text: str, status: int = 400) -> Response:
    """An error of the login host, which has a shape of its own."""
    return json_response({"error": error, "description": text, "error_description": text}, status)
