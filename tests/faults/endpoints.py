# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of both services, spelled out here and not taken from the code under test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["sign-in", "identity", "list", "submit", "results"]
Task = Literal["organization", "client", "summary", "list"]


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. ``pattern`` finds its path; ``task`` is the operation that calls it, with ``service``."""

    name: str
    title: str
    method: str
    pattern: str
    kind: Kind
    task: Task = "organization"
    service: Literal["query", "jobs"] = "query"


ENDPOINTS = (
    Endpoint("sign-in", "POST /oauth/token", "POST", r"^/oauth/token$", "sign-in"),
    Endpoint("identity", "GET /api/v2/organizations/me", "GET", r"^/api/v2/organizations/me$", "identity"),
    Endpoint("clients", "GET /api/v2/oauth/clients", "GET", r"^/api/v2/oauth/clients$", "list", "list"),
    Endpoint("query-submit", "POST .../usage/query", "POST", r"^/api/v2/usage/query$", "submit"),
    Endpoint(
        "query-results", "GET .../usage/query/{id}/results", "GET", r"^/api/v2/usage/query/.*/results$", "results"
    ),
    Endpoint(
        "client-query-submit",
        "POST .../clients/{id}/usage/query",
        "POST",
        r"^/api/v2/oauth/clients/[^/]+/usage/query$",
        "submit",
        "client",
    ),
    Endpoint(
        "client-query-results",
        "GET .../clients/{id}/usage/query/results/{id}",
        "GET",
        r"^/api/v2/oauth/clients/[^/]+/usage/query/results/",
        "results",
        "client",
    ),
    Endpoint(
        "client-summary",
        "GET .../clients/{id}/usage/summary",
        "GET",
        r"^/api/v2/oauth/clients/[^/]+/usage/summary$",
        "submit",
        "summary",
    ),
    Endpoint(
        "jobs-submit",
        "POST .../aggregates/query/jobs",
        "POST",
        r"^/api/v2/usage/aggregates/query/jobs$",
        "submit",
        service="jobs",
    ),
    Endpoint(
        "jobs-results",
        "GET .../aggregates/query/jobs/{id}",
        "GET",
        r"^/api/v2/usage/aggregates/query/jobs/",
        "results",
        service="jobs",
    ),
    Endpoint(
        "client-jobs-submit",
        "POST .../client/{id}/aggregates/query/jobs",
        "POST",
        r"^/api/v2/usage/client/[^/]+/aggregates/query/jobs$",
        "submit",
        "client",
        "jobs",
    ),
    Endpoint(
        "client-jobs-results",
        "GET .../client/{id}/aggregates/query/jobs/{id}",
        "GET",
        r"^/api/v2/usage/client/[^/]+/aggregates/query/jobs/",
        "results",
        "client",
        "jobs",
    ),
)

GROUPS = {
    "Signing in and lists": ENDPOINTS[:3],
    "The query service": ENDPOINTS[3:8],
    "The jobs service": ENDPOINTS[8:],
}
