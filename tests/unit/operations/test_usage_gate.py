# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation usage_gate, on stores and on rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, context, defaults
from gates import ago, gate, judged, keep, of_rule, row, rule
from verdicts import validate

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument, StoreError, UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_gate import usage_gate
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import Outcome, keep_clients, record
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

WEEK = range(1, 8)
MONTH = range(1, 31)
BUSY = [row(n, "c1", requests=100) for n in MONTH] + [row(n, "c2", requests=50) for n in MONTH]
LEAST = rule("requests", "<=", 10**6)

WAIVER = {"rule": "r", "subject": "*", "reason": "Known", "owner": "team", "expires": "2026-12-31"}


@pytest.fixture
def filled(store_url: str, time: FakeTime) -> str:
    keep(store_url, time, BUSY, MONTH)
    return store_url


def query(days: int, **more: Any) -> dict[str, Any]:
    return {
        "service": "query", "report": "query", "granularity": "day", "group_by": ["client_id"], "filters": {},
        "interval": f"{ago(days)}/{ago(1)}", **more,
    }  # fmt: skip


def test_usage_within_bounds_passes_and_says_what_was_judged(filled: str, time: FakeTime) -> None:
    result = gate(time, store=filled, builtin_rules=None, allowance=1_000_000)
    assert (result["verdict"], result["exit_code"], result["blocks"], result["changed"]) == ("pass", 0, False, False)
    assert result["document"]["judged"] == {
        "service": "query", "group_by": ["client_id"], "client_id": None, "organizations": ["acme"],
        "first_day": str(ago(28)), "last_day": str(ago(1)), "as_of": str(ago(1)),
        "period": {"first_day": "2026-03-01", "last_day": "2026-03-31"},
    }  # fmt: skip
    assert {entry["rule"] for entry in result["document"]["passed"]} == {
        "collection", "data-age", "data-complete", "throttled", "throttled-clients", "errors", "errors-high",
        "allowance", "allowance-forecast", "growth", "new-clients",
    }  # fmt: skip
    assert [entry["rule"] for entry in result["document"]["left_out"]] == ["unknown-clients"]
    assert "so what a deploy of today does shows tomorrow" in result["msg"]


def test_a_breach_blocks_and_says_what_where_and_since_when(filled: str, time: FakeTime) -> None:
    result = gate(time, store=filled, rules=[rule("requests", "<=", 1000)])
    assert (result["failed"], result["failure"]["kind"], result["exit_code"]) == (True, "gate", 2)
    (found,) = of_rule(result)
    assert (found["measured"], found["allowed"], found["unit"]) == (1050, "<= 1000", "requests")
    assert found["subject"] == {"organization": "acme"}
    assert found["window"] == {"first_day": str(ago(7)), "last_day": str(ago(1))}
    # 150 a day: over 1000 for as long as seven days are known, and nobody can tell what was before.
    assert found["since"] is None
    assert "acme: requests 1,050 requests, allowed <= 1000" in result["msg"]
    assert ", since " not in result["msg"]


def test_since_when_is_the_day_after_the_last_that_held(store_url: str, time: FakeTime) -> None:
    keep(store_url, time, [row(n, "c1", requests=200 if n <= 5 else 100) for n in MONTH], MONTH)
    # Seven days have 700 until the sixth day back; from then on 800, 900, 1000, 1100 and 1200.
    (found,) = of_rule(gate(time, store=store_url, rules=[rule("requests", "<=", 1000)]))
    assert (found["measured"], found["since"]) == (1200, str(ago(2)))
    (found,) = of_rule(gate(time, store=store_url, rules=[rule("requests", "<=", 700)]))
    assert found["since"] == str(ago(5))


def test_a_task_that_shall_not_fail_returns_the_same(filled: str, time: FakeTime) -> None:
    result = gate(time, store=filled, rules=[rule("requests", "<=", 1000)], fail=False)
    assert (result.get("failed"), result["verdict"], result["blocks"]) == (None, "fail", True)


@pytest.mark.parametrize(("on_unknown", "blocks"), [("fail", True), ("warn", False), ("pass", False)])
def test_what_nobody_can_tell_is_unknown_whatever_is_made_of_it(
    store_url: str, time: FakeTime, on_unknown: str, blocks: bool
) -> None:
    keep(store_url, time, BUSY, [n for n in WEEK if n != 3])
    result = gate(time, store=store_url, rules=[LEAST], on_unknown=on_unknown)
    assert (result["verdict"], result["exit_code"], result["blocks"]) == ("unknown", 3, blocks)
    assert bool(result.get("failed")) is blocks
    assert f"1 of 7 days from {ago(7)} to {ago(1)} were not collected ({ago(3)})" in result["msg"]


