# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases that were computed by hand: what is measured, and what comes of it.

Today is Tuesday, 10 March 2026, so the last complete day is Monday the 9th, and of the billing period that began on
1 March nine days are over, and 22 are left. ``n`` in C(row(n, ...)) is how many days ago it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from fakes import TODAY, FakeTime
from gates import ago, gate, judged, of_rule, row, rule


@dataclass(frozen=True)
class Case:
    """``days`` is how many days the query of the rows asked for. ``measured`` is of the only finding; None where the
    rule holds, or where nothing could be measured."""

    name: str
    arithmetic: str
    rule: dict[str, Any]
    rows: list[dict[str, Any]]
    verdict: str
    measured: Any = None
    days: int = 7
    more: dict[str, Any] = field(default_factory=dict)


def every(days: int, **figures: Any) -> list[dict[str, Any]]:
    """The same figures every day, since so many days."""
    return [row(n, **figures) for n in range(1, days + 1)]


def growth(now: int, *before: int) -> list[dict[str, Any]]:
    """Yesterday, and the same weekday one, two and more weeks before."""
    return [row(1, requests=now), *(row(1 + 7 * (n + 1), requests=r) for n, r in enumerate(before) if r)]


CASES = [
    Case(
        "a sum over a week",
        "7 x 100 = 700 <= 699 is false",
        rule("requests", "<=", 699),
        every(7, requests=100),
        "fail",
        700,
    ),
    Case("a sum at its bound", "7 x 100 = 700 <= 700", rule("requests", "<=", 700), every(7, requests=100), "pass"),
    Case("below is not at", "700 < 700 is false", rule("requests", "<", 700), every(7, requests=100), "fail", 700),
    Case("at least, at its bound", "700 >= 700", rule("requests", ">=", 700), every(7, requests=100), "pass"),
    Case(
        "more than, at its bound", "700 > 700 is false", rule("requests", ">", 700), every(7, requests=100), "fail", 700
    ),
    Case("exactly", "700 == 700", rule("requests", "==", 700), every(7, requests=100), "pass"),
    Case("anything but", "700 != 700 is false", rule("requests", "!=", 700), every(7, requests=100), "fail", 700),
    Case("the window's first day counts", "5 + 6 x 0 = 5", rule("requests", "<=", 4), [row(7, requests=5)], "fail", 5),
    Case(
        "the day before the window does not",
        "a week has no 8th day: 0 <= 0",
        rule("requests", "<=", 0),
        [row(8, requests=5)],
        "pass",
        days=8,
    ),
    Case(
        "yesterday alone",
        "100 of 700",
        rule("requests", "<=", 99, window="yesterday"),
        every(7, requests=100),
        "fail",
        100,
    ),
    Case(
        "two weeks",
        "14 x 100 = 1400",
        rule("requests", "<=", 1399, window="2w"),
        every(14, requests=100),
        "fail",
        1400,
        14,
    ),
    Case(
        "the period so far",
        "1 to 9 March: 9 x 100 = 900",
        rule("requests", "<=", 899, window="period"),
        every(14, requests=100),
        "fail",
        900,
        14,
    ),
    Case(
        "a period from the 5th on",
        "5 to 9 March: 5 x 100 = 500",
        rule("requests", "<=", 499, window="period"),
        every(14, requests=100),
        "fail",
        500,
        14,
        {"period_anchor": 5},
    ),
    Case(
        "a period from the 31st on",
        "28 February (there is no 31st) to 9 March: 10 x 100 = 1000",
        rule("requests", "<=", 999, window="period"),
        every(14, requests=100),
        "fail",
        1000,
        14,
        {"period_anchor": 31},
    ),
    Case(
        "a status of its own",
        "7 x 3 = 21",
        rule("status500", "<=", 20),
        every(7, requests=100, status500=3),
        "fail",
        21,
    ),
    Case(
        "errors",
        "(4 + 1) / 100 = 0.05 <= 0.05",
        rule("error_ratio", "<=", 0.05, window="1d"),
        [row(1, requests=100, status400=4, status500=1)],
        "pass",
    ),
    Case(
        "errors, one more",
        "(5 + 1) / 100 = 0.06",
        rule("error_ratio", "<=", 0.05, window="1d"),
        [row(1, requests=100, status400=5, status500=1)],
        "fail",
        0.06,
    ),
    Case(
        "429 is one of the 4xx",
        "(10 + 0) / 100 = 0.1, and not (10 + 10) / 100",
        rule("error_ratio", "<=", 0.1, window="1d"),
        [row(1, requests=100, status400=10, status429=10)],
        "pass",
    ),
    Case(
        "429 beside the 4xx, as the jobs service may count",
        "100 = 80 + 10 + 10: (10 + 10) / 100 = 0.2",
        rule("error_ratio", "<=", 0.19, window="1d"),
        [row(1, requests=100, status200=80, status400=10, status429=10)],
        "fail",
        0.2,
    ),
    Case(
        "sums are divided, not ratios averaged",
        "(1 + 0) / (10 + 990) = 0.001, and not (0.1 + 0) / 2",
        rule("error_ratio", "<=", 0.001),
        [row(1, requests=10, status500=1), row(2, requests=990)],
        "pass",
    ),
    Case(
        "throttled, a third at its bound",
        "1 / 3 <= 0.3333 is false",
        rule("throttle_ratio", "<=", 0.3333, window="1d"),
        [row(1, requests=3, status400=1, status429=1)],
        "fail",
        1 / 3,
    ),
    Case(
        "a tenth is a tenth",
        "3 / 30 = 0.1 <= 0.1, where 0.1 as a float is more",
        rule("throttle_ratio", "<=", 0.1, window="1d"),
        [row(1, requests=30, status400=3, status429=3)],
        "pass",
    ),
    Case("no requests, nothing to judge", "0 / 0", rule("throttle_ratio", "<", 0.01), [], "pass"),
    Case(
        "each client by itself",
        "c1: 60 <= 60; c2: 80",
        rule("requests", "<=", 60, per="client", window="1d"),
        [row(1, "c1", requests=60), row(1, "c2", requests=80)],
        "fail",
        80,
    ),
    Case(
        "the clients together",
        "60 + 80 = 140",
        rule("requests", "<=", 139, window="1d"),
        [row(1, "c1", requests=60), row(1, "c2", requests=80)],
        "fail",
        140,
    ),
    Case(
        "some of the clients together",
        "60 + 5 = 65, c3 is not selected",
        rule("requests", "<=", 64, window="1d", where={"client_id": ["c1", "c2"]}),
        [row(1, "c1", requests=60), row(1, "c2", requests=5), row(1, "c3", requests=900)],
        "fail",
        65,
    ),
    Case(
        "a client that is named and idle",
        "c9: 0 >= 1 is false",
        rule("requests", ">=", 1, per="client", where={"client_id": "c9"}),
        every(7, requests=5),
        "fail",
        0,
    ),
    Case(
        "an allowance at its bound",
        "9 x 100 / 900 = 1 <= 1",
        rule("allowance_used", "<=", 1),
        every(14, requests=100),
        "pass",
        None,
        14,
        {"allowance": 900},
    ),
    Case(
        "an allowance of users",
        "900 / (2 x 300 + 1 x 200) = 900 / 800 = 1.125",
        rule("allowance_used", "<=", 1),
        every(14, requests=100),
        "fail",
        1.125,
        14,
        {"allowance": [{"users": 2, "requests_per_user": 300}, {"users": 1, "requests_per_user": 200}]},
    ),
    Case(
        "a forecast of even days",
        "9 x 100 + 22 x 100 = 3100",
        rule("forecast", "<=", 3099),
        every(28, requests=100),
        "fail",
        3100,
        28,
    ),
    Case(
        "a forecast as a share",
        "3100 / 3100 = 1 <= 1",
        rule("forecast", "<=", 1, of="allowance"),
        every(28, requests=100),
        "pass",
        None,
        28,
        {"allowance": 3100},
    ),
    Case(
        "a forecast of too short a history",
        "13 days are fewer than 14",
        rule("forecast", "<=", 10**6),
        every(13, requests=100),
        "unknown",
        900,
        13,
    ),
    Case(
        "a forecast of a period that is over its bound already",
        "9 x 100 = 900 > 899 whatever the days left bring",
        rule("forecast", "<=", 899),
        every(13, requests=100),
        "fail",
        900,
        13,
    ),
    Case(
        "growth",
        "300 / ((100 + 200 + 100 + 200) / 4) = 2 <= 2",
        rule("growth", "<=", 2, window="1d", baseline="4w"),
        growth(300, 100, 200, 100, 200),
        "pass",
        None,
        29,
    ),
    Case(
        "growth, one more",
        "301 / 150 = 2.00666",
        rule("growth", "<=", 2, window="1d", baseline="4w"),
        growth(301, 100, 200, 100, 200),
        "fail",
        301 / 150,
        29,
    ),
    Case(
        "growth of a week against three",
        "7 x 30 / (3 x 7 x 10 / 3) = 210 / 70 = 3",
        rule("growth", "<=", 2.9, window="7d", baseline="21d"),
        every(7, requests=30) + [row(n, requests=10) for n in range(8, 29)],
        "fail",
        3,
        28,
    ),
    Case(
        "growth from nothing",
        "5 <= 1000 x 0 is false, and there is no ratio",
        rule("growth", "<=", 1000, window="1d", baseline="4w"),
        growth(5, 0, 0, 0, 0),
        "fail",
        None,
        29,
    ),
    Case(
        "growth from nothing to nothing",
        "0 / 0",
        rule("growth", "<=", 1, window="1d", baseline="4w"),
        [],
        "pass",
        None,
        29,
    ),
    Case(
        "a spike",
        "median of 100, 110, 90, 100 is 100; deviations 0, 10, 10, 0: MAD 5, spread 1.4826 x 5 = 7.413, "
        "but at least the root of 100 = 10: (136 - 100) / 10 = 3.6",
        rule("spike", "<=", 3.5),
        growth(136, 100, 110, 90, 100),
        "fail",
        3.6,
        29,
    ),
    Case(
        "no spike",
        "(135 - 100) / 10 = 3.5 <= 3.5",
        rule("spike", "<=", 3.5),
        growth(135, 100, 110, 90, 100),
        "pass",
        None,
        29,
    ),
    Case(
        "a spike of what varies",
        "median of 100, 200, 300, 400 is 250; deviations 150, 50, 50, 150: MAD 100, spread 148.26: "
        "(843 - 250) / 148.26 = 3.9997",
        rule("spike", "<=", 3.5),
        growth(843, 100, 200, 300, 400),
        "fail",
        593 / 148.26,
        29,
    ),
    Case(
        "a new client",
        "c2 on 1 and 2 days ago only: 1 <= 0 is false",
        rule("new_client", "<=", 0, window="7d", baseline="7d"),
        [*every(14, requests=1), row(1, "c2", requests=1), row(2, "c2", requests=1)],
        "fail",
        1,
        14,
    ),
    Case(
        "a client that came back",
        "c2 was there 14 days ago, within 7 + 7",
        rule("new_client", "<=", 0, window="7d", baseline="7d"),
        [*every(14, requests=1), row(1, "c2", requests=1), row(14, "c2", requests=1)],
        "pass",
        None,
        14,
    ),
    Case(
        "a client that came back after the baseline",
        "c2 was there 15 days ago, before 7 + 7",
        rule("new_client", "<=", 0, window="7d", baseline="7d"),
        [*every(15, requests=1), row(1, "c2", requests=1), row(15, "c2", requests=1)],
        "fail",
        1,
        15,
    ),
    Case(
        "clients that nobody knows",
        "c2 and c3 are not known: 2",
        rule("unknown_client", "<=", 1, window="1d"),
        [row(1, name, requests=1) for name in ("c1", "c2", "c3")],
        "fail",
        2,
        7,
        {"known_clients": ["c1"]},
    ),
    Case(
        "unused",
        "last traffic 6 days ago, yesterday is 1 day ago: 6 - 1 = 5 days",
        rule("unused_days", "<=", 4),
        [row(6, requests=1)],
        "fail",
        5,
    ),
    Case("unused at its bound", "6 - 1 = 5 <= 5", rule("unused_days", "<=", 5), [row(6, requests=1)], "pass"),
    Case("data of yesterday", "10 March - 9 March = 1", rule("age_of_data", "<=", 1), every(7, requests=1), "pass"),
    Case("all days of the window", "7 / 7 = 1", rule("coverage", ">=", 1), [], "pass"),
    Case("some days of the window", "7 / 14 = 0.5", rule("coverage", ">=", 0.6, window="14d"), [], "unknown", 0.5),
]


def test_there_are_forty_and_the_calendar_is_what_they_say() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    assert (TODAY.strftime("%A %d %B %Y"), ago(9).day) == ("Tuesday 10 March 2026", 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_computed_by_hand(case: Case, time: FakeTime) -> None:
    interval = f"{ago(case.days)}/{ago(1)}"
    query = {"service": "query", "granularity": "day", "group_by": ["client_id"], "interval": interval}
    result = gate(time, rows=case.rows, query=query, rules=[case.rule], **case.more)
    assert judged(result) == case.verdict, case.arithmetic
    found = of_rule(result)
    assert [each["measured"] for each in found] == ([] if case.verdict == "pass" else [pytest.approx(case.measured)])
