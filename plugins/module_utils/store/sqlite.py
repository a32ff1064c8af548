# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store in an SQLite file.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable

from ..clock import Clock
from ..errors import StoreError, UsageError
from . import schema
from .connection import Store
from .urls import SqliteUrl

BUSY_TIMEOUT = 120.0
"""Seconds to wait for other writers. A transaction holds the lock for some seconds at most."""

MODE = 0o600
"""Figures and client names are nobody else's business."""


class SqliteStore(Store):
    """Many processes may write at once: write-ahead log, and each waits for its turn."""

    BEGIN = "BEGIN IMMEDIATE"

    def version(self) -> int:
        tables = {row[0] for row in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "usage_schema" in tables:
            return int(self.execute("SELECT version FROM usage_schema").fetchone()[0])
        if tables:
            raise StoreError(f"The store {self.where} is a database of something else: it has other tables")
        return 0


def _meaning(where: str) -> dict[str, str]:
    return {
        "not a database": f"The store {where} is a file, but not an SQLite database",
        "readonly": f"The store {where} cannot be written: the file or its folder is read-only for this user",
        "unable to open": f"The store {where} cannot be opened: check the folder and its permissions",
        "disk I/O": f"The store {where} cannot be read or written: the disk is full, or it fails (disk I/O error)",
        "disk is full": f"The disk is full: nothing was written to the store {where}",
        "locked": f"The store {where} was locked by other writers for {BUSY_TIMEOUT:g} s",
        "malformed": f"The store {where} is damaged; restore it from a backup",
    }


def _translator(where: str) -> Callable[[Exception], UsageError | None]:
    def translate(error: Exception) -> UsageError | None:
        if isinstance(error, UnicodeEncodeError):
            return StoreError(f"The store {where} keeps Unicode text, and the service sent something else")
        if not isinstance(error, sqlite3.Error):
            return None
        text = str(error)
        known = next((message for words, message in _meaning(where).items() if words in text), None)
        return StoreError(known or f"The store {where} failed: {text}")

    return translate


def open_store(url: SqliteUrl, clock: Clock, check_mode: bool) -> SqliteStore:
    """Open the file, creating it with mode 0600 and migrating it where needed."""
    path = url.path
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise StoreError(f"The folder of the store does not exist: {folder}. Create it first")
    if os.path.isdir(path):
        raise StoreError(f"The store {path} is a folder, not a file")
    exists = os.path.exists(path)
    if check_mode and not exists:
        if not os.access(folder, os.W_OK):
            raise StoreError(f"The store {path} cannot be created: its folder is read-only for this user")
        return _connect(":memory:", path, clock, check_mode)
    if not exists:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, MODE))
        except OSError as error:
            raise StoreError(f"The store {path} cannot be created: {error.strerror}") from None
    if not os.access(path, os.R_OK | os.W_OK):
        raise StoreError(_meaning(path)["readonly"])
    return _connect(path, path, clock, check_mode)


def in_memory(clock: Clock) -> SqliteStore:
    """An empty store that is gone when it is closed."""
    return _connect(":memory:", "of the rows", clock, False)


def _connect(target: str, where: str, clock: Clock, check_mode: bool) -> SqliteStore:
    translate = _translator(where)
    try:
        # One thread at a time may use a store, and need not be the one that opened it.
        connection = sqlite3.connect(target, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise translate(error) or error from None
    store = SqliteStore(connection, where, clock, check_mode, translate)
    try:
        version = store.migrated_from = store.version()
        if version > schema.CURRENT:
            raise StoreError(
                f"The store {where} has schema version {version}, this collection knows up to {schema.CURRENT}: "
                "it was written by a newer release; update the collection"
            )
        if not check_mode:
            _use_wal(store, clock)
            if version < schema.CURRENT:
                with store.transaction():
                    store.migrate()
    except BaseException:
        store.close()
        raise
    return store


def _use_wal(store: SqliteStore, clock: Clock) -> None:
    """Switch to the write-ahead log. That one statement does not wait for others by itself, so it is repeated."""
    deadline = clock.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            store.execute("PRAGMA journal_mode = WAL")
            return
        except StoreError as error:
            if "locked" not in error.message or clock.monotonic() > deadline:
                raise
        clock.sleep(0.05)
