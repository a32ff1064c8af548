# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table, as text, as Markdown, and short for the README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .baseline import Results
from .model import Line

HEADINGS = ("benchmark", "what", "measured", "ratio", "goal", "")
_VERDICTS = {True: "met", False: "NOT MET", None: ""}

BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"
"""Where the README has its table. What stands between them is replaced."""


def _rows(results: Results) -> Iterable[tuple[str, ...]]:
    for benchmark, lines in results:
        for number, line in enumerate(lines):
            name = "" if number else benchmark.name
            ratio = "" if line.ratio is None else f"{line.ratio:.3g} x {line.yardstick}"
            yield name, line.what, line.measured, ratio, line.goal, _VERDICTS[line.met]


def as_text(head: str, results: Results) -> str:
    """Columns that line up."""
    rows = [HEADINGS, *_rows(results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in (HEADINGS, rule, *rows[1:])]  # fmt: skip
    return "\n".join(["", head, "", *lines])


def as_markdown(head: str, results: Results) -> str:
    """The same, and how each was measured."""
    how = [f"- **{benchmark.name}** ({benchmark.goal}): {benchmark.how}" for benchmark, _lines in results]
    return "\n".join([head, "", *_markdown([HEADINGS, *_rows(results)]), "", *how, ""])


def in_readme(text: str, head: str, results: Results) -> str:
    """The README with its table made anew. Raises ValueError when it has no place for one."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the README has no place for a table, between {BEGIN} and {END}")
    return "\n".join([f"{before}{BEGIN}", "", *_short(head, results), "", f"{END}{after}"])


def _short(head: str, results: Results) -> list[str]:
    """The lines that are for the README, and any whose goal was not met: nobody is to be told half of it."""
    rows = [
        (line.what, line.measured, line.goal, _VERDICTS[line.met])
        for _benchmark, lines in results
        for line in lines
        if line.readme or line.met is False
    ]
    goals = [line for _benchmark, lines in results for line in lines if line.met is not None]
    return [f"Measured {head}.", "", *_markdown([("what", "measured", "goal", ""), *rows]), "", _tally(goals)]


def _tally(goals: Sequence[Line]) -> str:
    met = sum(bool(line.met) for line in goals)
    return f"Of {len(goals)} goals {met} are met; `make benchmark` shows them all, and how each is measured."


def _markdown(rows: Sequence[tuple[str, ...]]) -> list[str]:
    table = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in table]
