# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install an archive of the collection in an empty folder, and run the demo there as a user would.

    python tests/tools/try_artifact.py ARCHIVE

Run it with the Python of a virtual environment that has ansible-core and requests. Nothing of this checkout is on the
way: neither its folder, nor its .build, nor the user's own collections and configuration.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.executable).parent
LEFT = ("usage.db", "usage.csv", "summary.json", "summary.txt")
"""What the demo leaves in its folder."""


def attempt(archive: Path, folder: Path) -> str:
    """Return what the demo says. Raises CalledProcessError or FileNotFoundError where it is not what it should be."""
    settings = folder / "ansible.cfg"
    settings.touch()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GENESYSCLOUD_"))}
    environment = {
        **kept,
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}",
        "ANSIBLE_CONFIG": str(settings),
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
    }
    run(folder, environment, "ansible-galaxy", "collection", "install", str(archive.resolve()), "-p", "collections")
    said = run(folder, environment, "ansible-playbook", "genesyscloud.usage.demo")
    for name in LEFT:
        if not (folder / "usage-demo" / name).stat().st_size:
            raise FileNotFoundError(f"{name} is empty")
    return said


def run(folder: Path, environment: dict[str, str], program: str, *arguments: str) -> str:
    """Run one of Ansible's programs there, and return what it says."""
    done = subprocess.run(
        [str(BIN / program), *arguments],
        check=False, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        print(done.stdout)
    done.check_returncode()
    return done.stdout


def main(arguments: list[str]) -> int:
    """Return an exit status."""
    if len(arguments) != 1:
        sys.exit(__doc__)
    archive = Path(arguments[0])
    with tempfile.TemporaryDirectory(prefix="usage-artifact-") as folder:
        attempt(archive, Path(folder))
    print(f"{archive.name} installs in an empty folder, and its demo runs there.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
