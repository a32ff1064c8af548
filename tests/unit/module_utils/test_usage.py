# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submit, wait, read: against the sandbox, which lives in the same fake time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fakes import TODAY, WIRES, FakeTime, Wire, client_for, day, looks, raw, submits, traffic
from genesyscloud_sandbox import Organization, Sandbox

from ansible_collections.genesyscloud.usage.plugins.module_utils import errors, results
from ansible_collections.genesyscloud.usage.plugins.module_utils import usage as usage_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.pool import drive
from ansible_collections.genesyscloud.usage.plugins.module_utils.query import Query, build, unknown
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import SERVICES
from ansible_collections.genesyscloud.usage.plugins.module_utils.sinks import RowSink
from ansible_collections.genesyscloud.usage.plugins.module_utils.usage import Execution, Usage, Waiting


def ask(wire: Wire, scope: Any = "organization", report: Any = "query", **options: Any) -> Query:
    return build({"service": wire.name, "days": 7, **options}, scope, TODAY, report)


@contextmanager
def usage_of(organization: Any, time: FakeTime, waiting: Waiting | None = None, **transport: Any) -> Iterator[Usage]:
    with client_for(organization, time, **transport) as client:
        yield Usage(client, time.clock, waiting or Waiting())


def carry_out(
    organization: Any, time: FakeTime, query: Query, waiting: Waiting | None = None, client_id: str | None = None
) -> tuple[Execution, RowSink]:
    sink = RowSink(query, keep=True)
    with usage_of(organization, time, waiting) as usage:
        execution = usage.submit(query, client_id)
        drive(usage.follow(execution, sink), time.clock)
    return execution, sink


def failure(
    organization: Any, time: FakeTime, query: Query, waiting: Waiting | None = None, client_id: str | None = None
) -> UsageError:
    with pytest.raises(UsageError) as caught:
        carry_out(organization, time, query, waiting, client_id)
    return caught.value


def protocol(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(call["method"], call["path"]) for call in sandbox.exchanges.list()]


# The protocol


INTERVALS = {"query": f"{day(7)}T00:00:00.000Z/{TODAY}T00:00:00.000Z", "jobs": f"{day(7)}/{day(1)}"}
ASKED_FOR = {"query": {}, "jobs": {"pageSize": "1000"}}


def test_a_query_is_one_submit_and_a_look_at_its_results(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make(traffic=[traffic(day(1)), traffic(day(2), ok=3)])
    execution, sink = carry_out(acme, time, ask(wire, granularity="day", group_by=["client_id", "http_method"]))
    submit, look = wire.paths
    assert protocol(sandbox) == [("POST", "/oauth/token"), ("POST", submit), ("GET", look.format(id=execution.id))]
    assert sandbox.exchanges.list()[1]["body"] == {
        "interval": INTERVALS[wire.name], "granularity": "Day", "groupBy": [wire.client_field, "HttpMethod"]
    }  # fmt: skip
    assert sandbox.exchanges.list()[2]["query"] == ASKED_FOR[wire.name]
    assert sink.totals.as_dict()["requests"] == 13
    assert (execution.status, execution.state, execution.looks) == ("complete", wire.complete, 1)


def test_a_clients_query_has_paths_of_its_own(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), "c1"), traffic(day(1), "c2", 99)])
    execution, sink = carry_out(acme, time, ask(wire, "client", granularity="day"), client_id="c1")
    submit, look = wire.client_paths
    assert protocol(sandbox)[1:] == [("POST", submit), ("GET", look.format(id=execution.id))]
    assert sink.totals.as_dict()["requests"] == 10
    # Of one client's jobs no row says whose it is.
    assert sink.client_name == {"query": "Client c1", "jobs": None}[wire.name]


