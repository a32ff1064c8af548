# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers, and files of rules that may have some."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, context, defaults
from gates import ago, gate, judged, of_rule, row, rule

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument, MissingLibrary
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate import rules_file
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.rules_file import read_rules_file
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.waivers import parse_waivers, waiver_for
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_gate import usage_gate

WAIVER = {"rule": "r", "subject": "acme", "reason": "Known", "owner": "team", "expires": str(ago(0))}
ROWS = [row(1, "c1", requests=60), row(1, "c2", requests=80)]
QUERY = {"service": "query", "granularity": "day", "group_by": ["client_id"], "interval": f"{ago(7)}/{ago(1)}"}
EACH = rule("requests", "<=", 50, per="client")


def verdict(waivers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    given = {"rows": ROWS, "query": QUERY, "organization": "acme", "rules": [EACH], "waivers": waivers, **more}
    return gate(FakeTime(), **given)


def test_a_breach_that_somebody_answers_for_does_not_count() -> None:
    result = verdict([WAIVER])
    assert (result["verdict"], result["counts"]["waived"]) == ("pass", 2)
    assert {found["verdict"] for found in of_rule(result)} == {"waived"}
    assert of_rule(result)[0]["waiver"] == WAIVER
    assert "waived by team until 2026-03-10 (Known)" in result["msg"]


@pytest.mark.parametrize("severity", ["fail", "warn"])
def test_a_waiver_that_expired_is_a_failure_and_says_so(severity: str) -> None:
    result = verdict([{**WAIVER, "expires": str(ago(1))}], rules=[{**EACH, "severity": severity}])
    assert (result["verdict"], result["counts"]["fail"]) == ("fail", 2)
    assert "the waiver of team expired on 2026-03-09 (Known)" in result["msg"]
    assert of_rule(result)[0]["waiver"]["expires"] == "2026-03-09"


def test_a_waiver_that_expired_says_nothing_where_the_rule_holds() -> None:
    expired = {**WAIVER, "expires": "2020-01-01"}
    assert verdict([expired], rules=[{**EACH, "value": 80}])["verdict"] == "pass"


@pytest.mark.parametrize(
    ("subject", "left"),
    [
        ("acme", 0),
        ("ac*", 0),
        ("*", 0),
        ("other", 2),
        ({"client_id": "c1"}, 1),
        ({"client_name": "Client c*"}, 0),
        ({"organization": "acme", "client_id": ["c1", "c2"]}, 0),
        ({"organization": "other", "client_id": "c1"}, 2),
        ({"template_uri": "*"}, 2),
    ],
)
def test_a_waiver_is_about_what_all_of_its_patterns_match(subject: Any, left: int) -> None:
    assert verdict([{**WAIVER, "subject": subject}])["counts"]["fail"] == left


def test_of_two_waivers_the_one_that_lasts_longer_counts() -> None:
    expired = {**WAIVER, "expires": "2020-01-01"}
    assert verdict([expired, WAIVER])["verdict"] == verdict([WAIVER, expired])["verdict"] == "pass"


def test_what_nobody_can_tell_cannot_be_waived() -> None:
    result = verdict([WAIVER], rules=[rule("requests", ">=", 1, window="14d")])
    assert judged(result) == "unknown"
    stale = {**QUERY, "interval": f"{ago(7)}/{ago(2)}"}
    data = rule("age_of_data", "<=", 1)
    assert judged(verdict([WAIVER], rules=[data], query=stale, rows=[])) == "unknown"


def test_a_waiver_of_another_rule_is_none() -> None:
    waivers = parse_waivers("waivers", [WAIVER], ["r", "s"])
    assert waiver_for(waivers, "s", {"organization": "acme"}) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rule": "s"}, r"waivers\[0\].rule: there is no rule 's', known are r"),
        ({"until": "2026-12-31"}, r"waivers\[0\].until: unknown key, known are rule, subject, reason, owner, expires"),
        ({"expire": "2026-12-31"}, r"waivers\[0\].expire: unknown key, did you mean expires\?"),
        ({"owner": None}, r"waivers\[0\].owner: is missing"),
        ({"reason": " "}, r"waivers\[0\].reason: must be text"),
        ({"expires": "soon"}, r"waivers\[0\].expires: must be a day like 2026-12-31, not the text 'soon'"),
        ({"expires": "2026-02-30"}, r"waivers\[0\].expires: must be a day"),
        ({"expires": 20261231}, r"waivers\[0\].expires: must be a day"),
        ({"subject": {}}, r"waivers\[0\].subject: must be a pattern for the organization, or a mapping"),
        ({"subject": {"client": "c1"}}, r"waivers\[0\].subject.client: unknown key, did you mean client_id\?"),
        ({"subject": {"client_id": []}}, r"waivers\[0\].subject.client_id: is an empty list"),
    ],
)
def test_a_mistake_in_a_waiver_is_told_with_its_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        parse_waivers("waivers", [{**WAIVER, **changes}], ["r"])


