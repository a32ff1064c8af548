# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and tokens reach the hosts that they are for, and no other: a second real listener records what arrives."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from fakes import AGENT, WIRES, FakeTime, context, defaults
from hostility import Answer, Got, Hostile, hostile

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.auth import GivenToken, token_source
from ansible_collections.genesyscloud.usage.plugins.module_utils.client import Client, Request
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import MalformedAnswer, UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.session import Transport

TOKEN = "SENTINEL-bearer-token-91ce"
SECRET = "SENTINEL-client-secret-40ab"
ME = "/api/v2/organizations/me"
REDIRECTS = [301, 302, 303, 307, 308]

Answering = Callable[[Got], Answer]


@pytest.fixture
def elsewhere() -> Iterator[Hostile]:
    """Another host; at the end nothing has arrived there."""
    with hostile() as made:
        yield made
        assert [(got.method, got.target) for got in made.got] == []


@pytest.fixture
def serve() -> Iterator[Callable[[Answering], Hostile]]:
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(hostile(answer))


def client(url: str, time: FakeTime, signs_in: bool = False, **transport: Any) -> Client:
    given = ("the-client", SECRET, None) if signs_in else (None, None, TOKEN)
    return Client(
        url, token_source(url, *given, time.clock), Transport(**{"timeout": 5.0, **transport}), time.clock, AGENT
    )


def failure(url: str, time: FakeTime, request: Request, **more: Any) -> UsageError:
    made = client(url, time, **more)
    try:
        with pytest.raises(UsageError) as caught:
            made.document(request, dict)
    finally:
        made.close()
    assert TOKEN not in json.dumps(caught.value.result())
    assert SECRET not in json.dumps(caught.value.result())
    return caught.value


# Redirects


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("place", ["{}" + ME, "//127.0.0.1:PORT/x", "{}/x?after=1", "https://127.0.0.1:PORT/"])
def test_no_redirect_takes_the_token_along(
    serve: Any, elsewhere: Hostile, time: FakeTime, status: int, method: str, place: str
) -> None:
    where = place.format(elsewhere.url).replace("PORT", str(elsewhere.port))
    api = serve(lambda _got: Answer(status, b"", {"Location": where}))
    error = failure(api.url, time, Request(method, ME, body={} if method == "POST" else None))
    assert (error.kind, error.status) == ("redirect", status)
    assert elsewhere.url not in error.message
    assert [got.credentials for got in api.got] == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize("status", REDIRECTS)
def test_no_redirect_takes_the_secret_along(serve: Any, elsewhere: Hostile, time: FakeTime, status: int) -> None:
    api = serve(lambda _got: Answer(status, b"", {"Location": f"{elsewhere.url}/oauth/token"}))
    assert failure(api.url, time, Request("GET", ME), signs_in=True).kind == "redirect"
    assert [got.target for got in api.got] == ["/oauth/token"]


def test_no_other_header_leads_away(serve: Any, elsewhere: Hostile, time: FakeTime) -> None:
    headers = {
        "Location": elsewhere.url,
        "Content-Location": elsewhere.url,
        "Link": f'<{elsewhere.url}>; rel="next"',
        "Refresh": f"0; url={elsewhere.url}",
        "Alt-Svc": f'h2="127.0.0.1:{elsewhere.port}"',
    }
    api = serve(lambda _got: Answer(200, {"id": "1"}, headers))
    with_headers = client(api.url, time)
    assert with_headers.document(Request("GET", ME), dict) == {"id": "1"}
    assert with_headers.document(Request("GET", ME), dict) == {"id": "1"}
    with_headers.close()
    assert len(api.got) == 2


# Addresses in answers


def usage_api(elsewhere: Hostile, name: str) -> Answering:
    """A usage service whose every address leads to another host; its second page is its last."""
    wire = WIRES[name]
    away = f"{elsewhere.url}/steal"

    def answer(got: Got) -> Answer:
        uris = {"resultsUri": f"{away}/results", "selfUri": away, "uri": away, "downloadUri": away}
        if got.target.startswith("/oauth/token"):
            return Answer(200, {"access_token": TOKEN, "expires_in": 86399, **uris})
        if re.search(wire.submit, got.target):
            return Answer(200, {wire.execution_id: "an-id", **uris}, {"Location": away})
        more = {} if "after=" in got.target else {"nextUri": f"{away}/page?after=second"}
        return Answer(200, wire.body(**more, **uris))

    return answer


