# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A collection that is killed at any moment leaves the former state or the latter, and a rerun makes it whole."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from effort import many

from .child import Child
from .world import dump, is_whole

if TYPE_CHECKING:
    from .world import World

KILLS = many(10, 200)
MOST_TRIES = 4 * KILLS
"""Who is late finds nobody to kill. Near the end of a life that is every second time."""


def collect(world: World, url: str, moment: float | None = None) -> tuple[bool, float]:
    """Collect, and kill the process after so many seconds: whether that ended it, and how long it ran."""
    child = Child(lambda: world.collect(url))
    if moment is not None and child.lasts(moment):
        child.kill()
    result, seconds = child.result()
    assert result is None or not result.get("failed"), result
    return result is None, seconds


def test_whenever_it_is_killed_a_rerun_makes_the_store_whole(world: World, store_url: str) -> None:
    world.learn(store_url)
    world.turn("latter")
    _killed, lasts = collect(world, store_url)
    assert dump(store_url) == world.states["latter"]
    chance = random.Random(7)
    kills = 0
    for number in range(MOST_TRIES):
        wanted = ("former", "latter")[number % 2]
        world.turn(wanted)
        # One kill for each part of its life: a part in which it was not killed is tried again.
        moment = lasts * (kills + chance.random()) / KILLS
        killed, _seconds = collect(world, store_url, moment)
        kills += killed
        assert is_whole(dump(store_url), world.states), f"killed after {moment:.3f} s"
        killed, lasts = collect(world, store_url)
        assert not killed
        assert dump(store_url) == world.states[wanted], f"killed after {moment:.3f} s"
        if kills == KILLS:
            break
    assert kills == KILLS, f"{kills} kills in {MOST_TRIES} tries"
