# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check an archive of the collection with galaxy-importer, as Galaxy does when it is published.

    python tests/tools/import_check.py ARCHIVE

galaxy-importer pins old versions of what other tools use, so it gets a virtual environment of its own, made with the
Python that runs this: .build/importer. A warning is an error here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checkout import ROOT

HOME = ROOT / ".build" / "importer"
DONE = "Importer processing completed successfully"


def python() -> Path:
    """The interpreter of the environment, which is made first where it is missing."""
    found, stamp = HOME / "bin" / "python", HOME / ".ready"
    if not stamp.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
        install = [found, "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "ansible-core"], check=True)
        subprocess.run([*install, "galaxy-importer>=0.4.30"], check=True)
        stamp.touch()
    return found


def main(arguments: list[str]) -> int:
    """Return 0 if there is nothing to complain about."""
    if len(arguments) != 1:
        sys.exit(__doc__)
    archive = Path(arguments[0]).resolve()
    interpreter = python()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"PATH": f"{interpreter.parent}{os.pathsep}{environment['PATH']}", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory(prefix="usage-importer-") as folder:
        done = subprocess.run(
            [interpreter, "-m", "galaxy_importer.main", archive],
            check=False, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    complaints = [line for line in done.stdout.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    if done.returncode or complaints or DONE not in done.stdout:
        print("\n".join(complaints) or done.stdout)
        return 1
    print(f"{archive.name}: {DONE}, without a warning.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