def test_rows_of_a_client_have_the_dimensions_that_it_has_by_default(make: Any, time: FakeTime, wire: Wire) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1), "c1", organization_id="o1")])
    _execution, sink = carry_out(acme, time, ask(wire, "client", granularity="day"), client_id="c1")
    assert tuple(sink.rows()[0])[1:-6] == wire.client_grouped
    values = {"query": ["c1", "Client c1"], "jobs": ["o1", "api/v2/users", "GET", "public-api"]}[wire.name]
    assert list(sink.rows()[0].values())[1:-6] == values


@pytest.mark.parametrize("name", ["platform", "client_name"])
def test_jobs_tells_rows_apart_by_what_only_it_has(make: Any, time: FakeTime, name: str) -> None:
    rows = [traffic(day(1), "c1", 1, platform="web"), traffic(day(1), "c2", 2), traffic(day(2), "c2", 4)]
    sandbox, acme = make(traffic=rows)
    _execution, sink = carry_out(acme, time, ask(WIRES["jobs"], group_by=[name]))
    found = {row[name]: row["requests"] for row in sink.rows()}
    web, public = {"platform": ("web", "public-api"), "client_name": ("Client c1", "Client c2")}[name]
    assert found == {web: 1, public: 6}
    assert list(sink.rows()[0])[:-6] == [name]
    assert submits(sandbox, WIRES["jobs"])[0]["body"]["groupBy"] == [
        {"platform": "Platform", "client_name": "OauthClientName"}[name]
    ]


def test_a_summary_is_a_get_that_begins_an_execution(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), "c1")])
    query = ask(WIRES["query"], "client", "summary", days=30)
    execution, sink = carry_out(acme, time, query, client_id="c1")
    call = sandbox.exchanges.list()[1]
    assert (call["method"], call["path"]) == ("GET", "/api/v2/oauth/clients/c1/usage/summary")
    assert call["query"] == {"days": "30"}
    assert protocol(sandbox)[2][1].endswith(f"/c1/usage/query/results/{execution.id}")
    assert sink.totals.as_dict()["requests"] == 10


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_takes_a_query(make: Any, time: FakeTime, status: int, wire: Wire) -> None:
    _sandbox, acme = make(traffic=[], submit_status=status)
    assert carry_out(acme, time, ask(wire))[0].status == "complete"


STRANGE = {
    "query": [
        "/api/v2/oauth/clients/a%2F..%2F..%2Fb%3Fc%23d%20e/usage/query",
        "/api/v2/oauth/clients/c%2F1/usage/query/results/x%2Fy%3Fz",
    ],
    "jobs": [
        "/api/v2/usage/client/a%2F..%2F..%2Fb%3Fc%23d%20e/aggregates/query/jobs",
        "/api/v2/usage/client/c%2F1/aggregates/query/jobs/x%2Fy%3Fz",
    ],
}


def test_ids_stay_one_step_of_a_path_whatever_is_in_them(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make(traffic=[])
    query = ask(wire, "client")
    with usage_of(acme, time) as usage:
        with pytest.raises(UsageError):
            usage.submit(query, "a/../../b?c#d e")
        with pytest.raises(UsageError):
            drive(usage.follow(Execution(query, "x/y?z", "c/1"), RowSink(query, True)), time.clock)
    assert [path for _method, path in protocol(sandbox)[1:]] == STRANGE[wire.name]


IDS = [{}, [], None, "id", {"executionId": "", "id": ""}, {"executionId": 7, "id": 7}]


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        *((wire, body) for wire in WIRES.values() for body in IDS),
        (WIRES["query"], {"id": "x"}),
        (WIRES["jobs"], {"executionId": "x"}),
    ],
)
def test_a_submit_without_an_id_is_malformed(make: Any, time: FakeTime, wire: Wire, body: Any) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": body}, path=wire.submit)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.MalformedAnswer)
    assert error.message == f"The answer to POST {wire.paths[0]} has no {wire.execution_id}"
    assert error.correlation_id == sandbox.exchanges.list()[-1]["correlation_id"]


