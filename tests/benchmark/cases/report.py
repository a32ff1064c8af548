# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report of a large fleet: the pages of 300 organizations out of millions of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..model import Line, median, spread
from ..world import Broken, World

DAYS = 90
SECONDS, MEMORY, FIRST_FILE = 15.0, 300.0, 2_000_000
YARDSTICK = "processor time of SQLite adding all rows up once, by organization and client"


def run(world: World) -> Iterator[Line]:
    """HTML in a folder, over all days of the store, and half of them against the other half."""
    organizations, clients = (4, 20) if world.quick else (300, 200)
    store = world.folder / "history.db"
    made = world.measure(
        "history", {"path": str(store), "organizations": organizations, "clients": clients, "days": DAYS}
    )
    rows = made["rows"]
    summed = world.measure("history", {"path": str(store), "sum": True})
    yardstick, most = summed["cpu"], 0.0
    for days in (DAYS, DAYS // 2):
        seconds, cpu, peaks, first, every = [], [], [], 0, 0
        for number in range(1 if world.quick else 3):
            folder = world.folder / f"report-{days}-{number}"
            done = world.task("usage_report", {"store": f"sqlite:///{store}", "days": days, "dest": f"{folder}/"})
            seconds.append(done.seconds)
            cpu.append(done.cpu)
            peaks.append(done.peak_mib)
            first, every = _sizes(folder, organizations)
        most = max(most, *peaks)
        what = "" if days == DAYS else f", {days} days against the {days} before"
        yield Line(
            f"{organizations} organizations, {rows:,} rows{what}",
            f"{spread(seconds, 's', 1)}, {median(cpu):.1f} s of processor; peak {max(peaks):.0f} MiB; "
            f"first file {first / 1000:,.0f} kB, all {every / 1_000_000:,.1f} MB",
            f"at most {SECONDS:.0f} s, {MEMORY:.0f} MB and a first file of {FIRST_FILE // 1_000_000} MB",
            median(seconds) <= SECONDS and max(peaks) <= MEMORY and first <= FIRST_FILE,
            ratio=median(cpu) / yardstick,
            yardstick=YARDSTICK,
            readme=days == DAYS,
        )
    yield Line(
        "peak memory", f"{most:.0f} MiB", ratio=most / summed["peak_mib"], yardstick="peak memory of the same adding up"
    )


def _sizes(folder: Path, organizations: int) -> tuple[int, int]:
    pages = list((folder / "organizations").iterdir())
    if len(pages) != organizations:
        raise Broken(f"the report has {len(pages)} pages of organizations")
    first = (folder / "index.html").stat().st_size
    return first, first + sum(page.stat().st_size for page in pages)
