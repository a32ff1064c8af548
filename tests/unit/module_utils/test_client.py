# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client, over a real socket: what each kind of answer, and the lack of one, comes to."""

from __future__ import annotations

import base64
import email.utils
import importlib.util
import json
import re
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import AGENT, NOON, TODAY, FakeTime, client_for
from genesyscloud_sandbox import Organization, Sandbox

from ansible_collections.genesyscloud.usage.plugins.module_utils import body, errors
from ansible_collections.genesyscloud.usage.plugins.module_utils import client as client_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.auth import GivenToken, token_source
from ansible_collections.genesyscloud.usage.plugins.module_utils.client import Client, Request
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.session import Transport

ME = Request("GET", "/api/v2/organizations/me")
HTML = {"html": "<html><body>Please log in to the proxy</body></html>"}


def failure(organization: Any, time: FakeTime, request: Request = ME, **transport: Any) -> UsageError:
    with client_for(organization, time, **transport) as client, pytest.raises(UsageError) as caught:
        client.document(request, dict)
    caught.value.calls = client.calls  # type: ignore[attr-defined]
    return caught.value


# What goes out, and how it is counted


def test_a_request_carries_the_token_and_says_who_asks(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(title="Acme GmbH")
    with client_for(acme, time) as client:
        assert client.document(ME, dict) == {"id": acme.id, "name": "Acme GmbH"} | client.document(ME, dict)
        assert (client.calls, client.retries) == (3, 0)
    seen = [(call["method"], call["path"], call["headers"]["authorization"]) for call in sandbox.exchanges.list()]
    assert seen == [("POST", "/oauth/token", "Basic")] + [("GET", "/api/v2/organizations/me", "Bearer")] * 2
    assert {call["headers"]["user-agent"] for call in sandbox.exchanges.list()} == {AGENT}
    assert sandbox.exchanges.list(method="POST")[0]["body"] == {"grant_type": "client_credentials"}


def test_signing_in_early_is_the_same_sign_in(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make()
    with client_for(acme, time) as client:
        client.sign_in()
        client.sign_in()
        client.document(ME, dict)
        assert client.calls == 2


def test_calls_count_every_exchange_and_retries_those_that_were_repeated(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 503}, path="/organizations/me", times=3)
    sandbox.faults.add({"status": 503}, path="/oauth/token", times=1)
    with client_for(acme, time) as client:
        client.document(ME, dict)
        assert (client.calls, client.retries) == (6, 4)
    assert len(sandbox.exchanges) == 6


def test_one_connection_serves_the_calls_of_a_task(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    with client_for(acme, time) as client:
        for _call in range(5):
            client.document(ME, dict)
    assert len({call["peer"] for call in sandbox.exchanges.list()}) == 1


def test_a_429_does_not_break_the_connection(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"retry_after": 1}, path="/organizations/me", times=3)
    with client_for(acme, time) as client:
        client.document(ME, dict)
    assert len({call["peer"] for call in sandbox.exchanges.list()}) == 1


def test_the_ceiling_holds_for_all_calls_of_a_client(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(rate_limit_per_minute=4)
    with client_for(acme, time, requests_per_minute=4) as client:
        for _call in range(20):
            client.document(ME, dict)
    assert {call["status"] for call in sandbox.exchanges.list()} == {200}
    assert time.slept == pytest.approx(5 * 61.0)


# Refusals


def test_a_400_brings_the_apis_own_message_code_details_and_correlation_id(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    details = [{"errorCode": "bad.value", "fieldName": "interval"}]
    body = {"message": "The interval  is\nwrong", "code": "bad.request", "details": details, "status": 400}
    sandbox.faults.add({"body": body, "status": 400, "headers": {"inin-correlation-id": "c-42"}}, path="/me$")
    error = failure(acme, time)
    assert isinstance(error, errors.BadRequest)
    assert error.message == "HTTP 400 for GET /api/v2/organizations/me: The interval is wrong"
    assert (error.status, error.code, error.details, error.correlation_id) == (400, "bad.request", details, "c-42")
    assert error.result()["msg"].endswith("(code bad.request, correlation id c-42)")


@pytest.mark.parametrize(
    ("status", "kind", "calls"),
    [
        (400, "bad_request", 2),
        (403, "permission", 2),
        (404, "not_found", 2),
        (405, "refused", 2),
        (413, "too_large", 2),
        (418, "refused", 2),
        (500, "server_error", 2),
        (501, "server_error", 2),
    ],
)
def test_what_time_does_not_heal_is_not_repeated(make: Any, time: FakeTime, status: int, kind: str, calls: int) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": status}, path="/me$")
    error = failure(acme, time)
    assert (error.kind, error.status, error.calls) == (kind, status, calls)  # type: ignore[attr-defined]
    assert error.correlation_id
    assert time.sleeps == []


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ({"status": 408}, "timeout"),
        ({"status": 429}, "rate_limited"),
        ({"status": 502}, "unavailable"),
        ({"status": 503}, "unavailable"),
        ({"status": 504}, "unavailable"),
        ({"reset_before": True}, "connection"),
        ({"reset_after": True}, "connection"),
        ({"truncated": True}, "connection"),
    ],
)
def test_what_may_pass_is_repeated_until_it_does_or_the_budget_is_spent(
    make: Any, time: FakeTime, action: dict[str, Any], kind: str
) -> None:
    sandbox, acme = make()
    passing = sandbox.faults.add(action, path="/me$", times=4)
    with client_for(acme, time) as client:
        assert client.document(ME, dict)["id"] == acme.id
        assert client.retries == passing.fired == 4
    sandbox.faults.add(action, path="/me$")
    before = time.now
    error = failure(acme, time, retry_timeout=60)
    assert error.kind == kind
    assert "It was retried for as long as retry_timeout allows (60 s)" in error.message
    assert 30 < time.now - before <= 60


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_pauses_double_are_shortened_by_chance_and_stay_within_the_budget(chance: float) -> None:
    time = FakeTime(chance)
    with Sandbox([Organization("acme")], clock=time.monotonic, today=TODAY) as sandbox:
        sandbox.faults.add({"status": 503}, path="/me$")
        failure(sandbox.organizations[0], time, retry_timeout=120)
    ideal = [0.5, 1, 2, 4, 8, 16, *[30] * 20]
    assert time.sleeps == pytest.approx([pause * (1 - chance / 2) for pause in ideal[: len(time.sleeps)]])
    assert time.slept <= 120


def test_without_a_budget_nothing_is_repeated(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 503}, path="/me$")
    error = failure(acme, time, retry_timeout=0)
    assert error.calls == 2  # type: ignore[attr-defined]
    assert "retried" not in error.message
    assert time.sleeps == []


