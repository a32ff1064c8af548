# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that say how many requests a billing period may have."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  allowance:
    description:
      - How many requests an organization may make in a billing period, where O(allowances) does not name it.
      - "Either a number, or a list of users with what each of them grants, such as
        V([{users: 120, requests_per_user: 75000}]). Your contract has the figures; the collection knows none."
    type: raw
  allowances:
    description: The same for single organizations, by the label under which they are kept.
    type: dict
  period_anchor:
    description:
      - Day of the month on which a billing period begins, V(1) to V(31). In a month that is too short it begins on the
        month's last day.
    type: int
    default: 1
"""
