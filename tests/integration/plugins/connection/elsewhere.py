# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local connection by another name: to an action plugin it is a machine elsewhere, so the module runs."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: elsewhere
short_description: this machine, as if it were another one
description: For tests only.
author: genesyscloud.usage contributors
options: {}
"""


class Connection(LocalConnection):
    """As the local one."""

    transport = "elsewhere"
