# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a task is, said from time to time.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from .clock import Clock

EVERY = 5.0
"""Seconds between two lines, and before the first: what is done by then needs none.

Where they end within a pause the line comes before it: nobody can say anything in the pause.
"""

Tell = Callable[[str], None]


def duration(seconds: float) -> str:
    """Seconds for people: C(40 s), C(3 min), C(2 h 5 min)."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class Progress:
    """Counts rows and clients, and tells them at most every few seconds. Threads may share it.

    ``label`` is whose work it is; ``clients`` how many OAuth clients there are, 0 where they are not asked one by one.
    """

    def __init__(self, tell: Tell | None, clock: Clock) -> None:
        self._tell = tell
        self._clock = clock
        self._lock = threading.Lock()
        self._begun = self._last = clock.monotonic()
        self._told = False
        self._rows = 0
        self._done = 0
        self._waits = 0
        self.label = ""
        self.clients = 0

    def rows(self, count: int) -> None:
        """So many rows have come."""
        with self._lock:
            self._rows += count
            self._maybe_tell()

    def waiting(self, pause: float = 0.0) -> None:
        """Nothing new: a pause of so many seconds before the next look at a result."""
        with self._lock:
            self._waits += 1
            # Of many clients others have something to say meanwhile.
            self._maybe_tell(0.0 if self.clients else pause)

    def client(self) -> None:
        """One more client is dealt with."""
        with self._lock:
            self._done += 1
            self._maybe_tell()

    def end(self, calls: int, retries: int, held_back: float) -> None:
        """The last line, where there was one before: what it took."""
        if self._tell is None or not self._told:
            return
        counts = ((calls, "call", "calls"), (self._waits, "wait", "waits"), (retries, "retry", "retries"))
        parts = [f"{count:,} {one if count == 1 else many}" for count, one, many in counts]
        if held_back >= 1:
            parts.append(f"held back {duration(held_back)} by requests_per_minute")
        passed = duration(self._clock.monotonic() - self._begun)
        self._tell(f"{self._prefix()}{self._so_far()} in {passed}: {', '.join(parts)}")

    def _maybe_tell(self, pause: float = 0.0) -> None:
        now = self._clock.monotonic()
        if self._tell is None or now + pause - self._last < EVERY:
            return
        self._last, self._told = now, True
        left = ""
        if 0 < self._done < self.clients:
            left = f", about {duration((now - self._begun) * (self.clients - self._done) / self._done)} left"
        waiting = "" if self._rows or self._done else f", waiting for {duration(now - self._begun)}"
        self._tell(f"{self._prefix()}{self._so_far()}{waiting}{left}")

    def _prefix(self) -> str:
        return f"{self.label}: " if self.label else ""

    def _so_far(self) -> str:
        clients = f"{self._done:,} of {self.clients:,} clients, " if self.clients else ""
        return f"{clients}{self._rows:,} rows"
