# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official SDK drives the sandbox; then our operations do, and both come to the same rows and totals."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from .sdk import Sdk, as_ours, spelled
from .support import World, canonical, sums

pytestmark = pytest.mark.xdist_group("sdk")

INTERVAL = "2026-02-01/2026-02-28"
ALL = {
    ("query", "organization"): ["client_id"],
    ("query", "client"): ["client_id"],
    ("jobs", "organization"): ["client_id", "client_name", "user_id", "template_uri", "http_method", "platform"],
    ("jobs", "client"): ["organization_id", "template_uri", "http_method", "platform"],
}
"""What rows are told apart by without group_by."""
GROUPINGS = {
    ("query", "organization"): [[], ["user_id"], ["organization_id"], ["client_id", "template_uri", "http_method"]],
    ("query", "client"): [[], ["template_uri", "http_method"], ["organization_id"]],
    ("jobs", "organization"): [[], ["client_id"], ["client_name"], ["user_id", "platform"], ["http_method"]],
    ("jobs", "client"): [[], ["organization_id"], ["template_uri", "platform"]],
}
QUESTIONS = [
    (service, scope, group_by, granularity)
    for (service, scope), groupings in GROUPINGS.items()
    for group_by in groupings
    for granularity in (None, "day", "week", "month")
]


def both(
    world: World, sdk: Sdk, service: str, scope: str, group_by: list[str], granularity: str | None, **more: Any
) -> None:
    """Ask the same question in both ways, and compare."""
    client_id = world.organization.clients[1].id if scope == "client" else None
    asked = {"interval": INTERVAL, **more}
    theirs_asked = {
        **asked,
        **({"group_by": spelled(service, group_by)} if group_by else {}),
        **({"granularity": granularity.capitalize()} if granularity else {}),
    }
    theirs = sdk.ask(service, scope, client_id, **theirs_asked)
    given = {**asked, "service": service, "group_by": group_by or None, "granularity": granularity}
    if client_id:
        result = world.run("oauth_client_usage", client_ids=[client_id], **given)["clients"][0]
    else:
        result = world.run("usage_query", **given)
    expected = [as_ours(row, group_by or ALL[service, scope], granularity is not None) for row in theirs]
    assert canonical(result["rows"]) == canonical(expected)
    assert result["totals"] == sums(expected)
    assert result["row_count"] == len(expected) > 0


@pytest.mark.parametrize(("service", "scope", "group_by", "granularity"), QUESTIONS)
def test_the_same_rows_and_totals(
    world: World, sdk: Sdk, service: str, scope: str, group_by: list[str], granularity: str | None
) -> None:
    both(world, sdk, service, scope, group_by, granularity)


def test_the_same_rows_through_filters(world: World, sdk: Sdk) -> None:
    clients = world.organization.clients
    both(world, sdk, "jobs", "organization", ["client_id"], "day", oauth_client_ids=[clients[1].id, clients[2].id])
    both(world, sdk, "jobs", "organization", ["client_id"], "day", http_methods=["GET", "PATCH"])
    both(world, sdk, "jobs", "organization", ["platform"], None, platforms=["web", "mobile", "public-api"])
    both(world, sdk, "jobs", "client", ["template_uri"], "week", organization_ids=[world.organization.id])


def test_the_same_answer_to_a_summary(world: World, sdk: Sdk) -> None:
    client = world.organization.clients[1]
    started = sdk.usage.get_oauth_client_usage_summary(client.id, days="10")
    assert isinstance(started, sdk.module.UsageExecutionResult)
    rows = sdk.read("query", "client", started.execution_id, client.id)
    theirs = [as_ours(row, ["client_id"], False) for row in rows]
    result = world.run("oauth_client_usage", client_ids=[client.id], report="summary", days=10)["clients"][0]
    assert canonical(result["rows"]) == canonical(theirs)
    assert result["totals"] == sums(theirs)
    assert result["client_name"] == client.name
    # Without days the SDK leaves the parameter out, and the service takes seven.
    default = sdk.read("query", "client", sdk.usage.get_oauth_client_usage_summary(client.id).execution_id, client.id)
    assert [row.requests for row in default] == [
        world.run("oauth_client_usage", client_ids=[client.id], report="summary", days=7)["totals"]["requests"]
    ]


