# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Days against the same weekdays before: spikes and growth.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from ..intervals import ONE_DAY

WEEK = ONE_DAY * 7

NORMAL = 1.4826
"""What makes a standard deviation out of a median absolute deviation, were the figures normally distributed."""

SPIKE = 3.5
"""Robust deviations above which a day is a spike (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993)."""

LEAST_WEEKDAYS = 4
"""Fewer days of the same weekday have no spread worth the name."""


@dataclass(frozen=True)
class Deviation:
    """How far a day is from what is usual for its weekday: ``score`` robust deviations above the ``usual`` figure."""

    day: datetime.date
    figure: int
    usual: float
    spread: float
    score: float
    weekdays: int

    @property
    def is_spike(self) -> bool:
        return self.score > SPIKE

    def sentence(self, what: str = "requests") -> str:
        """The deviation for people."""
        times = f", {self.figure / self.usual:.1f} times as many" if self.usual else ""
        return (
            f"{self.day:%A} {self.day} had {self.figure:,} {what}; the {self.weekdays} {self.day:%A}s before had "
            f"{self.usual:,.0f} (median){times}, {self.score:.1f} robust deviations more"
        )


def same_weekdays(day: datetime.date, weeks: int) -> list[datetime.date]:
    """The same weekday in so many weeks before, the latest first."""
    return [day - WEEK * number for number in range(1, weeks + 1)]


def deviation(
    daily: Mapping[datetime.date, int], day: datetime.date, before: Sequence[datetime.date]
) -> Deviation | None:
    """A day against some days before; None where fewer than ``LEAST_WEEKDAYS`` of them are known.

    ``daily`` has every day that was collected, those without traffic with 0. The score is 0.6745 (x - median) / MAD
    (Iglewicz and Hoaglin, 1993). The spread is never less than that of chance alone, the root of the median as for
    a Poisson process: else a client with the same figure every week would have a spike at the first request more.
    """
    known = [daily[other] for other in before if other in daily]
    if len(known) < LEAST_WEEKDAYS:
        return None
    usual = median(known)
    spread = max(NORMAL * median(abs(figure - usual) for figure in known), math.sqrt(max(usual, 1.0)))
    figure = daily[day]
    return Deviation(day, figure, usual, spread, (figure - usual) / spread, len(known))


def usual_total(
    daily: Mapping[datetime.date, int], days: Sequence[datetime.date], weeks: int
) -> tuple[float, int] | None:
    """What some days would have were each as the mean of the same weekdays before, and how many days that is from.

    None where for one of the days none of the weekdays before is known.
    """
    total, count = 0.0, 0
    for day in days:
        known = [daily[other] for other in same_weekdays(day, weeks) if other in daily]
        if not known:
            return None
        total += fmean(known)
        count += len(known)
    return total, count
