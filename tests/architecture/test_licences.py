# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose each file is, and that nothing in it belongs to one machine only."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from checkout import files  # noqa: E402

HEADED = {".py", ".yml", ".yaml", ".sh", ".toml", ".rst"}
WITHOUT = {"REUSE.toml"}
"""It says so for the others, and by that for itself."""

# REUSE-IgnoreStart
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
# REUSE-IgnoreEnd

FILES = files()
PLACES = re.compile(
    r"(?<![\w.:/-])/(?:work|home/\w+|root|Users/\w+)/[\w.-]+|/\.pyenv/versions/\d|"
    r"(?:pypi|npm|artifact\w*|registry|mirror)\.[\w.-]+\.(?:internal|corp|lan|local)\b"
)
"""Paths and hosts that one machine has."""


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def test_there_are_files() -> None:
    assert len(FILES) > 200


def test_every_file_that_can_says_its_licence() -> None:
    headed = [path for path in FILES if path.suffix in HEADED and path.parts[0] != "changelogs" and text(path)]
    lacking = [str(path) for path in headed if path.name not in WITHOUT and LICENCE not in text(path)[:700]]
    assert lacking == []


def test_the_licence_is_there_and_is_the_one_that_is_named() -> None:
    assert text(Path("LICENSE")) == text(Path("LICENSES/GPL-3.0-or-later.txt"))
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 3" in text(Path("LICENSE"))
    assert [path.name for path in FILES if path.parts[0] == "LICENSES"] == ["GPL-3.0-or-later.txt"]


@pytest.mark.skipif(shutil.which("reuse", path=str(Path(sys.executable).parent)) is None, reason="pip install reuse")
def test_reuse_finds_nothing() -> None:
    command = [str(Path(sys.executable).with_name("reuse")), "lint", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, subprocess.run(
        [*command[:-1], "--lines"], cwd=ROOT, check=False, capture_output=True, text=True
    ).stdout


def test_no_file_names_a_place_that_only_one_machine_has() -> None:
    found = [
        f"{path}: {match[0]}" for path in FILES if path.parts[0] != "LICENSES" for match in PLACES.finditer(text(path))
    ]
    assert found == []


def test_no_file_is_large() -> None:
    assert [str(path) for path in FILES if (ROOT / path).stat().st_size > 200_000] == []
