# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An open store at hand for the next use within a task.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .connection import Store

LONGEST_REST = 1.0
"""Seconds for which a store is kept that nobody uses. Who waits for longer holds no connection of the server."""


class SpareStore:
    """Keeps one store between two uses: to a server, opening another takes longer than most of what is done with it.

    Threads may share it; a store that was taken is the taker's alone, until it is given back or closed.
    """

    def __init__(self, open_another: Callable[[], Store]) -> None:
        self._open_another = open_another
        self._lock = threading.Lock()
        self._kept: Store | None = None

    def take(self) -> Store:
        """The store that is at hand, or another one. Raises what opening it raises."""
        return self._exchange(None) or self._open_another()

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

    def rest(self, seconds: float) -> None:
        """Nobody here needs a store for some time; somebody else may need what it takes."""
        if seconds >= LONGEST_REST:
            self.close()

    def close(self) -> None:
        if former := self._exchange(None):
            former.close()

    def _exchange(self, store: Store | None) -> Store | None:
        with self._lock:
            former, self._kept = self._kept, store
        return former
