# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The roles: what they collect, what a second run changes, and what becomes of organizations that fail."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from genesyscloud_sandbox import Sandbox, make_fleet

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_roles import DAYS, ROOT, SECRET, add, inventory, processes, recap, row, sql

PLAYBOOKS = Path(__file__).resolve().parent / "playbooks" / "roles"
Playbook = Callable[..., Any]


@pytest.fixture
def vault(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[str, str]]:
    """Encrypts a word; returns it, and the file with the password."""
    folder = tmp_path_factory.mktemp("vault")

    def encrypt(password: str) -> tuple[str, str]:
        file = folder / password
        file.write_text(password, encoding="utf-8")
        command = [str(Path(sys.executable).with_name("ansible-vault")), "encrypt", "--vault-password-file", str(file)]
        done = subprocess.run(command, input=SECRET, check=True, capture_output=True, text=True)
        return done.stdout, str(file)

    return encrypt


def test_organizations_are_collected_each_for_itself(
    playbook: Playbook,
    sandbox: Sandbox,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    vault: Callable[[str], tuple[str, str]],
) -> None:
    good_vault, password_file = vault("right")
    bad_vault, _unknown = vault("wrong")
    hosts = {
        "alpha": add(sandbox, "role-alpha") | {"genesyscloud_oauthclient_secret": good_vault},
        "beta": add(sandbox, "role-beta", permissions=("usage:organization:view",)),
        "gamma": add(sandbox, "role-gamma", kind="forbidden"),
        "delta": add(sandbox, "role-delta", kind="unreachable"),
        "epsilon": add(sandbox, "role-epsilon") | {"genesyscloud_oauthclient_secret": bad_vault},
        "zeta": add(sandbox, "role-zeta") | {"collect_organization": "../Zeta / EU"},
    }
    arguments = ["-i", inventory(tmp_path_factory.mktemp("inventory"), hosts), "--vault-password-file", password_file]
    store, reports, answers = tmp_path / "kept" / "usage.db", tmp_path / "reports", tmp_path / "answers"
    store.parent.mkdir()
    answers.mkdir()
    given = {
        "test_folder": str(answers),
        "collect_days": 3,
        "collect_store": "sqlite:///kept/usage.db",  # from where ansible-playbook is started
        "collect_reports_dir": "reports",
        "collect_retry_timeout": 0,
    }

    def collect(*more: str) -> tuple[Any, dict[str, dict[str, int]], dict[str, Any]]:
        done = playbook(PLAYBOOKS / "collect.yml", *arguments, *more, variables=given, rc=2, secrets=[SECRET])
        return done, recap(done.stdout), {name: json.loads((answers / f"{name}.json").read_text()) for name in hosts}

    # Check mode asks everything and writes nothing.
    _done, counts, returned = collect("--check")
    assert not store.exists()
    assert not reports.exists()
    assert {name: bool(count["failed"]) for name, count in counts.items()} == {
        "alpha": False, "beta": True, "gamma": True, "delta": True, "epsilon": True, "zeta": False,
    }  # fmt: skip
    assert counts["alpha"]["changed"] > 0
    assert returned["alpha"]["result"]["totals"]["requests"] == 60

    # The first run: good organizations are there, broken ones are written down, and fail with one sentence.
    done, counts, returned = collect("--diff")
    assert [count["failed"] for count in counts.values()].count(0) == 2
    assert counts["alpha"]["failed"] == counts["zeta"]["failed"] == 0
    check_what_is_returned(returned, done.stdout)
    check_the_ledger(store)
    check_the_reports(reports, returned["alpha"]["result"])

    # The second run changes nothing.
    _done, counts, returned = collect("--diff")
    assert {count["changed"] for count in counts.values()} == {0}
    assert returned["alpha"]["result"]["stored"]["usage"]["unchanged"] == 6
    assert sql(store, "SELECT COUNT(*) FROM collection_run") == [(2,)]

    # A figure that moved is one row, and one line of the diff.
    sandbox.set_traffic("role-alpha", [row(day, "wallboard", 11 if day == DAYS[1] else 10) for day in DAYS])
    done, counts, returned = collect("--diff", "--limit", "alpha,gamma")
    stored = returned["alpha"]["result"]["stored"]["usage"]
    assert (stored["updated"], stored["deleted"], stored["unchanged"]) == (1, 3, 2)
    assert f"+alpha,query,{DAYS[1]},wallboard,Wallboard,11,11,0,0,0,0" in done.stdout
    assert f"-alpha,query,{DAYS[1]},wallboard,Wallboard,10,10,0,0,0,0" in done.stdout
    assert counts["alpha"]["changed"] == 3  # the usage and two reports