@pytest.mark.parametrize("step", ["submit", "results"])
@pytest.mark.parametrize("scope", ["organization", "client"])
def test_a_403_names_the_permissions_that_would_do(
    make: Any, time: FakeTime, wire: Wire, scope: str, step: str
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), "c1")])
    sandbox.faults.add({"status": 403}, path=getattr(wire, step))
    error = failure(acme, time, ask(wire, scope), client_id="c1" if scope == "client" else None)
    assert (error.kind, error.status) == ("permission", 403)
    assert error.message.endswith(wire.client_permission if scope == "client" else wire.permission)


@pytest.mark.parametrize(("status", "kind"), [(404, "not_found"), (410, "refused")])
@pytest.mark.parametrize("scope", ["organization", "client"])
def test_a_query_service_that_is_gone_has_a_successor(
    make: Any, time: FakeTime, wire: Wire, scope: str, status: int, kind: str
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), "c1")])
    sandbox.faults.add({"status": status}, path=wire.submit)
    error = failure(acme, time, ask(wire, scope), client_id="c1" if scope == "client" else None)
    assert (error.kind, error.status) == (kind, status)
    hint = ". The query service may have been retired: try service: jobs"
    assert error.message.endswith(hint) is (wire.name == "query")
    assert ("retired" in error.message) is (wire.name == "query")


def test_a_404_on_results_speaks_of_no_successor(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"status": 404}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert error.message.endswith("No such execution, or it expired")
    assert "retired" not in error.message


def test_a_404_on_results_says_that_it_may_have_expired(make: Any, time: FakeTime, wire: Wire) -> None:
    _sandbox, acme = make()
    query = unknown(SERVICES[wire.name], "organization")
    with usage_of(acme, time) as usage, pytest.raises(errors.NotFound) as caught:
        drive(usage.follow(Execution(query, "gone"), RowSink(query, True)), time.clock)
    assert caught.value.message.endswith("No such execution, or it expired")
    assert caught.value.execution is not None
    assert caught.value.execution["id"] == "gone"


# Waiting


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
@pytest.mark.parametrize(
    ("takes", "most_looks", "latest"),
    [(0.0, 1, 0.2), (0.05, 1, 0.2), (1.0, 2, 2.4), (10.0, 5, 21.0), (120.0, 12, 135.0)],
)
def test_how_often_it_looks_and_how_late_it_notices(
    chance: float, takes: float, most_looks: int, latest: float, wire: Wire
) -> None:
    time = FakeTime(chance)
    organization = Organization("acme", traffic=[traffic(day(1))], answer_after=takes)
    with Sandbox([organization], clock=time.monotonic, today=TODAY) as sandbox:
        execution, sink = carry_out(organization, time, ask(wire))
        count = len(looks(sandbox, wire))
    assert sink.totals.rows == 1
    assert count == execution.looks <= most_looks
    assert takes <= time.now - 1000 <= latest
    # Never later than the longest pause, and below that never later than as long again as it took.
    assert time.now - 1000 - takes <= min(15.0, max(2.3, takes * 1.1)) + 1e-6


@pytest.mark.parametrize("interval", [0.5, 5.0, 60.0])
def test_pauses_grow_and_none_is_longer_than_wait_interval(
    make: Any, time: FakeTime, interval: float, wire: Wire
) -> None:
    _sandbox, acme = make(traffic=[], answer_after=300)
    carry_out(acme, time, ask(wire), Waiting(interval=interval))
    assert time.sleeps[1:] == sorted(time.sleeps[1:])
    assert max(time.sleeps) == interval


@pytest.mark.parametrize("seconds", [0.05, 1.0, 30.0, 600.0])
def test_when_the_time_is_over_the_execution_comes_with_the_failure(
    make: Any, time: FakeTime, seconds: float, wire: Wire
) -> None:
    _sandbox, acme = make(answer_after=10_000)
    error = failure(acme, time, ask(wire), Waiting(timeout=seconds))
    assert isinstance(error, errors.WaitTimeout)
    assert f"is still {wire.waiting} after {seconds:g} s (wait_timeout)" in error.message
    assert "usage_results" in error.message
    assert error.execution is not None
    assert error.execution["status"] == "running"
    assert error.execution["query"] == ask(wire).as_dict()
    assert time.now - 1000 == pytest.approx(seconds)


