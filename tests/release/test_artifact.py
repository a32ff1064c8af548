# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive that is published: what is in it, that it works in an empty folder, and how it is released."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tests" / "tools"
sys.path.insert(0, str(TOOLS))

import release  # noqa: E402
from checkout import copy_to  # noqa: E402
from try_artifact import attempt  # noqa: E402

SUMMARY = "---\nrelease_summary: A release that is none.\n"


@pytest.fixture(scope="module")
def archive() -> Path:
    subprocess.run([sys.executable, str(TOOLS / "build_collection.py")], check=True)
    (found,) = (ROOT / ".build").glob("genesyscloud-usage-*.tar.gz")
    return found


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own with the files of this checkout."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "test")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "test@example.com")
    folder = tmp_path / "repository"
    copy_to(folder)
    (folder / "changelogs" / "fragments" / "summary.yml").write_text(SUMMARY, encoding="utf-8")
    for fragment in (folder / "changelogs" / "fragments").glob("*.yml"):
        if fragment.name != "summary.yml" and "release_summary" in fragment.read_text(encoding="utf-8"):
            fragment.unlink()
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All there is")
    return folder


def make(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "tests" / "tools" / "release.py"), version]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)


def version_of(folder: Path) -> Any:
    return yaml.safe_load((folder / "galaxy.yml").read_text(encoding="utf-8"))["version"]


def test_the_archive_has_what_users_need_and_nothing_else(archive: Path) -> None:
    with tarfile.open(archive) as opened:
        names = set(opened.getnames())
        manifest = json.load(opened.extractfile("MANIFEST.json"))  # type: ignore[arg-type]
    assert manifest["collection_info"]["version"] == version_of(ROOT)
    assert manifest["collection_info"]["license"] == ["GPL-3.0-or-later"]
    wanted = {"README.md", "LICENSE", "CHANGELOG.md", "meta/runtime.yml", "meta/execution-environment.yml"}
    wanted |= {"LICENSES/GPL-3.0-or-later.txt", "requirements.txt", "meta/ee-requirements.txt", "playbooks/demo.yml"}
    assert wanted <= names
    tops = {name.split("/")[0] for name in names}
    assert tops.isdisjoint(
        {".git", ".ci", ".build", ".venv", "collections", "Makefile", "pyproject.toml", "usage-demo"}
    )
    assert {name for name in names if name.startswith("tests/")} <= {"tests/config.yml"}
    assert archive.stat().st_size < 1_000_000


def test_the_archive_installs_in_an_empty_folder_and_the_demo_runs_there(archive: Path, tmp_path: Path) -> None:
    said = attempt(archive, tmp_path)
    assert "API USAGE OF 10 ORGANIZATIONS" in said
    assert str(ROOT) not in said
    installed = tmp_path / "collections" / "ansible_collections" / "genesyscloud" / "usage"
    assert json.loads((installed / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]["name"] == "usage"


def test_galaxy_takes_it(archive: Path) -> None:
    command = [sys.executable, str(TOOLS / "import_check.py"), str(archive)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_release_is_one_command(repository: Path) -> None:
    done = make(repository, "98.7.6")
    assert done.returncode == 0, done.stdout + done.stderr
    assert version_of(repository) == "98.7.6"
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "98\\.7\\.6" in changelog
    assert "A release that is none" in changelog
    assert list((repository / "changelogs" / "fragments").glob("*.yml")) == []
    assert (repository / ".build" / "genesyscloud-usage-98.7.6.tar.gz").exists()
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "describe") == "98.7.6"
    assert "ansible-galaxy collection publish .build/genesyscloud-usage-98.7.6.tar.gz" in done.stdout
    # Twice is once too often.
    again = make(repository, "98.7.6")
    assert again.returncode == 1
    assert "not newer than 98.7.6" in again.stdout


def without_summary(folder: Path) -> None:
    git(folder, "rm", "--quiet", "changelogs/fragments/summary.yml")
    git(folder, "commit", "--quiet", "--message", "No summary")


def with_a_change(folder: Path) -> None:
    (folder / "README.md").write_text("changed\n", encoding="utf-8")


def nothing(_folder: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "version", "reason"),
    [
        (nothing, "1.2", "no semantic version"),
        (nothing, "", "no semantic version"),
        (without_summary, "98.7.6", "release_summary"),
        (with_a_change, "98.7.6", "not committed"),
    ],
)
def test_what_would_be_no_good_release_is_refused_before_anything_changes(
    repository: Path, prepare: Callable[[Path], None], version: str, reason: str
) -> None:
    prepare(repository)
    before = git(repository, "status", "--porcelain"), version_of(repository)
    done = make(repository, version)
    assert done.returncode == 1
    assert reason in done.stdout
    assert (git(repository, "status", "--porcelain"), version_of(repository)) == before
    assert git(repository, "tag") == ""


def test_versions_sort_as_people_expect() -> None:
    versions = ["0.9.0", "0.10.0", "1.0.0-alpha", "1.0.0-beta", "1.0.0", "1.0.1"]
    assert sorted(set(versions), key=release.order) == versions
