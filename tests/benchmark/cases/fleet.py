# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hundreds of organizations in one playbook."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model import Line, interval, median, spread
from ..postgresql import database, why_not
from ..programs import Programs, Ran
from ..world import Broken, Served, World
from .comparison import HAS_SDK, MEASURED

DAYS = 7
"""As the playbooks have it. Of so many organizations the sandbox keeps the traffic of 4,000 days in all."""

ENGINE, BY_HAND, SDK, SLOW, COLD = 1.5, 20, 10, 1.3, 1.25
ANSWER_AFTER = 2
HAND_SAMPLE, SDK_SAMPLE = 30, 5


@dataclass(frozen=True)
class Size:
    """How many organizations at most at once, and how often each is measured."""

    organizations: int
    forks: int
    runs: int


class Fleet:
    """The organizations of a sandbox as the hosts of an inventory."""

    def __init__(self, world: World, programs: Programs, served: Served, size: Size) -> None:
        self.world, self.programs, self.served, self.size = world, programs, served, size
        self.names = list(served.organizations)
        self.hosts = self.inventory(self.names)
        self.forks = ["--forks", str(size.forks)]

    def inventory(self, names: list[str]) -> Path:
        return self.programs.inventory({name: self.served.connection(name) for name in names})

    def run(self, playbook: str, hosts: Path | None = None, **variables: Any) -> Ran:
        given = {"interval": interval("query", DAYS)}
        return self.programs.playbook(playbook, hosts or self.hosts, {**given, **variables}, *self.forks)


def run(world: World) -> Iterator[Line]:
    """The same fleet at once, slow, and one of it cold."""
    size = Size(3, 3, 1) if world.quick else Size(300, 50, 3)
    programs = Programs(world)
    with world.sandbox((), "--organizations", str(size.organizations)) as served:
        fleet = Fleet(world, programs, served, size)
        # Makes the traffic, and has everything read from the disk once.
        if not world.quick:
            fleet.run("fleet")
        debug = yield from _at_once(fleet)
        yield from _others(fleet, debug)
    slow = ["--organizations", str(size.organizations), "--answer-after", str(ANSWER_AFTER)]
    with world.sandbox((), *slow) as served:
        yield from _slow(Fleet(world, programs, served, size))
    if not world.quick:
        yield from _cold(world, programs)


def _at_once(fleet: Fleet) -> Generator[Line, None, tuple[float, float]]:
    """Yields lines; the generator's value is (seconds of debug, seconds of ours)."""
    with ExitStack() as stack:
        missing = "left out: starting a server takes seconds" if fleet.world.quick else why_not()
        server = None if missing else stack.enter_context(database())
        times: dict[str, list[Ran]] = {"debug": [], "library": [], "bare": [], "sqlite": [], "postgresql": []}
        for number in range(fleet.size.runs):
            times["debug"].append(fleet.run("debug"))
            times["library"].append(fleet.run("bare_requests"))
            times["bare"].append(fleet.run("fleet"))
            store = f"sqlite:///{fleet.world.folder}/{number}.db"
            times["sqlite"].append(fleet.run("fleet_store", store=store))
            _check(fleet, store)
            if server:
                store = server.new()
                times["postgresql"].append(fleet.run("fleet_store", store=store))
                _check(fleet, store)
    count = fleet.size.organizations
    debug = median(_seconds(times["debug"]))
    yield Line(f"{count} x debug", _told(times["debug"], count))
    told = {
        "library": "the same exchanges with requests alone",
        "bare": "usage_query, no rows, no store",
        "sqlite": "usage_query, into SQLite",
        "postgresql": "usage_query, into PostgreSQL",
    }
    for name, what in told.items():
        if not times[name]:
            yield Line(f"{count} x {what}", missing)
            continue
        # Each run against the debug run of its round: what else the machine does changes from minute to minute.
        pairs = list(zip(times[name], times["debug"], strict=True))
        ratio = median([ours.seconds / engine.seconds for ours, engine in pairs])
        worked = median([ours.cpu / engine.cpu for ours, engine in pairs])
        ours = name != "library"
        yield Line(
            f"{count} x {what}",
            f"{_told(times[name], count)}; {ratio:.2f} times debug, in processor time {worked:.2f} times",
            f"at most {ENGINE} times debug" if ours else "",
            ratio <= ENGINE if ours and not fleet.world.quick else None,
            ratio=ratio,
            yardstick="debug over the same inventory",
            readme=True,
        )
    return debug, median(_seconds(times["bare"]))


def _seconds(runs: Iterable[Ran]) -> list[float]:
    return [done.seconds for done in runs]


def _told(runs: Sequence[Ran], count: int) -> str:
    each = 1000 * median([done.cpu for done in runs]) / count
    return f"{spread(_seconds(runs), 's', 1)}, {each:.0f} ms of processor each"


