# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults: what each action looks like on the wire, and which requests it meets."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from typing import Any

import pytest
from genesyscloud_sandbox import Fault, Sandbox

from .conftest import Caller, Make, row

ME = "/api/v2/organizations/me"
QUERY = "/api/v2/usage/query"
BODY = {"interval": "2026-03-01/2026-03-02"}


def raw(sandbox: Sandbox, path: str = ME) -> bytes:
    """What the sandbox sends for one request until the connection ends; a reset is b"RST" at the end."""
    host, port = sandbox.url.partition("//")[2].split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer given\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        try:
            while part := connection.recv(1 << 20):
                received += part
        except ConnectionResetError:
            received += b"RST"
    return received


def results(caller: Caller, path: str = QUERY) -> Any:
    return caller.query(path, BODY)


def test_a_status_has_the_services_own_shape(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"status": 503}, times=1)
    sandbox.faults.add({"status": 403}, path=r"/query$", times=1)
    sandbox.faults.add({"status": 429}, times=1)
    sandbox.faults.add({"status": 500, "body": {"message": "mine"}, "headers": {"X-Y": "z"}}, times=1)
    answer = caller.call("GET", ME)
    assert (answer.status, answer.json["status"], answer.json["code"]) == (503, 503, "service.unavailable")
    assert answer.json["contextId"] == answer.headers["inin-correlation-id"]
    answer = caller.call("POST", QUERY, BODY)
    assert answer.json["code"] == "missing.any.permissions"
    assert "[oauth:client:view, usage:organization:view]" in answer.json["message"]
    answer = caller.call("GET", ME)
    assert answer.status == 429
    assert "retry-after" not in answer.headers
    answer = caller.call("GET", ME)
    assert (answer.status, answer.json, answer.headers["x-y"]) == (500, {"message": "mine"}, "z")
    assert caller.call("GET", ME).status == 200


def test_faults_of_the_login_host(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"status": 503}, path="^/oauth/token$", organization="acme", times=1)
    sandbox.faults.add({"login_rate_limit": True}, path="token", times=1)
    organization = sandbox.organizations[0]
    answer = caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
    assert (answer.status, answer.json["error"]) == (503, "invalid_request")
    answer = caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
    assert (answer.status, answer.json["description"]) == (400, "rate limit exceeded")


def test_retry_after_in_both_forms(make: Make) -> None:
    sandbox, caller = make()
    when = "Tue, 10 Mar 2026 10:00:00 GMT"
    for value, status in ((7, 429), (when, 503)):
        sandbox.faults.clear()
        sandbox.faults.add({"retry_after": value, "status": status})
        answer = caller.call("GET", ME)
        assert (answer.status, answer.headers["retry-after"]) == (status, str(value))


def test_a_2xx_status_keeps_the_normal_answer(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"status": 202}, method="POST")
    answer = caller.call("POST", QUERY, BODY)
    assert answer.status == 202
    assert answer.json["executionId"]


def test_bodies_that_are_not_what_they_should_be(make: Make) -> None:
    sandbox, caller = make()
    normal = caller.call("GET", ME).body
    sandbox.faults.add({"html": True, "status": 502}, times=1)
    sandbox.faults.add({"malformed_json": True}, times=1)
    sandbox.faults.add({"truncated_json": True}, times=1)
    sandbox.faults.add({"empty": True}, times=1)
    sandbox.faults.add({"body": None}, times=1)
    sandbox.faults.add({"redirect": 307, "location": "https://other.example.com/"}, times=1)
    answer = caller.call("GET", ME)
    assert answer.status == 502
    assert answer.headers["content-type"].startswith("text/html")
    with pytest.raises(json.JSONDecodeError):
        json.loads(caller.call("GET", ME).body)
    assert caller.call("GET", ME).body == normal[: len(normal) // 2]
    assert caller.call("GET", ME).body == b""
    assert caller.call("GET", ME).body == b"null"
    answer = caller.call("GET", ME)
    assert (answer.status, answer.headers["location"]) == (307, "https://other.example.com/")


def test_truncated_says_more_than_it_sends(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"truncated": True})
    with pytest.raises(http.client.IncompleteRead):
        caller.call("GET", ME)


def test_resets(make: Make) -> None:
    sandbox, _caller = make()
    sandbox.faults.add({"reset_before": True}, times=1)
    sandbox.faults.add({"reset_after": True}, times=1)
    assert raw(sandbox) == b"RST"
    received = raw(sandbox)
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert received.endswith(b"\r\n\r\nRST")
    assert raw(sandbox).endswith(b"}")
    assert [one["status"] for one in sandbox.exchanges.list()] == [None, 200, 200]


def test_slow_and_late_answers_arrive_whole(make: Make) -> None:
    """The fixture's sandbox does not really sleep."""
    sandbox, caller = make(delay=5.0)
    normal = caller.call("GET", ME).body
    sandbox.faults.add({"slow_body": 10}, times=1)
    sandbox.faults.add({"hang": 3600}, times=1)
    assert caller.call("GET", ME).body == normal
    assert caller.call("GET", ME).body == normal


