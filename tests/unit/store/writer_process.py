# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that writes to a store beside others; test_writer.py starts it."""

from __future__ import annotations

import datetime
import os
import signal
import sys
from typing import Any

from fakes import row

from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

DAYS = [datetime.date(2026, 3, n) for n in (1, 2, 3)]


def put(url: str, organization: str, rows: list[Any]) -> None:
    # Waiting for other processes is real: the real clock.
    writer = DayWriter(open_store(url, None, Clock()), Slice(organization, "query", "x"), DAYS)
    writer.mark()
    writer.add(rows)
    writer.commit("run", "execution")
    writer.close()


def collect(url: str, number: int) -> None:
    """Three times the same: rows of its own, and rows that others write too."""
    for _time in range(3):
        put(url, f"o{number}", [row("2026-03-01", f"c{n}", n + number) for n in range(50)])
        put(url, "shared", [row("2026-03-02", f"c{n}", n) for n in range(50)])


def killed(url: str) -> None:
    """Killed when the rows are written and their sums are not."""
    store = open_store(url, None, Clock())
    writer = DayWriter(store, Slice("acme", "query", "client_id"), DAYS)
    writer.mark()
    writer.add([row("2026-03-01", f"c{n}", 9) for n in range(5000)])
    execute = store.execute

    def until_sums(sql: str, parameters: Any = ()) -> Any:
        if sql.startswith("UPDATE coverage"):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, parameters)

    store.execute = until_sums  # type: ignore[method-assign]
    writer.commit("run", "execution")


if __name__ == "__main__":
    if sys.argv[1] == "collect":
        collect(sys.argv[2], int(sys.argv[3]))
    else:
        killed(sys.argv[2])
