# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook that sets up AWX, run against awx.awx's own argument specs: no server, but every option is checked.

The real modules of awx.awx are started. Once Ansible has checked and converted what they were given, that is written
down, and they end before they open a connection.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = ROOT / "playbooks" / "awx_setup.yml"
STORE_PASSWORD = "SENTINEL-awx-store-2b71"
VAULT_PASSWORD = "SENTINEL-awx-vault-93d0"
ORGANIZATION_SECRET = "SENTINEL-awx-organization-c45e"
HOOK = "SENTINEL-awx-hook-77aa"
SECRETS = {STORE_PASSWORD, VAULT_PASSWORD, ORGANIZATION_SECRET, HOOK}

REQUIRED = {
    "awx_project_url": "https://git.example.com/usage.git",
    "awx_image": "registry.example.com/usage-ee:1",
    "awx_store": "postgresql://usage@db.example.com/usage",
}
EVERYTHING = {
    **REQUIRED,
    "awx_store_password": STORE_PASSWORD,
    "awx_vault_password": VAULT_PASSWORD,
    "awx_region": "eu-west-1",
    "awx_oauthclient_id": "an-id",
    "awx_oauthclient_secret": ORGANIZATION_SECRET,
    "awx_project_credential": "Git",
    "awx_notification": {"url": f"https://hooks.example.com/{HOOK}", "http_method": "POST", "headers": {}},
    "awx_output_dir": "/var/lib/usage",
    "awx_extra_vars": {"collect_group_by": ["client_id"]},
    "awx_slices": "5",
}

# Takes the place of what all modules of awx.awx have in common: the options are theirs, the network is not.
RECORDER = """

def _recorded(self, *_arguments, **_more):
    import json
    import os

    with open(os.environ["AWX_RECORD"], "a") as record:
        record.write(json.dumps(self.params) + "\\n")
    self.exit_json(changed=False)


ControllerModule.load_config_files = _recorded
"""


@pytest.fixture(scope="session")
def awx() -> Path:
    """The folder of the collection awx.awx."""
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    import awx_collection

    if problem := awx_collection.get():
        pytest.skip(f"the collection awx.awx cannot be had from the Python package index: {problem}")
    return Path(awx_collection.COLLECTION)


@pytest.fixture
def recorded(
    playbook: Callable[..., Any],
    awx: Path,
    collections_path: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., list[dict[str, Any]]]:
    """Runs the playbook; returns what each of its tasks gave to a module of awx.awx."""
    folder = tmp_path_factory.mktemp("awx")
    copied = folder / "ansible_collections" / "awx" / "awx"
    shutil.copytree(awx, copied)
    with open(copied / "plugins" / "module_utils" / "controller_api.py", "a", encoding="utf-8") as module:
        module.write(RECORDER)

    def run(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        record = folder / "record"
        record.unlink(missing_ok=True)
        playbook(
            "genesyscloud.usage.awx_setup",
            variables=variables,
            secrets=SECRETS,
            environ={
                "ANSIBLE_COLLECTIONS_PATH": f"{collections_path}:{folder}",
                "AWX_RECORD": str(record),
                "CONTROLLER_HOST": "https://awx.invalid",
            },
        )
        return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]

    return run


