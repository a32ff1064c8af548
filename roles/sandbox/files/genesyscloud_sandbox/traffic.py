# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Traffic: what an organization's clients asked of the API, day by day.

A fact is one day's requests of one client, user, template URI, method, platform and organization. Generated facts
depend on the organization and the day alone, never on when or in which order they are asked for.
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from threading import Lock
from typing import Any, NamedTuple

from .model import Client, Organization, stable_id
from .names import BUILTIN_CLIENTS, OPERATIONS, PLATFORMS

DIMENSIONS = ("client_id", "client_name", "user_id", "template_uri", "http_method", "platform", "organization_id")
STATUSES = ("status200", "status300", "status400", "status429", "status500")

Dimensions = tuple[str, str, str, str, str, str, str]
Counts = tuple[int, int, int, int, int]
Fact = tuple[Dimensions, Counts]
"""Values in the order of DIMENSIONS, counts in the order of STATUSES."""

GROWTH_PER_DAY = 0.0007
"""About 29 % a year: enough for a trend over 90 days to be visible, small enough to look like a business."""
EPOCH = date(2024, 1, 1).toordinal()
WEEKEND = {"steady": (0.35, 0.2), "bursty": (0.5, 0.4), "batch": (1.0, 1.0)}
CACHED_DAYS = 4000
"""Organization-days kept: about 60 facts each, so some 40 MB at most."""


class _Stream(NamedTuple):
    """A steady source of requests: the dimensions of its facts and how many a working day has."""

    dimensions: Dimensions
    client: int
    volume: float
    weekend: tuple[float, float]
    bursty: bool


class Traffic:
    """The facts of every organization, generated when they are asked for and kept while there is room."""

    def __init__(self) -> None:
        self._streams: dict[str, list[_Stream]] = {}
        self._days: OrderedDict[tuple[str, int], list[Fact]] = OrderedDict()
        self._lock = Lock()

    def forget(self, organization: Organization) -> None:
        """Drop what is kept for an organization, because it was changed."""
        with self._lock:
            self._streams.pop(organization.id, None)
            for key in [key for key in self._days if key[0] == organization.id]:
                del self._days[key]

    def between(self, organization: Organization, first: date, last: date) -> Iterable[tuple[date, list[Fact]]]:
        """The days of an interval that have facts, oldest first."""
        if organization.traffic is not None:
            by_day = explicit_facts(organization, organization.traffic, first, last)
            yield from sorted(by_day.items())
            return
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield date.fromordinal(ordinal), self._generated(organization, ordinal)

    def _generated(self, organization: Organization, ordinal: int) -> list[Fact]:
        key = (organization.id, ordinal)
        with self._lock:
            facts = self._days.get(key)
            if facts is not None:
                self._days.move_to_end(key)
                return facts
            streams = self._streams.get(organization.id)
        if streams is None:
            streams = self._streams.setdefault(organization.id, _streams(organization))
        facts = _day(organization, streams, ordinal)
        with self._lock:
            self._days[key] = facts
            while len(self._days) > CACHED_DAYS:
                self._days.popitem(last=False)
        return facts


def explicit_facts(
    organization: Organization, rows: Iterable[Mapping[str, Any]], first: date, last: date
) -> dict[date, list[Fact]]:
    """Facts from rows with ``date`` (YYYY-MM-DD), dimensions (default: empty, own organization) and status counts.

    ValueError when a row says ``requests`` and it is not 200 + 300 + 400 + 500, which holds on every real row known.
    """
    names = {client.id: client.name for client in organization.listed_clients()}
    low, high = first.isoformat(), last.isoformat()
    found: dict[date, list[Fact]] = {}
    for row in rows:
        day = str(row["date"])[:10]
        if not low <= day <= high:
            continue
        client_id = str(row.get("client_id", ""))
        ok, moved, wrong, limited, failed = (int(row.get(name, 0)) for name in STATUSES)
        if int(row.get("requests", ok + moved + wrong + failed)) != ok + moved + wrong + failed:
            raise ValueError(f"requests is not the sum of the status counts in {row!r}")
        dimensions: Dimensions = (
            client_id, str(row.get("client_name", "") or names.get(client_id, client_id)), str(row.get("user_id", "")),
            str(row.get("template_uri", "")), str(row.get("http_method", "")), str(row.get("platform", "")),
            str(row.get("organization_id", "") or organization.id),
        )  # fmt: skip
        found.setdefault(date.fromisoformat(day), []).append((dimensions, (ok, moved, wrong, limited, failed)))
    return found


def _streams(organization: Organization) -> list[_Stream]:
    rng = random.Random(f"{organization.seed}/{organization.id}/streams")
    operations = rng.sample(OPERATIONS, rng.randint(8, 15))
    if all(uri.startswith("/") for _method, uri in operations):
        operations[0] = OPERATIONS[2]
    users = [stable_id(organization.id, "user", number) for number in range(rng.randint(6, 20))]
    builtin = [Client(name, name, profile="steady", weight=2.5) for name in BUILTIN_CLIENTS]
    made: list[_Stream] = []
    for position, client in enumerate([*organization.clients, *builtin]):
        if client.profile == "idle" or client.weight <= 0:
            continue
        for method, uri in rng.sample(operations, rng.randint(1, 4)):
            # A token from client credentials has no user behind it.
            user = "" if client.grant_type == "CLIENT-CREDENTIALS" and rng.random() < 0.5 else rng.choice(users)
            platform = rng.choice(PLATFORMS) if client.name in BUILTIN_CLIENTS else PLATFORMS[0]
            dimensions = (client.id, client.name, user, uri, method, platform, organization.id)
            volume = 900.0 * client.weight * rng.lognormvariate(0.0, 0.8)
            weekend = WEEKEND.get(client.profile, WEEKEND["steady"])
            made.append(_Stream(dimensions, position, volume, weekend, client.profile == "bursty"))
    return made


def _day(organization: Organization, streams: list[_Stream], ordinal: int) -> list[Fact]:
    rng = random.Random(f"{organization.seed}/{organization.id}/{ordinal}")
    growth = (1.0 + GROWTH_PER_DAY) ** (ordinal - EPOCH)
    weekday = (ordinal - 1) % 7  # date.weekday(): ordinal 1 is a Monday
    uniform = rng.random
    spikes: dict[int, float] = {}
    facts: list[Fact] = []
    for stream in streams:
        spike = spikes.get(stream.client)
        if spike is None:
            spike = spikes[stream.client] = 4.0 + 5.0 * uniform() if uniform() < 0.012 else 1.0
        quiet = stream.weekend[weekday - 5] if weekday > 4 else 1.0
        total = int(stream.volume * growth * quiet * spike * (0.8 + 0.4 * uniform()))
        if total == 0:
            continue
        limited = 0
        if stream.bursty and (spike > 1.0 or uniform() < 0.08):
            limited = int(total * (0.1 + 0.35 * uniform()))
        failed = int(total * 0.004 * uniform() + uniform() * 0.6)
        wrong = limited + int(total * 0.02 * uniform() + uniform() * 0.7)
        moved = int(total * 0.003 * uniform())
        if wrong + moved + failed > total:  # a handful of requests that all went wrong
            wrong, moved, failed = total, 0, 0
        facts.append((stream.dimensions, (total - wrong - moved - failed, moved, wrong, limited, failed)))
    return facts


def yesterday(today: date) -> date:
    """The newest day that has data: the current day never has."""
    return today - timedelta(days=1)
