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
        self._kept: Store | None = None
        self._since = 0.0
        self._closed = False

    def take(self) -> Store:
        """The store that is at hand, or another one. Raises what opening it raises."""
        store = self._exchange(None)
        if store and self._idle() >= LONGEST_REST:
            store.close()
            store = None
        return store or self._open_another()

    def give(self, store: Store) -> None:
        """Take a store back that is as it was opened: outside of a transaction, and without temporary tables."""
        if former := self._exchange(store):
            former.close()

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
            if self._idle() + seconds >= LONGEST_REST:
                self.drop()
            clock.sleep(seconds)

        return dataclasses.replace(clock, sleep=sleep)

    def drop(self) -> None:
        """Close what is at hand."""
        if former := self._exchange(None):
            former.close()

    def close(self) -> None:
        """Close what is at hand, and whatever is given back from now on."""
        self._closed = True
        self.drop()

    def _idle(self) -> float:
        """Seconds since something was given back."""
        return self._clock.monotonic() - self._since

    def _exchange(self, store: Store | None) -> Store | None:
        with self._lock:
            if store and self._closed:
                return store
            former, self._kept = self._kept, store
            if store:
                self._since = self._clock.monotonic()
        return former