def named(given: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """The only one with these values."""
    (found,) = [one for one in given if all(one.get(name) == value for name, value in fields.items())]
    return {name: value for name, value in found.items() if value is not None}


def test_every_task_is_one_that_awx_takes(recorded: Callable[..., list[dict[str, Any]]]) -> None:
    given = recorded(EVERYTHING)
    tasks = [task for task in yaml_tasks() if any(name.startswith("awx.awx.") for name in task)]
    # Two loops over two playbooks each; everything else once.
    assert len(given) == len(tasks) + 2

    collect = named(given, playbook="audit.yml")
    assert collect["job_slice_count"] == 5
    assert collect["ask_limit_on_launch"] is collect["ask_job_slice_count_on_launch"] is True
    assert collect["credentials"] == [
        "Genesys Cloud usage store", "Genesys Cloud usage vault", "Genesys Cloud usage organization",
    ]  # fmt: skip
    # It is AWX's job that puts a day in; here it is still a template.
    assert collect["extra_vars"] == {
        "collect_run_id": "nightly-{{ now(utc=true, fmt='%Y-%m-%d') }}",
        "collect_group_by": ["client_id"],
    }
    for question in collect["survey_spec"]["spec"]:
        assert question.keys() >= {"question_name", "variable", "type", "required", "min", "max", "default"}

    nodes = {one["identifier"]: one for one in given if one.get("identifier")}
    assert list(nodes) == ["gate", "report", "collect"]
    assert nodes["collect"]["always_nodes"] == ["gate", "report"]
    templates = {one["name"] for one in given if one.get("playbook")}
    assert {one["unified_job_template"] for one in nodes.values()} == templates

    store, vault, one = (one["inputs"] for one in given if one.get("credential_type"))
    assert store == {"url": REQUIRED["awx_store"], "password": STORE_PASSWORD}
    assert vault == {"vault_password": VAULT_PASSWORD}
    assert one["oauthclient_secret"] == ORGANIZATION_SECRET
    check_credential_types([one for one in given if one.get("injectors")])
    run_id = collect["extra_vars"]["collect_run_id"]
    assert {one["playbook"]: one["extra_vars"] for one in given if one.get("playbook")} == {
        "audit.yml": collect["extra_vars"],
        "gate.yml": {"collect_run_id": run_id, "gate_dir": "/var/lib/usage"},
        "report.yml": {"collect_run_id": run_id, "report_dir": "/var/lib/usage/usage-report"},
    }
    assert named(given, rrule="DTSTART:20260101T021500Z RRULE:FREQ=DAILY;INTERVAL=1")["enabled"] is True
    failures = named(given, notification_type="webhook")
    assert named(given, name="Genesys Cloud usage nightly", allow_simultaneous=False)[
        "notification_templates_error"
    ] == [failures["name"]]
    # The workflow goes on where it failed, and so does not fail with it.
    assert collect["notification_templates_error"] == [failures["name"]]


def check_credential_types(types: list[dict[str, Any]]) -> None:
    """Every secret is one, every field is injected, and nothing else is."""
    assert len(types) == 2
    for one in types:
        fields = {field["id"]: field for field in one["inputs"]["fields"]}
        assert set(one["inputs"]["required"]) <= fields.keys()
        assert {name for name, field in fields.items() if field.get("secret")} <= {"oauthclient_secret", "password"}
        assert any(field.get("secret") for field in fields.values())
        assert {value.strip("{} ") for value in one["injectors"]["env"].values()} == fields.keys()
        assert all(name.startswith("GENESYSCLOUD_") for name in one["injectors"]["env"])


def test_what_is_not_given_is_not_made(recorded: Callable[..., list[dict[str, Any]]]) -> None:
    given = recorded(REQUIRED)
    names = {one.get("name") for one in given}
    assert not names & {"Genesys Cloud usage vault", "Genesys Cloud usage failures"}
    collect = named(given, playbook="audit.yml")
    assert collect["credentials"] == ["Genesys Cloud usage store"]
    assert collect["job_slice_count"] == 3
    assert "credential" not in named(given, scm_type="git")
    # Where nothing is kept the gate writes nothing, and the report goes where it always goes.
    assert named(given, playbook="gate.yml")["extra_vars"]["gate_dir"] == ""
    assert named(given, playbook="report.yml")["extra_vars"].keys() == {"collect_run_id"}


def test_a_night_is_collect_and_then_always_gate_and_report(recorded: Callable[..., list[dict[str, Any]]]) -> None:
    given = recorded(REQUIRED)
    nodes = {one["identifier"]: one for one in given if one.get("identifier")}
    assert list(nodes) == ["gate", "report", "collect"]
    assert nodes["collect"]["always_nodes"] == ["gate", "report"]
    # The project imports playbooks of these names.
    playbooks = {one["playbook"] for one in given if one.get("playbook")}
    assert playbooks == {"audit.yml", "gate.yml", "report.yml"}
    guide, readme = (
        (ROOT / path).read_text(encoding="utf-8") for path in ("docs/docsite/rst/guide_awx.rst", "README.md")
    )
    for name in playbooks:
        assert (ROOT / "playbooks" / name).is_file()
        imported = f"- import_playbook: genesyscloud.usage.{name.removesuffix('.yml')}"
        assert imported in guide
        assert imported in readme


def test_who_wants_nothing_afterwards_gets_nothing(recorded: Callable[..., list[dict[str, Any]]]) -> None:
    told = {"awx_notification": EVERYTHING["awx_notification"]}
    given = recorded(REQUIRED | told | {"awx_afterwards": []})
    assert [one["identifier"] for one in given if one.get("identifier")] == ["collect"]
    assert named(given, identifier="collect")["always_nodes"] == []
    assert [one["playbook"] for one in given if one.get("playbook")] == ["audit.yml"]
    # It is the workflow that fails, and tells.
    assert named(given, playbook="audit.yml")["notification_templates_error"] == []


@pytest.mark.parametrize("missing", [*REQUIRED, "a file"])
def test_what_has_to_be_given_is_asked_for(
    playbook: Callable[..., Any], collections_path: Path, awx: Path, missing: str
) -> None:
    given = {name: value for name, value in REQUIRED.items() if name != missing}
    if missing == "a file":
        given["awx_store"] = "sqlite:////var/lib/usage.db"
    path = {"ANSIBLE_COLLECTIONS_PATH": f"{collections_path}:{awx.parents[2]}"}
    done = playbook("genesyscloud.usage.awx_setup", variables=given, environ=path, rc=2)
    assert "a file would be gone with the container" in " ".join(done.stdout.split())


def yaml_tasks() -> list[dict[str, Any]]:
    """The tasks of the playbook, with their templates left as they are."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
    (play,) = yaml.load(PLAYBOOK.read_text(encoding="utf-8"), Loader=Loader)
    tasks: list[dict[str, Any]] = play["tasks"]
    return tasks


def test_every_option_is_documented_by_awx(awx: Path) -> None:
    """Of the right type or a template, one of the choices, and all that is required."""
    for task in yaml_tasks():
        (action,) = [name for name in task if "." in name]
        if not action.startswith("awx.awx."):
            continue
        source = (awx / "plugins" / "modules" / f"{action.rpartition('.')[2]}.py").read_text(encoding="utf-8")
        documentation = source.split("DOCUMENTATION = '''\n")[1].split("'''")[0]
        options = yaml.safe_load(documentation)["options"]
        assert task[action].keys() <= options.keys(), task["name"]
        assert {name for name, option in options.items() if option.get("required")} <= task[action].keys(), task["name"]
        for name, value in task[action].items():
            choices = options[name].get("choices")
            assert not choices or "{{" in str(value) or value in choices, (task["name"], name)


def test_secrets_come_from_variables_without_a_default() -> None:
    done = subprocess.run(
        ["grep", "-nE", r"^ +awx_\w*(password|secret|token)\w*:", str(PLAYBOOK)], check=False, capture_output=True
    )
    assert done.stdout == b""
    for task in yaml_tasks():
        if "awx.awx.credential" in task or "awx.awx.notification_template" in task:
            assert task["no_log"] is True
