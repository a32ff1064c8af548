# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official SDK as one function that asks, waits and reads, with the SDK's own names and spellings."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .support import FIGURES, Row, World

PENDING = ("Queued", "Running")

DIMENSIONS = {
    "client_id": "OAuthClientId", "organization_id": "OrganizationId", "user_id": "UserId",
    "template_uri": "TemplateUri", "http_method": "HttpMethod", "client_name": "OauthClientName",
    "platform": "Platform",
}  # fmt: skip
"""Our names and the SDK's documented spellings; the jobs service spells one of them in its own way."""


@dataclass(frozen=True)
class Way:
    """How one service is asked about one scope: operations, models, and how the models name things."""

    submit: str
    results: str
    body: str
    result: str
    row: str
    execution: str
    rows: str
    done: str
    pages: bool


WAYS = {
    ("query", "organization"): Way(
        "post_usage_query", "get_usage_query_execution_id_results", "ApiUsageOrganizationQuery",
        "ApiUsageQueryResult", "ApiUsageRow", "execution_id", "results", "Complete", False,
    ),
    ("query", "client"): Way(
        "post_oauth_client_usage_query", "get_oauth_client_usage_query_result", "ApiUsageClientQuery",
        "ApiUsageQueryResult", "ApiUsageRow", "execution_id", "results", "Complete", False,
    ),
    ("jobs", "organization"): Way(
        "post_usage_aggregates_query_jobs", "get_usage_aggregates_query_job", "OrganizationPublicApiUsageQueryRequest",
        "OrganizationPublicApiUsageResultsResponse", "OrganizationPublicApiUsage", "id", "entities", "Succeeded", True,
    ),
    ("jobs", "client"): Way(
        "post_usage_client_client_id_aggregates_query_jobs", "get_usage_client_client_id_aggregates_query_job",
        "ClientPublicApiUsageQueryRequest",
        "ClientPublicApiUsageResultsResponse", "ClientPublicApiUsage", "id", "entities", "Succeeded", True,
    ),
    ("search", "organization"): Way(
        "post_usage_simplesearch", "get_usage_simplesearch_execution_id_results", "ApiUsageSimpleSearch",
        "ApiUsageQueryResult", "ApiUsageRow", "execution_id", "results", "Complete", True,
    ),
}  # fmt: skip


class Sdk:
    """The SDK, signed in as an organization of a sandbox."""

    def __init__(self, module: Any, world: World) -> None:
        self.module = module
        organization = world.organization
        configuration = module.configuration
        configuration.host = organization.api_url
        configuration.logger.log_level = logging.CRITICAL
        client = module.api_client.ApiClient(host=organization.api_url)
        client.get_client_credentials_token(organization.oauthclient_id, organization.oauthclient_secret)
        self.client = client
        self.usage = module.UsageApi(client)
        self.oauth = module.OAuthApi(client)
        self.organizations = module.OrganizationApi(client)

    def model(self, name: str, **values: Any) -> Any:
        """A model of the SDK with some attributes, each of which it must have."""
        made = getattr(self.module, name)()
        for attribute, value in values.items():
            assert attribute in made.swagger_types, f"{name} has no {attribute}"
            setattr(made, attribute, value)
        return made

    def ask(
        self, service: str, scope: str, client_id: str | None = None, page_size: int | None = 1000, **query: Any
    ) -> list[Any]:
        """Submit, look until it is done, read every page: the rows, as models of the SDK."""
        way = WAYS[service, scope]
        about = [client_id] if client_id else []
        submitted = getattr(self.usage, way.submit)(*about, self.model(way.body, **query))
        execution_id = getattr(submitted, way.execution)
        assert isinstance(execution_id, str)
        assert submitted.results_uri.startswith("/api/v2/")
        return self.read(service, scope, execution_id, client_id, page_size)

    def read(
        self, service: str, scope: str, execution_id: str, client_id: str | None = None, page_size: int | None = 1000
    ) -> list[Any]:
        """Look until an execution is done and read every page."""
        way = WAYS[service, scope]
        # The older operation has its arguments the other way round.
        about = {"client_id": client_id} if client_id else {}
        named = {"job_id" if service == "jobs" else "execution_id": execution_id}
        paging: dict[str, Any] = {"page_size": page_size} if way.pages and page_size else {}
        rows: list[Any] = []
        while True:
            result = getattr(self.usage, way.results)(**named, **about, **paging)
            assert isinstance(result, getattr(self.module, way.result))
            if result.query_status in PENDING:
                assert not getattr(result, way.rows)
                continue
            assert result.query_status == way.done
            page = getattr(result, way.rows)
            assert all(isinstance(row, getattr(self.module, way.row)) for row in page)
            rows += page
            if (cursor := _cursor(result)) is None:
                return rows
            paging["after"] = cursor


def _cursor(result: Any) -> str | None:
    if cursors := getattr(result, "cursors", None):
        return cursors.after
    following = getattr(result, "next_uri", None)
    return parse_qs(urlsplit(following).query)["after"][0] if following else None


def spelled(service: str, group_by: Iterable[str]) -> list[str]:
    """Our names of dimensions in the SDK's spelling."""
    names = {**DIMENSIONS, **({"client_id": "OauthClientId"} if service == "jobs" else {})}
    return [names[name] for name in group_by]


def as_ours(row: Any, dimensions: Sequence[str], dated: bool) -> Row:
    """A row of the SDK in our shape; its types are checked on the way."""
    values: Mapping[str, Any] = {name: getattr(row, name) for name in row.swagger_types}
    client, user = values.get("oauth_client"), values.get("user")
    found = {
        "client_id": values.get("client_id") or (client and client.id),
        "client_name": values.get("client_name") or (client and client.name),
        "user_id": values.get("user_id") or (user and user.id),
        **{name: values.get(name) for name in ("organization_id", "template_uri", "http_method", "platform")},
    }
    requests = values["requests"] if "requests" in values else values["request_count"]
    figures = {"requests": requests, **{name: values[name] for name in FIGURES[1:]}}
    assert all(isinstance(figure, int) and not isinstance(figure, bool) for figure in figures.values())
    shown = {*dimensions, *(["client_name"] if "client_id" in dimensions else [])}
    assert all(not found[name] for name in found.keys() - shown), "an ungrouped dimension has a value"
    when = values["date"]
    assert isinstance(when, datetime.date) if dated else when is None
    date = {"date": when.strftime("%Y-%m-%d")} if dated else {}
    return {**date, **{name: found[name] or "" for name in shown}, **figures}
