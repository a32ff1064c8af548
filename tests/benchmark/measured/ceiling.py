# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many clients under a ceiling of exchanges a minute, on a clock that runs faster than the real one."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from genesyscloud_sandbox import Organization, Sandbox
from genesyscloud_sandbox.exchanges import Exchanges
from genesyscloud_sandbox.model import Client

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import oauth_client_usage

from .options import options
from .process import answer

WINDOW = 60.0


@dataclass(frozen=True)
class Fast:
    """A clock of which ``speed`` seconds pass in a real one. Threads sleep at the same time, as on a real one."""

    speed: float

    def monotonic(self) -> float:
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


class Arrivals(Exchanges):
    """The log, with the time of each exchange."""

    def __init__(self, clock: Fast) -> None:
        super().__init__()
        self._clock = clock
        self.times: list[float] = []

    def add(self, *exchange: Any) -> None:
        self.times.append(self._clock.monotonic())
        super().add(*exchange)


def find(order: dict[str, Any]) -> dict[str, Any]:
    """The most exchanges that arrived in any minute, their number, and the seconds from the first to the last."""
    fast = Fast(order["speed"])
    ids = [f"client-{number}" for number in range(order["clients"])]
    many = Organization("many", traffic=[], clients=[Client(client_id, client_id) for client_id in ids])
    with Sandbox([many], clock=fast.monotonic) as sandbox:
        arrivals = sandbox.engine.exchanges = Arrivals(fast)
        asked = {"client_ids": ids, "days": 7, "requests_per_minute": order["per_minute"]}
        clock = Clock(monotonic=fast.monotonic, sleep=fast.sleep)
        oauth_client_usage(options(argspec.OAUTH_CLIENT_USAGE, many, **asked), Context(clock=clock))
    times = sorted(arrivals.times)
    most = max(bisect_left(times, moment + WINDOW) - number for number, moment in enumerate(times))
    return {"most": most, "total": len(times), "seconds": times[-1] - times[0]}


if __name__ == "__main__":
    answer(find)
