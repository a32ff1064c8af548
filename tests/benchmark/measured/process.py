# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What these programs share."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def answer(find: Callable[[dict[str, Any]], Any]) -> None:
    """Read the order, and write what was found."""
    json.dump(find(json.load(sys.stdin)), sys.stdout)


def peak_mib() -> float:
    """The most memory this process has had resident.

    Linux counts what the parent had before the exec in C(ru_maxrss), so where it tells, this program's own is taken.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 1024)
