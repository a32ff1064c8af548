# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of one organization: read when a rule first needs it, shared between rules, gone with the organization.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ..analysis.allowance import Allowances
from ..analysis.periods import days_of
from ..intervals import Span
from ..rows import METRIC_NAMES
from ..store import fleet, history
from ..store.connection import Store
from ..store.history import Figures
from ..store.reader import Selection
from .cuts import NOTHING, Cut, Item, Subject, add
from .rules import Rule

Series = Mapping[datetime.date, Figures]

Found = TypeVar("Found")


@dataclass(frozen=True)
class Settings:
    """What is the same for all organizations. ``last`` is the last complete day, ``today`` the current one (UTC).

    ``metrics`` are those that the rows have. Without ``days_known`` it is not known which days the rows cover.
    """

    today: datetime.date
    last: datetime.date
    anchor: int
    allowances: Allowances
    known_clients: frozenset[str] | None = None
    metrics: frozenset[str] = frozenset(METRIC_NAMES)
    days_known: bool = True

    def of(self, metrics: frozenset[str], days_known: bool) -> Settings:
        """The same for rows that have these metrics."""
        return dataclasses.replace(self, metrics=metrics, days_known=days_known)


class Facts:
    """One organization in one selection. ``figures`` has its sums by day; ``known`` are the days it covers."""

    def __init__(self, store: Store, selection: Selection, settings: Settings) -> None:
        self._store = store
        self._selection = selection
        self._cache: dict[tuple[Any, ...], Any] = {}
        self.settings = settings
        self.organization = selection.organization or ""
        self.figures = {each.day: each.figures for each in history.daily(store, selection)}
        self.known: Collection[datetime.date] = self.figures.keys() if settings.days_known else ()
        self.first_day: datetime.date | None = min(self.known, default=None)
        self.last_day: datetime.date | None = max(self.known, default=None)

    def cut(self, rule: Rule) -> Cut:
        return Cut(rule, self._selection.scope)

    # What is missing

    def gap(self, days: Sequence[datetime.date]) -> str | None:
        """A sentence, where any of the days was not collected."""
        if not self.settings.days_known:
            return "which days the rows cover is not known: give the query that they answer"
        missing = [day for day in days if day not in self.known]
        if not missing:
            return None
        named = ", ".join(str(day) for day in missing[:3]) + (", ..." if len(missing) > 3 else "")
        if len(days) == 1:
            return f"the day {named} was not collected"
        return f"{len(missing)} of {len(days)} days from {min(days)} to {max(days)} were not collected ({named})"

    def lacking(self, rule: Rule, needed: Iterable[str]) -> str | None:
        """A sentence, where the rows are not such that the rule could be judged by them."""
        group_by = self._selection.group_by
        if absent := [name for name in self.cut(rule).dimensions if name not in group_by]:
            wanted = ", ".join(dict.fromkeys([*group_by, *absent]))
            return f"the rows are not told apart by {', '.join(absent)}: collect them with group_by: [{wanted}]"
        if missing := [name for name in needed if name not in self.settings.metrics]:
            return f"the rows lack {', '.join(missing)}"
        return None

    # Figures

    def sums(self, rule: Rule, span: Span) -> list[Item]:
        """What each of the rule's subjects has in the days. What is named one by one is there even without traffic."""
        cut = self.cut(rule)
        if cut.whole:
            return self._organization(cut, span)
        read = self._read(("sums", span, cut.dimensions), lambda: self._sums(cut, span))
        return cut.grouped(read)

    def seen(self, rule: Rule, span: Span) -> list[Item]:
        """When each of the rule's subjects had traffic in the days; the figures are not read."""
        cut = self.cut(rule)
        if cut.whole:
            return [item for item in self._organization(cut, span) if item.first]
        named = "client_name" in rule.where
        read = self._read(("seen", span, cut.dimensions, named), lambda: self._seen(cut, span, named))
        return [item for item in cut.grouped(read) if item.first]

    def series(self, rule: Rule, days: Sequence[datetime.date]) -> list[tuple[Subject, Series]]:
        """What each of the rule's subjects has on each of some days; days without traffic may be left out."""
        cut = self.cut(rule)
        if cut.whole:
            subjects = [item.subject for item in self._organization(cut, (days[0], days[0]))]
            return [(subject, {day: self.figures.get(day, NOTHING) for day in days}) for subject in subjects]
        subjects_by_key: dict[tuple[str, ...], Subject] = {}
        series: dict[tuple[str, ...], dict[datetime.date, Figures]] = {}
        for key, name, day, figures in history.on_days(self._store, self._selection, cut.dimensions, days):
            subject = cut.subject(key, name)
            if cut.selects(subject):
                group = cut.key(subject)
                # Days come in order, so a client's latest name stays.
                subjects_by_key[group] = cut.shown(subject)
                by_day = series.setdefault(group, {})
                by_day[day] = add(by_day.get(day, NOTHING), figures)
        return [(subjects_by_key[group], by_day) for group, by_day in series.items()]

    @property
    def listed(self) -> Mapping[str, fleet.Listed]:
        """The organization's list of OAuth clients, by id; empty where there is none."""
        return self._read(("listed",), lambda: fleet.listed_clients(self._store, self.organization))

    def _organization(self, cut: Cut, span: Span) -> list[Item]:
        subject = cut.subject((), "")
        if not cut.selects(subject):
            return []
        with_traffic = [day for day in days_of(span) if self.figures.get(day, NOTHING)[0]]
        total = NOTHING
        for day in with_traffic:
            total = add(total, self.figures[day])
        first, last = (with_traffic[0], with_traffic[-1]) if with_traffic else (None, None)
        return [Item(cut.shown(subject), total, first, last)]

    def _sums(self, cut: Cut, span: Span) -> list[Item]:
        found = history.subjects(self._store, self._in(span), cut.dimensions)
        return [Item(cut.subject(row.key, row.name), row.figures, row.first, row.last) for row in found]

    def _seen(self, cut: Cut, span: Span, named: bool) -> list[Item]:
        found = history.seen(self._store, self._in(span), cut.dimensions, named)
        return [Item(cut.subject(row.key, row.name), NOTHING, row.first, row.last) for row in found]

    def _in(self, span: Span) -> Selection:
        return dataclasses.replace(self._selection, first=span[0].isoformat(), last=span[1].isoformat())

    def _read(self, key: tuple[Any, ...], read: Callable[[], Found]) -> Found:
        if key not in self._cache:
            self._cache[key] = read()
        found: Found = self._cache[key]
        return found
