# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fifty processes write to one store at the same moment: nothing is lost, doubled, or refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fakes import FakeTime

from ansible_collections.genesyscloud.usage.plugins.module_utils.store import writer as module
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

COUNT, ROWS = 50, 40
LIMIT = 180
"""Seconds after which the processes are taken for hung."""


def test_fifty_processes_write_at_once_and_nothing_is_lost_or_doubled(store_url: str, time: FakeTime) -> None:
    # Nobody made the store before: they race for that too.
    collections = Path(module.__file__).parents[6]
    program = str(Path(__file__).with_name("fifty_writers.py"))
    done = subprocess.run(
        [sys.executable, program, store_url, str(COUNT)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(collections), *sys.path])},
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    base = sum(range(ROWS))
    with open_store(store_url, None, time.clock) as store:
        names = [f"o{number:02}" for number in range(COUNT)]
        assert store.execute(
            "SELECT organization, COUNT(*), SUM(requests) FROM usage_row GROUP BY 1 ORDER BY 1"
        ).fetchall() == [*((name, ROWS, base + ROWS * n) for n, name in enumerate(names)), ("shared", ROWS, base)]
        assert store.execute("SELECT COUNT(*), SUM(row_count) FROM coverage").fetchone() == (
            3 * (COUNT + 1),
            ROWS * (COUNT + 1),
        )
        assert store.execute("SELECT run_id FROM collection_run").fetchall() == [("run",)]
        assert store.execute(
            "SELECT organization, outcome, row_count, api_calls FROM run_organization ORDER BY 1"
        ).fetchall() == [(name, "collected", ROWS, 2) for name in names]
        assert store.execute("SELECT COUNT(*) FROM organization").fetchone() == (COUNT,)
        assert store.execute("SELECT COUNT(*) FROM oauth_client").fetchone() == (5 * COUNT,)
        assert store.execute("SELECT COUNT(*), MAX(version) FROM usage_schema").fetchone() == (1, 1)
