# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server: keep-alive, admin endpoints, many at once, TLS, bulk rows, unreachable organizations."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from genesyscloud_sandbox import Fleet, Organization, Sandbox, make_fleet

from .conftest import SANDBOX_FILES, TODAY, Caller, Clock, Make, row

ME = "/api/v2/organizations/me"


def test_a_connection_stays_and_the_log_says_so(make: Make) -> None:
    sandbox, caller = make()
    for _call in range(3):
        assert caller.call("GET", ME).status == 200
    logged = sandbox.exchanges.list(method="GET", organization="acme")
    assert len({one["peer"] for one in logged}) == 1
    assert [one["number"] for one in logged] == [1, 2, 3]
    assert logged[0]["headers"]["authorization"] == "Bearer"
    caller.call("POST", "/api/v2/usage/query?x=1", {"interval": "2026-03-01/2026-03-02"})
    newest = sandbox.exchanges.list()[-1]
    assert (newest["query"], newest["body"]) == ({"x": "1"}, {"interval": "2026-03-01/2026-03-02"})
    sandbox.exchanges.clear()
    assert len(sandbox.exchanges) == 0


def test_admin_endpoints(make: Make) -> None:
    sandbox, caller = make()
    assert caller.send("GET", "/sandbox/health").json["status"] == "ok"
    fault = {"match": {"path": "/me$"}, "times": 1, "action": {"status": 500}}
    assert caller.send("POST", "/sandbox/faults", json.dumps([fault, fault]).encode()).json == {"faults": 2}
    assert caller.call("GET", ME).status == 500
    assert caller.send("DELETE", "/sandbox/faults").json == {"faults": 0}
    assert caller.call("GET", ME).status == 200
    assert caller.send("POST", "/sandbox/faults", b'[{"action": {"explode": 1}}]').status == 400
    assert [one["status"] for one in caller.send("GET", "/sandbox/exchanges?path=/me").json] == [500, 200]
    caller.send("DELETE", "/sandbox/exchanges")
    assert caller.send("GET", "/sandbox/exchanges").json == []
    assert caller.send("GET", "/sandbox/nothing").status == 404
    assert caller.send("POST", "/sandbox/stop").status == 202
    assert sandbox.wait(1)


def test_many_clients_at_once(make: Make) -> None:
    sandbox, _caller = make(traffic=[row("2026-03-01")])
    statuses: list[int] = []

    def work() -> None:
        caller = Caller(sandbox, "given")
        for _call in range(5):
            statuses.append(caller.query("/api/v2/usage/query", {"interval": "2026-03-01/2026-03-02"}).status)
        caller.connection.close()

    threads = [threading.Thread(target=work) for _number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
    assert len(sandbox.exchanges) == 400


def test_requests_that_are_no_http(make: Make) -> None:
    sandbox, caller = make()
    host, port = sandbox.url.partition("//")[2].split(":")
    for nonsense in (b"hello\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"\x16\x03\x01\r\n"):
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(nonsense)
            assert connection.recv(100) == b""
    assert caller.send("POST", ME, b"", {"Transfer-Encoding": "chunked"}).status == 411


@pytest.mark.parametrize("group_by", [None, ["OAuthClientId", "TemplateUri", "HttpMethod"], ["UserId"]])
def test_bulk_rows_of_the_query_service(make: Make, group_by: list[str] | None) -> None:
    _sandbox, caller = make(bulk_rows=1001)
    body: dict[str, Any] = {"interval": "2026-03-01/2026-03-09", "granularity": "Day"}
    if group_by:
        body["groupBy"] = group_by
    rows = caller.query("/api/v2/usage/query", body).json["results"]
    names = ("date", "clientId", "templateUri", "httpMethod", "userId")
    assert len({tuple(one[name] for name in names) for one in rows}) == len(rows) == 1001
    assert len({one["date"] for one in rows}) == 9
    assert all(one["requests"] == sum(one[f"status{code}00"] for code in range(2, 6)) for one in rows)


def test_bulk_rows_of_the_jobs_service_are_paged(make: Make) -> None:
    _sandbox, caller = make(bulk_rows=250)
    uri = caller.call("POST", "/api/v2/usage/aggregates/query/jobs", {"interval": "2026-03-01/2026-03-07"}).json[
        "resultsUri"
    ]
    seen, pages = [], 0
    while uri:
        page = caller.call("GET", uri).json
        seen += [json.dumps({**one, "status200": 0}, sort_keys=True) for one in page["entities"]]
        uri, pages = page.get("nextUri"), pages + 1
    assert (pages, len(seen), len(set(seen))) == (3, 250, 250)


def test_bulk_rows_when_there_is_no_complete_day(make: Make) -> None:
    _sandbox, caller = make(bulk_rows=10)
    answer = caller.query("/api/v2/usage/query", {"interval": "2026-03-10/2026-03-11", "granularity": "Day"})
    assert answer.json == {"queryStatus": "Complete", "results": []}


def test_an_unreachable_and_a_forbidden_organization(clock: Clock) -> None:
    with Sandbox(make_fleet(3, (3, 3), today=TODAY, broken=True), clock=clock) as sandbox:
        fine, unreachable, forbidden = sandbox.organizations
        assert [one.kind for one in sandbox.organizations] == ["ok", "unreachable", "forbidden"]
        assert fine.api_url == forbidden.api_url == sandbox.url != unreachable.api_url
        host, port = unreachable.api_url.partition("//")[2].split(":")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, int(port)), timeout=5)
        caller = Caller(sandbox)
        caller.sign_in(forbidden.oauthclient_id, forbidden.oauthclient_secret)
        body = {"interval": "2026-03-01/2026-03-02"}
        assert caller.call("POST", "/api/v2/usage/query", body).status == 403
        assert caller.call("POST", "/api/v2/usage/aggregates/query/jobs", body).status == 403
        assert caller.call("GET", "/api/v2/oauth/clients").status == 403
        assert caller.call("GET", ME).status == 200
        caller.connection.close()


