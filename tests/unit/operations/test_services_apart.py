# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one service has and the other has not, and that their figures never meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes import WIRES, FakeTime, day, stored_rows, submits, traffic
from tasks import TRAFFIC, ask, clients, keep, results

from ansible_collections.genesyscloud.usage.plugins.module_utils import errors
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.store import reader
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store

JOBS = WIRES["jobs"]
MIXED = [
    traffic(day(1), "c1", 1, user_id="u1", http_method="GET", platform="web", organization_id="o1"),
    traffic(day(1), "c2", 2, user_id="u2", http_method="POST", platform="public-api", organization_id="o1"),
    traffic(day(2), "c1", 4, user_id="u2", http_method="GET", template_uri="api/v2/x", organization_id="o2"),
    traffic(day(2), "purecloud", 8, user_id="u3", http_method="PUT", organization_id="o1"),
]


# Filters and order


@pytest.mark.parametrize(
    ("filters", "requests"),
    [
        ({"oauth_client_ids": ["c1"]}, 5),
        ({"oauth_client_ids": ["c1", "c2"]}, 7),
        ({"user_ids": ["u2"]}, 6),
        ({"template_uris": ["api/v2/x"]}, 4),
        ({"http_methods": ["GET", "PUT"]}, 13),
        ({"platforms": ["web"]}, 1),
        ({"user_ids": ["u2"], "http_methods": ["POST"]}, 2),
        ({"platforms": ["nowhere"]}, 0),
        ({"oauth_client_ids": []}, 15),
    ],
)
def test_filters_leave_the_rows_that_are_wanted(
    make: Any, time: FakeTime, filters: dict[str, list[str]], requests: int
) -> None:
    sandbox, acme = make(traffic=MIXED)
    result = ask(acme, time, service="jobs", **filters)
    assert result["totals"]["requests"] == requests
    given = {name: values for name, values in filters.items() if values}
    assert result["query"]["filters"] == given
    (call,) = submits(sandbox, JOBS)
    assert sorted(call["body"].keys() - {"interval", "granularity"}) == sorted(
        {
            "oauth_client_ids": "oauthClientIds", "user_ids": "userIds", "template_uris": "templateUris",
            "http_methods": "httpMethods", "platforms": "platforms",
        }[name]
        for name in given
    )  # fmt: skip


def test_filters_of_a_client(make: Any, time: FakeTime) -> None:
    sandbox, acme = make(traffic=MIXED)
    result = clients(acme, time, ["c1"], service="jobs", organization_ids=["o2"], http_methods=["GET"])
    assert result["totals"]["requests"] == 4
    (call,) = submits(sandbox, JOBS)
    assert (call["body"]["organizationIds"], call["body"]["httpMethods"]) == (["o2"], ["GET"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"service": "query", "platforms": ["web"]}, r"offered by: jobs \(organization\), jobs \(client\)"),
        ({"service": "query", "user_ids": ["u1"]}, r"offer the filter user_ids .*; offered by: jobs \(organization\)"),
        ({"service": "query", "group_by": ["platform"]}, r"offered by: jobs \(organization\), jobs \(client\)"),
        ({"service": "query", "sort_by": [{"field": "date", "order": "asc"}]}, "sort_by; offered by: jobs"),
        ({"service": "jobs", "organization_ids": ["o"]}, r"the filter organization_ids .*: jobs \(client\)"),
        ({"service": "jobs", "group_by": ["organization_id"]}, r"query \(organization\), query \(client\), jobs \("),
    ],
)
def test_what_a_service_does_not_offer_is_refused_before_anything_is_sent(
    make: Any, time: FakeTime, given: dict[str, Any], words: str
) -> None:
    sandbox, acme = make(traffic=MIXED)
    with pytest.raises(InvalidArgument, match=words):
        ask(acme, time, **given)
    assert len(sandbox.exchanges) == 0


def test_what_filters_leave_is_not_stored(make: Any, time: FakeTime, store_url: str, store_path: Path) -> None:
    sandbox, acme = make(traffic=MIXED)
    words = "The store keeps whole days, not what filters leave of them: leave the filters out"
    filtered = {"service": "jobs", "http_methods": ["GET"]}
    with pytest.raises(InvalidArgument, match=words):
        ask(acme, time, store=store_url, **filtered)
    with pytest.raises(InvalidArgument, match=words):
        clients(acme, time, ["c1"], store=store_url, granularity="day", **filtered)
    assert len(sandbox.exchanges) == 0
    submitted = ask(acme, time, wait=False, **filtered)
    with pytest.raises(InvalidArgument, match=words):
        results(acme, time, executions=[submitted["execution"]], store=store_url)
    assert not store_path.exists()
    assert results(acme, time, executions=[submitted["execution"]])["totals"]["requests"] == 5


