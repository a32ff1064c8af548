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
from collections.abc import Callable
from contextlib import suppress
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
    dest = os.path.abspath(dest)
    folder = os.path.dirname(dest)
    if not os.path.isdir(folder):
        raise DestinationError(f"The folder {folder} does not exist; create it first")
    if os.path.isdir(dest):
        raise DestinationError(f"{dest} is a folder, not a file")
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".usage-", dir=None if check_mode else folder)
        with open(handle, "w", encoding="utf-8", newline="") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        exists = os.path.exists(dest)
        changed = not exists or not filecmp.cmp(temporary, dest, shallow=False)
        before, after = _text(dest) if exists else "", _text(temporary)
        if changed and not check_mode:
            os.chmod(temporary, mode)
            os.replace(temporary, dest)
            temporary = None
    except OSError as error:
        raise DestinationError(f"{dest} cannot be written: {error.strerror}") from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
    return FileChange(changed, before, after)


def _text(path: str) -> str:
    size = os.path.getsize(path)
    if size > DIFF_LIMIT:
        return f"({size} bytes)\n"
    with open(path, encoding="utf-8", errors="replace", newline="") as stream:
        return stream.read()