def test_a_breach_is_there_whatever_the_missing_days_had(store_url: str, time: FakeTime) -> None:
    keep(store_url, time, BUSY, [n for n in WEEK if n != 3])
    assert judged(gate(time, store=store_url, rules=[rule("requests", "<=", 899)])) == "fail"
    assert judged(gate(time, store=store_url, rules=[rule("requests", "<=", 900)])) == "unknown"
    assert judged(gate(time, store=store_url, rules=[rule("requests", ">=", 1)])) == "unknown"


def test_a_breach_lasts_since_it_was_certain_despite_a_missing_day(store_url: str, time: FakeTime) -> None:
    keep(store_url, time, [row(n, requests=150) for n in range(1, 21) if n != 3], [n for n in MONTH if n != 3])
    (found,) = of_rule(gate(time, store=store_url, rules=[rule("requests", "<=", 899)]))
    # 150 a day from 20 days ago on: six days have 900, so the seven that ended 15 days ago are the first over 899.
    assert (found["measured"], found["since"]) == (900, str(ago(15)))


# Who is judged


def test_an_organization_that_was_never_collected_is_unknown_with_what_the_ledger_says(
    filled: str, time: FakeTime
) -> None:
    with open_store(filled, None, time.clock) as store:
        record(store, Outcome("r", "zeta", "usage_query", "query", "client_id", kind="permission", message="no right"))
    result = gate(time, store=filled, rules=[LEAST])
    (found,) = of_rule(result, "collection")
    assert (result["verdict"], found["subject"]) == ("unknown", {"organization": "zeta"})
    assert "zeta: no day of it was ever collected" in found["message"]
    assert "no right" in found["message"]
    assert judged(gate(time, store=filled, rules=[LEAST], organizations=["acme"])) == "pass"


@pytest.mark.parametrize("option", ["organizations", "expected_organizations"])
def test_an_organization_that_is_not_in_the_store_is_unknown(filled: str, time: FakeTime, option: str) -> None:
    result = gate(time, store=filled, rules=[LEAST], **{option: ["acme", "nobody"]})
    assert result["verdict"] == "unknown"
    assert [found["subject"]["organization"] for found in result["findings"]] == ["nobody"]
    assert gate(time, store=filled, rules=[LEAST], expected_organizations=["acme"])["verdict"] == "pass"


def test_a_store_without_the_organization_or_any_day_is_unknown(store_url: str, time: FakeTime) -> None:
    with open_store(store_url, None, time.clock):
        pass
    result = gate(time, store=store_url, rules=[LEAST])
    assert (result["verdict"], of_rule(result, "collection")[0]["subject"]) == ("unknown", {"organization": None})
    assert gate(time, store=store_url, rules=[LEAST], organizations=["acme"])["verdict"] == "unknown"


def test_a_collection_that_failed_last_is_unknown_until_one_does_not(filled: str, time: FakeTime) -> None:
    def outcome(kind: str | None, task: str = "usage_query", service: str = "query", by: str = "client_id") -> None:
        time.pass_by(60)
        with open_store(filled, None, time.clock) as store:
            record(store, Outcome(f"r{time.now}", "acme", task, service, by, kind=kind, message=kind))

    outcome("unavailable", "oauth_client_info")
    outcome("unavailable", by="template_uri")
    outcome("unavailable", service="jobs")
    outcome("unavailable", "oauth_client_usage")
    assert gate(time, store=filled, rules=[LEAST])["verdict"] == "pass"
    outcome("unavailable")
    result = gate(time, store=filled, rules=[LEAST])
    assert (result["verdict"], judged(result)) == ("unknown", "pass")
    assert "acme: its latest collection failed" in result["msg"]
    outcome(None)
    assert gate(time, store=filled, rules=[LEAST])["verdict"] == "pass"
    # Before it is known what would be asked there is neither service nor grouping.
    outcome("unreachable", "connect", "", "")
    assert gate(time, store=filled, rules=[LEAST])["verdict"] == "unknown"


