# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``python3 -m genesyscloud_sandbox``, or ``python3 path/to/genesyscloud_sandbox``."""

from __future__ import annotations

import os
import sys

if not __package__:
    # Started by its folder: Python then puts the folder itself on the path, and not what it is in.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from genesyscloud_sandbox.cli import main

if __name__ == "__main__":
    sys.exit(main())
