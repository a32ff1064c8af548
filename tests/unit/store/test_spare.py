# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store that is kept for its next use."""

from __future__ import annotations

import dataclasses
import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fakes import FakeTime, context, credentials, defaults, row, stored_rows
from tasks import TRAFFIC, ask, clients, ledger

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import StoreError, UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations import task
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.spare import LONGEST_REST, SpareStore
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice, Stored

DAYS = [datetime.date(2026, 3, 1)]
ACME = Slice("acme", "query", "client_id")


@pytest.fixture
def opened(store_url: str, time: FakeTime) -> tuple[SpareStore, list[Store]]:
    """What is to be tried, and the stores that it opened."""
    all_of_them: list[Store] = []

    def open_another() -> Store:
        all_of_them.append(open_store(store_url, None, time.clock))
        return all_of_them[-1]

    return SpareStore(open_another, time.clock), all_of_them


def is_open(store: Store) -> bool:
    try:
        store.execute("SELECT 1")
    except UsageError:
        return False
    return True


def test_what_was_given_back_is_taken_again(opened: tuple[SpareStore, list[Store]]) -> None:
    spare, stores = opened
    with spare.lent() as first:
        pass
    with spare.lent() as second, spare.lent() as third:
        assert second is first is not third
    assert [is_open(store) for store in stores] == [True, False]
    spare.close()
    assert not any(map(is_open, stores))


def test_after_an_error_it_is_closed(opened: tuple[SpareStore, list[Store]]) -> None:
    spare, stores = opened
    with pytest.raises(StoreError), spare.lent() as store:
        store.execute("SELECT nothing_like_that")
    assert not is_open(stores[0])
    assert spare.take() is not stores[0]
    spare.close()
    stores[1].close()


@pytest.mark.parametrize(
    ("sleeps", "kept"), [([0.1], True), ([0.4, 0.4], True), ([0.4, 0.4, 0.4], False), ([1.0], False), ([15.0], False)]
)
def test_who_waits_for_long_holds_none(
    opened: tuple[SpareStore, list[Store]], time: FakeTime, sleeps: list[float], kept: bool
) -> None:
    spare, stores = opened
    with spare.lent():
        pass
    clock = spare.resting(time.clock)
    for seconds in sleeps:
        clock.sleep(seconds)
    assert time.sleeps == sleeps
    assert is_open(stores[0]) is kept
    spare.close()


def test_what_lay_idle_is_not_used_again(opened: tuple[SpareStore, list[Store]], time: FakeTime) -> None:
    """A server or a firewall may have cut it while an answer was slow to come."""
    spare, stores = opened
    with spare.lent():
        pass
    time.pass_by(LONGEST_REST)
    with spare.lent() as store:
        assert store is not stores[0]
    assert not is_open(stores[0])
    spare.close()


def test_what_is_given_back_after_the_end_is_closed(opened: tuple[SpareStore, list[Store]]) -> None:
    """By a thread that a task which broke off did not wait for."""
    spare, stores = opened
    store = spare.take()
    spare.close()
    spare.give(store)
    assert not is_open(stores[0])


def test_one_writer_after_the_other_uses_it(opened: tuple[SpareStore, list[Store]], store: Store) -> None:
    spare, stores = opened
    for ok in (1, 2, 2):
        writer = DayWriter(spare.take(), ACME, DAYS, spare.give)
        writer.mark()
        writer.add([row("2026-03-01", "c1", ok)])
        done = writer.commit("run", f"execution-{ok}")
        writer.close()
    assert done == Stored(unchanged=1)
    assert [entry[7] for entry in stored_rows(store)] == [2]
    assert len(stores) == 1
    spare.close()


def test_a_writer_that_did_not_commit_closes_it(opened: tuple[SpareStore, list[Store]], store: Store) -> None:
    spare, stores = opened
    writer = DayWriter(spare.take(), ACME, DAYS, spare.give)
    writer.mark()
    writer.add([row()])
    writer.close()
    assert not is_open(stores[0])
    assert stored_rows(store) == []


def test_a_store_may_be_taken_in_another_thread(opened: tuple[SpareStore, list[Store]]) -> None:
    spare, stores = opened
    found: list[Any] = []

    def look() -> None:
        with spare.lent() as store:
            found.append(store.execute("SELECT 1").fetchone()[0])

    for _number in range(3):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    look()
    assert found == [1] * 4
    assert len(stores) == 1
    spare.close()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """The stores that tasks open."""
    all_of_them: list[Store] = []

    def counting(*arguments: Any) -> Store:
        all_of_them.append(open_store(*arguments))
        return all_of_them[-1]

    monkeypatch.setattr(task, "open_store", counting)
    return all_of_them


@pytest.mark.parametrize(("takes", "opens"), [(0.0, 1), (10.0, 2)])
def test_a_task_opens_its_store_once_and_again_after_a_wait(
    make: Any, time: FakeTime, store_url: str, counted: list[Store], takes: float, opens: int
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC, answer_after=takes)
    assert ask(acme, time, store=store_url, organization="acme", granularity="day")["stored"]["inserted"] == 3
    assert len(counted) == opens
    assert not any(map(is_open, counted))


def test_clients_one_after_the_other_share_it(make: Any, time: FakeTime, store_url: str, counted: list[Store]) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    given = {"store": store_url, "organization": "acme", "granularity": "day", "concurrency": 1}
    assert len(clients(acme, time, ["c1", "c2"], **given)["clients"]) == 2
    assert len(counted) == 1


def test_a_task_holds_none_while_it_waits_for_its_turn(
    make: Any, time: FakeTime, store_url: str, counted: list[Store]
) -> None:
    sandbox, acme = make(traffic=TRAFFIC)
    sandbox.faults.add({"retry_after": 42}, method="POST", path="usage", times=1)
    held: list[tuple[float, int]] = []

    def sleep(seconds: float) -> None:
        held.append((seconds, sum(map(is_open, counted))))
        time.pass_by(seconds)

    params = defaults(
        argspec.USAGE_QUERY, **credentials(acme), days=7, store=store_url, organization="acme", granularity="day"
    )
    usage_query(params, dataclasses.replace(context(time), clock=dataclasses.replace(time.clock, sleep=sleep)))
    assert held == [(42, 0), (0.1, 0)]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("name", ["slice", "incoming"])
def test_a_table_of_somebody_else_stays(
    make: Any, time: FakeTime, store_url: str, store: Store, name: str, check: bool
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    store.execute("CREATE TABLE slice (a INTEGER)" if name == "slice" else "CREATE TABLE incoming (a INTEGER)")
    given = {"store": store_url, "organization": "acme", "granularity": "day"}
    for _run in range(2):
        assert ask(acme, time, check=check, **given)["row_count"] == 3
    found = store.execute("SELECT a FROM slice" if name == "slice" else "SELECT a FROM incoming")
    assert found.fetchall() == []


def test_a_store_that_broke_is_not_what_the_failure_is_written_with(
    make: Any, time: FakeTime, store_url: str, counted: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    real: Callable[..., Stored] = DayWriter.commit

    def lost(self: DayWriter, *arguments: Any) -> Stored:
        counted[0].close()
        return real(self, *arguments)

    monkeypatch.setattr(DayWriter, "commit", lost)
    with pytest.raises(StoreError):
        ask(acme, time, store=store_url, organization="acme", granularity="day", run_id="night")
    assert len(counted) == 2
    assert [entry[2] for entry in ledger(store_url, time, "night")] == ["failed"]
