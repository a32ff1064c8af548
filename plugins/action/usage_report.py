# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module usage_report, carried out inside of Ansible's worker where the connection is local."""

from __future__ import annotations

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_report import usage_report
from ansible_collections.genesyscloud.usage.plugins.plugin_utils.action import UsageAction


class ActionModule(UsageAction):
    """Same options, results and failures as the module."""

    spec = argspec.USAGE_REPORT
    operation = staticmethod(usage_report)
    network = False
