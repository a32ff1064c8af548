# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation usage_report: its options, its files, and what it says when something is wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, day
from reports import failed, kept, page, report, steady

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import (
    DestinationError,
    InvalidArgument,
    StoreError,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.report import drawing

FORMS = ("html", "markdown", "csv", "json")


@pytest.fixture
def filled(store_url: str, time: FakeTime) -> str:
    kept(store_url, time, "acme", [*steady("c1"), *steady("c2", 1, status400=2, status429=1)])
    kept(store_url, time, "globex", steady("c1", 100))
    failed(store_url, time, "lost", "permission", "HTTP 403: not allowed")
    return store_url


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_written_once_and_equal_figures_change_nothing(
    filled: str, time: FakeTime, tmp_path: Path, form: str
) -> None:
    dest = tmp_path / "report.out"
    assert report(filled, time, dest, check=True, format=form)["changed"] is True
    assert list(tmp_path.glob("report*")) == []
    first = report(filled, time, dest, format=form)
    assert first["changed"] is True
    assert first["dest"] == str(dest)
    assert first["totals"]["requests"] == 30 * (10 + 3 + 100)
    assert first["coverage"] == {"organizations": 3, "complete": 2, "incomplete": ["lost"]}
    assert all(os.stat(path).st_mode & 0o777 == 0o600 for path in first["files"])
    before = {path: Path(path).read_bytes() for path in first["files"]}
    time.pass_by(3600)
    second = report(filled, time, dest, format=form)
    assert second["changed"] is False
    assert second["diff"] == []
    assert {path: Path(path).read_bytes() for path in second["files"]} == before


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_is_made_with_the_report_in_it(filled: str, time: FakeTime, tmp_path: Path, form: str) -> None:
    dest = f"{tmp_path}/made/"
    checked = report(filled, time, dest, check=True, format=form)
    assert checked["changed"] is True
    assert not Path(dest).exists()
    made = report(filled, time, dest, format=form)
    assert made["files"] == checked["files"]
    assert sorted(made["files"]) == sorted(str(path) for path in Path(dest).rglob("*") if path.is_file())
    assert os.stat(dest).st_mode & 0o777 == 0o700
    assert report(filled, time, f"{tmp_path}/made", format=form)["changed"] is False


def test_pages_of_a_folder_are_linked_and_named_by_what_is_safe(store_url: str, time: FakeTime, tmp_path: Path) -> None:
    names = ["../../etc/passwd", "acme", "Acme", "ac me", "\u202eevil", "x" * 300, ".."]
    for name in names:
        kept(store_url, time, name, steady())
    made = report(store_url, time, f"{tmp_path}/all/")
    pages = [Path(path) for path in made["files"][1:]]
    assert len({path.name.lower() for path in pages}) == len(names)
    assert {path.parent for path in pages} == {tmp_path / "all" / "organizations"}
    assert all(path.name.isascii() and len(path.name) < 100 for path in pages)
    index = page(made["dest"])
    links = [link.attributes["href"] or "" for link in index.by_id("organizations").every() and index.all("a")]
    linked = {tmp_path / "all" / link for link in links if link.startswith("organizations/")}
    assert linked == set(pages)
    for path in pages:
        assert (path.parent / (page(path).all("nav")[0].all("a")[0].attributes["href"] or "")).resolve().exists()


def test_a_verdict_is_shown_from_a_file_or_as_it_is(filled: str, time: FakeTime, tmp_path: Path) -> None:
    found = {"rule": "r", "verdict": "fail", "subject": {"organization": "acme"}, "message": "too many"}
    verdict = {
        "schema": "genesyscloud.usage/verdict/1", "verdict": "fail", "judged": {}, "note": "yesterday",
        "counts": {"pass": 3, "fail": 1}, "findings": [found],
    }  # fmt: skip
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps(verdict), encoding="utf-8")
    for given in (verdict, str(path)):
        made = report(filled, time, tmp_path / "report.html", verdict=given)
        assert "findings" in made["sections"]
        (row,) = page(made["dest"]).table("Findings")
        assert row == {"About": "acme", "Verdict": "fail", "Rule": "r", "Finding": "too many"}
    assert "findings" not in report(filled, time, tmp_path / "report.html")["sections"]


def test_without_the_library_for_charts_the_report_has_tables_and_a_note(
    filled: str, time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_charts = page(report(filled, time, tmp_path / "with.html")["dest"])
    assert with_charts.all("svg")
    monkeypatch.setattr(drawing, "VL_CONVERT", None)
    made = report(filled, time, tmp_path / "without.html")
    assert made["warnings"] == [drawing.NOTE]
    without = page(made["dest"])
    assert without.all("svg") == []
    assert drawing.NOTE in without.text
    assert len(without.all("table")) == len(with_charts.all("table"))
    assert without.table("Requests a day, by")[0] == with_charts.table("Requests a day, by")[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"store": None}, "GENESYSCLOUD_USAGE_STORE"),
        ({"top": 0}, "top must be from 1 to 1000"),
        ({"charts": -1}, "charts must be from 0"),
        ({"days": 0}, "days must be"),
        ({"days": 3, "interval": "2026-01-01/2026-01-02"}, "exclude each other"),
        ({"interval": "x"}, "not an interval"),
        ({"period_anchor": 32}, "period_anchor"),
        ({"allowance": -1}, "allowance"),
        ({"service": "jobs"}, "has no such rows"),
        ({"organizations": ["nobody"]}, "knows nothing in these days .* 'nobody'"),
        ({"organization": "nobody"}, "'nobody'"),
        ({"verdict": "/no/such/file"}, "cannot be read"),
        ({"verdict": {"schema": "other"}}, "must be a verdict of the gate"),
        ({"verdict": {"schema": "genesyscloud.usage/verdict/1"}}, "verdict: verdict is missing"),
    ],
)
def test_what_makes_no_sense_for_a_report_is_refused(
    filled: str, time: FakeTime, tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidArgument, match=words):
        report(**{"url": filled, "time": time, "dest": tmp_path / "x.html", **_as_url(given)})
    assert not (tmp_path / "x.html").exists()


def test_a_path_that_was_mistyped_does_not_become_an_empty_store(time: FakeTime, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no store .*usgae\.db; collect into it first"):
        report(f"sqlite:///{tmp_path}/usgae.db", time, tmp_path / "x.html")
    assert list(tmp_path.iterdir()) == []


def _as_url(given: dict[str, Any]) -> dict[str, Any]:
    return {"url" if name == "store" else name: value for name, value in given.items()}


def test_a_place_that_cannot_be_written_is_said(filled: str, time: FakeTime, tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match="does not exist"):
        report(filled, time, tmp_path / "no" / "report.html")
    with pytest.raises(DestinationError, match="cannot be made"):
        report(filled, time, f"{tmp_path}/no/such/")


def test_the_period_is_thirty_days_where_nothing_else_is_said(filled: str, time: FakeTime, tmp_path: Path) -> None:
    made = report(filled, time, tmp_path / "report.html")
    assert (made["first_day"], made["last_day"]) == (day(30), day(1))
    made = report(filled, time, tmp_path / "report.html", interval=f"{day(9)}/{day(3)}")
    assert (made["first_day"], made["last_day"]) == (day(9), day(3))
