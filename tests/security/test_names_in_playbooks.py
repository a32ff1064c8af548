# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are meant to do harm, through Ansible itself: no template runs, no terminal obeys, no file goes astray."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from corpus import NAMES, by_kind, ci_commands, raw_controls
from genesyscloud_sandbox import Organization, Sandbox
from hostility import Answer, Got, Hostile, hostile
from integration.conftest import CONNECTION_PLUGINS, DOORS, NotingPython, noting
from integration.helpers_roles import inventory
from integration.test_modules import traffic

from ansible_collections.genesyscloud.usage.plugins.module_utils import printable

TEMPLATE = Path(__file__).resolve().parents[2] / "playbooks" / "templates" / "demo_summary.txt.j2"
OURS = "genesyscloud.usage."
SECRET = "SENTINEL-names-secret-6b1e"
TITLE = "{{ 7*7 }}\x1b[31m<b>::error::title"


def answer(got: Got) -> Answer:
    """An API whose every word is hostile: of the path's first part is which name it says."""
    number, path = got.target.lstrip("/").split("/", 1)
    name = NAMES[int(number)]
    if path.startswith("oauth/token"):
        return Answer(200, {"access_token": "SENTINEL-names-token-11aa", "expires_in": 300})
    body = {"message": name, "code": name, "details": [{"errorCode": name, name: name}]}
    return Answer(400, body, {"inin-correlation-id": name.replace("\n", " ").replace("\r", " ")})


@pytest.fixture
def server() -> Any:
    with hostile(answer) as made:
        yield made


@pytest.fixture
def organization(sandbox: Sandbox) -> Organization:
    clients = {f"c{number}": name for number, name in enumerate(NAMES)}
    rows = [{**row, "template_uri": row["client_name"]} for row in traffic(clients, days=1)]
    name = f"names-{len(sandbox.organizations)}"
    return sandbox.add(Organization(name, title=TITLE, oauthclient_id=name, oauthclient_secret=SECRET, traffic=rows))


def play(door: str, python: NotingPython, organization: Organization, server: Hostile, folder: Path) -> dict[str, Any]:
    """What a playbook does with names: shows them, gives them on, writes them, puts them into messages."""
    connection = {"oauthclient_id": organization.name, "oauthclient_secret": "{{ secret }}"}
    org = {**connection, "api_url": organization.api_url}
    ask = {**org, "days": 1, "granularity": "day", "group_by": ["client_id", "template_uri"]}
    kept = {"store": f"sqlite:///{folder}/{door}.db"}
    wrong = [NAMES.index(name) for name in [*by_kind("template", "command")[:6], *by_kind("terminal")[:6]]]
    tasks: list[dict[str, Any]] = [
        {"name": "Ask", f"{OURS}usage_query": ask, "register": "asked"},
        {"name": "List", f"{OURS}oauth_client_info": org, "register": "listed"},
        {"name": "Show", "debug": {"msg": "{{ asked.rows | map(attribute='client_name') | list }}"}},
        # Names on lines of their own would begin with what they begin with: that is the playbook's own doing.
        {"name": "Join", "debug": {"msg": "Clients: {{ asked.rows | map(attribute='client_name') | join(', ') }}"}},
        {"name": "Give on", "set_fact": {"again": "{{ asked.rows | map(attribute='client_name') | list }}"}},
        {
            "name": "Template again",
            "vars": {"one": "{{ item }}", "two": "{{ one }}", "three": "x{{ two }}"},
            "debug": {"msg": "{{ three }} {{ lookup('ansible.builtin.vars', 'two') }}"},
            "loop": "{{ again }}",
        },
        {"name": "Not true", "assert": {"that": ["again[0] != '49'", "again[0] is not match('49')"]}},
        {
            "name": "Write what came",
            "copy": {
                "content": "{{ {'rows': asked.rows, 'clients': listed.clients, 'again': again} | to_json }}",
                "dest": f"{folder}/{door}.json",
            },
        },
        # The organization's own name is the label where none is given, and stands in a warning the second time.
        {"name": "Keep", f"{OURS}usage_query": {**ask, **kept}},
        {"name": "Keep under another name", f"{OURS}usage_query": {**ask, **kept, "organization": "other"}},
        {
            "name": "Of somebody else",
            f"{OURS}usage_query": {**ask, "organization_id": "00000000-0000-0000-0000-000000000000"},
            "ignore_errors": True,
        },
        {
            "name": "Refused",
            f"{OURS}usage_query": {**ask, "api_url": server.url + "/{{ item }}", "progress": False},
            "loop": wrong,
            "register": "refused",
            "ignore_errors": True,
        },
        {"name": "Say why", "debug": {"msg": "{{ item.msg }}"}, "loop": "{{ refused.results }}"},
        {
            "name": "Sum up",
            f"{OURS}usage_store": {**kept, "summary": {"top": 100}, "export": {"dest": f"{folder}/{door}.csv"}},
            "register": "demo_store_result",
        },
        {
            "name": "Judge",
            f"{OURS}usage_gate": {
                **kept,
                "builtin_rules": [],
                "rules": [{"id": "none", "metric": "requests", "window": "1d", "op": "<=", "value": 0}],
                "fail": False,
            },
            "register": "demo_gate",
        },
        {
            "name": "Write the summary",
            "copy": {
                "content": "{{ lookup('ansible.builtin.template', '" + str(TEMPLATE) + "') }}",
                "dest": f"{folder}/{door}.txt",
            },
            "vars": {"demo_results": [], "demo_command": "ansible-playbook", "demo_collections": ""},
        },
    ]
    return {"hosts": "localhost", "gather_facts": False, "vars": python.through(door), "tasks": tasks}


