# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Very many rows from the wire into SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model import Line, median, spread
from ..world import Broken, Measured, Served, World

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (500, 5_000)
RATE = 60_000
"""Rows a second at the largest size."""

GROWTH = 16
"""MiB by which the largest size may exceed the smallest: the allocator's and SQLite's doings, not the rows'."""

QUESTION = {"days": 30, "granularity": "day", "group_by": ["client_id", "template_uri"]}
BODY = {"granularity": "Day", "groupBy": ["OAuthClientId", "TemplateUri"]}
YARDSTICK = "json.loads of the same body, in processor time"


def run(world: World) -> Iterator[Line]:
    """Rows a second, memory, the second collection and the yardstick, for each size."""
    sizes = QUICK_SIZES if world.quick else SIZES
    peaks = []
    with world.sandbox([{"name": str(size), "bulk_rows": size} for size in sizes]) as served:
        for size in sizes:
            first, again = _collect(world, served, size)
            cpu = [median([done.cpu for done in runs]) for runs in (first, again)]
            alone = json_loads(world, served.connection(str(size)), size)
            rates = [size / done.seconds for done in first]
            goal = size == SIZES[-1]
            yield Line(
                f"{size:,} rows, new",
                f"{spread(rates, 'rows/s')}; {size / median(rates):.2f} s, {cpu[0]:.2f} s of processor",
                f"at least {RATE:,} rows/s" if goal else "",
                median(rates) >= RATE if goal else None,
                ratio=cpu[0] / alone.cpu,
                yardstick=YARDSTICK,
                readme=goal,
            )
            repeated = [size / done.seconds for done in again]
            yield Line(
                f"{size:,} rows, again",
                f"{spread(repeated, 'rows/s')}; {size / median(repeated):.2f} s",
                ratio=cpu[1] / alone.cpu,
                yardstick=YARDSTICK,
            )
            peaks.append(max(done.peak_mib for done in (*first, *again)))
            yield Line(f"{size:,} rows, peak memory", f"{peaks[-1]:.0f} MiB")
            yield Line(
                f"{size:,} rows, json.loads alone", f"{alone.told}; the task takes {cpu[0] / alone.cpu:.1f} times that"
            )
    growth = peaks[-1] - peaks[0]
    yield Line(
        "memory, largest over smallest",
        f"{growth:+.0f} MiB",
        f"at most {GROWTH} MiB more",
        growth <= GROWTH,
        ratio=peaks[-1] / peaks[0],
        yardstick="peak memory with the smallest size",
        readme=True,
    )


def _collect(world: World, served: Served, size: int) -> tuple[list[Measured], list[Measured]]:
    """Runs into new files, and runs into the last of these again."""
    runs = 1 if world.quick else 3
    store = world.folder / "usage.db"
    first = []
    for _number in range(runs + 1):
        store.unlink(missing_ok=True)
        first.append(_task(world, served, size, store, {"inserted": size}))
    again = [_task(world, served, size, store, {"unchanged": size}) for _number in range(runs)]
    return first[1:], again


def _task(world: World, served: Served, size: int, store: Path, expected: Mapping[str, int]) -> Measured:
    done = world.task("usage_query", {**served.connection(str(size)), **QUESTION, "store": f"sqlite:///{store}"})
    stored: Mapping[str, Any] = done.result["stored"]
    found = {name: stored[name] for name in ("inserted", "updated", "deleted", "unchanged") if stored[name]}
    if found != expected:
        raise Broken(f"the store says {found} instead of {dict(expected)}")
    return done


@dataclass(frozen=True)
class Alone:
    """The yardstick: seconds of processor and MiB that parsing takes, and the same in words."""

    cpu: float
    peak_mib: float
    told: str


def json_loads(world: World, connection: Mapping[str, str], rows: int) -> Alone:
    """What json.loads takes for the answer of an organization. Raises Broken when it has another number of rows."""
    order = {**connection, "body": BODY, "days": QUESTION["days"], "runs": 1 if world.quick else 3}
    found = world.measure("json_loads", order)
    if found["rows"] != rows:
        raise Broken(f"{found['rows']} rows instead of {rows}")
    told = f"{spread(found['seconds'], 's', 3)} for {found['mib']:.0f} MiB; peak {found['peak_mib']:.0f} MiB"
    return Alone(median(found["seconds"]), found["peak_mib"], told)
