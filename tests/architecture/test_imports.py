# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arrows of the design, read from the imports: each part knows only what is below it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"
OURS = "ansible_collections.genesyscloud.usage.plugins."

FILES = sorted(PLUGINS.rglob("*.py"))
ARROWS: dict[str, set[str]] = {
    "printable": set(),
    "secrecy": set(),
    "errors": {"printable"},
    "addresses": {"errors"},
    "clock": {"errors"},
    "regions": {"addresses", "errors"},
    "services": set(),
    "export": {"printable"},
    "files": {"errors"},
    "jsonstream": {"errors"},
    "answers": {"errors", "said", "secrecy"},
    "limiter": {"clock"},
    "auth": {"clock", "errors"},
    "said": set(),
    "body": {"clock", "errors"},
    "session": set(),
    "client": {"addresses", "answers", "auth", "body", "clock", "errors", "limiter", "said", "secrecy", "session"},
    "clients": {"client", "errors", "rows"},
    "rows": {"errors", "said", "services"},
    "results": {"errors", "said"},
    "intervals": {"errors"},
    "analysis": {"errors", "intervals", "analysis", "rows"},
    "query": {"errors", "intervals", "rows", "services"},
    "pool": {"clock", "errors"},
    "usage": {"client", "clock", "errors", "jsonstream", "query", "results", "rows", "said"},
    "report": {"analysis", "errors", "export", "intervals", "printable", "report", "rows", "services", "store"},
    "store": {"clock", "errors", "rows", "store"},
    "sinks": {"query", "rows", "store"},
    "gate": {"analysis", "clock", "errors", "files", "gate", "intervals", "printable", "rows", "services", "store"},
    "argspec": {"export", "rows", "services"},
    "progress": {"clock"},
    "door": {"argspec", "client", "errors", "operations", "printable", "progress", "secrecy", "store"},
}
"""What each part may import of the others. What is not in it may import all but the upper floor."""

UPPER = {"operations", "door", "argspec"}
TALKS_HTTP = {"client.py", "session.py", "answers.py"}
KNOWS_ANSIBLE = {"argspec.py", "door.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PLUGINS))


def imports(path: Path) -> Iterator[str]:
    """The absolute names of what a file imports, names out of modules included."""
    package = [*OURS.rstrip(".").split("."), *path.relative_to(PLUGINS).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def parts(path: Path) -> set[str]:
    """The parts of module_utils that a file imports."""
    prefix = f"{OURS}module_utils."
    return {found.removeprefix(prefix).split(".")[0] for found in imports(path) if found.startswith(prefix)}


def part_of(path: Path) -> str:
    return path.relative_to(UTILS).parts[0].removesuffix(".py")


each_util = pytest.mark.parametrize("path", sorted(UTILS.rglob("*.py")), ids=name_of)
each_file = pytest.mark.parametrize("path", FILES, ids=name_of)


def test_there_is_something_to_read() -> None:
    assert len(FILES) > 30
    below = {"addresses", "answers", "auth", "body", "clock", "errors", "limiter", "said", "secrecy", "session"}
    assert parts(UTILS / "client.py") == below
    assert parts(UTILS / "store" / "ledger.py") == {"errors", "rows", "store"}
    assert {part for part in ARROWS if not list(UTILS.glob(f"{part}*"))} == set()


@each_util
def test_arrows_point_down(path: Path) -> None:
    part = part_of(path)
    if part == "operations":
        assert not parts(path) & {"door", "argspec"}
    elif part in ARROWS:
        assert parts(path) <= ARROWS[part]
    else:
        assert not parts(path) & UPPER


def test_the_arrows_have_no_circle() -> None:
    done: set[str] = set()
    left = {part: below - {part} for part, below in ARROWS.items()}
    while ready := {part for part, below in left.items() if below - {"operations"} <= done}:
        done |= ready
        left = {part: below for part, below in left.items() if part not in ready}
    assert left == {}


@each_util
def test_nothing_below_the_doors_knows_ansible(path: Path) -> None:
    if path.name not in KNOWS_ANSIBLE:
        foreign = [found for found in imports(path) if found == "ansible" or found.startswith("ansible.")]
        assert foreign == []


@each_file
def test_only_the_client_touches_the_network(path: Path) -> None:
    network = {"requests", "urllib3", "http", "httpx", "aiohttp"}
    found = {name.split(".")[0] for name in imports(path)} & network
    found |= {name for name in imports(path) if name.startswith("urllib.request")}
    if path.name not in TALKS_HTTP or path.parent != UTILS:
        assert found == set()


@each_file
def test_only_the_store_knows_a_database(path: Path) -> None:
    found = {name.split(".")[0] for name in imports(path)} & {"sqlite3", "psycopg", "psycopg2"}
    assert found == set() or path.parent == UTILS / "store"


@pytest.mark.parametrize("path", sorted((PLUGINS / "modules").glob("*.py")), ids=name_of)
def test_a_module_is_documentation_a_spec_and_a_call(path: Path) -> None:
    assert parts(path) <= UPPER
    assert {name for name in imports(path) if not name.startswith((OURS, "__future__"))} == set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))] == ["main"]


@each_file
def test_time_and_chance_come_in_as_arguments(path: Path) -> None:
    if path == UTILS / "clock.py":
        return
    text = path.read_text(encoding="utf-8")
    assert {name.split(".")[0] for name in imports(path)} & {"time", "random"} == set()
    assert not re.search(r"\.(now|utcnow|today)\(\s*(datetime\.|tz|\))", re.sub(r"clock\.(now|today)\(\)", "", text))


@each_file
def test_nobody_swallows_or_prints(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"bare except in line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "eval", "exec"}, f"{node.func.id}() in line {node.lineno}"


@each_file
def test_every_file_says_whose_it_is(path: Path) -> None:
    if path.name == "__init__.py":
        # ansible-test of ansible-core 2.16 wants it so.
        assert path.read_text(encoding="utf-8") == "", "a package of module_utils has nothing in its __init__.py"
        return
    head = path.read_text(encoding="utf-8")[:400]
    # REUSE-IgnoreStart
    assert "SPDX-License-Identifier: GPL-3.0-or-later" in head
    # REUSE-IgnoreEnd
    assert "# Copyright: (c)" in head
    if list(imports(path)):
        assert "__future__.annotations" in imports(path)
