# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations as tests call them: their options by name, an organization of the sandbox, and fake time."""

from __future__ import annotations

import re
from typing import Any

from fakes import WIRES, FakeTime, context, credentials, day, defaults, traffic
from genesyscloud_sandbox import Sandbox

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import (
    oauth_client_usage,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_results import usage_results
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_store import usage_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.reader import outcomes

TRAFFIC = [
    traffic(day(1), "c1", 10, status400=2, status429=1),
    traffic(day(2), "c1", 20),
    traffic(day(2), "c2", 5, status500=1),
]
BASE = {"changed", "stored", "api_calls"}
DONE = BASE | {"execution", "executions", "rows", "row_count", "totals", "query"}


def ask(acme: Any, time: FakeTime, warnings: list[str] | None = None, check: bool = False, **given: Any) -> Any:
    given = {"days": 7, "granularity": "day", **given}
    params = defaults(argspec.USAGE_QUERY, **credentials(acme), **given)
    return usage_query(params, context(time, warnings, check_mode=check))


def results(acme: Any, time: FakeTime, **given: Any) -> Any:
    return usage_results(defaults(argspec.USAGE_RESULTS, **credentials(acme), **given), context(time))


def clients(acme: Any, time: FakeTime, ids: list[str], warnings: list[str] | None = None, **given: Any) -> Any:
    given = {"days": 7, **given}
    params = defaults(argspec.OAUTH_CLIENT_USAGE, **credentials(acme), client_ids=ids, **given)
    return oauth_client_usage(params, context(time, warnings))


def info(acme: Any, time: FakeTime, warnings: list[str] | None = None, **given: Any) -> Any:
    params = defaults(argspec.OAUTH_CLIENT_INFO, **credentials(acme), **given)
    return oauth_client_info(params, context(time, warnings))


def keep(url: str, time: FakeTime, check: bool = False, **given: Any) -> Any:
    return usage_store(defaults(argspec.USAGE_STORE, store=url, **given), context(time, check_mode=check))


def calls(sandbox: Sandbox) -> list[str]:
    """What was sent, in words: methods, and what the paths are for."""

    def word(call: dict[str, Any]) -> str:
        for wire in WIRES.values():
            for what in ("submit", "results"):
                if re.search(getattr(wire, what), call["path"]):
                    return f"{wire.name} {what}"
        return str(call["path"].rpartition("/")[2])

    return [f"{call['method']} {word(call)}" for call in sandbox.exchanges.list()]


def ledger(url: str, time: FakeTime, run: str) -> list[tuple[Any, ...]]:
    with open_store(url, None, time.clock) as store:
        _run, found = outcomes(store, run)
    return [(e["organization"], e["task"], e["outcome"], e["kind"], e["row_count"], e["api_calls"]) for e in found]
