# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings as a Code Quality report, which GitLab shows in merge requests and pipelines.

Private to the collection: this may change without notice. The format: "Import code quality results" in GitLab's manual.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from .text import Document, Finding, visible
from .verdict import compact

SEVERITIES = {"fail": "critical", "unknown": "major", "warn": "minor", "waived": "info"}


def render(document: Document) -> str:
    """The report, a line for each finding."""
    issues = [f" {compact(_issue(finding))}" for finding in document["findings"]]
    return "[\n" + ",\n".join(issues) + "\n]\n" if issues else "[]\n"


def _issue(finding: Finding) -> dict[str, Any]:
    # The same breach has the same fingerprint on every day, so GitLab can tell what is new and what is gone.
    subject = {key: value for key, value in finding["subject"].items() if key != "client_name"}
    same = compact([finding["rule"], finding["metric"], subject])
    return {
        "description": visible(finding["message"]),
        "check_name": visible(finding["rule"]),
        "fingerprint": hashlib.sha256(same.encode()).hexdigest(),
        "severity": SEVERITIES[finding["verdict"]],
        "location": {"path": _path(finding), "lines": {"begin": 1}},
    }


def _path(finding: Finding) -> str:
    """There is no file to point at; GitLab shows this as where it is."""
    label = finding["subject"].get("organization") or "all-organizations"
    return f"usage/{re.sub(r'[^A-Za-z0-9._-]+', '-', label).lstrip('.-') or 'organization'}"
