# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ansible-runner, which is what AWX runs jobs with: whole, in slices, through a pipe, and killed in the middle."""

from __future__ import annotations

import base64
import datetime
import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import postgres
import pytest
from genesyscloud_sandbox import Organization, Sandbox

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_roles import inventory

BIN = Path(sys.executable).parent
PLAYBOOK = "genesyscloud.usage.collect"
SECRET = "SENTINEL-runner-secret-90b2"
PASSWORD = "SENTINEL-runner-password-5fe8"
LIMIT = 300
"""Seconds after which a run is taken for hung."""

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
DAYS = [(TODAY - datetime.timedelta(days=ago)).isoformat() for ago in (3, 2, 1)]
CONTROLLER = 1
"""In a recap: localhost, which looks whether the inventory has organizations. With --limit it is left out."""

NAMES = [f"runner-{number}" for number in range(1, 10)]
CLIENTS = ("wallboard", "loader")

NIGHTLY = "nightly-{{ now(utc=true, fmt='%Y-%m-%d') }}"
"""The run's name as the job template of awx_setup.yml has it: a template that each job evaluates."""

_numbers = itertools.count(1)

pytestmark = pytest.mark.skipif(not (BIN / "ansible-runner").exists(), reason="pip install ansible-runner")


# What there is


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    postgres.need()
    import psycopg

    with postgres.controlled() as running:
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {running.LOCKED} LOGIN PASSWORD '{PASSWORD}'")
        yield running


@pytest.fixture(scope="session")
def new_store(server: postgres.Server) -> Callable[[], str]:
    """Makes an empty database; returns its URL, whose user needs PASSWORD."""
    import psycopg

    def make() -> str:
        name = f"runner{next(_numbers)}"
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {server.LOCKED}".encode())
        return f"postgresql://{server.LOCKED}@127.0.0.1:{server.port}/{name}"

    return make


@pytest.fixture(scope="session")
def hosts(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """Nine organizations, each with its own figures; the inventory's variables of each."""
    found = {}
    for number, name in enumerate(NAMES, 1):
        rows = [
            {
                "date": day, "client_id": client, "client_name": client.title(), "template_uri": "/api/v2/users",
                "http_method": "GET", "platform": "public-api", "status200": 100 * number + length,
            }
            for length, day in enumerate(DAYS)
            for client in CLIENTS
        ]  # fmt: skip
        made = sandbox.add(Organization(name, oauthclient_id=name, oauthclient_secret=SECRET, traffic=rows))
        found[name] = {
            "genesyscloud_api_url": made.api_url,
            "genesyscloud_oauthclient_id": name,
            "genesyscloud_oauthclient_secret": SECRET,
        }
    return found


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, collections_path: Path) -> dict[str, str]:
    """This process's environment without anything that configures Ansible, but with the way to the collection."""
    home = tmp_path_factory.mktemp("home")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHONPATH", "XDG_"))
    }
    return kept | {
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}",
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "*",
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path),
    }