def test_the_last_look_is_at_the_end_of_the_time_and_not_before_it(make: Any, time: FakeTime, wire: Wire) -> None:
    _sandbox, acme = make(traffic=[], answer_after=29.9)
    execution, _sink = carry_out(acme, time, ask(wire), Waiting(timeout=30.0))
    assert execution.status == "complete"
    assert time.now == 1030.0


def test_a_wait_that_ran_out_can_be_gone_on_with(make: Any, time: FakeTime, wire: Wire) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1))], answer_after=100)
    query = ask(wire)
    sink = RowSink(query, keep=True)
    with usage_of(acme, time, Waiting(timeout=5)) as usage:
        execution = usage.submit(query, None)
        with pytest.raises(errors.WaitTimeout):
            drive(usage.follow(execution, sink), time.clock)
        time.pass_by(100)
        assert drive(usage.follow(execution, sink), time.clock).status == "complete"
    assert sink.totals.rows == 1


@pytest.mark.parametrize(("takes", "status"), [(0.0, "complete"), (10.0, "running")])
def test_without_waiting_it_looks_once_and_never_sleeps(
    make: Any, time: FakeTime, takes: float, status: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[], answer_after=takes)
    execution, _sink = carry_out(acme, time, ask(wire), Waiting(wait=False))
    assert execution.status == status
    assert time.sleeps == []
    assert len(looks(sandbox, wire)) == 1


# States


@pytest.mark.parametrize("state", ["Paused", "", 7, None, ["Complete"], "Complete ", "Succeeded "])
def test_a_state_nobody_knows_is_an_error_that_names_it_and_never_a_wait(
    make: Any, time: FakeTime, state: Any, wire: Wire
) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": {"queryStatus": state}}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.UnexpectedState)
    assert ("a list" if isinstance(state, list) else repr(state)) in error.message
    assert f"which the {wire.name} service is not known to have" in error.message
    assert error.correlation_id == looks(sandbox, wire)[0]["correlation_id"]
    assert error.execution is not None
    assert len(looks(sandbox, wire)) == 1


@pytest.mark.parametrize(("wire", "state"), [(WIRES["query"], "Succeeded"), (WIRES["jobs"], "Complete")])
def test_a_state_of_the_other_service_is_unknown(make: Any, time: FakeTime, wire: Wire, state: str) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": wire.body() | {"queryStatus": state}}, path=wire.results)
    assert failure(acme, time, ask(wire)).kind == "unexpected_state"


@pytest.mark.parametrize("change", [str.lower, str.upper, str])
def test_letter_case_of_a_state_does_not_matter(make: Any, time: FakeTime, wire: Wire, change: Any) -> None:
    sandbox, acme = make()
    state = change(wire.complete)
    sandbox.faults.add({"body": wire.body() | {"queryStatus": state}}, path=wire.results)
    assert carry_out(acme, time, ask(wire))[0].state == state


@pytest.mark.parametrize(
    ("wire", "states"),
    [(WIRES["query"], ["Running", "Complete"]), (WIRES["jobs"], ["Queued", "Running", "Succeeded"])],
)
def test_states_on_the_way_to_the_rows_are_waited_for(make: Any, time: FakeTime, wire: Wire, states: list[str]) -> None:
    sandbox, acme = make(traffic=[traffic(day(1))], answer_after=20)
    seen: list[str] = []
    query = ask(wire)
    sink = RowSink(query, keep=True)
    with usage_of(acme, time) as usage:
        execution = usage.submit(query, None)
        for pause in usage.follow(execution, sink):
            time.pass_by(pause)
            if execution.state is not None and execution.state not in seen:
                assert execution.status == "running"
                seen.append(execution.state)
    assert [*seen, execution.state] == states
    assert (execution.status, sink.totals.rows) == ("complete", 1)
    assert len(looks(sandbox, wire)) == execution.looks > 2