@pytest.mark.parametrize(
    ("sort_by", "requests"),
    [
        ([("requests", "desc")], [8, 4, 2, 1]),
        ([("requests", "asc")], [1, 2, 4, 8]),
        ([("date", "desc"), ("requests", "desc")], [2, 1, 8, 4]),
        ([("client_id", "asc"), ("date", "desc")], [1, 4, 2, 8]),
    ],
)
def test_rows_come_in_the_order_that_was_asked_for(
    make: Any, time: FakeTime, sort_by: list[tuple[str, str]], requests: list[int]
) -> None:
    _sandbox, acme = make(traffic=MIXED)
    order = [{"field": field, "order": order} for field, order in sort_by]
    result = ask(acme, time, service="jobs", sort_by=order)
    assert [row["requests"] for row in result["rows"]] == requests


# Permissions


def test_a_missing_permission_is_named_as_each_service_has_it(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=MIXED, permissions=())
    with pytest.raises(errors.PermissionDenied) as caught:
        ask(acme, time, service=service)
    assert caught.value.message.endswith(WIRES[service].permission)
    with pytest.raises(errors.ClientsFailed) as failed:
        clients(acme, time, ["c1"], service=service)
    assert failed.value.message.endswith(WIRES[service].client_permission)


# Their figures never meet


def test_requests_of_built_in_clients_are_counted_by_jobs_alone(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=MIXED)
    assert ask(acme, time, service=service)["totals"]["requests"] == {"query": 7, "jobs": 15}[service]


@pytest.fixture
def both(make: Any, time: FakeTime, store_url: str) -> str:
    """A store with the same days of the same organization and grouping, of both services."""
    _sandbox, acme = make(traffic=[*TRAFFIC, traffic(day(1), "purecloud", 100)])
    for service in ("query", "jobs"):
        result = ask(acme, time, service=service, store=store_url, organization="acme", group_by=["client_id"])
        # What the one has does not count as collected for the other, and is not changed by it.
        assert (result["stored"]["days_added"], result["stored"]["updated"], result["stored"]["deleted"]) == (7, 0, 0)
    return store_url


def test_the_same_day_of_both_services_is_kept_twice(both: str, time: FakeTime, store: Store) -> None:
    assert (keep(both, time)["days"], keep(both, time)["rows"]) == (14, 3 + 4)
    found = {row[1]: 0 for row in stored_rows(store)}
    for row in stored_rows(store):
        found[row[1]] += row[7]
    assert found == {"query": 38, "jobs": 138}
    covered = store.execute("SELECT service, COUNT(*), SUM(requests) FROM coverage GROUP BY service ORDER BY 1")
    assert [tuple(row) for row in covered.fetchall()] == [("jobs", 7, 138), ("query", 7, 38)]


def test_days_of_one_service_are_missing_for_the_other(make: Any, time: FakeTime, store_url: str) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    options = {"store": store_url, "group_by": ["client_id"], "skip_collected": True}
    ask(acme, time, service="query", **options)
    ask(acme, time, service="jobs", **options)
    assert [len(submits(sandbox, wire)) for wire in WIRES.values()] == [1, 1]
    ask(acme, time, service="query", **options)
    assert [len(submits(sandbox, wire)) for wire in WIRES.values()] == [1, 1]


def test_a_store_asks_which_service_is_meant(both: str, time: FakeTime, store: Store, tmp_path: Path) -> None:
    words = "Say which rows .*are meant with service and group_by; the store has service jobs, .*; service query, "
    with pytest.raises(InvalidArgument, match=words):
        reader.choose(store, None, None)
    with pytest.raises(InvalidArgument, match=words):
        reader.choose(store, None, ["client_id"], "acme")
    dest = tmp_path / "out.csv"
    for unclear in ({}, {"group_by": ["client_id"]}, {"organization": "acme"}, {"days": 3}):
        with pytest.raises(InvalidArgument, match=words):
            keep(both, time, export={"dest": str(dest), **unclear})
        with pytest.raises(InvalidArgument, match=words):
            keep(both, time, summary=unclear)
    assert not dest.exists()


@pytest.mark.parametrize(("name", "requests"), [("query", 38), ("jobs", 138)])
def test_what_comes_out_of_a_store_is_of_one_service(
    both: str, time: FakeTime, tmp_path: Path, name: str, requests: int
) -> None:
    dest = tmp_path / "out.csv"
    exported = keep(both, time, export={"dest": str(dest), "service": name})["exported"]
    assert (exported["service"], exported["totals"]["requests"]) == (name, requests)
    lines = dest.read_text().splitlines()[1:]
    assert {line.split(",")[1] for line in lines} == {name}
    summary = keep(both, time, summary={"service": name})["summary"]
    assert (summary["service"], summary["totals"]["requests"]) == (name, requests)
    assert sum(entry["requests"] for entry in summary["top_clients"]) == requests


def test_executions_of_both_services_are_not_added_up(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    begun = [ask(acme, time, service=service, wait=False)["execution"] for service in WIRES]
    with pytest.raises(InvalidArgument, match=r"executions of different services .* cannot be added up"):
        results(acme, time, executions=begun)


def test_an_execution_of_one_service_is_not_there_in_the_other(make: Any, time: FakeTime, service: str) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    (other,) = WIRES.keys() - {service}
    begun = ask(acme, time, service=service, wait=False)["execution"]
    with pytest.raises(errors.NotFound) as caught:
        results(acme, time, execution_id=begun["id"], service=other)
    assert caught.value.message.endswith("No such execution, or it expired")
