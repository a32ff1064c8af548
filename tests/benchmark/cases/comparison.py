# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One organization: the collection, the official SDK, and what a user writes with ``ansible.builtin.uri``."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model import Line, interval, median, spread
from ..programs import Programs, Ran
from ..world import Broken, Served, World

DAYS = 30
TIME, MEMORY = 1 / 2, 1 / 10
"""Of what the SDK takes; memory is what is above a bare interpreter's."""

MEASURED = Path(__file__).resolve().parents[1] / "measured"
BARE = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM:')))"
HAS_SDK = importlib.util.find_spec("PureCloudPlatformClientV2") is not None

Answer = Mapping[str, Any]


@dataclass
class Way:
    """One way to ask. ``answer`` is what it said last; ``exchanges`` those of one run."""

    run: Callable[[], Ran]
    seconds: list[float] = field(default_factory=list)
    exchanges: int = 0
    mib: float = 0.0
    answer: Answer | None = None


def run(world: World) -> Iterator[Line]:
    """Both services, and first what a program takes that asks nothing."""
    programs = Programs(world)
    bare = int(programs.python("-c", BARE).stdout) / 1024
    with world.sandbox((), *(["--organizations", "2"] if world.quick else [])) as served:
        name = _largest(world, served)
        hosts = programs.inventory({name: served.connection(name)})
        debug = 0.0 if world.quick else programs.playbook("debug", hosts, {}, watch=True).tree_mib - bare
        yield Line("python -c pass", f"{bare:.1f} MiB: the bare interpreter, which is left out of all memory below")
        for service in ["query"] if world.quick else ["query", "jobs"]:
            ways = _ways(programs, served, name, hosts, service)
            _measure(world, served, ways)
            _same(service, ways)
            if not world.quick:
                _memory(programs, hosts, service, ways)
            for way in ways.values():
                way.mib -= bare
            yield from _lines(service, ways, debug)


def _largest(world: World, served: Served) -> str:
    """The organization with the most rows; all are warm then."""
    found = {}
    for name in served.organizations:
        done = world.task("usage_query", {**served.connection(name), **_question("query")})
        found[name] = done.result["row_count"]
    return max(found, key=lambda name: found[name])


def _question(service: str) -> dict[str, Any]:
    return {"service": service, "days": DAYS, "granularity": "day", "group_by": ["client_id"]}


def _variables(service: str) -> dict[str, Any]:
    return {"service": service, "days": DAYS, "interval": interval(service, DAYS)}


def _ways(programs: Programs, served: Served, name: str, hosts: Path, service: str) -> dict[str, Way]:
    connection = served.connection(name)
    by_hand = "uri" if service == "query" else "uri_jobs"
    variables = _variables(service)
    asked = {**connection, **_question(service)}
    ways = {
        "debug": Way(lambda: programs.playbook("debug", hosts, {})),
        "playbook": Way(lambda: programs.playbook("usage", hosts, variables)),
        "uri": Way(lambda: programs.playbook(by_hand, hosts, variables)),
        "module": Way(lambda: programs.python(str(MEASURED / "module.py"), order=asked)),
        "sdk": Way(lambda: programs.python(str(MEASURED / "sdk.py"), order={**asked, "service": service})),
    }
    ways["playbook"].answer = programs.answer("usage", hosts, variables)
    ways["uri"].answer = programs.answer(by_hand, hosts, variables)
    return ways


def _measure(world: World, served: Served, ways: dict[str, Way]) -> None:
    """Each way in turn, several times; the first time of each is left out."""
    if world.quick or not HAS_SDK:
        del ways["sdk"]
    for number in range(1 if world.quick else 4):
        for name, way in ways.items():
            served.exchanges()
            done = way.run()
            way.exchanges = len(served.exchanges())
            if number or world.quick:
                way.seconds.append(done.seconds)
            if name in ("module", "sdk"):
                told = json.loads(done.stdout)
                way.mib = max(way.mib, told.pop("peak_mib"))
                way.answer = told


def _same(service: str, ways: Mapping[str, Way]) -> None:
    answers = {name: way.answer for name, way in ways.items() if way.answer is not None}
    told = list(answers.values())
    if any(answer != told[0] for answer in told) or not told[0]["rows"]:
        raise Broken(f"{service}: not the same answer: {answers}")


def _memory(programs: Programs, hosts: Path, service: str, ways: Mapping[str, Way]) -> None:
    """Of a playbook, in a run of its own, for watching takes time."""
    names = {"playbook": "usage", "uri": "uri" if service == "query" else "uri_jobs"}
    for way, name in names.items():
        ways[way].mib = programs.playbook(name, hosts, _variables(service), watch=True).tree_mib


def _lines(service: str, ways: Mapping[str, Way], debug: float) -> Iterator[Line]:
    ways["debug"].mib = debug
    told = {
        "debug": "a playbook with one debug task",
        "playbook": f"{service}: the collection in a playbook",
        "module": f"{service}: the module in its own process",
        "sdk": f"{service}: a script with the SDK",
        "uri": f"{service}: a playbook with uri",
    }
    for name, way in ways.items():
        calls = f", {way.exchanges} exchanges" if way.exchanges else ""
        memory = f", {way.mib:.0f} MiB above the bare interpreter" if way.mib > 0 else ""
        yield Line(told[name], f"{spread(way.seconds, 's', 2)}{memory}{calls}")
    ours = ways["playbook"].exchanges
    others = {name: ways[name].exchanges for name in ("sdk", "uri") if name in ways}
    yield Line(
        f"{service}: exchanges",
        f"{ours}; " + ", ".join(f"{name} {count}" for name, count in others.items()),
        "no more than either",
        all(way.exchanges <= min(others.values()) for way in (ways["playbook"], ways["module"])),
    )
    if "sdk" not in ways:
        yield Line(f"{service}: against the SDK", "left out: importing it takes seconds, or it is not installed")
        return
    for name, compared in (("playbook", "whole playbook"), ("module", "module's own process")):
        yield from _against(f"{service}: {compared} / SDK script", ways[name], ways["sdk"])
    engine = median(ways["playbook"].seconds) - median(ways["debug"].seconds)
    yield Line(
        f"{service}: playbook less debug / SDK script",
        f"{engine:.2f} s, {ways['playbook'].mib - debug:.0f} MiB: {engine / median(ways['sdk'].seconds):.2f} of the "
        f"time, {(ways['playbook'].mib - debug) / ways['sdk'].mib:.2f} of the memory",
    )


def _against(what: str, ours: Way, theirs: Way) -> Iterator[Line]:
    sdk = "the script with the SDK"
    ratio = median(ours.seconds) / median(theirs.seconds)
    yield Line(f"{what}, time", f"{ratio:.2f}", f"less than {TIME:g}", ratio < TIME, ratio, sdk, readme=True)
    ratio = ours.mib / theirs.mib
    yield Line(f"{what}, memory", f"{ratio:.2f}", f"at most {MEMORY:g}", ratio <= MEMORY, ratio, sdk, readme=True)