FAILED = [(WIRES["query"], "Failed"), (WIRES["jobs"], "Failed"), (WIRES["jobs"], "Cancelled")]
each_failure = pytest.mark.parametrize(("wire", "state"), FAILED, ids=lambda value: getattr(value, "name", value))


@each_failure
def test_a_failure_without_a_reason_says_so(make: Any, time: FakeTime, wire: Wire, state: str) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"failed_state": state}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.ExecutionFailed)
    assert error.message.endswith(f"ended as {state}: the service gives no reason")
    assert (error.code, error.details) == (None, [])
    assert error.correlation_id == looks(sandbox, wire)[0]["correlation_id"]
    assert error.execution is not None
    assert (error.execution["status"], error.execution["state"]) == ("failed", state)
    assert len(looks(sandbox, wire)) == 1


@each_failure
def test_a_failure_with_an_error_body_brings_its_words(make: Any, time: FakeTime, wire: Wire, state: str) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"failed_state": state, "errorBody": True}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert error.message.endswith(f"ended as {state}: The query could not be completed")
    assert error.code == "internal.server.error"
    assert error.correlation_id == looks(sandbox, wire)[0]["correlation_id"]


@each_failure
def test_a_failure_brings_the_services_own_details(make: Any, time: FakeTime, wire: Wire, state: str) -> None:
    sandbox, acme = make()
    said = {"message": "Too much", "code": "too.much", "details": [{"errorCode": "rows", "fieldName": "groupBy"}]}
    sandbox.faults.add({"failed_state": state, "errorBody": said}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert error.message.endswith(f"ended as {state}: Too much")
    assert (error.code, error.details) == ("too.much", said["details"])


def test_a_secret_that_an_error_body_repeats_is_taken_out(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make()
    body = {"message": f"cannot use {acme.oauthclient_secret}", "details": [{"errorCode": acme.oauthclient_secret}]}
    sandbox.faults.add({"body": {"queryStatus": "Failed", "errorBody": body}}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert "cannot use ********" in error.message
    assert acme.oauthclient_secret not in repr(error.result())


@pytest.mark.parametrize("client_id", [".", ".."])
def test_an_id_that_would_lead_to_another_path_is_refused(
    make: Any, time: FakeTime, client_id: str, wire: Wire
) -> None:
    sandbox, acme = make()
    with pytest.raises(UsageError) as caught:
        carry_out(acme, time, ask(wire, "client"), client_id=client_id)
    assert (caught.value.kind, sandbox.exchanges.list(path="/usage")) == ("invalid_argument", [])


@pytest.mark.parametrize("body", [None, [], "text", {"message": 7, "code": [], "details": "no"}, {"message": ""}])
def test_an_error_body_of_other_types_does_no_harm(make: Any, time: FakeTime, body: Any, wire: Wire) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": {"queryStatus": "Failed", "errorBody": body}}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert error.message.endswith("the service gives no reason")
    assert (error.code, error.details) == (None, [])


@pytest.mark.parametrize("rows", [{}, {"rows": []}, {"rows": None}])
def test_an_empty_success_is_zero_rows_and_not_a_wait(
    make: Any, time: FakeTime, wire: Wire, rows: dict[str, Any]
) -> None:
    sandbox, acme = make()
    body = {wire.rows: rows["rows"]} if rows else {}
    sandbox.faults.add({"body": {"queryStatus": wire.complete, **body}}, path=wire.results)
    execution, sink = carry_out(acme, time, ask(wire))
    assert (execution.status, execution.looks) == ("complete", 1)
    assert sink.rows() == []
    assert set(sink.totals.as_dict().values()) == {0}


def test_rows_of_an_answer_that_is_not_complete_are_thrown_away(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make(traffic=[traffic(day(1))])
    early = {wire.rows: [raw(wire=wire, date=...)], "queryStatus": wire.waiting}
    fault = sandbox.faults.add({"body": early}, path=wire.results, times=2)
    _execution, sink = carry_out(acme, time, ask(wire))
    assert fault.fired == 2
    assert sink.totals.as_dict()["requests"] == 10


# Pages


@pytest.mark.parametrize("rows", [1, 3, 4, 10])
def test_all_pages_are_read(make: Any, time: FakeTime, wire: Wire, pages: Any, rows: int) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), f"c{n}", n + 1) for n in range(rows)], **pages(3))
    _execution, sink = carry_out(acme, time, ask(wire))
    assert sink.totals.rows == rows
    assert sink.totals.as_dict()["requests"] == sum(range(rows + 1))
    calls = looks(sandbox, wire)
    assert len(calls) == -(-rows // 3)
    assert "after" not in calls[0]["query"]
    assert all(call["query"]["after"] for call in calls[1:])


@pytest.mark.parametrize(("rows", "count"), [(1000, 1), (1001, 2), (2500, 3)])
def test_a_page_of_jobs_has_a_thousand_rows(make: Any, time: FakeTime, rows: int, count: int) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), f"c{n:04}", n + 1) for n in range(rows)])
    _execution, sink = carry_out(acme, time, ask(WIRES["jobs"]))
    assert sink.totals.rows == rows
    assert sink.totals.as_dict()["requests"] == rows * (rows + 1) // 2
    calls = [call["query"] for call in looks(sandbox, WIRES["jobs"])]
    assert [query["pageSize"] for query in calls] == ["1000"] * count
    assert [set(query) for query in calls[1:]] == [{"pageSize", "after"}] * (count - 1)
    assert len({query["after"] for query in calls[1:]}) == count - 1


