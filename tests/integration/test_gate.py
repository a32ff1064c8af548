# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role and the playbook that judge: each verdict, what is left behind, and what becomes of an earlier verdict."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import Sandbox
from junitparser import JUnitXml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_gate import BY_VERDICT, FAIL, PASS, RULE, verdict_in
from helpers_roles import ROOT, SECRET, YESTERDAY, add, inventory, recap

Playbook = Callable[..., Any]
EXIT_CODES = {"pass": 0, "warn": 1, "fail": 2, "unknown": 3}
WAIVER = {"rule": "few-requests", "subject": "gate-alpha", "reason": "A migration", "owner": "ops"}


@pytest.fixture(scope="module")
def fleet(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, Any]], Path]:
    """Two organizations with 60 requests each in three days, and where their store will be, once it is there."""
    return {name: add(sandbox, name) for name in ("gate-alpha", "gate-beta")}, tmp_path_factory.mktemp("kept")


@pytest.fixture
def hosts(fleet: tuple[dict[str, dict[str, Any]], Path]) -> dict[str, dict[str, Any]]:
    return {name: dict(variables) for name, variables in fleet[0].items()}


@pytest.fixture
def judge(
    playbook: Playbook,
    fleet: tuple[dict[str, dict[str, Any]], Path],
    hosts: dict[str, Any],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Playbook:
    """Judges the two organizations."""
    store = fleet[1] / "usage.db"
    kept = {"GENESYSCLOUD_USAGE_STORE": f"sqlite:///{tmp_path}/usage.db"}
    if not store.exists():
        names = inventory(tmp_path_factory.mktemp("inventory"), hosts)
        given = {"collect_days": 3, "collect_store": f"sqlite:///{store}"}
        playbook("genesyscloud.usage.collect", "-i", names, variables=given, secrets=[SECRET])
    shutil.copy(store, tmp_path / "usage.db")

    def run(given: dict[str, Any], *arguments: str, rc: int = 0, more: dict[str, Any] | None = None) -> Any:
        folder = tmp_path_factory.mktemp("inventory")
        known = ["-i", inventory(folder, hosts | (more or {}))]
        return playbook("genesyscloud.usage.gate", *known, *arguments, variables=given, environ=kept, rc=rc)

    return run


def changed(done: Any) -> bool:
    return recap(done.stdout)["localhost"]["changed"] > 0


def test_every_verdict_and_what_it_leaves(judge: Playbook, tmp_path: Path) -> None:
    assert changed(judge(PASS, "--check"))
    assert not (tmp_path / "verdict.json").exists()
    for name, given in BY_VERDICT.items():
        done = judge(given, "--diff", rc=2 if name in ("fail", "unknown") else 0)
        document = verdict_in(tmp_path)
        assert (document["verdict"], document["exit_code"]) == (name, EXIT_CODES[name])
        assert document["judged"]["organizations"] == ["gate-alpha", "gate-beta"]
        assert document["judged"]["last_day"] == YESTERDAY.isoformat()
        assert f'+ "verdict": "{name}"' in done.stdout
        found = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
        breaches = 2 if name in ("warn", "fail") else 0
        assert (found.failures, found.errors) == (breaches, 2 if name == "unknown" else 0)
        assert found.tests >= 4
        shown = (tmp_path / "gate.md").read_text(encoding="utf-8")
        assert shown.startswith(f"## API usage: {name}\n")
        assert shown.count(f"\n| **{name}** |") == (0 if name == "pass" else 2)
        # A finding is a line on the screen.
        lines = re.findall(rf'"{name.upper()} +few-requests: .*"', done.stdout)
        assert len(lines) == (0 if name == "pass" else 2)
        if name in ("warn", "fail"):
            assert re.search(r'gate-alpha: .*60 requests.* allowed <= 59, [\d-]+ to [\d-]+"', lines[0])
        if name in ("fail", "unknown"):
            assert f"The verdict is {name} (exit_code {EXIT_CODES[name]}): gate-alpha: " in done.stdout
        assert "data are about a day old, so what a deploy of today does shows tomorrow" in done.stdout
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "verdict.json", tmp_path / "gate.md")} == {0o600}

    # Judged again, the same verdict changes nothing, and whoever does not want to fail does not.
    judge(FAIL | {"gate_fail": False})
    assert not changed(judge(FAIL | {"gate_fail": False}))


def test_who_has_to_be_there_and_what_is_allowed(judge: Playbook, hosts: dict[str, Any], tmp_path: Path) -> None:
    # Never collected: nobody can tell, and those that are there are judged all the same.
    judge(PASS, rc=2, more={"gate-gamma": {}})
    document = verdict_in(tmp_path)
    assert document["verdict"] == "unknown"
    assert [found["subject"]["organization"] for found in document["findings"]] == ["gate-gamma"]
    judge(PASS | {"gate_on_unknown": "warn"}, more={"gate-gamma": {}})
    assert (verdict_in(tmp_path)["verdict"], verdict_in(tmp_path)["blocks"]) == ("unknown", False)
    judge(PASS | {"gate_hosts": "genesyscloud:!gate-gamma"}, more={"gate-gamma": {}})
    assert verdict_in(tmp_path)["verdict"] == "pass"

    # An allowance is a variable of the host, or given by label; a label is the host's name, or what it says.
    hosts["gate-alpha"]["genesyscloud_allowance"] = 59
    hosts["gate-b"] = hosts.pop("gate-beta") | {"collect_organization": "gate-beta"}
    rule = {"id": "used", "metric": "allowance_used", "value": 1}
    given = PASS | {
        "gate_rules": [rule],
        # The period begins with the first day that was collected.
        "gate_period_anchor": (YESTERDAY - datetime.timedelta(days=2)).day,
        "gate_allowances": {"gate-beta": [{"users": 2, "requests_per_user": 30}]},
    }
    judge(given, rc=2)
    assert [(found["subject"]["organization"], found["measured"]) for found in verdict_in(tmp_path)["findings"]] == [
        ("gate-alpha", pytest.approx(60 / 59))
    ]


