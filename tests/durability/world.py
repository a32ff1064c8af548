# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox in real time whose traffic changes, and what a store has after an undisturbed collection of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fakes import TODAY, credentials, day, defaults, traffic
from genesyscloud_sandbox import Organization, Sandbox

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

DAYS, PAGE = 7, 500
INTERVAL = f"{day(DAYS)}/{day(1)}"
ROWS = 1500
"""Rows of a collection: three pages, and enough to be met in the middle of them."""

Dump = Mapping[str, list[Any]]

TRAFFICS = {
    "former": [traffic(day(number % DAYS + 1), f"c{number}", number + 1) for number in range(ROWS)],
    # Half of the rows is gone, others have come, and of the rest the figures moved.
    "latter": [traffic(day(number % DAYS + 1), f"c{number}", number + 2) for number in range(ROWS // 2, 3 * ROWS // 2)],
}


class World:
    """The sandbox; ``states`` are what a store has of each traffic after an undisturbed collection."""

    def __init__(self) -> None:
        self._sandbox = Sandbox([Organization("acme", query_page_size=PAGE)], today=TODAY)
        self.states: dict[str, Dump] = {}

    def __enter__(self) -> World:
        self._sandbox.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._sandbox.stop()

    def learn(self, url: str) -> None:
        """Collect each traffic undisturbed, the former one last."""
        for name in ("latter", "former"):
            self.turn(name)
            result = self.collect(url)
            assert not result.get("failed"), result["msg"]
            self.states[name] = dump(url)
        assert self.states["former"] != self.states["latter"]

    def turn(self, name: str) -> None:
        """Let the organization have had another traffic."""
        self._sandbox.set_traffic("acme", TRAFFICS[name])
        self._sandbox.exchanges.clear()

    def collect(self, url: str) -> dict[str, Any]:
        """What a task of a playbook does, with the run id of a relaunch."""
        given = {**credentials(self._sandbox.organizations[0]), "store": url, "run_id": "run", "interval": INTERVAL}
        given |= {"granularity": "day", "requests_per_minute": 0, "retry_timeout": 0.0}
        return outcome(usage_query, defaults(argspec.USAGE_QUERY, **given), Context())


def dump(url: str) -> Dump:
    """All that a store has, but for when and by whom it was written, and how many calls it took."""
    queries = {
        "rows": "SELECT organization, service, grouping, scope, date, client_id, requests, status200 FROM usage_row",
        "coverage": "SELECT organization, service, grouping, scope, day, row_count, requests FROM coverage",
        "organizations": "SELECT organization, organization_id, name FROM organization",
        "outcomes": "SELECT run_id, organization, task, outcome, kind, first_day, last_day, row_count "
        "FROM run_organization",
        "runs": "SELECT run_id FROM collection_run",
        "version": "SELECT version FROM usage_schema",
    }
    with open_store(url, None, Clock()) as store, store.snapshot():
        return {name: sorted(store.execute(statement).fetchall()) for name, statement in queries.items()}


def is_whole(found: Dump, states: Mapping[str, Dump]) -> bool:
    """Whether the rows and their sums are those of one traffic, and of no mixture."""
    return any(all(found[part] == state[part] for part in ("rows", "coverage")) for state in states.values())