def _check(fleet: Fleet, store: str) -> None:
    """Every organization is in the store, and with requests."""
    done = fleet.world.task("usage_store", {"store": store, "summary": {"days": DAYS}})
    found = {entry["organization"] for entry in done.result["summary"]["organizations"] if entry["requests"]}
    if lost := set(fleet.names) - found:
        raise Broken(f"{len(lost)} organizations are not in {store}")


def _others(fleet: Fleet, seconds: tuple[float, float]) -> Iterator[Line]:
    """What there is without the collection, on a sample."""
    if fleet.world.quick:
        yield Line("uri, SDK", "left out: each takes seconds (the comparison has both)")
        return
    debug, ours = seconds
    count = fleet.size.organizations
    sample = fleet.inventory(fleet.names[:HAND_SAMPLE])
    first = fleet.inventory(fleet.names[:1])
    start = median([fleet.run("debug", first).seconds for _run in range(fleet.size.runs)])
    by_hand = [fleet.run("uri", sample).seconds for _run in range(fleet.size.runs)]
    scaled = start + (median(by_hand) - start) * count / HAND_SAMPLE
    yield Line(
        f"{count} x uri playbook, scaled",
        f"{scaled:.0f} s, from {HAND_SAMPLE} in {spread(by_hand, 's', 1)}: {scaled / ours:.1f} times",
        f"at least {BY_HAND} times",
        scaled / ours >= BY_HAND,
        ratio=ours / scaled,
        yardstick="the playbook with uri, scaled",
        readme=True,
    )
    engine = (scaled - debug) / (ours - debug) if ours > debug else 0
    yield Line("the same, both without debug's time", f"{engine:.1f} times")
    if not HAS_SDK:
        yield Line("SDK", "left out: not installed")
        return
    each = []
    for name in fleet.names[:SDK_SAMPLE]:
        order = {**fleet.served.connection(name), "service": "query", "days": DAYS}
        done = fleet.programs.python(str(MEASURED / "sdk.py"), order=order)
        if not json.loads(done.stdout)["rows"]:
            raise Broken(f"the SDK found nothing in {name}")
        each.append(done.seconds)
    scaled = sum(each) * count / SDK_SAMPLE
    yield Line(
        f"{count} x SDK script one after the other, scaled",
        f"{scaled:.0f} s, from {SDK_SAMPLE} at {spread(each, 's', 1)}: {scaled / ours:.1f} times",
        f"at least {SDK} times",
        scaled / ours >= SDK,
        ratio=ours / scaled,
        yardstick="the SDK's script, scaled",
        readme=True,
    )


def _slow(fleet: Fleet) -> Iterator[Line]:
    if not fleet.world.quick:
        fleet.run("fleet")
    pairs = [(fleet.run("debug").seconds, fleet.run("fleet").seconds) for _run in range(fleet.size.runs)]
    size = fleet.size
    least = size.organizations / size.forks * ANSWER_AFTER
    over = median([ours - debug for debug, ours in pairs])
    yield Line(
        f"{size.organizations} that answer after {ANSWER_AFTER} s, {size.forks} forks",
        f"{spread([ours for _debug, ours in pairs], 's', 1)}; {over:.1f} s above debug",
        f"at most {least:.0f} s x {SLOW} = {least * SLOW:.1f} s above debug",
        None if fleet.world.quick else over <= least * SLOW,
        ratio=max(over, 0.0) / least,
        yardstick="the waiting that must be",
    )


def _cold(world: World, programs: Programs) -> Iterator[Line]:
    """An organization that was never asked before, each time another one; the server's time is that for yet another."""
    runs = 5
    with world.sandbox((), "--organizations", str(2 * runs)) as served:
        names = list(served.organizations)
        times: Mapping[str, list[float]] = {"debug": [], "ours": [], "server": []}
        for number in range(runs):
            ours, server = names[2 * number], names[2 * number + 1]
            hosts = programs.inventory({ours: served.connection(ours)})
            times["debug"].append(programs.playbook("debug", hosts, {}).seconds)
            times["ours"].append(programs.playbook("fleet", hosts, {}).seconds)
            order = {**served.connection(server), "interval": interval("query", DAYS)}
            times["server"].append(world.measure("server", order)["seconds"])
    debug, ours_, server_ = (median(times[name]) for name in ("debug", "ours", "server"))
    allowed = debug * COLD + server_
    yield Line(
        "one organization, cold",
        f"{spread(times['ours'], 's', 2)}; debug {debug:.2f} s, the server {server_:.2f} s; "
        f"{(ours_ - server_) / debug:.2f} times debug",
        f"at most {COLD} x debug + server = {allowed:.2f} s",
        ours_ <= allowed,
        ratio=max(ours_ - server_, 0.0) / debug,
        yardstick="debug for one organization",
    )
