# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How each metric is measured, for one organization on one day.

Private to the collection: this may change without notice. The clients' own metrics are in ``measures_clients``.

A figure of days that were not all collected is never relied on; what it has by then may be enough for a breach.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from fractions import Fraction

from ..analysis.forecast import HISTORY_DAYS, forecast
from ..analysis.periods import billing_period, days_of
from ..analysis.ratios import errors
from ..analysis.weekdays import deviation, same_weekdays
from ..intervals import ONE_DAY
from ..rows import METRIC_NAMES
from .cuts import NOTHING
from .facts import Facts
from .measured import Measured, cannot_tell
from .measures_clients import new_subject, unknown_client, unused_days
from .rules import Rule
from .windows import before, window_days

WHOLE, PART = METRIC_NAMES.index("requests"), METRIC_NAMES.index("status429")

Measure = Callable[[Rule, Facts, datetime.date], list[Measured]]


def _sum(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    window = window_days(rule.window or "", last, facts.settings.anchor)
    gap, place = facts.gap(days_of(window)), METRIC_NAMES.index(rule.metric)
    found = [
        Measured(item.subject, Fraction(item.figures[place]), gap, at_least=bool(gap))
        for item in facts.sums(rule, window)
    ]
    return _with_hidden(rule, found, gap)


def _ratio(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    window = window_days(rule.window or "", last, facts.settings.anchor)
    gap = facts.gap(days_of(window))
    found = []
    for item in facts.sums(rule, window):
        whole = item.figures[WHOLE]
        part = errors(item.figures) if rule.metric == "error_ratio" else item.figures[PART]
        value = Fraction(part, whole) if whole else None
        found.append(Measured(item.subject, value, gap, part=part, whole=whole))
    return _with_hidden(rule, found, gap)


def _with_hidden(rule: Rule, found: list[Measured], gap: str | None) -> list[Measured]:
    """Of days that were not collected there may be subjects that nobody has seen."""
    return [*found, *cannot_tell(gap)] if gap and (rule.per != "organization" or not found) else found


def _allowance_used(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    allowance = facts.settings.allowances.of(facts.organization)
    if allowance is None:
        return cannot_tell("it has no allowance: set allowance, or name it in allowances")
    window = window_days("period", last, facts.settings.anchor)
    gap = facts.gap(days_of(window))
    return [
        Measured(
            item.subject,
            Fraction(item.figures[WHOLE], allowance.requests),
            gap,
            at_least=bool(gap),
            part=item.figures[WHOLE],
            whole=allowance.requests,
        )
        for item in facts.sums(rule, window)
    ]


def _forecast(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    allowance = facts.settings.allowances.of(facts.organization) if rule.of == "allowance" else None
    if rule.of == "allowance" and allowance is None:
        return cannot_tell("it has no allowance: set allowance, or name it in allowances")
    period = billing_period(last, facts.settings.anchor)
    found = forecast({day: facts.figures[day][WHOLE] for day in facts.known}, period, last)
    (item,) = facts.sums(rule, (period[0], last))
    # The profile takes what history there is; a hole in the midst of it may hide what makes the difference.
    first = max(facts.first_day or last, last - ONE_DAY * (HISTORY_DAYS - 1))
    gap = facts.gap(days_of((period[0], last)))
    if found.days_left:
        gap = gap or facts.gap(days_of((min(first, last), last))) or found.insufficient
    requests = Fraction(item.figures[WHOLE]) if gap or found.expected is None else Fraction(found.expected)
    detail = ""
    if not gap and found.low is not None and found.high is not None and found.days_left:
        detail = f"{found.level:.0%} interval {found.low:,.0f} to {found.high:,.0f} requests"
    whole = allowance.requests if allowance else 1
    return [
        Measured(
            item.subject,
            requests / whole,
            gap,
            at_least=bool(gap),
            part=round(requests) if allowance else None,
            whole=whole if allowance else None,
            detail=detail,
        )
    ]


def _age_of_data(_rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    days = [day for day in facts.known if day <= last]
    if not days:
        return cannot_tell(facts.gap([last]) or "no day was collected")
    age = (facts.settings.today - max(days)) - (facts.settings.last - last)
    return [Measured({}, Fraction(age.days), detail=f"the last day is {max(days)}")]


def _coverage(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    days = days_of(window_days(rule.window or "", last, facts.settings.anchor))
    if not facts.settings.days_known:
        return cannot_tell(facts.gap(days) or "")
    collected = sum(day in facts.known for day in days)
    if rule.of == "organizations":
        # One organization's part of it; the judge adds up the fleet.
        return [Measured({}, Fraction(collected == len(days)), part=int(collected == len(days)), whole=1)]
    return [Measured({}, Fraction(collected, len(days)), part=collected, whole=len(days))]


def _growth(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    window = window_days(rule.window or "", last, facts.settings.anchor)
    days, baseline = days_of(window), days_of(before(window, rule.baseline or 0))
    weekdays = {day.weekday() for day in days}
    compared = [day for day in baseline if day.weekday() in weekdays]
    gap, place, weeks = facts.gap(sorted([*compared, *days])), METRIC_NAMES.index(rule.of or ""), len(baseline) // 7
    found = []
    for subject, series in facts.series(rule, sorted([*compared, *days])):
        now = sum(series.get(day, NOTHING)[place] for day in days)
        usual = dict.fromkeys(weekdays, 0)
        for day in compared:
            usual[day.weekday()] += series.get(day, NOTHING)[place]
        # The sum of means, each of so many weeks, without a division.
        total = sum(usual[day.weekday()] for day in days)
        value = Fraction(now * weeks, total) if total else float("inf") if now else None
        detail = f"{now:,} against {total / weeks:,.0f} as usual for these weekdays"
        found.append(Measured(subject, value, gap, detail=detail))
    return _with_hidden(rule, found, gap)


def _spike(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    days = days_of(window_days(rule.window or "", last, facts.settings.anchor))
    befores = {day: same_weekdays(day, (rule.baseline or 0) // 7) for day in days}
    needed = sorted({*days, *(other for before_it in befores.values() for other in before_it)})
    gap, place = facts.gap(needed), METRIC_NAMES.index(rule.of or "")
    found = []
    for subject, series in facts.series(rule, needed):
        daily = {day: series.get(day, NOTHING)[place] for day in needed}
        scored = [each for day in days if (each := deviation(daily, day, befores[day]))]
        worst = max(scored, key=lambda each: each.score)
        found.append(Measured(subject, Fraction(worst.score), gap, detail=worst.sentence(rule.of or "requests")))
    return _with_hidden(rule, found, gap)


MEASURES: dict[str, tuple[Measure, Sequence[str]]] = {
    **{name: (_sum, (name,)) for name in METRIC_NAMES},
    "error_ratio": (_ratio, METRIC_NAMES),
    "throttle_ratio": (_ratio, ("requests", "status429")),
    "allowance_used": (_allowance_used, ("requests",)),
    "forecast": (_forecast, ("requests",)),
    "age_of_data": (_age_of_data, ()),
    "coverage": (_coverage, ()),
    "unused_days": (unused_days, ("requests",)),
    "new_client": (new_subject, ("requests",)),
    "new_endpoint": (new_subject, ("requests",)),
    "unknown_client": (unknown_client, ("requests",)),
    "growth": (_growth, ()),
    "spike": (_spike, ()),
}
"""For each metric how it is measured, and the metrics that the rows must have for it; C(of) comes on top."""


def measure(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    """What a rule measures of an organization, up to a day: a figure for each of its subjects."""
    how, needed = MEASURES[rule.metric]
    # What grows or deviates is one of the metrics; a forecast's choice is none of them.
    needed = [*needed, *([rule.of] if rule.of in METRIC_NAMES else [])]
    if reason := facts.lacking(rule, needed):
        return cannot_tell(reason)
    return how(rule, facts, last)
