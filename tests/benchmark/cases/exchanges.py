# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many HTTP exchanges a question takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..model import Line
from ..world import Served, World

KINDS = ("sign-in", "submit", "look", "page", "identity", "other")

QUESTION = {"days": 30, "granularity": "day", "group_by": ["client_id", "template_uri"], "return_rows": False}


def _kind(exchange: Mapping[str, Any]) -> str:
    path, method = exchange["path"], exchange["method"]
    if path == "/oauth/token":
        return "sign-in"
    if path == "/api/v2/organizations/me":
        return "identity"
    if method == "POST" and path.endswith("/usage/query"):
        return "submit"
    if method == "GET" and "/results" in path:
        return "page" if "after" in exchange["query"] else "look"
    return "other"


def _told(counts: Mapping[str, int]) -> str:
    kinds = [f"{counts[kind]} {kind}{'s' if counts[kind] != 1 else ''}" for kind in KINDS if counts.get(kind)]
    return " + ".join(kinds).replace("identitys", "identities")


def run(world: World) -> Iterator[Line]:
    """One line for each kind of task."""
    clients = 5 if world.quick else 50
    listed = [{"id": f"client-{number}", "name": f"Client {number}"} for number in range(clients)]
    organizations: list[dict[str, Any]] = [
        {"name": "plain", "clients": listed, "traffic": []},
        {"name": "slow", "traffic": [], "pending_looks": 2},
        {"name": "paged", "bulk_rows": 1000, "query_page_size": 100},
    ]
    store = f"sqlite:///{world.folder}/usage.db"
    ids = [client["id"] for client in listed]
    every = {"sign-in": 1, "submit": 1, "look": 1}
    with world.sandbox(organizations) as served:
        yield _line(world, served, "usage_query", "plain", {}, "one query", every)
        # A short pause: how many looks are needed is the sandbox's choice here, not the schedule's.
        slow = {"wait_interval": 0.1}
        yield _line(world, served, "usage_query", "slow", slow, "one query, pending twice", {**every, "look": 3})
        yield _line(world, served, "usage_query", "paged", {}, "one query, 10 pages", {**every, "page": 9})
        kept = {**every, "page": 9, "identity": 1}
        yield _line(world, served, "usage_query", "paged", {"store": store}, "one query, 10 pages, stored", kept)
        each = {"sign-in": 1, "submit": clients, "look": clients}
        asked = {"client_ids": ids, "group_by": ["template_uri"]}
        yield _line(world, served, "oauth_client_usage", "plain", asked, f"{clients} clients", each)


def _line(
    world: World,
    served: Served,
    operation: str,
    organization: str,
    params: Mapping[str, Any],
    what: str,
    expected: Mapping[str, int],
) -> Line:
    served.exchanges()
    done = world.task(operation, {**served.connection(organization), **QUESTION, **params})
    counts = _count(served.exchanges())
    counted = sum(counts.values())
    own = done.result["api_calls"]
    measured = f"{counted}: {_told(counts)}" + (f"; api_calls says {own}" if own != counted else "")
    needed = sum(expected.values())
    return Line(
        what,
        measured,
        f"{needed}: {_told(expected)}",
        counts == expected and own == counted,
        ratio=counted / needed,
        yardstick="exchanges that are needed",
        readme=organization == "paged" and "store" in params,
    )


def _count(exchanges: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return dict(Counter(map(_kind, exchanges)))
