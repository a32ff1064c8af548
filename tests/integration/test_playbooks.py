# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks by their full names: what they say about a fleet, whose hosts fail, and how far back they walk."""

from __future__ import annotations

import datetime
import json
import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_roles import ROOT, SECRET, YESTERDAY, add, inventory, recap, row, sql

Playbook = Callable[..., Any]
COVERAGE = "SELECT organization, COUNT(*), MIN(day), MAX(day) FROM coverage GROUP BY 1 ORDER BY 1"


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens, and at which nobody else can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def said(done: Any) -> str:
    """The output as one line of words, however it was broken."""
    return " ".join(done.stdout.split())


def submits(sandbox: Sandbox, name: str) -> list[Any]:
    """The intervals that an organization was asked for."""
    found = sandbox.exchanges.list(method="POST", path="/usage/", organization=name)
    return [exchange["body"]["interval"] for exchange in found]


def test_an_audit_names_who_is_missing(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, nobody: str
) -> None:
    hosts = {
        "good": add(sandbox, "audit-good"),
        "forbidden": add(sandbox, "audit-forbidden", kind="forbidden"),
        "gone": add(sandbox, "audit-gone") | {"genesyscloud_api_url": nobody},
        # Somebody copied the credentials of another organization.
        "copied": add(sandbox, "audit-copied") | {"collect_organization_id": "0d5f9c8e-1c5b-4b2e-9a56-1f5b0a1c2d3e"},
        # The usage comes, the list of clients does not.
        "partly": add(sandbox, "audit-partly", permissions=("usage:organization:view",)),
    }
    given = {"collect_days": 3, "collect_store": f"sqlite:///{tmp_path}/usage.db", "collect_retry_timeout": 1}
    names = inventory(tmp_path_factory.mktemp("inventory"), hosts)

    def audit(rc: int, **more: Any) -> Any:
        return playbook(
            "genesyscloud.usage.audit", "-i", names, variables=given | more, secrets=[SECRET], verbosity="-v", rc=rc
        )

    done = audit(2)
    sentence = (
        "2 of 5 organizations collected (40.0 %): good, partly. Failed: copied (identity), forbidden (permission). "
        "Unreachable: gone (connection)"
    )
    assert sentence in said(done)
    assert {host for host, count in recap(done.stdout).items() if count["failed"]} == set(hosts) - {"good"}
    assert "These credentials belong to 'audit-copied'" in said(done)
    assert "partly: its usage is stored, but oauth_client_info failed (permission)" in said(done)
    assert '"share": 0.4' in said(done)
    assert '"collected_names": ["good", "partly"]' in said(done)
    # Of the organization whose credentials are of another one, nothing is kept.
    assert [entry[0] for entry in sql(tmp_path / "usage.db", COVERAGE)] == ["good", "partly"]
    failed = sql(tmp_path / "usage.db", "SELECT organization FROM run_organization WHERE outcome = 'failed' ORDER BY 1")
    assert sorted({entry[0] for entry in failed}) == ["copied", "forbidden", "gone", "partly"]

    done = audit(0, collect_min_coverage=0.4)
    assert sentence in said(done)
    assert not [host for host, count in recap(done.stdout).items() if count["failed"]]
    done = audit(2, collect_min_coverage=95)
    assert sentence in said(done)
    assert "collect_min_coverage must be a share from 0 to 1, such as 0.95, not 95" in said(done)
    done = audit(2, collect_min_coverage=0.5)
    assert {host for host, count in recap(done.stdout).items() if count["failed"]} == {"forbidden", "gone", "copied"}


TALK = re.compile(r"^\S+: [\d,]+ rows(?:, waiting for \d+ s| in \d+ s: .*)$", re.MULTILINE)