@pytest.mark.parametrize("page_size", [None, 1, 7, 1000])
@pytest.mark.parametrize("service", ["jobs", "search"])
def test_pages_of_any_size(world: World, sdk: Sdk, service: str, page_size: int | None) -> None:
    query: dict[str, Any] = {"interval": "2026-03-01/2026-03-07"}
    if service == "jobs":
        query |= {"group_by": ["OauthClientId"], "granularity": "Day"}
    rows = sdk.ask(service, "organization", page_size=page_size, **query)
    looks = [exchange for exchange in world.exchanges() if exchange["method"] == "GET"]
    assert len(looks) == -(-len(rows) // (page_size or 100))
    whole = sdk.ask(service, "organization", **query)
    assert [row.to_dict() for row in rows] == [row.to_dict() for row in whole]
    assert len(rows) > 7


def test_a_search_adds_up_to_the_query_service(world: World, sdk: Sdk) -> None:
    """simplesearch is the one operation that we do not use; it tells of the same traffic all the same."""
    found = sdk.ask("search", "organization", interval=INTERVAL, http_methods=["GET"])
    assert all(isinstance(row.date, datetime.datetime) for row in found)
    assert {row.http_method for row in found} == {"GET"}
    assert all(row.requests is None for row in found)
    result = world.run("usage_query", interval=INTERVAL, group_by=["http_method"])
    expected = next(row["status200"] for row in result["rows"] if row["http_method"] == "GET")
    assert sum(row.status200 for row in found) == expected
    names = {client.name for client in world.organization.clients}
    assert {row.client_name for row in found} <= names
    one = sdk.ask("search", "organization", interval=INTERVAL, oauth_client_names=[world.organization.clients[1].name])
    assert len({row.client_name for row in one}) == 1


@pytest.mark.parametrize("service", ["query", "jobs"])
@pytest.mark.parametrize("scope", ["organization", "client"])
def test_looks_at_what_is_not_done(world: World, sdk: Sdk, service: str, scope: str) -> None:
    organization = world.organization
    organization.pending_looks = 3
    try:
        both(world, sdk, service, scope, ["http_method"], "month")
    finally:
        organization.pending_looks = 0
    states = [(e["response"]["body"] or {}).get("queryStatus") for e in world.exchanges() if e["method"] == "GET"]
    assert len(states) == 8
    assert states[:3] == (["Running"] * 3 if service == "query" else ["Queued", "Running", "Running"])
    assert states[:4] == states[4:]


def test_clients_and_the_organization(world: World, sdk: Sdk) -> None:
    listing = sdk.oauth.get_oauth_clients()
    assert isinstance(listing, sdk.module.OAuthClientEntityListing)
    ours = world.run("oauth_client_info")["clients"]
    fields = {
        "client_id": "id", "client_name": "name", "description": "description", "state": "state",
        "grant_type": "authorized_grant_type", "token_validity": "access_token_validity_seconds",
        "scopes": "scope", "role_ids": "role_ids",
    }  # fmt: skip
    theirs = [{name: getattr(entity, attribute) for name, attribute in fields.items()} for entity in listing.entities]
    assert [{name: client[name] for name in fields} for client in ours] == theirs
    assert all(isinstance(entity.date_created, datetime.datetime) for entity in listing.entities)
    assert listing.total == len(ours)
    one = sdk.oauth.get_oauth_client(ours[1]["client_id"])
    assert isinstance(one, sdk.module.OAuthClient)
    assert (one.name, one.state) == (ours[1]["client_name"], ours[1]["state"])
    me = sdk.organizations.get_organizations_me()
    assert (me.id, me.name) == (world.organization.id, world.organization.title)


@pytest.mark.parametrize(
    ("status", "code"), [(404, "not.found"), (429, "too.many.requests.retry.after"), (403, "missing.any.permissions")]
)
def test_errors_are_those_that_the_sdk_knows(fresh_sdk: tuple[World, Sdk], status: int, code: str) -> None:
    world, sdk = fresh_sdk
    if status != 404:
        world.sandbox.faults.add({"status": status})  # Without Retry-After, for the SDK would really wait for so long.
    with pytest.raises(sdk.module.rest.ApiException) as error:
        sdk.usage.get_usage_query_execution_id_results("nobody")
    assert error.value.status == status
    assert f'"code":"{code}"' in str(error.value.body)
    assert error.value.headers["inin-correlation-id"]