def test_a_day_that_yaml_made_one_is_a_day() -> None:
    day = datetime.date(2026, 12, 31)
    (waiver,) = parse_waivers("waivers", [{**WAIVER, "expires": day}], ["r"])
    assert (waiver.expires, waiver.given["expires"]) == (day, "2026-12-31")


# Files


def test_rules_and_waivers_of_a_file_come_on_top(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(
        "schema: genesyscloud.usage/rules/1\n"
        "rules:\n  - {id: r, metric: requests, per: client, op: <=, value: 50}\n"
        "waivers:\n  - {rule: r, subject: acme, reason: Known, owner: team, expires: 2026-12-31}\n"
    )
    more = [{**EACH, "id": "s", "value": 70}]
    result = verdict([], rules=more, rules_file=str(tmp_path / "rules.yml"))
    assert (result["counts"]["waived"], result["counts"]["fail"]) == (2, 1)
    clash = defaults(argspec.USAGE_GATE, rows=ROWS, query=QUERY, rules=[EACH], rules_file=str(tmp_path / "rules.yml"))
    with pytest.raises(InvalidArgument, match=r"rules\[0\].id: r is the id of rules_file rules.yml rules\[0\] already"):
        usage_gate(clash, context(FakeTime()))


def test_the_same_in_yaml_and_json(tmp_path: Path) -> None:
    content = {"rules": [EACH], "waivers": [WAIVER]}
    for name in ("rules.json", "rules.yml"):
        (tmp_path / name).write_text(json.dumps(content))
        assert read_rules_file(str(tmp_path / name)) == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("r.yml", "", "rules_file r.yml is empty"),
        ("r.yml", "- {id: r}", "rules_file r.yml: must be a mapping with schema, rules, waivers, not a list"),
        ("r.yml", "rule: []", r"rules_file r.yml.rule: unknown key, did you mean rules\?"),
        ("r.yml", "waivers: []", "rules_file r.yml.rules: is missing"),
        ("r.yml", "rules: []", "rules_file r.yml.rules: is empty, so nothing would be judged"),
        ("r.yml", "schema: rules/9\nrules: []", "rules_file r.yml.schema: there is no 'rules/9'"),
        ("r.yml", "rules: [", "rules_file r.yml cannot be read: .*line 1"),
        ("r.yml", "rules:\n  - id: a\n    value: 1\n    value: 100\n", "the key 'value' is there twice"),
        ("r.yml", "rules: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("r.yml", "? [a]\n: 1", "cannot be read"),
        ("r.yml", "a: 1\n---\nb: 2\n", "cannot be read"),
        ("r.yml", "a: &a [*a]\nrules: *a", "recursive"),
        ("r.json", "{", "rules_file r.json is no JSON: .*, line 1, column 2"),
        ("r.json", '{"rules": [{"value": 1, "value": 100}]}', "the key 'value' is there twice"),
    ],
)
def test_a_file_with_a_mistake_is_refused_in_one_sentence(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InvalidArgument, match=words) as caught:
        read_rules_file(str(tmp_path / name))
    assert "\n" not in caught.value.message


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_bytes(b"\xff\xfe\x00")
    for path, words in (("r.yml", "no UTF-8"), ("none.yml", "No such file"), ("", "Is a directory")):
        with pytest.raises(InvalidArgument, match=words):
            read_rules_file(str(tmp_path / path))


def test_yaml_needs_its_library_and_json_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_file, "HAS_YAML", False)
    for name in ("r.json", "r.yml"):
        (tmp_path / name).write_text(json.dumps({"rules": [EACH]}))
    assert read_rules_file(str(tmp_path / "r.json"))["rules"] == [EACH]
    with pytest.raises(MissingLibrary, match="PyYAML"):
        read_rules_file(str(tmp_path / "r.yml"))
