# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Intervals and buckets: which UTC days a query asks for, and which bucket a day falls into."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

from .messages import bad_request

MONTH = re.compile(r"\d{4}-\d{2}\Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
TIMESTAMP = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?\Z")
JOBS_DAYS = 90
"""A jobs interval may end at most this many days after its start (USAGE_API.md section 1)."""

Days = tuple[date, date]
"""First and last day, both included; the last is before the first when there is none."""


def query_service_days(interval: object) -> Days:
    """The days an interval means to the query service and to simplesearch.

    Whether the end is inclusive is not established for the real service. Here:

    - a bare date (``2020-02-01/2020-02-28``) is **included**: in the one real capture the last day is in;
    - a bare month (``2021-01/2021-02``) is included too, to its last day;
    - a time of midnight (``.../2020-03-01T00:00:00.000Z``) is **excluded**: nothing of that day lies before it;
    - any other time (``T23:59:59Z``) includes the day it falls on, since there are only whole days.
    """
    start, end = _halves(interval)
    first, _ends_at_midnight = _point(start, last=False)
    last, midnight = _point(end, last=True)
    if midnight:
        last -= timedelta(days=1)
    if last < first:
        raise bad_request(f"Invalid interval '{interval}': the end must be after the start", "interval")
    return first, last


def jobs_service_days(interval: object, today: date) -> Days:
    """The days an interval means to the jobs service: the dates of start and end, **both included**.

    It may reach 90 days past its start and may start a year ago at most; a year is a calendar year here.
    """
    start, end = _halves(interval)
    first, last = _point(start, last=False)[0], _point(end, last=True)[0]
    if last < first:
        raise bad_request(f"Invalid interval '{interval}': the end must not be before the start", "interval")
    if (last - first).days > JOBS_DAYS:
        raise bad_request(f"Invalid interval '{interval}': it may span {JOBS_DAYS} days at most", "interval")
    if first < _a_year_before(today):
        raise bad_request(f"Invalid interval '{interval}': the start may be one year ago at most", "interval")
    return first, last


def _halves(interval: object) -> tuple[str, str]:
    if not isinstance(interval, str) or not interval:
        raise bad_request("The interval is required, in ISO-8601 format", "interval")
    start, slash, end = interval.partition("/")
    if not slash:
        raise bad_request(f"Invalid interval '{interval}': expected start/end in ISO-8601 format", "interval")
    return start, end


def _point(text: str, *, last: bool) -> tuple[date, bool]:
    """One end of an interval: its UTC day, and whether it is a time of midnight."""
    try:
        if MONTH.match(text):
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, monthrange(year, month)[1] if last else 1), False
        if DAY.match(text):
            return date.fromisoformat(text), False
        found = TIMESTAMP.match(text)
        if found:
            return _moment(found)
    except (ValueError, OverflowError):
        pass
    raise bad_request(f"Invalid interval: '{text}' is not an ISO-8601 date or time", "interval")


def _moment(found: re.Match[str]) -> tuple[date, bool]:
    # datetime.fromisoformat of Python 3.10 knows neither Z nor fractions of other lengths than 3 and 6.
    moment = datetime.fromisoformat(found[1])
    zone = (found[3] or "Z").replace(":", "")
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
        moment = moment.replace(tzinfo=timezone(-offset if zone[0] == "-" else offset)).astimezone(timezone.utc)
    fraction = int(found[2] or 0)
    return moment.date(), not (moment.hour or moment.minute or moment.second or fraction)


def _a_year_before(today: date) -> date:
    try:
        return today.replace(year=today.year - 1)
    except ValueError:  # 29 February
        return today.replace(year=today.year - 1, day=28)


def bucket(granularity: str | None) -> Callable[[date], str]:
    """Day to the first day of its bucket, ``YYYY-MM-DD``: ISO weeks start on Monday. Without granularity all is one."""
    if granularity == "Day":
        return date.isoformat
    if granularity == "Week":
        return lambda day: (day - timedelta(days=day.weekday())).isoformat()
    if granularity == "Month":
        return lambda day: day.replace(day=1).isoformat()
    return lambda _day: ""
