# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation usage_results, against the sandbox."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeTime, Wire, day, looks
from tasks import BASE, DONE, TRAFFIC, ask, calls, clients, results

from ansible_collections.genesyscloud.usage.plugins.module_utils import errors
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument


def test_what_was_submitted_is_read_by_what_was_returned(make: Any, time: FakeTime, service: str) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    submitted = ask(acme, time, service=service, wait=False)
    sandbox.exchanges.clear()
    result = results(acme, time, executions=[submitted["execution"]])
    assert result.keys() == BASE | {"executions", "row_count", "totals"}
    assert calls(sandbox) == ["POST token", f"GET {service} results"]
    entry = result["executions"][0]
    assert entry.keys() == {"execution", "rows", "row_count", "totals", "error"}
    assert entry["rows"] == ask(acme, time, service=service)["rows"]
    assert (entry["error"], result["totals"]["requests"]) == (None, 38)


def test_by_its_id_an_execution_shows_what_its_rows_have(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    submitted = ask(acme, time, service=service, wait=False)
    result = results(acme, time, service=service, execution_id=submitted["execution"]["id"])
    assert result.keys() == DONE - {"executions"}
    assert result["rows"] == ask(acme, time, service=service)["rows"]
    assert result["query"]["interval"] is None


def test_by_its_id_and_what_was_asked_an_execution_can_be_stored(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    submitted = ask(acme, time, service=service, wait=False)
    execution_id = submitted["execution"]["id"]
    with pytest.raises(InvalidArgument, match="what was asked must be known"):
        results(acme, time, service=service, execution_id=execution_id, store=store_url)
    asked = {"service": service, "execution_id": execution_id, "store": store_url, "granularity": "day"}
    with pytest.raises(InvalidArgument, match="give the interval that it was asked for, not days"):
        results(acme, time, **asked, days=7)
    interval = f"{day(7)}/{day(1)}"
    with pytest.raises(InvalidArgument, match="give group_by, as it was asked for"):
        results(acme, time, **asked, interval=interval)
    result = results(acme, time, **asked, interval=interval, group_by=submitted["query"]["group_by"])
    assert result["stored"]["inserted"] == 3


def test_a_failed_wait_is_gone_on_with_from_its_failure(
    make: Any, time: FakeTime, store_url: str, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC, answer_after=30)
    with pytest.raises(errors.WaitTimeout) as caught:
        ask(acme, time, service=service, wait_timeout=5, store=store_url)
    execution = caught.value.result()["failure"]["execution"]
    result = results(acme, time, executions=[execution], store=store_url)
    assert result["stored"]["inserted"] == 3
    assert result["executions"][0]["execution"]["status"] == "complete"


def test_executions_of_clients_are_taken_in_either_form_and_once(
    make: Any, time: FakeTime, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    submitted = clients(acme, time, ["c1", "c2"], service=service, wait=False)
    sandbox.exchanges.clear()
    forms = [submitted["clients"][0], submitted["clients"][1]["execution"], submitted["clients"][0]["execution"]]
    result = results(acme, time, executions=forms)
    assert len(looks(sandbox, wire)) == len(result["executions"]) == 2
    assert result["totals"]["requests"] == 38


def test_all_executions_are_attempted_and_the_others_are_returned_beside_the_failure(
    make: Any, time: FakeTime, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    good = ask(acme, time, service=service, wait=False)["execution"]
    gone = {**good, "id": "gone"}
    with pytest.raises(errors.NotFound) as caught:
        results(acme, time, executions=[gone, good])
    result = caught.value.result()
    assert result["msg"].startswith("1 of 2 executions failed. The first: HTTP 404")
    assert "No such execution, or it expired" in result["msg"]
    assert [bool(entry["error"]) for entry in result["executions"]] == [True, False]
    assert result["executions"][1]["totals"]["requests"] == 38
    assert "totals" not in result, "both were asked for the same days: a sum could count a request twice"


@pytest.mark.parametrize("wait", [True, False])
def test_a_running_execution_without_waiting_is_returned_as_it_is(
    make: Any, time: FakeTime, wait: bool, service: str
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC, answer_after=30)
    submitted = ask(acme, time, service=service, wait=False)["execution"]
    result = results(acme, time, service=service, execution_id=submitted["id"], wait=wait)
    assert result["execution"]["status"] == ("complete" if wait else "running")
    assert ("rows" in result) is wait


def test_there_are_no_sums_while_an_execution_is_running(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=TRAFFIC, answer_after=60)
    begun = clients(acme, time, ["c1"], service=service, wait=False)["clients"]
    time.pass_by(45)
    begun += clients(acme, time, ["c2"], service=service, wait=False)["clients"]
    time.pass_by(20)
    running = results(acme, time, service=service, executions=begun, wait=False)
    assert [entry["execution"]["status"] for entry in running["executions"]] == ["complete", "running"]
    assert not {"totals", "row_count"} & running.keys()
    assert results(acme, time, service=service, executions=begun)["totals"]["requests"] == 38


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Give execution_id"),
        ({"client_id": "c1"}, "Give execution_id"),
        ({"executions": []}, "executions is empty"),
        ({"executions": [{}]}, "an entry has no id"),
        ({"executions": [{"id": 7}]}, "an entry has no id"),
        ({"executions": [{"id": "x", "service": "other"}]}, "there is no service 'other'"),
        ({"executions": [{"id": "x", "query": {"service": "other"}}]}, "not what usage_query"),
        ({"executions": [{"id": "x"}], "execution_id": "y"}, "executions excludes execution_id"),
        ({"executions": [{"id": "x"}], "client_id": "y"}, "executions excludes execution_id"),
    ],
)
def test_executions_that_are_none_are_refused_before_anything_is_sent(
    make: Any, time: FakeTime, given: dict[str, Any], words: str
) -> None:
    sandbox, acme = make()
    with pytest.raises(InvalidArgument, match=words):
        results(acme, time, **given)
    assert len(sandbox.exchanges) == 0


def test_executions_of_different_metrics_are_not_added_up(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    some = ask(acme, time, service=service, wait=False, metrics=["requests"])["execution"]
    with pytest.raises(InvalidArgument, match="cannot be added up"):
        results(acme, time, executions=[some, ask(acme, time, service=service, wait=False)["execution"]])
