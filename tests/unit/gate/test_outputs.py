# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What shows a verdict: each form by itself, with names that try to be more than names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt
from verdicts import finding, passed, verdict, waived

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import DestinationError, InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.outputs import (
    azure,
    github,
    gitlab,
    junit,
    markdown,
    text,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.outputs import verdict as verdict_json
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.outputs.text import lines
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.outputs.write import write_outputs

HOSTILE = [
    "a|b||c",
    "``` `x` ```",
    "<script>alert(1)</script><img src=x onerror=y>",
    "&lt;b&gt; &amp; &#60;",
    "one\ntwo\r\n::error::three",
    "::set-output name=x::y",
    "##[group]x ##vso[task.setvariable variable=PATH]x",
    "\x1b]0;title\x07\x1b[31mred\x00\x08\x7f\x9b",
    "gpj.\u202eexe \u2066x\u2069 \u200b \u2028 \ufeff \uffff",
    "lone \ud800 surrogate",
    "[click](javascript:alert(1)) ![x](https://example.com/x.png) [x]: y",
    "https://example.com www.example.com somebody@example.com @everyone #1 !2 $x$",
    "**bold** _it_ ~~gone~~ \\| \\",
    "]]> <!-- --> </testcase> \"quoted\" 'quoted'",
    "100%25 %0A::warning::x %AZP25",
    "a: b, c;d=e]f",
    "Zürich 東京 🙂",
    "",
    " x ",
    "x" * 5000,
]
each_name = pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))


def hostile(name: str) -> dict[str, Any]:
    subject = {
        "organization": name, "client_id": name, "client_name": name, "template_uri": name, "http_method": name,
    }  # fmt: skip
    of = {"rule": "throttled", "subject": subject, "reason": name, "owner": name, "expires": "2026-12-31"}
    names = {"rule": name or "-", "message": name or "-", "subject": subject}
    return verdict(
        finding(**names), finding("unknown", measured=None, **names), finding("waived", waiver=of, **names),
        passed=(passed(name or "-", name),),
    )  # fmt: skip


# Names and figures


@each_name
def test_a_text_is_one_line_in_which_everything_can_be_seen(name: str) -> None:
    shown = text.visible(name)
    assert shown.isprintable()
    shown.encode()
    assert not re.search(r"##\w*\[", shown)


@given(st.text(st.characters(), max_size=50))
def test_whatever_a_text_is_it_can_be_seen(name: str) -> None:
    shown = text.visible(name)
    assert len(shown.splitlines()) <= 1
    assert "\u202e" not in shown
    shown.encode()
    assert text.visible(shown) == shown
    # Plain text is left as it is.
    assert shown == name or not name.isprintable() or "##" in name or "::" in name


def test_what_cannot_be_seen_is_shown_by_its_code() -> None:
    assert text.visible("a\nb\x1b\u202e\U000e0001\ud800\uffff") == "a b\\x1b\\u202e\\U000e0001\\ud800\\uffff"
    assert text.visible("##vso[x]##[y]#[z]") == "# #vso[x]# #[y]#[z]"
    assert text.visible("Zürich 東京") == "Zürich 東京"
    assert len(text.visible("y" * 5000)) == 1000


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1234567, "requests", "1,234,567 requests"),
        (1234.5678, "requests", "1,234.57 requests"),
        (0, "clients", "0 clients"),
        (0.0523, "ratio", "5.23 %"),
        (1, "ratio", "100 %"),
        (12.5, "ratio", "1,250 %"),
        (-3, "days", "-3 days"),
        (100, "", "100"),
    ],
)
def test_figures_can_be_read(value: float, unit: str, expected: str) -> None:
    assert text.number(value, unit) == expected


