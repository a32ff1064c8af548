# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small server that plays several Genesys Cloud organizations: see README.md beside this file."""

from __future__ import annotations

from .exchanges import Exchanges
from .faults import Fault, Faults
from .fleet import make_fleet
from .model import Client, Fleet, Organization, stable_id
from .sandbox import Sandbox

__all__ = ["Client", "Exchanges", "Fault", "Faults", "Fleet", "Organization", "Sandbox", "make_fleet", "stable_id"]
