# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever is tested with a store is tested with one in SQLite and with one in PostgreSQL.

A test that asks for ``store_path`` is about the file, and so is all of test_sqlite.py: these run once.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from postgres import Server

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store_url" not in metafunc.fixturenames:
        return
    about_a_file = "store_path" in inspect.signature(metafunc.function).parameters
    if not about_a_file and metafunc.module.__name__.rpartition(".")[2] != "test_sqlite":
        metafunc.parametrize("store_url", KINDS, indirect=True)


@pytest.fixture
def store_url(request: pytest.FixtureRequest, store_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{store_path}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server for all tests of this process."""
    postgres.need()
    with postgres.controlled() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """An empty database of this test's own."""
    import psycopg

    name = f"test{next(_numbers)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield f"{postgres_server.url.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
