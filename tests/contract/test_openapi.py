# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every exchange of our operations, in both directions, against ``openapi.json``: nothing in between records them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from genesyscloud_sandbox import Sandbox
from openapi_spec_validator import validate

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import SERVICES

from .support import Time, World, fleet
from .validation import DOCUMENT, problems, validate_exchanges, validated

INTERVAL = "2026-02-01/2026-02-14"
GROUPINGS = {
    ("query", "organization"): [None, ["organization_id"], ["user_id"], ["client_id", "template_uri", "http_method"]],
    ("query", "client"): [None, ["organization_id"], ["template_uri", "http_method"]],
    ("jobs", "organization"): [None, ["client_id"], ["client_name"], ["user_id", "platform"], ["http_method"]],
    ("jobs", "client"): [None, ["organization_id"], ["template_uri", "platform"]],
}
VARIANTS = [
    (service, scope, group_by, granularity)
    for (service, scope), groupings in GROUPINGS.items()
    for group_by in groupings
    for granularity in (None, "day", "week", "month")
]


def ask(world: World, service: str, scope: str, **given: Any) -> dict[str, Any]:
    """The organization, or its two busiest clients."""
    if scope == "organization":
        return world.run("usage_query", service=service, **given)
    client_ids = [client.id for client in world.organization.clients[:2]]
    return world.run("oauth_client_usage", service=service, client_ids=client_ids, **given)


