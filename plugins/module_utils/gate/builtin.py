# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that are there by themselves: few, each with an id by which it can be left out or replaced.

Private to the collection: this may change without notice. They are documented in the guide "Gates".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RULES: tuple[Mapping[str, Any], ...] = (
    {"id": "data-age", "metric": "age_of_data", "op": "<=", "value": 1, "severity": "fail"},
    {"id": "data-complete", "metric": "coverage", "window": "7d", "op": ">=", "value": 1, "severity": "fail"},
    {"id": "throttled", "metric": "throttle_ratio", "window": "7d", "op": "<=", "value": 0.01, "severity": "fail"},
    {
        "id": "throttled-clients",
        "metric": "throttle_ratio",
        "per": "client",
        "window": "7d",
        "op": "<=",
        "value": 0.05,
        "severity": "warn",
    },
    {"id": "errors", "metric": "error_ratio", "window": "7d", "op": "<=", "value": 0.05, "severity": "warn"},
    {"id": "errors-high", "metric": "error_ratio", "window": "7d", "op": "<=", "value": 0.2, "severity": "fail"},
    {"id": "allowance", "metric": "allowance_used", "op": "<=", "value": 1, "severity": "fail"},
    {
        "id": "allowance-forecast",
        "metric": "forecast",
        "of": "allowance",
        "op": "<=",
        "value": 1,
        "severity": "warn",
    },
    {
        "id": "growth",
        "metric": "growth",
        "of": "requests",
        "window": "7d",
        "baseline": "21d",
        "op": "<=",
        "value": 2,
        "severity": "warn",
    },
    {
        "id": "new-clients",
        "metric": "new_client",
        "per": "client",
        "window": "7d",
        "baseline": "21d",
        "op": "<=",
        "value": 0,
        "severity": "warn",
    },
    {
        "id": "unknown-clients",
        "metric": "unknown_client",
        "per": "client",
        "window": "7d",
        "op": "<=",
        "value": 0,
        "severity": "warn",
    },
)
"""As users would write them. The windows and baselines fit into the 30 days that the role C(collect) collects."""

IDS = tuple(str(rule["id"]) for rule in RULES)

COLLECTION = "collection"
"""What is always judged besides: whether every organization was collected at all, and its latest job did not fail."""
