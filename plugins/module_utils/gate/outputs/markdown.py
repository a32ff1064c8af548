# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict as Markdown, for the summary of a job.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .text import ORDER, Document, Finding, allowed, headline, measured, subject, visible

LARGEST = 900_000
"""Bytes. GitHub refuses summaries of more than 1 MiB, and a step may have more to say than this."""

_PUNCTUATION = re.compile(r"([\\`*_\[\]~#|!$])")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.(?=\S)", re.IGNORECASE)
HEAD = ("Verdict", "Rule", "Where", "Measured", "Allowed", "Since", "Explained")


def escape(text: str) -> str:
    """A text that is itself and nothing else: no table cell, HTML, link, address, mention or formula."""
    escaped = _PUNCTUATION.sub(r"\\\1", visible(text).translate(_HTML))
    return _ADDRESS.sub(lambda match: f"&#{ord(match[0])};", escaped).replace("&\\#", "&#")


def render(document: Document, link: str | None, rest: str) -> str:
    """The document. ``link`` is where all of it can be seen; without one, ``rest`` says where it is."""
    top = "\n".join(_top(document, link)) + "\n"
    bottom = "\n".join(_passed(document)) + "\n"
    findings = document["findings"]
    rows, size = [], len((top + bottom).encode()) + 1000
    for finding in findings:
        row = _row(finding)
        size += len(row.encode()) + 1
        if size > LARGEST:
            break
        rows.append(row)
    if len(rows) < len(findings):
        rows += ["", f"{len(findings) - len(rows):,} more, see {f'<{link}>' if link else escape(rest)}."]
    table = [f"| {' | '.join(HEAD)} |", f"|{' --- |' * len(HEAD)}", *rows, ""] if findings else []
    return "\n".join([top, *table, bottom])


def _top(document: Document, link: str | None) -> Iterator[str]:
    judged = document["judged"]
    yield f"## API usage: {document['verdict']}"
    yield ""
    yield f"{headline(document)} (of {sum(document['counts'].get(name, 0) for name in ORDER):,} judgements)."
    yield ""
    yield escape(document["note"])
    days = f"{judged['first_day']} to {judged['last_day']} (UTC)" if judged.get("last_day") else "no day"
    count = len(judged["organizations"])
    yield ""
    yield (
        f"Judged: {days}, service {escape(str(judged.get('service')))}, "
        f"{f'{count:,} organizations' if count != 1 else escape(judged['organizations'][0])}."
    )
    if link:
        yield ""
        yield f"[All of it](<{link}>)"


def _row(finding: Finding) -> str:
    cells = (
        f"**{finding['verdict']}**",
        escape(finding["rule"]),
        escape(subject(finding)),
        escape(measured(finding)),
        escape(allowed(finding)),
        finding.get("since") or "",
        escape(finding["message"]),
    )
    return f"| {' | '.join(cells)} |"


def _passed(document: Document) -> Iterator[str]:
    if document["passed"]:
        parts = [f"{escape(entry['rule'])} ({entry['subjects']:,})" for entry in document["passed"]]
        yield f"Passed: {', '.join(parts)}."
    for entry in document["left_out"]:
        yield ""
        yield f"Left out: {escape(entry['rule'])}, because {escape(entry['reason'])}."
