# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions that take several executions: long intervals, pieces that were asked for, and days that are missing."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import WIRES, FakeTime, Wire, day, looks, stored_rows, submits, traffic
from genesyscloud_sandbox import Client as SandboxClient
from tasks import BASE, DONE, ask, clients, keep, ledger, results

from ansible_collections.genesyscloud.usage.plugins.module_utils import errors
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument, UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store

JOBS = WIRES["jobs"]
FAR = [traffic(day(n), "c1", n) for n in (1, 90, 91, 180, 181, 200)]
"""Traffic on both sides of every place where 200 days are cut."""


def intervals(sandbox: Any, wire: Wire) -> list[tuple[str, ...]]:
    """First and last day of what was asked, whichever way the service has it."""
    asked = [call["body"]["interval"].split("/") for call in submits(sandbox, wire)]
    if wire.name == "query":
        midnight = "T00:00:00.000Z"
        assert all(part.endswith(midnight) for parts in asked for part in parts)
        ends = {f"{day(n - 1)}{midnight}": day(n) for n in range(400)}
        return [(first.removesuffix(midnight), ends[last]) for first, last in asked]
    return [tuple(parts) for parts in asked]


def put(acme: Any, time: FakeTime, url: str, service: str, **given: Any) -> Any:
    return ask(acme, time, service=service, store=url, group_by=["client_id"], **given)


# Longer than the service takes


