# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows on their way into the history."""

from __future__ import annotations

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, row, stored_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import StoreError
from ansible_collections.genesyscloud.usage.plugins.module_utils.store import writer as module
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice, Stored

DAYS = [datetime.date(2026, 3, n) for n in (1, 2, 3)]
ACME = Slice("acme", "query", "client_id")


def put(
    url: str, time: FakeTime, rows: list[Any], piece: Slice = ACME, days: Any = DAYS, check_mode: bool = False
) -> Stored:
    writer = DayWriter(open_store(url, None, time.clock, check_mode), piece, days)
    try:
        writer.mark()
        writer.add(rows)
        return writer.commit("run", "execution")
    finally:
        writer.close()


def coverage(store: Store) -> list[Any]:
    return store.execute("SELECT organization, day, row_count, requests FROM coverage ORDER BY 1, 2").fetchall()


FIRST = [row("2026-03-01", "c1", 1), row("2026-03-01", "c2", 2), row("2026-03-03", "c1", 3)]


def test_the_first_time_all_is_inserted(store: Store, store_url: str, time: FakeTime) -> None:
    assert put(store_url, time, FIRST) == Stored(inserted=3, days_added=3)
    assert [(entry[4], entry[5], entry[7]) for entry in stored_rows(store)] == [
        ("2026-03-01", "c1", 1),
        ("2026-03-01", "c2", 2),
        ("2026-03-03", "c1", 3),
    ]


def test_a_day_without_traffic_was_collected_all_the_same(store: Store, store_url: str, time: FakeTime) -> None:
    put(store_url, time, FIRST)
    assert coverage(store) == [
        ("acme", "2026-03-01", 2, 3),
        ("acme", "2026-03-02", 0, 0),
        ("acme", "2026-03-03", 1, 3),
    ]
    assert put(store_url, time, [], Slice("idle", "query", "client_id")) == Stored(days_added=3)
    assert [entry[2] for entry in coverage(store) if entry[0] == "idle"] == [0, 0, 0]


def test_the_second_time_nothing_changes(store: Store, store_url: str, time: FakeTime) -> None:
    put(store_url, time, FIRST)
    before = stored_rows(store), coverage(store)
    again = put(store_url, time, list(reversed(FIRST)))
    assert again == Stored(unchanged=3)
    assert not again.changed
    assert (stored_rows(store), coverage(store)) == before


def test_figures_that_moved_are_updated_rows_that_vanished_deleted_new_ones_inserted(
    store: Store, store_url: str, time: FakeTime
) -> None:
    put(store_url, time, FIRST)
    second = [row("2026-03-01", "c1", 1), row("2026-03-01", "c2", 5), row("2026-03-02", "c3", 7)]
    stored = put(store_url, time, second)
    assert stored == Stored(inserted=1, updated=1, deleted=1, unchanged=1)
    assert stored.changed
    assert [(entry[4], entry[5], entry[7]) for entry in stored_rows(store)] == [
        ("2026-03-01", "c1", 1),
        ("2026-03-01", "c2", 5),
        ("2026-03-02", "c3", 7),
    ]
    assert coverage(store) == [("acme", "2026-03-01", 2, 6), ("acme", "2026-03-02", 1, 7), ("acme", "2026-03-03", 0, 0)]


def test_days_that_were_not_asked_for_are_left_alone(store: Store, store_url: str, time: FakeTime) -> None:
    put(store_url, time, FIRST)
    assert put(store_url, time, [], days=DAYS[:1]) == Stored(deleted=2)
    assert [entry[4] for entry in stored_rows(store)] == ["2026-03-03"]


@pytest.mark.parametrize(
    "other",
    [
        Slice("other", "query", "client_id"),
        Slice("acme", "jobs", "client_id"),
        Slice("acme", "query", "client_id,template_uri"),
        Slice("acme", "query", "client_id", "c1"),
    ],
    ids=["organization", "service", "grouping", "scope"],
)
def test_what_is_not_comparable_never_touches_each_other(
    store: Store, store_url: str, time: FakeTime, other: Slice
) -> None:
    put(store_url, time, FIRST)
    assert put(store_url, time, FIRST, other) == Stored(inserted=3, days_added=3)
    assert put(store_url, time, [], other) == Stored(deleted=3)
    assert put(store_url, time, FIRST) == Stored(unchanged=3)
    assert len(stored_rows(store)) == 3


def test_what_a_service_splits_is_added_up(store: Store, store_url: str, time: FakeTime) -> None:
    twice = [row("2026-03-01", "c1", 4), row("2026-03-01", "c1", 6), row("2026-03-01", "c1", 1, client_name="new name")]
    assert put(store_url, time, twice) == Stored(inserted=2, days_added=3)
    assert sorted(entry[7] for entry in stored_rows(store)) == [1, 10]
    assert coverage(store)[0] == ("acme", "2026-03-01", 2, 11)
    assert put(store_url, time, twice) == Stored(unchanged=2)


