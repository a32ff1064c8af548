# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the SDK and our client put on the wire for the same question: the same, and nothing more often."""

from __future__ import annotations

from typing import Any

import pytest

from .sdk import Sdk
from .support import World

pytestmark = pytest.mark.xdist_group("sdk")

DAYS = "2026-02-02/2026-02-15"
QUESTIONS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "query": ("query", "organization", {}, {}),
    "query, by day": ("query", "organization", {"granularity": "day"}, {"granularity": "Day"}),
    "query, all of it": (
        "query", "organization",
        {
            "granularity": "week", "metrics": ["requests", "status429"],
            "group_by": ["client_id", "organization_id", "user_id", "template_uri", "http_method"],
        },
        {
            "granularity": "Week", "metrics": ["Requests", "Status429"],
            "group_by": ["OAuthClientId", "OrganizationId", "UserId", "TemplateUri", "HttpMethod"],
        },
    ),
    "query, client": (
        "query", "client",
        {"granularity": "month", "group_by": ["client_id", "organization_id", "template_uri", "http_method"]},
        {"granularity": "Month", "group_by": ["OAuthClientId", "OrganizationId", "TemplateUri", "HttpMethod"]},
    ),
    "jobs": ("jobs", "organization", {}, {}),
    "jobs, all of it": (
        "jobs", "organization",
        {
            "granularity": "day", "metrics": ["requests", "status200", "status300", "status400", "status500"],
            "group_by": ["client_id", "client_name", "user_id", "template_uri", "http_method", "platform"],
            "oauth_client_ids": ["a", "b"], "user_ids": ["c"], "template_uris": ["/api/v2/users"],
            "http_methods": ["GET", "POST"], "platforms": ["web"],
            "sort_by": [{"field": "date", "order": "desc"}, {"field": "client_id", "order": "asc"}],
        },
        {
            "granularity": "Day", "metrics": ["Requests", "Status200", "Status300", "Status400", "Status500"],
            "group_by": ["OauthClientId", "OauthClientName", "UserId", "TemplateUri", "HttpMethod", "Platform"],
            "oauth_client_ids": ["a", "b"], "user_ids": ["c"], "template_uris": ["/api/v2/users"],
            "http_methods": ["GET", "POST"], "platforms": ["web"],
            "sort_by": [("Date", "Desc"), ("OauthClientId", "Asc")],
        },
    ),
    "jobs, client": (
        "jobs", "client",
        {
            "group_by": ["organization_id", "template_uri", "http_method", "platform"],
            "organization_ids": ["o"], "sort_by": [{"field": "requests", "order": "desc"}],
        },
        {
            "group_by": ["OrganizationId", "TemplateUri", "HttpMethod", "Platform"],
            "organization_ids": ["o"], "sort_by": [("Requests", "Desc")],
        },
    ),
}  # fmt: skip


def on_the_wire(exchanges: list[dict[str, Any]], ids: bool = False) -> list[dict[str, Any]]:
    """Method, path, query and body of exchanges; executions have other ids each time."""
    shown = []
    for exchange in exchanges:
        answer = exchange["response"]["body"]
        made = answer.get("executionId") or answer.get("id") if exchange["method"] == "POST" else None
        known = [*(entry["made"] for entry in shown if entry["made"]), made]
        path = exchange["path"]
        for execution_id in filter(None, known):
            path = path.replace(execution_id, "{execution}")
        shown.append({**{name: exchange[name] for name in ("method", "query", "body")}, "path": path, "made": made})
    return [{name: value for name, value in entry.items() if name != "made"} for entry in shown]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_on_the_wire(fresh: World, sdk_module: Any, question: str) -> None:
    service, scope, ours, theirs = QUESTIONS[question]
    client_id = fresh.organization.clients[1].id if scope == "client" else None
    operation = {"client_ids": [client_id]} if client_id else {}
    fresh.run("oauth_client_usage" if client_id else "usage_query", service=service, interval=DAYS, **operation, **ours)
    mine = fresh.exchanges()
    fresh.validate()
    # Both ends of our interval are documented; how we spell them is not what is compared.
    interval = next(exchange["body"]["interval"] for exchange in mine if exchange["path"] != "/oauth/token")
    sdk = Sdk(sdk_module, fresh)
    query = dict(theirs)
    if "sort_by" in query:
        query["sort_by"] = [
            sdk.model("UsageQuerySortBy", field_name=name, order=order) for name, order in query["sort_by"]
        ]
    sdk.ask(service, scope, client_id, interval=interval, **query)
    expected = on_the_wire(fresh.exchanges())
    assert on_the_wire(mine) == expected
    assert len(expected) == 3


