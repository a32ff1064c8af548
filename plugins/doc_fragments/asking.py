# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the modules that submit queries."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.asking)."""

    DOCUMENTATION = r"""
options:
  oauth_client_ids:
    description:
      - Count requests of these OAuth clients only. With O(service=jobs), for an organization.
    type: list
    elements: str
  user_ids:
    description:
      - Count requests of these users only. With O(service=jobs), for an organization.
    type: list
    elements: str
  organization_ids:
    description:
      - Count requests of these organizations only. With O(service=jobs), for an OAuth client.
    type: list
    elements: str
  template_uris:
    description:
      - Count requests of these endpoints only, spelled as in the rows. With O(service=jobs).
    type: list
    elements: str
  http_methods:
    description:
      - Count requests with these methods only, such as V(GET). With O(service=jobs).
    type: list
    elements: str
  platforms:
    description:
      - Count requests of these platforms only. With O(service=jobs).
    type: list
    elements: str
  sort_by:
    description:
      - The order of the rows. With O(service=jobs), for at most 90 days.
    type: list
    elements: dict
    suboptions:
      field:
        description:
          - What to sort by.
        type: str
        required: true
        choices: [date, client_id, client_name, organization_id, user_id, template_uri, http_method, platform, requests,
          status200, status300, status400, status429, status500]
      order:
        description:
          - Smallest first, or largest first.
        type: str
        choices: [asc, desc]
        default: asc
  split_days:
    description:
      - Ask for at most so many days in one execution, and join the rows. It needs O(granularity=day).
      - An interval that is longer than the service takes is split in any case; V(jobs) takes 90 days.
    type: int
  skip_collected:
    description:
      - Whether to leave out days that the O(store) has already for this organization, service and grouping. What is
        left is asked in as few executions as possible. It needs a store.
      - Days that were collected soon after they ended may still grow; ask for the latest ones again from time to time.
    type: bool
    default: false
"""