@pytest.mark.parametrize("result_format", ["json", "yaml"])
def test_names_do_no_harm_in_a_playbook(
    playbook: Callable[..., Any],
    organization: Organization,
    server: Hostile,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    result_format: str,
) -> None:
    doors = noting(tmp_path_factory, DOORS if result_format == "json" else DOORS[:1])
    book = tmp_path / "book.yml"
    plays = [play(door, python, organization, server, tmp_path) for door, python in doors.items()]
    book.write_text(yaml.safe_dump(plays, width=1000))
    environ = {
        **CONNECTION_PLUGINS,
        "ANSIBLE_CALLBACK_RESULT_FORMAT": result_format,
        "COLUMNS": "80",
    }
    secrets = ["SENTINEL-names-token-11aa"]
    done = playbook(book, variables={"secret": SECRET}, environ=environ, secrets=secrets, verbosity="-v")

    expected = [printable.text(name) for name in NAMES]
    for door, python in doors.items():
        modules = {"usage_query", "oauth_client_info", "usage_store", "usage_gate"}
        assert set(python.modules()) == (modules if door == "elsewhere" else set())
        found = json.loads((tmp_path / f"{door}.json").read_text(encoding="utf-8"))
        by_id = {row["client_id"]: row for row in found["rows"]}
        assert [by_id[f"c{number}"]["client_name"] for number in range(len(NAMES))] == expected
        assert [by_id[f"c{number}"]["template_uri"] for number in range(len(NAMES))] == expected
        assert sorted(found["again"]) == sorted(expected)
        assert {client["client_name"] for client in found["clients"]} == set(expected)
        for name in (f"{door}.txt", f"{door}.csv"):
            text = (tmp_path / name).read_text(encoding="utf-8")
            assert raw_controls(text) == [], name
            assert ci_commands(text) == [], name
    # Nothing ran, anywhere.
    assert not list(tmp_path.rglob("PWNED"))
    for said in (done.stdout, done.stderr, done.log):
        assert raw_controls(said) == []
        assert ci_commands(said) == []
    assert "{{ 7*7 }}" in done.stdout
    assert len(server.got) == 2 * 12 * len(doors)


def test_labels_lead_report_files_nowhere_else(
    playbook: Callable[..., Any],
    organization: Organization,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Every label of an organization that a path could be made of; each gets a folder of its own below the reports."""
    labels = [name for name in by_kind("path", "terminal", "command", "sql") if name.strip()]
    connection = {
        "genesyscloud_api_url": organization.api_url,
        "genesyscloud_oauthclient_id": organization.name,
        "genesyscloud_oauthclient_secret": SECRET,
    }
    names = tmp_path / "labels.json"
    names.write_text(json.dumps(labels), encoding="utf-8")
    hosts = {f"host{number}": connection for number in range(len(labels))}
    label = "{{ (lookup('ansible.builtin.file', '" + str(names) + "') | from_json)[inventory_hostname[4:] | int] }}"
    book = tmp_path / "book.yml"
    variables = {
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "collect_organization": label,
        "collect_days": 1,
        "collect_oauth_clients": False,
        "collect_store": f"sqlite:///{tmp_path}/usage.db",
        "collect_reports_dir": f"{tmp_path}/reports",
    }
    plays = [
        {
            "hosts": "genesyscloud",
            "connection": "local",
            "gather_facts": False,
            "vars": variables,
            "roles": [f"{OURS}collect"],
        }
    ]
    book.write_text(yaml.safe_dump(plays, width=1000), encoding="utf-8")
    done = playbook(book, "-i", inventory(tmp_path_factory.mktemp("inventory"), hosts), "--forks", "4", verbosity="")

    folders = sorted(path for path in (tmp_path / "reports").iterdir())
    assert len(folders) == len(labels), "a folder for each, and none for two"
    for folder in folders:
        assert set(folder.name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        assert not folder.name.startswith((".", "-"))
        assert len(list(folder.iterdir())) == 2
    made = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert made <= {
        "reports",
        "usage.db",
        "usage.db-wal",
        "usage.db-shm",
        "book.yml",
        "labels.json",
        "ansible.log",
    }
    assert raw_controls(done.stdout) == []
    assert ci_commands(done.stdout) == []
