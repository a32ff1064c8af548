# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation site: .build/site/build/html/index.html. A warning is an error.

Run it with the Python of a virtual environment that has the tools of requirements-lint.txt. It needs no network: what
other sites document is not looked up there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from checkout import ROOT

SITE = ROOT / ".build" / "site"
HTML = SITE / "build" / "html"
NAME = "genesyscloud.usage"
BIN = Path(sys.executable).parent

ELSEWHERE = re.compile(r"undefined label: '(?!ansible_collections\.genesyscloud)[\w.]+' \[ref\.ref]$")
"""A label of Ansible's own documentation."""

THEME = ["--project", NAME, "--title", f"{NAME}: API usage of Genesys Cloud", "--copyright", f"{NAME} contributors"]


def main() -> int:
    """Return an exit status."""
    shutil.rmtree(SITE, ignore_errors=True)
    pages = SITE / "rst"
    # antsibull-docs wants a folder into which nobody else writes.
    pages.mkdir(parents=True, mode=0o755)
    shared = ["--use-current", "--squash-hierarchy", "--fail-on-error"]
    run("antsibull-docs", "sphinx-init", *shared, "--lenient", *THEME, "--dest-dir", str(SITE), NAME)
    with open(SITE / "conf.py", "a", encoding="utf-8") as configuration:
        configuration.write("\nintersphinx_mapping = {}\n")
    settings = ["--config-file", str(SITE / "antsibull-docs.cfg")]
    run("antsibull-docs", *settings, "collection", "--cleanup", "everything", *shared, "--dest-dir", str(pages), NAME)
    said = run("sphinx-build", "--no-color", "-q", "-b", "html", "-c", str(SITE), str(pages), str(HTML))
    warnings = [line for line in said.splitlines() if "WARNING" in line and not ELSEWHERE.search(line)]
    if warnings:
        print("\n".join(warnings))
        return 1
    print((HTML / "index.html").relative_to(ROOT))
    return 0


def run(program: str, *arguments: str) -> str:
    """Run one of the environment's programs on the collection as it was built; return what it says, or end with it."""
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"), "LC_ALL": "C.UTF-8"}
    command = [str(BIN / program), *arguments]
    done = subprocess.run(
        command, check=False, cwd=SITE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        print(done.stdout)
        sys.exit(done.returncode)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
