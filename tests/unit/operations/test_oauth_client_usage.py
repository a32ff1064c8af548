# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation oauth_client_usage, against the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, Wire, context, credentials, day, defaults, looks, submits, traffic
from tasks import BASE, TRAFFIC, clients, keep, ledger, results

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec, errors
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import (
    oauth_client_usage,
)


def test_two_hundred_clients_are_one_sign_in_and_two_calls_each(
    make: Any, time: FakeTime, store_url: str, tmp_path: Path, service: str, wire: Wire
) -> None:
    ids = [f"c{n:03}" for n in range(200)]
    many = [traffic(day(1), client, number + 1) for number, client in enumerate(ids)]
    sandbox, acme = make(traffic=many, answer_after=0.05)
    result = clients(
        acme,
        time,
        ids,
        service=service,
        requests_per_minute=0,
        granularity="day",
        store=store_url,
        return_rows=True,
        organization="o",
    )
    assert len(sandbox.exchanges.list(path="/oauth/token")) == 1
    assert len(submits(sandbox, wire)) == 200
    assert result["api_calls"] == len(sandbox.exchanges) == 2 + 200 + len(looks(sandbox, wire))
    assert [entry["client_id"] for entry in result["clients"]] == ids
    assert [entry["totals"]["requests"] for entry in result["clients"]] == list(range(1, 201))
    assert result["totals"]["requests"] == 200 * 201 // 2
    assert result["failed_clients"] == []
    assert result["stored"]["inserted"] == result["row_count"] == 200
    exported = keep(store_url, time, export={"dest": str(tmp_path / "out.csv"), "client_id": "c007"})
    assert exported["exported"]["totals"]["requests"] == 8