def test_without_a_budget_a_failure_says_all_the_same_how_long_the_server_asked_for(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 429, "retry_after": 42}, path="/me$")
    error = failure(acme, time, retry_timeout=0)
    assert (error.kind, error.calls) == ("rate_limited", 2)  # type: ignore[attr-defined]
    assert error.message.endswith("The server asks to wait 42 s, which does not fit into retry_timeout (0 s)")
    assert time.sleeps == []


def test_hints_are_added_to_the_status_they_are_for(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(kind="forbidden")
    request = Request("POST", "/api/v2/usage/query", body={}, hints={403: "The credentials need x:y", 404: "no"})
    error = failure(acme, time, request)
    assert error.kind == "permission"
    assert error.message.endswith(". The credentials need x:y")


# Rate limits


@pytest.mark.parametrize(
    "asked",
    ["42", "42.0", " 42 ", email.utils.formatdate(NOON + 42, usegmt=True)],
    ids=["int", "float", "blank", "date"],
)
def test_retry_after_is_honoured_in_full_in_either_form(make: Any, time: FakeTime, asked: str) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"retry_after": asked}, path="/me$", times=2)
    with client_for(acme, time, retry_timeout=120) as client:
        client.document(ME, dict)
    assert time.sleeps[0] == pytest.approx(42.0)
    # A date does not move: the second time it is over, and our own pace counts.
    assert time.sleeps[1] == pytest.approx(1.0 if "GMT" in asked else 42.0)


