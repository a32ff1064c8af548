# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two doors, action plugin and module: which task takes which, and that both give the same, key by key."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import Organization, Sandbox
from integration.conftest import CONNECTION_PLUGINS, NotingPython, noting

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MINUTE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ-[0-9a-f]{8}")
OURS = "genesyscloud.usage."


def cases(connection: dict[str, str], store: str, folder: str) -> list[dict[str, Any]]:
    """One task each: a module, its options, and what else the task says."""
    kept = {"store": store, "organization": "acme", "granularity": "day", "days": 3}
    judged = {"store": store, "group_by": ["client_id"], "builtin_rules": ["data-age"]}
    files = {"verdict": f"{folder}/verdict.json", "junit": f"{folder}/junit.xml"}
    asked = [
        ("usage_query", {"days": 3}, {}),
        ("usage_query", {"days": 3, "granularity": "day", "group_by": ["client_id", "http_method"]}, {}),
        ("usage_query", {"days": 3, "service": "jobs", "group_by": ["platform"]}, {}),
        ("usage_query", {"days": 3, "metrics": ["requests"], "wait": False}, {}),
        ("usage_query", kept, {"check_mode": True}),
        ("usage_query", kept, {}),
        ("usage_query", kept, {}),
        ("usage_query", {**kept, "return_rows": True, "run_id": "r"}, {}),
        ("usage_query", {**kept, "store": "sqlite:///relative.db"}, {}),
        ("usage_query", {}, {}),
        ("usage_query", {"days": 3, "interval": "2026-01-01/2026-01-02"}, {}),
        ("usage_query", {"days": 3, "group_by": ["platform"]}, {}),
        ("usage_query", {"days": 3, "group_by": ["colour"]}, {}),
        ("usage_query", {"days": "many"}, {}),
        ("usage_query", {"days": 3, "nonsense": 1}, {}),
        ("usage_query", {"days": 3, "region": "atlantis", "api_url": ""}, {}),
        ("usage_query", {"days": 3, "oauthclient_secret": "{{ 'wrong-' ~ 'secret' }}"}, {}),
        ("usage_query", {"days": 3, "oauthclient_secret": None}, {"environment": {SECRET: connection[SECRET_OPTION]}}),
        ("usage_query", {"days": 3, "oauthclient_secret": None}, {}),
        ("usage_query", {**kept, "store": "postgresql://user:kept-out@host/db"}, {}),
        ("usage_query", {**kept, "store": f"sqlite:///{folder}/no/such/folder.db"}, {}),
        ("usage_results", {"execution_id": "none"}, {}),
        ("usage_results", {}, {}),
        ("oauth_client_usage", {"client_ids": ["c1", "c2", "c1"], "days": 3}, {}),
        ("oauth_client_usage", {"client_ids": ["c1", "nobody"], "days": 3}, {}),
        ("oauth_client_usage", {"client_ids": ["c1"], "days": 3, "report": "summary"}, {}),
        ("oauth_client_usage", {"client_ids": []}, {}),
        ("oauth_client_usage", {"days": 3}, {}),
        ("oauth_client_info", {"states": ["active"]}, {}),
        ("oauth_client_info", {"store": store, "organization": "acme"}, {}),
        ("usage_store", {"store": store, "summary": {"top": 2}}, {}),
        ("usage_store", {"store": store, "export": {"dest": f"{folder}/rows.csv"}}, {"diff": True}),
        ("usage_store", {"store": store, "export": {"dest": f"{folder}/rows.csv"}}, {"diff": True}),
        ("usage_gate", {"store": store, "fail": False, "builtin_rules": ["throttled"], "client_id": "c1"}, {}),
        ("usage_gate", {**judged, "rules": BUSY}, {}),
        ("usage_gate", {**judged, "rules": [{"id": "typo", "metrik": "requests"}]}, {}),
        ("usage_gate", {**judged, "rules": BUSY, "fail": False, "outputs": files}, {"diff": True}),
        ("usage_gate", {**judged, "on_unknown": "ignore"}, {}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/report.html"}, {"check_mode": True}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/report.html"}, {"diff": True}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/pages/", "charts": 0}, {}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/report.md", "format": "markdown"}, {}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/sheet.csv", "format": "csv"}, {}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/no/such/report.html"}, {}),
        ("usage_report", {"store": store, "days": 3, "dest": f"{folder}/x.html", "organizations": ["nobody"]}, {}),
        ("usage_store", {"store": store, "state": "pruned", "keep_days": 1}, {"check_mode": True}),
        ("usage_store", {"store": store, "state": "pruned"}, {}),
    ]
    return [
        {
            "name": f"Case {number}",
            OURS + module: {name: value for name, value in {**connection, **options}.items() if value is not None},
            "register": f"case_{number}",
            "ignore_errors": True,
            **more,
        }
        for number, (module, options, more) in enumerate(asked)
    ]


BUSY = [{"id": "busy", "metric": "requests", "per": "client", "window": "3d", "op": "<=", "value": "20"}]
SECRET, SECRET_OPTION = "GENESYSCLOUD_OAUTHCLIENT_SECRET", "oauthclient_secret"


