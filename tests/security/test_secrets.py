# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets through every module, through both doors, in success and in every kind of failure: found nowhere afterwards.

All cases are tasks of one playbook, run at -vvvv with every way in which Ansible writes down what happened: its output,
its log, the JUnit and tree callbacks, a callback that writes results as JSON, the cache of facts, and the artifacts of
ansible-runner. A server that is hostile repeats what it was sent, in every spelling.
"""

from __future__ import annotations

import base64
import datetime
import html
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import postgres
import pytest
import yaml
from genesyscloud_sandbox import Organization, Sandbox
from hostility import Answer, Got, Hostile, hostile
from integration.conftest import CONNECTION_PLUGINS, DOORS, NotingPython, clean_environment, noting, tokens
from integration.test_modules import traffic

from ansible_collections.genesyscloud.usage.plugins.module_utils import errors

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
OURS = "genesyscloud.usage."
LIMIT = 300
RULES = [{"id": "busy", "metric": "requests", "per": "client", "window": "1d", "op": "<=", "value": 1}]
WRONG = "invalid_argument"
OTHER = "00000000-0000-0000-0000-000000000000"
UNTRIED = {"missing_library": "the libraries are there where the tests run, and the sentence is made of fixed words"}
"""Kinds of failure without a case, and why."""
BROKEN = {"access_token": "{{ wrong_token }}\n"}

SECRET = "SENTINEL-secret/with +odd&'chars=_b31d"
WRONG_SECRET = "SENTINEL-wrong/secret+8d20"
TOKEN = "SENTINEL-given/token+77ab"
WRONG_TOKEN = "SENTINEL-wrong/token+03ce"
HOSTILE_TOKEN = "SENTINEL-hostile/token+c9d1"
STORE_PASSWORD = "SENTINEL-store/password+51f0"
WRONG_PASSWORD = "SENTINEL-wrong/password+aa17"
URL_PASSWORD = "SENTINEL-url-password-e2b6"
CLIENT = "a-client"
GIVEN = (SECRET, WRONG_SECRET, TOKEN, WRONG_TOKEN, HOSTILE_TOKEN, STORE_PASSWORD, WRONG_PASSWORD, URL_PASSWORD)

DEFECT = """
# A defect of a library that carries secrets in its text.
import sys

if any("ansible" in word for word in sys.orig_argv):
    try:
        import requests
    except ImportError:
        pass
    else:
        original = requests.Session.request

        def request(self, method, url, *arguments, **options):
            if "/defect/" in url:
                auth = options["auth"]
                raise RuntimeError(f"{auth.__dict__} {getattr(auth, 'password', '')}")
            return original(self, method, url, *arguments, **options)

        requests.Session.request = request
