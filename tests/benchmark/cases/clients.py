# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many OAuth clients in one task."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from ..model import Line, median, spread
from ..world import Broken, Measured, Served, World

DELAY = 0.02
"""Seconds an exchange takes the server."""

FASTER = 8

SPEED = 4
"""Seconds of the ceiling's clock in a real one. The collection leaves one second for the way to the server: here that
is 250 ms. At 10 a busy machine used up its 100 ms, and arrivals bunched though departures did not."""


def run(world: World) -> Iterator[Line]:
    """At once, one after the other, and under a ceiling."""
    count, runs = (35, 1) if world.quick else (500, 3)
    ids = [f"client-{number}" for number in range(count)]
    with world.sandbox([_organization(ids)]) as served:
        timed: dict[int, list[Measured]] = {
            workers: [_collect(world, served, ids, workers) for _run in range(runs)] for workers in (16, 1)
        }
    seconds = {workers: [done.seconds for done in found] for workers, found in timed.items()}
    calls = timed[16][0].result["api_calls"]
    yield Line(f"{count} clients, concurrency 16", f"{spread(seconds[16], 's', 2)}, {calls:,} exchanges")
    yield Line(f"{count} clients, concurrency 1", spread(seconds[1], "s", 2))
    faster = median(seconds[1]) / median(seconds[16])
    met = None if world.quick else faster >= FASTER
    yield Line(
        f"{count} clients at once, faster by",
        f"{faster:.1f} times",
        f"at least {FASTER} times",
        met,
        ratio=1 / faster,
        yardstick="the same clients one after the other",
        readme=True,
    )

    ceiling = 60 if world.quick else 600
    speed = 40 if world.quick else SPEED
    found = world.measure("ceiling", {"clients": min(count, 2 * ceiling), "per_minute": ceiling, "speed": speed})
    yield Line(
        f"requests_per_minute: {ceiling}",
        f"{found['most']} of {found['total']:,} exchanges in the fullest 60 s, {found['seconds']:.0f} s in all",
        f"at most {ceiling}",
        None if world.quick else found["most"] <= ceiling,
    )


def _organization(ids: list[str]) -> dict[str, Any]:
    # Little traffic: what is measured is the exchanges, not the making of rows.
    day = (datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=2)).isoformat()
    return {
        "name": "many",
        "delay": DELAY,
        "clients": [{"id": client_id, "name": client_id} for client_id in ids],
        "traffic": [{"date": day, "client_id": client_id, "status200": 1} for client_id in ids],
    }


def _collect(world: World, served: Served, ids: list[str], workers: int) -> Measured:
    params = {"client_ids": ids, "days": 30, "granularity": "day", "requests_per_minute": 0, "concurrency": workers}
    done = world.task("oauth_client_usage", {**served.connection("many"), **params})
    if done.result["row_count"] != len(ids):
        raise Broken(f"{done.result['row_count']} rows instead of {len(ids)}")
    return done
