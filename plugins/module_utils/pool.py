# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drives many executions at once with a few threads, each of which goes on with whatever is due.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import heapq
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, TypeVar

from .clock import Clock
from .errors import UsageError

R = TypeVar("R")
Job = Callable[[], Generator[float, None, R]]
"""Begins one piece of work: a generator that yields the seconds until it wants to go on, and returns its result."""


class _Work:
    """What is to be done: begun work that is due comes first, then what was not begun yet, then the wait."""

    def __init__(self, jobs: Iterable[tuple[int, Job[Any]]], clock: Clock) -> None:
        self._fresh: Iterator[tuple[int, Job[Any]]] = iter(jobs)
        self._begun: list[tuple[float, int, Generator[float, None, Any]]] = []
        self._clock = clock
        self._lock = threading.Lock()
        self.stopped = False

    def take(self) -> tuple[float, int, Generator[float, None, Any]] | None:
        """The next piece of work with the time at which it is due; None when nothing is left to begin or to go on."""
        with self._lock:
            if self.stopped:
                return None
            if not self._begun or self._begun[0][0] > self._clock.monotonic():
                fresh = next(self._fresh, None)
                if fresh is not None:
                    return 0.0, fresh[0], fresh[1]()
            return heapq.heappop(self._begun) if self._begun else None

    def put(self, due: float, number: int, steps: Generator[float, None, Any]) -> None:
        with self._lock:
            heapq.heappush(self._begun, (due, number, steps))


def run_all(jobs: Iterable[Job[R]], workers: int, clock: Clock, done: Callable[[int, R | UsageError], None]) -> None:
    """Carry out all jobs; ``done`` gets the number of each with its result or its error, from any of the threads.

    ``done`` may raise: then no further work is begun, and the exception comes out of here.
    """
    work = _Work(enumerate(jobs), clock)

    def go_on() -> None:
        while (item := work.take()) is not None:
            due, number, steps = item
            pause = due - clock.monotonic()
            if pause > 0:
                clock.sleep(pause)
            try:
                wanted = next(steps)
            except StopIteration as stop:
                done(number, stop.value)
            except UsageError as error:
                done(number, error)
            else:
                work.put(clock.monotonic() + wanted, number, steps)

    ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

    def guarded() -> None:
        try:
            go_on()
        except BaseException as error:
            work.stopped = True
            ended.put(error)
        else:
            ended.put(None)

    # Daemons: a time-out of Ansible's, or somebody who interrupts, must not wait until the threads have slept enough.
    threads = [threading.Thread(target=guarded, daemon=True) for _worker in range(workers)]
    for thread in threads:
        thread.start()
    try:
        # An error of the family ends the work in good order; a defect, or an interruption of this thread, at once.
        errors = [error for _thread in threads if (error := _family(ended.get())) is not None]
    finally:
        work.stopped = True
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _family(error: BaseException | None) -> UsageError | None:
    if error is None or isinstance(error, UsageError):
        return error
    raise error


def drive(steps: Generator[float, None, R], clock: Clock) -> R:
    """Carry out one piece of work, sleeping where it waits."""
    while True:
        try:
            pause = next(steps)
        except StopIteration as stop:
            result: R = stop.value
            return result
        clock.sleep(pause)
