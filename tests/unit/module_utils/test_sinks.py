# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where rows go."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from fakes import TODAY, FakeTime, day, row, stored_rows
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.query import build, unknown
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import METRIC_NAMES
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import QUERY
from ansible_collections.genesyscloud.usage.plugins.module_utils.sinks import RowSink
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice, Stored

ASKED = build({"service": "query", "days": 3, "granularity": "day"}, "organization", TODAY)
PIECE = Slice("acme", "query", "client_id")


def test_rows_are_returned_where_they_are_kept_and_always_added_up() -> None:
    for keep in (True, False):
        sink = RowSink(ASKED, keep)
        sink.add([row(day(1), ok=3), row(day(2), ok=4)])
        assert len(sink.rows()) == (2 if keep else 0)
        assert (sink.totals.rows, sink.totals.as_dict()["requests"]) == (2, 7)


def test_rows_show_what_was_asked_for() -> None:
    sink = RowSink(ASKED, keep=True)
    sink.add([row(day(1), "c1", client_name="Client c1")])
    assert list(sink.rows()[0]) == ["date", "client_id", "client_name", *METRIC_NAMES]


def test_rows_of_an_unknown_question_show_what_they_have() -> None:
    sink = RowSink(unknown(QUERY, "organization"), keep=True)
    sink.add([row("", "", http_method="GET"), row("", "", platform="p")])
    assert list(sink.rows()[0]) == ["http_method", "platform", *METRIC_NAMES]


def test_the_name_of_a_client_is_the_last_one_a_row_gives() -> None:
    sink = RowSink(ASKED, keep=False)
    assert sink.client_name is None
    sink.add([row(client_name="Old"), row(client_name="New")])
    sink.add([row()])
    assert sink.client_name == "New"


def test_nothing_is_stored_without_a_writer() -> None:
    assert RowSink(ASKED, keep=True).commit("r", "e") == Stored()


@given(st.lists(st.one_of(st.just("mark"), st.just("rollback"), st.integers(1, 3)), max_size=25))
def test_a_rollback_goes_back_to_the_last_mark_in_all_places_alike(steps: list[Any]) -> None:
    time = FakeTime()
    kept: list[Any] = []
    marked = 0
    number = 0

    def in_memory() -> DayWriter:
        # In check mode a store that is not there is in memory: real statements, and no file.
        return DayWriter(open_store("sqlite:///unused", None, time.clock, True), PIECE, ASKED.days)

    with closing(RowSink(ASKED, True, in_memory)) as sink:
        sink.mark()
        for step in steps:
            if step == "mark":
                sink.mark()
                marked = len(kept)
            elif step == "rollback":
                sink.rollback()
                del kept[marked:]
            else:
                batch = [row(day(1), f"c{number + n}", ok=step) for n in range(step)]
                number += step
                sink.add(batch)
                kept += batch
        assert sink.totals.rows == len(kept)
        assert [entry["client_id"] for entry in sink.rows()] == [entry[1] for entry in kept]
        assert sink.totals.as_dict()["requests"] == sum(entry[8] for entry in kept)
        assert sink.commit("r", "e").inserted == len(kept)


def test_a_writer_is_made_only_when_rows_come(store: Store) -> None:
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        raise AssertionError

    sink = RowSink(ASKED, False, make)
    sink.mark()
    sink.add([])
    sink.rollback()
    sink.close()
    assert made == []


def test_what_was_thrown_away_is_not_stored(store: Store, store_url: str, time: FakeTime) -> None:
    sink = RowSink(ASKED, False, lambda: DayWriter(open_store(store_url, None, time.clock), PIECE, ASKED.days))
    sink.mark()
    sink.add([row(day(1), "first")])
    sink.mark()
    sink.add([row(day(1), "lost"), row(day(2), "lost")])
    sink.rollback()
    sink.add([row(day(2), "second")])
    assert sink.commit("r", "e") == Stored(inserted=2, days_added=3)
    sink.close()
    assert [entry[5] for entry in stored_rows(store)] == ["second", "first"]


@pytest.mark.parametrize("rows", [0, 2])
def test_what_was_not_committed_is_gone(store: Store, store_url: str, time: FakeTime, rows: int) -> None:
    sink = RowSink(ASKED, False, lambda: DayWriter(open_store(store_url, None, time.clock), PIECE, ASKED.days))
    sink.mark()
    sink.add([row(day(1), f"c{n}") for n in range(rows)])
    sink.close()
    assert stored_rows(store) == []
    assert store.execute("SELECT COUNT(*) FROM coverage").fetchone()[0] == 0
