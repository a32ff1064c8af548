# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much a test that can go on for long does: little in ``make test``, and all of it in ``make test-all``."""

from __future__ import annotations

import os

ALL = os.environ.get("USAGE_TEST_ALL") == "1"


def many(few: int, all_of_them: int) -> int:
    """How often to try."""
    return all_of_them if ALL else few
