# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Execution environments: what the README and the guide show is taken by ansible-builder, and it finds what is needed.

No image is built: that takes a container engine and its registries.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DEFINITION = re.compile(
    r"^( *)# execution-environment\.yml\n((?:\1.*\n|[ \t]*\n)+?)(?=\s*```|\n *\.\. code-block|\n\S)", re.M
)

pytestmark = pytest.mark.skipif(
    shutil.which("ansible-builder", path=str(BIN)) is None, reason="pip install ansible-builder"
)


def builder(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(BIN / "ansible-builder"), *arguments], check=False, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", ["README.md", "docs/docsite/rst/guide_awx.rst"])
def test_a_context_is_created_from_what_is_shown(page: str, tmp_path: Path) -> None:
    found = DEFINITION.search((ROOT / page).read_text(encoding="utf-8"))
    assert found, page
    definition = textwrap.dedent(found[2])
    assert yaml.safe_load(definition)["dependencies"]["galaxy"]["collections"] == [{"name": "genesyscloud.usage"}]
    (tmp_path / "execution-environment.yml").write_text(definition, encoding="utf-8")
    builder(tmp_path, "create", "--output-filename", "Containerfile")
    context = tmp_path / "context"
    assert "python3.12" in (context / "Containerfile").read_text(encoding="utf-8")
    asked = yaml.safe_load((context / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert asked == {"collections": [{"name": "genesyscloud.usage"}]}


def test_what_the_collection_needs_is_found_by_itself(collections_path: Path, tmp_path: Path) -> None:
    needed = yaml.safe_load(builder(tmp_path, "introspect", str(collections_path)))["python"]
    assert {re.split(r"[^\w-]", entry)[0] for entry in needed} >= {"requests", "psycopg"}
    # The same lower bound as for those who install by hand.
    own = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    (requests,) = re.findall(r"^requests\S+", own, re.MULTILINE)
    assert any(entry.split()[0] == requests for entry in needed)
