# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Days, and the ways in which users name them.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import re

from .errors import InvalidArgument

Span = tuple[datetime.date, datetime.date]
"""The first and the last of some days, both included."""

ONE_DAY = datetime.timedelta(days=1)
FORMS = "write it like 2026-10-01/2026-10-31 (both days included) or 2026-10-01T00:00:00Z/2026-11-01T00:00:00Z"


def _moment(text: str) -> tuple[datetime.date, bool]:
    """A day, and whether the text is its midnight (an instant) rather than the day as a whole."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(00:00(?::00(?:\.0+)?)?|23:59:59(?:\.9+)?)(?:Z|\+00:00))?", text)
    if not match:
        raise ValueError
    return datetime.date.fromisoformat(match[1]), bool(match[2] and match[2].startswith("00"))


def interval_days(interval: str, today: datetime.date) -> Span:
    """First and last day of an ISO-8601 interval of whole UTC days.

    Of dates both are included; midnights are instants, so that an end at midnight leaves that day out.
    Raises InvalidArgument for a malformed or reversed interval and for one that is not over yet.
    """
    start, slash, end = interval.strip().partition("/")
    try:
        if "T23" in start:
            raise ValueError
        first, _midnight = _moment(start)
        last, ends_at_midnight = _moment(end)
        if ends_at_midnight:
            last -= ONE_DAY
    except (ValueError, OverflowError):
        detail = "it must name whole UTC days" if slash and "T" in interval else "it is not an interval of days"
        raise InvalidArgument(f"interval {interval!r}: {detail}; {FORMS}") from None
    if last < first:
        raise InvalidArgument(f"interval {interval!r} ends before it begins; {FORMS}")
    yesterday = today - ONE_DAY
    if first > yesterday:
        raise InvalidArgument(f"interval {interval!r} is in the future; the last complete UTC day is {yesterday}")
    if last > yesterday:
        raise InvalidArgument(
            f"interval {interval!r} is not over yet: today is never in the data, "
            f"and the last complete UTC day is {yesterday}"
        )
    return first, last


def asked_days(interval: str | None, days: int | None, today: datetime.date) -> Span:
    """The days that C(interval) or C(days) stand for. Raises InvalidArgument for both, neither, or days below 1."""
    if (interval is None) == (days is None):
        both = "interval and days exclude each other" if interval is not None else "One of interval and days is needed"
        raise InvalidArgument(f"{both}: give interval, such as 2026-10-01/2026-10-31, or days, such as 30")
    if interval is not None:
        return interval_days(interval, today)
    if days is None or not 1 <= days <= 3660:
        raise InvalidArgument(f"days must be from 1 to 3660, not {days}")
    return today - ONE_DAY * days, today - ONE_DAY
