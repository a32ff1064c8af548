# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time and chance as one argument, so that no test has to wait for either.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """What the collection knows of time.

    ``monotonic`` (seconds) is for deadlines: it never steps back. ``wall`` (seconds since 1970, UTC) is for
    dates. ``sleep`` waits (seconds). ``chance`` gives a number in [0, 1).
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def now(self) -> str:
        """The current UTC time, C(YYYY-MM-DDTHH:MM:SSZ)."""
        moment = datetime.datetime.fromtimestamp(self.wall(), datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def today(self) -> datetime.date:
        """The current UTC day: the one that is never in the data."""
        return datetime.datetime.fromtimestamp(self.wall(), datetime.timezone.utc).date()