def test_more_than_90_days_are_asked_in_consecutive_pieces_and_joined(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(traffic=FAR)
    result = ask(acme, time, service="jobs", days=200)
    assert result.keys() == DONE
    assert intervals(sandbox, JOBS) == [(day(200), day(111)), (day(110), day(21)), (day(20), day(1))]
    assert [execution["id"] for execution in result["executions"]] == [
        call["path"].rpartition("/")[2] for call in looks(sandbox, JOBS)
    ]
    assert result["execution"] is None
    assert {execution["status"] for execution in result["executions"]} == {"complete"}
    assert [row["date"] for row in result["rows"]] == [day(n) for n in (200, 181, 180, 91, 90, 1)]
    assert result["totals"]["requests"] == sum((1, 90, 91, 180, 181, 200))
    assert result["row_count"] == 6
    assert result["query"]["interval"] == f"{day(200)}/{day(1)}"
    assert result["api_calls"] == len(sandbox.exchanges) == 1 + 3 + 3


def test_90_days_and_what_the_other_service_is_asked_stay_one(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(traffic=FAR)
    assert ask(acme, time, service="jobs", days=90)["execution"]["status"] == "complete"
    assert ask(acme, time, service="query", days=200)["row_count"] == 6
    assert (len(submits(sandbox, JOBS)), len(submits(sandbox, WIRES["query"]))) == (1, 1)


def test_pieces_together_are_what_one_piece_is(make: Any, time: FakeTime, service: str, wire: Wire) -> None:
    sandbox, acme = make(days=90, clients=[SandboxClient(f"c{n}", f"Client {n}") for n in range(3)])
    options = {"service": service, "days": 40, "group_by": ["client_id"]}
    whole, pieces = ask(acme, time, **options), ask(acme, time, split_days=7, **options)
    assert len(submits(sandbox, wire)) == 1 + 6
    assert intervals(sandbox, wire)[1:3] == [(day(40), day(34)), (day(33), day(27))]
    assert intervals(sandbox, wire)[-1] == (day(5), day(1))
    assert whole["row_count"] > 30

    def order(rows: list[dict[str, Any]]) -> list[Any]:
        return sorted(rows, key=lambda row: (row["date"], row["client_id"]))

    assert order(pieces["rows"]) == order(whole["rows"])
    assert pieces["totals"] == whole["totals"]


def test_every_client_is_asked_in_pieces(make: Any, time: FakeTime, service: str, wire: Wire) -> None:
    sandbox, acme = make(traffic=[traffic(day(n), c, n) for n in (1, 2, 3) for c in ("c1", "c2")])
    result = clients(acme, time, ["c1", "c2"], service=service, days=3, granularity="day", split_days=2)
    assert len(submits(sandbox, wire)) == 4
    assert [len(entry["executions"]) for entry in result["clients"]] == [2, 2]
    assert [entry["execution"] for entry in result["clients"]] == [None, None]
    assert [entry["totals"]["requests"] for entry in result["clients"]] == [6, 6]
    assert (result["totals"]["requests"], result["row_count"]) == (12, 6)
    assert result["clients"][0]["client_name"] == {"query": "Client c1", "jobs": None}[service]


def test_pieces_go_to_the_store_as_one_would(
    make: Any, time: FakeTime, store: Store, store_url: str, service: str
) -> None:
    _sandbox, acme = make(traffic=FAR)
    result = put(acme, time, store_url, service, days=200, split_days=60, organization="acme", run_id="r")
    assert (result["stored"]["inserted"], result["stored"]["days_added"], result["changed"]) == (6, 200, True)
    assert "rows" not in result
    assert [row[4] for row in stored_rows(store)] == [day(n) for n in (200, 181, 180, 91, 90, 1)]
    assert put(acme, time, store_url, service, days=200, organization="acme")["changed"] is False
    kept = store.execute("SELECT COUNT(*), COUNT(DISTINCT execution_id) FROM coverage").fetchone()
    assert tuple(kept) == (200, 1 if service == "query" else 3)
    assert ledger(store_url, time, "r")[0][1:5] == ("usage_query", "collected", None, 6)


@pytest.mark.parametrize("granularity", [None, "week", "month"])
def test_what_cannot_be_joined_is_refused_before_anything_is_sent(
    make: Any, time: FakeTime, granularity: str | None
) -> None:
    sandbox, acme = make(traffic=FAR)
    with pytest.raises(InvalidArgument, match="cannot be put together: ask with granularity: day, or for fewer days"):
        ask(acme, time, service="jobs", days=91, granularity=granularity)
    with pytest.raises(InvalidArgument, match="split_days must be 1 or more, and needs granularity: day"):
        ask(acme, time, service="jobs", days=60, granularity=granularity, split_days=30)
    with pytest.raises(InvalidArgument, match="reaches back a year: the earliest day is 2025-03-10, not 2025-03-09"):
        ask(acme, time, service="jobs", days=366)
    assert len(sandbox.exchanges) == 0
    assert ask(acme, time, service="jobs", days=365)["row_count"] == 6


# Without waiting, and when the time is over


def test_pieces_that_are_not_waited_for_are_read_later(make: Any, time: FakeTime, service: str, wire: Wire) -> None:
    sandbox, acme = make(traffic=FAR)
    submitted = ask(acme, time, service=service, days=200, split_days=80, wait=False)
    assert submitted.keys() == BASE | {"execution", "executions", "query"}
    assert (len(submitted["executions"]), submitted["execution"]) == (3, None)
    assert looks(sandbox, wire) == []
    read = results(acme, time, executions=submitted["executions"])
    assert [entry["row_count"] for entry in read["executions"]] == [3, 2, 1]
    assert read["totals"]["requests"] == sum((1, 90, 91, 180, 181, 200))


@pytest.mark.parametrize("seconds", [5.0, 30.0])
def test_the_time_to_wait_is_that_of_all_pieces_together(
    make: Any, time: FakeTime, service: str, seconds: float
) -> None:
    _sandbox, acme = make(traffic=FAR, answer_after=10_000)
    before = time.now
    with pytest.raises(errors.WaitTimeout) as caught:
        ask(acme, time, service=service, days=20, split_days=5, wait_timeout=seconds)
    assert time.now - before == pytest.approx(seconds)
    assert len(caught.value.result()["executions"]) == 4


def test_a_piece_is_not_given_the_time_of_the_first_once_more(
    make: Any, time: FakeTime, store_url: str, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(n), ok=n) for n in (1, 2)])
    # The first piece takes as long as it may but a little; the second never comes.
    running = sandbox.faults.add({"body": {"queryStatus": "Running"}}, path=wire.results, times=4)
    # Of the looks that get past that, one brings the rows of the first, and every other is told to wait.
    sandbox.faults.add({"body": {"queryStatus": "Running"}}, path=wire.results, after=1)
    before = time.now
    with pytest.raises(errors.WaitTimeout) as caught:
        put(acme, time, store_url, service, days=2, split_days=1, wait_timeout=40, organization="acme")
    assert time.now - before == pytest.approx(40)
    assert running.fired == 4
    result = caught.value.result()
    assert [execution["status"] for execution in result["executions"]] == ["complete", "running"]
    assert result["failure"]["execution"]["id"] == result["executions"][1]["id"]
    assert keep(store_url, time)["days"] == 1


