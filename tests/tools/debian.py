# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install Debian packages that tests need and that are missing, where that is possible: as root, with apt-get.

    python tests/tools/debian.py PROGRAM=PACKAGE...

PROGRAM is a name on the PATH, or a pattern of paths. It never fails: the tests themselves say what they skip, and how
to get it. Once it did not work, it is not tried again (the file .build/debian-PACKAGE remembers that).
"""

from __future__ import annotations

import glob
import os
import shutil
import sys

from checkout import ROOT
from commands import problem_of


def missing(program: str) -> bool:
    """Whether there is no such program."""
    return not (glob.glob(program) if "/" in program else shutil.which(program))


def install(package: str) -> str:
    """Install a package; return what went wrong, else nothing."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Lists that could not be brought up to date may still have the package.
    problem_of(["apt-get", "-q", "update"], env=environment)
    problem = problem_of(["apt-get", "-q", "install", "-y", "--no-install-recommends", package], env=environment)
    return problem.rpartition("\n")[2]


def main(wanted: list[str]) -> int:
    """Install what is missing."""
    for program, _sign, package in (one.rpartition("=") for one in wanted):
        tried = ROOT / ".build" / f"debian-{package}"
        if not missing(program) or tried.exists() or os.geteuid() != 0 or missing("apt-get"):
            continue
        problem = install(package)
        if problem:
            tried.parent.mkdir(exist_ok=True)
            tried.write_text(problem, encoding="utf-8")
        print(f"{package}: {problem or 'installed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
