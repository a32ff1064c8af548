# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules, documentation, options and tests, held against each other."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
PACKAGE = "ansible_collections.genesyscloud.usage.plugins"
SECRET = re.compile(r"secret|password|access_token")

each = pytest.mark.parametrize("name", MODULES)


def load(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.modules.{name}")


def documentation(name: str) -> dict[str, Any]:
    """The documentation of a module with its fragments merged, in Ansible's own order of precedence."""
    doc: dict[str, Any] = yaml.safe_load(load(name).DOCUMENTATION)
    merged: dict[str, Any] = {"options": {}, "attributes": {}}
    own = {key: doc.get(key) or {} for key in merged}
    for fragment in doc.get("extends_documentation_fragment", []):
        file, _dot, variable = fragment.removeprefix("genesyscloud.usage.").partition(".")
        module = importlib.import_module(f"{PACKAGE}.doc_fragments.{file}")
        text = getattr(module.ModuleDocFragment, (variable or "documentation").upper())
        for key, into in merged.items():
            for option, value in (yaml.safe_load(text).get(key) or {}).items():
                # A later fragment may say the same attribute otherwise; an option is documented in one place.
                assert key == "attributes" or option not in into, f"{option} is documented twice"
                into[option] = value
    return {**doc, **{key: into | own[key] for key, into in merged.items()}}


def spec(name: str) -> dict[str, dict[str, Any]]:
    argspec = importlib.import_module(f"{PACKAGE}.module_utils.argspec")
    found: dict[str, dict[str, Any]] = getattr(argspec, name.upper())
    return found


def walk(options: dict[str, Any], inner: str, prefix: str = "") -> Any:
    for option, value in options.items():
        yield f"{prefix}{option}", value
        yield from walk(value.get(inner) or {}, inner, f"{prefix}{option}.")


def described(name: str) -> dict[str, Any]:
    return dict(walk(documentation(name)["options"], "suboptions"))


def taken(name: str) -> dict[str, Any]:
    return dict(walk(spec(name), "options"))


def test_there_are_modules() -> None:
    assert len(MODULES) >= 5


# Options and documentation


@each
def test_documented_options_are_those_that_are_taken(name: str) -> None:
    assert described(name).keys() == taken(name).keys()


@each
@pytest.mark.parametrize(
    ("attribute", "absent"), [("type", "str"), ("elements", None), ("default", None), ("required", False)]
)
def test_documentation_and_spec_agree(name: str, attribute: str, absent: Any) -> None:
    documented = {option: value.get(attribute, absent) for option, value in described(name).items()}
    assert documented == {option: value.get(attribute, absent) for option, value in taken(name).items()}


@each
def test_choices_agree(name: str) -> None:
    documented = {option: list(value.get("choices") or []) for option, value in described(name).items()}
    assert documented == {option: list(value.get("choices") or []) for option, value in taken(name).items()}


@each
def test_secrets_are_never_logged_and_ids_are_never_blanked(name: str) -> None:
    for option, value in taken(name).items():
        if SECRET.search(option):
            assert value.get("no_log") is True, option
        else:
            assert not value.get("no_log"), f"{option}: Ansible would blank its value in the rows too"


@each
def test_environment_variables_are_those_that_are_documented(name: str) -> None:
    def documented(value: Any) -> set[str]:
        text = " ".join([value["description"]] if isinstance(value["description"], str) else value["description"])
        return set(re.findall(r"If not set, the environment variable E\((\w+)\)", text))

    fallbacks = {option: set((value.get("fallback") or (None, []))[1]) for option, value in taken(name).items()}
    assert {option: documented(value) for option, value in described(name).items()} == fallbacks


@each
def test_every_option_is_described_in_sentences(name: str) -> None:
    for option, value in described(name).items():
        lines = value["description"] if isinstance(value["description"], list) else [value["description"]]
        assert lines, option
        assert all(isinstance(line, str) and line.rstrip().endswith((".", ")")) for line in lines), option


# Documentation


@each
def test_a_module_says_what_can_be_relied_on(name: str) -> None:
    attributes = documentation(name)["attributes"]
    assert {"check_mode", "diff_mode", "platform"} <= attributes.keys()
    assert all("support" in value for value in attributes.values())
    assert attributes["check_mode"]["support"] == "full"


@each
def test_a_module_is_documented_as_such(name: str) -> None:
    doc = documentation(name)
    assert doc["module"] == name
    assert doc["version_added"]
    assert doc["seealso"]
    assert doc["author"]
    assert not doc["short_description"].endswith(".")


@each
def test_a_module_has_four_examples_that_take_its_options(name: str) -> None:
    examples: list[dict[str, Any]] = []

    def collect(tasks: list[dict[str, Any]]) -> None:
        for task in tasks:
            assert task.get("name"), task
            examples.append(task)
            for key in ("block", "rescue", "always"):
                collect(task.get(key, []))

    collect(yaml.safe_load(load(name).EXAMPLES))
    assert sum("block" not in task for task in examples) >= 4
    assert any(f"genesyscloud.usage.{name}" in task for task in examples)
    for task in examples:
        for other in MODULES:
            if (given := task.get(f"genesyscloud.usage.{other}")) is not None:
                assert given.keys() <= spec(other).keys()
                required = {option for option, value in spec(other).items() if value.get("required")}
                assert required <= given.keys()


@each
def test_what_is_returned_is_described_and_typed_with_a_sample(name: str) -> None:
    returned = yaml.safe_load(load(name).RETURN)
    assert "failure" in returned
    for key, value in returned.items():
        assert {"description", "returned", "type"} <= value.keys(), key
        # Rows are shown where they are explained.
        assert "sample" in value or "contains" in value or "as M(" in value["description"], key


@each
def test_ansible_itself_can_read_the_documentation(name: str) -> None:
    from ansible.plugins.loader import fragment_loader
    from ansible.utils.plugin_docs import get_docstring

    path = str(ROOT / "plugins" / "modules" / f"{name}.py")
    doc, examples, returned, _metadata = get_docstring(
        path, fragment_loader, collection_name="genesyscloud.usage", plugin_type="module"
    )
    assert doc["options"].keys() == spec(name).keys()
    assert examples
    assert returned


# Everything else


@each
def test_a_module_has_an_operation_and_a_spec_of_its_name(name: str) -> None:
    operation = importlib.import_module(f"{PACKAGE}.module_utils.operations.{name}")
    assert callable(getattr(operation, name))
    text = (ROOT / "plugins" / "modules" / f"{name}.py").read_text(encoding="utf-8")
    assert f"run_module(argspec.{name.upper()}, {name}" in text


@each
def test_a_module_has_unit_tests_of_its_own(name: str) -> None:
    text = (ROOT / "tests" / "unit" / "operations" / f"test_{name}.py").read_text(encoding="utf-8")
    assert text.count("\ndef test_") >= 2
    doors = (ROOT / "tests" / "unit" / "modules" / "test_modules.py").read_text(encoding="utf-8")
    assert f'"{name}"' in doors


def test_the_action_group_has_all_modules() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert sorted(runtime["action_groups"]["usage"]) == MODULES


@each
def test_a_module_has_an_integration_test(name: str) -> None:
    files = [path for path in (ROOT / "tests" / "integration").rglob("*") if path.suffix in {".py", ".yml", ".yaml"}]
    assert any(re.search(rf"\b{name}\b", path.read_text(encoding="utf-8")) for path in files)


@each
def test_an_action_plugin_of_the_name_belongs_to_a_module(name: str) -> None:
    actions = {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")} - {"__init__"}
    assert actions <= set(MODULES)
    # All or none: both doors are meant to be there for every module.
    assert not actions or name in actions