# A failure in between


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ({"failed_state": "Failed"}, "execution_failed"),
        ({"html": True}, "malformed"),
        ({"status": 500}, "server_error"),
        ({"unknown_state": "Paused"}, "unexpected_state"),
    ],
)
def test_a_failure_of_the_second_piece_keeps_the_first_and_can_be_gone_on_with(
    make: Any, time: FakeTime, store_url: str, store: Store, wire: Wire, action: dict[str, Any], kind: str
) -> None:
    service = wire.name
    sandbox, acme = make(traffic=[traffic(day(n), ok=n) for n in (1, 2, 3)])
    sandbox.faults.add(action, path=wire.results, after=1, times=1)
    with pytest.raises(UsageError) as caught:
        put(acme, time, store_url, service, days=3, split_days=1, organization="acme", run_id="r")
    result = caught.value.result()
    assert result["failure"]["kind"] == kind
    assert result["failure"]["correlation_id"] == looks(sandbox, wire)[1]["correlation_id"]
    assert [execution["status"] for execution in result["executions"]][::2] == ["complete", "running"]
    assert result["failure"]["execution"] == result["executions"][1]
    assert [row[4] for row in stored_rows(store)] == [day(3)]
    assert [row[0] for row in store.execute("SELECT day FROM coverage").fetchall()] == [day(3)]
    assert ledger(store_url, time, "r")[0][:5] == ("acme", "usage_query", "failed", kind, 1)

    alone = results(acme, time, executions=[result["failure"]["execution"]], store=store_url, organization="acme")
    assert (alone["stored"]["inserted"], alone["stored"]["days_added"]) == (1, 1)
    rest = results(acme, time, executions=result["executions"], store=store_url, organization="acme", run_id="s")
    assert (rest["stored"]["inserted"], rest["stored"]["unchanged"]) == (1, 2)
    assert rest["totals"]["requests"] == 6
    assert len(submits(sandbox, wire)) == 3
    ((_run, named),) = store.execute("SELECT run_id, service FROM run_organization WHERE run_id = 's'").fetchall()
    assert named == service


def test_a_piece_that_is_refused_names_those_that_were_begun(
    make: Any, time: FakeTime, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(n), ok=n) for n in (1, 2, 3)])
    sandbox.faults.add({"status": 400}, path=wire.submit, after=1)
    with pytest.raises(errors.BadRequest) as caught:
        ask(acme, time, service=service, days=3, split_days=1)
    begun = caught.value.result()["executions"]
    assert [execution["query"]["interval"] for execution in begun] == [f"{day(3)}/{day(3)}"]
    assert looks(sandbox, wire) == []
    assert results(acme, time, executions=begun)["totals"]["requests"] > 0


def test_a_client_whose_second_piece_fails_says_which_executions_it_has(
    make: Any, time: FakeTime, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(n), c, n) for n in (1, 2) for c in ("c1", "c2")])
    path = wire.client_paths[1].format(id="")
    sandbox.faults.add({"failed_state": "Failed"}, path=path, after=1)
    result = clients(
        acme, time, ["c1", "c2"], service=service, days=2, granularity="day", split_days=1, fail_on_client_error=False
    )
    assert result["failed_clients"] == ["c1"]
    failed, fine = result["clients"]
    assert [execution["status"] for execution in failed["executions"]] == ["complete", "failed"]
    assert failed["error"]["execution"] == failed["executions"][1]
    assert "rows" not in failed
    assert fine["totals"]["requests"] == result["totals"]["requests"] == 3


# Only what is missing


def test_only_missing_days_are_asked_in_as_few_pieces_as_possible(
    make: Any, time: FakeTime, store_url: str, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(n), ok=n) for n in range(1, 11)])
    for interval in (f"{day(9)}/{day(8)}", f"{day(4)}/{day(4)}"):
        put(acme, time, store_url, service, days=None, interval=interval)
    sandbox.exchanges.clear()
    result = put(acme, time, store_url, service, days=10, skip_collected=True)
    assert intervals(sandbox, wire) == [(day(10), day(10)), (day(7), day(5)), (day(3), day(1))]
    assert (result["stored"]["inserted"], result["stored"]["days_added"]) == (7, 7)
    assert result["row_count"] == 7
    assert "totals" not in result, "they would look like those of all ten days"
    assert result["query"]["interval"] == f"{day(10)}/{day(1)}"
    assert keep(store_url, time)["rows"] == 10