class Runner:
    """Runs of ansible-runner, each in a private data folder as AWX makes it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder
        self.folders: list[Path] = []

    def prepare(self, hosts: dict[str, dict[str, Any]], store: str, run_id: str, **variables: Any) -> Path:
        """A private data folder: inventory, variables, settings. Facts are cached in files, as AWX does it."""
        private = self._folder / f"job{next(_numbers)}"
        for name in ("env", "inventory", "project"):
            (private / name).mkdir(parents=True)
        inventory(private / "inventory", hosts)
        given = {
            "collect_days": 3,
            "collect_store": store,
            "collect_store_password": PASSWORD,
            "collect_run_id": run_id,
            **variables,
        }
        (private / "env" / "extravars").write_text(json.dumps(given), encoding="utf-8")
        settings = {"fact_cache_type": "jsonfile", "fact_cache": "fact_cache", "idle_timeout": LIMIT}
        (private / "env" / "settings").write_text(json.dumps(settings), encoding="utf-8")
        self.folders.append(private)
        return private

    def start(self, private: Path, *arguments: str) -> subprocess.Popen[str]:
        return self.process("run", str(private), "-p", PLAYBOOK, "--forks", "9", "-vvv", *arguments)

    def process(self, *arguments: str, **streams: Any) -> subprocess.Popen[str]:
        """A process of ansible-runner, the first of its own group."""
        return subprocess.Popen(
            [str(BIN / "ansible-runner"), *arguments],
            env=self._environment,
            start_new_session=True,
            text=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams},
        )

    def run(self, private: Path, *arguments: str) -> str:
        return finished(self.start(private, *arguments))


@pytest.fixture(scope="session")
def runner(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Runner]:
    """Whatever was run with it, nothing secret is in what it left behind."""
    made = Runner(environment, tmp_path_factory.mktemp("jobs"))
    yield made
    pair = base64.b64encode(f"x:{SECRET}".encode()).decode()[4:-4]
    words = [SECRET, PASSWORD, pair, "SANDBOX-CLIENT-SECRET-", *sandbox.engine.login._tokens]
    assert len(words) > 9
    files = [path for folder in made.folders for path in (folder / "artifacts").rglob("*") if path.is_file()]
    assert {"stdout", "command", "rc"} <= {path.name for path in files}
    leaks = {
        path.name
        for path in files
        if any(word.encode() in (content := path.read_bytes()) for word in words) or b"Traceback (most" in content
    }
    assert leaks == set()


def finished(process: subprocess.Popen[str], rc: int = 0) -> str:
    """Wait for a run; return what it said."""
    try:
        said, _none = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    assert process.returncode == rc, (said or "")[-3000:]
    return said or ""


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a store."""
    import psycopg

    with psycopg.connect(url, password=PASSWORD, autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that a store says about organizations, but for when and by which execution it was collected."""
    figures = "requests, status200, status300, status400, status429, status500"
    whose = "organization, service, grouping, scope"
    dimensions = "client_id, client_name, organization_id, user_id, template_uri, http_method, platform"
    picked = {
        "usage_row": f"{whose}, date, {dimensions}, {figures}",
        "coverage": f"{whose}, day, row_count, {figures}",
        "oauth_client": "organization, client_id, client_name, state",
        "organization": "organization, organization_id, name",
        "run_organization": "organization, task, service, outcome, kind, first_day, last_day, row_count",
    }
    return {table: sorted(rows(url, f"SELECT {columns} FROM {table}"), key=str) for table, columns in picked.items()}


@pytest.fixture(scope="session")
def whole(runner: Runner, hosts: dict[str, Any], new_store: Callable[[], str]) -> dict[str, list[tuple[Any, ...]]]:
    """What a store has after one undisturbed run of all organizations."""
    store = new_store()
    said = runner.run(runner.prepare(hosts, store, "whole"))
    assert said.count("failed=0") == 9 + CONTROLLER
    return contents(store)


# How it is run


def sliced(hosts: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    """The slice of an inventory that AWX gives to one of the jobs: hosts by name, every n-th of them."""
    return {name: hosts[name] for name in sorted(hosts)[number - 1 :: count]}


def test_a_single_run_collects_everybody(whole: dict[str, list[tuple[Any, ...]]]) -> None:
    assert len(whole["usage_row"]) == len(NAMES) * len(DAYS) * len(CLIENTS)
    assert len(whole["coverage"]) == len(NAMES) * len(DAYS)
    assert [entry[0] for entry in whole["organization"]] == NAMES
    assert {entry[3] for entry in whole["run_organization"]} == {"collected"}


def test_slices_at_once_are_together_the_single_run(
    runner: Runner, hosts: dict[str, Any], new_store: Callable[[], str], whole: dict[str, list[tuple[Any, ...]]]
) -> None:
    store = new_store()
    slices = [sliced(hosts, number, 3) for number in (1, 2, 3)]
    assert sorted(itertools.chain(*slices)) == NAMES
    started = [runner.start(runner.prepare(piece, store, NIGHTLY)) for piece in slices]
    for process in started:
        assert finished(process).count("failed=0") == 3 + CONTROLLER
    assert contents(store) == whole
    assert rows(store, "SELECT run_id FROM collection_run") == [(f"nightly-{TODAY}",)]

    # One slice again, as AWX sends it to a node: packed here, run there, and its events unpacked here.
    private = runner.prepare(slices[1], store, "again")
    before = contents(store)
    back = runner.prepare({}, store, "again")
    transmit = runner.process(
        "transmit", str(private), "-p", PLAYBOOK, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    worker = runner.process("worker", stdin=transmit.stdout, stderr=subprocess.DEVNULL)
    process = runner.process("process", str(back), stdin=worker.stdout)
    for one in (transmit, worker):
        assert one.stdout
        one.stdout.close()
    said = finished(process)
    assert (transmit.wait(LIMIT), worker.wait(LIMIT)) == (0, 0)
    assert all(f"[{name}]" in said for name in slices[1])
    assert said.count("failed=0") == 3 + CONTROLLER
    assert rows(store, "SELECT organization FROM run_organization WHERE run_id = 'again' GROUP BY 1 ORDER BY 1") == [
        (name,) for name in slices[1]
    ]
    for table in ("usage_row", "coverage", "oauth_client", "organization"):
        assert contents(store)[table] == before[table], table


def test_a_query_that_takes_long_says_how_far_it_is(
    runner: Runner, sandbox: Sandbox, hosts: dict[str, Any], new_store: Callable[[], str]
) -> None:
    name = NAMES[0]
    (slow,) = [organization for organization in sandbox.organizations if organization.name == name]
    private = runner.prepare(hosts, new_store(), "slow", collect_oauth_clients=False)
    slow.answer_after = 8.0
    try:
        said = runner.run(private)
    finally:
        slow.answer_after = 0.0
    assert f"{name}: 0 rows, waiting for " in said
    assert f"{name}: 6 rows in " in said
    # What AWX shows is made of events.
    (folder,) = (private / "artifacts").iterdir()
    events = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "job_events").glob("*.json")]
    assert [event["event"] for event in events if f"{name}: 6 rows in " in event["stdout"]] == ["verbose"]


# Killed, and relaunched

COLLECTED = "SELECT organization FROM run_organization WHERE task = 'usage_query' AND outcome = 'collected' ORDER BY 1"


def descendants(pid: int) -> list[int]:
    """A process and all that it started, directly or not, whatever session they have gone to."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the runner's process group, and to whatever a container would take with it."""
    family = descendants(process.pid)
    os.killpg(process.pid, signal.SIGKILL)
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(LIMIT)


def wait_for(store: str, names: Sequence[str], process: subprocess.Popen[str]) -> None:
    """Wait until these are collected, while the run goes on."""
    for _look in range(5 * LIMIT):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        assert process.returncode is None, "it ended too early"
        exists = rows(store, "SELECT to_regclass('run_organization') IS NOT NULL")[0][0]
        if exists and rows(store, COLLECTED) == [(name,) for name in names]:
            return
    raise AssertionError("it did not come so far")


def test_a_run_that_was_killed_is_completed_by_a_relaunch(
    runner: Runner,
    sandbox: Sandbox,
    hosts: dict[str, Any],
    new_store: Callable[[], str],
    whole: dict[str, list[tuple[Any, ...]]],
    tmp_path: Path,
) -> None:
    store, waiting, failing = new_store(), NAMES[3:6], NAMES[8]
    by_name = {organization.name: organization for organization in sandbox.organizations}
    for name in waiting:
        by_name[name].answer_after = 10 * LIMIT
    fault = sandbox.faults.add({"status": 403}, organization=failing, path="/usage/")
    private = runner.prepare(hosts, store, NIGHTLY, collect_oauth_clients=False)
    try:
        with open(tmp_path / "said", "w", encoding="utf-8") as said:
            process = runner.process(
                "run", str(private), "-p", PLAYBOOK, "--forks", "9", stdout=said, stderr=subprocess.STDOUT
            )
            try:
                wait_for(store, [name for name in NAMES if name not in (*waiting, failing)], process)
            finally:
                kill(process)
    finally:
        sandbox.faults.clear()
        for name in waiting:
            by_name[name].answer_after = 0.0
    assert fault.fired
    assert {entry[0] for entry in rows(store, "SELECT organization FROM usage_row")}.isdisjoint({*waiting, failing})
    calls = dict(rows(store, "SELECT organization, SUM(api_calls)::int FROM run_organization GROUP BY 1"))
    assert failing in calls

    # What is missing is the difference of two lists: who was expected, and who is there.
    missing = sorted(set(NAMES) - {entry[0] for entry in rows(store, COLLECTED)})
    assert missing == sorted([*waiting, failing])
    again = runner.prepare(hosts, store, NIGHTLY, collect_oauth_clients=False)
    assert runner.run(again, "--limit", ",".join(missing)).count("failed=0") == len(missing)

    found = contents(store)
    for table in ("usage_row", "coverage", "organization"):
        assert found[table] == whole[table], table
    assert found["run_organization"] == [entry for entry in whole["run_organization"] if entry[1] == "usage_query"]
    assert rows(store, "SELECT run_id FROM collection_run") == [(f"nightly-{TODAY}",)]
    after = dict(rows(store, "SELECT organization, SUM(api_calls)::int FROM run_organization GROUP BY 1"))
    assert after[failing] > calls[failing], "the calls of both launches count"
    assert {name: after[name] for name in calls if name != failing} == {
        name: count for name, count in calls.items() if name != failing
    }