@pytest.mark.parametrize(
    ("found", "bound", "expected"),
    [
        (0.0523, 0.01, ("5.23 %", "<= 1 %")),
        (0.01, 0.01, ("1 %", "<= 1 %")),
        (0.0100004, 0.01, ("1.00004 %", "<= 1 %")),  # not 1 % where 1 % is allowed
        (None, 0.01, ("", "<= 1 %")),
    ],
)
def test_what_is_measured_can_be_told_from_what_is_allowed(
    found: float | None, bound: float, expected: tuple[str, str]
) -> None:
    one = finding(measured=found, value=bound)
    assert (text.measured(one), text.allowed(one)) == expected


def test_growth_is_told_in_times() -> None:
    one = finding(metric="growth", measured=2.5, value=2)
    assert (text.measured(one), text.allowed(one)) == ("2.5 times", "<= 2 times")


def test_a_subject_is_named_as_far_as_it_goes() -> None:
    assert text.subject(finding()) == "acme-emea, client Wallboard"
    assert text.subject(finding(subject={"organization": None})) == "all organizations"
    assert (
        text.subject(finding(subject={"organization": "a", "client_id": "c-2", "client_name": ""})) == "a, client c-2"
    )
    whole = {"organization": "a", "template_uri": "/api/v2/users", "http_method": "GET"}
    assert text.subject(finding(subject=whole)) == "a, /api/v2/users, GET"


def test_people_get_a_line_for_each_finding_and_the_age_of_the_data() -> None:
    document = verdict(finding(), finding("unknown"), finding("warn"), passed=(passed(),))
    shown = lines(document, 2, "verdict.json")
    assert shown[0] == "FAIL: 1 fail, 1 unknown, 1 warn, 2 pass"
    assert [line.split(":")[0] for line in shown[1:3]] == ["FAIL    throttled", "UNKNOWN throttled"]
    assert "5.23 % of 12,345 requests" in shown[1]
    assert shown[3:] == ["1 more, see verdict.json", document["note"]]
    assert lines(verdict(), 9, "-")[0] == "PASS: nothing was judged"
    left_out = [{"rule": "allowance", "reason": "no allowance is given"}]
    assert lines(verdict(left_out=left_out), 9, "-")[1] == "left out allowance: no allowance is given"


@each_name
def test_no_line_begins_a_command(name: str) -> None:
    for shown in lines(hostile(name), 9, "-"):
        assert shown.isprintable()
        assert not shown.lstrip().startswith("::")
        assert not re.search(r"##\w*\[", shown)


# verdict.json


@each_name
def test_the_document_comes_back_as_it_was(name: str) -> None:
    document = hostile(name)
    written = verdict_json.render(document)
    assert json.loads(written) == document
    assert written.isascii()
    assert not re.search(r"##\w*\[", written)
    assert [line for line in written.splitlines() if line.lstrip().startswith("::")] == []


def test_equal_verdicts_make_equal_bytes() -> None:
    document = verdict(finding(), passed=(passed(),))

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(entry) for entry in value] if isinstance(value, list) else value

    assert verdict_json.render(turned(document)) == verdict_json.render(document)
    assert verdict_json.render(document).splitlines()[1:4] == [
        ' "schema": "genesyscloud.usage/verdict/1",', ' "verdict": "fail",', ' "exit_code": 2,',
    ]  # fmt: skip


# JUnit


def cases(document: dict[str, Any]) -> dict[tuple[str, str], list[type]]:
    parsed = JUnitXml.fromstring(junit.render(document).encode())
    return {(case.classname, case.name): [type(found) for found in case.result] for suite in parsed for case in suite}


