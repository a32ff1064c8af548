# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store of many organizations over many days, as nightly collections would have left it; and how long a sum takes."""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Iterator
from typing import Any

from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import Outcome, keep_clients, record
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

from .process import answer, peak_mib

CLOCK = Clock()


def find(order: dict[str, Any]) -> dict[str, Any]:
    """The number of rows that were written, or the time that adding them up takes."""
    url = f"sqlite:///{order['path']}"
    if order.get("sum"):
        return _added_up(url)
    today = CLOCK.today()
    days = [today - datetime.timedelta(days=ago) for ago in range(order["days"], 0, -1)]
    return {"rows": sum(_keep(url, number, order["clients"], days) for number in range(order["organizations"]))}


def _keep(url: str, number: int, clients: int, days: list[datetime.date]) -> int:
    """Keep the days of an organization, and the list of its clients."""
    chance = random.Random(number)
    organization = f"org-{number:03}"
    ids = [f"{chance.getrandbits(32):08x}-0000-4000-8000-{client:012x}" for client in range(clients)]
    usual = [chance.randint(50, 5000) for _client in ids]
    writer = DayWriter(open_store(url, None, CLOCK), Slice(organization, "query", "client_id"), days)
    writer.mark()
    for day in days:
        writer.add(list(_rows(chance, day, ids, usual)))
    written = writer.commit("nightly", f"execution-{number}").inserted
    writer.close()
    with open_store(url, None, CLOCK) as store:
        known = [
            {"client_id": each, "client_name": f"Integration {place}", "state": "active"}
            for place, each in enumerate(ids)
        ]
        keep_clients(store, organization, known)
        record(store, Outcome("nightly", organization, "usage_query", "query", "client_id", row_count=written))
    return written


def _rows(chance: random.Random, day: datetime.date, ids: list[str], usual: list[int]) -> Iterator[tuple[Any, ...]]:
    quiet = 0.4 if day.weekday() >= 5 else 1.0
    for place, (client, base) in enumerate(zip(ids, usual, strict=True)):
        requests = max(1, int(base * quiet * chance.uniform(0.7, 1.3)))
        moved, refused, failed = requests // 100, requests // 50, requests // 400
        figures = (requests, requests - moved - refused - failed, moved, refused, refused // 5, failed)
        yield (day.isoformat(), client, f"Integration {place}", "", "", "", "", "", *figures)


def _added_up(url: str) -> dict[str, Any]:
    with open_store(url, None, CLOCK) as store:
        names = [row[0] for row in store.execute("SELECT DISTINCT organization FROM coverage")]
        started, worked = time.perf_counter(), time.process_time()
        for name in names:
            store.execute(
                "SELECT client_id, SUM(u.requests) FROM coverage c JOIN usage_day u ON u.coverage_id = c.coverage_id "
                "WHERE c.organization = ? GROUP BY client_id",
                (name,),
            ).fetchall()
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    return {"seconds": seconds, "cpu": cpu, "peak_mib": peak_mib()}


if __name__ == "__main__":
    answer(find)
