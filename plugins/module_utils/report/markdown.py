# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as Markdown (GFM), for a pull request or a chat: short, and without what would ping or link somebody.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from . import sentences
from .figures import number, percent, signed
from .model import Detail, Fleet, Line
from .names import visible
from .verdict import subject, waived

FEW = 3
"""Organizations of which the clients and endpoints are shown too."""


def quoted(name: str) -> str:
    """A name as code, in which nothing is markup, a mention or a link."""
    shown = visible(name)
    if not shown.strip(" ") or shown != shown.strip(" ") or "|" in shown or "`" in shown:
        # A cell of a table ends at a bar even in code, and code at a backtick: an element takes both.
        return f"<code>{''.join(c if c.isalnum() or c in ' -./:' else f'&#{ord(c)};' for c in shown)}</code>"
    return f"`{shown}`"


def plain(text: str) -> str:
    """A sentence in which nothing is markup, a mention or a link."""
    shown = escape(visible(text), quote=False)
    for sign in "\\`*_[]|#~!@":
        shown = shown.replace(sign, f"\\{sign}" if sign != "@" else "&#64;&#8203;")
    return shown.replace("://", "&#58;//").replace("www.", "www&#46;")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{' ---: |' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def write(fleet: Fleet, details: Iterable[Detail]) -> Iterator[str]:
    """The report, line by line."""
    for line in _lines(fleet, details):
        yield line + "\n"


def _lines(fleet: Fleet, details: Iterable[Detail]) -> Iterator[str]:
    growth, growth_words = sentences.fleet_change(fleet)
    yield f"# {plain(fleet.title)}"
    yield ""
    yield f"**{sentences.coverage(fleet)}**, {sentences.days(fleet.span)}, service `{fleet.service}`"
    yield ""
    for one in fleet.incomplete:
        yield f"- {quoted(one.name)}: {sentences.state(one)} collected. {plain(sentences.reason(one))}"
    yield ""
    yield from _findings(fleet)
    sums = fleet.sums
    yield from _table(
        ("Requests", "Change", "429", "429 share", "4xx share", "5xx share"),
        [[number(sums.requests), signed(growth), number(sums.status429),
          *(percent(sums.share(name)) for name in ("status429", "status400", "status500"))]],
    )  # fmt: skip
    yield f"{growth_words} {sentences.within(fleet).capitalize()}."
    yield ""
    yield from _organizations(fleet)
    if len(fleet.organizations) <= FEW:
        for detail in details:
            yield from _detail(fleet, detail)
    yield f"{sentences.NOT_A_BILL} Grouped by `{', '.join(fleet.group_by) or 'none'}`."
    yield f"Collected: {sentences.collected(fleet)}. Days and times are UTC."


def _findings(fleet: Fleet) -> Iterator[str]:
    if not fleet.verdict:
        return
    counts = ", ".join(f"{count} {plain(str(word))}" for word, count in fleet.verdict["counts"].items() if count)
    yield f"**Gate: {plain(str(fleet.verdict['verdict'])).upper()}** ({counts})"
    yield ""
    for finding in fleet.verdict["findings"]:
        note = f" ({plain(waived(finding))})" if waived(finding) else ""
        about = f"{quoted(str(finding.get('rule')))}, {quoted(subject(finding))}"
        said = plain(str(finding.get("message")))
        yield f"- **{plain(str(finding.get('verdict')))}** {about}: {said}{note}"
    yield ""


def _organizations(fleet: Fleet) -> Iterator[str]:
    rows = []
    for one in fleet.organizations[: fleet.top]:
        if one.state == "none":
            rows.append([quoted(one.name), "not collected", *[""] * 5])
            continue
        plan = one.plan
        rows.append(
            [
                quoted(one.name),
                number(one.sums.requests),
                signed(one.change),
                percent(one.sums.share("status429")),
                percent(one.sums.share("status500")),
                number(plan.expected if plan else None),
                percent(plan.part(plan.expected) if plan else None, 1),
            ]
        )
    head = ("Organization", "Requests", "Change", "429 share", "5xx share", "Billing period, expected", "of allowance")
    yield from _table(head, rows)
    if len(fleet.organizations) > fleet.top:
        yield f"The {fleet.top} busiest of {len(fleet.organizations)} organizations."
        yield ""


def _detail(fleet: Fleet, detail: Detail) -> Iterator[str]:
    for title, found in (("clients", detail.clients), ("endpoints", detail.endpoints)):
        if not found:
            continue
        yield f"Busiest {title} of {quoted(detail.organization.name)}:"
        yield ""
        yield from _table(
            (title.capitalize()[:-1], "Requests", "Change", "429", "4xx", "5xx"),
            (_cells(line) for line in found[: fleet.top]),
        )


def _cells(line: Line) -> list[str]:
    sums = line.sums
    figures = [number(value) for value in (sums.status429, sums.status400, sums.status500)]
    return [quoted(line.name or line.key), number(sums.requests), signed(line.change), *figures]