def test_waivers(judge: Playbook, tmp_path: Path) -> None:
    waivers = [
        WAIVER | {"expires": YESTERDAY.isoformat()},
        WAIVER | {"subject": {"organization": "gate-beta"}, "expires": "2999-12-31"},
    ]
    done = judge(FAIL | {"gate_waivers": waivers}, rc=2)
    document = verdict_in(tmp_path)
    assert [(found["subject"]["organization"], found["verdict"]) for found in document["findings"]] == [
        ("gate-alpha", "fail"), ("gate-beta", "waived"),
    ]  # fmt: skip
    assert f"the waiver of ops expired on {YESTERDAY}" in done.stdout
    found = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (found.failures, found.skipped) == (1, 1)
    judge(FAIL | {"gate_waivers": [entry | {"subject": "gate-*", "expires": "2999-12-31"} for entry in waivers]})
    assert verdict_in(tmp_path)["counts"]["waived"] == 2


def test_annotations_and_where_all_of_it_is(judge: Playbook, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "for it"
    given = FAIL | {"gate_fail": False, "gate_dir": "made/for it", "gate_link": "https://ci.example.com/run/1"}
    (tmp_path / "made").mkdir()
    for name, file in {
        "github": "github-annotations.txt", "gitlab": "gl-code-quality-report.json", "azure": "azure-issues.txt",
    }.items():  # fmt: skip
        judge(given | {"gate_annotations": name})
        assert (folder / file).read_text(encoding="utf-8").count("few-requests") == 2
    assert folder.stat().st_mode & 0o777 == 0o700
    assert "(<https://ci.example.com/run/1>)" in (folder / "gate.md").read_text(encoding="utf-8")
    before = set(tmp_path.iterdir())
    judge(PASS | {"gate_dir": ""})
    assert set(tmp_path.iterdir()) == before


def test_what_cannot_be_judged_leaves_no_verdict_of_an_earlier_time(judge: Playbook, tmp_path: Path) -> None:
    def earlier() -> None:
        judge(PASS)
        assert verdict_in(tmp_path)["verdict"] == "pass"

    # Rules with a mistake: the files say that nobody can tell.
    earlier()
    done = judge({"gate_rules": [RULE | {"metric": "requets", "value": 1}]}, rc=2)
    assert re.search(r"Nothing was judged: rules\[0\]\.metric.*requets", done.stdout)
    document = verdict_in(tmp_path)
    assert (document["verdict"], document["blocks"]) == ("unknown", True)
    assert JUnitXml.fromfile(str(tmp_path / "junit.xml")).errors == 1

    # A file that cannot be written: none is changed, and the verdict is taken away.
    earlier()
    junit, summary = (tmp_path / "junit.xml").read_bytes(), (tmp_path / "gate.md").read_bytes()
    os.rename(tmp_path / "junit.xml", tmp_path / "aside")
    (tmp_path / "junit.xml").mkdir()
    (tmp_path / "junit.xml" / "inside").touch()
    done = judge(FAIL, rc=2)
    assert re.search(r"Nothing was judged: .*junit\.xml is a folder, not a file", done.stdout)
    assert not (tmp_path / "verdict.json").exists()
    assert (tmp_path / "gate.md").read_bytes() == summary
    assert (tmp_path / "junit.xml" / "inside").exists()
    assert (tmp_path / "aside").read_bytes() == junit
    (tmp_path / "junit.xml" / "inside").unlink()
    (tmp_path / "junit.xml").rmdir()

    # Nobody to judge.
    earlier()
    done = judge(PASS | {"gate_hosts": "nobody"}, rc=2)
    assert "No host of the inventory matches gate_hosts (nobody)" in done.stdout
    assert not (tmp_path / "verdict.json").exists()

    # A store that is not there is not made.
    earlier()
    done = judge(PASS | {"gate_store": "sqlite:///nowhere.db"}, rc=2)
    assert re.search(r"Nothing was judged: There is no store .*nowhere\.db", done.stdout)
    assert verdict_in(tmp_path)["verdict"] == "unknown"
    assert not (tmp_path / "nowhere.db").exists()


def test_the_playbooks_of_the_guide(playbook: Playbook, sandbox: Sandbox, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_gate.rst").read_text(encoding="utf-8")
    shown = [block for block in re.findall(r"code-block:: yaml\n\n((?:   .*\n|\n)+)", guide) if "hosts:" in block]
    plays = [play for block in shown for play in yaml.safe_load(textwrap.dedent(block))]
    assert len(plays) == 2
    connection = add(sandbox, "gate-guide") | {"genesyscloud_oauthclient_secret": "{{ secret }}"}
    # Where a region and its credentials would come from the environment.
    given = {name.removeprefix("genesyscloud_"): value for name, value in connection.items()}
    for play in plays:
        play["module_defaults"] = {"genesyscloud.usage.usage_query": given}
    path = tmp_path / "guide.yml"
    path.write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    done = playbook(path, variables={"secret": SECRET}, secrets=[SECRET])
    assert '"PASS: ' in done.stdout