def test_services_and_groupings_are_never_mixed(filled: str, time: FakeTime) -> None:
    keep(filled, time, [row(n, requests=10**9) for n in WEEK], WEEK, service="jobs")
    with pytest.raises(InvalidArgument, match="Say which rows are meant with service and group_by"):
        usage_gate(defaults(argspec.USAGE_GATE, store=filled), context(time))
    assert gate(time, store=filled, service="query", rules=[LEAST])["verdict"] == "pass"
    assert gate(time, store=filled, service="jobs", rules=[LEAST])["verdict"] == "fail"


def test_one_client_s_own_days_are_judged_by_themselves(filled: str, time: FakeTime) -> None:
    rows = [row(n, "", requests=7, template_uri="a") for n in WEEK]
    keep(filled, time, rows, WEEK, grouping="template_uri", scope="c1")
    wanted = {"store": filled, "client_id": "c1"}
    (found,) = of_rule(gate(time, **wanted, rules=[rule("requests", "<=", 48, per="client")]))
    assert (found["measured"], found["subject"]) == (49, {"organization": "acme", "client_id": "c1"})
    (found,) = of_rule(gate(time, **wanted, rules=[rule("requests", "<=", 48, per="template_uri")]))
    assert found["subject"] == {"organization": "acme", "client_id": "c1", "template_uri": "a"}


# Rows


def test_rows_are_judged_like_a_store(time: FakeTime) -> None:
    rows = [each for each in BUSY if each["date"] >= str(ago(7))]
    result = gate(time, rows=rows, query=query(7), organization="acme", rules=[rule("requests", "<=", 1049)])
    (found,) = of_rule(result)
    assert (found["measured"], found["verdict"], found["subject"]) == (1050, "fail", {"organization": "acme"})
    assert gate(time, rows=rows, query=query(7), rules=[rule("requests", "<=", 1050)])["verdict"] == "pass"


def test_rows_without_their_query_do_not_say_which_days_they_cover(time: FakeTime) -> None:
    rows = [row(n, requests=10) for n in WEEK]
    result = gate(time, rows=rows, rules=[rule("requests", "<=", 70)])
    assert (result["verdict"], judged(result)) == ("unknown", "unknown")
    assert "give the query that they answer" in result["msg"]
    assert result["document"]["passed"] == []
    assert judged(gate(time, rows=rows, rules=[rule("requests", "<=", 69)])) == "fail"


def test_no_rows_of_a_query_are_days_without_traffic(time: FakeTime) -> None:
    rules = [rule("requests", "==", 0), {**rule("error_ratio", "<=", 0), "id": "ratio"}]
    assert gate(time, rows=[], query=query(7), rules=rules)["verdict"] == "pass"
    assert gate(time, rows=[], rules=rules)["verdict"] == "unknown"


def test_built_in_rules_do_not_ask_for_days_that_rows_were_not_asked_for(time: FakeTime) -> None:
    rows = [row(n, requests=10) for n in WEEK]
    result = gate(time, rows=rows, query=query(7), builtin_rules=None)
    assert result["verdict"] == "pass"
    assert {entry["rule"] for entry in result["document"]["left_out"]} == {
        "growth", "new-clients", "allowance", "allowance-forecast", "unknown-clients"
    }  # fmt: skip
    named = gate(time, rows=rows, query=query(7), builtin_rules=["growth"])
    assert (named["verdict"], named["document"]["left_out"]) == ("unknown", [])


def test_rows_that_lack_a_figure_do_not_pass_for_zero(time: FakeTime) -> None:
    rows = [{"date": str(ago(n)), "client_id": "c1", "requests": 10} for n in WEEK]
    result = gate(time, rows=rows, query=query(7, metrics=["requests"]), rules=[rule("throttle_ratio", "<=", 0.1)])
    assert (result["verdict"], "the rows lack status429" in result["msg"]) == ("unknown", True)


