# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures over time, and who is in the store."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Any

import pytest
from fakes import FakeTime, row

from ansible_collections.genesyscloud.usage.plugins.module_utils.store import fleet, history
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import Outcome, keep_clients, record
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.reader import Selection
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

DAYS = [datetime.date(2026, 3, n) for n in range(1, 6)]
SELECTION = Selection("query", "client_id,template_uri")
ACME = dataclasses.replace(SELECTION, organization="acme")


def put(url: str, organization: str, *rows: Any, days: Any = DAYS, scope: str = "", service: str = "query") -> None:
    piece = Slice(organization, service, SELECTION.grouping, scope)
    writer = DayWriter(open_store(url, None, FakeTime().clock), piece, days)
    writer.mark()
    writer.add(list(rows))
    writer.commit("run", "execution")
    writer.close()


@pytest.fixture
def filled(store: Store, store_url: str) -> Store:
    put(
        store_url,
        "acme",
        row("2026-03-01", "c1", 10, client_name="Old name", template_uri="a"),
        row("2026-03-01", "c1", 20, client_name="Old name", template_uri="b"),
        row("2026-03-03", "c1", 5, client_name="New name", template_uri="a"),
        row("2026-03-03", "c2", 7, client_name="Other", template_uri="a", status400=2, status429=1),
        row("2026-03-05", "c3", 0, client_name="Silent", template_uri="a"),
    )
    put(store_url, "zeta", row("2026-03-02", "c1", 1000, template_uri="a"))
    put(store_url, "acme", row("2026-03-01", "c1", 9000, template_uri="a"), service="jobs")
    put(store_url, "acme", row("2026-03-01", "c1", 9000, template_uri="a"), scope="c1")
    return store


def test_every_day_that_was_collected_has_its_figures(filled: Store) -> None:
    found = list(history.daily(filled, ACME))
    assert [each.day for each in found] == DAYS
    assert [each.figures for each in found] == [
        (30, 30, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0), (14, 12, 0, 2, 1, 0), (0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)
    ]  # fmt: skip
    assert {each.run_id for each in found} == {"run"}
    assert history.organizations(filled, SELECTION) == ["acme", "zeta"]
    assert {each.organization for each in history.daily(filled, SELECTION)} == {"acme", "zeta"}


def test_subjects_are_summed_under_their_latest_name(filled: Store) -> None:
    found = [(each.key, each.name, each.first.day, each.last.day, each.figures[0])
             for each in history.subjects(filled, ACME, ["client_id"])]  # fmt: skip
    assert found == [
        (("c1",), "New name", 1, 3, 35), (("c2",), "Other", 3, 3, 9), (("c3",), "Silent", 5, 5, 0)
    ]  # fmt: skip
    by_both = {each.key: each.figures[0] for each in history.subjects(filled, ACME, ["template_uri", "client_id"])}
    assert by_both == {("a", "c1"): 15, ("b", "c1"): 20, ("a", "c2"): 9, ("a", "c3"): 0}
    window = dataclasses.replace(ACME, first="2026-03-02", last="2026-03-03")
    assert [(each.key, each.figures[0]) for each in history.subjects(filled, window, ["template_uri"])] == [
        (("a",), 14)
    ]


def test_a_subject_is_seen_on_days_with_traffic_alone(filled: Store) -> None:
    found = [(each.key, each.name, each.first.day, each.last.day) for each in history.seen(filled, ACME, ["client_id"])]
    assert found == [(("c1",), "", 1, 3), (("c2",), "", 3, 3)]
    assert [each.name for each in history.seen(filled, ACME, ["client_id"], named=True)] == ["New name", "Other"]
    assert [each.name for each in history.seen(filled, ACME, ["template_uri"], named=True)] == ["", ""]


def test_single_days_can_be_picked(filled: Store) -> None:
    found = list(history.on_days(filled, ACME, ["client_id"], [DAYS[0], DAYS[2]]))
    assert [(key, name, day.day, figures[0]) for key, name, day, figures in found] == [
        (("c1",), "Old name", 1, 30), (("c1",), "New name", 3, 5), (("c2",), "Other", 3, 9)
    ]  # fmt: skip
    assert list(history.on_days(filled, ACME, ["template_uri"], [DAYS[1]])) == []


