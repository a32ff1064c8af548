# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings as workflow commands of GitHub Actions: written to a step's log, they become annotations.

Private to the collection: this may change without notice. The escaping is that of GitHub's own toolkit
(actions/toolkit, packages/core/src/command.ts).
"""

from __future__ import annotations

from collections import Counter

from .text import Document, Finding, subject, visible

MOST = 10
"""Annotations of a kind that GitHub takes from one step; what is above is dropped in silence."""


def data(text: str) -> str:
    """A message that cannot end its command and begin another one."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """The value of a property, which must have neither a colon nor a comma besides."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def kind(document: Document, finding: Finding) -> str:
    """Errors are what stops the pipeline, warnings what does not, notices what was waived."""
    verdict = finding["verdict"]
    if verdict == "fail" or (verdict == "unknown" and document["on_unknown"] == "fail"):
        return "error"
    return "notice" if verdict == "waived" else "warning"


def render(document: Document, rest: str) -> str:
    """A line for each finding, the worst first, at most as many of a kind as GitHub shows."""
    total = Counter(kind(document, finding) for finding in document["findings"])
    shown: Counter[str] = Counter()
    written = []
    for finding in document["findings"]:
        of = kind(document, finding)
        shown[of] += 1
        if shown[of] < MOST or total[of] == MOST:
            title = f"{finding['rule']}: {subject(finding)}"
            written.append(f"::{of} title={value(title)}::{data(finding['message'])}\n")
        elif shown[of] == MOST:
            left = total[of] - MOST + 1
            written.append(f"::{of} title=API usage::{data(f'{left:,} more, see {rest}')}\n")
    return "".join(written)
