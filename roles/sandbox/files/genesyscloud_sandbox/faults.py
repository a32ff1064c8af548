# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults on demand: which requests they meet, how often, and in which order they are tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from .actions import Situation, action_name, apply
from .messages import JsonObject, Request, Response
from .model import Organization
from .wire_actions import ALL_ACTIONS as ACTIONS


@dataclass
class Fault:
    """One fault.

    action: a name of ``ALL_ACTIONS`` with its value, and further options beside it.
    method: met exactly. path: a regular expression, searched in the path without its query.
    organization: the name or the id of an organization.
    after: matches that are let through first. times: matches that are met after those; None means all of them.
    """

    action: JsonObject
    method: str | None = None
    path: str | None = None
    organization: str | None = None
    after: int = 0
    times: int | None = None
    seen: int = field(default=0, compare=False)
    fired: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        self.name = action_name(self.action)
        self._path = re.compile(self.path or "")

    @classmethod
    def from_dict(cls, item: Mapping[str, Any]) -> Fault:
        """A fault from ``{match: {method?, path?, organization?}, after?, times?, action}``, or a ValueError."""
        match = item.get("match") or {}
        unknown = set(item) - {"match", "after", "times", "action"} | set(match) - {"method", "path", "organization"}
        if unknown or not isinstance(item.get("action"), dict):
            raise ValueError(
                f"a fault is {{match: {{method, path, organization}}, after, times, action}}, not {item!r}"
            )
        return cls(dict(item["action"]), **match, after=item.get("after") or 0, times=item.get("times"))

    def meets(self, request: Request, organization: Organization | None, results: bool) -> bool:
        """Whether it is about this request; results: whether that asks a results endpoint."""
        if self.method is not None and self.method != request.method:
            return False
        if self.organization is not None and (
            organization is None or self.organization not in (organization.name, organization.id)
        ):
            return False
        if ACTIONS[self.name].results_only and not results:
            return False
        return self._path.search(request.path) is not None

    def takes(self) -> bool:
        """Count a match, and say whether it is one that is met."""
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True

    def answer(self, situation: Situation) -> Response:
        """What is answered instead."""
        return apply(self.name, situation)


class Faults:
    """The faults in force; of several that meet a request the first wins."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(
        self,
        action: Mapping[str, Any],
        *,
        method: str | None = None,
        path: str | None = None,
        organization: str | None = None,
        after: int = 0,
        times: int | None = None,
    ) -> Fault:
        """Put a fault in force and return it; its ``fired`` says how often it was met. times None means always."""
        made = Fault(dict(action), method, path, organization, after, times)
        with self._lock:
            self._faults.append(made)
        return made

    def extend(self, items: list[Mapping[str, Any]]) -> None:
        """Put faults in force that are given as JSON; ValueError, and none of them, when one is wrong."""
        made = [Fault.from_dict(item) for item in items]
        with self._lock:
            self._faults.extend(made)

    def clear(self) -> None:
        """Take all faults back."""
        with self._lock:
            self._faults.clear()

    def __len__(self) -> int:
        return len(self._faults)

    def take(self, request: Request, organization: Organization | None, results: bool) -> Fault | None:
        """The fault that meets this request, if any."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.meets(request, organization, results) and fault.takes():
                    return fault
        return None