def check_what_is_returned(returned: dict[str, Any], stdout: str) -> None:
    """What the facts of good and of broken organizations say, and the sentences of those that failed."""
    result = returned["alpha"]["result"]
    assert result["organization"] == "alpha"
    assert result["interval"] == f"{DAYS[0]}/{DAYS[-1]}"
    assert (result["row_count"], result["totals"]["requests"]) == (6, 60)
    assert result["stored"]["usage"]["inserted"] == 6
    assert result["stored"]["oauth_clients"]["inserted"] == 2
    assert result["api_calls"] > 4
    assert returned["alpha"]["failure"] == {}
    failures = {name: entry["failure"] for name, entry in returned.items() if entry["failure"]}
    assert {name: (failure["task"], failure["kind"]) for name, failure in failures.items()} == {
        "beta": ("oauth_client_info", "permission"),
        "gamma": ("usage_query", "permission"),
        "delta": ("usage_query", "connection"),
        "epsilon": ("usage_query", "playbook"),
    }
    assert failures["gamma"]["status"] == 403
    assert failures["gamma"]["correlation_id"]
    assert "usage:organization:view" in failures["gamma"]["message"]
    assert "gamma: usage_query failed (permission). HTTP 403" in stdout
    assert "beta: its usage is stored, but oauth_client_info failed (permission)." in stdout
    assert returned["beta"]["result"]["stored"]["usage"]["inserted"] == 6


def check_the_ledger(store: Path) -> None:
    """One run, and everybody in it."""
    ledger = sql(store, "SELECT organization, task, outcome, kind, run_id FROM run_organization")
    assert len({entry[4] for entry in ledger}) == 1
    assert {(entry[0], entry[1], entry[3]) for entry in ledger if entry[2] == "failed"} == {
        ("beta", "oauth_client_info", "permission"),
        ("gamma", "usage_query", "permission"),
        ("delta", "usage_query", "connection"),
        ("epsilon", "usage_query", "playbook"),
    }
    assert sql(store, "SELECT organization, SUM(requests) FROM coverage GROUP BY 1 ORDER BY 1") == [
        ("../Zeta / EU", 60), ("alpha", 60), ("beta", 60),
    ]  # fmt: skip


def check_the_reports(reports: Path, result: dict[str, Any]) -> None:
    """They are where a label says, and never outside of the folder."""
    name = f"usage_{DAYS[0]}_{DAYS[-1]}_query_client_id"
    assert sorted(entry.name for entry in (reports / "alpha").iterdir()) == [f"{name}.csv", f"{name}.json"]
    assert sorted(entry.name.rpartition("-")[0] for entry in reports.iterdir()) == ["", "", "Zeta-EU"]
    assert result["reports"] == [str(reports / "alpha" / f"{name}.{kind}") for kind in ("csv", "json")]
    report = json.loads((reports / "alpha" / f"{name}.json").read_text())
    assert (report["organization"], report["totals"]["requests"], len(report["rows"])) == ("alpha", 60, 6)
    with open(reports / "alpha" / f"{name}.csv", encoding="utf-8", newline="") as stream:
        assert sum(int(entry["requests"]) for entry in csv.DictReader(stream)) == 60


