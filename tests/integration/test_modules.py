# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The modules, run by ansible-playbook: what they return, how they fail, what they send, and what they never say.

All of it through both doors: as action plugins inside of Ansible's worker, and as modules. What takes long as modules
goes through their door in C(make test-all) only; in C(make test) test_doors.py compares the two doors.
"""

from __future__ import annotations

import datetime
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from effort import ALL
from genesyscloud_sandbox import Client, Organization, Sandbox
from integration.conftest import CONNECTION_PLUGINS, DOORS, noting

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLAYBOOKS = HERE / "playbooks" / "modules"

CLIENT_SECRET = "SENTINEL-oauthclient-secret-8a31"
WRONG_SECRET = "SENTINEL-wrong-secret-5c07"
GIVEN_TOKEN = "SENTINEL-access-token-77f2"
WRONG_TOKEN = "SENTINEL-wrong-token-19bd"
STORE_PASSWORD = "SENTINEL-store-password-e0d4"
URL_PASSWORD = "SENTINEL-url-password-c6a8"
SENTINELS = {CLIENT_SECRET, WRONG_SECRET, GIVEN_TOKEN, WRONG_TOKEN, STORE_PASSWORD, URL_PASSWORD}

SIGN_IN = ("POST", "/oauth/token")
LABELS = ["client_id", "client_name", "user_id", "template_uri", "http_method", "platform"]
SERVICES: dict[str, dict[str, Any]] = {
    "query": {
        "path": "/api/v2/usage/query",
        "result": "/api/v2/usage/query/ID/results",
        "client_path": "/api/v2/oauth/clients/{}/usage/query",
        "client_result": "/api/v2/oauth/clients/{}/usage/query/results/ID",
        "submit_path": "/usage/query$",
        "results_path": "/results$",
        "execution_id": "executionId",
        "waiting": ["Running"],
        "needed": {
            "organization": "need one of the permissions oauth:client:view or usage:organization:view",
            "client": "need one of the permissions oauth:client:view or usage:client:view",
        },
        "grouping": ["client_id"],
        "columns": ["client_id", "client_name"],
        "client_names": ["Dialer", "CRM"],
    },
    "jobs": {
        "path": "/api/v2/usage/aggregates/query/jobs",
        "result": "/api/v2/usage/aggregates/query/jobs/ID",
        "client_path": "/api/v2/usage/client/{}/aggregates/query/jobs",
        "client_result": "/api/v2/usage/client/{}/aggregates/query/jobs/ID",
        "submit_path": "/query/jobs$",
        "results_path": "/query/jobs/",
        "execution_id": "id",
        "waiting": ["Queued", "Running"],
        "needed": {
            "organization": "need the permission usage:organization:view",
            "client": "need the permission usage:client:view",
        },
        "grouping": LABELS,
        "columns": LABELS,
        # Of one client's jobs no row says whose it is.
        "client_names": [None, None],
    },
}
"""What the playbooks are told of a service."""

Add = Callable[..., Organization]


def traffic(clients: Mapping[str, str], days: int = 3) -> list[dict[str, Any]]:
    """Ten requests a day of each client, on the last complete days."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return [
        {
            "date": (today - datetime.timedelta(days=ago)).isoformat(), "client_id": client_id, "client_name": name,
            "template_uri": "/api/v2/users/{userId}", "http_method": "GET", "platform": "public-api",
            "status200": 8, "status400": 2, "status429": 1,
        }
        for ago in range(1, days + 1)
        for client_id, name in clients.items()
    ]  # fmt: skip


def organization(name: str, **fields: Any) -> Organization:
    """An organization whose OAuth client is called as it is, with six rows in three days."""
    return Organization(
        name,
        oauthclient_id=name,
        oauthclient_secret=CLIENT_SECRET,
        **{"traffic": traffic({"c1": "CRM", "c2": "Dialer"}), **fields},
    )


