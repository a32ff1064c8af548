# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook's processes have in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Line
from ..programs import Programs
from ..world import World
from .bulk import GROWTH
from .fleet import ANSWER_AFTER

EACH = 25
"""MiB of a fork above those that Ansible itself takes."""

ROWS = (10_000, 1_000_000)


def run(world: World) -> Iterator[Line]:
    """Many workers, and one with many rows."""
    programs = Programs(world)
    yield from _workers(world, programs)
    yield from _rows(world, programs)


def _workers(world: World, programs: Programs) -> Iterator[Line]:
    """Workers that wait for a result, and workers of Ansible's own that are there for as long."""
    forks = 3 if world.quick else 50
    with world.sandbox((), "--organizations", str(forks), "--answer-after", str(ANSWER_AFTER)) as served:
        hosts = programs.inventory({name: served.connection(name) for name in served.organizations})
        arguments = ["--forks", str(forks)]
        given = {"store": f"sqlite:///{world.folder}/workers.db"}
        ours = programs.playbook("fleet_store", hosts, given, *arguments, watch=True)
        debug = programs.playbook("hold", hosts, {}, *arguments, watch=True)
    more = (ours.tree_mib - debug.tree_mib) / forks
    yield Line(f"{forks} forks that hold a debug task", f"{debug.tree_mib:.0f} MiB in all; {_worker(debug.worker_mib)}")
    yield Line(
        f"{forks} forks that wait for a result",
        f"{ours.tree_mib:.0f} MiB in all, {more:.1f} MiB more for each fork; {_worker(ours.worker_mib)}",
        f"at most {EACH} MiB more for each",
        None if not ours.tree_mib else more <= EACH,
        **_compared(ours.tree_mib, debug.tree_mib, "forks that hold a debug task"),
        readme=True,
    )


def _compared(mib: float, held_against: float, yardstick: str) -> dict[str, Any]:
    """The fields of a line that compare two sizes; none where memory cannot be watched."""
    return {"ratio": mib / held_against, "yardstick": yardstick} if held_against else {}


def _worker(mib: float) -> str:
    return f"the largest worker has {mib:.1f} MiB to itself"


def _rows(world: World, programs: Programs) -> Iterator[Line]:
    sizes = (1_000, 5_000) if world.quick else ROWS
    found = []
    with world.sandbox([{"name": str(size), "bulk_rows": size} for size in sizes]) as served:
        for size in sizes:
            hosts = programs.inventory({str(size): served.connection(str(size))})
            given = {"store": f"sqlite:///{world.folder}/{size}.db"}
            done = programs.playbook("fleet_store", hosts, given, watch=True)
            found.append(done.worker_mib)
            yield Line(f"one worker, {size:,} rows", f"{_worker(done.worker_mib)}; {done.tree_mib:.0f} MiB in all")
    growth = found[-1] - found[0]
    yield Line(
        "one worker, largest over smallest",
        f"{growth:+.0f} MiB",
        f"at most {GROWTH} MiB more",
        growth <= GROWTH,
        **_compared(found[-1], found[0], "a worker with the fewest rows"),
    )