@pytest.mark.parametrize("asked", [7200, 120.5, email.utils.formatdate(NOON + 7200, usegmt=True)])
def test_a_wait_that_does_not_fit_fails_at_once_and_says_what_was_asked_for(
    make: Any, time: FakeTime, asked: Any
) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"retry_after": asked}, path="/me$")
    error = failure(acme, time, retry_timeout=120)
    assert error.kind == "rate_limited"
    assert re.search(r"asks to wait (7200|120) s, which does not fit into retry_timeout \(120 s\)", error.message)
    assert error.calls == 2  # type: ignore[attr-defined]
    assert time.sleeps == []


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "-5"}, {"Retry-After": ""}])
def test_a_429_that_does_not_say_how_long_is_repeated_at_our_own_pace(
    make: Any, time: FakeTime, headers: dict[str, str]
) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 429, "headers": headers}, path="/me$", times=3)
    with client_for(acme, time) as client:
        client.document(ME, dict)
    assert time.sleeps == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("asked", [0, "0.0", email.utils.formatdate(NOON - 60, usegmt=True)])
def test_a_server_that_asks_for_no_pause_is_repeated_at_our_own_pace(make: Any, time: FakeTime, asked: Any) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"retry_after": asked}, path="/me$")
    error = failure(acme, time, retry_timeout=60)
    assert time.sleeps == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert "It was retried for as long as retry_timeout allows (60 s)" in error.message


def test_several_waits_that_fit_one_by_one_but_not_together_end_within_the_budget(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"retry_after": 50}, path="/me$")
    error = failure(acme, time, retry_timeout=120)
    assert time.sleeps == [50.0, 50.0]
    assert "asks to wait 50 s" in error.message


def test_the_login_hosts_own_rate_limit_is_repeated_like_a_429(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    fault = sandbox.faults.add({"login_rate_limit": True}, path="/oauth/token", times=2)
    with client_for(acme, time) as client:
        client.document(ME, dict)
    assert fault.fired == 2
    sandbox.faults.add({"login_rate_limit": True}, path="/oauth/token")
    error = failure(acme, time)
    assert (error.kind, error.status, error.code) == ("rate_limited", 400, "invalid_request")


# Signing in


def test_wrong_credentials_are_one_exchange_with_the_login_hosts_own_words(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    acme_url = acme.api_url
    tokens = token_source(acme_url, acme.oauthclient_id, "wrong", None, time.clock)
    with client_for(acme, time, tokens) as client, pytest.raises(errors.AuthenticationError) as caught:
        client.document(ME, dict)
    assert caught.value.message == (
        "HTTP 400 for the sign-in at 127.0.0.1: authentication failed. "
        "Check oauthclient_id and oauthclient_secret, and that the OAuth client is of this region"
    )
    assert caught.value.code == "invalid_client"
    assert len(sandbox.exchanges) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_sign_in_is_refused_by_other_statuses_too(make: Any, time: FakeTime, status: int) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": status}, path="/oauth/token")
    error = failure(acme, time)
    assert error.status == status
    assert "the sign-in at 127.0.0.1" in error.message


def test_a_401_renews_the_token_once_and_the_request_goes_through(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    with client_for(acme, time) as client:
        client.document(ME, dict)
        sandbox.expire_tokens()
        client.document(ME, dict)
    assert [(call["path"], call["status"]) for call in sandbox.exchanges.list()] == [
        ("/oauth/token", 200),
        (ME.path, 200),
        (ME.path, 401),
        ("/oauth/token", 200),
        (ME.path, 200),
    ]


def test_a_401_that_stays_ends_after_one_renewal(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 401}, path="/me$")
    error = failure(acme, time)
    assert error.kind == "authentication"
    assert "The access token is wrong, has expired, or belongs to another region" in error.message
    assert [call["path"] for call in sandbox.exchanges.list()] == ["/oauth/token", ME.path, "/oauth/token", ME.path]


def test_a_given_token_that_is_refused_is_never_renewed(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    with client_for(acme, time, GivenToken("stale")) as client, pytest.raises(errors.AuthenticationError):
        client.document(ME, dict)
    assert [(call["path"], call["status"]) for call in sandbox.exchanges.list()] == [(ME.path, 401)]


def test_a_token_is_renewed_before_it_ends(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(token_lifetime=300)
    with client_for(acme, time) as client:
        client.document(ME, dict)
        time.pass_by(280)
        client.document(ME, dict)
    assert [call["status"] for call in sandbox.exchanges.list()] == [200] * 4


# Answers that are none


@pytest.mark.parametrize(
    "action", [HTML, {"html": True}, {"malformed_json": True}, {"truncated_json": True}, {"empty": True}]
)
def test_an_answer_that_is_not_json_is_said_to_be_none_and_not_repeated(
    make: Any, time: FakeTime, action: dict[str, Any]
) -> None:
    sandbox, acme = make()
    sandbox.faults.add(action, path="/me$")
    error = failure(acme, time)
    assert isinstance(error, errors.MalformedAnswer)
    assert "is not JSON, or cut off" in error.message
    assert "proxy" in error.message
    assert error.status == 200
    assert error.calls == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [400, 403, 500])
def test_an_error_page_is_not_shown_but_named(make: Any, time: FakeTime, status: int) -> None:
    sandbox, acme = make()
    sandbox.faults.add({**HTML, "status": status}, path="/me$")
    error = failure(acme, time)
    assert "the answer is not JSON; does api_url lead to Genesys Cloud" in error.message
    assert "log in" not in error.message


@pytest.mark.parametrize("body", [[], ["x"], "text", 7, {"message": 7, "code": [], "details": "no"}])
def test_an_error_body_of_other_types_does_no_harm(make: Any, time: FakeTime, body: Any) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": body, "status": 404}, path="/me$")
    error = failure(acme, time)
    assert (error.kind, error.code, error.details) == ("not_found", None, [])
    assert error.message == "HTTP 404 for GET /api/v2/organizations/me"


@pytest.mark.parametrize("status", [200, 400, 500])
def test_json_too_deep_to_read_is_an_error_of_the_family(make: Any, time: FakeTime, status: int) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"html": "[" * 60_000, "status": status}, path="/me$")
    assert failure(acme, time).kind in {"malformed", "bad_request", "server_error"}


def test_a_document_without_end_is_refused_before_it_fills_the_memory(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"gzip_bomb": 64}, path="/me$")
    error = failure(acme, time)
    assert isinstance(error, errors.TooLarge)
    assert "16 MiB" in error.message


