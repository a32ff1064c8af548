# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings as logging commands of Azure Pipelines: written to a step's log, they become issues of the run.

Private to the collection: this may change without notice. The escaping is that of Microsoft's own task library
(azure-pipelines-task-lib, node/taskcommand.ts).
"""

from __future__ import annotations

from .github import kind
from .text import Document, subject, visible

MOST = 50
"""A page of issues that a person reads; the rest is where the last one says."""


def data(text: str) -> str:
    """A message that cannot end its command and begin another one."""
    return visible(text).replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def render(document: Document, rest: str) -> str:
    """A line for each finding that was not waived, the worst first."""
    findings = [finding for finding in document["findings"] if finding["verdict"] != "waived"]
    written = []
    for finding in findings[:MOST]:
        text = f"{finding['rule']}: {subject(finding)}: {finding['message']}"
        written.append(f"##vso[task.logissue type={kind(document, finding)}]{data(text)}\n")
    if len(findings) > MOST:
        written.append(f"##vso[task.logissue type=warning]{data(f'{len(findings) - MOST:,} more, see {rest}')}\n")
    return "".join(written)
