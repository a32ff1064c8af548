# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report of rows that a task returned, without a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, day
from reports import page, report
from tasks import TRAFFIC, ask

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument


@pytest.fixture
def answered(make: Any, time: FakeTime, service: str) -> dict[str, Any]:
    _sandbox, acme = make(traffic=TRAFFIC)
    found: dict[str, Any] = ask(acme, time, service=service, group_by=["client_id"])
    return {"rows": found["rows"], "query": found["query"], "organization": "acme"}


def test_the_report_has_the_days_and_figures_of_the_query(
    answered: dict[str, Any], time: FakeTime, tmp_path: Path, service: str
) -> None:
    made = report(None, time, tmp_path / "report.html", **answered)
    assert (made["first_day"], made["last_day"]) == (day(7), day(1))
    assert made["totals"]["requests"] == sum(row["requests"] for row in answered["rows"]) == 38
    found = page(made["dest"])
    assert found.by_id("coverage").text == "The organization was collected"
    assert {row["Client"].split()[-1]: row["Requests"] for row in found.table("The busiest of")} == {
        "c1": "32", "c2": "6",
    }  # fmt: skip
    assert service in found.text
    time.pass_by(3600)
    assert report(None, time, tmp_path / "report.html", **answered)["changed"] is False


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"query": None}, "rows need query"),
        ({"rows": None}, "query goes with rows"),
        ({"rows": [{"date": "2026-03-09", "requests": "many"}]}, r"rows\[0\]"),
    ],
)
def test_rows_that_cannot_be_reported_are_refused(
    answered: dict[str, Any], time: FakeTime, tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidArgument, match=words):
        report(None, time, tmp_path / "report.html", **{**answered, **given})


def test_all_metrics_are_needed(answered: dict[str, Any], time: FakeTime, tmp_path: Path) -> None:
    answered["query"]["metrics"] = ["requests"]
    with pytest.raises(InvalidArgument, match="status429, status500 were not asked for"):
        report(None, time, tmp_path / "report.html", **answered)