def test_organizations_may_come_and_change_while_it_runs(make: Make) -> None:
    sandbox, caller = make(traffic=[])
    sandbox.add(Organization("globex", access_tokens=("other",), traffic=[row("2026-03-01")]))
    with pytest.raises(ValueError, match="two organizations globex"):
        sandbox.add(Organization("globex"))
    body = {"interval": "2026-03-01/2026-03-02"}
    assert caller.query("/api/v2/usage/query", body).json["results"] == []
    sandbox.set_traffic("acme", [row("2026-03-01", requests=3)])
    assert caller.query("/api/v2/usage/query", body).json["results"][0]["requests"] == 3
    caller.token = "other"
    assert caller.call("GET", ME).json["name"] == "globex"
    assert sandbox.organization("globex").api_url == sandbox.url
    with pytest.raises(KeyError):
        sandbox.organization("nobody")


def test_command_line(tmp_path: Path) -> None:
    """Started by its folder; it says where it is, answers, and tidies up when it is told to stop."""
    state_file = tmp_path / "state.json"
    command = [
        sys.executable, str(SANDBOX_FILES / "genesyscloud_sandbox"), "--organizations", "3", "--clients", "3-4",
        "--broken", "--state-file", str(state_file), "--lifetime", "60", "--today", "2026-03-10",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "plays 3 organizations" in process.stdout.readline()
        state = json.loads(state_file.read_text())
        assert state_file.stat().st_mode & 0o777 == 0o600
        assert state["pid"] == process.pid
        assert [one["kind"] for one in state["organizations"]] == ["ok", "unreachable", "forbidden"]
        names = {"name", "title", "id", "api_url", "oauthclient_id", "oauthclient_secret", "kind"}
        assert set(state["organizations"][0]) == names
        process.terminate()
        assert process.wait(5) == 0
    assert list(tmp_path.iterdir()) == []


def test_command_line_with_a_fleet_and_stop(tmp_path: Path) -> None:
    fleet = {
        "today": "2026-03-10",
        "organizations": [
            {"name": "acme", "clients": [{"id": "c1", "name": "One", "scope": ["users"]}], "traffic": []}
        ],
    }
    (tmp_path / "fleet.json").write_text(json.dumps(fleet))
    command = [sys.executable, "-m", "genesyscloud_sandbox", "--fleet", str(tmp_path / "fleet.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=SANDBOX_FILES) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[0]
        sandbox = Sandbox(Fleet.from_dict(fleet))
        sandbox.url = url
        caller = Caller(sandbox)
        assert caller.send("GET", "/sandbox/health").json["today"] == "2026-03-10"
        caller.send("POST", "/sandbox/stop")
        assert process.wait(5) == 0
        caller.connection.close()
        sandbox.stop()


def test_tls(tmp_path: Path) -> None:
    """A certificate made on the spot; skipped where there is no openssl command."""
    ssl = pytest.importorskip("ssl")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=sandbox", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate),
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is needed to make a certificate")
    organization = Organization("acme", access_tokens=("given",), bulk_rows=50)
    with Sandbox([organization], today=TODAY, tls=(str(certificate), str(key))) as sandbox:
        assert sandbox.url.startswith("https://")
        caller = Caller(sandbox, "given")
        context = ssl.create_default_context(cafile=str(certificate))
        caller.connection = http.client.HTTPSConnection(sandbox.url.partition("//")[2], timeout=5, context=context)
        rows = caller.query("/api/v2/usage/query", {"interval": "2026-03-01/2026-03-02"}).json["results"]
        assert len(rows) == 50
        caller.connection.close()
        with pytest.raises((OSError, http.client.HTTPException)):
            Caller(sandbox).send("GET", ME)
