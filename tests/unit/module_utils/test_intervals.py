# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which days an interval stands for."""

from __future__ import annotations

import datetime

import pytest
from fakes import TODAY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.intervals import asked_days, interval_days

YESTERDAY = TODAY - datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)


@pytest.mark.parametrize(
    "interval",
    [
        "2026-02-01/2026-02-28",
        " 2026-02-01/2026-02-28 ",
        "2026-02-01T00:00:00Z/2026-03-01T00:00:00Z",
        "2026-02-01T00:00Z/2026-03-01T00:00Z",
        "2026-02-01T00:00:00.000Z/2026-03-01T00:00:00.000Z",
        "2026-02-01T00:00:00+00:00/2026-03-01T00:00:00+00:00",
        "2026-02-01T00:00:00Z/2026-02-28T23:59:59Z",
        "2026-02-01T00:00:00.000Z/2026-02-28T23:59:59.999Z",
        "2026-02-01/2026-03-01T00:00:00Z",
        "2026-02-01T00:00:00Z/2026-02-28",
    ],
)
def test_dates_are_whole_days_and_midnights_are_instants(interval: str) -> None:
    assert interval_days(interval, TODAY) == (FIRST, LAST)


def test_a_single_day_and_yesterday_are_fine() -> None:
    assert interval_days(f"{YESTERDAY}/{YESTERDAY}", TODAY) == (YESTERDAY, YESTERDAY)
    assert interval_days(f"{YESTERDAY}T00:00:00Z/{TODAY}T00:00:00Z", TODAY) == (YESTERDAY, YESTERDAY)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ("2026-02-28/2026-02-01", "ends before it begins"),
        ("2026-02-01T00:00:00Z/2026-02-01T00:00:00Z", "ends before it begins"),
        ("2026-02-01", "not an interval of days"),
        ("", "not an interval of days"),
        ("/", "not an interval of days"),
        ("2026-02-01/", "not an interval of days"),
        ("2026-02-01/2026-02-02/2026-02-03", "not an interval of days"),
        ("2026-02-30/2026-03-01", "not an interval of days"),
        ("2026-2-1/2026-2-3", "not an interval of days"),
        ("20260201/20260228", "not an interval of days"),
        ("2026-02/2026-03", "not an interval of days"),
        ("P7D/2026-03-01", "not an interval of days"),
        ("last week", "not an interval of days"),
        ("2026-02-01T06:00:00Z/2026-02-02T00:00:00Z", "must name whole UTC days"),
        ("2026-02-01T00:00:00/2026-02-02T00:00:00", "must name whole UTC days"),
        ("2026-02-01T00:00:00+02:00/2026-02-02T00:00:00+02:00", "must name whole UTC days"),
        (f"2026-02-01/{TODAY}", f"not over yet.*last complete UTC day is {YESTERDAY}"),
        (f"{TODAY}/{TODAY}", "in the future"),
        ("2027-01-01/2027-01-31", f"in the future.*last complete UTC day is {YESTERDAY}"),
        ("0001-01-01/0001-01-01T00:00:00Z", "must name whole UTC days"),
    ],
)
def test_what_is_no_interval_of_complete_days_is_refused_and_shown(interval: str, words: str) -> None:
    with pytest.raises(InvalidArgument, match=words) as caught:
        interval_days(interval, TODAY)
    assert repr(interval) in caught.value.message


@given(st.integers(1, 3660))
def test_days_end_with_yesterday_and_are_as_many_as_asked(days: int) -> None:
    first, last = asked_days(None, days, TODAY)
    assert last == YESTERDAY
    assert (last - first).days + 1 == days


@pytest.mark.parametrize("days", [0, -1, 3661, 10**9])
def test_days_has_bounds(days: int) -> None:
    with pytest.raises(InvalidArgument, match=f"days must be from 1 to 3660, not {days}"):
        asked_days(None, days, TODAY)


@pytest.mark.parametrize(
    ("interval", "days", "words"),
    [(None, None, "One of interval and days is needed"), ("2026-02-01/2026-02-02", 7, "exclude each other")],
)
def test_both_or_neither_of_interval_and_days_is_refused(interval: str | None, days: int | None, words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        asked_days(interval, days, TODAY)
