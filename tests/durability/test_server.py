# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PostgreSQL server that goes away at any moment of a collection, without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import postgres
from effort import many

from .child import Child
from .world import dump, is_whole

if TYPE_CHECKING:
    from .world import World

TIMES = many(3, 20)


def test_whenever_the_server_goes_away_a_rerun_makes_the_store_whole(world: World) -> None:
    postgres.need()
    with postgres.controlled() as server:
        world.learn(server.url)
        _result, lasts = Child(lambda: world.collect(server.url)).result()
        failed = 0
        for number in range(TIMES):
            wanted = ("latter", "former")[number % 2]
            world.turn(wanted)
            child = Child(lambda: world.collect(server.url))
            child.lasts(lasts * number / TIMES)
            server.stop()
            result, _seconds = child.result()
            assert result is not None
            if result.get("failed"):
                failed += 1
                assert result["failure"]["kind"] == "store"
                assert "cannot be reached, or the connection to it broke" in result["msg"]
            server.start()
            assert is_whole(dump(server.url), world.states)
            assert not world.collect(server.url).get("failed")
            assert dump(server.url) == world.states[wanted]
        assert failed
