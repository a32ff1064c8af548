# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rows of an answer: facts added up as a query asks, in the service's own spelling."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, itemgetter
from typing import Any

from .intervals import bucket
from .messages import JsonObject, dump
from .model import Organization
from .names import BUILTIN_CLIENTS
from .queries import Query
from .traffic import DIMENSIONS, STATUSES, Dimensions, Traffic, yesterday

POSITION = {name: position for position, name in enumerate(DIMENSIONS)}
SEARCH_RECORDS = 20_000
"""simplesearch returns at most so many records (USAGE_API.md section 1)."""

Total = tuple[str, tuple[str, ...], list[int]]
"""Bucket (a date, or empty without granularity), values of the query's dimensions, counts in the order of COUNTS."""
COUNTS = (*STATUSES, "requests")


def rows(organization: Organization, query: Query, traffic: Traffic) -> list[bytes]:
    """The rows that answer a query, each one already JSON; by date and dimensions unless the query sorts."""
    found = _totals(organization, query, traffic)
    for column, descending in reversed(query.sort):
        found.sort(key=_sort_key(query, column), reverse=descending)
    if query.service == "search":
        del found[SEARCH_RECORDS:]
    render = renderer(query)
    return [render(*total) for total in found]


def _totals(organization: Organization, query: Query, traffic: Traffic) -> list[Total]:
    wanted = _wanted(query)
    bucket_of = bucket(query.granularity)
    key_of = _getter(query.dimensions)
    buckets: dict[str, dict[tuple[str, ...], list[int]]] = {}
    first, last = query.days[0], min(query.days[1], yesterday(query.today))
    if organization.traffic is None:
        # Generated traffic has no beginning of its own; the organization says how far back it goes.
        first = max(first, query.today.fromordinal(query.today.toordinal() - organization.days))
    for day, facts in traffic.between(organization, first, last):
        totals = buckets.setdefault(bucket_of(day), {})
        for dimensions, counts in facts:
            if wanted is not None and not wanted(dimensions):
                continue
            key = key_of(dimensions)
            sums = totals.get(key)
            totals[key] = list(counts) if sums is None else list(map(add, sums, counts))
    for totals in buckets.values():
        for sums in totals.values():
            # 429 is a part of 400 and not added again.
            sums.append(sums[0] + sums[1] + sums[2] + sums[4])
    return [(name, key, totals[key]) for name, totals in sorted(buckets.items()) for key in sorted(totals)]


def _sort_key(query: Query, column: str) -> Callable[[Total], Any]:
    if column in COUNTS:
        count = COUNTS.index(column)
        return lambda total: total[2][count]
    if column in query.dimensions:
        dimension = query.dimensions.index(column)
        return lambda total: total[1][dimension]
    return itemgetter(0)


def _getter(wanted: tuple[str, ...]) -> Callable[[Dimensions], tuple[str, ...]]:
    positions = [POSITION[name] for name in wanted]
    if not positions:
        return lambda _dimensions: ()
    if len(positions) == 1:
        only = positions[0]
        return lambda dimensions: (dimensions[only],)
    return itemgetter(*positions)


def _wanted(query: Query) -> Callable[[Dimensions], bool] | None:
    wanted = [(POSITION[name], kept) for name, kept in query.filters.items()]
    client_id = query.client_id
    if query.service != "jobs":
        if client_id is not None:
            return lambda values: values[0] == client_id and values[0] not in BUILTIN_CLIENTS
        # Only the jobs service counts the requests of Genesys' own clients.
        own = frozenset(BUILTIN_CLIENTS)
        if not wanted:
            return lambda values: values[0] not in own
        return lambda values: values[0] not in own and all(values[at] in kept for at, kept in wanted)
    if client_id is not None:
        wanted.append((POSITION["client_id"], frozenset((client_id,))))
    if not wanted:
        return None
    return lambda values: all(values[at] in kept for at, kept in wanted)


def renderer(query: Query) -> Callable[[str, tuple[str, ...], list[int]], bytes]:
    """What makes a row of a total. The same dimensions come back every day, so their JSON is made only once."""
    names = {"requests": "requestCount"} if query.service == "jobs" else {}
    counts = ",".join(f'"{names.get(name, name)}":%d' for name in query.metrics)
    positions = [COUNTS.index(name) for name in query.metrics]
    shape = jobs_dimensions if query.service == "jobs" else query_dimensions
    date = '"date":"%s"' if query.service == "jobs" else '"date":"%sT00:00:00Z"'
    known: dict[tuple[str, ...], str] = {}

    def render(bucket_date: str, key: tuple[str, ...], sums: list[int]) -> bytes:
        text = known.get(key)
        if text is None:
            shaped = shape(dict(zip(query.dimensions, key, strict=True)))
            text = known[key] = dump(shaped).decode("utf-8", "surrogatepass")[1:-1]
        parts = [text] if text else []
        if positions:
            parts.append(counts % tuple([sums[position] for position in positions]))
        if bucket_date:
            parts.append(date % bucket_date)
        return f"{{{','.join(parts)}}}".encode("utf-8", "surrogatepass")

    return render


def query_dimensions(row: dict[str, str]) -> JsonObject:
    """Dimensions of an ApiUsageRow: an ungrouped one is an empty text, neither null nor absent."""
    return {
        "clientId": row.get("client_id", ""), "clientName": row.get("client_name", ""),
        "organizationId": row.get("organization_id", ""), "userId": row.get("user_id", ""),
        "templateUri": row.get("template_uri", ""), "httpMethod": row.get("http_method", ""),
    }  # fmt: skip


def jobs_dimensions(row: dict[str, str]) -> JsonObject:
    """Dimensions of an OrganizationPublicApiUsage or ClientPublicApiUsage: an ungrouped one is absent."""
    made: JsonObject = {}
    if "client_id" in row:
        client_id = row["client_id"]
        uri = f"/api/v2/oauth/clients/{client_id}"
        made["oauthClient"] = {"id": client_id, "name": row["client_name"], "selfUri": uri}
    elif "client_name" in row:
        made["oauthClient"] = {"name": row["client_name"]}
    if row.get("user_id"):
        # Requests of client credentials have no user, so there is nothing to refer to.
        made["user"] = {"id": row["user_id"], "selfUri": f"/api/v2/users/{row['user_id']}"}
    names = {"organization_id": "organizationId", "template_uri": "templateUri", "http_method": "httpMethod"}
    for column, name in {**names, "platform": "platform"}.items():
        if column in row:
            made[name] = row[column]
    return made
