# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles and playbooks: documented, described to Ansible, and tested."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
NAME = "genesyscloud.usage"

each_role = pytest.mark.parametrize("role", ROLES)
each_playbook = pytest.mark.parametrize("playbook", PLAYBOOKS)


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def load(*parts: str) -> Any:
    return yaml.safe_load(read(*parts))


def options(role: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load("roles", role, "meta", "argument_specs.yml")["argument_specs"]["main"][
        "options"
    ]
    return found


def integration_tests() -> str:
    files = (path for path in (ROOT / "tests" / "integration").rglob("*") if path.suffix in {".py", ".yml"})
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_there_are_roles_and_playbooks() -> None:
    assert {"collect", "sandbox"} <= set(ROLES)
    assert {"audit", "backfill", "collect", "demo"} <= set(PLAYBOOKS)


@each_role
def test_a_role_describes_itself_to_ansible(role: str) -> None:
    main = load("roles", role, "meta", "argument_specs.yml")["argument_specs"]["main"]
    assert main["version_added"]
    assert main["author"]
    assert not main["short_description"].endswith(".")
    assert all(option.startswith(f"{role}_") for option in main["options"])
    for option, value in main["options"].items():
        assert value.get("description"), option
        assert value.get("type"), option


def completed(default: Any) -> Any:
    """A default without the filter that completes a path: it is described by what the filter completes."""
    return re.sub(r"^\{\{ '(.*)' \| expanduser }}$", r"\1", default) if isinstance(default, str) else default


@each_role
def test_documented_defaults_are_the_real_ones(role: str) -> None:
    defaults = load("roles", role, "defaults", "main.yml") or {}
    described = options(role)
    assert set(defaults) <= set(described), "a default that is not described"
    for option, value in described.items():
        if "default" in value:
            assert option in defaults, f"{option}: the default that is described is not set"
            assert value["default"] == completed(defaults[option]), option


@each_role
def test_secrets_of_a_role_are_never_logged(role: str) -> None:
    for option, value in options(role).items():
        assert bool(value.get("no_log")) == bool(re.search(r"secret|password|access_token", option)), option


@each_role
def test_the_readme_of_a_role_has_all_its_variables_and_an_example(role: str) -> None:
    text = read("roles", role, "README.md")
    assert text.startswith(f"# Role `{NAME}.{role}`\n")
    assert "```yaml" in text
    assert [option for option in options(role) if f"`{option}`" not in text] == []


@each_role
def test_a_role_is_in_the_readme_and_in_an_integration_test(role: str) -> None:
    assert re.search(rf"^\| role `{role}` \|", read("README.md"), re.MULTILINE)
    tests = integration_tests()
    assert f"{NAME}.{role}" in tests


@each_playbook
def test_a_playbook_is_in_the_readme_and_in_an_integration_test(playbook: str) -> None:
    readme = read("README.md")
    assert re.search(rf"(?<![\w/]){NAME}\.{playbook}\b|`\.{playbook}`", readme)
    tests = integration_tests()
    assert re.search(rf"{NAME}\.{playbook}\b|playbooks?\W+{playbook}\b|\b{playbook}\.yml", tests)


@each_playbook
def test_a_playbook_says_at_its_top_what_it_is_for(playbook: str) -> None:
    head = read("playbooks", f"{playbook}.yml").partition("\n- ")[0]
    words = [
        line for line in head.splitlines() if line.startswith("#") and "SPDX" not in line and "Copyright" not in line
    ]
    assert words
