# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests a period will have when it is over: a profile of the weekdays, with an interval.

Private to the collection: this may change without notice.

Every day left is expected to be as the mean of the same weekdays in the history (the "seasonal mean": Hyndman and
Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, section 5.2). The interval is the one of that
book's section 5.5, for a sum of days: the residuals' variance once for each day left, and once more for what is not
known of the means themselves.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist, fmean

from ..intervals import ONE_DAY, Span
from .periods import days_of

HISTORY_DAYS = 28
"""The last days, of which the profile is made: four of each weekday, and few enough to follow growth."""

LEAST_HISTORY = 14
"""Fewer days make no profile: some weekday would have been seen once, and chance could not be told from habit."""

LEVEL = 0.8
"""How often the interval should hold what comes: in four cases of five."""

WEEKDAYS = 7


@dataclass(frozen=True)
class Forecast:
    """What a period will have in all. All figures are requests, or whatever the daily figures were.

    ``measured`` is what its days so far have, ``expected`` that and what the days left will add; ``low`` and ``high``
    are the ends of the interval that holds the total with the probability ``level``. ``missing`` are the days of the
    period before ``as_of`` that were never collected: with any, nothing here is to be relied on. Without enough history
    ``expected`` and the interval are None, and ``insufficient`` says why, in a sentence.
    """

    period: Span
    as_of: datetime.date
    measured: int
    days_left: int
    history_days: int
    missing: tuple[datetime.date, ...] = ()
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    insufficient: str | None = None


def t_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t distribution, by the expansion of Abramowitz and Stegun, 26.7.5.

    From seven degrees of freedom on, the least that occurs here, it is exact to two decimals.
    """
    z = NormalDist().inv_cdf(probability)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _profile(history: Mapping[datetime.date, int]) -> dict[int, list[int]]:
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for day, figure in history.items():
        by_weekday[day.weekday()].append(figure)
    return by_weekday


def forecast(daily: Mapping[datetime.date, int], period: Span, as_of: datetime.date, level: float = LEVEL) -> Forecast:
    """What the period will have when it is over.

    ``daily`` has every day that was collected, those without traffic with 0; days that are not in it are not known.
    ``as_of`` is the last day that could have been collected. It must lie within the period, or after its end.
    """
    first, last = period
    known_until = min(as_of, last)
    so_far = days_of((first, known_until)) if known_until >= first else []
    measured = sum(daily.get(day, 0) for day in so_far)
    missing = tuple(day for day in so_far if day not in daily)
    left = days_of((max(known_until + ONE_DAY, first), last)) if known_until < last else []
    begin = known_until - ONE_DAY * (HISTORY_DAYS - 1)
    history = {day: figure for day, figure in daily.items() if begin <= day <= known_until}
    found = Forecast(period, as_of, measured, len(left), len(history), missing, level=level)
    if not left:
        return dataclasses.replace(found, expected=float(measured), low=float(measured), high=float(measured))
    by_weekday = _profile(history)
    if len(history) < LEAST_HISTORY or len(by_weekday) < WEEKDAYS:
        reason = (
            f"insufficient history: {len(history)} of the last {HISTORY_DAYS} days are known, "
            f"a forecast needs {LEAST_HISTORY}, and every weekday among them"
        )
        return dataclasses.replace(found, insufficient=reason)
    means = {weekday: fmean(figures) for weekday, figures in by_weekday.items()}
    ahead = Counter(day.weekday() for day in left)
    coming = math.fsum(means[weekday] * count for weekday, count in ahead.items())
    freedom = len(history) - WEEKDAYS
    residual = math.fsum((figure - means[day.weekday()]) ** 2 for day, figure in history.items()) / freedom
    unknown_means = math.fsum(count**2 / len(by_weekday[weekday]) for weekday, count in ahead.items())
    spread = t_quantile((1 + level) / 2, freedom) * math.sqrt(residual * (len(left) + unknown_means))
    # Nobody takes requests back: what is measured is the least that there can be.
    expected = measured + coming
    return dataclasses.replace(
        found, expected=expected, low=max(float(measured), expected - spread), high=expected + spread
    )
