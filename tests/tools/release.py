# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a release: version, changelog, archive, a trial of the archive, a commit and a tag. It publishes nothing.

    python tests/tools/release.py VERSION

It refuses before it changes anything: a version that is not semantic or not newer, a folder with changes that are not
committed, no summary in changelogs/fragments. What it changed when a later step fails, `git restore .` takes back.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml
from checkout import ROOT

TOOLS = ROOT / "tests" / "tools"
GALAXY = ROOT / "galaxy.yml"
VERSION = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$")


class Refused(Exception):
    """Why there will be no release."""


def main(arguments: list[str]) -> int:
    """Return an exit status."""
    if len(arguments) != 1:
        sys.exit(__doc__)
    version = arguments[0]
    try:
        check(version)
    except Refused as reason:
        print(f"No release: {reason}")
        return 1
    write_version(version)
    run(str(Path(sys.executable).with_name("antsibull-changelog")), "lint")
    run(str(Path(sys.executable).with_name("antsibull-changelog")), "release", "--version", version)
    run(sys.executable, str(TOOLS / "build_collection.py"))
    archive = ROOT / ".build" / f"genesyscloud-usage-{version}.tar.gz"
    run(sys.executable, str(TOOLS / "try_artifact.py"), str(archive))
    run("git", "add", "--all", "galaxy.yml", "CHANGELOG.md", "changelogs")
    run("git", "commit", "--quiet", "--message", f"Release {version}")
    run("git", "tag", "--annotate", version, "--message", f"Release {version}")
    print(f"Released {version}, here and nowhere else. To publish it:")
    print(f"  git push && git push origin {version}")
    print(f"  ansible-galaxy collection publish {archive.relative_to(ROOT)}")
    return 0


def check(version: str) -> None:
    """Raise Refused for what would go wrong later."""
    if not VERSION.match(version):
        raise Refused(f"'{version}' is no semantic version: make release VERSION=1.2.3")
    changelog = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))
    for earlier in changelog["releases"]:
        if order(version) <= order(earlier):
            raise Refused(f"{version} is not newer than {earlier}, which is in the changelog")
    if said("git", "status", "--porcelain"):
        raise Refused("there are changes that are not committed")
    fragments = sorted((ROOT / "changelogs" / "fragments").glob("*.yml"))
    if not any("release_summary" in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) for path in fragments):
        raise Refused("no fragment in changelogs/fragments has a release_summary")


def order(version: str) -> tuple[object, ...]:
    """A key by which versions sort; one with a suffix comes before the one without."""
    numbers, _dash, suffix = version.partition("-")
    return *map(int, numbers.split(".")), not suffix, suffix


def write_version(version: str) -> None:
    """Into galaxy.yml, the only place that has it."""
    text = GALAXY.read_text(encoding="utf-8")
    changed, found = re.subn(r"^version: .*$", f"version: {version}", text, flags=re.MULTILINE)
    if found != 1:
        sys.exit("galaxy.yml has not one line with a version")
    GALAXY.write_text(changed, encoding="utf-8")


def run(*command: str) -> None:
    """Run a step, and end where it fails."""
    print(f"$ {' '.join(command)}", flush=True)
    done = subprocess.run(command, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"No release: {command[0]} failed. `git restore .` takes back what was changed so far.")


def said(*command: str) -> str:
    """What a command says."""
    return subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