def test_single_clients_and_what_the_caller_decides(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hosts = {
        "every": add(sandbox, "drill-all") | {"collect_all_clients": True},
        "some": add(sandbox, "drill-some") | {"collect_client_ids": ["loader"], "collect_oauth_clients": False},
        "wrong": add(sandbox, "drill-wrong") | {"collect_client_ids": ["loader", "nobody"]},
        "broken": add(sandbox, "drill-broken", kind="forbidden"),
    }
    (tmp_path / "answers").mkdir()
    done = playbook(
        PLAYBOOKS / "collect.yml",
        "-i",
        inventory(tmp_path_factory.mktemp("inventory"), hosts),
        variables={
            "test_folder": str(tmp_path / "answers"),
            "collect_interval": f"{DAYS[1]}/{DAYS[2]}",
            "collect_client_group_by": ["http_method"],
            "collect_fail": False,
            "awx_job_id": 4711,
        },
        environ={"GENESYSCLOUD_USAGE_STORE": "sqlite:///from-environment.db"},
        secrets=[SECRET],
    )
    assert {count["failed"] for count in recap(done.stdout).values()} == {0}
    returned = {name: json.loads((tmp_path / "answers" / f"{name}.json").read_text()) for name in hosts}
    assert returned["broken"]["failure"]["kind"] == "permission"
    assert returned["wrong"]["failure"]["task"] == "oauth_client_usage"
    assert returned["wrong"]["failure"]["kind"] == "clients_failed"
    assert returned["every"]["result"]["run_id"] == "awx-4711"
    assert returned["some"]["result"]["stored"]["oauth_clients"] is None

    store = tmp_path / "from-environment.db"
    assert sql(
        store,
        "SELECT organization, scope, grouping, SUM(requests) FROM coverage WHERE scope <> '' "
        "AND organization <> 'wrong' GROUP BY 1, 2, 3 ORDER BY 1, 2",
    ) == [
        ("every", "loader", "http_method", 20),
        ("every", "wallboard", "http_method", 20),
        ("some", "loader", "http_method", 20),
    ]
    assert sql(store, "SELECT DISTINCT run_id FROM run_organization") == [("awx-4711",)]
    assert sql(store, "SELECT COUNT(DISTINCT organization) FROM oauth_client") == [(2,)]


@pytest.mark.parametrize(
    ("given", "job"),
    [
        ({"awx_workflow_job_id": 4, "tower_workflow_job_id": 3, "awx_job_id": 2, "tower_job_id": 1}, "4"),
        ({"tower_workflow_job_id": 3, "awx_job_id": 2, "tower_job_id": 1}, "3"),
        ({"awx_job_id": 2, "tower_job_id": 1}, "2"),
        ({"tower_job_id": 1}, "1"),
        ({}, ""),
    ],
)
def test_a_run_has_the_id_of_the_workflow_job_or_else_of_the_job(given: dict[str, int], job: str) -> None:
    variables = yaml.safe_load((ROOT / "roles" / "collect" / "vars" / "main.yml").read_text(encoding="utf-8"))
    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(variables["collect__job"])
    assert template.render(given).strip() == job


def test_the_sandbox_starts_once_and_leaves_nothing(playbook: Playbook, tmp_path: Path) -> None:
    secrets = [organization.oauthclient_secret for organization in make_fleet(3).organizations]
    given = {"test_folder": str(tmp_path)}
    playbook(PLAYBOOKS / "sandbox.yml", "--check", variables=given, secrets=secrets)
    assert not (tmp_path / "sandbox").exists()

    playbook(PLAYBOOKS / "sandbox.yml", variables=given, secrets=secrets)
    seen = json.loads((tmp_path / "seen.json").read_text())
    first, second, third = seen["pids"]
    assert first == second != third
    assert seen["mode"] == "0600"
    assert [len(hosts) for hosts in seen["hosts"]] == [2, 3]
    assert len(seen["asked"]) == 3
    assert list((tmp_path / "sandbox").iterdir()) == []
    assert processes(str(tmp_path / "sandbox")) == []


@pytest.mark.parametrize("role", ["collect", "sandbox"])
def test_every_variable_of_a_role_is_in_its_readme(role: str) -> None:
    folder = ROOT / "roles" / role
    specs = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = specs["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((folder / "defaults" / "main.yml").read_text(encoding="utf-8"))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert {name for name in options if f"`{name}`" not in readme} == set()
    assert set(defaults) <= set(options)
    for name, value in defaults.items():
        if "default" in options[name] and not (isinstance(value, str) and "{{" in value):
            assert options[name]["default"] == value, name