def test_a_cursor_that_comes_twice_is_an_error(make: Any, time: FakeTime, wire: Wire) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), f"c{n}") for n in range(9)])
    sandbox.faults.add({"repeat_cursor": True}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.MalformedAnswer)
    assert "the cursor 'cm93IDA' came twice" in error.message
    assert error.correlation_id == looks(sandbox, wire)[1]["correlation_id"]
    assert error.execution is not None
    assert len(looks(sandbox, wire)) == 2


@pytest.mark.parametrize("count", [1, 2500])
def test_rows_that_come_twice_under_another_cursor_are_an_error(
    make: Any, time: FakeTime, wire: Wire, count: int
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), f"c{n}") for n in range(count)])
    sandbox.faults.add({"repeat_rows": True}, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.MalformedAnswer)
    assert "a page of rows came twice; nothing was kept" in error.message
    assert len(looks(sandbox, wire)) == 2


@pytest.mark.parametrize("identity", ["\ud800", "a\nb", "x" * 201])
def test_an_id_that_no_address_can_have_is_malformed(make: Any, time: FakeTime, wire: Wire, identity: str) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": {wire.execution_id: identity}}, path=wire.submit)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.MalformedAnswer)
    assert f"has a {wire.execution_id} that is no id" in error.message
    assert looks(sandbox, wire) == []


def test_there_is_not_a_page_after_every_page(
    make: Any, time: FakeTime, wire: Wire, pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sandbox, acme = make(traffic=[traffic(day(1), f"c{n}") for n in range(9)], **pages(1))
    monkeypatch.setattr(usage_module, "MOST_PAGES", 5)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.MalformedAnswer)
    assert "has a page after each of 5; nothing was kept" in error.message


def test_an_execution_that_goes_back_between_two_pages_is_an_error(
    make: Any, time: FakeTime, wire: Wire, pages: Any
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1), f"c{n}") for n in range(9)], **pages(3))
    sandbox.faults.add({"body": {"queryStatus": wire.waiting}}, path=wire.results, after=1)
    error = failure(acme, time, ask(wire))
    assert isinstance(error, errors.UnexpectedState)
    assert f"went back to '{wire.waiting}' between two pages" in error.message
    assert error.correlation_id == looks(sandbox, wire)[1]["correlation_id"]


