# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The usage services of Genesys Cloud as data: paths, spellings, states, where rows are, how a row becomes ours.

Private to the collection: this may change without notice. A further service is a further entry in ``SERVICES``.
Source: the official SDKs and the API's OpenAPI document (2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Scope = Literal["organization", "client"]

METRICS = {
    "requests": "Requests",
    "status200": "Status200",
    "status300": "Status300",
    "status400": "Status400",
    "status429": "Status429",
    "status500": "Status500",
}
"""Our names and the spelling in a query; both services share it."""

GRANULARITIES = {"day": "Day", "week": "Week", "month": "Month"}


FILTERS = ("oauth_client_ids", "user_ids", "organization_ids", "template_uris", "http_methods", "platforms")
"""Our names of the filters."""


@dataclass(frozen=True)
class Operations:
    """What a service does for one scope. Paths have the places C({client_id}) and C({execution_id}).

    ``default_group_by`` is what rows are told apart by where the query does not say.
    """

    submit: str
    results: str
    permissions: tuple[str, ...]
    dimensions: Mapping[str, str]
    default_group_by: tuple[str, ...]
    filters: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True)
class Service:
    """One service. ``states`` maps its words (in lower case) to ours; what is not in it is an error.

    ``fields`` says where a value is in a row. ``sums`` are the sets of statuses that may add up to C(requests);
    ``throttled_within_4xx`` is whether C(status429) is known to be part of C(status400).
    ``dates``: whether an interval is a pair of dates, both included, rather than of instants.
    ``sorts``: whether it takes an order of rows.
    ``most_days`` is the longest interval; ``years_back`` how long ago it may begin. ``successor`` is the service to
    name when this one is gone.
    """

    name: str
    execution_id: str
    rows: str
    states: Mapping[str, Literal["running", "complete", "failed"]]
    operations: Mapping[Scope, Operations]
    fields: Mapping[str, tuple[str, ...]]
    sums: tuple[tuple[str, ...], ...]
    throttled_within_4xx: bool
    page_size: int | None = None
    dates: bool = False
    sorts: bool = False
    most_days: int | None = None
    years_back: int | None = None
    successor: str | None = None


_STATUSES = ("status200", "status300", "status400", "status500")

QUERY = Service(
    name="query",
    execution_id="executionId",
    rows="results",
    states={"running": "running", "complete": "complete", "failed": "failed"},
    operations={
        "organization": Operations(
            submit="/api/v2/usage/query",
            results="/api/v2/usage/query/{execution_id}/results",
            permissions=("oauth:client:view", "usage:organization:view"),
            dimensions={
                "client_id": "OAuthClientId",
                "organization_id": "OrganizationId",
                "user_id": "UserId",
                "template_uri": "TemplateUri",
                "http_method": "HttpMethod",
            },
            default_group_by=("client_id",),
        ),
        "client": Operations(
            submit="/api/v2/oauth/clients/{client_id}/usage/query",
            results="/api/v2/oauth/clients/{client_id}/usage/query/results/{execution_id}",
            permissions=("oauth:client:view", "usage:client:view"),
            dimensions={
                "client_id": "OAuthClientId",
                "organization_id": "OrganizationId",
                "template_uri": "TemplateUri",
                "http_method": "HttpMethod",
            },
            default_group_by=("client_id",),
            summary="/api/v2/oauth/clients/{client_id}/usage/summary",
        ),
    },
    fields={
        "client_id": ("clientId",),
        "client_name": ("clientName",),
        "organization_id": ("organizationId",),
        "user_id": ("userId",),
        "template_uri": ("templateUri",),
        "http_method": ("httpMethod",),
        "platform": ("platform",),
        "requests": ("requests",),
    },
    sums=(_STATUSES,),
    throttled_within_4xx=True,
    successor="jobs",
)

JOBS = Service(
    name="jobs",
    execution_id="id",
    rows="entities",
    states={
        "queued": "running",
        "running": "running",
        "succeeded": "complete",
        "failed": "failed",
        "cancelled": "failed",
    },
    operations={
        "organization": Operations(
            submit="/api/v2/usage/aggregates/query/jobs",
            results="/api/v2/usage/aggregates/query/jobs/{execution_id}",
            permissions=("usage:organization:view",),
            dimensions={
                "client_id": "OauthClientId",
                "client_name": "OauthClientName",
                "user_id": "UserId",
                "template_uri": "TemplateUri",
                "http_method": "HttpMethod",
                "platform": "Platform",
            },
            default_group_by=("client_id", "client_name", "user_id", "template_uri", "http_method", "platform"),
            filters={
                "oauth_client_ids": "oauthClientIds",
                "user_ids": "userIds",
                "template_uris": "templateUris",
                "http_methods": "httpMethods",
                "platforms": "platforms",
            },
        ),
        "client": Operations(
            submit="/api/v2/usage/client/{client_id}/aggregates/query/jobs",
            results="/api/v2/usage/client/{client_id}/aggregates/query/jobs/{execution_id}",
            permissions=("usage:client:view",),
            dimensions={
                "organization_id": "OrganizationId",
                "template_uri": "TemplateUri",
                "http_method": "HttpMethod",
                "platform": "Platform",
            },
            default_group_by=("organization_id", "template_uri", "http_method", "platform"),
            filters={
                "organization_ids": "organizationIds",
                "template_uris": "templateUris",
                "http_methods": "httpMethods",
                "platforms": "platforms",
            },
        ),
    },
    fields={
        "client_id": ("oauthClient", "id"),
        "client_name": ("oauthClient", "name"),
        "organization_id": ("organizationId",),
        "user_id": ("user", "id"),
        "template_uri": ("templateUri",),
        "http_method": ("httpMethod",),
        "platform": ("platform",),
        "requests": ("requestCount",),
    },
    # Whether 429 is part of 4xx is not established for this service: both ways of adding up are taken.
    sums=(_STATUSES, (*_STATUSES, "status429")),
    throttled_within_4xx=False,
    page_size=1000,
    dates=True,
    sorts=True,
    most_days=90,
    years_back=1,
)

SERVICES: dict[str, Service] = {service.name: service for service in (QUERY, JOBS)}


def offering(kind: Literal["dimensions", "filters"], name: str) -> list[str]:
    """The services that offer a dimension or a filter, with the scope, such as C(query (organization))."""
    return [
        f"{service.name} ({scope})"
        for service in SERVICES.values()
        for scope, operations in service.operations.items()
        if name in getattr(operations, kind)
    ]
