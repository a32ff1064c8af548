# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation usage_query, against the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FIGURES, FakeTime, Wire, context, credentials, day, defaults, looks, traffic
from genesyscloud_sandbox import Client as SandboxClient
from tasks import BASE, DONE, TRAFFIC, ask, calls, keep, ledger

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec, errors
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument, UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query


def test_a_query_is_a_sign_in_a_submit_and_a_look(make: Any, time: FakeTime, service: str, wire: Wire) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    result = ask(acme, time, service=service)
    assert result.keys() == DONE
    assert calls(sandbox) == ["POST token", f"POST {service} submit", f"GET {service} results"]
    assert (result["api_calls"], result["changed"], result["stored"]) == (3, False, None)
    assert result["row_count"] == len(result["rows"]) == 3
    assert result["totals"] == {
        "requests": 38, "status200": 35, "status300": 0, "status400": 2, "status429": 1, "status500": 1
    }  # fmt: skip
    assert list(result["rows"][0]) == ["date", *wire.grouped, *FIGURES]
    assert result["execution"].keys() == {"id", "status", "state", "service", "client_id", "query"}
    assert result["query"] == result["execution"]["query"]
    assert result["executions"] == [result["execution"]]
    assert (result["execution"]["status"], result["execution"]["state"]) == ("complete", wire.complete)
    assert (result["execution"]["service"], result["query"]["service"]) == (service, service)
    assert result["query"]["interval"] == f"{day(7)}/{day(1)}"
    json.dumps(result)


@pytest.mark.parametrize(("takes", "looks"), [(0.0, 1), (1.0, 2), (10.0, 5)])
def test_every_look_is_an_exchange_and_no_other_is(
    make: Any, time: FakeTime, takes: float, looks: int, service: str
) -> None:
    sandbox, acme = make(traffic=TRAFFIC, answer_after=takes)
    assert ask(acme, time, service=service)["api_calls"] == len(sandbox.exchanges) == 2 + looks


def test_a_given_token_saves_the_sign_in(make: Any, time: FakeTime, service: str) -> None:
    sandbox, acme = make(traffic=TRAFFIC, access_tokens=("given",))
    params = defaults(argspec.USAGE_QUERY, api_url=acme.api_url, access_token="given", days=7, service=service)
    assert usage_query(params, context(time))["api_calls"] == 2
    assert calls(sandbox) == [f"POST {service} submit", f"GET {service} results"]


def test_without_waiting_only_the_submit_is_made(make: Any, time: FakeTime, service: str) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    result = ask(acme, time, service=service, wait=False)
    assert result.keys() == BASE | {"execution", "executions", "query"}
    assert (result["execution"]["status"], result["execution"]["state"]) == ("running", None)
    assert calls(sandbox) == ["POST token", f"POST {service} submit"]


@pytest.mark.parametrize(
    "given",
    [
        {"days": 0},
        {"days": None},
        {"split_days": 0},
        {"timeout": -1},
        {"wait_interval": 0},
        {"wait_timeout": -1},
        {"skip_collected": True},
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    make: Any, time: FakeTime, given: Any, service: str
) -> None:
    sandbox, acme = make()
    with pytest.raises(InvalidArgument):
        ask(acme, time, service=service, **given)
    assert len(sandbox.exchanges) == 0


def test_wrong_credentials_are_one_exchange(make: Any, time: FakeTime, service: str) -> None:
    sandbox, acme = make()
    acme_options = {**credentials(acme), "oauthclient_secret": "wrong"}
    with pytest.raises(errors.AuthenticationError):
        usage_query(defaults(argspec.USAGE_QUERY, **acme_options, days=7, service=service), context(time))
    assert len(sandbox.exchanges) == 1


def test_a_failure_in_the_middle_carries_the_execution(make: Any, time: FakeTime, service: str, wire: Wire) -> None:
    _sandbox, acme = make(answer_after=1000)
    with pytest.raises(errors.WaitTimeout) as caught:
        ask(acme, time, service=service, wait_timeout=5)
    failure = caught.value.result()["failure"]
    assert failure["kind"] == "wait_timeout"
    assert (failure["execution"]["status"], failure["execution"]["state"]) == ("running", wire.waiting)
    assert caught.value.result()["executions"] == [failure["execution"]]


# With a store


def test_rows_go_to_the_store_instead_of_the_result(make: Any, time: FakeTime, store_url: str, service: str) -> None:
    sandbox, acme = make(traffic=TRAFFIC, title="Acme GmbH")
    result = ask(acme, time, service=service, store=store_url, run_id="night")
    assert "rows" not in result
    assert result["changed"] is True
    assert result["stored"] == {
        "organization": "Acme GmbH", "run_id": "night", "inserted": 3, "updated": 0, "deleted": 0, "unchanged": 0,
        "days_added": 7,
    }  # fmt: skip
    assert calls(sandbox) == ["POST token", "GET me", f"POST {service} submit", f"GET {service} results"]


def test_what_is_stored_and_what_is_returned_is_the_same(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _sandbox, acme = make(days=40, clients=[SandboxClient(f"c{n}", f"Client {n}") for n in range(5)])
    options = {"days": 30, "group_by": ["client_id", "http_method"]}
    result = ask(acme, time, service=service, store=store_url, return_rows=True, organization="acme", **options)
    plain = ask(acme, time, service=service, **options)
    kept = keep(store_url, time, summary={"top": 3})
    assert result["rows"] == plain["rows"]
    assert result["totals"] == plain["totals"] == kept["summary"]["totals"]
    assert result["row_count"] == plain["row_count"] == kept["rows"] > 30
    assert {name: sum(row[name] for row in plain["rows"]) for name in FIGURES} == plain["totals"]


def test_the_second_time_nothing_changes(make: Any, time: FakeTime, store_url: str, service: str) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    assert ask(acme, time, service=service, store=store_url)["changed"] is True
    again = ask(acme, time, service=service, store=store_url)
    assert (again["changed"], again["stored"]["unchanged"]) == (False, 3)
    sandbox.set_traffic("acme", TRAFFIC[:2])
    assert ask(acme, time, service=service, store=store_url)["stored"]["deleted"] == 1


def test_check_mode_asks_and_writes_nothing(
    make: Any, time: FakeTime, store_url: str, store_path: Path, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    result = ask(acme, time, service=service, store=store_url, check=True)
    assert (result["changed"], result["stored"]["inserted"], result["totals"]["requests"]) == (True, 3, 38)
    assert list(store_path.parent.iterdir()) == []
    ask(acme, time, service=service, store=store_url)
    before = store_path.read_bytes()
    assert ask(acme, time, service=service, store=store_url, check=True)["changed"] is False
    assert store_path.read_bytes() == before


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"granularity": None}, "granularity: day"),
        ({"granularity": "week"}, "granularity: day"),
        ({"metrics": ["requests"]}, "leave metrics out"),
        ({"store": "mysql://host/db"}, "of the kind 'mysql'"),
    ],
)
def test_what_cannot_be_stored_is_refused_before_anything_is_sent(
    make: Any, time: FakeTime, store_url: str, given: Any, words: str, service: str
) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    with pytest.raises(InvalidArgument, match=words):
        ask(acme, time, service=service, **{"store": store_url, **given})
    assert len(sandbox.exchanges) == 0