def test_a_query_that_takes_long_says_how_far_it_is_where_people_look(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hosts = {"slow": add(sandbox, "talk-slow", answer_after=8.0)}
    names = inventory(tmp_path_factory.mktemp("inventory"), hosts)
    book = tmp_path / "ask.yml"
    ask = {
        "api_url": "{{ genesyscloud_api_url }}", "oauthclient_id": "{{ genesyscloud_oauthclient_id }}",
        "oauthclient_secret": "{{ genesyscloud_oauthclient_secret }}", "days": 3,
    }  # fmt: skip
    play = {"hosts": "slow", "connection": "local", "gather_facts": False}
    book.write_text(yaml.safe_dump([{**play, "tasks": [{"genesyscloud.usage.usage_query": ask}]}]), encoding="utf-8")

    def lines(**environ: str) -> list[str]:
        done = playbook(book, "-i", names, environ=environ, secrets=[SECRET], verbosity="")
        return TALK.findall(done.stdout)

    # Without a label in the task a line begins with the name of the host.
    first, *_more, last = lines()
    assert first.startswith("slow: 0 rows, waiting for ")
    assert re.fullmatch(r"slow: 2 rows in \d+ s: \d+ calls, \d+ waits, 0 retries", last)
    assert lines(ANSIBLE_STDOUT_CALLBACK="minimal") == []
    assert lines(ANSIBLE_STDOUT_CALLBACK="oneline") == []
    assert lines(GENESYSCLOUD_USAGE_PROGRESS="false") == []
    ask["progress"] = False
    book.write_text(yaml.safe_dump([{**play, "tasks": [{"genesyscloud.usage.usage_query": ask}]}]), encoding="utf-8")
    assert lines() == []


def test_a_fleet_of_which_nobody_answers_is_named_too(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hosts = {"one": add(sandbox, "none-one", kind="forbidden"), "two": add(sandbox, "none-two", kind="forbidden")}
    done = playbook(
        "genesyscloud.usage.collect", "-i", inventory(tmp_path_factory.mktemp("inventory"), hosts),
        variables={"collect_store": f"sqlite:///{tmp_path}/usage.db"}, secrets=[SECRET], rc=2,
    )  # fmt: skip
    assert "0 of 2 organizations collected (0.0 %). Failed: one (permission), two (permission)" in said(done)
    assert {host for host, count in recap(done.stdout).items() if count["failed"]} == {"one", "two"}


@pytest.mark.parametrize(("count", "named"), [(20, True), (21, False)])
def test_a_sentence_names_those_that_were_collected_where_they_are_few(
    playbook: Playbook, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, count: int, named: bool
) -> None:
    hosts: dict[str, dict[str, Any]] = {f"host{number:02}": {} for number in range(count)}
    collected: dict[str, Any] = {"collect_result": {"stored": {"usage": {"inserted": 1}}}}
    compare = {"ansible.builtin.import_tasks": str(ROOT / "playbooks" / "tasks" / "coverage.yml")}
    play = {
        "hosts": "genesyscloud", "connection": "local", "gather_facts": False,
        "tasks": [{"ansible.builtin.set_fact": collected}, compare],
    }  # fmt: skip
    book = tmp_path / "compare.yml"
    book.write_text(yaml.safe_dump([play]), encoding="utf-8")
    done = playbook(book, "-i", inventory(tmp_path_factory.mktemp("inventory"), hosts), verbosity="-v")
    sentence = f"{count} of {count} organizations collected (100.0 %)"
    assert f'"msg": "{sentence}{": " + ", ".join(hosts) if named else ""}"' in said(done)
    assert f'"collected_names": {json.dumps(list(hosts))}' in said(done)


@pytest.mark.parametrize("name", ["audit", "backfill"])
def test_a_night_in_which_nobody_was_asked_is_no_success(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    names = inventory(tmp_path_factory.mktemp("inventory"), {"one": add(sandbox, f"nobody-{name}")})
    options = {"collect_store": f"sqlite:///{tmp_path}/usage.db", "collect_hosts": "emea"}
    done = playbook(f"genesyscloud.usage.{name}", "-i", names, variables=options, rc=2)
    assert "Nobody to ask: the inventory has no host that matches emea" in said(done)
    assert not (tmp_path / "usage.db").exists()


def test_a_year_is_filled_up_piece_by_piece_and_only_once(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, service: str
) -> None:
    name = f"past-{service}"
    hosts = {name: add(sandbox, name)}
    organization = next(one for one in sandbox.organizations if one.name == name)
    first = YESTERDAY - datetime.timedelta(days=364)
    long_ago = [(first + datetime.timedelta(days=ago)).isoformat() for ago in (0, 29, 30, 200)]
    organization.traffic += [row(day, "loader") for day in long_ago]
    names = inventory(tmp_path_factory.mktemp("inventory"), hosts)
    store = tmp_path / "usage.db"

    def backfill(rc: int = 0, **more: Any) -> dict[str, int]:
        variables = {"collect_store": f"sqlite:///{store}", "collect_service": service, "collect_retry_timeout": 1}
        done = playbook("genesyscloud.usage.backfill", "-i", names, variables=variables | more, secrets=[SECRET], rc=rc)
        sandbox.exchanges.list()
        return recap(done.stdout)[name]

    # It breaks off in the middle of the way: what was collected by then is kept.
    fault = sandbox.faults.add({"status": 403}, organization=name, method="POST", path="/usage/", after=5)
    assert backfill(rc=2)["failed"] == 1
    kept = sql(store, COVERAGE)
    asked = len(submits(sandbox, name))
    assert 0 < kept[0][1] < 365
    fault.times = fault.fired
    assert backfill()["changed"] == 1
    assert sql(store, COVERAGE) == [(name, 365, first.isoformat(), YESTERDAY.isoformat())]
    # No day was asked for twice but those of the piece that was refused.
    assert len(submits(sandbox, name)) - asked <= 13 - kept[0][1] // 30 + 1
    assert sql(store, "SELECT SUM(requests), COUNT(*) FROM usage_row") == [
        (10 * (6 + len(long_ago)), 6 + len(long_ago))
    ]
    asked = len(submits(sandbox, name))
    assert backfill()["changed"] == 0
    assert len(submits(sandbox, name)) == asked
