# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate's verdict, as a document that a report shows.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidArgument

SCHEMA = "genesyscloud.usage/verdict/1"
SUBJECT = ("organization", "client_name", "client_id", "template_uri", "http_method")


def read(given: Any) -> Mapping[str, Any] | None:
    """The verdict that an option stands for: the document itself, or a file that has it. Raises InvalidArgument."""
    if given is None or given == "":
        return None
    if isinstance(given, str):
        given = _load(os.path.expanduser(given))
    if not isinstance(given, Mapping) or given.get("schema") != SCHEMA:
        raise InvalidArgument(f"verdict must be a verdict of the gate, with the schema {SCHEMA}")
    wanted = (("verdict", str), ("counts", Mapping), ("findings", list), ("judged", Mapping))
    for name, kind in wanted:
        if not isinstance(given.get(name), kind):
            raise InvalidArgument(f"verdict: {name} is missing, or not what the schema {SCHEMA} has there")
    if not all(isinstance(finding, Mapping) for finding in given["findings"]):
        raise InvalidArgument("verdict: its findings are not a list of dictionaries")
    return given


def _load(path: str) -> Any:
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except OSError as error:
        raise InvalidArgument(f"verdict: {path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise InvalidArgument(f"verdict: {path} is no JSON") from None


def subject(finding: Mapping[str, Any]) -> str:
    """What a finding is about, in one line; the fleet where it names nothing."""
    about = finding.get("subject") or {}
    parts = [str(about[name]) for name in SUBJECT if about.get(name)]
    return " / ".join(parts) or "all organizations"


def waived(finding: Mapping[str, Any]) -> str:
    """Who waived a finding, why and until when; empty where nobody did."""
    waiver = finding.get("waiver")
    if not waiver:
        return ""
    return f"waived by {waiver.get('owner')} until {waiver.get('expires')}: {waiver.get('reason')}"
