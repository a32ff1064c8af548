# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows, added up and put in order; the filters do no more than this."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from gates import ago, row
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.tables import (
    forecast_of,
    ratio,
    top,
    totals,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import METRIC_NAMES

ROWS = [
    row(2, "c1", requests=10, status400=4, status429=3, client_name="Old"),
    row(1, "c1", requests=20, client_name="New"),
    row(1, "c2", requests=30, status500=3),
]
FILTERS = ("usage_totals", "usage_top", "usage_ratio", "usage_forecast")


def test_sums_of_all_rows_and_by_any_key() -> None:
    assert totals(ROWS) == [
        {"requests": 60, "status200": 53, "status300": 0, "status400": 4, "status429": 3, "status500": 3}
    ]
    assert [(e["client_id"], e["client_name"], e["requests"]) for e in totals(ROWS, "client_id")] == [
        ("c1", "New", 30), ("c2", "Client c2", 30)
    ]  # fmt: skip
    assert [(e["date"], e["requests"]) for e in totals(ROWS, "date")] == [(str(ago(2)), 10), (str(ago(1)), 50)]
    assert len(totals(ROWS, ["client_id", "date"])) == 3
    assert totals([]) == [dict.fromkeys(METRIC_NAMES, 0)]
    assert totals([], "client_id") == []


def test_only_what_all_rows_have_is_added_up() -> None:
    assert totals([{"requests": 1, "status200": 1}, {"requests": 2}]) == [{"requests": 3}]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.integers(0, 99)), max_size=30))
def test_totals_by_any_cut_agree(given_rows: list[tuple[str, int, int]]) -> None:
    rows = [row(day, client, requests=requests) for client, day, requests in given_rows]
    cuts = [totals(rows, by) for by in ((), "client_id", "date", ["client_id", "date"])]
    assert {sum(entry["requests"] for entry in cut) for cut in cuts} == {sum(each[2] for each in given_rows)}


def test_the_largest_come_first_and_equals_in_the_order_of_their_keys() -> None:
    assert [(e["client_id"], e["share"]) for e in top(ROWS, "client_id")] == [("c1", 0.5), ("c2", 0.5)]
    assert [(e["client_id"], e["share"]) for e in top(ROWS, "client_id", 1, "status500")] == [("c2", 1.0)]
    assert [e["share"] for e in top([row(1, requests=0)], "client_id")] == [None]


def test_ratios_are_of_sums_and_a_429_counts_once() -> None:
    # (4 + 3) / 60, and 3 / 60.
    assert ratio(ROWS) == pytest.approx(7 / 60)
    assert ratio(ROWS, "throttle_ratio") == 0.05
    assert ratio([]) is None
    assert ratio([row(1, requests=0)]) is None


def test_a_forecast_counts_up_to_the_last_day_that_was_asked_for() -> None:
    rows = [row(n, requests=100) for n in range(1, 29)]
    found = forecast_of(rows, f"{ago(28)}/{ago(1)}")
    # 1 to 9 March have 900, and 22 days are left.
    assert (found["measured"], found["days_left"], found["expected"]) == (900, 22, 3100.0)
    assert (found["low"], found["high"], found["missing_days"], found["insufficient"]) == (3100.0, 3100.0, [], None)
    assert found["period"] == {"first_day": "2026-03-01", "last_day": "2026-03-31"}
    assert forecast_of(rows, f"{ago(28)}/{ago(1)}", 5)["measured"] == 500


def test_a_forecast_says_what_it_lacks() -> None:
    short = forecast_of([row(1, requests=1)], f"{ago(9)}/{ago(1)}")
    assert (short["expected"], short["insufficient"][:20]) == (None, "insufficient history")
    hole = forecast_of([], f"{ago(5)}/{ago(1)}")
    assert hole["missing_days"] == [str(ago(n)) for n in (9, 8, 7, 6)]
    assert hole["expected"] is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: totals("rows"), "rows must be a list"),
        (lambda: totals([5]), r"rows\[0\] must be a row"),
        (lambda: totals([{"requests": "5"}]), r"rows\[0\].requests must be a whole number of requests, not '5'"),
        (lambda: totals([{"requests": -5}]), r"rows\[0\].requests must be a whole number"),
        (lambda: totals(ROWS, "colour"), "by: 'colour' is unknown; known are organization"),
        (lambda: totals(ROWS, "platform"), r"rows\[0\] has no platform: ask with it in group_by"),
        (lambda: top(ROWS, "client_id", 0), "count must be a whole number above 0, not 0"),
        (lambda: top(ROWS, "client_id", 1, "errors"), "metric: 'errors' is unknown"),
        (lambda: top(ROWS, []), "by is missing"),
        (lambda: top([{"client_id": "c", "requests": 1}], "client_id", 1, "status429"), "the rows lack status429"),
        (lambda: ratio(ROWS, "errors"), "ratio: 'errors' is unknown"),
        (lambda: ratio([{"requests": 1}]), "the rows lack status200"),
        (lambda: forecast_of(ROWS, "last month"), "interval must be like"),
        (lambda: forecast_of(ROWS, f"{ago(1)}/{ago(2)}"), "interval must be like"),
        (lambda: forecast_of(ROWS, f"{ago(1)}/{ago(1)}"), "outside of the interval"),
        (lambda: forecast_of([{"date": str(ago(1))}], f"{ago(1)}/{ago(1)}"), "the rows lack requests"),
        (lambda: forecast_of(ROWS, f"{ago(2)}/{ago(1)}", 40), "1 to 31, not 40"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call: Any, words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        call()


# The filters


def plugin(name: str) -> Any:
    return importlib.import_module(f"ansible_collections.genesyscloud.usage.plugins.filter.{name}")


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_documented_with_what_it_takes_and_fails_in_one_sentence(name: str) -> None:
    module = plugin(name)
    documented = yaml.safe_load(module.DOCUMENTATION)
    function = module.FilterModule().filters()[name]
    taken = function.__code__.co_varnames[: function.__code__.co_argcount]
    assert documented["name"] == name
    assert list(documented["options"]) == ["_input", *taken[1:]]
    defaults = dict(zip(taken[::-1], (function.__defaults__ or ())[::-1], strict=False))
    for option in taken[1:]:
        described = documented["options"][option]
        assert described.get("required", False) is (option not in defaults)
        default = defaults.get(option)
        assert described.get("default") == (list(default) if isinstance(default, tuple) else default)
    assert yaml.safe_load(module.EXAMPLES)
    assert yaml.safe_load(module.RETURN)["_value"]["sample"]
    first = {"usage_top": ["client_id"], "usage_forecast": [f"{ago(2)}/{ago(1)}"]}.get(name, [])
    with pytest.raises(AnsibleFilterError, match=f"{name}: rows must be a list"):
        function("rows", *first)


def test_filters_give_what_the_tables_give() -> None:
    def run(name: str, *given_options: Any) -> Any:
        return plugin(name).FilterModule().filters()[name](ROWS, *given_options)

    assert run("usage_totals", "client_id") == totals(ROWS, "client_id")
    assert run("usage_top", "client_id", 1) == top(ROWS, "client_id", 1)
    assert run("usage_ratio", "throttle_ratio") == 0.05
    assert run("usage_forecast", f"{ago(9)}/{ago(1)}") == forecast_of(ROWS, f"{ago(9)}/{ago(1)}")
