# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes that write to a store at the same moment; test_many_writers.py starts it: fifty_writers.py URL COUNT

Each is one organization of one run, with rows of its own, and all of them write the organization C(shared) too.
"""

from __future__ import annotations

import datetime
import os
import sys
import traceback

from fakes import row

from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import (
    Outcome,
    claim,
    keep_clients,
    record,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

DAYS = [datetime.date(2026, 3, n) for n in (1, 2, 3)]
ROWS = 40


def put(url: str, organization: str, add: int) -> None:
    writer = DayWriter(open_store(url, None, Clock()), Slice(organization, "query", "client_id"), DAYS)
    writer.mark()
    writer.add([row(f"2026-03-0{n % 3 + 1}", f"c{n}", n + add) for n in range(ROWS)])
    writer.commit("run", "execution")
    writer.close()


def write(url: str, number: int) -> None:
    """What a task of the collection does with a store, twice."""
    name = f"o{number:02}"
    for _time in range(2):
        with open_store(url, None, Clock()) as store:
            claim(store, name, f"id-{number}", name)
            keep_clients(store, name, [{"client_id": f"c{n}", "client_name": f"Client {n}"} for n in range(5)])
        put(url, name, number)
        put(url, "shared", 0)
        with open_store(url, None, Clock()) as store:
            record(store, Outcome("run", name, "usage_query", "query", row_count=ROWS, api_calls=1))


def child(url: str, number: int, gate: tuple[int, int]) -> int:
    """Wait at the gate for all the others, write, and return an exit status."""
    try:
        os.close(gate[1])
        os.read(gate[0], 1)
        write(url, number)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main(url: str, count: int) -> int:
    """Start the processes, open the gate by closing it, and return how many of them failed."""
    gate = os.pipe()
    children = []
    for number in range(count):
        if (pid := os.fork()) == 0:
            os._exit(child(url, number, gate))
        children.append(pid)
    os.close(gate[1])
    return sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0 for pid in children)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
