# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the contract tests share: time, a fleet, our operations, and rows in a shape that can be compared."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from genesyscloud_sandbox import Fleet, Organization, Sandbox, make_fleet

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import (
    oauth_client_usage,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_results import usage_results

from .validation import validate_exchanges

TODAY = datetime.date(2026, 3, 10)
NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.timezone.utc).timestamp()
FIGURES = ("requests", "status200", "status300", "status400", "status429", "status500")
OPERATIONS = {
    "usage_query": (usage_query, argspec.USAGE_QUERY),
    "usage_results": (usage_results, argspec.USAGE_RESULTS),
    "oauth_client_usage": (oauth_client_usage, argspec.OAUTH_CLIENT_USAGE),
    "oauth_client_info": (oauth_client_info, argspec.OAUTH_CLIENT_INFO),
}

Row = dict[str, Any]


class Time:
    """Time that passes only by sleeping in it. Threads may share it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._lock = threading.Lock()
        self.clock = Clock(monotonic=self.monotonic, wall=self.wall, sleep=self.sleep, chance=lambda: 0.5)

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return NOON + self.now - 1000.0

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


def fleet() -> Fleet:
    """An organization of seven clients or so, with two months of traffic, Genesys' own clients included."""
    return make_fleet(1, clients=(6, 8), days=60, today=TODAY)


class World:
    """One organization of a sandbox, and our operations against it."""

    def __init__(self, sandbox: Sandbox, time: Time, organization: Organization | None = None) -> None:
        self.sandbox = sandbox
        self.time = time
        self.organization = organization or sandbox.organizations[0]
        self.count = 0
        """Exchanges that were validated so far."""

    def run(self, operation: str, /, **given: Any) -> Row:
        """An operation with its options' defaults, as Ansible's parser would hand them over."""
        function, spec = OPERATIONS[operation]
        assert given.keys() <= spec.keys(), f"no such options: {sorted(given.keys() - spec.keys())}"
        params = {name: option.get("default") for name, option in spec.items()}
        # The ceiling of 300 a minute would only let our own time pass, and tokens expire in it.
        params |= {"requests_per_minute": 0, **self.credentials, **given}
        return function(params, Context(clock=self.time.clock))

    @property
    def credentials(self) -> dict[str, str]:
        organization = self.organization
        return {
            "api_url": organization.api_url,
            "oauthclient_id": organization.oauthclient_id,
            "oauthclient_secret": organization.oauthclient_secret,
        }

    def exchanges(self) -> list[Row]:
        """What was recorded since the last validation: with the fixtures, in this test."""
        return self.sandbox.exchanges.recorded(self.count)

    def validate(self) -> None:
        """Validate what was recorded since the last time."""
        self.count += validate_exchanges(self.exchanges())


def canonical(rows: Iterable[Mapping[str, Any]]) -> Counter[tuple[tuple[str, Any], ...]]:
    """Rows without an order, doubles counted."""
    return Counter(tuple(sorted(row.items())) for row in rows)


def sums(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The totals of rows, added up here."""
    totals = dict.fromkeys(FIGURES, 0)
    for row in rows:
        for name in FIGURES:
            totals[name] += row[name]
    return totals
