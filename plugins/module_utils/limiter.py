# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ceiling on how many HTTP exchanges a task makes in a minute.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import threading
from collections import deque

from .clock import Clock

WINDOW = 61.0
"""Seconds. A minute, and one second because what counts is when requests arrive, not when they leave."""


class RateLimiter:
    """Lets at most ``per_minute`` calls pass in any minute; 0 lets all pass. Threads may share it."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._clock = clock
        self._slots: deque[float] | None = deque(maxlen=per_minute) if per_minute > 0 else None
        self._lock = threading.Lock()
        self.waited = 0.0
        """Seconds that callers were held back, summed over all of them."""

    def acquire(self) -> None:
        """Return when the next call may leave."""
        slots = self._slots
        if slots is None:
            return
        with self._lock:
            now = self._clock.monotonic()
            full = len(slots) == slots.maxlen
            slot = max(now, slots[0] + WINDOW) if full else now
            slots.append(slot)
            self.waited += slot - now
        if slot > now:
            self._clock.sleep(slot - now)
