# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plugin: sums of usage rows."""

from __future__ import annotations

DOCUMENTATION = r"""
name: usage_totals
short_description: Sums of usage rows by any of their keys
version_added: 0.1.0
author: genesyscloud.usage contributors (@genesyscloud-usage)
description:
  - Adds up rows of M(genesyscloud.usage.usage_query), all of them or those of each value of some keys.
  - Only figures that all rows have are added up.
positional: by
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
  by:
    description:
      - What to tell the sums apart by, one key or several, out of V(organization), V(service), V(date), V(client_id),
        V(client_name), V(organization_id), V(user_id), V(template_uri), V(http_method) and V(platform). All rows must
        have it.
      - Without it there is one entry with the sums of all rows.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: No client made more than a million requests
  ansible.builtin.assert:
    that: rows | genesyscloud.usage.usage_totals('client_id') | rejectattr('requests', 'le', 1000000) | length == 0
  vars:
    rows:
      - {date: '2026-10-30', client_id: c1, client_name: CRM, requests: 700}
      - {date: '2026-10-31', client_id: c1, client_name: CRM, requests: 300}
      - {date: '2026-10-31', client_id: c2, client_name: Dialer, requests: 50}

- name: All requests together
  ansible.builtin.assert:
    that: (rows | genesyscloud.usage.usage_totals | first).requests == 1050
  vars:
    rows:
      - {date: '2026-10-30', client_id: c1, client_name: CRM, requests: 1000}
      - {date: '2026-10-31', client_id: c2, client_name: Dialer, requests: 50}
"""

RETURN = r"""
_value:
  description: The sums, in the order of the keys. With C(client_id) a client's latest name is there too.
  type: list
  elements: dict
  sample: [{client_id: c1, requests: 1000, client_name: CRM}]
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.tables import totals
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError


def usage_totals(rows: Any, by: Any = ()) -> list[dict[str, Any]]:
    try:
        return totals(rows, by)
    except UsageError as error:
        raise AnsibleFilterError(f"usage_totals: {error.message}") from None


class FilterModule:
    """The filter C(genesyscloud.usage.usage_totals)."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"usage_totals": usage_totals}
