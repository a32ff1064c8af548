# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether rows are returned."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.rows)."""

    DOCUMENTATION = r"""
options:
  return_rows:
    description:
      - Whether to return the rows. By default they are returned where there is no O(store); a result of many thousand
        rows is expensive for Ansible itself.
    type: bool
"""