@pytest.mark.parametrize(("selection", "dimensions"), [(ACME, []), (ACME, ["requests"]), (SELECTION, ["client_id"])])
def test_what_cannot_be_grouped_is_refused(filled: Store, selection: Selection, dimensions: list[str]) -> None:
    for read in (history.subjects, history.seen):
        with pytest.raises(ValueError, match="of one organization"):
            list(read(filled, selection, dimensions))


def test_the_database_finds_an_organization_s_days_by_its_indexes(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "postgresql" in filled.where:
        pytest.skip("PostgreSQL's plan depends on how much there is")
    asked: list[tuple[str, Any]] = []
    stream = filled.stream
    monkeypatch.setattr(filled, "stream", lambda *query: asked.append(query) or stream(*query))
    for read in (history.subjects, history.seen):
        list(read(filled, ACME, ["client_id"]))
    list(history.on_days(filled, ACME, ["client_id"], DAYS[:2]))
    list(history.daily(filled, ACME))
    assert len(asked) == 4
    for sql, values in asked:
        plan = " | ".join(step[3] for step in filled.execute(f"EXPLAIN QUERY PLAN {sql}", values))
        assert re.search(r"SEARCH c USING (COVERING )?INDEX sqlite_autoindex_coverage_1 \(organization=\?", plan), plan
        assert "usage_day" not in sql or "SEARCH u USING PRIMARY KEY (coverage_id=?)" in plan
        assert "SCAN" not in plan


# Who is there


def test_everybody_is_who_was_collected_or_should_have_been(filled: Store) -> None:
    record(filled, Outcome("r", "failed", "usage_query", "query", kind="unavailable", message="down"))
    assert fleet.everybody(filled) == ["acme", "failed", "zeta"]
    assert fleet.everybody(filled, collected=True) == ["acme", "zeta"]
    assert fleet.everybody(filled, "c1") == ["acme"]
    assert fleet.kept(filled) == [("jobs", SELECTION.grouping), ("query", SELECTION.grouping)]
    assert fleet.kept(filled, "c1") == [("query", SELECTION.grouping)]


def test_the_latest_collection_of_the_same_rows_tells_whether_it_failed(store: Store, time: FakeTime) -> None:
    def note(organization: str, kind: str | None, task: str = "usage_query", **more: Any) -> None:
        time.pass_by(1)
        fields = {"service": "query", "grouping": SELECTION.grouping, **more}
        record(store, Outcome(f"run-{time.now}", organization, task, kind=kind, message=kind and "down", **fields))

    note("better", "unavailable")
    note("better", None)
    note("worse", None)
    note("worse", "unavailable")
    note("begun", "unavailable")
    note("begun", None, submitted=True)
    note("lost", "unreachable", "connect", service="", grouping="")
    note("others", None)
    note("others", "unavailable", service="jobs")
    note("others", "unavailable", grouping="client_id")
    note("others", "unavailable", "oauth_client_info")
    note("others", "unavailable", "oauth_client_usage")
    found = fleet.latest_failures(store, SELECTION)
    assert {name: (each.kind, each.message, each.task) for name, each in found.items()} == {
        "worse": ("unavailable", "down", "usage_query"),
        "begun": ("unavailable", "down", "usage_query"),
        "lost": ("unreachable", "down", "connect"),
    }
    scoped = fleet.latest_failures(store, dataclasses.replace(SELECTION, scope="c1"))
    assert scoped.keys() == {"lost", "others"}


def test_clients_are_current_while_they_are_listed_and_active(store: Store, time: FakeTime) -> None:
    assert (fleet.has_clients(store), fleet.listed_clients(store, "acme")) == (False, {})
    made = {"created_at": "2026-03-01T00:00:00Z", "client_name": "CRM"}
    keep_clients(store, "acme", [{"client_id": "c1", **made}, {"client_id": "gone"}])
    time.pass_by(1)
    keep_clients(
        store, "acme", [{"client_id": "c1", "state": "active", **made}, {"client_id": "c2", "state": "disabled"}]
    )
    assert fleet.has_clients(store)
    assert fleet.listed_clients(store, "acme") == {
        "c1": fleet.Listed("c1", "CRM", "2026-03-01T00:00:00Z", current=True),
        "c2": fleet.Listed("c2", "", None, current=False),
        "gone": fleet.Listed("gone", "", None, current=False),
    }
    assert fleet.listed_clients(store, "zeta") == {}
