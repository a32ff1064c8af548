# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plugin: what a billing period will have."""

from __future__ import annotations

DOCUMENTATION = r"""
name: usage_forecast
short_description: How many requests a billing period will have when it is over
version_added: 0.1.0
author: genesyscloud.usage contributors (@genesyscloud-usage)
description:
  - Adds to the requests of the billing period so far, for each day that is left, the mean of the same weekdays in the
    last 28 days, with an interval that holds what comes in four cases of five.
  - It looks at no clock. The last day of O(interval) is the day up to which it counts.
positional: interval
options:
  _input:
    description: The rows of M(genesyscloud.usage.usage_query), with C(granularity=day).
    type: list
    elements: dict
    required: true
  interval:
    description: The days that the rows were asked for, as C(query.interval) of the same result has them.
    type: str
    required: true
  period_anchor:
    description: Day of the month on which a billing period begins.
    type: int
    default: 1
"""

EXAMPLES = r"""
- name: The period stays below the allowance
  ansible.builtin.assert:
    that:
      - forecast.insufficient is none
      - forecast.missing_days | length == 0
      - forecast.expected <= 100000
  vars:
    # usage.rows and usage.query.interval, where usage is what usage_query returned.
    rows:
      - {date: '2026-10-05', client_id: c1, requests: 700}
      - {date: '2026-10-06', client_id: c1, requests: 650}
    interval: 2026-09-22/2026-10-19
    forecast: "{{ rows | genesyscloud.usage.usage_forecast(interval) }}"
"""

RETURN = r"""
_value:
  description:
    - C(period) with its C(first_day) and C(last_day), C(measured) requests so far, C(days_left), and C(expected)
      requests in all, between C(low) and C(high) with the probability C(level).
    - Those three are null where there is too little history, which C(insufficient) then says in a sentence, and where
      C(missing_days) of the period were not asked for.
  type: dict
  sample:
    period: {first_day: '2026-10-01', last_day: '2026-10-31'}
    measured: 1350
    days_left: 12
    expected: 1687.5
    low: 1350.0
    high: 2400.1
    level: 0.8
    missing_days: []
    insufficient: null
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.tables import forecast_of
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError


def usage_forecast(rows: Any, interval: str, period_anchor: int = 1) -> dict[str, Any]:
    try:
        return forecast_of(rows, interval, period_anchor)
    except UsageError as error:
        raise AnsibleFilterError(f"usage_forecast: {error.message}") from None


class FilterModule:
    """The filter C(genesyscloud.usage.usage_forecast)."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"usage_forecast": usage_forecast}
