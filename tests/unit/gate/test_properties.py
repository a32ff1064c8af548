# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds of every gate, whatever the figures are."""

from __future__ import annotations

import operator
import random
from fractions import Fraction
from typing import Any

import pytest
from fakes import FakeTime
from gates import ago, gate, judged, of_rule, row, rule
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.gate import given_rows
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import METRIC_NAMES

DAYS = 29
CLIENTS = ("c1", "c2", "c3")
OPS = {
    "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip

ROWS = st.lists(
    st.builds(
        lambda day, client, uri, ok, e4, t, e5: row(
            day, client, template_uri=uri, status200=ok, status400=e4 + t, status429=t, status500=e5
        ),
        st.integers(1, DAYS),
        st.sampled_from(CLIENTS),
        st.sampled_from(["/a", "/b"]),
        st.integers(0, 60),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=40,
)
RULES = st.sampled_from(
    [
        *(
            rule("requests", op, value, per=per)
            for op, value in (("<=", 60), (">=", 1), ("==", 0), ("!=", 5), ("<", 200))
            for per in ("organization", "client", "template_uri")
        ),
        rule("forecast", "<=", 300),
        rule("forecast", "<=", 1, of="allowance"),
        rule("error_ratio", "<=", 0.05),
        rule("error_ratio", "<=", 0.05, per="client"),
        rule("throttle_ratio", "<=", 0.02, window="14d"),
        rule("allowance_used", "<=", 0.5),
        rule("growth", "<=", 1.5, window="7d", baseline="21d"),
        rule("growth", "<=", 1.5, window="1d", baseline="28d", per="client"),
        rule("spike", "<=", 2),
        rule("spike", "<=", 2, per="client"),
        rule("new_client", "<=", 0, window="7d", baseline="21d"),
        rule("new_client", "<=", 0, window="7d", baseline="21d", per="client"),
        rule("new_endpoint", "<=", 0, window="3d", baseline="7d", per="template_uri"),
        rule("unknown_client", "<=", 0, per="client"),
        rule("unused_days", "<=", 4),
        rule("coverage", ">=", 1, window="14d"),
        rule("age_of_data", "<=", 1),
        rule("requests", "<=", 30, per="client", where={"template_uri": "/a"}),
        rule("status429", "<=", 2, where={"client_id": ["c1", "c2"]}),
    ]
)  # fmt: skip
GROUP_BY = ["client_id", "template_uri"]


def merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as a service gives them: one for each day, client and endpoint."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in rows:
        key = (each["date"], each["client_id"], each["template_uri"])
        had = found.setdefault(key, {**each, **dict.fromkeys(METRIC_NAMES, 0)})
        for name in METRIC_NAMES:
            had[name] += each[name]
    return [each for each in found.values() if each["requests"]]


def asked(days: int = DAYS) -> dict[str, Any]:
    return {
        "service": "query", "granularity": "day", "group_by": GROUP_BY, "interval": f"{ago(days)}/{ago(1)}"
    }  # fmt: skip


def run(rows: list[dict[str, Any]], the_rule: dict[str, Any]) -> dict[str, Any]:
    return gate(
        FakeTime(), rows=rows, query=asked(), rules=[the_rule], allowance=500, known_clients=["c1", "c2"], fail=False
    )


@settings(max_examples=150)
@given(ROWS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(
    rows: list[dict[str, Any]], the_rule: dict[str, Any], chance: random.Random
) -> None:
    rows = merged(rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert run(rows, the_rule)["document"] == run(shuffled, the_rule)["document"]


@settings(max_examples=400)
@given(ROWS, RULES, st.sets(st.integers(1, DAYS - 1), min_size=1, max_size=4))
def test_a_day_that_nobody_knows_never_turns_a_failure_into_a_pass(
    rows: list[dict[str, Any]], the_rule: dict[str, Any], unknown: set[int]
) -> None:
    rows = merged(rows)
    before = judged(run(rows, the_rule))
    with pytest.MonkeyPatch.context() as patch:
        # A store with holes: the days are taken out of those that the writer is told of, with their rows.
        all_days, holes = given_rows._days, {ago(n) for n in unknown}
        patch.setattr(given_rows, "_days", lambda *given: [day for day in all_days(*given) if day not in holes])
        left = [each for each in rows if each["date"] not in {str(day) for day in holes}]
        after = judged(run(left, the_rule))
    if before in ("fail", "unknown"):
        assert after in ("fail", "unknown")
    # What passes all the same does so because no day that it looks at is missing.
    if after == "pass":
        assert before == "pass"


@settings(max_examples=30)
@given(ROWS, st.sampled_from(METRIC_NAMES))
def test_totals_by_any_cut_agree(rows: list[dict[str, Any]], metric: str) -> None:
    rows = merged(rows)
    assume(rows)
    totals = set()
    for per in ("organization", "client", "template_uri"):
        # A bound that nothing keeps: every subject is a finding with its figure.
        result = run(rows, rule(metric, "==", 10**9, per=per, window=f"{DAYS}d"))
        totals.add(sum(found["measured"] for found in of_rule(result)))
    assert totals == {sum(each[metric] for each in rows)}


@settings(max_examples=80)
@given(st.integers(0, 50), st.integers(0, 50), st.sampled_from(sorted(OPS)))
def test_every_bound_is_exact_for_sums(figure: int, value: int, op: str) -> None:
    assume((op, value) != ("<", 0))
    result = run(merged([row(1, template_uri="/a", requests=figure)]), rule("requests", op, value, window="1d"))
    assert judged(result) == ("pass" if OPS[op](figure, value) else "fail")


@settings(max_examples=80)
@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 100), st.sampled_from(["<=", "<", ">=", ">"]))
def test_every_bound_is_exact_for_ratios(whole: int, part: int, hundredths: int, op: str) -> None:
    part = min(part, whole)
    value = hundredths / 100
    rows = merged([row(1, template_uri="/a", requests=whole, status400=part, status429=part)])
    assume((op, hundredths) not in {("<", 0), (">", 100)})
    result = run(rows, rule("throttle_ratio", op, value, window="1d"))
    holds = OPS[op](Fraction(part, whole), Fraction(hundredths, 100))
    assert judged(result) == ("pass" if holds else "fail")
