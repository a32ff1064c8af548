# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet's history, judged by all built-in rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Line, median, spread
from ..world import Broken, Measured, World
from .report import DAYS, YARDSTICK

SECONDS, MEMORY = 10.0, 200.0

EVERY_CLIENT = [
    {"id": "growth-clients", "metric": "growth", "per": "client", "window": "7d", "baseline": "21d", "value": 3},
    {"id": "spikes-clients", "metric": "spike", "per": "client", "value": 1000},
]
"""Rules that take every client's single days: what a user may add, and the most that a gate reads."""


def run(world: World) -> Iterator[Line]:
    """One store: the built-in rules several times, and once with rules that take more."""
    organizations, clients = (4, 20) if world.quick else (300, 200)
    store = world.folder / "history.db"
    made = world.measure(
        "history", {"path": str(store), "organizations": organizations, "clients": clients, "days": DAYS}
    )
    summed = world.measure("history", {"path": str(store), "sum": True})
    yardstick = summed["cpu"]
    url = f"sqlite:///{store}"
    runs = [_judge(world, url, organizations, clients) for _time in range(1 if world.quick else 3)]
    seconds, peak = [found.seconds for found in runs], max(found.peak_mib for found in runs)
    cpu = median([found.cpu for found in runs])
    yield Line(
        f"{organizations} organizations, {made['rows']:,} rows, all built-in rules",
        f"{spread(seconds, 's', 1)}, {cpu:.1f} s of processor; peak {peak:.0f} MiB",
        f"below {SECONDS:.0f} s and {MEMORY:.0f} MB",
        median(seconds) < SECONDS and peak < MEMORY,
        ratio=cpu / yardstick,
        yardstick=YARDSTICK,
        readme=True,
    )
    more = _judge(world, url, organizations, clients, rules=EVERY_CLIENT)
    yield Line(
        "and growth and spikes of every client",
        f"{more.seconds:.1f} s, {more.cpu:.1f} s of processor; peak {more.peak_mib:.0f} MiB",
        ratio=more.cpu / yardstick,
        yardstick=YARDSTICK,
    )
    most = max(peak, more.peak_mib)
    yield Line(
        "peak memory", f"{most:.0f} MiB", ratio=most / summed["peak_mib"], yardstick="peak memory of the same adding up"
    )


def _judge(world: World, store: str, organizations: int, clients: int, **more: Any) -> Measured:
    """One task; it has to have judged every organization and every client by every rule."""
    found = world.task("usage_gate", {"store": store, "allowance": 10**12, "fail": False, **more})
    counts = found.result["counts"]
    # Of the built-in rules eight are about organizations and three about clients; and there is the collection.
    expected = organizations * (9 + (3 + len(more.get("rules", ()))) * clients)
    if sum(counts.values()) != expected or counts["unknown"]:
        raise Broken(f"{expected:,} judgements were expected: {counts}")
    return found
