# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are meant to do harm, judged by the gate and shown by the report: harmless in every form of either."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from corpus import NAMES, by_kind, ci_commands, formulas, raw_controls
from fakes import FakeTime, context, credentials, day, defaults, traffic

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_gate import usage_gate
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_report import usage_report

TAME = [f"Name {number}" for number in range(len(NAMES))]
OUTPUTS = ("verdict", "junit", "markdown", "github", "gitlab", "azure")
OWN = {"github": re.compile(r"^::(error|warning|notice|group|endgroup)\b"), "azure": re.compile(r"^##vso\[task\.")}
"""The commands that two of the gate's files are made of, at the beginning of a line."""
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def filled(make: Any, time: FakeTime, folder: Path, names: list[str]) -> str:
    """A store of three organizations, each of which has every name among its clients and endpoints."""
    rows = [
        traffic(day(1), f"c{number}", 10, client_name=name, template_uri=name, status429=5, status400=5)
        for number, name in enumerate(names)
    ]
    _sandbox, acme = make(traffic=rows)
    _sandbox, other = make(name="other", traffic=rows)
    url = f"sqlite:///{folder}/usage.db"
    for organization, label in ((acme, names[0]), (other, names[-5])):
        asked = {"days": 1, "granularity": "day", "group_by": ["client_id", "template_uri"]}
        params = defaults(argspec.USAGE_QUERY, **credentials(organization), **asked, store=url, organization=label)
        usage_query(params, context(time))
    return url


def judged(url: str, time: FakeTime, folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    rules = [
        {"id": f"busy-{per}", "metric": "requests", "per": per, "window": "1d", "op": "<=", "value": 1}
        for per in ("organization", "client", "template_uri")
    ]
    outputs = {name: str(folder / f"gate.{name}") for name in OUTPUTS}
    params = defaults(argspec.USAGE_GATE, store=url, rules=rules, builtin_rules=[], outputs=outputs)
    result = outcome(usage_gate, params, context(time))
    assert result["verdict"] == "fail", result["msg"]
    return result, {name: (folder / f"gate.{name}").read_text(encoding="utf-8") for name in OUTPUTS}


def reported(url: str, time: FakeTime, folder: Path, form: str) -> str:
    dest = folder / f"report.{form}"
    params = defaults(
        argspec.USAGE_REPORT, store=url, days=1, top=len(NAMES), charts=0, format=form, dest=str(dest), title=NAMES[0]
    )
    result = outcome(usage_report, params, context(time))
    assert not result.get("failed"), result["msg"]
    return dest.read_text(encoding="utf-8")


class Tags(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _value in attrs} | {(tag, "")}


def tags(page: str) -> set[tuple[str, str]]:
    reader = Tags()
    reader.feed(page)
    return reader.found


@pytest.fixture
def hostile_store(make: Any, time: FakeTime, tmp_path: Path) -> str:
    return filled(make, time, tmp_path, NAMES)


def test_a_verdict_is_harmless_in_every_form(hostile_store: str, time: FakeTime, tmp_path: Path) -> None:
    result, files = judged(hostile_store, time, tmp_path)
    assert len(result["findings"]) > len(NAMES)
    assert raw_controls(result["msg"].replace("\r\n", "\n")) == []
    assert ci_commands(result["msg"]) == []
    for name, text in files.items():
        assert raw_controls(text.replace("\r\n", "\n")) == [], name
        if name not in OWN:
            assert ci_commands(text) == [], name
            continue
        lines = [line for line in text.splitlines() if line.strip()]
        for line in lines:
            # One command a line, and that the gate's own.
            rest = OWN[name].sub("", line) if OWN[name].match(line) else line
            assert not re.match(r"\s*::\s*[A-Za-z]", rest), line
            assert not re.search(r"##\s*(\[|[A-Za-z]+\[)", rest), line
    ElementTree.fromstring(files["junit"])
    assert "<script" not in files["markdown"]
    assert "](https://evil" not in files["markdown"]


@pytest.mark.parametrize("form", ["html", "markdown", "csv", "json"])
def test_a_report_is_harmless_in_every_form(hostile_store: str, time: FakeTime, tmp_path: Path, form: str) -> None:
    text = reported(hostile_store, time, tmp_path, form)
    assert raw_controls(text.replace("\r\n", "\n")) == []
    assert ci_commands(text) == []
    assert "7*7" in text
    if form == "html":
        assert "<script>alert" not in text
    if form == "markdown":
        # In code nothing is markup.
        outside = re.sub(r"`[^`\n]*`", "", text)
        assert not re.search(r"<(script|img|b)\b", outside)
        assert "](https://evil" not in outside


@pytest.mark.parametrize("names", [NAMES, by_kind("formula")], ids=["all", "formulas"])
def test_no_cell_of_a_report_is_a_formula(make: Any, time: FakeTime, tmp_path: Path, names: list[str]) -> None:
    reported(filled(make, time, tmp_path, names), time, tmp_path, "csv")
    organizations, clients = (sheet(tmp_path / name) for name in ("report.csv", "report-clients.csv"))
    assert (len(organizations), len(clients)) == (1 + 2, 1 + 2 * len(names))
    cells = [cell for row in (*organizations, *clients) for cell in row]
    assert formulas(cell for cell in cells if not NUMBER.fullmatch(cell)) == []
    # They are all there: as text.
    assert {"'=1+1", "'+1+1", "'@SUM(1,1)", "'\t=1+1", "'\uff1d1+1"} <= set(cells)
    if names != NAMES:
        assert "'=1+1" in {row[0] for row in organizations}


def sheet(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8")
    assert raw_controls(text.replace("\r\n", "\n")) == []
    assert ci_commands(text) == []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_hostile_names_make_no_element_and_no_attribute_in_a_page(make: Any, time: FakeTime, tmp_path: Path) -> None:
    for name in ("hostile", "tame"):
        (tmp_path / name).mkdir()
    hostile = reported(filled(make, time, tmp_path / "hostile", NAMES), time, tmp_path / "hostile", "html")
    tame = reported(filled(make, time, tmp_path / "tame", TAME), time, tmp_path / "tame", "html")
    assert tags(hostile) <= tags(tame)
