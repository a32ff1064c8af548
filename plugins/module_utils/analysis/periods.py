# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Billing periods: a month that begins on a day of one's own choice.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import calendar
import datetime

from ..errors import InvalidArgument
from ..intervals import ONE_DAY, Span


def _anchored(year: int, month: int, anchor: int) -> datetime.date:
    """The day of a month on which a period begins; the last of the month, where the month is too short for it."""
    return datetime.date(year, month, min(anchor, calendar.monthrange(year, month)[1]))


def _month_after(year: int, month: int, count: int) -> tuple[int, int]:
    number = year * 12 + month - 1 + count
    return number // 12, number % 12 + 1


def billing_period(day: datetime.date, anchor: int = 1) -> Span:
    """The first and the last day of the billing period that has ``day`` in it.

    ``anchor`` is the day of the month on which periods begin, 1 to 31. Raises InvalidArgument for any other.
    """
    if not 1 <= anchor <= 31:
        raise InvalidArgument(f"The billing period begins on a day of the month, 1 to 31, not {anchor}")
    year, month = day.year, day.month
    if day < _anchored(year, month, anchor):
        year, month = _month_after(year, month, -1)
    return _anchored(year, month, anchor), _anchored(*_month_after(year, month, 1), anchor) - ONE_DAY


def period_before(span: Span, anchor: int = 1) -> Span:
    """The billing period before the one that ``span`` is."""
    return billing_period(span[0] - ONE_DAY, anchor)


def days_of(span: Span) -> list[datetime.date]:
    """Every day of a span, in order."""
    first, last = span
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]
