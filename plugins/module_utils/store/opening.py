# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The store: rows of many organizations over time, in a database. This opens it, whichever database it is.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import os

from ..clock import Clock
from ..errors import StoreError
from . import sqlite
from .connection import Store
from .urls import PostgresUrl, SqliteUrl, parse


def open_store(url: str, password: str | None, clock: Clock, check_mode: bool = False) -> Store:
    """Open a store, creating or migrating it where needed. In check mode nothing is written, whatever is done to it.

    Raises InvalidArgument for a URL that is none of ours, StoreError for a store that cannot be opened.
    """
    where = parse(url)
    if isinstance(where, PostgresUrl):
        # Not before it is needed: psycopg takes 55 ms and 11 MiB, which would be half of what a module takes in all.
        from . import postgres  # noqa: PLC0415

        return postgres.open_store(where, password, clock, check_mode)
    return sqlite.open_store(where, clock, check_mode)


def open_filled_store(url: str, password: str | None, clock: Clock, check_mode: bool = False) -> Store:
    """Open a store to read from it. A path that was mistyped does not become an empty store.

    Raises what ``open_store`` raises, and StoreError for a file that is not there.
    """
    where = parse(url)
    if isinstance(where, SqliteUrl) and not os.path.exists(where.path):
        raise StoreError(f"There is no store {where.path}; collect into it first")
    return open_store(url, password, clock, check_mode)