def play(
    playbook: Callable[..., Any], folder: Path, connection: dict[str, str], door: str, python: NotingPython
) -> dict[str, dict[str, Any]]:
    """The results of all cases through one door, by the names under which they are registered."""
    data = folder / door
    data.mkdir()
    # The secret is an extra variable, so that the play itself may be searched for it.
    tasks = cases({**connection, SECRET_OPTION: "{{ secret }}"}, f"sqlite:///{data}/usage.db", str(data))
    results: dict[str, dict[str, Any]] = {}
    # From -vvv on Ansible shows the command that starts a module, and in it the variables of the keyword `environment`.
    # So it does with every module, and no collection can keep it from that: a secret there is looked for below -vvv.
    for verbosity, with_environment in (("-vvvv", False), ("-vv", True)):
        chosen = [task for task in tasks if ("environment" in task) == with_environment]
        gathered = ", ".join(f"'{task['register']}': {task['register']}" for task in chosen)
        keep = {"content": "{{ {" + gathered + "} | to_json }}", "dest": f"{data}/results.json"}
        chosen.append({"name": "Keep the results", "ansible.builtin.copy": keep})
        book = data / f"play{verbosity}.yml"
        plays = [{"hosts": "localhost", "gather_facts": False, "vars": python.through(door), "tasks": chosen}]
        book.write_text(yaml.safe_dump(plays), encoding="utf-8")
        variables = {"secret": connection[SECRET_OPTION]}
        secrets = ["wrong-secret"]
        playbook(book, variables=variables, environ=CONNECTION_PLUGINS, secrets=secrets, verbosity=verbosity)
        results.update(json.loads((data / "results.json").read_text(encoding="utf-8")))
    modules = sorted(key.removeprefix(OURS) for task in tasks for key in task if key.startswith(OURS))
    assert python.modules() == (modules if door == "elsewhere" else [])
    return results


def comparable(value: Any, folder: Path) -> Any:
    """A result without what differs from run to run: ids, moments and the folder."""
    text = json.dumps(value).replace(str(folder), "<folder>")
    cleaned = json.loads(MINUTE.sub("<minute>", STAMP.sub("<run>", UUID.sub("<id>", text))))
    for key in ("invocation", "ansible_facts", "exception", "module_stdout", "module_stderr"):
        cleaned.pop(key, None)
    return cleaned


def test_both_doors_give_the_same(
    playbook: Callable[..., Any], sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [
        {"date": day, "client_id": client, "client_name": client.upper(), "http_method": "GET", "platform": "public",
         "template_uri": "/api/v2/users", "status200": 5, "status400": 2, "status429": 1}
        for day in last_days() for client in ("c1", "c2")
    ]  # fmt: skip
    made = sandbox.add(Organization("doors", oauthclient_id="doors", traffic=rows))
    connection = {"api_url": made.api_url, "oauthclient_id": "doors", SECRET_OPTION: made.oauthclient_secret}
    pythons = noting(tmp_path_factory)
    results = {door: play(playbook, tmp_path, connection, door, python) for door, python in pythons.items()}
    assert results["local"].keys() == results["elsewhere"].keys()
    assert len(results["local"]) > 30
    for name, action in results["local"].items():
        module = results["elsewhere"][name]
        assert comparable(action, tmp_path / "local") == comparable(module, tmp_path / "elsewhere"), name
    failed = [result["failed"] for result in results["local"].values()]
    assert failed.count(False) > 15
    assert failed.count(True) > 12


NO_PYTHON = "/nowhere/python"
BECOME = """#!/bin/sh
# In place of sudo, which is not on every machine: the command, by the same user.
while [ "$1" != /bin/sh ]; do shift; done
exec "$@"
"""


def test_which_tasks_go_through_the_door_of_the_module(
    playbook: Callable[..., Any], sandbox: Sandbox, tmp_path: Path
) -> None:
    """With a Python that is not there: a plain local task needs none, and each of the others runs a module with it."""
    made = sandbox.add(Organization("no-python", oauthclient_id="no-python"))
    become = tmp_path / "become"
    become.write_text(BECOME, encoding="utf-8")
    become.chmod(0o755)
    ways: dict[str, dict[str, Any]] = {
        "plain": {},
        "become": {"become": True, "become_method": "sudo", "vars": {"ansible_become_exe": str(become)}},
        "async": {"async": 60, "poll": 1},
        "elsewhere": {"vars": {"ansible_connection": "elsewhere"}},
    }
    options = {"api_url": made.api_url, "oauthclient_id": "no-python", SECRET_OPTION: "{{ secret }}", "days": 3}
    tasks = [
        {"name": way, f"{OURS}usage_query": options, "register": f"asked_{way}", "ignore_errors": True, **more}
        for way, more in ways.items()
    ]
    gathered = ", ".join(f"'{way}': asked_{way}" for way in ways)
    copy = {"content": "{{ {" + gathered + "} | to_json }}", "dest": f"{tmp_path}/results.json"}
    python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    tasks.append({"name": "Keep the results", "ansible.builtin.copy": copy, "vars": python})
    variables = {"ansible_python_interpreter": NO_PYTHON}
    book = tmp_path / "play.yml"
    plays = [{"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}]
    book.write_text(yaml.safe_dump(plays), encoding="utf-8")

    done = playbook(book, variables={"secret": made.oauthclient_secret}, environ=CONNECTION_PLUGINS)

    results = done.result("results.json")
    assert {way for way, result in results.items() if result["failed"]} == ways.keys() - {"plain"}
    assert "totals" in results.pop("plain")
    for way, result in results.items():
        assert NO_PYTHON in json.dumps(result), way
    assert [call["path"] for call in sandbox.exchanges.list(organization="no-python")].count("/oauth/token") == 1


def last_days() -> list[str]:
    """The last three complete days."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return [(today - datetime.timedelta(days=ago)).isoformat() for ago in (3, 2, 1)]