def calls(sandbox: Sandbox, name: str) -> list[tuple[str, str]]:
    """What was sent for an organization: methods and paths, ids left out."""
    return [
        (call["method"], re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", call["path"]))
        for call in sandbox.exchanges.list(organization=name)
    ]


def documented(module: str, part: str) -> Any:
    """A part of a module's documentation, such as RETURN."""
    source = (ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8")
    found = re.search(rf'^{part} = r"""\n(.*?)^"""', source, re.DOTALL | re.MULTILINE)
    assert found, f"{module} has no {part}"
    return yaml.safe_load(found[1])


def cases(name: str) -> list[dict[str, Any]]:
    """The cases in a playbook: every list among the variables of its plays, with templates left as they are."""
    plays = yaml.safe_load((PLAYBOOKS / name).read_text(encoding="utf-8"))
    lists = [value for play in plays for value in play.get("vars", {}).values() if isinstance(value, list)]
    return [case for found in lists for case in found]


@pytest.fixture
def sandbox(new_sandbox: Callable[..., Any]) -> Iterator[Sandbox]:
    """A sandbox of its own for each test, because tests that go through both services use the same names twice."""
    with new_sandbox() as running:
        yield running


each_door = pytest.mark.parametrize("door", DOORS, indirect=True)
each_door_in_the_end = pytest.mark.parametrize("door", DOORS if ALL else DOORS[:1], indirect=True)


@pytest.fixture
def door(request: pytest.FixtureRequest) -> str | None:
    """The door that a test goes through; None where its playbook says that by itself."""
    return getattr(request, "param", None)


@pytest.fixture
def run(
    playbook: Callable[..., Any],
    sandbox: Sandbox,
    door: str | None,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Any]:
    """Runs one of the playbooks through a door, with what all of them need to know."""
    doors = noting(tmp_path_factory, [door] if door else [])

    def run_one(name: str, **more: Any) -> Any:
        variables = {
            "sandbox_url": sandbox.url,
            "client_secret": CLIENT_SECRET,
            "password_of_store": STORE_PASSWORD,
            "folder": str(tmp_path),
            **more.pop("variables", {}),
        }
        for through, python in doors.items():
            variables |= python.through(through)
        environ = CONNECTION_PLUGINS | more.pop("environ", {})
        done = playbook(PLAYBOOKS / name, variables=variables, secrets=SENTINELS, environ=environ, **more)
        for through, python in doors.items():
            assert bool(python.modules()) == (through == "elsewhere")
        return done

    return run_one


@pytest.fixture
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate of its own making for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "ca.pem", folder / "key.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *made, *subject, *files], check=True, capture_output=True, timeout=30)
    return str(certificate), str(key)


@pytest.fixture
def refused_url() -> Iterator[str]:
    """An address at which nobody listens, and at which nobody else can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@each_door_in_the_end
def test_what_modules_return(run: Callable[..., Any], sandbox: Sandbox, service: str) -> None:
    """Success with and without a store, in check mode and twice; the calls it took; RETURN is true."""
    clients = [Client("c1", "CRM"), Client("c2", "Dialer"), Client("c3", "Old", "CODE", "disabled")]
    thirty = {f"client-{number}": f"Client {number}" for number in range(30)}
    sandbox.add(organization("acme", title="ACME EMEA", clients=clients))
    sandbox.add(organization("other"))
    sandbox.add(organization("counted", pending_looks=1))
    sandbox.add(organization("thirty", traffic=traffic(thirty)))

    spelled = SERVICES[service]
    done = run("modules.yml", variables={"service": service, **spelled})

    assert len(sandbox.engine.login._tokens) > 20, "tokens to look for in what was said"
    returned = done.result("results.json")
    for module, results in returned.items():
        check_returned(module, results)
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert modules.issuperset(returned)
    for name in ("usage.db", "made.db", "usage.csv"):
        assert stat.S_IMODE((done.folder / name).stat().st_mode) == 0o600, name

    look = ("GET", spelled["result"])
    assert calls(sandbox, "counted") == [SIGN_IN, ("POST", spelled["path"]), look, look]
    assert returned["usage_query"][-2]["api_calls"] == 4
    sent = calls(sandbox, "thirty")
    assert sent.count(SIGN_IN) == 1
    assert sent[0] == SIGN_IN
    for client in thirty:
        begun, read = spelled["client_path"].format(client), spelled["client_result"].format(client)
        assert [call for call in sent if f"/{client}/" in call[1]] == [("POST", begun), ("GET", read)]
    other = next(SERVICES[name] for name in SERVICES if name != service)
    assert not any(other["path"] in exchange["path"] for exchange in sandbox.exchanges.list())
    assert len(sent) == returned["oauth_client_usage"][-1]["api_calls"] == 1 + 30 + 30


TYPES = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list, "float": float}
ANSIBLE_S_OWN = {
    "changed", "failed", "msg", "warnings", "deprecations", "diff", "invocation", "failed_when_result", "item",
    "ansible_loop_var", "exception",
}  # fmt: skip


def check_returned(module: str, results: list[dict[str, Any]]) -> None:
    """What a module returned is what its documentation says: keys and types, no key too many, none never seen."""
    fields = documented(module, "RETURN")
    results = [result for result in results if not result.get("skipped")]
    for result in results:
        assert set(result) - ANSIBLE_S_OWN <= set(fields), module
        check_fields(module, fields, result)
    assert set(fields) - {"failure"} <= {name for result in results for name in result}, module


def check_fields(where: str, fields: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Fields that are always returned are there, and all have the type that is documented."""
    failed = found.get("failed", False)
    for name, field in fields.items():
        value = found.get(name)
        if field["returned"] in ("always", "success") and not failed:
            assert name in found, f"{where}: {name} is documented, and missing"
        if field["returned"] == "on failure":
            assert failed == (name in found), f"{where}: {name}"
        if value is not None:
            assert value.__class__ is TYPES[field["type"]], f"{where}: {name} is a {type(value).__name__}"
        for inner in value if isinstance(value, list) else [value]:
            if "contains" in field and inner is not None:
                assert set(inner) <= set(field["contains"]), f"{where}: {name}"
                check_fields(f"{where}: {name}", field["contains"], inner)


@each_door_in_the_end
def test_what_is_refused_before_anything_is_sent(run: Callable[..., Any], sandbox: Sandbox, tmp_path: Path) -> None:
    """Each question that makes no sense is answered in its own words; nothing goes over the wire, nothing is made."""
    (tmp_path / "letter.db").write_text("Dear Sir or Madam,\n" * 100, encoding="utf-8")
    for name, table in (("newer.db", "usage_schema (version)"), ("other.db", "songs (title)")):
        with sqlite3.connect(tmp_path / name) as database:
            database.execute(f"CREATE TABLE {table}")
            database.execute(f"INSERT INTO {table.split()[0]} VALUES (99)")
        database.close()
    names = [case["name"] for case in cases("arguments.yml")]
    for name in [*names, "a password in the address of a store"]:
        sandbox.add(organization(name))

    store = f"postgresql://usage:{URL_PASSWORD}@db.example.com/usage"
    run("arguments.yml", variables={"store_with_password": store})

    assert len(names) == len(set(names))
    assert {name: calls(sandbox, name) for name in names if calls(sandbox, name)} == {}
    left = {"ansible.log", "letter.db", "newer.db", "other.db", "empty.db"}
    assert {path.name for path in tmp_path.iterdir()} <= left | {"empty.db-wal", "empty.db-shm"}


@each_door_in_the_end
def test_what_a_service_may_answer(
    run: Callable[..., Any],
    new_sandbox: Callable[..., Any],
    sandbox: Sandbox,
    authority: tuple[str, str],
    refused_url: str,
    service: str,
) -> None:
    """Errors, nonsense and broken connections; waits that run out; and what comes right in the end."""
    spelled = SERVICES[service]
    places = {f"{{{{ {name} }}}}": spelled[name] for name in ("submit_path", "results_path")}
    for case in cases("answers.yml"):
        fields = dict(case.get("organization", {}))
        if "many" in case:
            fields["traffic"] = traffic({f"c{number}": "Many" for number in range(case["many"][service] // 3)})
        sandbox.add(organization(case["name"], **fields))
        for fault in case.get("faults", ()):
            path = places.get(fault["path"], fault["path"])
            sandbox.faults.add(**{**fault, "path": path}, organization=case["name"])
    sandbox.add(organization("slow", pending_looks=3))
    sandbox.add(organization("forbidden", permissions=()))
    with new_sandbox([organization("tls")], tls=authority) as secure:
        run(
            "answers.yml",
            variables={
                "tls_url": secure.url, "ca": authority[0], "refused_url": refused_url, "wrong_token": WRONG_TOKEN,
                "wrong_secret": WRONG_SECRET, "service": service, **spelled,
            },
            sandboxes=[secure],
        )  # fmt: skip

    assert calls(sandbox, "a token that ended").count(SIGN_IN) == 2
    submit = ("POST", spelled["path"])
    refused = calls(sandbox, "tokens that are refused again and again")
    assert refused == [SIGN_IN, submit, SIGN_IN, submit]
    # What may have been begun is never begun a second time by itself.
    assert calls(sandbox, "a connection that is cut") == [SIGN_IN, submit]
    pages = [call for call in calls(sandbox, "rows on many pages") if call == ("GET", spelled["result"])]
    assert len(pages) == 3


@each_door
@pytest.mark.parametrize("with_token", [False, True], ids=["client", "token"])
def test_credentials_from_the_environment(
    run: Callable[..., Any], sandbox: Sandbox, tmp_path: Path, with_token: bool
) -> None:
    """A client, its secret, a region and a store; or an access token, which another client's credentials beat."""
    name = f"environment-{with_token}"
    sandbox.add(organization(name, access_tokens=(GIVEN_TOKEN,)))
    sandbox.add(organization(f"another-{name}"))
    environ = {
        "GENESYSCLOUD_REGION": "atlantis-1",
        "GENESYSCLOUD_OAUTHCLIENT_ID": name,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": CLIENT_SECRET,
        "GENESYSCLOUD_USAGE_STORE_PASSWORD": STORE_PASSWORD,
    }
    if with_token:
        environ["GENESYSCLOUD_ACCESS_TOKEN"] = GIVEN_TOKEN
    else:
        environ["GENESYSCLOUD_USAGE_STORE"] = f"sqlite:///{tmp_path}/usage.db"

    variables = {"another": f"another-{name}", "with_store": not with_token}
    run("environment.yml", variables=variables, environ=environ)

    assert calls(sandbox, name).count(SIGN_IN) == (0 if with_token else 1)
    assert calls(sandbox, f"another-{name}") == [SIGN_IN, ("GET", "/api/v2/oauth/clients")]


@each_door
def test_defaults_for_the_group(run: Callable[..., Any], sandbox: Sandbox) -> None:
    """Every module of the action group takes the options that the group is given."""
    sandbox.add(organization("grouped"))
    run("group.yml")


def test_a_python_without_requests(run: Callable[..., Any], sandbox: Sandbox, tmp_path_factory: Any) -> None:
    """What is missing is named; what does not need it works."""
    bare = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=60)
    sandbox.add(organization("bare"))
    run("bare_python.yml", variables={"bare_python": str(bare / "bin" / "python")}, verbosity="")
    assert calls(sandbox, "bare") == []
