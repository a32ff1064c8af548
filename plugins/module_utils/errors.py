# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one family of errors; each knows how to render itself as the failure of a task.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import printable


class UsageError(Exception):
    """Something that ends an operation, said in plain words.

    ``message`` is for people; everything else is for playbooks that branch on it:
    ``status`` (HTTP), ``code`` (the API's own), ``correlation_id`` (what Genesys support asks for),
    ``execution`` (what C(usage_results) needs to pick up where this ended), ``details`` (the API's own list).
    The message is harmless on a terminal and in a log, whatever the API put into it.
    """

    kind = "internal"
    lines = False
    """Whether the message may have several lines."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        correlation_id: str | None = None,
        details: Sequence[Any] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.correlation_id = correlation_id
        self.details = list(details)
        self.retry_after = retry_after
        self.execution: Mapping[str, Any] | None = None
        self.partial: Mapping[str, Any] = {}
        """What a task that fails returns all the same."""

    @property
    def message(self) -> str:
        return self._message

    @message.setter
    def message(self, text: str) -> None:
        self._message = printable.text(text) if self.lines else printable.line(text)

    @property
    def retryable(self) -> bool:
        """Whether the same exchange may succeed a little later."""
        return False

    def failure(self) -> dict[str, Any]:
        """The structured half of a failed task."""
        return {
            "kind": self.kind,
            "status": self.status,
            "code": self.code and printable.line(self.code),
            "message": self.message,
            "correlation_id": self.correlation_id and printable.line(self.correlation_id),
            "execution": dict(self.execution) if self.execution else None,
            "details": self.details,
        }

    def result(self) -> dict[str, Any]:
        """What ``fail_json`` is given: C(msg) for people and C(failure) for playbooks."""
        failure = self.failure()
        notes = [f"code {failure['code']}"] if self.code else []
        if self.correlation_id:
            notes.append(f"correlation id {failure['correlation_id']}")
        suffix = f" ({', '.join(notes)})" if notes else ""
        return {**self.partial, "msg": f"{self.message}{suffix}", "failure": failure}


class TransientError(UsageError):
    """An error that time may heal: it is retried as long as the budget lasts."""

    @property
    def retryable(self) -> bool:
        return True


class InvalidArgument(UsageError):
    """An option is missing, contradicts another one or asks for what does not exist; nothing was sent."""

    kind = "invalid_argument"


class AuthenticationError(UsageError):
    """The credentials or the token were refused."""

    kind = "authentication"


class PermissionDenied(UsageError):
    """The credentials are good but may not do this (403)."""

    kind = "permission"


class NotFound(UsageError):
    """No such thing (404)."""

    kind = "not_found"


class BadRequest(UsageError):
    """The API does not take the query (400)."""

    kind = "bad_request"


class TooLarge(UsageError):
    """The request, or an answer, is larger than allowed (413, or our own bound)."""

    kind = "too_large"


class Refused(UsageError):
    """Any other status the API refuses with."""

    kind = "refused"


class RedirectRefused(UsageError):
    """A redirect; none is ever followed, so that no token leaves for another address."""

    kind = "redirect"


class RateLimited(TransientError):
    """Too many requests (429, or the login host's own way of saying so)."""

    kind = "rate_limited"


class Unavailable(TransientError):
    """The service is down for the moment (502, 503, 504)."""

    kind = "unavailable"


class ServerError(UsageError):
    """The service failed (500 and other 5xx that are not known to be passing)."""

    kind = "server_error"


class RequestTimeout(TransientError):
    """No answer in time (408, or nothing on the socket for the length of O(timeout))."""

    kind = "timeout"


class ConnectionLost(TransientError):
    """The connection broke during an exchange."""

    kind = "connection"


class ConnectionFailed(UsageError):
    """No connection could be made at all: refused, or a name that does not resolve."""

    kind = "connection"


class TlsError(UsageError):
    """The server's certificate is not trusted, or TLS could not be set up."""

    kind = "tls"


class MalformedAnswer(UsageError):
    """An answer that is not what the API documents: no JSON, cut off, or of other types."""

    kind = "malformed"


class InconsistentFigures(UsageError):
    """The service's own figures contradict each other."""

    kind = "inconsistent"


class UnexpectedState(UsageError):
    """An execution is in a state that nobody knows."""

    kind = "unexpected_state"


class ExecutionFailed(UsageError):
    """The service says that the execution failed or was cancelled."""

    kind = "execution_failed"


class WaitTimeout(UsageError):
    """The execution was still running when O(wait_timeout) was over; it goes on on the server."""

    kind = "wait_timeout"


class ClientsFailed(UsageError):
    """Some OAuth clients of a task failed; the others are in the result."""

    kind = "clients_failed"


class MissingLibrary(UsageError):
    """A Python library that is needed is not installed."""

    kind = "missing_library"


class StoreError(UsageError):
    """The store cannot be opened, read or written."""

    kind = "store"


class IdentityMismatch(UsageError):
    """The credentials belong to another organization than the one the rows are kept under."""

    kind = "identity"


class GateBlocked(UsageError):
    """Usage was judged, and the verdict blocks what comes next."""

    kind = "gate"
    lines = True


class DestinationError(UsageError):
    """A file could not be written."""

    kind = "destination"
