# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exchanges with the API: retries, the rate limit, error bodies. The only place that touches the network.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from . import answers, body, errors, said
from .addresses import stays_here
from .auth import SignIn, TokenSource
from .clock import Clock
from .limiter import RateLimiter
from .secrecy import Hide, hiding, proxy_secrets
from .session import Bearer, Transport, open_session

try:
    import requests
    from requests.auth import HTTPBasicAuth
    from urllib3.exceptions import HTTPError
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
"""Seconds between tries where the server does not say: doubled each time, then shortened by chance by up to half."""

LONG_ENOUGH = 12
"""Characters from which on a secret is not in a text by chance. Those of Genesys Cloud have more than 40."""

T = TypeVar("T")
Read = Callable[[Iterable[bytes]], T]


@dataclass(frozen=True)
class Request:
    """One exchange with the API. ``hints`` are sentences to add to the error of a status."""

    method: str
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    hints: Mapping[int, str] = field(default_factory=dict)


class Client:
    """Talks to one organization. Threads may share it.

    ``calls`` counts every HTTP exchange, the sign-in and retries included; ``retries`` those that were repeated.
    """

    def __init__(self, api_url: str, tokens: TokenSource, transport: Transport, clock: Clock, agent: str) -> None:
        self._api_url = api_url
        self._tokens = tokens
        self._transport = transport
        self._clock = clock
        self._limiter = RateLimiter(transport.requests_per_minute, clock)
        self._lock = threading.Lock()
        self.calls = 0
        self.retries = 0
        self._session = open_session(transport, agent)

    @property
    def held_back(self) -> float:
        """Seconds that calls waited for the ceiling, summed over threads."""
        return self._limiter.waited

    def close(self) -> None:
        self._session.close()

    def sign_in(self) -> None:
        """Get a token now, so that wrong credentials are found out before anything else is begun."""
        self._tokens.token(self._send_sign_in)

    def document(self, request: Request, accept: Callable[[Any], T]) -> T:
        """What ``accept`` makes of the JSON document that answers a request. Raises a UsageError.

        An error that ``accept`` raises gets the correlation id of the answer.
        """
        return self.call(request, lambda chunks: accept(body.document(_what(request), chunks)))

    def call(self, request: Request, read: Read[T]) -> T:
        """Carry out a request; ``read`` turns the body's chunks into a result and is begun anew with every try."""
        token = self._tokens.token(self._send_sign_in)
        renewable = True
        url = self._api_url + request.path
        what = _what(request)
        while True:
            try:
                return self._tries(what, url, request, Bearer(token), read)
            except errors.AuthenticationError as error:
                another = self._tokens.renew(token, self._send_sign_in) if renewable else None
                if another is None:
                    error.message += ". The access token is wrong, has expired, or belongs to another region"
                    raise
                token, renewable = another, False

    def _send_sign_in(self, sign_in: SignIn) -> Any:
        request = Request("POST", urlsplit(sign_in.url).path, body=None)
        auth = HTTPBasicAuth(sign_in.user.encode(), sign_in.password.encode())
        what = f"the sign-in at {urlsplit(sign_in.url).hostname}"
        return self._tries(
            what, sign_in.url, request, auth, lambda chunks: body.document(_what(request), chunks), form=sign_in.form
        )

    def _tries(
        self,
        what: str,
        url: str,
        request: Request,
        auth: Any,
        read: Read[T],
        form: Mapping[str, str] | None = None,
    ) -> T:
        """One exchange, repeated while its error may pass and the budget lasts."""
        deadline = self._clock.monotonic() + self._transport.retry_timeout
        backoff = FIRST_BACKOFF
        while True:
            try:
                return self._exchange(what, url, request, auth, read, form)
            except errors.UsageError as error:
                self._redact(error)
                if hint := request.hints.get(error.status or 0):
                    error.message += f". {hint}"
                if not error.retryable:
                    raise
                # No sooner than the server asks for, and no faster than our own pace: it may ask for no time at all.
                own, asked = backoff * (1 - self._clock.chance() / 2), error.retry_after or 0.0
                backoff = min(backoff * 2, LONGEST_BACKOFF)
                pause, budget = max(own, asked), self._transport.retry_timeout
                if budget <= 0 or self._clock.monotonic() + pause > deadline:
                    error.message += _gave_up(asked if asked >= own else None, budget)
                    raise
            with self._lock:
                self.retries += 1
            self._clock.sleep(pause)

    def _exchange(
        self, what: str, url: str, request: Request, auth: Any, read: Read[T], form: Mapping[str, str] | None
    ) -> T:
        self._limiter.acquire()
        with self._lock:
            self.calls += 1
        transport = self._transport
        began = self._clock.monotonic()
        try:
            with self._session.request(
                request.method,
                url,
                params=dict(request.params),
                json=request.body,
                data=form,
                auth=auth,
                timeout=transport.timeout,
                verify=transport.verify,
                cert=transport.certificate,
                proxies=self._proxies(url),
                allow_redirects=False,
                stream=True,
            ) as response:
                chunks = body.in_time(what, body.arriving(response), began, transport.timeout, self._clock)
                if not 200 <= response.status_code < 300:
                    page = b"".join(body.bounded(chunks, answers.ERROR_BODY_LIMIT))
                    now = self._clock.wall()
                    raise answers.refusal(
                        what, response.status_code, response.headers, page, now, self.hide, sign_in=form is not None
                    )
                try:
                    return read(chunks)
                except errors.UsageError as error:
                    error.status = error.status or response.status_code
                    error.correlation_id = error.correlation_id or said.word(
                        response.headers.get("inin-correlation-id")
                    )
                    raise
        except (requests.RequestException, HTTPError) as error:
            raise answers.broken(what, urlsplit(url).netloc, error, transport.timeout) from error

    def _proxies(self, url: str) -> dict[str, str] | None:
        """The proxy of the task; None leaves it to the usual variables; an empty one means none.

        No variable leads what is for this machine itself through a proxy: the token would be in the clear there.
        """
        proxy = self._transport.proxy
        if not proxy and stays_here(url):
            proxy = ""
        return None if proxy is None else {"http": proxy, "https": proxy}

    def repeats_a_secret(self, text: str) -> bool:
        """Whether a secret or token is in a text. Short ones are in many a text by chance, and are not looked for."""
        return any(len(secret) >= LONG_ENOUGH and secret in text for secret in self._tokens.secrets)

    @property
    def hide(self) -> Hide:
        """Takes secrets and tokens out of whatever a server says."""
        return hiding((*self._tokens.secrets, *proxy_secrets(self._transport.proxy)))

    def _redact(self, error: errors.UsageError) -> None:
        """Take secrets out of an error: a gateway's error page may well repeat what it was sent."""
        hide = self.hide
        error.message, error.code, error.details = hide(error.message), hide(error.code), hide(error.details)
        error.correlation_id = hide(error.correlation_id)


def _what(request: Request) -> str:
    return f"{request.method} {request.path}"


def _gave_up(asked: float | None, budget: float) -> str:
    if asked is not None:
        return f". The server asks to wait {asked:.0f} s, which does not fit into retry_timeout ({budget:g} s)"
    return f". It was retried for as long as retry_timeout allows ({budget:g} s)" if budget > 0 else ""
