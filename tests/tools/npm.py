# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install the npm packages that the tests in a browser need, where they are missing and npm is there.

    python tests/tools/npm.py

They are named in tests/browser/package.json and land in .build/browser. It never fails: the tests themselves say what
they skip, and how to get it. Once it did not work, it is not tried again until the list of packages changes (the file
.build/browser/problem remembers that).
"""

from __future__ import annotations

import shutil
import sys

from checkout import ROOT
from commands import problem_of

LISTS = [ROOT / "tests" / "browser" / name for name in ("package.json", "package-lock.json")]
TARGET = ROOT / ".build" / "browser"


def up_to_date() -> bool:
    """Whether just these packages were installed before, or could not be."""
    if not (TARGET / "problem").exists() and not (TARGET / "node_modules").is_dir():
        return False
    return all((TARGET / one.name).is_file() and (TARGET / one.name).read_bytes() == one.read_bytes() for one in LISTS)


def install() -> str:
    """Install the packages; return what went wrong, else nothing."""
    options = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error"]
    return problem_of(["npm", "ci", *options], cwd=TARGET)


def main() -> int:
    """Install them unless they are there."""
    if up_to_date() or not shutil.which("npm"):
        return 0
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for one in LISTS:
        shutil.copy(one, TARGET)
    problem = install()
    if problem:
        (TARGET / "problem").write_text(problem, encoding="utf-8")
    print(f"npm packages of tests/browser: {problem or 'installed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
