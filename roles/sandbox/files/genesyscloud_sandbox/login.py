# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signing in: access tokens, which organization they belong to, and ceilings per minute."""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import parse_qsl

from .messages import ApiError, Request, Response, json_response, login_error, rate_limited
from .model import Organization, stable_id

WINDOW = 60.0
"""Seconds a ceiling per minute is counted over."""
DOCUMENTED_LIMIT = 300
"""Requests a minute per client-credentials token (USAGE_API.md section 5); what headers say when no ceiling is set."""


@dataclass
class _Window:
    began: float
    count: int = 0


class Minutes:
    """Counts per key and minute; a minute begins with the first count."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self._lock = Lock()

    def count(self, key: str) -> tuple[int, int]:
        """Count one; how many there were in this minute, and the seconds until it ends (1 to 60)."""
        now = self._clock()
        with self._lock:
            window = self._windows.get(key)
            if window is None or now - window.began >= WINDOW:
                window = self._windows[key] = _Window(now)
            window.count += 1
            return window.count, max(1, int(WINDOW - (now - window.began) + 0.999))


class Login:
    """The login host of all organizations."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._minutes = Minutes(clock)
        self._by_client: dict[str, Organization] = {}
        self._tokens: dict[str, tuple[Organization, float]] = {}
        self._numbers = itertools.count(1)

    def add(self, organization: Organization) -> None:
        """Let an organization's credentials and given tokens in."""
        self._by_client[organization.oauthclient_id] = organization
        for token in organization.access_tokens:
            self._tokens[token] = (organization, float("inf"))

    def expire(self, organizations: Iterable[Organization]) -> None:
        """Make every token that these organizations were given so far invalid."""
        ids = {organization.id for organization in organizations}
        self._tokens = {token: kept for token, kept in self._tokens.items() if kept[0].id not in ids}

    def who_signs_in(self, request: Request) -> Organization | None:
        """The organization whose client id a sign-in names, right secret or not."""
        return self._by_client.get(_credentials(request)[0])

    def bearer(self, request: Request) -> Organization | None:
        """The organization whose token a request carries; None when there is none, or it is unknown or expired."""
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        organization, expires = self._tokens.get(token.strip(), (None, 0.0))
        return organization if self._clock() < expires else None

    def count(self, request: Request, organization: Organization) -> dict[str, str]:
        """Count an API call against its token and give the rate-limit headers; ApiError 429 above the ceiling."""
        allowed = organization.rate_limit_per_minute or DOCUMENTED_LIMIT
        count, reset = self._minutes.count(request.headers.get("authorization", ""))
        headers = ratelimit_headers(count, allowed, reset)
        if organization.rate_limit_per_minute and count > allowed:
            error = rate_limited(reset, allowed)
            error.headers.update(headers)
            raise error
        return headers

    def sign_in(self, request: Request) -> Response:
        """``POST /oauth/token`` for client credentials, by HTTP Basic or form body."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        if form.get("grant_type") != "client_credentials":
            return login_error("unsupported_grant_type", "grant_type must be client_credentials")
        client_id, secret = _credentials(request)
        organization = self._by_client.get(client_id)
        if organization is None or organization.oauthclient_secret != secret:
            return login_error("invalid_client", "authentication failed")
        if organization.login_limit_per_minute:
            count, _reset = self._minutes.count(f"login {client_id}")
            if count > organization.login_limit_per_minute:
                # On this endpoint a rate limit is a 400 and not a 429 (USAGE_API.md section 3).
                return login_error("invalid_request", "rate limit exceeded")
        # Not next to a counter alone: a token must not be mistaken for another sandbox's.
        token = f"sandbox-{stable_id(organization.id, next(self._numbers), id(self))}"
        self._tokens[token] = (organization, self._clock() + organization.token_lifetime)
        return json_response({"access_token": token, "token_type": "bearer", "expires_in": organization.token_lifetime})


def ratelimit_headers(count: int, allowed: int, reset: int) -> dict[str, str]:
    """The three headers that every response carries; reset is in seconds."""
    return {
        "inin-ratelimit-count": str(count), "inin-ratelimit-allowed": str(allowed), "inin-ratelimit-reset": str(reset),
    }  # fmt: skip


def unauthorized(request: Request) -> ApiError:
    """The 401 of a request without a token, or with one that is not (or no longer) valid."""
    if "authorization" not in request.headers:
        return ApiError(401, "authentication.required", "No bearer token in the authorization header.")
    return ApiError(401, "bad.credentials", "Invalid login credentials.")


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _space, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(encoded, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return "", ""
        client_id, _colon, secret = text.partition(":")
        return client_id, secret
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return form.get("client_id", ""), form.get("client_secret", "")
