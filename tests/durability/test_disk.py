# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A disk that is full, and a folder that is read-only: the store stays as it was, and a rerun makes it whole."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from postgres import Server

from .child import Child
from .world import dump, is_whole

if TYPE_CHECKING:
    from .world import World

SIZE = 64 << 20
ROOMS = (0, 64 << 10, 256 << 10, 512 << 10)
"""Bytes that are left on the disk: so that it is full sooner or later."""

_names = itertools.count(1)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, which is small and can be filled."""
    folder = Path(tempfile.mkdtemp(prefix="usage-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("a small file system cannot be mounted here: only root can do so, and not in every container")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def fill(disk: Path, room: int) -> Path:
    """Leave so many bytes on the disk; what is in the way lies in the file that is returned."""
    filler = disk / "filler"
    free = os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - room))
    return filler


def check(world: World, url: str, disk: Path) -> None:
    world.learn(url)
    failed = 0
    for room in ROOMS:
        world.turn("latter")
        filler = fill(disk, room)
        result = world.collect(url)
        filler.unlink()
        if result.get("failed"):
            failed += 1
            assert result["failure"]["kind"] == "store"
            assert "full" in result["msg"]
        assert is_whole(dump(url), world.states)
        world.collect(url)
        assert dump(url) == world.states["latter"]
        world.turn("former")
        world.collect(url)
        assert dump(url) == world.states["former"]
    assert failed


def test_a_full_disk_with_sqlite(world: World, small_disk: Path) -> None:
    check(world, f"sqlite:///{small_disk / 'usage.db'}", small_disk)


def test_a_full_disk_with_postgresql(world: World, small_disk: Path, postgres_server: Server) -> None:
    import psycopg

    space = small_disk / "space"
    space.mkdir(mode=0o700)
    postgres_server.give(str(space))
    name = f"disk{next(_names)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{space}'".encode())
        connection.execute(f"CREATE DATABASE {name} TABLESPACE {name}".encode())
        try:
            check(world, f"{postgres_server.url.rpartition('/')[0]}/{name}", small_disk)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            connection.execute(f"DROP TABLESPACE {name}".encode())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may reach, which is not so of those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="usage-folder-"))
    try:
        yield folder
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize("file_mode", [0o444, 0o666])
def test_a_folder_that_is_read_only(world: World, open_folder: Path, file_mode: int) -> None:
    url = f"sqlite:///{open_folder / 'usage.db'}"
    world.learn(url)
    world.turn("latter")
    # Root may write everywhere, so root becomes somebody else.
    user = "nobody" if os.geteuid() == 0 else None
    (open_folder / "usage.db").chmod(file_mode)
    open_folder.chmod(0o555)
    result, _seconds = Child(lambda: world.collect(url), user).result()
    open_folder.chmod(0o755)
    assert result is not None
    assert result["failed"]
    assert result["failure"]["kind"] == "store"
    assert "folder" in result["msg"]
    assert dump(url)["rows"] == world.states["former"]["rows"]
    (open_folder / "usage.db").chmod(0o600)
    world.collect(url)
    assert dump(url) == world.states["latter"]
