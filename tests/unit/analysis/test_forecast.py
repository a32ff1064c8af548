# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Periods, forecasts, spikes and allowances, each against figures that were worked out by hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.allowance import allowance, allowances
from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.forecast import forecast, t_quantile
from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.periods import (
    billing_period,
    days_of,
    period_before,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.weekdays import (
    deviation,
    same_weekdays,
    usual_total,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument

Date = datetime.date
ONE_DAY = datetime.timedelta(days=1)
NOVEMBER = (Date(2026, 11, 1), Date(2026, 11, 30))


def series(last: Date, days: int, weekday: int = 100, weekend: int = 40) -> dict[Date, int]:
    found = (last - ONE_DAY * number for number in range(days))
    return {day: weekend if day.weekday() > 4 else weekday for day in found}


@pytest.mark.parametrize(
    ("day", "anchor", "first", "last"),
    [
        (Date(2026, 11, 25), 1, Date(2026, 11, 1), Date(2026, 11, 30)),
        (Date(2026, 11, 14), 15, Date(2026, 10, 15), Date(2026, 11, 14)),
        (Date(2026, 11, 15), 15, Date(2026, 11, 15), Date(2026, 12, 14)),
        # A month without a 31st begins its period on its last day.
        (Date(2026, 2, 27), 31, Date(2026, 1, 31), Date(2026, 2, 27)),
        (Date(2026, 2, 28), 31, Date(2026, 2, 28), Date(2026, 3, 30)),
        (Date(2024, 2, 28), 31, Date(2024, 1, 31), Date(2024, 2, 28)),
        (Date(2026, 1, 1), 2, Date(2025, 12, 2), Date(2026, 1, 1)),
    ],
)
def test_a_billing_period_begins_on_its_anchor(day: Date, anchor: int, first: Date, last: Date) -> None:
    assert billing_period(day, anchor) == (first, last)
    before = period_before((first, last), anchor)
    assert before[1] + ONE_DAY == first


@pytest.mark.parametrize("anchor", range(1, 32))
def test_every_day_is_in_one_period(anchor: int) -> None:
    day, end = Date(2027, 12, 31), Date(2028, 12, 31)
    while day <= end:
        first, last = billing_period(day, anchor)
        assert first <= day <= last
        assert 28 <= len(days_of((first, last))) <= 31
        day += ONE_DAY


@pytest.mark.parametrize("anchor", [0, 32, -1])
def test_an_anchor_is_a_day_of_the_month(anchor: int) -> None:
    with pytest.raises(InvalidArgument, match="1 to 31"):
        billing_period(Date(2026, 1, 1), anchor)


def test_a_steady_week_is_forecast_exactly() -> None:
    # 1 to 24 November 2026 has 17 weekdays and 7 days of weekends; 25 to 30 has four weekdays and one weekend.
    found = forecast(series(Date(2026, 11, 24), 28), NOVEMBER, Date(2026, 11, 24))
    assert found.measured == 17 * 100 + 7 * 40 == 1980
    assert found.days_left == 6
    assert found.expected == 1980 + 4 * 100 + 2 * 40
    assert found.low == found.high == found.expected
    assert found.insufficient is None


def test_the_interval_is_the_one_of_the_formula() -> None:
    # Every Tuesday's figures are 90 and 110 in turn, everything else is as usual: 4 residuals of 10, 28 - 7 degrees.
    daily = series(Date(2026, 11, 24), 28)
    for number, day in enumerate(sorted(day for day in daily if day.weekday() == 1)):
        daily[day] = 90 if number % 2 else 110
    found = forecast(daily, (Date(2026, 11, 1), Date(2026, 11, 25)), Date(2026, 11, 24))
    variance = 4 * 10**2 / 21 * (1 + 1 / 4)
    spread = t_quantile(0.9, 21) * variance**0.5
    assert found.expected is not None
    assert found.high is not None
    assert found.high - found.expected == pytest.approx(spread)


@pytest.mark.parametrize(("freedom", "exact"), [(7, 1.415), (14, 1.345), (21, 1.323)])
def test_quantiles_are_those_of_the_tables(freedom: int, exact: float) -> None:
    assert t_quantile(0.9, freedom) == pytest.approx(exact, abs=0.001)


def test_what_is_measured_cannot_be_taken_back() -> None:
    daily = series(Date(2026, 11, 24), 28, 1, 1) | {Date(2026, 11, 5): 10_000}
    found = forecast(daily, NOVEMBER, Date(2026, 11, 24))
    assert found.low == found.measured


@pytest.mark.parametrize("days", [0, 1, 13])
def test_too_little_history_gives_no_figure(days: int) -> None:
    found = forecast(series(Date(2026, 11, 24), days), NOVEMBER, Date(2026, 11, 24))
    assert (found.expected, found.low, found.high) == (None, None, None)
    assert found.insufficient is not None
    assert found.insufficient.startswith(f"insufficient history: {days} of the last 28 days")


def test_a_weekday_that_was_never_seen_gives_no_figure() -> None:
    daily = {day: figure for day, figure in series(Date(2026, 11, 24), 28).items() if day.weekday() != 6}
    assert forecast(daily, NOVEMBER, Date(2026, 11, 24)).insufficient is not None


def test_missing_days_are_named() -> None:
    daily = series(Date(2026, 11, 24), 28)
    del daily[Date(2026, 11, 3)]
    assert forecast(daily, NOVEMBER, Date(2026, 11, 24)).missing == (Date(2026, 11, 3),)


def test_a_period_that_is_over_is_its_sum() -> None:
    found = forecast(series(Date(2026, 11, 30), 40), NOVEMBER, Date(2026, 12, 3))
    assert found.expected == found.measured == 21 * 100 + 9 * 40


def test_a_day_beyond_what_is_usual_is_a_spike() -> None:
    day = Date(2026, 11, 23)
    before = same_weekdays(day, 5)
    daily = dict(zip(before, [100, 110, 90, 100, 105], strict=True)) | {day: 400}
    found = deviation(daily, day, before)
    assert found is not None
    # Median 100, deviations 0 10 10 0 5: MAD 5, times 1.4826 is 7.4; chance alone is 10, which is more.
    assert (found.usual, found.spread, found.score) == (100, 10, 30)
    assert found.is_spike
    assert "Monday 2026-11-23 had 400 requests; the 5 Mondays before had 100 (median), 4.0 times" in found.sentence()


def test_equal_days_are_no_spike_and_a_few_more_neither() -> None:
    day = Date(2026, 11, 23)
    before = same_weekdays(day, 4)
    daily = dict.fromkeys(before, 100)
    for figure, spike in ((100, False), (135, False), (136, True), (0, False)):
        found = deviation(daily | {day: figure}, day, before)
        assert found is not None
        assert found.is_spike is spike


def test_three_weekdays_are_too_few() -> None:
    day = Date(2026, 11, 23)
    before = same_weekdays(day, 3)
    assert deviation(dict.fromkeys([day, *before], 1), day, before) is None


def test_growth_is_against_the_same_weekdays() -> None:
    days = days_of((Date(2026, 11, 18), Date(2026, 11, 24)))
    assert usual_total(series(Date(2026, 11, 24), 35), days, 4) == (5 * 100 + 2 * 40, 28)
    assert usual_total(series(Date(2026, 11, 24), 8), days, 4) is None


def test_an_allowance_is_a_number_or_users_times_theirs() -> None:
    assert allowance(1_000_000).requests == allowance("1000000").requests == 1_000_000
    users = [{"users": 120, "requests_per_user": 75_000}, {"users": "30", "requests_per_user": "110000"}]
    assert allowance(users).requests == 120 * 75_000 + 30 * 110_000
    assert allowance(users).sentence == "120 users x 75,000 + 30 users x 110,000"


@pytest.mark.parametrize(
    "given", [0, -1, "many", True, 1.5, {}, [], [1], [{"users": 1}], [{"users": 1, "requests_per_user": -2}], None]
)
def test_anything_else_is_no_allowance(given: Any) -> None:
    with pytest.raises(InvalidArgument, match="allowance"):
        allowance(given)


def test_an_organization_has_its_own_allowance_or_the_common_one() -> None:
    found = allowances(100, {"acme": "200"})
    assert (getattr(found.of("acme"), "requests", None), getattr(found.of("globex"), "requests", None)) == (200, 100)
    assert allowances(None, None).of("acme") is None
    with pytest.raises(InvalidArgument, match="allowances, 'acme': allowance"):
        allowances(None, {"acme": "lots"})
