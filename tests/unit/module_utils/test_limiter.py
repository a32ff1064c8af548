# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ceiling on calls in a minute."""

from __future__ import annotations

import threading
from bisect import bisect_left

import pytest
from fakes import FakeTime
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.limiter import RateLimiter


def most_in_a_minute(moments: list[float]) -> int:
    ordered = sorted(moments)
    return max((bisect_left(ordered, start + 60) - place for place, start in enumerate(ordered)), default=0)


@given(
    ceiling=st.integers(1, 12),
    pauses=st.lists(st.one_of(st.just(0.0), st.floats(0, 90)), max_size=60),
)
def test_no_window_of_a_minute_ever_has_more_than_the_ceiling(ceiling: int, pauses: list[float]) -> None:
    time = FakeTime()
    limiter = RateLimiter(ceiling, time.clock)
    moments = []
    for pause in pauses:
        time.pass_by(pause)
        limiter.acquire()
        moments.append(time.now)
    assert most_in_a_minute(moments) <= ceiling
    assert limiter.waited == pytest.approx(time.slept)


def test_calls_below_the_ceiling_are_not_held_back(time: FakeTime) -> None:
    limiter = RateLimiter(300, time.clock)
    for _call in range(300):
        limiter.acquire()
    assert time.sleeps == []
    limiter.acquire()
    assert time.sleeps == [61.0]


def test_zero_means_no_ceiling(time: FakeTime) -> None:
    limiter = RateLimiter(0, time.clock)
    for _call in range(1000):
        limiter.acquire()
    assert time.sleeps == []


def test_threads_share_one_ceiling() -> None:
    # Each thread's time stands still but for its own sleep, so a slot is the time at which the call may leave.
    moments: list[float] = []
    local = threading.local()
    clock = Clock(monotonic=lambda: 0.0, sleep=lambda seconds: setattr(local, "slept", seconds))
    limiter = RateLimiter(10, clock)

    def call() -> None:
        for _call in range(10):
            local.slept = 0.0
            limiter.acquire()
            moments.append(local.slept)

    threads = [threading.Thread(target=call) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) == 80
    assert most_in_a_minute(moments) == 10
    assert max(moments) == 7 * 61.0
