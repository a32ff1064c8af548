# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The PostgreSQL server of the tests, for cases that need one."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .world import ROOT

_NUMBERS = itertools.count(1)


class Database:
    """A server that runs, on which each use has a database of its own."""

    def __init__(self, url: str, psycopg: Any) -> None:
        self._url = url
        self._psycopg = psycopg

    def new(self) -> str:
        """The URL of a new, empty database."""
        name = f"usage_{next(_NUMBERS)}"
        with self._psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{self._url.rpartition('/')[0]}/{name}"


def why_not() -> str:
    """What is missing for PostgreSQL; empty where nothing is."""
    try:
        importlib.import_module("psycopg")
        server = importlib.import_module("tests.postgres")
    except ImportError as error:
        return f"left out: {error}"
    if not (ROOT / "plugins" / "module_utils" / "store" / "postgres.py").exists():
        return "left out: the collection has no such store yet"
    return "" if server.programs() else f"left out: {server.HOW_TO_GET_IT}"


@contextmanager
def database() -> Iterator[Database]:
    """A server that is gone afterwards."""
    psycopg, server = importlib.import_module("psycopg"), importlib.import_module("tests.postgres")
    with server.server() as url:
        yield Database(url, psycopg)
