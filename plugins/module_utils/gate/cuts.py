# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a rule cuts rows: what they are told apart by, which of them it selects, and what it adds up.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..rows import METRIC_NAMES
from ..store.history import Figures
from .globs import is_literal, matches
from .metrics import PER
from .rules import Rule

NOTHING: Figures = (0,) * len(METRIC_NAMES)

Subject = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One subject of a rule. ``first`` and ``last`` are its days with traffic, where it had any."""

    subject: Subject
    figures: Figures
    first: datetime.date | None = None
    last: datetime.date | None = None


def add(one: Figures, other: Figures) -> Figures:
    return tuple(map(sum, zip(one, other)))  # noqa: B905  # both have the six metrics


class Cut:
    """A rule in a selection. ``scope`` is the OAuth client that was asked about alone: its rows are not told apart by
    the client, and all of them are its own."""

    def __init__(self, rule: Rule, scope: str) -> None:
        self._rule = rule
        self._scope = scope
        self.dimensions = tuple(name for name in rule.dimensions if not (scope and name == "client_id"))
        self.per = PER[rule.per]
        names = dict.fromkeys([*self.per, *(["client_id"] if scope else [])])
        self._shown = [*names, *(["client_name"] if "client_id" in names else [])]
        self._simple = not rule.where and not scope and self.dimensions == self.per

    @property
    def whole(self) -> bool:
        """Whether it is all of the traffic, of which the figures of every day are at hand."""
        return not self.dimensions

    def subject(self, key: Sequence[str], name: str) -> dict[str, str]:
        """What a row is about."""
        subject = dict(zip(self.dimensions, key))  # noqa: B905  # a row has a value for each dimension
        if self._scope:
            subject["client_id"] = self._scope
        if name:
            subject["client_name"] = name
        return subject

    def selects(self, subject: Subject) -> bool:
        wanted = self._rule.where.items()
        return all(matches(key, subject.get(key, ""), globs) for key, globs in wanted if key != "organization")

    def key(self, subject: Subject) -> tuple[str, ...]:
        """What of a subject the rule is about, to add up by."""
        return tuple(subject.get(name, "") for name in self.per)

    def shown(self, subject: Subject) -> Subject:
        """What of a subject the rule is about, to show."""
        return {name: subject[name] for name in self._shown if name in subject}

    def grouped(self, items: Iterable[Item]) -> list[Item]:
        """The items that the rule selects, added up by what it is about."""
        if self._simple:
            return list(items)
        found: dict[tuple[str, ...], Item] = {}
        for item in items:
            if not self.selects(item.subject):
                continue
            key = self.key(item.subject)
            if (other := found.get(key)) is None:
                found[key] = Item(self.shown(item.subject), item.figures, item.first, item.last)
            else:
                first = min(filter(None, (other.first, item.first)), default=None)
                last = max(filter(None, (other.last, item.last)), default=None)
                found[key] = Item(other.subject, add(other.figures, item.figures), first, last)
        for subject in self._idle([item.subject for item in found.values()]):
            found[self.key(subject)] = Item(subject, NOTHING)
        return list(found.values())

    def _idle(self, present: Sequence[Subject]) -> Iterator[dict[str, str]]:
        """Subjects without traffic that are judged all the same: an organization, and what a rule names one by one."""
        if not self.per:
            if not present:
                yield {"client_id": self._scope} if self._scope else {}
            return
        (name,) = self.per
        for pattern in self._rule.where.get(name, ()):
            if is_literal(pattern) and not any(matches(name, subject[name], [pattern]) for subject in present):
                yield {name: pattern, **({"client_id": self._scope} if self._scope else {})}

    def named_clients(self) -> list[str]:
        """The clients that are named one by one, by the rule or as the one that is asked about."""
        named = self._rule.where.get("client_id", ())
        return [self._scope] if self._scope else [each for each in named if is_literal(each)]