def test_a_page_that_is_rolled_back_is_not_stored(store: Store, store_url: str, time: FakeTime) -> None:
    writer = DayWriter(open_store(store_url, None, time.clock), ACME, DAYS)
    writer.mark()
    writer.add([row("2026-03-01", "first")])
    writer.mark()
    writer.add([row("2026-03-01", "lost")] * 3)
    writer.rollback()
    writer.add([row("2026-03-01", "second")])
    writer.rollback()
    writer.add([row("2026-03-02", "third")])
    assert writer.commit("run", "execution").inserted == 2
    writer.close()
    assert [entry[5] for entry in stored_rows(store)] == ["first", "third"]


def test_while_rows_arrive_others_can_write(store: Store, store_url: str, time: FakeTime) -> None:
    writer = DayWriter(open_store(store_url, None, time.clock), ACME, DAYS)
    writer.mark()
    writer.add(FIRST)
    assert put(store_url, time, FIRST, Slice("other", "query", "client_id")).inserted == 3
    assert writer.commit("run", "execution").inserted == 3
    writer.close()


def test_days_know_their_run_and_their_execution(store: Store, store_url: str, time: FakeTime) -> None:
    put(store_url, time, FIRST)
    found = store.execute("SELECT DISTINCT run_id, execution_id, collected_at FROM coverage").fetchall()
    assert found == [("run", "execution", "2026-03-10T12:00:00Z")]


@pytest.mark.parametrize("existing", [True, False])
def test_check_mode_counts_what_would_be_and_writes_nothing(
    store_path: Path, store_url: str, time: FakeTime, existing: bool
) -> None:
    if existing:
        put(store_url, time, FIRST[:1])
    before = store_path.read_bytes() if existing else None
    expected = Stored(inserted=2, unchanged=1) if existing else Stored(inserted=3, days_added=3)
    for _time in range(2):
        assert put(store_url, time, FIRST, check_mode=True) == expected
    assert store_path.exists() is existing
    assert (store_path.read_bytes() if existing else None) == before


def test_counts_of_several_executions_add_up() -> None:
    one = Stored(1, 2, 3, 4, 5)
    assert one + one == Stored(2, 4, 6, 8, 10)
    assert not Stored(unchanged=4).changed
    assert Stored(days_added=1).changed


keys = st.tuples(st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03"]), st.sampled_from("abcd"))
contents = st.dictionaries(keys, st.integers(0, 5), max_size=12)


@settings(max_examples=25)
@given(st.lists(contents, min_size=1, max_size=4))
def test_a_store_always_has_what_was_collected_last_and_counts_are_true(collections: list[Any]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        url, time = f"sqlite:///{folder}/usage.db", FakeTime()
        had: dict[Any, int] = {}
        for number, content in enumerate(collections):
            stored = put(url, time, [row(date, client, ok) for (date, client), ok in content.items()])
            assert stored == Stored(
                inserted=len(content.keys() - had.keys()),
                updated=sum(had[key] != content[key] for key in content.keys() & had.keys()),
                deleted=len(had.keys() - content.keys()),
                unchanged=sum(had[key] == content[key] for key in content.keys() & had.keys()),
                days_added=0 if number else 3,
            )
            had = content
            with open_store(url, None, time.clock) as store:
                assert {(entry[4], entry[5]): entry[7] for entry in stored_rows(store)} == had
                assert sum(entry[3] for entry in coverage(store)) == sum(had.values())


# Many processes


def process(task: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Another process that writes; see writer_process.py."""
    collections = Path(module.__file__).parents[6]
    path = os.pathsep.join([str(collections), *sys.path])
    program = str(Path(__file__).with_name("writer_process.py"))
    return subprocess.Popen([sys.executable, program, task, *arguments], env={**os.environ, "PYTHONPATH": path})


def test_eight_processes_write_at_once_and_nothing_is_lost_or_doubled(store_url: str, time: FakeTime) -> None:
    # Nobody made the store before: they race for that too.
    processes = [process("collect", store_url, str(number)) for number in range(8)]
    assert [one.wait() for one in processes] == [0] * 8
    with open_store(store_url, None, time.clock) as store:
        sums = store.execute(
            "SELECT organization, COUNT(*), SUM(requests) FROM usage_row GROUP BY 1 ORDER BY 1"
        ).fetchall()
        base = sum(range(50))
        assert sums == [(f"o{n}", 50, base + 50 * n) for n in range(8)] + [("shared", 50, base)]
        assert len(coverage(store)) == 9 * 3
        if store_url.startswith("sqlite:"):
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_process_that_is_killed_in_the_middle_leaves_the_former_state(
    store_url: str, store_path: Path, time: FakeTime
) -> None:
    put(store_url, time, FIRST)
    assert process("killed", store_url).wait() == -signal.SIGKILL
    with open_store(store_url, None, time.clock) as store:
        assert [entry[7] for entry in stored_rows(store)] == [1, 2, 3]
        assert [entry[3] for entry in coverage(store)] == [3, 0, 3]
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert put(store_url, time, FIRST) == Stored(unchanged=3)


def test_a_lock_that_never_goes_away_is_an_error_that_says_so(
    store: Store, store_path: Path, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(store_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(StoreError, match="was locked by other writers"), store.transaction():
        raise AssertionError
    other.execute("ROLLBACK")
    other.close()
    with store.transaction():
        store.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")