def test_addresses_in_answers_are_not_called(serve: Any, elsewhere: Hostile, time: FakeTime, service: str) -> None:
    api = serve(usage_api(elsewhere, service))
    connection = {"api_url": api.url, "oauthclient_id": "the-client", "oauthclient_secret": SECRET}
    params = defaults(argspec.USAGE_QUERY, **connection, days=3, service=service)
    result = usage_query(params, context(time))
    assert result["row_count"] == 0
    assert [got.method for got in api.got] == ["POST", "POST", "GET", "GET"]
    assert "after=second" in api.got[-1].target
    assert elsewhere.url not in json.dumps(result)


@pytest.mark.parametrize(
    "uri",
    [
        "{}/steal?pageNumber=2",
        "//127.0.0.1:PORT/steal?pageNumber=2",
        "\\\\127.0.0.1:PORT\\?pageNumber=2",
        "{}/x?pageNumber=2&host=127.0.0.1:PORT",
        "/x?pageNumber=2%0d%0aHost:%20127.0.0.1:PORT",
    ],
)
def test_the_next_page_of_the_clients_is_asked_of_the_api(
    serve: Any, elsewhere: Hostile, time: FakeTime, uri: str
) -> None:
    away = uri.format(elsewhere.url).replace("PORT", str(elsewhere.port))

    def answer(got: Got) -> Answer:
        if "pageNumber=2" in got.target:
            return Answer(200, {"entities": [{"id": "c2", "name": "Second"}]})
        return Answer(200, {"entities": [{"id": "c1", "name": "First"}], "nextUri": away})

    api = serve(answer)
    params = defaults(argspec.OAUTH_CLIENT_INFO, api_url=api.url, access_token=TOKEN)
    found = oauth_client_info(params, context(time))
    assert [one["client_id"] for one in found["clients"]] == ["c1", "c2"]
    assert [got.target.partition("?")[0] for got in api.got] == ["/api/v2/oauth/clients"] * 2
    assert {got.headers["Host"] for got in api.got} == {f"127.0.0.1:{api.port}"}
    assert all("\r" not in got.target and "\n" not in got.target for got in api.got)


@pytest.mark.parametrize(
    "execution_id",
    [
        "@127.0.0.1:PORT/",
        "//127.0.0.1:PORT/",
        "../../../x",
        "a/../../b",
        "?x=",
        "#x",
        "http://127.0.0.1:PORT",
    ],
)
def test_an_id_is_one_segment_of_a_path_whatever_is_in_it(
    serve: Any, elsewhere: Hostile, time: FakeTime, execution_id: str
) -> None:
    given = execution_id.replace("PORT", str(elsewhere.port))

    def answer(got: Got) -> Answer:
        return Answer(200, {"executionId": given} if got.method == "POST" else WIRES["query"].body())

    api = serve(answer)
    usage_query(defaults(argspec.USAGE_QUERY, api_url=api.url, access_token=TOKEN, days=3), context(time))
    submitted, looked = (got.target for got in api.got)
    assert submitted == "/api/v2/usage/query"
    assert re.fullmatch(r"/api/v2/usage/query/[^/?#\s]+/results", looked)
    assert {got.headers["Host"] for got in api.got} == {f"127.0.0.1:{api.port}"}


def test_an_id_with_a_line_break_is_none(serve: Any, elsewhere: Hostile, time: FakeTime) -> None:
    api = serve(lambda _got: Answer(200, {"executionId": "a\r\nHost: evil"}))
    with pytest.raises(MalformedAnswer, match="is no id"):
        usage_query(defaults(argspec.USAGE_QUERY, api_url=api.url, access_token=TOKEN, days=3), context(time))
    assert [got.target for got in api.got] == ["/api/v2/usage/query"]


# .netrc


@pytest.mark.parametrize("signs_in", [True, False])
@pytest.mark.parametrize("host", ["machine 127.0.0.1", "default"])
def test_netrc_is_never_read(
    serve: Any, time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, signs_in: bool
) -> None:
    for name in ("netrc", ".netrc"):
        (tmp_path / name).write_text(f"{host} login somebody password NETRC-PASSWORD\n")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    api = serve(lambda got: Answer(200, {"access_token": TOKEN, "expires_in": 300}))
    made = client(api.url, time, signs_in=signs_in)
    made.document(Request("GET", ME), dict)
    made.close()
    basic = base64.b64encode(f"the-client:{SECRET}".encode()).decode()
    assert [got.credentials for got in api.got] == [f"Basic {basic}"] * signs_in + [f"Bearer {TOKEN}"]


# Proxies


