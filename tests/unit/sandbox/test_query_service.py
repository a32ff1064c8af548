# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The query service: spellings, grouping, days, states, paging and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Clock, Make, row

QUERY = "/api/v2/usage/query"


def test_ungrouped_dimensions_are_empty_texts_and_rows_without_granularity_have_no_date(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01", status429=2, status400=3), row("2026-03-02", status500=1)])
    answer = caller.query(QUERY, {"interval": "2026-03-01/2026-03-02"})
    assert answer.json == {
        "queryStatus": "Complete",
        "results": [
            {
                "clientId": "c1", "clientName": "Client c1", "organizationId": "", "userId": "", "templateUri": "",
                "httpMethod": "", "status200": 20, "status300": 0, "status400": 3, "status500": 1, "status429": 2,
                "requests": 24,
            }
        ],
    }  # fmt: skip


def test_days_are_timestamps_and_groups_and_metrics_are_those_asked_for(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01"), row("2026-03-01", user_id="u2", http_method="PUT")])
    body = {
        "interval": "2026-03-01/2026-03-02", "granularity": "Day", "groupBy": ["UserId", "HttpMethod"],
        "metrics": ["Requests"],
    }  # fmt: skip
    rows = caller.query(QUERY, body).json["results"]
    assert [(one["date"], one["userId"], one["httpMethod"], one["requests"], one["clientId"]) for one in rows] == [
        ("2026-03-01T00:00:00Z", "u1", "GET", 10, ""),
        ("2026-03-01T00:00:00Z", "u2", "PUT", 10, ""),
    ]
    assert not {"status200", "status429"} & set(rows[0])


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("2026-03-01/2026-03-03", [1, 2, 3]),
        ("2026-03-01T00:00:00.000Z/2026-03-03T00:00:00.000Z", [1, 2]),
        ("2026-03-01T00:00:00Z/2026-03-02T23:59:59Z", [1, 2]),
        ("2026-03-01T02:00:00+02:00/2026-03-03T02:00:00+0200", [1, 2]),
        ("2026-03/2026-03", [1, 2, 3, 9]),
        ("2026-03-09/2026-03-31", [9]),
    ],
)
def test_the_end_of_an_interval(make: Make, interval: str, days: list[int]) -> None:
    """The current day (10 March) is never there."""
    _sandbox, caller = make(traffic=[row(f"2026-03-{day:02d}") for day in (1, 2, 3, 9, 10)])
    rows = caller.query(QUERY, {"interval": interval, "granularity": "Day"}).json["results"]
    assert [int(one["date"][8:10]) for one in rows] == days


@pytest.mark.parametrize(
    ("granularity", "dates"), [("Week", ["2026-02-23", "2026-03-02"]), ("Month", ["2026-02-01", "2026-03-01"])]
)
def test_buckets_bear_their_first_day(make: Make, granularity: str, dates: list[str]) -> None:
    _sandbox, caller = make(traffic=[row("2026-02-28"), row("2026-02-27"), row("2026-03-02"), row("2026-03-08")])
    rows = caller.query(QUERY, {"interval": "2026-02-27/2026-03-09", "granularity": granularity}).json["results"]
    assert [one["date"][:10] for one in rows] == dates
    assert [one["requests"] for one in rows] == [20, 20]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"groupBy": ["OauthClientId"]}, "groupBy"),
        ({"groupBy": "OAuthClientId"}, "groupBy"),
        ({"groupBy": ["Platform"]}, "groupBy"),
        ({"metrics": ["requests"]}, "metrics"),
        ({"granularity": "day"}, "granularity"),
        ({"interval": None}, "interval"),
        ({"interval": "2026-03-01"}, "interval"),
        ({"interval": "2026-03-01/yesterday"}, "interval"),
        ({"interval": "2026-02-30/2026-03-01"}, "interval"),
        ({"interval": "2026-03-02/2026-03-01"}, "interval"),
        ({"interval": "2026-03-01T00:00:00Z/2026-03-01T00:00:00Z"}, "interval"),
    ],
)
def test_bad_queries_are_refused_in_the_services_own_shape(make: Make, change: dict[str, Any], field: str) -> None:
    _sandbox, caller = make(traffic=[])
    answer = caller.call("POST", QUERY, {"interval": "2026-03-01/2026-03-02", **change})
    assert (answer.status, answer.json["status"], answer.json["code"]) == (400, 400, "bad.request")
    assert answer.json["details"][0]["fieldName"] == field
    assert answer.json["contextId"] == answer.headers["inin-correlation-id"]


def test_bodies_that_are_no_query(make: Make) -> None:
    _sandbox, caller = make(traffic=[])
    json_type = {"Authorization": "Bearer given", "Content-Type": "application/json"}
    assert caller.send("POST", QUERY, b"{", json_type).status == 400
    assert caller.send("POST", QUERY, b"[]", json_type).status == 400
    assert caller.send("POST", QUERY, b"{}", {"Authorization": "Bearer given"}).status == 415
    assert caller.send("POST", QUERY, b" " * 512_001, json_type).status == 413
    assert caller.call("GET", QUERY).status == 405
    assert caller.call("GET", "/api/v2/nothing").status == 404


