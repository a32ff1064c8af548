# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a request body asks for: checked as the service checks it, and turned into one shape for all services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from .intervals import Days, jobs_service_days, query_service_days
from .messages import JsonObject, bad_request

Service = Literal["query", "jobs", "search"]
GRANULARITIES = ("Day", "Week", "Month")
METRICS = {
    "Status200": "status200", "Status300": "status300", "Status400": "status400", "Status500": "status500",
    "Status429": "status429", "Requests": "requests",
}  # fmt: skip

# Spelling of the service (letter case matters) to the dimensions of traffic.Fact.
QUERY_CLIENT = {
    "OAuthClientId": ("client_id", "client_name"), "OrganizationId": ("organization_id",),
    "TemplateUri": ("template_uri",), "HttpMethod": ("http_method",),
}  # fmt: skip
QUERY_ORGANIZATION = {**QUERY_CLIENT, "UserId": ("user_id",)}
JOBS_CLIENT = {
    "OrganizationId": ("organization_id",), "HttpMethod": ("http_method",), "TemplateUri": ("template_uri",),
    "Platform": ("platform",),
}  # fmt: skip
JOBS_ORGANIZATION = {
    "OauthClientId": ("client_id", "client_name"), "OauthClientName": ("client_name",), "UserId": ("user_id",),
    "HttpMethod": ("http_method",), "TemplateUri": ("template_uri",), "Platform": ("platform",),
}  # fmt: skip
SEARCH_DIMENSIONS = {"ClientName": ("client_name",), "HttpMethod": ("http_method",), "TemplateUri": ("template_uri",)}
SEARCH_METRICS = {name: column for name, column in METRICS.items() if name != "Requests"}

JOBS_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
SEARCH_METHODS = (*JOBS_METHODS, "CONNECT", "OPTIONS", "TRACE")
SORT_FIELDS = {
    "date": "date", "requestcount": "requests", "requests": "requests", "status200": "status200",
    "status300": "status300", "status400": "status400", "status429": "status429", "status500": "status500",
    "oauthclientid": "client_id", "oauthclientname": "client_name", "userid": "user_id",
    "organizationid": "organization_id", "templateuri": "template_uri",
    "httpmethod": "http_method", "platform": "platform",
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """A query that was accepted.

    days: first and last day asked for, both included. today: the day it was asked on, which has no data yet.
    client_id: the OAuth client it is about, or None for the organization.
    filters: dimension to the values that are wanted. sort: (column, descending), the most important first.
    """

    service: Service
    days: Days
    today: date
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    granularity: str | None = None
    client_id: str | None = None
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()


def query_service_query(body: JsonObject, today: date, client_id: str | None) -> Query:
    """ApiUsageOrganizationQuery or ApiUsageClientQuery. Without groupBy the service groups by OAuth client."""
    known = QUERY_ORGANIZATION if client_id is None else QUERY_CLIENT
    days = query_service_days(body.get("interval"))
    grouping = _words(body, "groupBy", tuple(known)) or ("OAuthClientId",)
    metrics = _words(body, "metrics", tuple(METRICS)) or tuple(METRICS)
    return Query(
        "query", days, today, _dimensions(known, grouping), tuple(METRICS[name] for name in metrics),
        _granularity(body), client_id,
    )  # fmt: skip


def summary_query(days: str, today: date, client_id: str) -> Query:
    """``usage/summary``: so many complete days ending yesterday, grouped as the query service does by default."""
    if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= 3660:
        raise bad_request(f"Invalid value '{days}' for days: expected a positive number", "days")
    interval = (today - timedelta(days=int(days)), today - timedelta(days=1))
    return Query("query", interval, today, QUERY_CLIENT["OAuthClientId"], tuple(METRICS.values()), None, client_id)


def jobs_service_query(body: JsonObject, today: date, client_id: str | None) -> Query:
    """OrganizationPublicApiUsageQueryRequest or its client sibling. Without groupBy nothing is aggregated over."""
    known = JOBS_ORGANIZATION if client_id is None else JOBS_CLIENT
    days = jobs_service_days(body.get("interval"), today)
    grouping = _words(body, "groupBy", tuple(known)) or tuple(known)
    metrics = _words(body, "metrics", tuple(METRICS)) or tuple(METRICS)
    filters = {
        "template_uri": _words(body, "templateUris"), "http_method": _words(body, "httpMethods", JOBS_METHODS),
        "platform": _words(body, "platforms"),
    }  # fmt: skip
    if client_id is None:
        filters |= {"user_id": _words(body, "userIds"), "client_id": _words(body, "oauthClientIds")}
    else:
        filters |= {"organization_id": _words(body, "organizationIds")}
    return Query(
        "jobs", days, today, _dimensions(known, grouping), tuple(METRICS[name] for name in metrics), _granularity(body),
        client_id, {name: frozenset(wanted) for name, wanted in filters.items() if wanted}, _sort(body),
    )  # fmt: skip


def search_query(body: JsonObject, today: date) -> Query:
    """ApiUsageSimpleSearch: its ``metrics`` select columns, so Date and the dimensions are among them."""
    selectable = ("Date", *SEARCH_DIMENSIONS, *SEARCH_METRICS)
    days = query_service_days(body.get("interval"))
    columns = _words(body, "metrics", selectable) or selectable
    filters = {
        "http_method": _words(body, "httpMethods", SEARCH_METHODS), "template_uri": _words(body, "templateUris"),
        "client_name": _words(body, "oauthClientNames"),
    }  # fmt: skip
    dimensions = _dimensions(SEARCH_DIMENSIONS, tuple(name for name in columns if name in SEARCH_DIMENSIONS))
    return Query(
        "search", days, today, dimensions,
        tuple(SEARCH_METRICS[name] for name in columns if name in SEARCH_METRICS), "Day" if "Date" in columns else None,
        None, {name: frozenset(wanted) for name, wanted in filters.items() if wanted},
    )  # fmt: skip


def _words(body: JsonObject, name: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A list of strings, each one of ``known`` when that says anything."""
    value = body.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise bad_request(f"{name} must be a list of strings", name)
    for word in value:
        if known and word not in known:
            raise bad_request(f"Invalid value '{word}' for {name}: expected one of [{', '.join(known)}]", name)
    return tuple(dict.fromkeys(value))


def _granularity(body: JsonObject) -> str | None:
    value = body.get("granularity")
    if value is not None and value not in GRANULARITIES:
        raise bad_request(f"Invalid value '{value}' for granularity: expected one of [Day, Week, Month]", "granularity")
    return value


def _dimensions(known: Mapping[str, tuple[str, ...]], grouping: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for name in grouping for column in known[name]))


def _sort(body: JsonObject) -> tuple[tuple[str, bool], ...]:
    wanted = body.get("sortBy") or []
    if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
        raise bad_request("sortBy must be a list of objects with fieldName and order", "sortBy")
    made = []
    for item in wanted:
        column = SORT_FIELDS.get(str(item.get("fieldName", "")).lower())
        order = item.get("order", "Asc")
        if column is None or order not in ("Asc", "Desc"):
            raise bad_request(f"Invalid sortBy '{item}': unknown fieldName or order", "sortBy")
        made.append((column, order == "Desc"))
    return tuple(made)
