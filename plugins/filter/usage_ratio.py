# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plugin: what part of the requests failed."""

from __future__ import annotations

DOCUMENTATION = r"""
name: usage_ratio
short_description: What part of the requests failed or was throttled
version_added: 0.1.0
author: genesyscloud.usage contributors (@genesyscloud-usage)
description:
  - Divides sums over all rows of M(genesyscloud.usage.usage_query). It is never a mean of the rows' own ratios.
  - A 429 is one of the 4xx, and is counted once.
positional: ratio
options:
  _input:
    description: The rows. They need all six figures for V(error_ratio).
    type: list
    elements: dict
    required: true
  ratio:
    description:
      - V(error_ratio) is 4xx and 5xx over requests, V(throttle_ratio) is 429 over requests.
    type: str
    choices: [error_ratio, throttle_ratio]
    default: error_ratio
"""

EXAMPLES = r"""
- name: At most 1 percent of the requests were throttled
  ansible.builtin.assert:
    that: (rows | genesyscloud.usage.usage_ratio('throttle_ratio') or 0) <= 0.01
  vars:
    rows:
      - {client_id: c1, requests: 990, status200: 980, status300: 0, status400: 10, status429: 9, status500: 0}
      - {client_id: c2, requests: 10, status200: 10, status300: 0, status400: 0, status429: 0, status500: 0}
"""

RETURN = r"""
_value:
  description: The ratio, from 0 to 1; null where there were no requests.
  type: float
  sample: 0.009
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.tables import ratio as ratio_of
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError


def usage_ratio(rows: Any, ratio: str = "error_ratio") -> float | None:
    try:
        return ratio_of(rows, ratio)
    except UsageError as error:
        raise AnsibleFilterError(f"usage_ratio: {error.message}") from None


class FilterModule:
    """The filter C(genesyscloud.usage.usage_ratio)."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"usage_ratio": usage_ratio}