def test_a_test_case_for_each_rule_and_subject() -> None:
    us = {"organization": "acme-us"}
    document = verdict(
        finding(),
        finding("warn", rule="growth", subject=us),
        finding("unknown", rule="coverage", subject=us),
        waived("2026-12-31", rule="errors", subject=us),
        passed=(passed("throttled"), passed("growth", "acme-emea"), passed("all-there") | {"organizations": []}),
    )
    assert cases(document) == {
        ("throttled", "acme-emea, client Wallboard"): [Failure],
        ("throttled", "acme-emea, all others"): [],
        ("throttled", "acme-us"): [],
        ("growth", "acme-us"): [Failure],
        ("growth", "acme-emea"): [],
        ("all-there", "all organizations"): [],
        ("coverage", "acme-us"): [Error],
        ("errors", "acme-us"): [Skipped],
    }
    parsed = JUnitXml.fromstring(junit.render(document).encode())
    assert (parsed.tests, parsed.failures, parsed.errors, parsed.skipped) == (8, 2, 1, 1)
    parsed.update_statistics()  # counted anew
    assert (parsed.tests, parsed.failures, parsed.errors, parsed.skipped) == (8, 2, 1, 1)
    (throttled,) = [suite for suite in parsed if suite.name == "throttled"]
    (result,) = [found for case in throttled for found in case.result]
    assert result.message == document["findings"][0]["message"]
    assert result.text.splitlines()[1:] == [
        "metric: throttle_ratio", "client_id: c-1", "days: 2026-11-18 to 2026-11-24", "since: 2026-11-22",
    ]  # fmt: skip
    assert {found.name: found.value for found in throttled.properties()}["exit_code"] == "2"


def test_an_expired_waiver_is_a_failure_that_says_so() -> None:
    document = verdict(waived("2026-11-01", "fail"))
    assert "the waiver expired on 2026-11-01 by ops@example.com: Migration" in junit.render(document)
    assert list(cases(document).values()) == [[Failure]]


@each_name
def test_no_name_breaks_the_xml(name: str) -> None:
    document = hostile(name)
    found = cases(document)
    assert sorted(kind.__name__ for kinds in found.values() for kind in kinds) in (
        ["Error", "Failure", "Skipped"],
        ["Skipped"],  # all three have the same name, so the last is what the table keeps
    )
    parsed = JUnitXml.fromstring(junit.render(document).encode())
    assert (parsed.tests, parsed.failures, parsed.errors, parsed.skipped) == (4, 1, 1, 1)
    messages = [result.message for suite in parsed for case in suite for result in case.result]
    assert messages == [text.visible(name or "-")] * 3


def test_an_unknown_verdict_without_findings_is_no_success() -> None:
    document = verdict(verdict="unknown", exit_code=3, blocks=True)
    assert list(cases(document).values()) == [[Error]]
    assert cases(verdict()) == {}


# Markdown


def rendered(document: dict[str, Any], link: str | None = None) -> list[Any]:
    """As GitHub reads it: tables, struck out text, and addresses that become links by themselves."""
    parser = MarkdownIt("gfm-like", {"html": True})
    return parser.parse(markdown.render(document, link, "verdict.json"))


def inner(tokens: list[Any]) -> list[Any]:
    return [child for token in tokens for child in token.children or []]


@each_name
def test_no_name_is_more_than_text(name: str) -> None:
    document = hostile(name)
    tokens = rendered(document)
    kinds = {token.type for token in tokens + inner(tokens)}
    assert not kinds & {
        "html_block", "html_inline", "link_open", "image", "code_inline", "fence", "em_open", "s_open", "softbreak",
    }  # fmt: skip
    assert sum(token.type == "strong_open" for token in inner(tokens)) == 3
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type == "td_open"]
    assert (len(rows), len(cells)) == (4, 21)
    told = ["".join(child.content for child in token.children) for token in tokens if token.type == "inline"]
    shown = text.visible(name).strip()
    assert sum(entry.strip() == (shown or "-") for entry in told) >= 6


SPECIAL = st.sampled_from("ab|`*_[]()<>&\\!#~@:/.-+ \n\x1b\u202e$1w")


@settings(max_examples=40)
@given(st.lists(st.text(SPECIAL, max_size=30), min_size=1, max_size=4))
def test_whatever_names_are_the_table_has_its_cells(names: list[str]) -> None:
    document = verdict(*[finding(rule=name or "-", message=name or "-") for name in names])
    tokens = rendered(document)
    assert sum(token.type == "td_open" for token in tokens) == 7 * len(names)
    assert not {token.type for token in inner(tokens)} & {"html_inline", "link_open", "image", "code_inline", "em_open"}
    told = ["".join(child.content for child in token.children) for token in tokens if token.type == "inline"]
    # The cells of the table's body: the seventh of each row explains.
    body = told[-7 * len(names) :]
    assert body[6::7] == [text.visible(name or "-").strip() for name in names]