def test_an_endless_error_page_is_read_to_its_bound_only(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"gzip_bomb": 64, "status": 400}, path="/me$")
    assert failure(acme, time).kind == "bad_request"


def test_an_answer_that_cannot_be_unpacked_is_malformed(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"html": "plain", "headers": {"Content-Encoding": "gzip"}}, path="/me$")
    error = failure(acme, time)
    assert isinstance(error, errors.MalformedAnswer)
    assert "cannot be decompressed" in error.message


def test_what_was_read_before_a_connection_broke_is_read_anew(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"truncated": True}, path="/me$", times=2)
    begun = []

    def read(chunks: Any) -> bytes:
        begun.append(1)
        return b"".join(chunks)

    with client_for(acme, time) as client:
        assert json.loads(client.call(ME, read))["id"] == acme.id
    assert len(begun) == 3


def test_an_answer_that_drips_is_a_time_out(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    waits = iter([20, 20])
    # After the second wait nothing more comes, but by then the client has gone.
    sandbox._server.wait = lambda _seconds: time.pass_by(next(waits))
    sandbox.faults.add({"slow_body": 20, "bytes": 8}, path="/me$")
    error = failure(acme, time, timeout=30, retry_timeout=0)
    assert isinstance(error, errors.RequestTimeout)
    assert re.search(r"/me is too slow: \d+ bytes in 40 s \(timeout is 30 s\)", error.message)


def test_a_long_answer_has_the_time_for_each_piece_of_it(time: FakeTime) -> None:
    def chunks() -> Iterator[bytes]:
        for _number in range(8):
            time.pass_by(20)
            yield b"x" * (body.PIECE // 2 + 1)

    def slow() -> Iterator[bytes]:
        yield b"x"
        time.pass_by(31)
        yield b"x"

    def patient(given: Iterator[bytes]) -> Iterator[bytes]:
        return body.in_time("it", given, time.monotonic(), 45.0, time.clock)

    assert len(list(patient(chunks()))) == 8
    reader = patient(slow())
    assert next(reader) == b"x"
    # What is done with a piece is not the server's fault.
    time.pass_by(1000)
    assert list(reader) == [b"x"]
    with pytest.raises(errors.RequestTimeout):
        list(body.in_time("it", slow(), time.monotonic(), 30.0, time.clock))


@pytest.mark.parametrize("location", ["http://[::1", "//", "", "http://\x00:99999999/", "%", "http://user:pw@/"])
def test_where_a_redirect_leads_is_not_even_read(make: Any, time: FakeTime, location: str) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"redirect": 302, "headers": {"Location": location}}, path="/me$")
    error = failure(acme, time)
    assert (error.kind, error.status) == ("redirect", 302)


