# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that appear whole or not at all.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import filecmp
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from .errors import DestinationError

DIFF_LIMIT = 256 * 1024
"""Bytes of a file that are shown in a diff; larger ones are only said to differ."""


@dataclass(frozen=True)
class FileChange:
    """What became of a file; ``before`` and ``after`` are its text, for a diff."""

    changed: bool
    before: str
    after: str


def replace(dest: str, write: Callable[[IO[str]], None], mode: int, check_mode: bool) -> FileChange:
    """Give a file the content that ``write`` writes, in one step, where it has another.

    In check mode the content is made in the system's temporary folder and thrown away. Raises DestinationError.
    """
    return replace_all({dest: write}, mode, check_mode)[dest]


def replace_all(writers: Mapping[str, Callable[[IO[str]], None]], mode: int, check_mode: bool) -> dict[str, FileChange]:
    """The same for several files: none is touched unless the new content of every one lies ready beside it."""
    with ExitStack() as stack:
        staged = {
            dest: stack.enter_context(_staged(os.path.abspath(dest), write, check_mode))
            for dest, write in writers.items()
        }
        for dest, (temporary, change) in staged.items():
            if change.changed and not check_mode:
                with _said_of(dest):
                    os.chmod(temporary, mode)
                    os.replace(temporary, os.path.abspath(dest))
        return {dest: change for dest, (_temporary, change) in staged.items()}


@contextmanager
def _said_of(dest: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DestinationError(f"{dest} cannot be written: {error.strerror}") from None


@contextmanager
def _staged(dest: str, write: Callable[[IO[str]], None], check_mode: bool) -> Iterator[tuple[str, FileChange]]:
    """A temporary file with the new content, and what it would change; in the end it is gone, one way or the other."""
    folder = os.path.dirname(dest)
    if not os.path.isdir(folder):
        raise DestinationError(f"The folder {folder} does not exist; create it first")
    if os.path.isdir(dest):
        raise DestinationError(f"{dest} is a folder, not a file")
    temporary = None
    try:
        with _said_of(dest):
            handle, temporary = tempfile.mkstemp(prefix=".usage-", dir=None if check_mode else folder)
            with open(handle, "w", encoding="utf-8", newline="") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            exists = os.path.exists(dest)
            changed = not exists or not filecmp.cmp(temporary, dest, shallow=False)
            change = FileChange(changed, _text(dest) if exists else "", _text(temporary))
        yield temporary, change
    finally:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)


def _text(path: str) -> str:
    size = os.path.getsize(path)
    if size > DIFF_LIMIT:
        return f"({size} bytes)\n"
    with open(path, encoding="utf-8", errors="replace", newline="") as stream:
        return stream.read()
