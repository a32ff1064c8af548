# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many pieces of work and a few threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from typing import Any

import pytest
from fakes import FakeTime
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import NotFound, StoreError, UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.pool import drive, run_all


def job(result: Any, *pauses: float) -> Any:
    def steps() -> Generator[float, None, Any]:
        yield from pauses
        if isinstance(result, BaseException):
            raise result
        return result

    return steps


def collect(jobs: list[Any], workers: int, clock: Clock) -> dict[int, Any]:
    found: dict[int, Any] = {}
    lock = threading.Lock()

    def done(number: int, outcome: Any) -> None:
        with lock:
            assert number not in found, "nothing is done twice"
            found[number] = outcome

    run_all(jobs, workers, clock, done)
    return found


@settings(max_examples=40)
@given(
    pauses=st.lists(st.lists(st.floats(0, 50), max_size=4), max_size=30),
    workers=st.integers(1, 6),
)
def test_every_job_is_done_once_with_its_own_result(pauses: list[list[float]], workers: int) -> None:
    jobs = [job(f"result {number}", *wanted) for number, wanted in enumerate(pauses)]
    found = collect(jobs, workers, FakeTime().clock)
    assert found == {number: f"result {number}" for number in range(len(pauses))}


def test_one_worker_goes_on_with_others_while_one_waits(time: FakeTime) -> None:
    order: list[str] = []

    def steps(name: str) -> Any:
        def run() -> Generator[float, None, str]:
            order.append(f"{name} begins")
            yield 10
            order.append(f"{name} ends at {time.now - 1000:g}")
            return name

        return run

    collect([steps("a"), steps("b"), steps("c")], 1, time.clock)
    assert order == ["a begins", "b begins", "c begins", "a ends at 10", "b ends at 10", "c ends at 10"]
    assert time.slept == 10


def test_what_is_due_goes_before_what_was_not_begun_yet(time: FakeTime) -> None:
    order: list[str] = []

    def steps(name: str, *pauses: float) -> Any:
        def run() -> Generator[float, None, None]:
            for pause in pauses:
                order.append(name)
                yield pause
            order.append(name)

        return run

    collect([steps("a", 0, 0), steps("b")], 1, time.clock)
    assert order == ["a", "a", "a", "b"]


def test_no_more_than_the_workers_are_at_work_at_once_and_all_of_them_are() -> None:
    together = threading.Barrier(4, timeout=10)
    running, most = 0, 0
    lock = threading.Lock()

    def steps() -> Generator[float, None, None]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        with lock:
            running -= 1
        yield 0

    collect([steps] * 16, 4, FakeTime().clock)
    assert most == 4


def test_jobs_are_begun_only_when_somebody_has_time(time: FakeTime) -> None:
    begun: list[int] = []

    def jobs() -> Generator[Any, None, None]:
        for number in range(1000):
            begun.append(number)
            yield job(number)

    def done(number: int, outcome: Any) -> None:
        raise StoreError("full")

    with pytest.raises(StoreError):
        run_all(jobs(), 1, time.clock, done)
    assert begun == [0]


def test_the_error_of_one_job_is_its_result_and_stops_no_other(time: FakeTime) -> None:
    error = NotFound("gone")
    found = collect([job(1), job(error, 3), job(3, 5), job(NotFound("at once"))], 2, time.clock)
    assert (found[0], found[1], found[2]) == (1, error, 3)
    assert isinstance(found[3], NotFound)


def test_done_may_stop_everything_by_raising(time: FakeTime) -> None:
    seen: list[int] = []

    def done(number: int, outcome: Any) -> None:
        seen.append(number)
        if isinstance(outcome, UsageError):
            raise outcome

    with pytest.raises(StoreError, match="disk"):
        run_all([job(0), job(StoreError("disk")), *[job(n) for n in range(50)]], 1, time.clock, done)
    assert seen == [0, 1]


def test_a_defect_in_a_job_comes_out_and_stops_everything(time: FakeTime) -> None:
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError):
        run_all([job(0), job(ZeroDivisionError()), job(2)], 1, time.clock, lambda number, _outcome: seen.append(number))
    assert seen == [0]


def test_without_work_nothing_happens(time: FakeTime) -> None:
    assert collect([], 4, time.clock) == {}


def test_one_piece_is_driven_by_sleeping(time: FakeTime) -> None:
    assert drive(job("result", 1, 2.5, 0)(), time.clock) == "result"
    assert time.sleeps == [1, 2.5, 0]


def test_driving_lets_errors_through(time: FakeTime) -> None:
    with pytest.raises(NotFound):
        drive(job(NotFound("gone"), 1)(), time.clock)


INTERRUPTED = """
import os, signal, threading
# Where the tests run in the background of a shell, this is ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.pool import run_all

def sleep(seconds):
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(seconds)

def steps():
    yield 600.0

run_all([steps] * 5, 3, Clock(sleep=sleep), lambda number, outcome: None)
"""


def test_who_interrupts_does_not_wait_until_the_threads_have_slept_enough() -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], check=False, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert "KeyboardInterrupt" in done.stderr
    assert done.returncode == -signal.SIGINT


@pytest.mark.parametrize("workers", [1, 16])
def test_one_fatal_error_among_five_hundred_leaves_no_thread_behind(workers: int, time: FakeTime) -> None:
    before = threading.active_count()
    begun: list[int] = []

    def numbered(number: int) -> Any:
        def steps() -> Generator[float, None, int]:
            begun.append(number)
            yield 1.0
            return number

        return steps

    def done(number: int, _outcome: Any) -> None:
        if number == 250:
            raise StoreError("full")

    with pytest.raises(StoreError):
        run_all((numbered(number) for number in range(500)), workers, time.clock, done)
    assert threading.active_count() == before
    assert len(begun) == len(set(begun)) <= 500