def test_a_summary_says_what_was_judged_and_leads_on() -> None:
    document = verdict(finding(), waived("2026-12-31"), passed=(passed(),))
    shown = markdown.render(document, "https://ci.example.com/1", "verdict.json")
    assert shown.startswith("## API usage: fail\n\nFAIL: 1 fail, 1 waived, 2 pass (of 4 judgements).\n")
    assert "what a deploy of today does shows tomorrow" in shown
    assert "| **fail** | throttled | acme-emea, client Wallboard | 5.23 % | &lt;= 1 % | 2026-11-22 |" in shown
    assert "[All of it](<https://ci.example.com/1>)" in shown
    assert "Passed: data-age (2)." in shown
    left_out = [{"rule": "allowance", "reason": "no allowance is given"}]
    shown = markdown.render(verdict(left_out=left_out), None, "verdict.json")
    assert "\nLeft out: allowance, because no allowance is given.\n" in shown
    assert "|" not in markdown.render(verdict(passed=(passed(),)), None, "verdict.json")


@pytest.mark.parametrize("link", [None, "https://ci.example.com/1"])
def test_a_summary_stays_below_one_mebibyte_worst_first(link: str | None) -> None:
    long = "東" * 900
    document = verdict(
        *(finding(message=long) for place in range(300)), *(finding("warn", message=long) for place in range(300))
    )
    shown = markdown.render(document, link, "verdict.json")
    assert 700_000 < len(shown.encode()) < 1024 * 1024
    count = shown.count("\n| **")
    assert "\n| **fail" in shown
    assert f"\n\n{600 - count:,} more, see {'<https://ci.example.com/1>' if link else 'verdict.json'}.\n" in shown
    assert sum(token.type == "tr_open" for token in rendered(document, link)) == count + 1


# Workflow commands


BACK = {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%"}


def commands(written: str) -> list[tuple[str, str, str]]:
    """As the runner of GitHub Actions reads a log (src/Runner.Common/ActionCommand.cs)."""
    found = []
    for line in written.split("\n"):
        if match := re.fullmatch(r"::(\w+) title=(.*?)::(.*)", line.strip()):
            told = [re.sub("%(0A|0D|3A|2C|25)", lambda found: BACK[found[0]], match[place]) for place in (2, 3)]
            found.append((match[1], told[0], told[1]))
        else:
            assert line == ""
    return found


@each_name
def test_a_name_is_no_workflow_command(name: str) -> None:
    document = hostile(name)
    found = commands(github.render(document, "verdict.json"))
    assert [kind for kind, _title, _text in found] == ["error", "error", "notice"]
    for (_kind, title, told), one in zip(found, document["findings"], strict=True):
        assert title == text.visible(f"{one['rule']}: {text.subject(one)}")
        assert told == text.visible(one["message"]).rstrip()


def test_annotations_are_as_many_as_are_shown_and_the_last_says_how_many_more() -> None:
    document = verdict(*[finding()] * 30, *[finding("unknown")] * 2, *[finding("warn")] * 10)
    found = commands(github.render(document, "verdict.json"))
    assert [kind for kind, _title, _text in found] == ["error"] * 10 + ["warning"] * 10
    assert found[9] == ("error", "API usage", "23 more, see verdict.json")
    assert found[19][1] == "throttled: acme-emea, client Wallboard"


def test_what_does_not_stop_the_pipeline_is_a_warning() -> None:
    document = verdict(finding("unknown"), on_unknown="warn", blocks=False)
    assert github.render(document, "-").startswith("::warning ")
    assert github.render(verdict(), "-") == ""


@each_name
def test_a_name_is_no_logging_command(name: str) -> None:
    written = azure.render(hostile(name), "verdict.json").splitlines()
    assert len(written) == 2  # what was waived is no issue
    for line in written:
        assert line.isprintable()
        assert re.findall(r"##\w*\[", line) == ["##vso["]
        assert line.startswith("##vso[task.logissue type=")
        assert re.sub("%(AZP25|0D|0A)", "", line).count("%") == 0


def test_azure_gets_a_page_of_issues() -> None:
    written = azure.render(verdict(*[finding()] * 60), "verdict.json").splitlines()
    assert len(written) == 51
    assert written[0].startswith("##vso[task.logissue type=error]throttled: acme-emea, client Wallboard: 5.23 %AZP25")
    assert written[-1] == "##vso[task.logissue type=warning]10 more, see verdict.json"


# GitLab


@each_name
def test_a_code_quality_report_has_what_gitlab_wants(name: str) -> None:
    document = hostile(name)
    issues = json.loads(gitlab.render(document))
    assert [issue["severity"] for issue in issues] == ["critical", "major", "info"]
    for issue in issues:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["description"] == issue["check_name"] == text.visible(name or "-")
        assert re.fullmatch(r"usage/[A-Za-z0-9_-][A-Za-z0-9._-]*", issue["location"]["path"])
        assert issue["location"]["lines"] == {"begin": 1}


def test_a_breach_keeps_its_fingerprint_from_day_to_day() -> None:
    def prints(*findings: dict[str, Any]) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(gitlab.render(verdict(*findings)))]

    today = prints(finding(), finding("warn", rule="growth"))
    assert prints(finding(measured=0.7, message="Another day", since=None), finding(rule="growth")) == today
    assert len({*today, *prints(finding(subject={"organization": "acme-us"}))}) == 3
    assert json.loads(gitlab.render(verdict())) == []


