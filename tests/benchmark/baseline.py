# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of the last release, and what got worse since.

Seconds of another day or machine say nothing. So only ratios are kept and compared: what something took in units of
a yardstick that was measured in the same run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .model import Benchmark, Line

FILE = Path(__file__).resolve().parent / "baseline.json"

TOLERANCE = 0.15
"""By how much a ratio may grow before it is named. Two runs on a quiet machine differ by less."""

ROUNDED = 0.0001
"""Less than this is nothing: four places are kept."""

Results = Sequence[tuple[Benchmark, Sequence[Line]]]


@dataclass(frozen=True)
class Baseline:
    """What was measured: ``version`` of the collection, ``head`` of the table, and the ratio of each line by name."""

    version: str
    head: str
    quick: bool
    ratios: Mapping[str, tuple[float, str]]


def ratios(results: Results) -> dict[str, tuple[float, str]]:
    """The ratio and the yardstick of each line that has one, by the names of benchmark and line."""
    return {
        f"{benchmark.name}: {line.what}": (line.ratio, line.yardstick)
        for benchmark, lines in results
        for line in lines
        if line.ratio is not None
    }


def load(path: Path) -> Baseline | None:
    """What was saved; None where nothing was."""
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    kept = {name: (float(entry["ratio"]), str(entry["yardstick"])) for name, entry in found["lines"].items()}
    return Baseline(found["version"], found["head"], found["quick"], kept)


def save(path: Path, baseline: Baseline) -> None:
    """Write it, so that a changed figure is a changed line."""
    lines = {name: {"ratio": round(ratio, 4), "yardstick": of} for name, (ratio, of) in baseline.ratios.items()}
    kept = {"version": baseline.version, "head": baseline.head, "quick": baseline.quick, "lines": lines}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compare(now: Baseline, before: Baseline | None, ran: Sequence[str]) -> Iterator[str]:
    """Sentences. ``ran`` are the names of the benchmarks that were run: of others nothing can be missing."""
    if before is None:
        yield "There is no earlier table to compare with (--save keeps this one)."
        return
    yield f"Compared with {before.version} ({before.head}):"
    if now.quick != before.quick:
        yield "  nothing, for only one of the two was quick: other sizes have other ratios."
        return
    both = now.ratios.keys() & before.ratios.keys()
    worse = [_worse(name, now, before) for name in now.ratios if name in both]
    yield from (text for text in worse if text)
    if not any(worse):
        yield f"  nothing of {len(both)} got worse by more than {TOLERANCE:.0%}."
    for name in now.ratios:
        if name not in before.ratios:
            yield f"  new: {name}"
    for name in before.ratios:
        if name not in now.ratios and name.partition(":")[0] in ran:
            yield f"  no longer measured: {name}"


def _worse(name: str, now: Baseline, before: Baseline) -> str:
    """A sentence if it got worse. From nothing to something is worse, by whatever share."""
    ratio, yardstick = now.ratios[name]
    was, _yardstick = before.ratios[name]
    if ratio <= was * (1 + TOLERANCE) or ratio < ROUNDED:
        return ""
    share = f"by {ratio / was - 1:.0%}" if was else "than nothing"
    return f"  WORSE {share}: {name}: {ratio:.3g} instead of {was:.3g} ({yardstick})"