def test_a_store_that_cannot_be_opened_costs_no_exchange(
    make: Any, time: FakeTime, tmp_path: Path, service: str
) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    with pytest.raises(errors.StoreError):
        ask(acme, time, service=service, store=f"sqlite:///{tmp_path}/missing/usage.db")
    assert len(sandbox.exchanges) == 0


def test_rows_of_another_organization_never_get_under_a_label(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _one, acme = make(traffic=TRAFFIC)
    _two, other = make(name="other", traffic=TRAFFIC)
    ask(acme, time, service=service, store=store_url, organization="acme")
    with pytest.raises(errors.IdentityMismatch):
        ask(other, time, service=service, store=store_url, organization="acme")
    assert keep(store_url, time)["rows"] == 3


def test_an_organization_under_two_labels_is_warned_about(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    warnings: list[str] = []
    ask(acme, time, warnings, service=service, store=store_url, organization="one")
    assert warnings == []
    ask(acme, time, warnings, service=service, store=store_url, organization="two")
    assert len(warnings) == 1
    assert "'two' and also as 'one'" in warnings[0]


def test_success_and_failure_are_in_the_ledger_with_their_calls(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _one, acme = make(traffic=TRAFFIC)
    _two, broken = make(name="broken", kind="forbidden")
    ask(acme, time, service=service, store=store_url, organization="acme", run_id="r")
    with pytest.raises(UsageError):
        ask(broken, time, service=service, store=store_url, organization="broken", run_id="r")
    with pytest.raises(InvalidArgument):
        ask(acme, time, service=service, store=store_url, organization="typo", run_id="r", days=0)
    assert ledger(store_url, time, "r") == [
        ("acme", "usage_query", "collected", None, 3, 4),
        ("broken", "usage_query", "failed", "permission", 0, 3),
        ("typo", "usage_query", "failed", "invalid_argument", 0, 0),
    ]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ({"html": True}, "malformed"),
        ({"repeat_cursor": True}, "malformed"),
        ({"status": 503}, "unavailable"),
        ({"reset_before": True}, "connection"),
        ({"body": {"queryStatus": "Running"}}, "unexpected_state"),
    ],
)
def test_nothing_is_stored_unless_the_last_page_arrived(
    make: Any, time: FakeTime, store_url: str, action: dict[str, Any], kind: str, service: str, wire: Wire, pages: Any
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), f"c{n}") for n in range(9)], **pages(3))
    sandbox.faults.add(action, path=wire.results, after=2)
    with pytest.raises(UsageError) as caught:
        ask(acme, time, service=service, store=store_url)
    assert caught.value.kind == kind
    assert len(looks(sandbox, wire)) >= 3
    kept = keep(store_url, time)
    assert (kept["rows"], kept["days"]) == (0, 0)


@pytest.mark.parametrize("action", [{"truncated": True}, {"reset_after": True}])
def test_a_look_that_breaks_off_leaves_no_row_twice(
    make: Any, time: FakeTime, store_url: str, action: dict[str, Any], service: str, wire: Wire, pages: Any
) -> None:
    many = [traffic(day(1), f"c{n:04}", client_name="x" * 400) for n in range(2500)]
    sandbox, acme = make(traffic=many, **pages(1000))
    sandbox.faults.add(action, path=wire.results, after=1, times=2)
    result = ask(acme, time, service=service, store=store_url, return_rows=True)
    assert result["stored"]["inserted"] == result["row_count"] == len(result["rows"]) == 2500
    assert keep(store_url, time, summary={"top": 1})["summary"]["totals"] == result["totals"]
