# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection and install it below .build, unless what lies there is made of the same files.

Run it with the Python of a virtual environment that has ansible-core. `ANSIBLE_COLLECTIONS_PATH=.build` then
finds the collection, and the archive that would be published is .build/genesyscloud-usage-VERSION.tar.gz.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from checkout import ROOT, fingerprint

BUILD = ROOT / ".build"
INSTALLED = BUILD / "ansible_collections" / "genesyscloud" / "usage"
STAMP = BUILD / "fingerprint"


def main() -> int:
    """Return an exit status."""
    try:
        current = fingerprint()
    except (OSError, subprocess.CalledProcessError):
        current = ""  # not a git checkout, or not ours in git's eyes: build each time
    if current and INSTALLED.is_dir() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == current:
        return 0

    STAMP.unlink(missing_ok=True)
    shutil.rmtree(INSTALLED, ignore_errors=True)
    for old in BUILD.glob("genesyscloud-usage-*.tar.gz"):
        old.unlink()
    galaxy("build", "--output-path", str(BUILD), str(ROOT))
    (archive,) = BUILD.glob("genesyscloud-usage-*.tar.gz")
    galaxy("install", str(archive), "--collections-path", str(BUILD), "--force", "--offline")
    print(f"Built {archive.relative_to(ROOT)} and installed it in {INSTALLED.relative_to(ROOT)}")
    STAMP.write_text(current, encoding="utf-8")
    return 0


def galaxy(*arguments: str) -> None:
    """Run `ansible-galaxy collection`. What it says is shown only if it fails; then this program ends."""
    command = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection", *arguments]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout)
        sys.exit(done.returncode)


if __name__ == "__main__":
    sys.exit(main())
