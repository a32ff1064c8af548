# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests that attack. Playbooks are run as the integration tests run them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from integration.conftest import (
    collections_path,
    new_sandbox,
    playbook,
    recorder,
    sandbox,
)

__all__ = ["collections_path", "new_sandbox", "playbook", "recorder", "sandbox"]
