# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox in real time whose traffic changes, and what a store has after an undisturbed collection of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import postgres
import pytest
from postgres import Server

if TYPE_CHECKING:
    from .world import World

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    from .world import World

    with World() as made:
        yield made


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server for all tests of this process."""
    postgres.need()
    with postgres.controlled() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'usage.db'}"
    import psycopg

    server: Server = request.getfixturevalue("postgres_server")
    name = f"test{next(_numbers)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server.url.rpartition('/')[0]}/{name}"
