# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs benchmarks one after the other and prints one table. Ends with 0 unless something broke: a goal that is not
met is a finding, not a failure."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from . import baseline
from .catalogue import BENCHMARKS
from .machine import collection, head
from .model import Benchmark, Line
from .table import as_markdown, as_text, in_readme
from .world import ROOT, World

NAMES = [benchmark.name for benchmark in BENCHMARKS]
README = ROOT / "README.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status."""
    options = _options(arguments)
    title = head(options.quick)
    chosen = [benchmark for benchmark in BENCHMARKS if benchmark.name in (options.name or NAMES)]
    results: list[tuple[Benchmark, list[Line]]] = []
    broken = False
    for benchmark in chosen:
        lines, failed = _run(benchmark, options.quick)
        results.append((benchmark, lines))
        broken |= failed
    print(as_text(title, results))
    now = baseline.Baseline(collection(), title, options.quick, baseline.ratios(results))
    print("", *baseline.compare(now, baseline.load(options.baseline), options.name or NAMES), sep="\n")
    _write(options, now, results, broken)
    return 1 if broken else 0


def _write(options: argparse.Namespace, now: baseline.Baseline, results: baseline.Results, broken: bool) -> None:
    if options.markdown:
        options.markdown.write_text(as_markdown(now.head, results), encoding="utf-8")
    if broken and (options.readme or options.save):
        print("A benchmark broke, so this table is not kept.", file=sys.stderr)
        return
    if options.readme:
        text = options.readme.read_text(encoding="utf-8")
        options.readme.write_text(in_readme(text, now.head, results), encoding="utf-8")
    if options.save:
        baseline.save(options.baseline, now)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"which (default: all): {', '.join(NAMES)}")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there too, in Markdown")
    parser.add_argument("--quick", action="store_true", help="small sizes and one run: whether it works, not how fast")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", default=baseline.FILE, help="the table to compare with, and to --save"
    )
    parser.add_argument("--save", action="store_true", help="keep the ratios for the next comparison: for a release")
    parser.add_argument(
        "--readme", type=Path, nargs="?", metavar="FILE", const=README, help="put the short table into the README"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.name) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    kept = (options.save and options.baseline == baseline.FILE) or options.readme == README
    if kept and (options.quick or options.name):
        parser.error("what the repository keeps is measured in full: without --quick, and all benchmarks")
    return options


def _run(benchmark: Benchmark, quick: bool) -> tuple[list[Line], bool]:
    """The lines of a benchmark, and whether it broke."""
    print(f"{benchmark.name}: {benchmark.goal} ...", file=sys.stderr, flush=True)
    started = time.monotonic()
    lines: list[Line] = []
    failed = False
    try:
        with tempfile.TemporaryDirectory(prefix="usage-benchmark-") as folder:
            for line in benchmark.run(World(Path(folder), quick)):
                lines.append(line)
                # What takes long may not come to its end.
                print(f"  {line.what}: {line.measured}", file=sys.stderr, flush=True)
    except Exception as error:
        traceback.print_exc()
        lines.append(Line("broken", f"{type(error).__name__}: {error}".splitlines()[0]))
        failed = True
    print(f"{benchmark.name}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)
    return lines, failed


if __name__ == "__main__":
    sys.exit(main())
