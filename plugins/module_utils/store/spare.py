# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An open store at hand for the next use within a task.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..clock import Clock
from .connection import Store

LONGEST_REST = 1.0
"""Seconds for which a store is kept that nobody uses: what lies idle for longer, a server or a firewall may have cut,
and others may need what it takes."""


class SpareStore:
    """Keeps one store between two uses: to a server, opening another takes longer than most of what is done with it.

    Threads may share it; a store that was taken is the taker's alone, until it is given back or closed.
    """

    def __init__(self, open_another: Callable[[], Store], clock: Clock) -> None:
        self._open_another = open_another
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[Store, float] | None = None
        """A store, and when it was given back, in monotonic seconds."""
        self._closed = False

    def take(self) -> Store:
        """The store that is at hand, or another one. Raises what opening it raises."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept and self._idle(kept[1]) < LONGEST_REST:
            return kept[0]
        if kept:
            kept[0].close()
        return self._open_another()

    def give(self, store: Store) -> None:
        """Take a store back that is as it was opened: outside of a transaction, and without temporary tables."""
        with self._lock:
            surplus = store if self._closed else self._kept and self._kept[0]
            if not self._closed:
                self._kept = (store, self._clock.monotonic())
        if surplus:
            surplus.close()

    @contextmanager
    def lent(self) -> Iterator[Store]:
        """A store to use inside. After an error it is closed: nobody knows what state it is in."""
        store = self.take()
        try:
            yield store
        except BaseException:
            store.close()
            raise
        self.give(store)

    def resting(self, clock: Clock) -> Clock:
        """The same clock, but that nothing is kept through a sleep for which it is not worth it."""

        def sleep(seconds: float) -> None:
            kept = self._kept
            if kept and self._idle(kept[1]) + seconds >= LONGEST_REST:
                self.drop()
            clock.sleep(seconds)

        return dataclasses.replace(clock, sleep=sleep)

    def drop(self) -> None:
        """Close what is at hand."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept:
            kept[0].close()

    def close(self) -> None:
        """Close what is at hand, and whatever is given back from now on."""
        with self._lock:
            self._closed = True
        self.drop()

    def _idle(self, since: float) -> float:
        return self._clock.monotonic() - since
