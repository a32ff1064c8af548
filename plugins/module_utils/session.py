# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the library C(requests) is made to talk: TLS, credentials, redirects.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass
from typing import Any

try:
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
    from requests.sessions import Session
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    # The classes below must be definable without the library.
    AuthBase = HTTPAdapter = Session = object  # type: ignore[assignment,misc]


@dataclass(frozen=True)
class Transport:
    """How to talk: seconds, exchanges a minute, TLS and proxy. Zero switches retries or the ceiling off.

    ``tls`` is False where nothing that is said leaves this machine, all of it in plain http.
    """

    timeout: float = 30.0
    retry_timeout: float = 120.0
    requests_per_minute: int = 300
    verify: bool | str = True
    certificate: str | tuple[str, str] | None = None
    proxy: str | None = None
    connections: int = 1
    tls: bool = True


class Bearer(AuthBase):
    """Sets the token on a request. Being an explicit C(auth), it also keeps C(requests) from reading C(.netrc)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Adapter(HTTPAdapter):
    """Connections with TLS 1.2 at least, whatever the library, Python or the system is content with."""

    def __init__(self, verify: bool | str, **options: Any) -> None:
        self._tls = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, ssl_context=self._tls)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        return super().proxy_manager_for(proxy, **options, ssl_context=self._tls)


class _Session(Session):
    """A session that does not look where a redirect leads: the library would, even where it is told not to follow."""

    def get_redirect_target(self, resp: Any) -> str | None:
        return None


def open_session(transport: Transport, agent: str) -> Session:
    """A session of the library, to be used by several threads at once."""
    session = _Session()
    session.headers.update({"Accept": "application/json", "User-Agent": agent})
    make = functools.partial(_Adapter, transport.verify) if transport.tls else HTTPAdapter
    adapter = make(pool_connections=2, pool_maxsize=transport.connections)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