def test_the_document_is_valid_openapi_and_small() -> None:
    validate(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    assert DOCUMENT.stat().st_size < 200_000


@pytest.mark.parametrize(("service", "scope", "group_by", "granularity"), VARIANTS)
def test_every_grouping_and_granularity(
    world: World, service: str, scope: str, group_by: list[str] | None, granularity: str | None
) -> None:
    result = ask(world, service, scope, interval=INTERVAL, group_by=group_by, granularity=granularity)
    assert result["row_count"] > 0
    assert result["api_calls"] == len(world.exchanges()) > 2


@pytest.mark.parametrize("metric", ["requests", "status200", "status300", "status400", "status429", "status500"])
@pytest.mark.parametrize("service", SERVICES)
def test_single_metrics(world: World, service: str, metric: str) -> None:
    result = ask(world, service, "organization", interval=INTERVAL, metrics=[metric], group_by=["client_id"])
    assert set(result["totals"]) == {metric}
    assert result["api_calls"] == len(world.exchanges())


@pytest.mark.parametrize("scope", ["organization", "client"])
def test_filters_and_order_of_the_jobs_service(world: World, scope: str) -> None:
    organization = world.organization
    filters: dict[str, Any] = {
        "template_uris": ["/api/v2/users"], "http_methods": ["GET", "POST"], "platforms": ["public-api"],
    }  # fmt: skip
    if scope == "organization":
        filters |= {"oauth_client_ids": [client.id for client in organization.clients], "user_ids": ["nobody"]}
    else:
        filters |= {"organization_ids": [organization.id]}
    sort_by = [{"field": "date", "order": "asc"}, {"field": "requests", "order": "desc"}]
    ask(world, "jobs", scope, interval=INTERVAL, granularity="day", sort_by=sort_by, **filters)
    body = next(exchange["body"] for exchange in world.exchanges() if "interval" in (exchange["body"] or ()))
    assert body["sortBy"] == [{"fieldName": "Date", "order": "Asc"}, {"fieldName": "Requests", "order": "Desc"}]
    assert len(body) == 3 + len(filters)


def test_clients_summaries_and_results(world: World) -> None:
    clients = world.run("oauth_client_info")["clients"]
    client_ids = [client["client_id"] for client in clients]
    assert len(client_ids) == len(world.organization.clients)
    assert world.run("oauth_client_usage", client_ids=client_ids, report="summary", days=9)["row_count"] > 0
    for service in SERVICES:
        begun = world.run("usage_query", service=service, days=5, wait=False)["execution"]
        listed = world.run("usage_results", executions=[begun])
        alone = world.run("usage_results", service=service, execution_id=begun["id"])
        assert listed["totals"] == alone["totals"]
        one = world.run("oauth_client_usage", service=service, client_ids=client_ids[1:2], days=5, wait=False)
        picked = world.run("usage_results", executions=[client["execution"] for client in one["clients"]])
        assert picked["row_count"] > 0


def test_a_store_asks_who_it_is(world: World, tmp_path: Any) -> None:
    store = f"sqlite:///{tmp_path / 'usage.db'}"
    world.run("usage_query", days=3, granularity="day", store=store)
    world.run("oauth_client_info", store=store)
    assert "/api/v2/organizations/me" in [exchange["path"] for exchange in world.exchanges()]


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize("service", SERVICES)
def test_pending_looks_and_pages(
    fresh: World, monkeypatch: pytest.MonkeyPatch, set_page_size: Any, service: str, status: int
) -> None:
    organization = fresh.organization
    organization.submit_status, organization.pending_looks, organization.query_page_size = status, 3, 7
    set_page_size(7)
    result = ask(fresh, service, "organization", interval=INTERVAL, granularity="day", group_by=["client_id"])
    looks = [exchange for exchange in fresh.exchanges() if exchange["method"] == "GET"]
    pages = -(-result["row_count"] // 7)
    assert pages > 2
    assert len(looks) == 3 + pages
    states = {"query": {"Running", "Complete"}, "jobs": {"Queued", "Running", "Succeeded"}}[service]
    assert {look["response"]["body"]["queryStatus"] for look in looks} == states


@pytest.mark.parametrize(
    ("service", "failed", "reason"),
    [("query", "Failed", None), ("jobs", "Failed", None), ("jobs", "Failed", True), ("jobs", "Cancelled", True)],
)
def test_executions_that_fail(fresh: World, service: str, failed: str, reason: bool | None) -> None:
    fresh.sandbox.faults.add({"failed_state": failed, "errorBody": reason})
    with pytest.raises(UsageError) as error:
        ask(fresh, service, "organization", days=3)
    assert error.value.kind == "execution_failed"


@pytest.mark.parametrize("path", ["query$|jobs$", "results(/|$)|jobs/"], ids=["submit", "results"])
@pytest.mark.parametrize("scope", ["organization", "client"])
@pytest.mark.parametrize("service", SERVICES)
def test_documented_errors(fresh: World, service: str, scope: str, path: str) -> None:
    for status in (400, 401, 403, 404, 408, 409, 413, 415, 429, 500, 503, 504):
        fresh.sandbox.faults.clear()
        fault = fresh.sandbox.faults.add({"status": status}, path=path)
        with pytest.raises(UsageError) as error:
            ask(fresh, service, scope, days=3, retry_timeout=0)
        assert error.value.status == status
        assert fault.fired > 0


def test_errors_that_pass(fresh: World) -> None:
    """A limit, an outage and a token that ended, all in one task that succeeds."""
    faults = fresh.sandbox.faults
    faults.add({"login_rate_limit": True}, path="/oauth/token", times=1)
    faults.add({"retry_after": 42}, path="query$", times=1)
    faults.add({"retry_after": "Tue, 10 Mar 2026 12:05:00 GMT"}, path="results$", times=1)
    faults.add({"status": 503}, path="results$", times=1)
    faults.add({"status": 401}, path="results$", times=1)
    faults.add({"status": 502}, path="results$", times=1)
    result = fresh.run("usage_query", days=3, retry_timeout=600.0)
    statuses = [exchange["status"] for exchange in fresh.exchanges()]
    assert statuses == [400, 200, 429, 200, 429, 503, 401, 200, 502, 200]
    assert result["api_calls"] == len(statuses)


def test_real_refusals(fresh: World) -> None:
    """What the sandbox refuses by itself: credentials, permissions, what is not there, and its own ceiling."""
    organization = fresh.organization
    kinds = []
    for operation, given in (
        ("usage_query", {"days": 3, "oauthclient_secret": "wrong"}),
        ("usage_query", {"days": 3, "oauthclient_id": None, "oauthclient_secret": None, "access_token": "wrong"}),
        ("usage_results", {"execution_id": "nobody"}),
        ("oauth_client_usage", {"client_ids": ["nobody"], "days": 3}),
        ("usage_query", {"days": 3, "service": "jobs", "http_methods": ["FETCH"]}),
    ):
        with pytest.raises(UsageError) as error:
            fresh.run(operation, **given)
        kinds.append((error.value.status, error.value.kind))
    organization.permissions = ()
    with pytest.raises(UsageError) as error:
        fresh.run("oauth_client_info")
    kinds.append((error.value.status, error.value.kind))
    organization.permissions, organization.rate_limit_per_minute = None, 1
    with pytest.raises(UsageError) as error:
        fresh.run("usage_query", days=3, retry_timeout=0)
    kinds.append((error.value.status, error.value.kind))
    assert kinds == [
        (400, "authentication"), (401, "authentication"), (404, "not_found"), (404, "clients_failed"),
        (400, "bad_request"), (403, "permission"), (429, "rate_limited"),
    ]  # fmt: skip


def good(exchanges: list[dict[str, Any]], path: str, method: str = "GET") -> dict[str, Any]:
    """A recorded exchange that is valid, to be spoilt."""
    found = [e for e in exchanges if path in e["path"] and e["method"] == method and e["status"] == 200]
    assert problems(found[-1]) == []
    return copy.deepcopy(found[-1])


def spoil(exchange: dict[str, Any], place: str, value: Any) -> list[str]:
    """What is wrong with an exchange in which something is replaced; ``...`` takes it away."""
    *way, last = place.split(".")
    inner: Any = exchange
    for step in way:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return problems(exchange)


SPOILT = [
    ("usage/query", "POST", "body.grouBy", ["UserId"], "request"),
    ("usage/query", "POST", "body.groupBy", ["OauthClientId"], "request"),
    ("usage/query", "POST", "body.interval", ..., "request"),
    ("usage/query", "POST", "body.granularity", "day", "request"),
    ("usage/query", "POST", "headers.authorization", ..., "request"),
    ("usage/query", "POST", "headers.content-type", "text/plain", "request"),
    ("usage/query", "POST", "path", "/api/v2/usage/queries", "request"),
    ("usage/query", "POST", "method", "PUT", "request"),
    ("usage/query", "POST", "response.body.executionId", 7, "response"),
    ("usage/query", "POST", "status", 201, "response"),
    ("results", "GET", "query.pageSize", "1000", "request"),
    ("results", "GET", "response.headers.inin-correlation-id", ..., "response"),
    ("results", "GET", "response.body.queryStatus", "Running", "response"),
    ("results", "GET", "response.body.queryStatus", "Succeeded", "response"),
    ("results", "GET", "response.body.results", ..., "response"),
    ("results", "GET", "response.body.results.0.requests", "12", "response"),
    ("results", "GET", "response.body.results.0.clientId", None, "response"),
    ("results", "GET", "response.body.results.0.platform", "web", "response"),
    ("results", "GET", "response.body.results.0.date", "2026-02-01", "response"),
    ("results", "GET", "response.headers.Content-Type", "text/html", "response"),
    ("jobs", "POST", "body.groupBy", ["OAuthClientId"], "request"),
    ("jobs", "POST", "body.sortBy", [{"fieldName": "Date", "order": "desc"}], "request"),
    ("jobs/", "GET", "query.pageSize", "1001", "request"),
    ("jobs/", "GET", "query.pageNumber", "1", "request"),
    ("jobs/", "GET", "response.body.entities.0.user", "u1", "response"),
    ("jobs/", "GET", "response.body.entities.0.requestCount", -1, "response"),
    ("jobs/", "GET", "response.body.nextUri", "https://elsewhere.example.com/", "response"),
    ("token", "POST", "body.client_id", "me", "request"),
    ("token", "POST", "headers.authorization", "Bearer", "request"),
    ("token", "POST", "response.body.expires_in", "86399", "response"),
]


@pytest.fixture(scope="module")
def spoilable(time: Time) -> list[dict[str, Any]]:
    """What is exchanged for a few rows, by both services."""
    with Sandbox(fleet(), clock=time.monotonic, record_bodies=True) as sandbox:
        for service in SERVICES:
            World(sandbox, time).run("usage_query", service=service, days=3, group_by=["client_id"], granularity="day")
        return sandbox.exchanges.recorded()


@pytest.mark.parametrize(("path", "method", "place", "value", "where"), SPOILT)
def test_the_document_sees_what_is_wrong(
    spoilable: list[dict[str, Any]], path: str, method: str, place: str, value: Any, where: str
) -> None:
    spoilt = spoil(good(spoilable, path, method), place, value)
    assert spoilt
    assert all(problem.startswith(f"{where}: ") for problem in spoilt), spoilt


def test_faults_excuse_answers_and_never_requests(spoilable: list[dict[str, Any]]) -> None:
    exchange = good(spoilable, "results")
    exchange["response"]["body"] = "<html>"
    assert problems(exchange)
    assert problems({**exchange, "fault": "html"}) == []
    assert problems({**exchange, "fault": "html", "query": {"who": "me"}})


def test_a_request_that_is_wrong_must_be_refused(fresh: World) -> None:
    fresh.run("usage_query", days=3)
    exchange = good(fresh.exchanges(), "usage/query", "POST")
    exchange["body"] = {"interval": "yesterday"}
    assert problems(exchange)
    refusal = {"message": "No", "code": "bad.request", "status": 400}
    assert problems({**exchange, "status": 400, "response": {"headers": {}, "body": refusal}}) == []
    assert problems({**exchange, "status": 400, "response": {"headers": {}, "body": "No"}})


def test_bodies_have_to_be_recorded_and_are_recorded_without_secrets(time: Time) -> None:
    with Sandbox(fleet(), clock=time.monotonic) as sandbox:
        World(sandbox, time).run("oauth_client_info")
        assert sandbox.exchanges.recorded() == []
        with pytest.raises(AssertionError, match="record_bodies"), validated(sandbox):
            pass
        with pytest.raises(AssertionError, match="record_bodies"):
            validate_exchanges(sandbox.exchanges.list())
    with validated(Sandbox(fleet(), clock=time.monotonic, record_bodies=True)) as sandbox:
        World(sandbox, time).run("oauth_client_info")
        tokens = list(sandbox.engine.login._tokens)
        sandbox.exchanges.clear()
    recorded = json.dumps(sandbox.exchanges.recorded())
    assert len(sandbox.exchanges.recorded()) == 2
    assert "entities" in recorded
    assert not [secret for secret in ("SANDBOX-CLIENT-SECRET", *tokens) if secret in recorded]


def test_a_test_fails_for_one_invalid_exchange(time: Time) -> None:
    def session() -> None:
        with validated(Sandbox(fleet(), clock=time.monotonic, record_bodies=True)) as sandbox:
            sandbox.engine.exchanges.add = lambda *given, add=sandbox.engine.exchanges.add: add(*given[:-1], None)
            sandbox.faults.add({"body": {"executionId": 7}}, path="query$", times=1)
            with pytest.raises(UsageError):
                World(sandbox, time).run("usage_query", days=3)

    with pytest.raises(AssertionError, match=r"1 problems in 2 exchanges:\n2: POST /api/v2/usage/query  -> 200"):
        session()