def test_pending_is_exactly_that_and_time_decides(make: Make, clock: Clock) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01")], answer_after=10.0)
    uri = caller.call("POST", QUERY, {"interval": "2026-03-01/2026-03-02"}).json["resultsUri"]
    for _look in range(2):
        assert caller.call("GET", uri).body == b'{"queryStatus":"Running"}'
        clock.now += 6
    assert caller.call("GET", uri).json["queryStatus"] == "Complete"


def test_looks_can_decide_instead(make: Make) -> None:
    _sandbox, caller = make(traffic=[], pending_looks=2)
    uri = caller.call("POST", QUERY, {"interval": "2026-03-01/2026-03-02"}).json["resultsUri"]
    assert [caller.call("GET", uri).json["queryStatus"] for _look in range(3)] == ["Running", "Running", "Complete"]
    assert caller.call("GET", uri).json["results"] == []


def test_a_client_query_its_summary_and_their_results(make: Make) -> None:
    traffic = [row("2026-03-01"), row("2026-03-09", requests=7), row("2026-03-09", client="c2", requests=100)]
    sandbox, caller = make(traffic=traffic)
    body = {"interval": "2026-03-01/2026-03-09", "groupBy": ["OrganizationId", "TemplateUri"]}
    submitted = caller.call("POST", "/api/v2/oauth/clients/c1/usage/query", body).json
    assert submitted["resultsUri"] == f"/api/v2/oauth/clients/c1/usage/query/results/{submitted['executionId']}"
    rows = caller.call("GET", submitted["resultsUri"]).json["results"]
    assert [(one["requests"], one["organizationId"]) for one in rows] == [(17, sandbox.organizations[0].id)]
    summary = caller.call("GET", "/api/v2/oauth/clients/c1/usage/summary?days=1").json
    rows = caller.call("GET", summary["resultsUri"]).json["results"]
    assert [(one["clientId"], one["requests"]) for one in rows] == [("c1", 7)]
    assert caller.query("/api/v2/oauth/clients/c1/usage/query", body).status == 200
    assert caller.call("GET", f"/api/v2/usage/query/{submitted['executionId']}/results").status == 404
    assert caller.call("GET", f"/api/v2/oauth/clients/c2/usage/query/results/{submitted['executionId']}").status == 404
    assert caller.call("GET", "/api/v2/oauth/clients/nobody/usage/summary").status == 404
    assert caller.call("GET", "/api/v2/oauth/clients/c1/usage/summary?days=week").status == 400


def test_builtin_clients_are_left_out(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01"), row("2026-03-01", client="purecloud-builtin")])
    for path in (QUERY, "/api/v2/usage/simplesearch"):
        rows = caller.query(path, {"interval": "2026-03-01/2026-03-02"}).json["results"]
        assert [one["clientName"] for one in rows] == ["Client c1"]
    assert [one["id"] for one in caller.call("GET", "/api/v2/oauth/clients").json["entities"]] == ["c1"]


def test_simplesearch_filters_selects_and_pages(make: Make) -> None:
    traffic = [row("2026-03-01", http_method=method) for method in ("GET", "PUT", "POST")]
    _sandbox, caller = make(traffic=traffic)
    body = {"interval": "2026-03-01/2026-03-02", "metrics": ["HttpMethod", "Status200"], "httpMethods": ["GET", "PUT"]}
    submitted = caller.call("POST", "/api/v2/usage/simplesearch", body).json
    first = caller.call("GET", f"{submitted['resultsUri']}?pageSize=1").json
    assert [(one["httpMethod"], one["status200"], one["clientName"]) for one in first["results"]] == [("GET", 10, "")]
    assert "date" not in first["results"][0]
    assert "requests" not in first["results"][0]
    after = first["cursors"]["after"]
    last = caller.call("GET", f"{submitted['resultsUri']}?pageSize=1&after={after}").json
    assert [one["httpMethod"] for one in last["results"]] == ["PUT"]
    assert "after" not in last["cursors"]
    assert caller.call("GET", f"{submitted['resultsUri']}?pageSize=1001").status == 400
    assert caller.call("GET", f"{submitted['resultsUri']}?after=nonsense").status == 400
    bad = {"interval": "2026-03-01/2026-03-02", "metrics": ["Requests"]}
    assert caller.call("POST", "/api/v2/usage/simplesearch", bad).status == 400


def test_the_query_service_can_be_made_to_page(make: Make) -> None:
    _sandbox, caller = make(traffic=[row(f"2026-03-0{day}") for day in range(1, 6)], query_page_size=2)
    body = {"interval": "2026-03-01/2026-03-05", "granularity": "Day"}
    uri = caller.call("POST", QUERY, body).json["resultsUri"]
    dates, after = [], ""
    while True:
        page = caller.call("GET", f"{uri}?after={after}" if after else uri).json
        dates += [one["date"][:10] for one in page["results"]]
        after = page["cursors"].get("after")
        if not after:
            break
    assert dates == [f"2026-03-0{day}" for day in range(1, 6)]