@pytest.mark.parametrize("action", [{"truncated": True}, {"reset_after": True}, {"status": 503}, {"retry_after": 3}])
@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_page_that_breaks_off_is_read_anew_and_counted_once(
    make: Any, time: FakeTime, action: dict[str, Any], page: int, wire: Wire, pages: Any
) -> None:
    # So many bytes that a page which breaks off has brought rows already.
    many = [traffic(day(1), f"c{n:04}", n + 1, client_name="x" * 400) for n in range(2500)]
    sandbox, acme = make(traffic=many, **pages(1000))
    fault = sandbox.faults.add(action, path=wire.results, after=page, times=2)
    _execution, sink = carry_out(acme, time, ask(wire))
    assert fault.fired == 2
    assert sink.totals.rows == len(sink.rows()) == 2500
    assert sink.totals.as_dict()["requests"] == 2500 * 2501 // 2


@pytest.mark.parametrize(
    ("document", "cursor"),
    [
        ({}, None),
        ({"cursors": {"after": "a"}}, "a"),
        ({"cursors": {"after": ""}}, None),
        ({"cursors": {"after": None}}, None),
        ({"cursors": None, "nextUri": None}, None),
        ({"cursors": {}, "nextUri": ""}, None),
        ({"nextUri": "/api/v2/x?pageSize=5&after=a%2Fb"}, "a/b"),
        ({"nextUri": "//[?after=a"}, "a"),
        ({"nextUri": "https://elsewhere.example.com/x?after=a"}, "a"),
        ({"cursors": {"after": "a"}, "nextUri": "/x?after=b"}, "a"),
    ],
)
def test_of_a_next_page_only_the_cursor_is_taken(document: dict[str, Any], cursor: str | None) -> None:
    assert results.cursor(document) == cursor


@pytest.mark.parametrize(
    "document",
    [
        {"nextUri": "/x?page=2"},
        {"nextUri": 7},
        {"nextUri": {"after": "a"}},
        {"cursors": {"after": 7}},
        {"cursors": {"after": ["a"]}},
        {"cursors": {"after": "\ud800"}},
        {"cursors": {"after": "a\nb"}},
        {"nextUri": f"?after={'x' * 5000}"},
    ],
)
def test_a_next_page_that_cannot_be_asked_for_is_malformed_and_never_left_out(document: dict[str, Any]) -> None:
    with pytest.raises(errors.MalformedAnswer):
        results.cursor(document)


def test_an_address_in_an_answer_is_never_followed(make: Any, time: FakeTime, wire: Wire) -> None:
    elsewhere, _other = make(name="elsewhere")
    sandbox, acme = make()
    first = wire.body(nextUri=f"{elsewhere.url}/steal?after=two")
    sandbox.faults.add({"body": first}, path=wire.results, times=1)
    sandbox.faults.add({"body": wire.body()}, path=wire.results, times=1)
    carry_out(acme, time, ask(wire))
    assert len(elsewhere.exchanges) == 0
    assert looks(sandbox, wire)[1]["query"] == {**ASKED_FOR[wire.name], "after": "two"}


# Rows that are none


@pytest.mark.parametrize("value", [True, "envelope"])
def test_rows_of_other_types_are_malformed(make: Any, time: FakeTime, value: Any, wire: Wire) -> None:
    sandbox, acme = make(traffic=[traffic(day(1))])
    sandbox.faults.add({"wrong_types": value}, path=wire.results)
    assert failure(acme, time, ask(wire)).kind == "malformed"


@pytest.mark.parametrize("action", [{name: True} for name in ("html", "empty", "truncated_json", "malformed_json")])
def test_results_that_are_not_json_are_malformed_and_carry_the_execution(
    make: Any, time: FakeTime, action: dict[str, Any], wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1))])
    sandbox.faults.add(action, path=wire.results)
    error = failure(acme, time, ask(wire))
    assert error.kind == "malformed"
    assert error.correlation_id or "html" in action
    assert error.execution is not None
