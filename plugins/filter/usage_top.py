# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plugin: the largest sums of usage rows."""

from __future__ import annotations

DOCUMENTATION = r"""
name: usage_top
short_description: The largest sums of usage rows
version_added: 0.1.0
author: genesyscloud.usage contributors (@genesyscloud-usage)
description:
  - Adds up rows of M(genesyscloud.usage.usage_query) by some keys and gives the largest sums, the largest first.
positional: by, count
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
  by:
    description: What to tell the sums apart by, as in P(genesyscloud.usage.usage_totals#filter).
    type: list
    elements: str
    required: true
  count:
    description: How many.
    type: int
    default: 10
  metric:
    description: The figure that counts.
    type: str
    choices: [requests, status200, status300, status400, status429, status500]
    default: requests
"""

EXAMPLES = r"""
- name: The busiest client makes less than 80 percent of the requests
  ansible.builtin.assert:
    that: (rows | genesyscloud.usage.usage_top('client_id', 1) | first).share < 0.8
  vars:
    rows:
      - {client_id: c1, client_name: CRM, requests: 700, status429: 0}
      - {client_id: c2, client_name: Dialer, requests: 300, status429: 9}

- name: Show who is throttled most
  ansible.builtin.debug:
    msg: "{{ rows | genesyscloud.usage.usage_top('client_id', 5, metric='status429') }}"
  vars:
    rows:
      - {client_id: c1, client_name: CRM, requests: 700, status429: 0}
      - {client_id: c2, client_name: Dialer, requests: 300, status429: 9}
"""

RETURN = r"""
_value:
  description: The sums, with the C(share) that each has of the figure over all rows; it is null where that is 0.
  type: list
  elements: dict
  sample: [{client_id: c1, requests: 700, status429: 0, client_name: CRM, share: 0.7}]
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.tables import top
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError


def usage_top(rows: Any, by: Any, count: int = 10, metric: str = "requests") -> list[dict[str, Any]]:
    try:
        return top(rows, by, count, metric)
    except UsageError as error:
        raise AnsibleFilterError(f"usage_top: {error.message}") from None


class FilterModule:
    """The filter C(genesyscloud.usage.usage_top)."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"usage_top": usage_top}
