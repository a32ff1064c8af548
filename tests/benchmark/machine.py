# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where and when it was measured."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import version

import yaml

from .world import ROOT


def collection() -> str:
    """The version of the collection that is measured."""
    return str(yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def head(quick: bool) -> str:
    """One line: date, processors, memory, versions, and how busy the machine is with other things."""
    # What this process may use, which in a container is less than what the machine has.
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = [
        datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        f"{processors} CPUs",
        f"{memory:.0f} GiB",
        f"Python {platform.python_version()}",
        f"ansible-core {version('ansible-core')}",
        f"load {os.getloadavg()[0]:.1f} before",
        *(["quick: sizes too small to say how fast"] if quick else []),
    ]
    return ", ".join(parts)
