# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: breaches that somebody answers for, until a day.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .globs import matches
from .metrics import WHERE
from .places import day, hint, mapping, mistake, patterns, text

KEYS = ("rule", "subject", "reason", "owner", "expires")


@dataclass(frozen=True)
class Waiver:
    """``subject`` has patterns by the subject's keys; ``expires`` is the last day on which it counts."""

    rule: str
    subject: Mapping[str, tuple[str, ...]]
    reason: str
    owner: str
    expires: datetime.date
    given: Mapping[str, Any]

    def covers(self, rule: str, subject: Mapping[str, Any]) -> bool:
        """Whether it is about a finding. What the subject does not have, no pattern matches."""
        return rule == self.rule and all(
            subject.get(key) is not None and matches(key, str(subject[key]), wanted)
            for key, wanted in self.subject.items()
        )


def _subject(place: str, given: Any) -> Mapping[str, tuple[str, ...]]:
    if isinstance(given, str):
        return {"organization": patterns(place, given)}
    if not isinstance(given, Mapping) or not given:
        raise mistake(place, f"must be a pattern for the organization, or a mapping of {', '.join(WHERE)} to patterns")
    for key in given:
        if key not in WHERE:
            raise mistake(f"{place}.{key}", f"unknown key, {hint(key, WHERE)}")
    return {key: patterns(f"{place}.{key}", value) for key, value in given.items()}


def parse_waivers(place: str, given: Any, rules: Collection[str]) -> list[Waiver]:
    """Waivers of rules with these ids. Raises InvalidArgument with the place of the first mistake."""
    if not isinstance(given, (list, tuple)):
        raise mistake(place, "must be a list of waivers")
    found = []
    for number, each in enumerate(given):
        here = f"{place}[{number}]"
        keys = mapping(here, each, KEYS, KEYS)
        rule = text(f"{here}.rule", keys["rule"])
        if rule not in rules:
            raise mistake(f"{here}.rule", f"there is no rule {rule!r}, {hint(rule, rules)}")
        expires = day(f"{here}.expires", keys["expires"])
        reason, owner = (text(f"{here}.{key}", keys[key]) for key in ("reason", "owner"))
        subject = _subject(f"{here}.subject", keys["subject"])
        shown = {**keys, "expires": expires.isoformat()}
        found.append(Waiver(rule, subject, reason, owner, expires, {key: shown[key] for key in KEYS}))
    return found


def waiver_for(waivers: Sequence[Waiver], rule: str, subject: Mapping[str, Any]) -> Waiver | None:
    """The waiver that covers a breach; of several the one that lasts longest."""
    return max((w for w in waivers if w.covers(rule, subject)), key=lambda w: w.expires, default=None)
