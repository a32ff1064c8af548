# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an access token comes from, and its renewal.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .clock import Clock
from .errors import InvalidArgument, MalformedAnswer

RENEW_BEFORE = 30.0
"""Seconds before its end at which a token is renewed, so that it does not end on the way."""

SHORTEST_LIFE, LONGEST_LIFE = 300, 172_800
"""Seconds that an organization can let its tokens live."""


def _can_be_sent(token: str) -> bool:
    return token.isascii() and token.isprintable()


@dataclass(frozen=True)
class SignIn:
    """The exchange that gets a token: a form post with HTTP Basic."""

    url: str
    user: str
    password: str
    form: Mapping[str, str]


Send = Callable[[SignIn], Any]
"""Carries out a sign-in and returns the JSON document of the answer; given by the client."""


class TokenSource(Protocol):
    """Gives tokens. ``secrets`` are the words that must never be printed."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Words that must never be shown."""

    def token(self, send: Send) -> str:
        """A token that is believed to be good."""

    def renew(self, refused: str, send: Send) -> str | None:
        """Another token after ``refused`` got a 401, or None where there is no other."""


class GivenToken:
    """A token that somebody else got. It cannot be renewed."""

    def __init__(self, token: str) -> None:
        self._token = token

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self._token,)

    def token(self, send: Send) -> str:
        return self._token

    def renew(self, refused: str, send: Send) -> str | None:
        return None


class ClientCredentials:
    """Signs in with an OAuth client, once, and again when the token ends. Threads may share it."""

    def __init__(self, login_url: str, client_id: str, client_secret: str, clock: Clock) -> None:
        self._sign_in = SignIn(
            f"{login_url}/oauth/token", client_id, client_secret, {"grant_type": "client_credentials"}
        )
        self._clock = clock
        self._lock = threading.Lock()
        self._token: str | None = None
        # A token that was renewed may still be repeated by an answer to it.
        self._tokens: tuple[str, ...] = ()
        self._good_until = 0.0

    @property
    def secrets(self) -> tuple[str, ...]:
        sign_in = self._sign_in
        basic = base64.b64encode(f"{sign_in.user}:{sign_in.password}".encode()).decode()
        return (sign_in.password, basic, *self._tokens)

    def token(self, send: Send) -> str:
        with self._lock:
            if self._token is None or self._clock.monotonic() >= self._good_until:
                return self._get(send)
            return self._token

    def renew(self, refused: str, send: Send) -> str | None:
        with self._lock:
            if self._token == refused:
                return self._get(send)
            return self._token

    def _get(self, send: Send) -> str:
        document = send(self._sign_in)
        token = document.get("access_token") if isinstance(document, dict) else None
        if not isinstance(token, str) or not token:
            raise MalformedAnswer("The login host answered without an access_token")
        if not _can_be_sent(token):
            raise MalformedAnswer("The login host answered with an access_token that cannot be one")
        lifetime = document.get("expires_in")
        if isinstance(lifetime, bool) or not isinstance(lifetime, (int, float)) or not lifetime > 0:
            lifetime = SHORTEST_LIFE
        lifetime = min(lifetime, LONGEST_LIFE)
        self._token = token
        self._tokens = (*self._tokens, token)
        self._good_until = self._clock.monotonic() + max(lifetime - RENEW_BEFORE, lifetime / 2)
        return token


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def token_source(
    login_url: str, client_id: str | None, client_secret: str | None, access_token: str | None, clock: Clock
) -> TokenSource:
    """Choose by what is given: an access token wins. Raises InvalidArgument for none or half of the credentials."""
    if access_token and not _can_be_sent(access_token):
        raise InvalidArgument("access_token holds a line break or a character that no token has: was it read whole?")
    if access_token:
        return GivenToken(access_token)
    for name, value in (("oauthclient_id", client_id), ("oauthclient_secret", client_secret)):
        if value and not _is_text(value):
            raise InvalidArgument(f"{name} holds what is no character: was it read with the right encoding?")
    if client_id and client_secret:
        return ClientCredentials(login_url, client_id, client_secret, clock)
    variables = "GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET"
    if client_id or client_secret:
        missing, there = ("secret", "id") if client_id else ("id", "secret")
        raise InvalidArgument(
            f"oauthclient_{missing} is missing: signing in takes it besides oauthclient_{there}. "
            f"Set the option, or the environment variable GENESYSCLOUD_OAUTHCLIENT_{missing.upper()}"
        )
    raise InvalidArgument(
        f"No credentials: set oauthclient_id and oauthclient_secret (or the environment variables {variables}), "
        "or access_token (or GENESYSCLOUD_ACCESS_TOKEN)"
    )