"""


def spellings(secret: str) -> set[str]:
    """How a secret may look that somebody wrote down; made here, and not taken from the code under test."""
    basic = base64.b64encode(f"{CLIENT}:{secret}".encode()).decode()
    alone = base64.b64encode(secret.encode()).decode()
    found = {secret, basic, alone.rstrip("=")}
    for word in tuple(found):
        found |= {quote(word), quote(word, safe=""), quote_plus(word), json.dumps(word)[1:-1]}
        found |= {html.escape(word), html.escape(word, quote=False)}
    return found


@dataclass(frozen=True)
class Case:
    """One task. ``kind`` is that of its failure, None where it succeeds."""

    name: str
    module: str
    options: Mapping[str, Any]
    kind: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


# What a hostile server answers


def _repeated(got: Got) -> list[str]:
    header = got.headers.get("Authorization", "")
    word = header.partition(" ")[2]
    plain = base64.b64decode(word).decode() if header.startswith("Basic") else word
    secret = plain.partition(":")[2] or plain
    return [header, word, plain, *sorted(spellings(secret))]


def answer(got: Got) -> Answer:
    """The first part of the path says how."""
    case, path = got.target.lstrip("/").split("/", 1)
    said = _repeated(got)
    everything = {
        "message": " | ".join(said),
        "code": said[1],
        "details": [{"errorCode": word, word: word} for word in said],
    }
    if path.startswith("oauth/token"):
        if case == "echo-sign-in":
            body = {"error": said[0], "error_description": " ".join(said)}
            return Answer(401, body, {"inin-correlation-id": said[0]})
        return Answer(200, {"access_token": HOSTILE_TOKEN, "expires_in": 86399})
    if case.startswith("echo-status-"):
        return Answer(int(case.rpartition("-")[2]), everything, {"inin-correlation-id": said[1]})
    if case == "echo-cut":
        # The end of the message is cut off, in the middle of a secret.
        return Answer(400, {"message": "x" * 1985 + " " + said[2]})
    if case == "echo-html":
        return Answer(500, f"<html>{said}</html>".encode(), {"Content-Type": "text/html"})
    if case == "echo-redirect":
        return Answer(302, everything, {"Location": f"https://elsewhere.example.com/?token={said[1]}"})
    if path.endswith("/query"):
        return Answer(200, {"executionId": said[1] if case == "echo-id" else "an-id"})
    if case == "echo-failed":
        return Answer(200, {"queryStatus": "Failed", "errorBody": everything})
    if case == "echo-running":
        return Answer(200, {"queryStatus": "Running", "errorBody": everything})
    if case == "echo-sums":
        # A day that was asked for, also where midnight comes in between.
        day = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=2)
        row = {"date": day.isoformat(), "clientId": said[1], "clientName": said[2], "templateUri": said[0]}
        figures = {"requests": 9, "status200": 1, "status300": 0, "status400": 0, "status429": 0, "status500": 0}
        return Answer(200, {"queryStatus": "Complete", "results": [{**row, **figures}]})
    return Answer(200, {"queryStatus": said[1], "results": []})


# The table


def cases(sandbox_url: str, hostile_url: str, store: str, organization: str, folder: str) -> list[Case]:
    org = {"api_url": sandbox_url, "oauthclient_id": CLIENT, "oauthclient_secret": "{{ secret }}"}
    # As a variable: the JUnit callback shows the tasks as they are written.
    password = "{{ url_password }}"
    days = {"days": 3, "granularity": "day"}
    ask = {**org, **days}
    kept = {"store": store, "store_password": "{{ store_password }}", "organization": organization}
    url_password = f"postgresql://locked:{password}@127.0.0.1:1/x"

    def of(name: str) -> dict[str, Any]:
        return {**org, **days, "api_url": f"{hostile_url}/{name}", "retry_timeout": 0}

    export = {"dest": f"{folder}/rows.json", "format": "json"}
    nowhere = f"{folder}/nowhere/at-all"
    outputs = {name: f"{folder}/gate.{name}" for name in ("verdict", "junit", "markdown", "github")}
    wrong_token = {"api_url": sandbox_url, "access_token": "{{ wrong_token }}"}
    wrong_password = {**kept, "store_password": "{{ wrong_password }}"}
    api = f"https://api:{password}@api.mypurecloud.ie"
    unknown = {**org, "api_url": "https://api.genesys.invalid"}
    proxy = f"a:{password}@127.0.0.1:9"
    failed = of("echo-failed")
    by_id = {name: value for name, value in failed.items() if name not in days}
    found = [
        # Where all goes well
        Case("query", "usage_query", ask),
        Case("query with a token", "usage_query", {"api_url": sandbox_url, "access_token": "{{ token }}", **days}),
        Case("query into the store", "usage_query", {**ask, **kept}),
        Case("results", "usage_results", {**org, "executions": ["{{ executed }}"]}),
        Case("clients' usage", "oauth_client_usage", {**ask, "client_ids": ["c1"]}),
        Case("clients", "oauth_client_info", org),
        Case("clients into the store", "oauth_client_info", {**org, **kept}),
        Case("store", "usage_store", {**kept, "summary": {"top": 3}}),
        Case("export", "usage_store", {**kept, "export": export}, None, {"diff": True}),
        Case("gate", "usage_gate", {**kept, "rules": RULES, "builtin_rules": [], "outputs": outputs, **org}, "gate"),
        Case("report", "usage_report", {**kept, "dest": f"{folder}/report.html", "charts": 0, **org}),
        # Wrong credentials
        Case("wrong secret", "usage_query", {**ask, "oauthclient_secret": "{{ wrong_secret }}"}, "authentication"),
        Case("wrong token", "usage_query", {**wrong_token, **days}, "authentication"),
        Case("wrong token for clients", "oauth_client_info", wrong_token, "authentication"),
        Case("a broken token", "usage_query", {**wrong_token, **days, **BROKEN}, WRONG),
        Case("half of it", "oauth_client_info", {**org, "oauthclient_id": ""}, WRONG),
        Case("wrong store password", "usage_query", {**ask, **wrong_password}, "store"),
        Case("wrong password of a store alone", "usage_store", wrong_password, "store"),
        Case("wrong password of the gate", "usage_gate", wrong_password, "store"),
        Case("wrong password of the report", "usage_report", {**wrong_password, "dest": f"{folder}/no.html"}, "store"),
        Case("wrong password for clients", "oauth_client_info", {**org, **wrong_password}, "store"),
        Case("a password in the store's URL", "usage_query", {**ask, "store": url_password}, WRONG),
        Case("a password in the URL of a store alone", "usage_store", {"store": url_password}, WRONG),
        Case("a password in api_url", "usage_query", {**ask, "api_url": api}, WRONG),
        Case("a password in login_url", "oauth_client_info", {**org, "login_url": api}, WRONG),
        Case("a password in region", "oauth_client_info", {**org, "api_url": "", "region": api}, WRONG),
        Case("a proxy with a password", "oauth_client_info", {**unknown, "proxy": f"http://{proxy}"}, "connection"),
        Case("a proxy without a scheme", "oauth_client_info", {**unknown, "proxy": proxy}, "connection"),
        # Connections
        Case("nobody there", "usage_query", {**ask, "api_url": "http://127.0.0.1:9"}, "connection"),
        Case("no TLS", "usage_query", {**ask, "api_url": sandbox_url.replace("http:", "https:")}, "tls"),
        Case("no such host", "oauth_client_info", unknown, "connection"),
        # Options
        Case("an option too many", "usage_query", {**ask, "colour": "red"}, WRONG),
        Case(
            "an option of another type", "oauth_client_usage", {**ask, "client_ids": ["c1"], "timeout": "long"}, WRONG
        ),
        # A server that repeats what it was sent
        Case("sign-in repeated", "usage_query", of("echo-sign-in"), "authentication"),
        Case("cut in the middle", "usage_query", of("echo-cut"), "bad_request"),
        Case("a page", "usage_query", of("echo-html"), "server_error"),
        Case("a redirect", "usage_query", of("echo-redirect"), "redirect"),
        Case("a state", "usage_query", of("echo-state"), "unexpected_state"),
        Case("an id", "usage_query", of("echo-id"), "malformed"),
        Case("a failed execution", "usage_query", failed, "execution_failed"),
        Case("clients fail", "oauth_client_usage", {**failed, "client_ids": ["c1", "c2"]}, "clients_failed"),
        Case("results that failed", "usage_results", {**by_id, "execution_id": "x"}, "execution_failed"),
        Case("still running", "usage_query", {**of("echo-running"), "wait_timeout": 1}, "wait_timeout"),
        Case("figures that contradict", "usage_query", of("echo-sums"), "inconsistent"),
        # What is kept, and where
        Case("another organization", "usage_query", {**ask, **kept, "organization_id": OTHER}, "identity"),
        Case("no folder for a report", "usage_report", {**kept, "dest": f"{nowhere}.html", "charts": 0}, "destination"),
        Case("no folder for an export", "usage_store", {**kept, "export": {**export, "dest": nowhere}}, "destination"),
        # A defect
        Case("a defect of a library", "usage_query", of("defect"), "internal"),
        Case("a defect with clients", "oauth_client_info", {**org, "api_url": f"{hostile_url}/defect"}, "internal"),
    ]
    kinds = {400: "bad_request", 401: "authentication", 403: "permission", 404: "not_found", 408: "timeout",
             409: "refused", 413: "too_large", 429: "rate_limited", 500: "server_error",
             503: "unavailable"}  # fmt: skip
    found += [
        Case(f"{status} repeated", "usage_query", of(f"echo-status-{status}"), kind) for status, kind in kinds.items()
    ]
    return found


def book(table: list[Case], folder: Path, doors: Mapping[str, NotingPython], leak: bool = False) -> Path:
    """The playbook with all cases through each door. ``leak``: one task more, which says a secret aloud."""
    plays = []
    for door, python in doors.items():
        tasks: list[dict[str, Any]] = []
        for number, case in enumerate(table):
            name = f"{door}_{number}"
            tasks.append(
                {
                    "name": f"{door}: {case.name}",
                    OURS + case.module: dict(case.options),
                    "register": name,
                    "ignore_errors": True,
                    **case.more,
                }
            )
            tasks.append({"name": "Cache", "set_fact": {f"fact_{name}": f"{{{{ {name} }}}}", "cacheable": True}})
            if case.name == "query":
                tasks.append({"name": "Keep", "set_fact": {"executed": f"{{{{ {name}.execution }}}}"}})
        gathered = ", ".join(f"{door}_{number}" for number in range(len(table)))
        content = "{{ [" + gathered + "] | to_json }}"
        tasks.append({"name": "Write", "copy": {"content": content, "dest": f"{folder}/{door}.json"}})
        plays.append({"hosts": "localhost", "gather_facts": False, "vars": python.through(door), "tasks": tasks})
    if leak:
        said: dict[str, Any] = {"name": "Leak", "debug": {"msg": "{{ secret }}"}, "register": "said"}
        failed = {"name": "Fail", "fail": {"msg": "{{ secret }}"}, "ignore_errors": True}
        fact = {"name": "Cache", "set_fact": {"leaked": "{{ said.msg }}", "cacheable": True}}
        plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [said, failed, fact]}]
    path = folder / "book.yml"
    path.write_text(yaml.safe_dump(plays, width=1000), encoding="utf-8")
    return path


# How it is run


@pytest.fixture(scope="module")
def locked() -> Iterator[str]:
    """A database whose user needs STORE_PASSWORD."""
    postgres.need()
    import psycopg

    with postgres.controlled() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {server.LOCKED} LOGIN PASSWORD '{STORE_PASSWORD}'")
            connection.execute(f"CREATE DATABASE kept OWNER {server.LOCKED}")
        yield f"postgresql://{server.LOCKED}@127.0.0.1:{server.port}/kept"


@pytest.fixture
def organization(sandbox: Sandbox) -> Organization:
    name = f"secrets-{len(sandbox.organizations)}"
    made = Organization(
        name,
        oauthclient_id=CLIENT,
        oauthclient_secret=SECRET,
        access_tokens=(TOKEN,),
        traffic=traffic({"c1": "CRM", "c2": "Dialer"}),
    )
    return sandbox.add(made)


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile(answer) as made:
        yield made


Environment = dict[str, str]


@pytest.fixture
def environment(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, collections_path: Path) -> Environment:
    """All ways of writing down what happened, switched on; what they write is below ``tmp_path``."""
    home = tmp_path_factory.mktemp("home")
    (home / "sitecustomize.py").write_text(DEFECT, encoding="utf-8")
    for name in ("junit", "tree", "facts"):
        (tmp_path / name).mkdir()
    return clean_environment(home, collections_path) | {
        "PYTHONPATH": str(home),
        "ANSIBLE_LOG_PATH": str(tmp_path / "ansible.log"),
        "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit,ansible.builtin.tree,dump",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "plugins" / "callback"),
        **CONNECTION_PLUGINS,
        "DUMP_FILE": str(tmp_path / "dump.json"),
        "JUNIT_OUTPUT_DIR": str(tmp_path / "junit"),
        "ANSIBLE_CALLBACK_TREE_DIR": str(tmp_path / "tree"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
        "ANSIBLE_DISPLAY_TRACEBACK": "never",
    }


VARIABLES = {
    "secret": SECRET,
    "wrong_secret": WRONG_SECRET,
    "token": TOKEN,
    "wrong_token": WRONG_TOKEN,
    "store_password": STORE_PASSWORD,
    "wrong_password": WRONG_PASSWORD,
    "url_password": URL_PASSWORD,
}


def by_playbook(path: Path, environment: Environment, home: Path) -> str:
    """Run ansible-playbook; return what it said."""
    variables = home / "variables.json"
    variables.write_text(json.dumps(VARIABLES), encoding="utf-8")
    command = [str(BIN / "ansible-playbook"), "-vvvv", str(path), "-e", f"@{variables}"]
    return _run(command, environment, path.parent)


def by_runner(path: Path, environment: Environment, _home: Path) -> str:
    """Run ansible-runner, as AWX does; what AWX keeps of a job is in the folder C(artifacts)."""
    private = path.parent / "private"
    for name in ("env", "project"):
        (private / name).mkdir(parents=True, exist_ok=True)
    (private / "project" / "book.yml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    extra = private / "env" / "extravars"
    extra.write_text(json.dumps(VARIABLES), encoding="utf-8")
    command = [str(BIN / "ansible-runner"), "run", str(private), "-p", "book.yml", "-vvvv"]
    try:
        return _run(command, environment, path.parent)
    finally:
        # It is where AWX puts what the job is given, and gone with the job.
        extra.unlink()


def _run(command: list[str], environment: Environment, folder: Path) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=folder, env=environment, timeout=LIMIT
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    return done.stdout + done.stderr


Runs = Callable[[Path, Environment, Path], str]
RUNS: dict[str, Runs] = {"playbook": by_playbook, "runner": by_runner}
BY_WAY = {"playbook": DOORS, "runner": DOORS[:1]}
each_way = pytest.mark.parametrize("way", RUNS)


def channels(said: str, folder: Path, store: str | None) -> dict[str, bytes]:
    """All that is left of a run: what was said, every file, and every table of the store."""
    found = {"said": said.encode()}
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "book.yml":
            found[str(path.relative_to(folder))] = path.read_bytes()
    if store is not None:
        found["store"] = dumped(store)
    return found


def dumped(store: str) -> bytes:
    import psycopg

    with psycopg.connect(store, password=STORE_PASSWORD) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') AND relnamespace = 'public'::regnamespace"
        )
        rows = [connection.execute(f"SELECT * FROM {table}".encode()).fetchall() for (table,) in tables.fetchall()]
    assert sum(map(len, rows)) > 10
    return repr(rows).encode()


@each_way
def test_secrets_are_found_nowhere(
    way: str,
    organization: Organization,
    sandbox: Sandbox,
    server: Hostile,
    locked: str,
    environment: Environment,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if way == "runner" and not (BIN / "ansible-runner").exists():
        pytest.skip("pip install ansible-runner")
    table = cases(sandbox.url, server.url, locked, organization.name, str(tmp_path))
    doors = noting(tmp_path_factory, BY_WAY[way])
    path = book(table, tmp_path, doors)

    said = RUNS[way](path, environment, tmp_path_factory.mktemp("variables"))

    for door, python in doors.items():
        results = json.loads((tmp_path / f"{door}.json").read_text(encoding="utf-8"))
        assert len(results) == len(table)
        modules = sorted(case.module for case in table)
        assert python.modules() == (modules if door == "elsewhere" else [])
        for case, result in zip(table, results, strict=True):
            kind = (result.get("failure") or {}).get("kind", "") if result["failed"] else None
            assert kind == case.kind, f"{door}, {case.name}: {result.get('msg')}"
    assert {got.credentials.partition(" ")[0] for got in server.got} == {"Basic", "Bearer"}
    left = channels(said, tmp_path, locked)
    must = {"said", "ansible.log", "dump.json", "store", "local.json", "rows.json", "gate.verdict", "report.html"}
    assert must <= left.keys()
    for folder in ("junit/", "tree/", "private/artifacts/" if way == "runner" else "facts/"):
        assert any(name.startswith(folder) for name in left), folder
    given = set().union(*map(spellings, (*GIVEN, *tokens(sandbox))))
    leaks = {name for name, content in left.items() if any(word.encode() in content for word in given)}
    assert leaks == set(), explained(left, given)
    assert not any(b"Traceback (most recent call last)" in content for content in left.values())
    # Part of a secret, where a message is cut.
    assert not any(b"SENTINEL-" in content for name, content in left.items()), explained(left, {"SENTINEL-"})


def explained(left: Mapping[str, bytes], words: set[str]) -> str:
    """Where the leaks are."""
    found = []
    for name, content in left.items():
        for word in words:
            at = content.find(word.encode())
            if at >= 0:
                found.append(f"{name}: {word}: ...{content[max(0, at - 300) : at + 100]!r}")
    return "\n".join(found[:10])


@each_way
def test_the_search_would_find_a_secret_in_each_place(
    way: str, environment: Environment, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same net, and something in it."""
    if way == "runner" and not (BIN / "ansible-runner").exists():
        pytest.skip("pip install ansible-runner")
    said = RUNS[way](book([], tmp_path, {}, leak=True), environment, tmp_path_factory.mktemp("variables"))
    found = {
        name.partition("/")[0] if not name.startswith("private/") else "artifacts"
        for name, content in channels(said, tmp_path, None).items()
        if any(word.encode() in content for word in spellings(SECRET))
    }
    # The runner has the cache of facts among its artifacts.
    places = {"said", "ansible.log", "dump.json", "junit", "tree"}
    assert found >= places | {"artifacts" if way == "runner" else "facts"}


def test_every_kind_of_failure_has_a_case() -> None:
    defined = {str(value.kind) for value in vars(errors).values() if hasattr(value, "kind")}
    tried = {case.kind for case in cases("http://sandbox", "http://hostile", "a-store", "a-label", "/a-folder")}
    assert tried - {None} == defined - UNTRIED.keys()


def test_this_process_has_nothing_of_it_in_its_environment() -> None:
    assert not any(word in value for value in os.environ.values() for word in GIVEN)
