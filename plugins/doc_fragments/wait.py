# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say how long to wait for a result."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.wait)."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the service has the result. With V(false) the execution is returned as it is, and
        M(genesyscloud.usage.usage_results) reads it later.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait at most. When they are over the task fails with the execution in RV(ignore:failure), and
        M(genesyscloud.usage.usage_results) can go on with it.
    type: float
    default: 600.0
  wait_interval:
    description:
      - The longest pause in seconds between two looks. The first look comes at once; the pauses then grow.
    type: float
    default: 15.0
  progress:
    description:
      - Whether to show every few seconds how far the task is, where it takes that long and runs on the controller with
        the default output, be it on a terminal, in a pipeline or in AWX.
      - A line begins with O(organization), or else with the name of the host.
      - If not set, the environment variable E(GENESYSCLOUD_USAGE_PROGRESS) is used.
    type: bool
    default: true
"""
