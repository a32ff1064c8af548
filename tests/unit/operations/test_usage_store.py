# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation usage_store, on a store that was filled from the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FIGURES, FakeTime, context, day, defaults
from tasks import TRAFFIC, ask, keep

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_store import usage_store


@pytest.fixture
def filled(make: Any, time: FakeTime, store_url: str, service: str) -> str:
    _sandbox, acme = make(traffic=TRAFFIC)
    ask(acme, time, service=service, store=store_url, organization="acme", run_id="r1", group_by=["client_id"])
    return store_url


def test_a_store_is_made_once(time: FakeTime, store_url: str, store_path: Path) -> None:
    assert keep(store_url, time, check=True)["changed"] is True
    assert not store_path.exists()
    result = keep(store_url, time)
    assert result == {
        "changed": True, "schema_version": 1, "organizations": 0, "runs": 0, "days": 0, "rows": 0, "oauth_clients": 0
    }  # fmt: skip
    assert keep(store_url, time)["changed"] is False


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_rows_are_exported_once_and_the_same_content_changes_nothing(
    filled: str, time: FakeTime, tmp_path: Path, form: str, service: str
) -> None:
    dest = tmp_path / "out"
    wanted = {"dest": str(dest), "format": form}
    assert keep(filled, time, check=True, export=wanted)["changed"] is True
    assert not dest.exists()
    result = keep(filled, time, export=wanted)
    assert result["changed"] is True
    assert result["exported"]["row_count"] == 3
    assert result["exported"]["totals"]["requests"] == 38
    assert result["diff"]["after"] == dest.read_text()
    assert keep(filled, time, export=wanted)["changed"] is False
    assert dest.stat().st_mode & 0o777 == 0o600
    text = dest.read_text()
    if form == "json":
        document = json.loads(text)
        assert sum(entry["requests"] for entry in document["rows"]) == document["totals"]["requests"] == 38
    elif form == "jsonl":
        assert sum(json.loads(line)["requests"] for line in text.splitlines()) == 38
    else:
        assert text.splitlines()[0] == "organization,service,date,client_id,client_name," + ",".join(FIGURES)
        assert len(text.splitlines()) == 4


def test_days_of_an_export_can_be_chosen(filled: str, time: FakeTime, tmp_path: Path) -> None:
    def exported(**wanted: Any) -> int:
        return keep(filled, time, export={"dest": str(tmp_path / "out"), **wanted})["exported"]["totals"]["requests"]

    assert exported(days=1) == 12
    assert exported(interval=f"{day(2)}/{day(2)}") == 26
    assert exported(organization="acme") == 38


def test_a_summary_has_sums_the_busiest_and_what_came_of_the_run(filled: str, time: FakeTime) -> None:
    note = {"task": "connect", "kind": "unreachable", "reason": "no route"}
    keep(filled, time, run_id="r1", organization="lost", note_failure=note)
    summary = keep(filled, time, run_id="r1", summary={"top": 1})["summary"]
    assert summary["run_id"] == "r1"
    assert [(entry["organization"], entry["kind"], entry["message"]) for entry in summary["failed"]] == [
        ("lost", "unreachable", "no route")
    ]
    assert summary["api_calls"] == 4
    assert summary["totals"]["requests"] == 38
    assert [entry["organization"] for entry in summary["organizations"]] == ["acme"]
    assert [(entry["client_id"], entry["requests"]) for entry in summary["top_clients"]] == [("c1", 32)]
    assert "top_template_uris" not in summary


def test_a_summary_of_an_empty_store_is_zeros(time: FakeTime, store_url: str) -> None:
    summary = keep(store_url, time, summary={})["summary"]
    assert (summary["run_id"], summary["organizations"], set(summary["totals"].values())) == (None, [], {0})


def test_pruning_keeps_so_many_complete_days(filled: str, time: FakeTime) -> None:
    result = keep(filled, time, check=True, state="pruned", keep_days=1)
    assert (result["changed"], result["pruned"]["rows"]) == (True, 2)
    assert keep(filled, time)["rows"] == 3
    assert keep(filled, time, state="pruned", keep_days=7)["changed"] is False
    assert keep(filled, time, state="pruned", keep_days=1)["rows"] == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"store": None}, "GENESYSCLOUD_USAGE_STORE"),
        ({"state": "pruned"}, "go together"),
        ({"keep_days": 5}, "go together"),
        ({"state": "pruned", "keep_days": 0}, "keep_days must be"),
        ({"state": "pruned", "keep_days": 10**9}, "keep_days must be"),
        ({"summary": {"top": 0}}, "top must be from 1 to 1000"),
        ({"summary": {"days": 0}}, "days must be"),
        ({"summary": {"interval": "x"}}, "not an interval"),
        ({"summary": {"service": "other"}}, "has no such rows"),
        ({"export": {"dest": "/tmp/x", "group_by": ["user_id"]}}, "has no such rows"),
        ({"export": {"dest": "/tmp/x", "group_by": ["client_id", "colour"]}}, "colour is unknown; known are client_id"),
        ({"summary": {}, "run_id": "r9"}, "has no run 'r9'; its latest is "),
        ({"note_failure": {"task": "t", "kind": "k", "reason": "m"}}, "needs run_id and organization"),
    ],
)
def test_what_makes_no_sense_for_a_store_is_refused(
    filled: str, time: FakeTime, given: dict[str, Any], words: str
) -> None:
    params = defaults(argspec.USAGE_STORE, **{"store": filled, **given})
    with pytest.raises(InvalidArgument, match=words):
        usage_store(params, context(time))
