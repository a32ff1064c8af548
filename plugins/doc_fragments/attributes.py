# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module of the collection can be relied on for."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.attributes)."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in check mode; reads give the same answer, and nothing is written.
  diff_mode:
    support: none
    description: Returns details on what has changed (or possibly needs changing in check mode), when in diff mode.
  platform:
    support: full
    platforms: posix
    description: Target OS or platforms that can be operated against.
"""

    FILES = r"""
options: {}
attributes:
  diff_mode:
    support: full
    description: Returns details on what has changed (or possibly needs changing in check mode), when in diff mode.
"""