def test_a_result_has_an_entry_for_each_client_with_its_name(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    result = clients(acme, time, ["c2", "c1"], service=service)
    assert result.keys() == BASE | {"clients", "failed_clients", "row_count", "totals", "query"}
    first = result["clients"][0]
    assert first.keys() == {
        "client_id", "client_name", "execution", "executions", "rows", "row_count", "totals", "error"
    }  # fmt: skip
    # Of one client's jobs no row says whose it is.
    name = {"query": "Client c2", "jobs": None}[service]
    assert (first["client_id"], first["client_name"], first["execution"]["client_id"]) == ("c2", name, "c2")
    assert first["executions"] == [first["execution"]]


def test_clients_that_fail_are_named_and_stop_no_other(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    result = clients(acme, time, ["c1", "nobody", "c2"], service=service, fail_on_client_error=False)
    assert result["failed_clients"] == ["nobody"]
    assert [bool(entry["error"]) for entry in result["clients"]] == [False, True, False]
    assert result["clients"][1]["error"]["kind"] == "not_found"
    assert result["totals"]["requests"] == 38


def test_a_failed_client_fails_the_task_which_returns_the_others(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    options = {"granularity": "day", "store": store_url, "organization": "acme", "run_id": "r"}
    with pytest.raises(errors.ClientsFailed) as caught:
        clients(acme, time, ["c1", "nobody", "nowhere"], service=service, **options)
    result = caught.value.result()
    assert result["msg"].startswith("2 of 3 OAuth clients failed: nobody, nowhere. The first: HTTP 404")
    assert (result["failure"]["kind"], result["failure"]["status"]) == ("clients_failed", 404)
    assert result["failed_clients"] == ["nobody", "nowhere"]
    assert result["clients"][0]["totals"]["requests"] == 32
    assert result["stored"]["inserted"] == 2
    assert ledger(store_url, time, "r")[0][:4] == ("acme", "oauth_client_usage", "failed", "clients_failed")


def test_a_client_that_is_named_twice_is_asked_and_counted_once(
    make: Any, time: FakeTime, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    warnings: list[str] = []
    result = clients(acme, time, ["c1", "c2", "c1"], warnings, service=service)
    assert len(result["clients"]) == len(submits(sandbox, wire)) == 2
    assert result["totals"]["requests"] == 38
    assert "more than once" in warnings[0]


@pytest.mark.parametrize("count", [1, 50])
def test_wrong_credentials_are_one_exchange_and_not_one_for_each_client(
    make: Any, time: FakeTime, count: int, service: str
) -> None:
    sandbox, acme = make()
    acme_options = {**credentials(acme), "oauthclient_secret": "wrong"}
    ids = [f"c{n}" for n in range(count)]
    with pytest.raises(errors.AuthenticationError):
        oauth_client_usage(
            defaults(argspec.OAUTH_CLIENT_USAGE, **acme_options, client_ids=ids, days=7, service=service), context(time)
        )
    assert len(sandbox.exchanges) == 1


def test_what_would_happen_to_every_client_ends_the_task(make: Any, time: FakeTime, service: str, wire: Wire) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 401}, path=wire.submit)
    with pytest.raises(errors.AuthenticationError):
        clients(acme, time, [f"c{n}" for n in range(50)], service=service, concurrency=1)
    assert len(sandbox.exchanges) < 10


@pytest.mark.parametrize(
    ("ids", "given", "words"),
    [
        ([], {}, "client_ids is empty"),
        ([""], {}, "an empty id"),
        (["c1", " "], {}, "an empty id"),
        (["c1"], {"concurrency": 0}, "concurrency must be from 1 to 64"),
        (["c1"], {"concurrency": 65}, "concurrency must be from 1 to 64"),
        (["c1"], {"group_by": ["user_id"]}, "does not offer group_by user_id"),
        (["c1"], {"oauth_client_ids": ["c1"]}, "does not offer the filter oauth_client_ids for an OAuth client"),
    ],
)
def test_what_makes_no_sense_for_clients_is_refused_before_anything_is_sent(
    make: Any, time: FakeTime, ids: list[str], given: dict[str, Any], words: str, service: str
) -> None:
    sandbox, acme = make()
    with pytest.raises(InvalidArgument, match=words):
        clients(acme, time, ids, service=service, **given)
    assert len(sandbox.exchanges) == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"granularity": "day"}, "summary takes days alone"),
        ({"store": "sqlite:///x.db"}, "cannot be stored"),
        ({"service": "jobs"}, "The jobs service has no summary; use report: query, or service: query"),
    ],
)
def test_a_short_report_that_there_is_not_is_refused_before_anything_is_sent(
    make: Any, time: FakeTime, given: dict[str, Any], words: str
) -> None:
    sandbox, acme = make()
    with pytest.raises(InvalidArgument, match=words):
        clients(acme, time, ["c1"], report="summary", **given)
    assert len(sandbox.exchanges) == 0


def test_the_short_report_of_a_client(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    result = clients(acme, time, ["c1"], report="summary")
    assert result["query"]["report"] == "summary"
    assert result["totals"]["requests"] == 32


def test_a_task_that_is_cut_off_returns_what_goes_on_on_the_server(
    make: Any, time: FakeTime, service: str, wire: Wire
) -> None:
    """Of 40 clients the token ends in the middle: the executions begun by then can be read later, and none is lost."""
    ids = [f"c{number}" for number in range(40)]
    sandbox, acme = make(traffic=[traffic(day(1), client) for client in ids], answer_after=30)
    sandbox.faults.add({"status": 401}, after=15, path=wire.submit)
    with pytest.raises(errors.AuthenticationError) as caught:
        clients(acme, time, ids, service=service, concurrency=4, requests_per_minute=0)
    listed = caught.value.result()["clients"]
    assert [entry["client_id"] for entry in listed] == ids
    begun = [entry["execution"]["id"] for entry in listed if entry.get("execution")]
    assert len(begun) == len(set(begun)) == 15
    read = results(acme, time, service=service, executions=[e["execution"] for e in listed if e.get("execution")])
    assert read["totals"]["requests"] == 150


def test_there_are_no_sums_of_one_clients_whole_days_and_a_part_of_anothers(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    options = {"granularity": "day", "store": store_url, "organization": "acme", "service": service}
    clients(acme, time, ["c1"], days=1, **options)
    result = clients(acme, time, ["c1", "c2"], days=2, skip_collected=True, **options)
    assert ["totals" in entry for entry in result["clients"]] == [False, True]
    assert "totals" not in result
    assert result["row_count"] == 2
