# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules as Ansible runs them: each a program that takes JSON and prints JSON."""

from __future__ import annotations

import importlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.text.converters import to_bytes
from fakes import FIGURES, FakeTime, credentials, day, traffic

from ansible_collections.genesyscloud.usage.plugins.module_utils import door

PACKAGE = "ansible_collections.genesyscloud.usage.plugins.modules"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], time: FakeTime) -> Any:
    """Runs a module in this process and returns what it printed; time is fake, the rest is Ansible's own."""

    def in_fake_time(**fields: Any) -> Any:
        return real_context(clock=time.clock, **fields)

    real_context = door.Context
    monkeypatch.setattr(door, "Context", in_fake_time)

    def call(name: str, check: bool = False, **options: Any) -> dict[str, Any]:
        own = {"_ansible_check_mode": check, "_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
        arguments = {**options, **own}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", to_bytes(json.dumps({"ANSIBLE_MODULE_ARGS": arguments})))
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(SystemExit) as caught:
            importlib.import_module(f"{PACKAGE}.{name}").main()
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert bool(result.get("failed")) is bool(caught.value.code)
        return result

    return call


def test_usage_query_prints_rows(make: Any, run: Any) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1))])
    result = run("usage_query", **credentials(acme), days=7, granularity="day")
    assert result["rows"][0]["requests"] == 10
    assert result["rows"][0].keys() == {"date", "client_id", "client_name", *FIGURES}


def test_an_option_that_is_refused_is_a_failure_to_branch_on(run: Any) -> None:
    result = run("usage_query", dayz=7)
    assert result["msg"].startswith("Unknown option: dayz. Did you mean days? Known options are access_token, ")
    assert result["failure"]["kind"] == "invalid_argument"
    result = run("usage_query", days="many")
    # Older releases of Ansible do not say what was given.
    assert re.search("argument '?days'? is of type .* to int", result["failure"]["message"])


def test_usage_results_reads_what_was_submitted(make: Any, run: Any) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1))])
    submitted = run("usage_query", **credentials(acme), days=7, wait=False)
    result = run("usage_results", **credentials(acme), executions=[submitted["execution"]])
    assert result["totals"]["requests"] == 10


def test_oauth_client_usage_fails_with_the_others_in_its_result(make: Any, run: Any) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1))])
    result = run("oauth_client_usage", **credentials(acme), client_ids=["c1", "nobody"], days=7)
    assert (result["failed"], result["failed_clients"]) == (True, ["nobody"])
    assert result["clients"][0]["totals"]["requests"] == 10


def test_oauth_client_info_never_shows_a_secret(make: Any, run: Any) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1))])
    result = run("oauth_client_info", **credentials(acme))
    assert [client["client_id"] for client in result["clients"]] == ["c1"]
    assert "SECRET" not in json.dumps(result)


@pytest.mark.parametrize("check", [True, False])
def test_usage_store_makes_a_store_and_not_in_check_mode(
    run: Any, store_url: str, store_path: Path, check: bool
) -> None:
    assert run("usage_store", check, store=store_url)["changed"] is True
    assert store_path.exists() is not check


def test_usage_gate_fails_with_its_verdict(make: Any, run: Any) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1), ok=10)])
    asked = run("usage_query", **credentials(acme), days=7, granularity="day")
    rules = [{"id": "busy", "metric": "requests", "op": "<=", "value": 9}]
    given = {"rows": asked["rows"], "query": asked["query"], "rules": rules, "builtin_rules": []}
    result = run("usage_gate", **given)
    assert (result["failed"], result["failure"]["kind"], result["verdict"]) == (True, "gate", "fail")
    assert result["findings"][0]["measured"] == 10
    result = run("usage_gate", **given, fail=False)
    assert (result.get("failed"), result["exit_code"], result["blocks"]) == (None, 2, True)


def test_an_id_is_not_blanked_in_the_rows_and_a_secret_is_nowhere(make: Any, run: Any) -> None:
    _sandbox, acme = make()
    acme.traffic = [traffic(day(1), acme.oauthclient_id)]
    result = run("usage_query", **credentials(acme), days=7)
    assert result["rows"][0]["client_id"] == acme.oauthclient_id
    assert acme.oauthclient_secret not in json.dumps(result)


def test_a_failure_is_printed_with_its_kind(make: Any, run: Any) -> None:
    _sandbox, acme = make(kind="forbidden")
    result = run("usage_query", **credentials(acme), days=7)
    assert (result["failed"], result["failure"]["kind"], result["failure"]["status"]) == (True, "permission", 403)
    assert result["failure"]["correlation_id"] in result["msg"]


def test_credentials_come_from_the_environment(make: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _sandbox, acme = make(traffic=[])
    monkeypatch.setenv("GENESYSCLOUD_OAUTHCLIENT_ID", acme.oauthclient_id)
    monkeypatch.setenv("GENESYSCLOUD_OAUTHCLIENT_SECRET", acme.oauthclient_secret)
    assert run("usage_query", api_url=acme.api_url, days=7)["rows"] == []


def test_a_token_left_in_the_environment_does_not_answer_for_another_client(
    make: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox, acme = make(traffic=[])
    monkeypatch.setenv("GENESYSCLOUD_ACCESS_TOKEN", "stale")
    assert run("usage_query", **credentials(acme), days=7)["rows"] == []
    assert len(sandbox.exchanges.list(path="/oauth/token")) == 1


@pytest.mark.parametrize("name", ["usage_query", "usage_results", "oauth_client_usage", "oauth_client_info"])
def test_without_the_library_a_module_says_which_is_missing(
    run: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(door, "HAS_REQUESTS", False)
    options = {"client_ids": ["c"]} if name == "oauth_client_usage" else {}
    result = run(name, **options)
    assert result["failed"] is True
    assert "requests" in result["msg"]
    assert result["failure"]["kind"] == "missing_library"
    assert "Traceback" not in repr(result)


def test_the_store_and_the_gate_need_no_library(run: Any, monkeypatch: pytest.MonkeyPatch, store_url: str) -> None:
    monkeypatch.setattr(door, "HAS_REQUESTS", False)
    assert run("usage_gate", rows=[], fail=False)["verdict"] == "unknown"
    assert run("usage_store", store=store_url)["changed"] is True


def test_a_report_needs_no_library_for_the_network(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: Any
) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1))])
    store = f"sqlite:///{tmp_path}/usage.db"
    run("usage_query", **credentials(acme), days=7, granularity="day", group_by=["client_id"], store=store)
    monkeypatch.setattr(door, "HAS_REQUESTS", False)
    made = run("usage_report", store=store, days=7, dest=str(tmp_path / "report.html"))
    assert (made["changed"], made["totals"]["requests"]) == (True, 10)
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