@pytest.mark.parametrize("service", ["query", "jobs"])
def test_headers(fresh: World, sdk_module: Any, service: str) -> None:
    """Both say who they are in the same way, and what they send and want."""
    fresh.run("usage_query", service=service, interval=DAYS)
    mine = fresh.exchanges()
    fresh.validate()
    Sdk(sdk_module, fresh).ask(service, "organization", interval=DAYS)
    for our, their in zip(mine, fresh.exchanges(), strict=True):
        assert our["headers"]["authorization"] == their["headers"]["authorization"]
        if our["method"] == "POST":
            assert our["headers"]["content-type"] == their["headers"]["content-type"]
        if our["path"] != "/oauth/token":
            assert our["headers"]["accept"] == their["headers"]["accept"] == "application/json"


def test_a_summary_and_the_client_list(fresh: World, sdk_module: Any) -> None:
    client_id = fresh.organization.clients[1].id
    fresh.run("oauth_client_usage", client_ids=[client_id], report="summary", days=9)
    mine = fresh.exchanges()
    fresh.validate()
    sdk = Sdk(sdk_module, fresh)
    started = sdk.usage.get_oauth_client_usage_summary(client_id, days="9")
    sdk.read("query", "client", started.execution_id, client_id)
    theirs = fresh.exchanges()
    for exchanges in (mine, theirs):  # A GET that starts an execution: its id is all that differs.
        exchanges[2]["path"] = exchanges[2]["path"].replace(exchanges[1]["response"]["body"]["executionId"], "{id}")
    assert on_the_wire(mine) == on_the_wire(theirs)
    fresh.validate()
    fresh.run("oauth_client_info")
    mine = fresh.exchanges()
    fresh.validate()
    Sdk(sdk_module, fresh).oauth.get_oauth_clients()
    assert on_the_wire(mine) == on_the_wire(fresh.exchanges())


def test_no_more_exchanges_for_many_pages_and_looks(fresh: World, sdk_module: Any, set_page_size: Any) -> None:
    """The same pages, and one sign-in; while it is running we look less often than whoever looks without a pause."""
    set_page_size(5)
    fresh.run("usage_query", service="jobs", interval=DAYS, granularity="day", group_by=["client_id"])
    mine = fresh.exchanges()
    fresh.validate()
    sdk = Sdk(sdk_module, fresh)
    sdk.ask("jobs", "organization", page_size=5, interval=DAYS, granularity="Day", group_by=["OauthClientId"])
    assert on_the_wire(mine) == on_the_wire(fresh.exchanges())
    assert len(mine) > 10


@pytest.mark.parametrize("service", ["query", "jobs"])
def test_a_client_id_with_signs_in_it(fresh: World, sdk_module: Any, service: str) -> None:
    """What is special in an address is encoded in the same way."""
    odd = "a b?c#d%2Fe"
    fresh.sandbox.set_traffic(fresh.organization.name, [{"date": "2026-02-03", "client_id": odd, "status200": 3}])
    fresh.run("oauth_client_usage", client_ids=[odd], service=service, interval=DAYS, fail_on_client_error=False)
    mine = on_the_wire(fresh.exchanges()[:2])
    fresh.validate()
    sdk = Sdk(sdk_module, fresh)
    with pytest.raises(sdk.module.rest.ApiException):
        sdk.ask(service, "client", odd, interval=mine[1]["body"]["interval"])
    assert mine == on_the_wire(fresh.exchanges())
