# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .model import Benchmark, Line

HEADINGS = ("benchmark", "what", "measured", "goal", "")
_VERDICTS = {True: "met", False: "NOT MET", None: ""}

Results = Sequence[tuple[Benchmark, Sequence[Line]]]


def _rows(results: Results) -> Iterable[tuple[str, ...]]:
    for benchmark, lines in results:
        for number, line in enumerate(lines):
            name = "" if number else benchmark.name
            yield name, line.what, line.measured, line.goal, _VERDICTS[line.met]


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
    rows = [HEADINGS, ("---",) * len(HEADINGS), *_rows(results)]
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    how = [f"- **{benchmark.name}** ({benchmark.goal}): {benchmark.how}" for benchmark, _lines in results]
    return "\n".join([head, "", *lines, "", *how, ""])