def test_a_length_that_is_not_the_bodys(make: Make) -> None:
    sandbox, caller = make()
    whole = caller.call("GET", ME).body
    sandbox.faults.add({"wrong_length": -10}, times=1)
    sandbox.faults.add({"wrong_length": 10}, times=1)
    short, long = raw(sandbox), raw(sandbox)
    assert f"Content-Length: {len(whole) - 10}\r\n".encode() in short
    assert f"Content-Length: {len(whole) + 10}\r\n".encode() in long
    assert short.endswith(whole)
    assert long.endswith(whole)


def test_any_bytes(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"raw": "\x00\xff{", "status": 404, "headers": {"X-Y": "z"}})
    answer = caller.call("GET", ME)
    assert (answer.status, answer.body, answer.headers["x-y"]) == (404, b"\x00\xff{", "z")


def test_who_goes_away_refuses_every_further_connection(make: Make) -> None:
    sandbox, _caller = make()
    sandbox.faults.add({"go_away": True})
    assert raw(sandbox) == b"RST"
    with pytest.raises(ConnectionRefusedError):
        raw(sandbox)
    assert [one["status"] for one in sandbox.exchanges.list()] == [None]


def test_a_list_that_gives_the_same_next_page_again_and_again(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"repeat_page": True})
    path = "/api/v2/oauth/clients"
    assert len({caller.call("GET", path + query).json["nextUri"] for query in ("", "?pageNumber=2")}) == 1


def test_large_bodies(make: Make) -> None:
    sandbox, caller = make()
    sandbox.faults.add({"gzip_bomb": 8}, times=1)
    sandbox.faults.add({"big_body": 2}, times=1)
    packed = caller.call("GET", ME)
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < 20_000
    unpacked = gzip.decompress(packed.body)
    assert len(unpacked) > 8 << 20
    assert json.loads(unpacked)["queryStatus"] == "Running"
    assert len(caller.call("GET", ME).body) > 2 << 20


def test_states(make: Make) -> None:
    sandbox, caller = make(traffic=[row("2026-03-01")])
    sandbox.faults.add({"unknown_state": "Paused"}, times=1)
    sandbox.faults.add({"failed_state": "Cancelled", "errorBody": True}, times=1)
    sandbox.faults.add({"failed_state": True}, times=1)
    assert results(caller).json == {"queryStatus": "Paused"}
    cancelled = results(caller, "/api/v2/usage/aggregates/query/jobs").json
    assert cancelled["queryStatus"] == "Cancelled"
    assert cancelled["errorBody"]["message"]
    assert results(caller).json == {"queryStatus": "Failed"}
    assert results(caller).json["queryStatus"] == "Complete"


def test_a_cursor_that_comes_again(make: Make) -> None:
    sandbox, caller = make(traffic=[row("2026-03-01")])
    sandbox.faults.add({"repeat_cursor": True})
    job = caller.call("POST", "/api/v2/usage/aggregates/query/jobs", BODY).json["resultsUri"]
    first = caller.call("GET", job).json
    assert caller.call("GET", first["nextUri"]).json["nextUri"] == first["nextUri"]
    assert results(caller).json["cursors"]["after"]


def test_rows_that_come_again(make: Make) -> None:
    sandbox, caller = make(traffic=[row("2026-03-01")])
    sandbox.faults.add({"repeat_rows": True})
    job = caller.call("POST", "/api/v2/usage/aggregates/query/jobs", BODY).json["resultsUri"]
    pages = [caller.call("GET", job).json]
    for _number in range(5):
        pages.append(caller.call("GET", pages[-1]["nextUri"]).json)
    assert len({page["nextUri"] for page in pages}) == 6
    assert all(page["entities"] == pages[0]["entities"] for page in pages)


def test_wrong_types(make: Make) -> None:
    sandbox, caller = make(traffic=[row("2026-03-01")])
    sandbox.faults.add({"wrong_types": True}, path="results", times=1)
    sandbox.faults.add({"wrong_types": "envelope"}, path="results", times=1)
    answer = results(caller).json
    assert answer["queryStatus"] == "Complete"
    assert (answer["results"][0]["requests"], answer["results"][0]["clientId"]) == ("n/a", {"unexpected": "c1"})
    assert results(caller).json["results"] == {"unexpected": 1}


def test_after_and_times_count_matches_only(make: Make) -> None:
    sandbox, caller = make()
    fault = sandbox.faults.add({"status": 500}, method="GET", path="/me$", organization="acme", after=1, times=2)
    sandbox.faults.add({"status": 500}, organization="another")
    caller.call("GET", "/api/v2/oauth/clients")
    assert [caller.call("GET", ME).status for _call in range(5)] == [200, 500, 500, 200, 200]
    assert (fault.fired, fault.seen) == (2, 5)
    assert [one["fault"] for one in sandbox.exchanges.list(path="/me")] == [None, "status", "status", None, None]


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"action": {}},
        {"action": {"explode": True}},
        {"action": {"html": True, "empty": True}},
        {"action": {"status": 500}, "time": 1},
        {"action": {"status": 500}, "match": {"host": "x"}},
    ],
)
def test_misspelled_faults_are_refused(item: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needs one of these actions|a fault is"):
        Fault.from_dict(item)
