# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Thousands of queries in one process: memory and open files stay as they were after the first ones."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from effort import many
from genesyscloud_sandbox import Organization, Sandbox

from .child import Child

if TYPE_CHECKING:
    from postgres import Server

QUERIES = many(60, 2000)
LIMIT = 30.0 + QUERIES
"""Seconds; a query takes some hundredths."""

WARM = QUERIES // 4
"""Queries after which everything that is kept has been made once."""

MOST_GROWTH = 3 << 20
"""Bytes: an allocator's odds and ends. A leak of 2 kB in each query would be more."""

FAULTS: tuple[dict[str, Any] | None, ...] = (None, {"status": 403}, {"reset_after": True}, {"html": True}, None)
"""What happens to one query after the other."""


def resident() -> int:
    """Bytes of memory that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def soak(organization: dict[str, str], url: str) -> dict[str, Any]:
    """Carry out the queries, and return how much more there is afterwards than after the first ones."""
    from fakes import defaults

    from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
    from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
    from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
    from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
    from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query

    given = {**organization, "days": 7, "granularity": "day", "requests_per_minute": 0, "store": url, "run_id": "soak"}
    passed = itertools.count()
    # The sandbox answers at once, so nothing is waited for; a clock that goes on by itself ends every budget.
    surroundings = Context(clock=Clock(monotonic=lambda: float(next(passed)), sleep=lambda _seconds: None))
    outcomes: dict[str, int] = {}
    before = (0, 0)
    for number in range(QUERIES):
        if number == WARM:
            before = resident(), open_files()
        service = ("query", "jobs")[number % 2]
        result = outcome(usage_query, defaults(argspec.USAGE_QUERY, **given, service=service), surroundings)
        word = result["failure"]["kind"] if result.get("failed") else "collected"
        outcomes[word] = outcomes.get(word, 0) + 1
    return {"memory": resident() - before[0], "files": open_files() - before[1], "outcomes": outcomes}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc, which is not here")
def test_memory_and_open_files_stay_flat(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        url = server.url
    else:
        url = f"sqlite:///{tmp_path / 'usage.db'}"
    with Sandbox([Organization("acme")]) as sandbox:
        acme = sandbox.organizations[0]
        for number, action in enumerate(FAULTS):
            if action:
                # Every so often one answer of a results endpoint.
                for turn in range(QUERIES // 20):
                    after = turn * 20 + number * 3
                    sandbox.faults.add(action, path=r"/results$|/jobs/", after=after, times=1)
        names = ("api_url", "oauthclient_id", "oauthclient_secret")
        organization = {name: getattr(acme, name) for name in names}
        result, _seconds = Child(lambda: soak(organization, url)).result(LIMIT)
    assert result is not None
    assert result["files"] == 0
    assert result["memory"] < MOST_GROWTH
    assert set(result["outcomes"]) == {"collected", "permission", "malformed"}
    assert result["outcomes"]["collected"] > QUERIES * 0.7
