# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an HTTP answer, or the lack of one, means: one error of the family.

Private to the collection: this may change without notice.
Sources: the Genesys Cloud error body and rate limit documentation, RFC 9110 (C(Retry-After)).
"""

from __future__ import annotations

import datetime
import email.utils
import http.client
import json
import re
import socket
from collections.abc import Iterator, Mapping
from typing import Any

from . import errors, said
from .secrecy import Hide

ERROR_BODY_LIMIT = 64 * 1024
"""Bytes of an error's body that are read; the real ones have some hundred."""

BY_STATUS: dict[int, type[errors.UsageError]] = {
    400: errors.BadRequest,
    401: errors.AuthenticationError,
    403: errors.PermissionDenied,
    404: errors.NotFound,
    408: errors.RequestTimeout,
    413: errors.TooLarge,
    429: errors.RateLimited,
    502: errors.Unavailable,
    503: errors.Unavailable,
    504: errors.Unavailable,
}


def _class_of(status: int) -> type[errors.UsageError]:
    if 300 <= status < 400:
        return errors.RedirectRefused
    return BY_STATUS.get(status, errors.ServerError if status >= 500 else errors.Refused)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a C(Retry-After) header asks for, given as seconds or as a date; ``now`` in seconds since 1970."""
    if value is None:
        return None
    if re.fullmatch(r"[ \t]*[0-9]+(\.[0-9]+)?[ \t]*", value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, moment.timestamp() - now)


def refusal(
    what: str, status: int, headers: Mapping[str, str], body: bytes, now: float, hide: Hide, sign_in: bool = False
) -> errors.UsageError:
    """The error that a status of 300 and above stands for. ``what`` names the exchange (method and URL).

    ``hide`` takes secrets out of the document, before anything of it is cut or put together anew.
    """
    try:
        document = hide(json.loads(body))
    except (ValueError, RecursionError):
        document = None
    given: Mapping[str, Any] = document if isinstance(document, dict) else {}
    text = next(filter(None, (said.text(given.get(n)) for n in ("message", "error_description", "description"))), "")
    kind = _class_of(status)
    if sign_in and status == 400:
        # The login host has no 429: its rate limit comes as 400 with these words in the text.
        limited = "rate limit exceeded" in text.lower()
        kind = errors.RateLimited if limited else errors.AuthenticationError
        text = text or "no reason given"
    message = f"HTTP {status} for {what}"
    if kind is errors.RedirectRefused:
        message += ": a redirect, which is never followed; check region or api_url and what stands in between"
    elif text:
        message += f": {text.rstrip('.')}"
        if sign_in and kind is errors.AuthenticationError:
            message += ". Check oauthclient_id and oauthclient_secret, and that the OAuth client is of this region"
    elif body and document is None:
        message += ": the answer is not JSON; does api_url lead to Genesys Cloud, or to a proxy or gateway before it?"
    return kind(
        message,
        status=status,
        code=said.word(given.get("code") or given.get("error")),
        correlation_id=said.word(headers.get("inin-correlation-id")),
        details=said.details(given.get("details")),
        retry_after=retry_after(headers.get("Retry-After"), now),
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that is wrapped inside it: requests and urllib3 wrap by attribute, argument and context."""
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [getattr(item, "reason", None), *item.args, item.__cause__, item.__context__]


def _first(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    return next((cause for cause in _causes(error) if isinstance(cause, kinds)), None)


def broken(what: str, host: str, error: Exception, timeout: float) -> errors.UsageError:
    """The error for an exchange without an answer; ``error`` is what C(requests) raised."""
    names = {type(cause).__name__ for cause in _causes(error)}
    certificate = next((c for c in _causes(error) if type(c).__name__ == "SSLCertVerificationError"), None)
    if certificate is not None:
        reason = getattr(certificate, "verify_message", "") or "certificate verify failed"
        return errors.TlsError(
            f"The certificate of {host} is not trusted: {reason}. "
            "If a company CA or a gateway signs it, give its bundle with ca_path"
        )
    reasons = {str(getattr(cause, "reason", "")) for cause in _causes(error)}
    if any("PROTOCOL_VERSION" in reason or "UNSUPPORTED_PROTOCOL" in reason for reason in reasons):
        return errors.TlsError(f"{host} does not speak TLS 1.2 or newer, which is the least that is taken")
    if "SSLError" in names and not _first(error, ConnectionResetError):
        return errors.TlsError(f"TLS with {host} failed; check the URL, ca_path, client_cert and any proxy")
    if _first(error, socket.gaierror) or "NameResolutionError" in names:
        return errors.ConnectionFailed(f"The host name {host} does not resolve; check region, api_url and DNS")
    if "ProxyError" in names:
        return errors.ConnectionFailed(f"The proxy did not connect to {host}; check proxy and the proxy variables")
    if _first(error, TimeoutError) or names & {"Timeout", "ConnectTimeout", "ReadTimeout", "ConnectTimeoutError"}:
        return errors.RequestTimeout(f"No answer from {host} within {timeout:g} s for {what}")
    if _first(error, ConnectionRefusedError):
        return errors.ConnectionFailed(f"{host} refuses the connection; check region, api_url and the network")
    lost = _first(error, ConnectionError, http.client.HTTPException)
    if lost or names & {"ProtocolError", "IncompleteRead", "ChunkedEncodingError"}:
        return errors.ConnectionLost(f"The connection to {host} broke during {what}")
    if names & {"DecodeError", "ContentDecodingError"}:
        return errors.MalformedAnswer(f"The answer to {what} cannot be decompressed")
    # The library's own errors are OSErrors too, but have no text of the system's.
    texts = (getattr(cause, "strerror", None) for cause in _causes(error))
    reason = next(filter(None, texts), type(error).__name__)
    return errors.ConnectionFailed(f"No connection to {host}: {reason}")
