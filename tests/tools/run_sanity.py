# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run `ansible-test sanity` on a copy of this checkout.

    python tests/tools/run_sanity.py [--every-python] [ARGUMENT FOR ansible-test sanity]...

Modules are compiled and imported with the Python that runs this, or with every one on the PATH that ansible-test knows.
Run it with the Python of a virtual environment that has ansible-core. ansible-test wants the collection in a real
folder .../ansible_collections/genesyscloud/usage, wherever the checkout lies: the files are copied there first.
Its own virtual environments stay in ~/.ansible/test, so that only the first run has to make them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from checkout import ROOT, copy_to

COPY = ROOT / ".build" / "sanity" / "ansible_collections" / "genesyscloud" / "usage"
EVERY_PYTHON = "--every-python"
CACHE = Path("~/.ansible/test/cache").expanduser()


def main(arguments: list[str]) -> int:
    """Return the exit status of ansible-test."""
    copy_to(COPY)
    # Without a repository of its own, the copy belongs to the one around it, which ignores everything below .build.
    subprocess.run(["git", "init", "--quiet", "--template="], cwd=COPY, check=True)
    provide_pip_bootstrap()
    command = [sys.executable, str(Path(sys.executable).with_name("ansible-test")), "sanity", "--color", "no"]
    if EVERY_PYTHON not in arguments:
        command += ["--python", f"{sys.version_info.major}.{sys.version_info.minor}"]
    command += [argument for argument in arguments if argument != EVERY_PYTHON]
    return subprocess.run(command, cwd=COPY, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """Return this process's environment without what would lead ansible-test, or its git, elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GIT_", "PYTHON"))}
    return {**kept, "LC_ALL": "C.UTF-8"}


def provide_pip_bootstrap() -> None:
    """Put get_pip.py where this ansible-test looks for each version of its download, unless one is there."""
    package = importlib.util.find_spec("ansible_test")
    if package is None or not package.submodule_search_locations:
        sys.exit(f"{sys.executable} has no ansible-core, of which ansible-test is a part.")
    source = Path(package.submodule_search_locations[0], "_internal", "python_requirements.py")
    for version in set(re.findall(r"""\bpip=["']([\d.]+)["']""", source.read_text(encoding="utf-8"))):
        script = CACHE / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(__file__).with_name("get_pip.py"), script)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
