# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils import files
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import DestinationError, InvalidArgument


def writes(text: str):
    def write(stream: IO[str]) -> None:
        stream.write(text)

    return write


def replace(dest: Path, text: str, check_mode: bool = False) -> files.FileChange:
    return files.replace(str(dest), writes(text), 0o600, check_mode)


def test_a_new_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    dest = tmp_path / "out.csv"
    assert replace(dest, "a\nü\n") == files.FileChange(True, "", "a\nü\n")
    assert dest.read_bytes() == "a\nü\n".encode()
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out.csv"]


def test_the_same_content_changes_nothing(tmp_path: Path) -> None:
    dest = tmp_path / "out.csv"
    replace(dest, "a\n")
    before = dest.stat()
    assert replace(dest, "a\n") == files.FileChange(False, "a\n", "a\n")
    assert (dest.stat().st_ino, dest.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert os.listdir(tmp_path) == ["out.csv"]


def test_other_content_replaces_the_file_in_one_step(tmp_path: Path) -> None:
    dest = tmp_path / "out.csv"
    replace(dest, "a\n")
    inode = dest.stat().st_ino
    with dest.open() as reader:
        assert replace(dest, "b\n") == files.FileChange(True, "a\n", "b\n")
        assert reader.read() == "a\n"
    assert dest.read_text() == "b\n"
    assert dest.stat().st_ino != inode


@pytest.mark.parametrize("existing", [None, "a\n"])
def test_check_mode_says_what_would_change_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: str | None
) -> None:
    folder, temporary = tmp_path / "folder", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    dest = folder / "out.csv"
    if existing:
        dest.write_text(existing)
    assert replace(dest, "b\n", check_mode=True) == files.FileChange(True, existing or "", "b\n")
    assert list(temporary.iterdir()) == []
    assert [path.read_text() for path in folder.iterdir()] == ([existing] if existing else [])
    assert replace(dest, existing or "b\n", check_mode=True).changed is (existing is None)


@pytest.mark.parametrize("error", [InvalidArgument("no"), RuntimeError("defect"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_former_file_and_no_other(tmp_path: Path, error: BaseException) -> None:
    dest = tmp_path / "out.csv"
    replace(dest, "a\n")

    def write(stream: IO[str]) -> None:
        stream.write("half")
        raise error

    with pytest.raises(type(error)):
        files.replace(str(dest), write, 0o600, False)
    assert dest.read_text() == "a\n"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match=r"The folder .*missing does not exist; create it first"):
        replace(tmp_path / "missing" / "out.csv", "a")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match="is a folder, not a file"):
        replace(tmp_path, "a")


def test_where_nobody_may_write_the_system_says_why() -> None:
    # Not even root makes files there.
    with pytest.raises(DestinationError, match=r"/proc/self/out\.csv cannot be written: \w+"):
        replace(Path("/proc/self/out.csv"), "a")


def test_a_full_disk_is_a_failure_that_leaves_the_former_file(tmp_path: Path) -> None:
    dest = tmp_path / "out.csv"
    replace(dest, "a\n")

    def write(_stream: IO[str]) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(DestinationError, match="No space left on device"):
        files.replace(str(dest), write, 0o600, False)
    assert dest.read_text() == "a\n"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_several_files_change_together_or_not_at_all(tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    Path(one).write_text("old\n")
    with pytest.raises(DestinationError, match=r"The folder .*missing does not exist"):
        files.replace_all({one: writes("new\n"), str(tmp_path / "missing" / "two"): writes("new\n")}, 0o600, False)
    assert Path(one).read_text() == "old\n"
    assert os.listdir(tmp_path) == ["one"]
    changes = files.replace_all({one: writes("old\n"), two: writes("new\n")}, 0o600, False)
    assert {dest: change.changed for dest, change in changes.items()} == {one: False, two: True}
    assert sorted(os.listdir(tmp_path)) == ["one", "two"]


def test_a_large_file_is_said_to_differ_instead_of_shown(tmp_path: Path) -> None:
    dest = tmp_path / "out.csv"
    size = files.DIFF_LIMIT + 1
    assert replace(dest, "x" * size).after == f"({size} bytes)\n"
    assert replace(dest, "y" * size) == files.FileChange(True, f"({size} bytes)\n", f"({size} bytes)\n")