@pytest.mark.parametrize("return_rows", [None, True, False])
@pytest.mark.parametrize("wait", [True, False])
def test_where_nothing_is_missing_nothing_is_asked(
    make: Any, time: FakeTime, store_url: str, service: str, wire: Wire, wait: bool, return_rows: bool | None
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1)), traffic(day(3))])
    put(acme, time, store_url, service, days=3)
    sandbox.exchanges.clear()
    options = {"days": 3, "skip_collected": True, "wait": wait, "return_rows": return_rows}
    result = put(acme, time, store_url, service, **options)
    assert submits(sandbox, wire) == looks(sandbox, wire) == []
    assert (result["changed"], result["row_count"], result.get("totals")) == (False, 0, None)
    assert (result["execution"], result["executions"]) == (None, [])
    assert result["stored"]["days_added"] == result["stored"]["inserted"] == 0
    # Rows are there where they were asked for, and nowhere else.
    assert result.get("rows") == ([] if return_rows else None)


def test_a_day_without_traffic_is_collected_too(
    make: Any, time: FakeTime, store_url: str, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[])
    assert put(acme, time, store_url, service, days=3)["stored"]["days_added"] == 3
    put(acme, time, store_url, service, days=4, skip_collected=True)
    assert intervals(sandbox, wire)[1:] == [(day(4), day(4))]


def test_another_grouping_or_organization_has_days_of_its_own(
    make: Any, time: FakeTime, store_url: str, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1))])
    put(acme, time, store_url, service, days=3, organization="acme")
    options = {"service": service, "store": store_url, "days": 3, "skip_collected": True}
    ask(acme, time, **options, organization="acme", group_by=["template_uri"])
    ask(acme, time, **options, organization="another", group_by=["client_id"])
    clients(acme, time, ["c1"], **options, organization="acme", granularity="day", group_by=["template_uri"])
    assert len(submits(sandbox, wire)) == 4
    clients(acme, time, ["c1"], **options, organization="acme", granularity="day", group_by=["template_uri"])
    assert len(submits(sandbox, wire)) == 4


def test_in_check_mode_without_a_store_every_day_is_missing(
    make: Any, time: FakeTime, store_url: str, store_path: Any, service: str, wire: Wire
) -> None:
    sandbox, acme = make(traffic=[traffic(day(1))])
    result = put(acme, time, store_url, service, days=3, skip_collected=True, check=True)
    assert (result["changed"], result["stored"]["days_added"]) == (True, 3)
    assert intervals(sandbox, wire) == [(day(3), day(1))]
    assert not store_path.exists()


def test_long_gaps_are_split_too(make: Any, time: FakeTime, store_url: str) -> None:
    sandbox, acme = make(traffic=FAR)
    put(acme, time, store_url, "jobs", days=None, interval=f"{day(101)}/{day(100)}")
    put(acme, time, store_url, "jobs", days=200, skip_collected=True)
    assert intervals(sandbox, JOBS)[1:] == [
        (day(200), day(111)), (day(110), day(102)), (day(99), day(10)), (day(9), day(1))
    ]  # fmt: skip
    assert keep(store_url, time)["days"] == 200


def test_what_was_begun_before_a_submit_is_refused_is_kept(
    make: Any, time: FakeTime, service: str, wire: Wire, store_url: str
) -> None:
    sandbox, acme = make(traffic=FAR)
    sandbox.faults.add({"status": 403}, method="POST", path="/usage/", after=2, times=1)
    with pytest.raises(UsageError) as caught:
        put(acme, time, store_url, service, days=200, split_days=80)
    assert caught.value.kind == "permission"
    assert [execution["status"] for execution in caught.value.partial["executions"]] == ["complete"] * 2
    rest = put(acme, time, store_url, service, days=200, split_days=80, skip_collected=True)
    assert len(rest["executions"]) == 1
    assert len(submits(sandbox, wire)) == 4
    assert keep(store_url, time)["days"] == 200