@pytest.mark.parametrize(
    ("rows", "asked", "words"),
    [
        ([{"requests": 1}], query(7), r"rows\[0\].date: must be a day like 2026-12-31, not nothing"),
        ([row(1), row(9)], query(7), r"rows\[1\].date: .* is outside of the query's"),
        ([row(1) | {"requests": "many"}], query(7), r"rows\[0\].requests: must be a whole number"),
        ([row(1) | {"requests": -1}], query(7), r"rows\[0\].requests: must be a whole number"),
        ([row(1) | {"client_id": 5}], query(7), r"rows\[0\].client_id: must be text"),
        (
            [row(1, organization="a"), row(2, organization="b")],
            query(7),
            r"rows\[1\].organization: is 'b', and that of",
        ),
        ([row(1, service="query"), row(2, service="jobs")], query(7), r"rows\[1\].service: is 'jobs'"),
        ([row(1)], query(7, granularity=None), r"query.granularity: must be day"),
        ([row(1)], query(7, granularity="week"), r"query.granularity: must be day"),
        ([row(1)], query(7, filters={"platforms": ["web"]}), r"query.filters: must be empty"),
        ([row(1)], query(7, interval=None), r"query.interval: must be like"),
        ([row(1)], query(7, service="other"), r"query.service: there is no 'other'"),
    ],
)
def test_rows_that_cannot_be_judged_are_refused_with_the_place(
    time: FakeTime, rows: list[Any], asked: dict[str, Any], words: str
) -> None:
    params = defaults(argspec.USAGE_GATE, rows=rows, query=asked, rules=[LEAST])
    with pytest.raises(InvalidArgument, match=words):
        usage_gate(params, context(time))


# What makes judging impossible


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "There is nothing to judge"),
        ({"rows": [], "organizations": ["a"]}, "organizations is for a store"),
        ({"rows": [], "rules": [], "builtin_rules": []}, "There are no rules"),
        ({"rows": [], "rules": [{}]}, r"rules\[0\].id: is missing: rules\[0\] is empty"),
        ({"rows": [], "rules": [rule("request", "<=", 1)]}, r"rules\[0\].metric: there is no 'request', did you"),
        ({"rows": [], "builtin_rules": ["throtled"]}, r"builtin_rules\[0\]: .* did you mean throttled\?"),
        ({"rows": [], "allowance": "lots"}, "allowance: it must be a whole number"),
        ({"rows": [], "period_anchor": 32}, "1 to 31, not 32"),
        ({"rows": [], "waivers": [{**WAIVER, "rule": "x"}]}, r"waivers\[0\].rule: there is no rule 'x'"),
        ({"rows": [], "rules_file": "/nowhere/r.yml"}, "rules_file /nowhere/r.yml cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_the_verdict_is_unknown(
    time: FakeTime, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidArgument, match=words) as caught:
        usage_gate(defaults(argspec.USAGE_GATE, **given), context(time))
    result = caught.value.result()
    assert (result["verdict"], result["exit_code"], result["blocks"]) == ("unknown", 3, True)
    validate(result["document"])


def test_no_store_is_made_by_judging_it(time: FakeTime, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        usage_gate(defaults(argspec.USAGE_GATE, store=f"sqlite:///{tmp_path}/none.db"), context(time))
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_once_and_say_unknown_where_judging_is_impossible(
    filled: str, time: FakeTime, tmp_path: Path
) -> None:
    dest = tmp_path / "verdict.json"
    wanted: dict[str, Any] = {"store": filled, "rules": [LEAST], "outputs": {"verdict": str(dest)}}
    assert gate(time, check=True, **wanted)["changed"] is True
    assert not dest.exists()
    assert gate(time, **wanted)["changed"] is True
    assert json.loads(dest.read_text()) == gate(time, **wanted)["document"]
    assert gate(time, **wanted)["changed"] is False
    with pytest.raises(UsageError):
        usage_gate(defaults(argspec.USAGE_GATE, **{**wanted, "rules": [{}]}), context(time))
    assert json.loads(dest.read_text())["verdict"] == "unknown"
    nowhere = {**wanted, "outputs": {"verdict": f"{tmp_path}/no/such/folder.json"}}
    with pytest.raises(UsageError, match="does not exist") as caught:
        usage_gate(defaults(argspec.USAGE_GATE, **nowhere), context(time))
    assert (caught.value.kind, caught.value.result()["verdict"]) == ("destination", "pass")


# Clients


def test_clients_that_nobody_knows_are_those_outside_of_the_list(filled: str, time: FakeTime) -> None:
    unknown = [rule("unknown_client", "<=", 0, per="client")]
    assert "was never collected" in gate(time, store=filled, rules=unknown)["msg"]
    with open_store(filled, None, time.clock) as store:
        keep_clients(store, "acme", [{"client_id": "c1", "client_name": "CRM"}])
    (found,) = of_rule(gate(time, store=filled, rules=unknown))
    assert found["subject"] == {"organization": "acme", "client_id": "c2"}
    assert gate(time, store=filled, rules=unknown, known_clients=["c1", "c2"])["verdict"] == "pass"
    assert len(of_rule(gate(time, store=filled, rules=unknown, known_clients=[]))) == 2