# Files


def wanted(folder: Path, **fields: Any) -> dict[str, Any]:
    forms = ("verdict", "junit", "markdown", "github", "gitlab", "azure")
    return {form: str(folder / form) for form in forms} | {"link": None} | fields


def test_files_are_written_once(tmp_path: Path) -> None:
    document = verdict(finding(), passed=(passed(),))
    result = write_outputs(document, wanted(tmp_path), check_mode=True)
    assert result["changed"] is True
    assert list(tmp_path.iterdir()) == []
    result = write_outputs(document, wanted(tmp_path), check_mode=False)
    assert len(result["outputs"]) == len(result["diff"]) == len(list(tmp_path.iterdir())) == 6
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert json.loads((tmp_path / "verdict").read_text()) == document
    assert {entry["after"] for entry in result["diff"]} == {path.read_text() for path in tmp_path.iterdir()}
    again = write_outputs(document, wanted(tmp_path), check_mode=False)
    assert (again["changed"], again["diff"]) == (False, [])


@pytest.mark.parametrize("bad", ["missing/junit", ".", "verdict/junit"])
def test_a_destination_that_cannot_be_written_changes_nothing(tmp_path: Path, bad: str) -> None:
    write_outputs(verdict(), wanted(tmp_path), check_mode=False)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DestinationError):
        write_outputs(verdict(finding()), wanted(tmp_path, azure=str(tmp_path / bad)), check_mode=False)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_two_outputs_are_two_files(tmp_path: Path) -> None:
    same = str(tmp_path / "." / "verdict")
    with pytest.raises(InvalidArgument, match="outputs: verdict and junit are the same file"):
        write_outputs(verdict(), wanted(tmp_path, junit=same), check_mode=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a b", "https://a>b", "ftp://x", "https://a\nb"])
def test_a_link_is_an_address(tmp_path: Path, link: str) -> None:
    with pytest.raises(InvalidArgument, match="must be one address"):
        write_outputs(verdict(), wanted(tmp_path, link=link), check_mode=False)


def test_without_outputs_nothing_is_written() -> None:
    assert write_outputs(verdict(), {}, check_mode=False) == {"changed": False, "diff": [], "outputs": {}}
