# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides and the README, held against what there is: kinds of failure, modules, options, playbooks, files."""

from __future__ import annotations

import importlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ansible_collections.genesyscloud.usage.plugins.module_utils"
NAME = "genesyscloud.usage"
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
PAGES = [*GUIDES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md"))]
PROMISED = {
    "guide_sign_in", "guide_organizations", "guide_limits", "guide_network", "guide_gate", "guide_awx", "guide_store",
    "guide_services", "guide_troubleshooting", "guide_report", "guide_stability",
}  # fmt: skip
HEADINGS = ["Description", "Requirements", "Installation", "Use cases", "Quick start", "Testing", "Support"]
HEADINGS += ["Release notes", "Licence"]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> Iterator[str]:
    """The code blocks of a page in a language."""
    if page.suffix == ".md":
        found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text(page), re.DOTALL | re.MULTILINE)
    else:
        pattern = rf"^( *)\.\. code-block:: {language}\n\n((?:\1 +.*\n|[ \t]*\n)+)"
        found = re.findall(pattern, text(page) + "\n", re.MULTILINE)
    yield from (textwrap.dedent(block) for _indent, block in found)


def tasks(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each use of one of our modules: its name and its options."""
    if isinstance(value, list):
        for item in value:
            yield from tasks(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key.startswith(f"{NAME}.") and isinstance(inner, dict):
                yield key.removeprefix(f"{NAME}."), inner
            yield from tasks(inner)


class Loader(yaml.SafeLoader):
    """Takes encrypted strings for what they are: strings."""


Loader.add_constructor("!vault", lambda _loader, node: node.value)


def test_every_guide_is_listed_and_every_one_that_is_listed_is_there() -> None:
    listed = yaml.safe_load(text(ROOT / "docs" / "docsite" / "extra-docs.yml"))["sections"]
    names = [name for section in listed for name in section["toctree"]]
    assert sorted(names) == [path.stem for path in GUIDES]
    assert set(names) >= PROMISED


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_can_be_referred_to_by_its_name(guide: Path) -> None:
    assert f".. _ansible_collections.{NAME}.docsite.{guide.stem}:" in text(guide)


def kinds() -> set[str]:
    errors = importlib.import_module(f"{PACKAGE}.errors")
    return {str(value.kind) for value in vars(errors).values() if isinstance(value, type) and hasattr(value, "kind")}


def test_every_kind_of_failure_is_explained_once_and_no_other() -> None:
    guide = text(ROOT / "docs" / "docsite" / "rst" / "guide_troubleshooting.rst")
    rows = re.findall(r"^   \* - ((?:``\w+``(?:, )?)+)$", guide, re.MULTILINE)
    explained = [kind for row in rows for kind in re.findall(r"``(\w+)``", row)]
    assert sorted(explained) == sorted(kinds())


PERMISSIONS = {
    "guide_sign_in": {
        "``usage_query``": "organization",
        "``oauth_client_usage``": "client",
        "``usage_results`` of an organization": "organization",
        "``usage_results`` of an OAuth client": "client",
    },
    "guide_services": {
        "Permission for an organization": "organization",
        "Permission for an OAuth client": "client",
    },
}
"""The rows of tables whose columns are the services, and the scope that each is about."""


@pytest.mark.parametrize("guide", PERMISSIONS)
def test_the_permissions_that_are_told_are_those_of_the_services(guide: str) -> None:
    services = importlib.import_module(f"{PACKAGE}.services").SERVICES
    page = text(ROOT / "docs" / "docsite" / "rst" / f"{guide}.rst")
    rows = {first: told for first, *told in re.findall(r"^ *\* - (.*)\n *- (.*)\n *- (.*)$", page, re.MULTILINE)}
    for name, scope in PERMISSIONS[guide].items():
        told = [sorted(re.findall(r"[a-z]+:[a-zA-Z]+:view", cell)) for cell in rows[name]]
        assert told == [sorted(service.operations[scope].permissions) for service in services.values()], name


@each_page
def test_yaml_that_is_shown_is_yaml_and_its_tasks_take_their_options(page: Path) -> None:
    argspec = importlib.import_module(f"{PACKAGE}.argspec")
    for block in blocks(page, "yaml"):
        for document in yaml.load_all(block, Loader):
            for module, options in tasks(document):
                if (ROOT / "plugins" / "modules" / f"{module}.py").exists():
                    unknown = options.keys() - getattr(argspec, module.upper()).keys()
                    assert not unknown, f"{module} has no {unknown}"


@each_page
def test_what_is_named_in_full_is_there(page: Path) -> None:
    known = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    for kind in ("modules", "filter"):
        known |= {path.stem for path in (ROOT / "plugins" / kind).glob("*") if path.suffix in {".py", ".yml"}}
    known |= {path.name for path in (ROOT / "roles").iterdir()}
    for name in re.findall(rf"(?<![\w/.-]){re.escape(NAME)}\.([a-z_]+)\b(?!\.)", text(page)):
        # The last is the action group.
        assert name in known | {"docsite", "usage"}, f"{NAME}.{name}"


@each_page
def test_variables_on_command_lines_are_those_of_roles_and_playbooks(page: Path) -> None:
    files = [path for folder in ("roles", "playbooks", "examples") for path in (ROOT / folder).rglob("*.yml")]
    known = "\n".join(map(text, files))
    for name in re.findall(r"-e '?([a-z_]+)=", text(page)):
        assert re.search(rf"\b{name}\b", known), name


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text(page)) if page.suffix == ".md" else []:
        assert (page.parent / target).exists(), target


@each_page
def test_targets_of_make_that_are_named_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    for target in re.findall(r"(?:^|`)make ([a-z][a-z-]+)(?= [A-Z]+=|`|\n| {2,})", text(page), re.MULTILINE):
        assert target in targets, target


def test_the_readme_has_what_certified_collections_have_in_their_order() -> None:
    found = re.findall(r"^## (.*)$", text(ROOT / "README.md"), re.MULTILINE)
    assert [heading for heading in found if heading in HEADINGS] == HEADINGS


def test_the_readme_and_the_manual_name_every_module() -> None:
    names = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
    assert [name for name in names if f"| `{name}` |" not in text(ROOT / "README.md")] == []
