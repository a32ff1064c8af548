# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of this checkout that belong to the collection: tracked, or new and not ignored."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files() -> list[Path]:
    """Return their paths, relative to the root. Raises CalledProcessError where git knows no checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = {Path(name) for name in listed.split("\0") if name}
    return sorted(path for path in paths if (ROOT / path).is_file())


def fingerprint() -> str:
    """Return a digest of the files' names, contents and permissions."""
    digest = hashlib.sha256()
    for path in files():
        mode = (ROOT / path).stat().st_mode
        content = hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
        digest.update(f"{path}\0{mode:o}\0{content}\n".encode())
    return digest.hexdigest()


def copy_to(target: Path) -> None:
    """Make `target` a fresh copy of the files. A link that leads out of the collection stays a link."""
    shutil.rmtree(target, ignore_errors=True)
    for path in files():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path, follow_symlinks=False)
