# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an operation needs besides its options, and the connection that its options stand for.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..addresses import in_the_clear, is_loopback, proxy_url, stays_here
from ..auth import TokenSource, token_source
from ..client import Client
from ..clock import Clock
from ..errors import InvalidArgument
from ..progress import Tell
from ..regions import Endpoints, endpoints
from ..session import Transport
from ..usage import Waiting

AGENT = "ansible-collection/genesyscloud.usage"

Params = Mapping[str, Any]


def _ignore(_message: str) -> None:
    """Where nobody listens."""


@dataclass(frozen=True)
class Context:
    """The surroundings of a task. ``environ`` is only read to know which credentials the task itself gave.

    ``tell`` shows a line to whoever watches, while the task runs; None where nobody can. ``host`` is whose task it is
    in the inventory, for such a line.
    """

    check_mode: bool = False
    clock: Clock = field(default_factory=Clock)
    environ: Mapping[str, str] = field(default_factory=dict)
    warn: Callable[[str], None] = _ignore
    tell: Tell | None = None
    host: str = ""


def _positive(params: Params, *names: str, zero: bool = False) -> None:
    for name in names:
        value = params[name]
        if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
            raise InvalidArgument(f"{name} must be {'0 or more' if zero else 'more than 0'}, not {value:g}")


def _file(params: Params, name: str) -> str | None:
    path: str | None = params.get(name)
    if path and not os.path.exists(path):
        raise InvalidArgument(f"{name}: there is no {path}")
    return path


def _transport(params: Params, where: Endpoints, connections: int) -> Transport:
    _positive(params, "timeout")
    _positive(params, "retry_timeout", "requests_per_minute", zero=True)
    certificate, key = _file(params, "client_cert"), _file(params, "client_key")
    if key and not certificate:
        raise InvalidArgument("client_key is given without client_cert")
    proxy = proxy_url(params.get("proxy"))
    return Transport(
        timeout=params["timeout"],
        retry_timeout=params["retry_timeout"],
        requests_per_minute=params["requests_per_minute"],
        verify=(_file(params, "ca_path") or True) if params["validate_certs"] else False,
        certificate=(certificate, key) if certificate and key else certificate,
        proxy=proxy,
        connections=connections,
        tls=bool(proxy) or not all(map(stays_here, (where.api_url, where.login_url))),
    )


def _tokens(params: Params, context: Context, login_url: str) -> TokenSource:
    """The task's own credentials win over the environment's; among the same, an access token wins.

    Without the first rule a token left in the environment would answer for every organization of an inventory.
    """
    token, client_id = params.get("access_token"), params.get("oauthclient_id")
    from_environment = token and token == context.environ.get("GENESYSCLOUD_ACCESS_TOKEN")
    if from_environment and client_id and client_id != context.environ.get("GENESYSCLOUD_OAUTHCLIENT_ID"):
        token = None
    return token_source(login_url, client_id, params.get("oauthclient_secret"), token, context.clock)


def _check_clearness(where: Endpoints, proxy: str | None, allowed: bool, context: Context) -> None:
    """Warn of what crosses a network in the clear; where it is not allowed, only a proxy could make it do so."""
    urls = {"api_url": where.api_url, "login_url": where.login_url}
    if proxy and not allowed and any(url.startswith("http:") for url in urls.values()) and not _is_here(proxy):
        raise InvalidArgument(
            "proxy would see the token in the clear: leave proxy out, or give an address with https://"
        )
    if clear := [name for name, url in urls.items() if in_the_clear(url)]:
        context.warn(
            f"{' and '.join(clear)}: plain http to another machine, which allow_http takes. Whoever is on the way can "
            "read the secret, the token and the figures, and change them"
        )


def _is_here(proxy: str) -> bool:
    return is_loopback(urlsplit(proxy).hostname)


def connect(params: Params, context: Context, connections: int = 1) -> Client:
    """A client for the organization that the options name; nothing is sent yet. Raises InvalidArgument."""
    allowed = params["allow_http"]
    where = endpoints(params.get("region"), params.get("api_url"), params.get("login_url"), allowed)
    transport = _transport(params, where, connections)
    _check_clearness(where, transport.proxy, allowed, context)
    return Client(where.api_url, _tokens(params, context, where.login_url), transport, context.clock, AGENT)


def waiting(params: Params) -> Waiting:
    """The options of the wait. Raises InvalidArgument."""
    _positive(params, "wait_timeout", zero=True)
    _positive(params, "wait_interval")
    return Waiting(params["wait"], params["wait_timeout"], params["wait_interval"])
