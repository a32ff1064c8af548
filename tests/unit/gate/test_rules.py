# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules: what is taken, and what is refused with its place."""

from __future__ import annotations

import importlib.util
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate import builtin
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.consistency import check_consistency
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.measures import MEASURES
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.metrics import METRICS, OPS, PER, WHERE
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.rules import (
    KEYS,
    builtin_rules,
    parse_rule,
    parse_rules,
    together,
)

ROOT = Path(__file__).resolve().parents[3]
GOOD = {"id": "r", "metric": "requests", "value": 5}


def refused(**changes: Any) -> str:
    with pytest.raises(InvalidArgument) as caught:
        parse_rules("rules", [GOOD, {**GOOD, "id": "s", **changes}])
    return caught.value.message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"metrik": "requests"}, "rules[1].metrik: unknown key, did you mean metric?"),
        ({"colour": 1}, "rules[1].colour: unknown key, known are id, metric,"),
        ({"metric": None}, "rules[1].metric: is missing"),
        ({"metric": "throtle_ratio"}, "rules[1].metric: there is no 'throtle_ratio', did you mean throttle_ratio?"),
        ({"metric": 5}, "rules[1].metric: there is no 5"),
        ({"metric": ["requests"]}, "rules[1].metric: there is no ['requests']"),
        ({"id": ""}, "rules[1].id: must be text, not nothing"),
        ({"id": 5}, "rules[1].id: must be text, not the number 5"),
        ({"id": "a b"}, "rules[1].id: 'a b' must be letters"),
        ({"id": "collection"}, "rules[1].id: collection is the name of what is always judged"),
        ({"value": None}, "rules[1].value: is missing"),
        ({"value": "many"}, "rules[1].value: must be a number, not 'many'"),
        ({"value": "5 %"}, "rules[1].value: must be a number, not '5 %'; a share is written like 0.05, which is 5 %"),
        ({"value": True}, "rules[1].value: must be a number, not the truth value true"),
        ({"value": [1]}, "rules[1].value: must be a number, not a list"),
        ({"value": float("nan")}, "rules[1].value: must be a number"),
        ({"value": float("inf")}, "rules[1].value: must be a number"),
        ({"value": "1e999999"}, "rules[1].value: must be a number"),
        ({"value": "1e-999999"}, "rules[1].value: must be a number"),
        ({"value": -1}, "rules[1].value: requests is never below 0, so -1 makes no sense"),
        ({"op": "=<"}, "rules[1].op: there is no '=<'"),
        ({"op": "<", "value": 0}, "rules[1].value: requests < 0 can never hold"),
        ({"op": "==", "value": 1.5}, "rules[1].value: requests == 1.5 can never hold"),
        ({"severity": "error"}, "rules[1].severity: there is no 'error', known are fail, warn"),
        ({"per": "clients"}, "rules[1].per: there is no 'clients', did you mean client?"),
        ({"metric": "allowance_used", "per": "client"}, "allowance_used is per organization, not per client"),
        ({"metric": "unused_days", "per": "organization"}, "rules[1].per: unused_days is per client"),
        ({"of": "allowance"}, "rules[1].of: requests has nothing to choose from; leave it out"),
        ({"metric": "forecast", "of": "days"}, "rules[1].of: there is no 'days', known are requests, allowance"),
        ({"window": "7"}, "rules[1].window: '7' is no window; it is yesterday, period"),
        ({"window": "today"}, "rules[1].window: 'today' is no window"),
        ({"window": "0d"}, "rules[1].window: '0d' has no day in it"),
        ({"window": "9999d"}, "rules[1].window: '9999d' is longer than 3660 days"),
        ({"window": 7}, "rules[1].window: must be text, not the number 7"),
        ({"window": "\u0667d"}, "rules[1].window: '\u0667d' is no window"),
        ({"metric": "age_of_data", "window": "7d"}, "rules[1].window: age_of_data has no window; leave it out"),
        ({"metric": "forecast", "window": "7d"}, "rules[1].window: forecast is of the billing period"),
        ({"baseline": "28d"}, "rules[1].baseline: requests has no baseline; leave it out"),
        ({"metric": "growth", "baseline": "10d"}, "growth compares weekdays: give whole weeks, such"),
        ({"metric": "spike", "baseline": "3w"}, "spike compares weekdays: give whole weeks, at least 4"),
        ({"metric": "growth", "baseline": "0w"}, "rules[1].baseline: '0w' has no day in it"),
        ({"metric": "growth", "baseline": "month"}, "rules[1].baseline: 'month' is no length of time"),
        ({"where": {}}, "rules[1].where: must be a mapping of organization, client_id"),
        ({"where": "acme"}, "rules[1].where: must be a mapping of organization, client_id"),
        ({"where": {"client": "c"}}, "rules[1].where.client: unknown key, did you mean client_id?"),
        ({"where": {"client_id": []}}, "rules[1].where.client_id: is an empty list, which matches nothing"),
        ({"where": {"client_id": ["a", 5]}}, "rules[1].where.client_id[1]: must be text, not the number 5"),
        ({"metric": "coverage", "value": 1, "where": {"client_id": "c"}}, "where.client_id: coverage is of whole"),
        ({"metric": "error_ratio", "value": 5}, "error_ratio is not above 1, so 5 makes no sense; a share is"),
        ({"metric": "coverage", "op": ">", "value": 1}, "rules[1].value: coverage > 1 can never hold"),
        ({"metric": "forecast", "of": "allowance", "value": 90}, "forecast is not above 10, so 90 makes no sense"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(changes: dict[str, Any], words: str) -> None:
    assert words in refused(**changes)


@pytest.mark.parametrize("given_rules", ["rules", {"id": "r"}, 5])
def test_rules_are_a_list(given_rules: Any) -> None:
    with pytest.raises(InvalidArgument, match="rules: must be a list of rules"):
        parse_rules("rules", given_rules)


@pytest.mark.parametrize(
    ("value", "exact"), [(0.01, Fraction(1, 100)), ("0.01", Fraction(1, 100)), ("1e-2", Fraction(1, 100)), (5, 5)]
)
def test_a_value_is_what_was_written(value: Any, exact: Fraction) -> None:
    rule = parse_rule("r", {"id": "r", "metric": "requests", "value": value})
    assert rule.value == exact
    assert rule.allowed == f"<= {value if value != '1e-2' else 0.01}"


def test_what_is_left_out_or_null_has_a_default() -> None:
    rule = parse_rule("r", {"id": "r", "metric": "coverage", "op": None})
    assert (rule.op, rule.value, rule.per, rule.of, rule.window) == (">=", 1, "organization", "days", "7d")
    rule = parse_rule("r", {"id": "r", "metric": "growth", "value": 2})
    assert (rule.op, rule.of, rule.baseline, rule.severity) == ("<=", "requests", 28, "fail")


def test_an_id_is_there_once_and_replaces_a_built_in_rule() -> None:
    own = parse_rules("rules", [{**GOOD, "id": "errors"}])
    rules = together(own, builtin_rules(None))
    assert [rule.metric for rule in rules if rule.id == "errors"] == ["requests"]
    assert len(rules) == len(builtin.RULES)
    with pytest.raises(InvalidArgument, match=r"rules\[1\].id: r is the id of rules\[0\] already"):
        together(parse_rules("rules", [GOOD, GOOD]), [])


def test_built_in_rules_can_be_picked_by_their_ids_and_are_optional_only_if_they_are_not() -> None:
    assert [rule.id for rule in builtin_rules(["errors", "data-age"])] == ["data-age", "errors"]
    assert {rule.optional for rule in builtin_rules(None)} == {True}
    assert {rule.optional for rule in builtin_rules(["errors"])} == {False}
    assert builtin_rules([]) == []


def test_every_metric_can_be_measured() -> None:
    assert MEASURES.keys() == METRICS.keys()


# Contradictions


@pytest.mark.parametrize(
    ("metric", "one", "other", "contradict"),
    [
        ("requests", ("> ", 5), ("<", 3), True),
        ("requests", (">", 5), ("<", 6), True),
        ("requests", (">", 5), ("<", 7), False),
        ("requests", (">=", 5), ("<=", 5), False),
        ("requests", (">", 5), ("<=", 5), True),
        ("requests", (">=", 5.5), ("<", 6), True),
        ("error_ratio", (">", 0.5), ("<", 0.6), False),
        ("error_ratio", (">", 0.5), ("<", 0.5), True),
        ("requests", ("==", 5), ("==", 5), False),
        ("requests", ("==", 5), ("==", 6), True),
        ("requests", ("==", 5), ("!=", 5), True),
        ("requests", ("==", 5), ("!=", 6), False),
        ("requests", ("==", 5), (">=", 6), True),
        ("requests", ("<=", 5), ("!=", 6), False),
        ("requests", ("<=", 5), ("<=", 3), False),
    ],
)
def test_rules_that_cannot_both_hold_are_refused(metric: str, one: Any, other: Any, contradict: bool) -> None:
    rules = parse_rules(
        "rules",
        [
            {"id": "a", "metric": metric, "op": one[0].strip(), "value": one[1]},
            {"id": "b", "metric": metric, "op": other[0], "value": other[1]},
        ],
    )
    for each in (rules, rules[::-1]):
        if contradict:
            with pytest.raises(InvalidArgument, match="contradict each other"):
                check_consistency(each)
        else:
            check_consistency(each)


@pytest.mark.parametrize(
    "difference",
    [{"metric": "status200"}, {"per": "client"}, {"window": "8d"}, {"where": {"organization": "acme"}}],
)
def test_rules_about_different_figures_do_not_contradict_each_other(difference: dict[str, Any]) -> None:
    one = {"id": "a", "metric": "requests", "op": ">", "value": 5}
    check_consistency(parse_rules("rules", [one, {**one, "id": "b", "op": "<", "value": 3, **difference}]))


def test_the_built_in_rules_are_consistent_and_fit_into_what_is_collected_by_default() -> None:
    rules = builtin_rules(None)
    check_consistency(rules)
    for rule in rules:
        if rule.window not in (None, "period"):
            assert int((rule.window or "")[:-1]) + (rule.baseline or 0) <= 30


# The schema


def tool() -> Any:
    path = ROOT / "tests" / "tools" / "rules_schema.py"
    spec = importlib.util.spec_from_file_location("rules_schema", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCHEMA = json.loads((ROOT / "docs" / "schemas" / "rules-1.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_made_of_the_tables_that_rules_are_checked_by() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert tool().schema() == SCHEMA, "run python tests/tools/rules_schema.py"


def test_the_built_in_rules_fit_the_schema() -> None:
    VALIDATOR.validate({"schema": "genesyscloud.usage/rules/1", "rules": [dict(rule) for rule in builtin.RULES]})


FIELDS = {
    "id": st.sampled_from(["r", "data-age", "", "a b", "collection", 5]),
    "metric": st.sampled_from([*METRICS, "request", 5]),
    "of": st.sampled_from(["requests", "allowance", "days", "organizations", "status429", "x"]),
    "per": st.sampled_from([*PER, "clients"]),
    "window": st.sampled_from(["7d", "4w", "yesterday", "period", "0d", "today", 7]),
    "op": st.sampled_from([*OPS, "=<"]),
    "value": st.sampled_from([0.5, 1, "0.5", "x", True, -1, 20, 5000]),
    "severity": st.sampled_from(["fail", "warn", "error"]),
    "baseline": st.sampled_from(["28d", "4w", "0d", "month"]),
    "where": st.one_of(
        st.dictionaries(
            st.sampled_from([*WHERE, "client"]), st.sampled_from(["*", ["a", "b*"], [], "", 5]), max_size=2
        ),
        st.sampled_from(["x", 5]),
    ),
    "metrik": st.just("requests"),
}


@given(st.fixed_dictionaries({}, optional=FIELDS), st.booleans())
def test_the_schema_takes_what_the_collection_takes(rule: dict[str, Any], plausible: bool) -> None:
    if plausible:
        # Most rules by chance have several mistakes: here are those that have none, or one.
        rule = {"id": "r", "metric": "requests", "value": 1, "op": "<=", **rule}
        rule.pop("metrik", None)
    try:
        parse_rule("r", rule)
    except InvalidArgument as error:
        # What can never hold, and a share above 10, depend on more than one key: only the collection tells.
        if "never hold" in error.message or "is not above 10" in error.message or isinstance(rule.get("value"), str):
            return
        taken = False
    else:
        taken = True
    assert VALIDATOR.is_valid({"rules": [rule]}) is taken


def test_every_key_is_in_the_schema() -> None:
    assert SCHEMA["$defs"]["rule"]["properties"].keys() == set(KEYS)
