# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores that many write to, and very many rows from the wire into PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Line, median, spread
from ..postgresql import Database, database, why_not
from ..world import Broken, Served, World
from .bulk import QUESTION, RATE, YARDSTICK, json_loads

INGEST = "ingest"


def run(world: World) -> Iterator[Line]:
    """Both stores."""
    writers, each, rows = (5, 100, 0) if world.quick else (50, 2_000, 1_000_000)
    organizations = [{"name": f"writer-{number}", "bulk_rows": each} for number in range(writers)]
    # Bulk rows are the same for each organization: other numbers of rows make them tell apart.
    for number, organization in enumerate(organizations):
        organization["bulk_rows"] = each + number
    with world.sandbox([*organizations, {"name": INGEST, "bulk_rows": rows}]) as served:
        names = [str(organization["name"]) for organization in organizations]
        folder = world.folder
        yield _writers(world, served, names, "SQLite", f"sqlite:///{folder}/many.db", f"sqlite:///{folder}/one.db")
        missing = "left out: starting a server takes seconds" if world.quick else why_not()
        if missing:
            yield Line("PostgreSQL", missing)
            return
        with database() as server:
            yield _writers(world, served, names, "PostgreSQL", server.new(), server.new())
            yield from _ingest(world, served, server, rows)


def _writers(world: World, served: Served, names: list[str], kind: str, at_once: str, in_turn: str) -> Line:
    """The same organizations, each collected by a process of its own, at once and one after the other."""
    params = [{**served.connection(name), **QUESTION, "organization": name} for name in names]
    seconds, failed = {}, []
    for store, together in ((at_once, True), (in_turn, False)):
        order = {"params": [{**each, "store": store} for each in params], "at_once": together}
        found = world.measure("writers", order)
        seconds[store] = found["seconds"]
        failed += found["failed"]
    told = [_told(world, store) for store in (at_once, in_turn)]
    lost = len(set(map(str, told[1])) - set(map(str, told[0])))
    complete = not failed and told[0] == told[1] and len(told[0]) == len(names)
    return Line(
        f"{len(names)} writers at once, {kind}",
        f"{len(failed)} failed, {lost} organizations with other rows or sums than in turn; {seconds[at_once]:.1f} s "
        f"(in turn {seconds[in_turn]:.1f} s)" + (f"; {failed[0]}" if failed else ""),
        "none failed, none lost",
        complete,
        ratio=seconds[at_once] / seconds[in_turn],
        yardstick="the same writers in turn",
        readme=True,
    )


def _told(world: World, store: str) -> list[Any]:
    """The organizations of a store with their days and sums."""
    done = world.task("usage_store", {"store": store, "summary": {"days": QUESTION["days"]}})
    entries = done.result["summary"]["organizations"]
    return sorted((dict(entry) for entry in entries), key=lambda entry: str(entry["organization"]))


def _ingest(world: World, served: Served, server: Database, rows: int) -> Iterator[Line]:
    rates, cpu, peaks = [], [], []
    alone = json_loads(world, served.connection(INGEST), rows)
    for number in range(4):
        params = {**served.connection(INGEST), **QUESTION, "store": server.new(), "organization": INGEST}
        done = world.task("usage_query", params)
        if done.result["stored"]["inserted"] != rows:
            raise Broken(f"the store says {done.result['stored']}")
        if number:
            rates.append(rows / done.seconds)
            cpu.append(done.cpu)
            peaks.append(done.peak_mib)
    yield Line(
        f"{rows:,} rows into PostgreSQL, new",
        f"{spread(rates, 'rows/s')}; {rows / median(rates):.2f} s, {median(cpu):.2f} s of processor in the task; "
        f"peak {max(peaks):.0f} MiB",
        f"at least {RATE:,} rows/s",
        median(rates) >= RATE,
        ratio=median(cpu) / alone.cpu,
        yardstick=YARDSTICK,
        readme=True,
    )
    yield Line(
        f"{rows:,} rows into PostgreSQL, peak memory",
        f"{max(peaks):.0f} MiB",
        ratio=max(peaks) / alone.peak_mib,
        yardstick="peak memory of json.loads of the same body",
    )