# Connections that do not come about


def url_client(url: str, time: FakeTime, **transport: Any) -> Client:
    return Client(url, GivenToken("the-token"), Transport(**{"timeout": 5.0, **transport}), time.clock, AGENT)


def test_a_refused_connection_is_said_to_be_refused_and_not_repeated(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(kind="unreachable")
    error = failure(acme, time)
    assert isinstance(error, errors.ConnectionFailed)
    assert "refuses the connection; check region, api_url" in error.message
    assert acme.api_url.partition("//")[2] in error.message
    assert time.sleeps == []


def test_a_name_that_does_not_resolve_is_named(time: FakeTime) -> None:
    with pytest.raises(errors.ConnectionFailed, match=r"host name api\.nowhere\.invalid does not resolve"):
        url_client("https://api.nowhere.invalid", time).document(ME, dict)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_answer_that_does_not_come_is_a_timeout_that_may_be_repeated(silent: str, time: FakeTime) -> None:
    client = url_client(silent, time, timeout=0.02, retry_timeout=2)
    with pytest.raises(errors.RequestTimeout, match=r"within 0.02 s for GET /api/v2/organizations/me") as caught:
        client.document(ME, dict)
    assert "It was retried for as long as retry_timeout allows (2 s)" in caught.value.message
    assert (client.calls, client.retries) == (3, 2)
    client.close()


def test_an_answer_that_stops_on_the_way_is_repeated_too(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    fault = sandbox.faults.add({"slow_body": 60, "bytes": 8}, path="/me$", times=1)
    with client_for(acme, time, timeout=0.3) as client:
        assert client.document(ME, dict)["id"] == acme.id
        assert client.retries >= fault.fired == 1


def test_a_proxy_that_is_not_there_is_named(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(kind="unreachable")
    client = url_client("https://api.mypurecloud.ie", time, proxy=acme.api_url)
    with pytest.raises(errors.ConnectionFailed, match=r"The proxy did not connect to api\.mypurecloud\.ie"):
        client.document(ME, dict)


def test_a_proxy_is_used(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(access_tokens=("the-token",))
    client = url_client("http://127.0.0.1:1", time, proxy=acme.api_url)
    with pytest.raises(UsageError):
        client.document(ME, dict)
    assert [call["path"] for call in sandbox.exchanges.list()] == [f"http://127.0.0.1:1{ME.path}"]
    client.close()


# TLS


def test_a_certificate_that_nobody_trusts_names_the_option_that_helps(
    make: Any, time: FakeTime, certificate: tuple[str, str]
) -> None:
    sandbox, acme = make(tls=certificate)
    error = failure(acme, time)
    assert isinstance(error, errors.TlsError)
    assert "is not trusted: self-signed certificate" in error.message
    assert "ca_path" in error.message
    assert len(sandbox.exchanges) == 0
    assert time.sleeps == []


def test_an_authority_of_ones_own_is_trusted_through_ca_path(
    make: Any, time: FakeTime, certificate: tuple[str, str]
) -> None:
    _sandbox, acme = make(tls=certificate)
    with client_for(acme, time, verify=certificate[0]) as client:
        assert client.document(ME, dict)["id"] == acme.id


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_certificates_are_not_checked_where_the_task_says_so(
    make: Any, time: FakeTime, certificate: tuple[str, str]
) -> None:
    _sandbox, acme = make(tls=certificate)
    with client_for(acme, time, verify=False) as client:
        assert client.document(ME, dict)["id"] == acme.id


def test_plain_http_behind_an_https_address_is_a_tls_failure(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make()
    client = url_client(acme.api_url.replace("http:", "https:"), time)
    with pytest.raises(UsageError) as caught:
        client.document(ME, dict)
    assert caught.value.kind in {"tls", "connection"}


def test_a_ca_path_that_is_no_certificate_is_a_tls_failure(
    make: Any, time: FakeTime, certificate: tuple[str, str], tmp_path: Path
) -> None:
    _sandbox, acme = make(tls=certificate)
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("this is no certificate")
    error = failure(acme, time, verify=str(bundle))
    assert error.kind == "tls"
    assert "ca_path" in error.message


# Where the token goes, and what is never said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_and_the_token_goes_nowhere_else(make: Any, time: FakeTime, status: int) -> None:
    elsewhere, _other = make(name="elsewhere")
    sandbox, acme = make()
    sandbox.faults.add({"redirect": status, "location": f"{elsewhere.url}{ME.path}"}, path="/me$")
    error = failure(acme, time)
    assert isinstance(error, errors.RedirectRefused)
    assert error.status == status
    assert "redirect, which is never followed" in error.message
    assert len(elsewhere.exchanges) == 0


def test_a_redirect_of_the_sign_in_is_not_followed_either(make: Any, time: FakeTime) -> None:
    elsewhere, _other = make(name="elsewhere")
    sandbox, acme = make()
    sandbox.faults.add({"redirect": 307, "location": f"{elsewhere.url}/oauth/token"}, path="/oauth/token")
    assert failure(acme, time).kind == "redirect"
    assert len(elsewhere.exchanges) == 0


def test_netrc_is_never_read(make: Any, time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    sandbox, acme = make()
    with client_for(acme, time) as client:
        client.document(ME, dict)
    assert [call["headers"]["authorization"] for call in sandbox.exchanges.list()] == ["Basic", "Bearer"]
    assert {call["status"] for call in sandbox.exchanges.list()} == {200}


def test_no_cookie_is_sent_back_across_organizations(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 200, "headers": {"Set-Cookie": "session=1"}}, path="/oauth/token")
    with client_for(acme, time) as client:
        client.sign_in()
    with client_for(acme, time) as client:
        client.sign_in()
    assert [call["headers"].get("cookie") for call in sandbox.exchanges.list()] == [None, None]


def everything(error: UsageError) -> str:
    return json.dumps(error.result()) + error.message


SECRET = 'se"cret\\with/ünusual words'


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_secrets_never_appear_even_if_a_server_repeats_them(make: Any, time: FakeTime, status: int) -> None:
    sandbox, acme = make(oauthclient_secret=SECRET)
    basic = base64.b64encode(f"{acme.oauthclient_id}:{SECRET}".encode()).decode()
    with client_for(acme, time, retry_timeout=1) as client:
        client.sign_in()
        token = client._tokens.secrets[-1]
        words = [SECRET, token, basic]
        body = {
            "message": f"You sent {words}: {SECRET} {token} Basic {basic}",
            "code": f"bad.{token}",
            "details": [{"entityName": SECRET, "errorCode": token, "more": [basic, {SECRET: token}]}],
        }
        sandbox.faults.add({"body": body, "status": status}, path="/me$")
        with pytest.raises(UsageError) as caught:
            client.document(ME, dict)
    # After a 401 the token is another one; the first is a secret all the same.
    for word in [*words, json.dumps(SECRET)[1:-1]]:
        assert word not in everything(caught.value)
    assert caught.value.details


def test_secrets_never_appear_in_the_refusal_of_a_sign_in(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(oauthclient_secret=SECRET)
    body = {"error": SECRET, "error_description": f"No such secret: {SECRET}"}
    sandbox.faults.add({"body": body, "status": 400}, path="/oauth/token")
    error = failure(acme, time)
    assert "No such secret: ********" in error.message
    assert SECRET not in everything(error)


def test_threads_may_share_a_client(make: Any, time: FakeTime) -> None:
    sandbox, acme = make()
    with client_for(acme, time, connections=8) as client:
        threads = [threading.Thread(target=client.document, args=(ME, dict)) for _number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert client.calls == 33
    assert len(sandbox.exchanges.list(path="/oauth/token")) == 1


def test_without_the_library_the_module_can_still_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    name = f"{client_module.__name__}_without_requests"
    spec = importlib.util.spec_from_file_location(name, client_module.__file__)
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, again)
    spec.loader.exec_module(again)
    assert (again.HAS_REQUESTS, client_module.HAS_REQUESTS) == (False, True)
