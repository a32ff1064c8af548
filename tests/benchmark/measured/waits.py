# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for an execution, on a clock on which pauses pass at once."""

from __future__ import annotations

import random
import time
from typing import Any

from genesyscloud_sandbox import Organization, Sandbox

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query

from .options import options
from .process import answer


class Pauses:
    """Seconds that pass by sleeping only."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def find(order: dict[str, Any]) -> list[dict[str, Any]]:
    """For each time: how late each seed's task noticed the end, and how often it looked."""
    pauses = Pauses()
    waiting = Organization("waiting", traffic=[])
    found = []
    with Sandbox([waiting], clock=pauses.monotonic) as sandbox:
        for answer_after in order["answers"]:
            waiting.answer_after = answer_after
            late, looks = [], []
            for seed in range(order["seeds"]):
                sandbox.exchanges.clear()
                started = pauses.now
                _ask(waiting, pauses, seed)
                late.append(pauses.now - started - answer_after)
                looks.append(len(sandbox.exchanges.list(method="GET", path="/results")))
            found.append({"answer_after": answer_after, "late": late, "looks": looks})
    return found


def _ask(organization: Organization, pauses: Pauses, seed: int) -> None:
    wall = time.time()  # stands still: the day must not change while minutes pass
    clock = Clock(pauses.monotonic, lambda: wall, pauses.sleep, random.Random(seed).random)
    usage_query(options(argspec.USAGE_QUERY, organization, days=7), Context(clock=clock))


if __name__ == "__main__":
    answer(find)
