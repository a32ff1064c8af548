# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The jobs service: spellings, states, pages, filters, sorting and its limits."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Clock, Make, row

JOBS = "/api/v2/usage/aggregates/query/jobs"
WEEK = "2026-03-01/2026-03-07"


def test_not_aggregated_by_default_and_spelled_as_the_service_does(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01", status400=2, status429=1)])
    submitted = caller.call("POST", JOBS, {"interval": WEEK, "granularity": "Day"})
    assert set(submitted.json) == {"id", "name", "resultsUri", "selfUri"}
    answer = caller.call("GET", submitted.json["resultsUri"]).json
    assert answer["queryStatus"] == "Succeeded"
    assert "nextUri" not in answer
    assert answer["entities"] == [
        {
            "date": "2026-03-01",
            "oauthClient": {"id": "c1", "name": "Client c1", "selfUri": "/api/v2/oauth/clients/c1"},
            "user": {"id": "u1", "selfUri": "/api/v2/users/u1"},
            "httpMethod": "GET", "templateUri": "api/v2/users", "platform": "public-api",
            "status200": 10, "status300": 0, "status400": 2, "status500": 0, "status429": 1, "requestCount": 12,
        }
    ]  # fmt: skip


def test_only_what_is_grouped_by_and_asked_for_is_there(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01"), row("2026-03-02", client="c2")])
    rows = caller.query(JOBS, {"interval": WEEK, "groupBy": ["Platform"], "metrics": ["Requests"]}).json["entities"]
    assert rows == [{"platform": "public-api", "requestCount": 20}]
    rows = caller.query(JOBS, {"interval": WEEK, "groupBy": ["OauthClientName"], "metrics": ["Requests"]}).json[
        "entities"
    ]
    assert [one["oauthClient"] for one in rows] == [{"name": "Client c1"}, {"name": "Client c2"}]
    rows = caller.query(JOBS, {"interval": WEEK, "groupBy": ["UserId"]}).json["entities"]
    assert rows[0]["user"]["id"] == "u1"
    assert "oauthClient" not in rows[0]


def test_every_request_counts_also_those_of_builtin_clients(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01"), row("2026-03-01", client="purecloud")])
    rows = caller.query(JOBS, {"interval": WEEK, "groupBy": ["OauthClientId"]}).json["entities"]
    assert [one["oauthClient"]["id"] for one in rows] == ["c1", "purecloud"]


def test_a_job_is_queued_then_running_then_succeeded(make: Make, clock: Clock) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01")], answer_after=10.0)
    uri = caller.call("POST", JOBS, {"interval": WEEK}).json["resultsUri"]
    states = []
    for _look in range(3):
        answer = caller.call("GET", uri).json
        states.append(answer["queryStatus"])
        assert ("entities" in answer) == (answer["queryStatus"] == "Succeeded")
        clock.now += 5
    assert states == ["Queued", "Running", "Succeeded"]


@pytest.mark.parametrize(
    ("count", "query", "pages"), [(100, "", [100]), (101, "", [100, 1]), (4, "?pageSize=2", [2, 2])]
)
def test_next_uri_is_there_only_while_there_is_another_page(
    make: Make, count: int, query: str, pages: list[int]
) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01", template_uri=f"/t/{number:03d}") for number in range(count)])
    uri: str | None = caller.call("POST", JOBS, {"interval": WEEK}).json["resultsUri"] + query
    sizes, seen = [], []
    while uri:
        page = caller.call("GET", uri).json
        sizes.append(len(page["entities"]))
        seen += [one["templateUri"] for one in page["entities"]]
        uri = page.get("nextUri")
    assert sizes == pages
    assert seen == [f"/t/{number:03d}" for number in range(count)]


def test_page_sizes_and_cursors_that_are_refused(make: Make) -> None:
    _sandbox, caller = make(traffic=[])
    uri = caller.call("POST", JOBS, {"interval": WEEK}).json["resultsUri"]
    for query in ("pageSize=0", "pageSize=1001", "pageSize=many", "after=%21"):
        assert caller.call("GET", f"{uri}?{query}").status == 400, query
    assert caller.call("GET", f"{JOBS}/00000000-0000-0000-0000-000000000000").status == 404


def test_filters_and_sorting(make: Make) -> None:
    traffic = [row("2026-03-01", client=f"c{number}", requests=number, user_id=f"u{number}") for number in range(1, 5)]
    _sandbox, caller = make(traffic=traffic)
    body: dict[str, Any] = {
        "interval": WEEK, "oauthClientIds": ["c1", "c2", "c4"], "userIds": ["u2", "u4"], "httpMethods": ["GET"],
        "templateUris": ["api/v2/users"], "platforms": ["public-api"],
        "sortBy": [{"fieldName": "requestCount", "order": "Desc"}],
    }  # fmt: skip
    assert [one["requestCount"] for one in caller.query(JOBS, body).json["entities"]] == [4, 2]
    body["platforms"] = ["nowhere"]
    assert caller.query(JOBS, body).json["entities"] == []
    body["sortBy"] = [{"fieldName": "requestCount", "order": "desc"}]
    assert caller.call("POST", JOBS, body).status == 400


def test_a_client_has_jobs_of_its_own(make: Make) -> None:
    _sandbox, caller = make(traffic=[row("2026-03-01", organization_id="o2"), row("2026-03-01", client="c2")])
    path = "/api/v2/usage/client/c1/aggregates/query/jobs"
    submitted = caller.call("POST", path, {"interval": WEEK, "groupBy": ["OrganizationId"]}).json
    assert submitted["resultsUri"] == f"{path}/{submitted['id']}"
    rows = caller.call("GET", submitted["resultsUri"]).json["entities"]
    assert [(one["organizationId"], one["requestCount"]) for one in rows] == [("o2", 10)]
    assert caller.query(path, {"interval": WEEK, "organizationIds": ["o1"]}).json["entities"] == []
    assert caller.call("GET", f"{JOBS}/{submitted['id']}").status == 404
    assert caller.call("POST", path, {"interval": WEEK, "groupBy": ["OauthClientId"]}).status == 400


@pytest.mark.parametrize(
    ("interval", "status"),
    [
        ("2025-12-10/2026-03-10", 200),
        ("2025-12-09/2026-03-10", 400),
        ("2025-03-10/2025-03-11", 200),
        ("2025-03-09/2025-03-11", 400),
        ("2026-03-02/2026-03-01", 400),
        ("2026-03-01/2026-03-01", 200),
    ],
)
def test_intervals(make: Make, interval: str, status: int) -> None:
    _sandbox, caller = make(traffic=[])
    assert caller.call("POST", JOBS, {"interval": interval}).status == status


def test_start_and_end_are_included(make: Make) -> None:
    _sandbox, caller = make(traffic=[row(f"2026-03-0{day}") for day in range(1, 5)])
    for interval in ("2026-03-02/2026-03-03", "2026-03-02T00:00:00Z/2026-03-03T00:00:00Z"):
        rows = caller.query(JOBS, {"interval": interval, "granularity": "Day"}).json["entities"]
        assert [one["date"] for one in rows] == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize("change", [{"groupBy": ["OAuthClientId"]}, {"granularity": "Hour"}, {"httpMethods": ["get"]}])
def test_spellings_of_the_other_service_are_refused(make: Make, change: dict[str, Any]) -> None:
    _sandbox, caller = make(traffic=[])
    assert caller.call("POST", JOBS, {"interval": WEEK, **change}).status == 400