class Tunnel:
    """A proxy that knows CONNECT, and leads whatever host is asked for to one port. ``heard`` is all it could read."""

    def __init__(self, target: int) -> None:
        self.heard = b""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                inbound, _peer = self._listener.accept()
                threading.Thread(target=self._lead, args=(inbound,), daemon=True).start()

    def _lead(self, inbound: socket.socket) -> None:
        with suppress(OSError), inbound:
            head = b""
            while b"\r\n\r\n" not in head:
                head += inbound.recv(4096)
            self.heard += head
            with socket.create_connection(("127.0.0.1", self._target)) as outbound:
                inbound.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=self._copy, args=(outbound, inbound, False), daemon=True)
                back.start()
                self._copy(inbound, outbound, True)
                back.join(5)

    def _copy(self, source: socket.socket, sink: socket.socket, listen: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.heard += data if listen else b""
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        self._listener.close()


@pytest.mark.parametrize("from_environment", [True, False], ids=["environment", "option"])
def test_a_proxy_leads_a_tunnel_and_sees_neither_secret_nor_token(
    certificate: tuple[str, str], time: FakeTime, monkeypatch: pytest.MonkeyPatch, from_environment: bool
) -> None:
    import ssl

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    with hostile(lambda _got: Answer(200, {"access_token": TOKEN, "expires_in": 300}), tls) as api:
        tunnel = Tunnel(api.port)
        address = tunnel.url.replace("http://", "http://proxyuser:PROXY-PASSWORD@")
        monkeypatch.setenv("HTTPS_PROXY", address if from_environment else "")
        made = client(api.url, time, signs_in=True, verify=certificate[0], proxy=None if from_environment else address)
        made.document(Request("GET", ME), dict)
        made.close()
        tunnel.stop()
        assert [got.credentials.partition(" ")[0] for got in api.got] == ["Basic", "Bearer"]
        # What is for the proxy stays with the proxy.
        assert not any("Proxy-Authorization" in got.headers for got in api.got)
    heads = tunnel.heard.partition(b"\r\n\r\n")[0].decode()
    assert heads.startswith(f"CONNECT 127.0.0.1:{api.port} HTTP/1.")
    assert base64.b64encode(b"proxyuser:PROXY-PASSWORD").decode() in heads
    basic = base64.b64encode(f"the-client:{SECRET}".encode())
    for word in (TOKEN.encode(), SECRET.encode(), basic, b"Bearer", ME.encode()):
        assert word not in tunnel.heard


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_no_variable_leads_what_is_for_this_machine_through_a_proxy_in_the_clear(
    serve: Any, elsewhere: Hostile, time: FakeTime, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, elsewhere.url)
    api = serve(lambda _got: Answer(200, {"access_token": TOKEN, "expires_in": 300}))
    made = client(api.url, time, signs_in=True)
    made.document(Request("GET", ME), dict)
    made.close()
    assert [got.target for got in api.got] == ["/oauth/token", ME]


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_repeats_its_password_is_not_repeated(time: FakeTime, status: int) -> None:
    def answer(got: Got) -> Answer:
        sent = got.headers["Proxy-Authorization"]
        said = base64.b64decode(sent.partition(" ")[2]).decode()
        return Answer(status, {"message": f"{sent} is {said}", "code": said}, {"inin-correlation-id": sent})

    with hostile(answer) as proxy:
        address = proxy.url.replace("http://", "http://proxyuser:PROXY%2DPASSWORD@")
        error = failure("http://127.0.0.1:9", time, Request("GET", ME), proxy=address, retry_timeout=0)
        assert len(proxy.got) == 1
    said = json.dumps(error.result())
    assert "********" in said
    for word in ("PROXY-PASSWORD", "PROXY%2DPASSWORD", base64.b64encode(b"proxyuser:PROXY-PASSWORD").decode()):
        assert word not in said


# A user in an address


def test_a_user_in_an_address_is_refused_before_anything_is_sent(elsewhere: Hostile, time: FakeTime) -> None:
    for url in (f"http://api@127.0.0.1:{elsewhere.port}", f"http://a:b@127.0.0.1:{elsewhere.port}"):
        params = defaults(argspec.USAGE_QUERY, api_url=url, access_token=TOKEN, days=3, allow_http=True)
        with pytest.raises(UsageError, match="must not carry a user name"):
            usage_query(params, context(time))


def test_each_organization_gets_its_own_token_only(serve: Any, time: FakeTime) -> None:
    apis = [serve(lambda _got: Answer(200, {"id": "1"})) for _number in range(3)]
    clients = [
        Client(api.url, GivenToken(f"{TOKEN}-{number}"), Transport(timeout=5.0), time.clock, AGENT)
        for number, api in enumerate(apis)
    ]
    for _turn in range(2):
        for one in clients:
            one.document(Request("GET", ME), dict)
    for number, (api, one) in enumerate(zip(apis, clients, strict=True)):
        one.close()
        assert {got.credentials for got in api.got} == {f"Bearer {TOKEN}-{number}"}
