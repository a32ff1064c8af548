# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Playbooks against the sandbox: the built collection, a running sandbox, and a way to run ``ansible-playbook``.

Every run that goes through ``playbook`` is made at -vvvv with a log file, and everything it leaves behind is searched
for tracebacks and for secrets: so each test here is also a test of those two promises. And every exchange with a
sandbox, be it of this process or one that a playbook starts, is validated in both directions against the OpenAPI
document of the contract tests.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT / "roles" / "sandbox" / "files"))

from genesyscloud_sandbox import Sandbox  # noqa: E402

TRACEBACK = "Traceback (most recent call last)"
LISTED_SECRET = "SANDBOX-CLIENT-SECRET-"
"""How every secret begins that the API shows in its list of OAuth clients."""
LIMIT = 300
"""Seconds after which a playbook is taken for hung."""


RECORDER = """
# Read by every Python that a playbook starts. Of those that run a sandbox it makes recorders of all exchanges.
import sys

if any(word.endswith("/genesyscloud_sandbox") for word in sys.orig_argv[1:]):
    import atexit
    import json
    import os

    program = next(word for word in sys.orig_argv[1:] if word.endswith("/genesyscloud_sandbox"))
    sys.path.insert(0, os.path.dirname(program))
    from genesyscloud_sandbox import engine

    sys.path.pop(0)
    logs, original = [], engine.Exchanges
    target = os.path.join(os.path.dirname(__file__), f"{os.getpid()}.json")

    def recording(_record_bodies=False):
        logs.append(original(record_bodies=True))
        return logs[-1]

    def write():
        with open(f"{target}.part", "w", encoding="utf-8") as file:
            json.dump([exchange for log in logs for exchange in log.recorded()], file)
        os.replace(f"{target}.part", target)

    engine.Exchanges = recording
    open(f"{target}.part", "w").close()
    atexit.register(write)
"""
"""Put as C(sitecustomize.py) where a sandbox in another process finds it; then its exchanges are left beside it."""


@dataclass(frozen=True)
class Run:
    """What one ``ansible-playbook`` left behind. ``folder`` was its working directory."""

    rc: int
    stdout: str
    stderr: str
    log: str
    folder: Path

    @property
    def said(self) -> str:
        return f"{self.stdout}\n{self.stderr}\n{self.log}"

    def result(self, name: str) -> Any:
        """A JSON file that the playbook wrote."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class NotingPython:
    """This Python, as C(ansible_python_interpreter). It notes what it runs, and so which door a task took."""

    path: Path

    @classmethod
    def made_in(cls, folder: Path) -> NotingPython:
        made = cls(folder / "python")
        script = f"#!/bin/sh\necho \"$*\" >> '{folder}/noted'\nexec '{sys.executable}' \"$@\"\n"
        made.path.write_text(script, encoding="utf-8")
        made.path.chmod(0o755)
        return made

    def modules(self) -> list[str]:
        """The modules of this collection that it ran, sorted; not among them is what an action plugin did by itself."""
        noted = self.path.with_name("noted")
        names = re.findall(r"/AnsiballZ_(\w+)\.py", noted.read_text(encoding="utf-8")) if noted.exists() else []
        return sorted(name for name in names if (ROOT / "plugins" / "modules" / f"{name}.py").exists())

    def through(self, door: str) -> dict[str, str]:
        """The variables that lead all tasks through a door.

        The keyword C(connection) would not: for localhost Ansible sets the variable by itself, and that beats the
        keyword.
        """
        return {"ansible_connection": door, "ansible_python_interpreter": str(self.path)}


DOORS = ("local", "elsewhere")
"""Connections. With the first the action plugin does it all, over the second, a plugin of the tests, modules run."""
CONNECTION_PLUGINS = {"ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).resolve().parent / "plugins" / "connection")}


def noting(tmp_path_factory: pytest.TempPathFactory, doors: Iterable[str] = DOORS) -> dict[str, NotingPython]:
    """A Python for each door."""
    return {door: NotingPython.made_in(tmp_path_factory.mktemp("python")) for door in doors}


def tokens(sandbox: Sandbox) -> list[str]:
    """Every access token that the sandbox gave out or knows."""
    return list(sandbox.engine.login._tokens)


def secrets_of(sandbox: Sandbox) -> set[str]:
    """Every word that must never be printed or written: secrets, tokens, and the header that carries a secret."""
    words = {LISTED_SECRET, *tokens(sandbox)}
    for organization in sandbox.organizations:
        pair = f"{organization.oauthclient_id}:{organization.oauthclient_secret}"
        words |= {organization.oauthclient_secret, base64.b64encode(pair.encode()).decode()}
    return words


def clean_environment(home: Path, collections: Path) -> dict[str, str]:
    """This process's environment without anything that configures Ansible, the collection or a proxy."""
    prefixes = ("ANSIBLE_", "GENESYSCLOUD_", "PYTHONPATH", "XDG_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(prefixes) and not name.lower().endswith("_proxy")
    }
    config = home / "ansible.cfg"
    config.write_text("[defaults]\n", encoding="utf-8")
    return kept | {
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}",
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "*",
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_NOCOLOR": "True",
        # Ansible looks the home directory up, whatever HOME says.
        "ANSIBLE_REMOTE_TMP": str(home / "remote"),
        "ANSIBLE_ASYNC_DIR": str(home / "async"),
    }


@pytest.fixture(scope="session")
def collections_path() -> Path:
    """The folder with the collection, built from the files as they are. One process builds, the others wait for it."""
    BUILD.mkdir(exist_ok=True)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    done = Path(tempfile.gettempdir()) / f"genesyscloud-usage-built-{run}"
    with open(BUILD / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if run is None or not done.exists():
            command = [sys.executable, str(ROOT / "tests" / "tools" / "build_collection.py")]
            built = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT)
            assert built.returncode == 0, built.stdout + built.stderr
            if run is not None:
                done.touch()
    return BUILD


@pytest.fixture
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for C(PYTHONPATH): every exchange with a sandbox that a playbook starts is validated too."""
    from contract.validation import validate_exchanges

    folder = tmp_path_factory.mktemp("recorder")
    (folder / "sitecustomize.py").write_text(RECORDER, encoding="utf-8")
    yield folder
    deadline = time.monotonic() + 20
    while list(folder.glob("*.part")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(folder.glob("*.part")) == [], "a sandbox is still running, or ended without leaving its exchanges"
    for path in sorted(folder.glob("*.json")):
        validate_exchanges(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def new_sandbox() -> Callable[..., AbstractContextManager[Sandbox]]:
    """Makes a sandbox, every exchange with which has to be what the API's document says, in both directions."""
    from contract.validation import validated

    return lambda *given, **named: validated(Sandbox(*given, record_bodies=True, **named))


@pytest.fixture(scope="session")
def sandbox(new_sandbox: Callable[..., AbstractContextManager[Sandbox]]) -> Iterator[Sandbox]:
    """A sandbox without organizations; tests add their own, each under names that nobody else uses."""
    with new_sandbox() as running:
        yield running


Playbook = Callable[..., Run]


@pytest.fixture
def playbook(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, collections_path: Path, sandbox: Sandbox, recorder: Path
) -> Playbook:
    """Runs a playbook in ``tmp_path`` and returns what it left behind.

    variables: given as extra variables, in a file elsewhere. environ: set for ``ansible-playbook`` itself.
    secrets: words that must occur neither in what it says nor in any file below ``tmp_path``, besides all the secrets
    and tokens of the sandbox and of further ``sandboxes``. programs: the folder of another ``ansible-playbook``.
    """
    home = tmp_path_factory.mktemp("home")
    environment = clean_environment(home, collections_path) | {"PYTHONPATH": str(recorder)}

    def run(
        path: Path | str,
        *arguments: str,
        variables: Mapping[str, Any] | None = None,
        environ: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        sandboxes: Iterable[Sandbox] = (),
        verbosity: str = "-vvvv",
        rc: int = 0,
        programs: Path = BIN,
    ) -> Run:
        extra, log = home / "variables.json", tmp_path / "ansible.log"
        extra.write_text(json.dumps(dict(variables or {})), encoding="utf-8")
        log.unlink(missing_ok=True)
        command = [str(programs / "ansible-playbook"), str(path), "-e", f"@{extra}", *arguments]
        done = subprocess.run(
            [*command, verbosity] if verbosity else command,
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**environment, "ANSIBLE_LOG_PATH": str(log), **(environ or {})},
            timeout=LIMIT,
        )
        logged = log.read_text(encoding="utf-8") if log.exists() else ""
        outcome = Run(done.returncode, done.stdout, done.stderr, logged, tmp_path)
        assert done.returncode == rc, _complaint(outcome)
        assert logged
        assert TRACEBACK not in outcome.said, _around(outcome.said, TRACEBACK)
        _search(outcome, set(secrets).union(*map(secrets_of, [sandbox, *sandboxes])))
        return outcome

    return run


def _search(outcome: Run, secrets: set[str]) -> None:
    for secret in secrets:
        assert secret not in outcome.said, f"a secret was printed: {_around(outcome.said, secret)}"
    for path in (path for path in outcome.folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for secret in secrets:
            assert secret.encode() not in content, f"a secret is in {path.name}"


def _around(text: str, word: str) -> str:
    at = text.find(word)
    return text[max(0, at - 600) : at + 1400]


def _complaint(outcome: Run) -> str:
    """Of the output at -vvvv the part that says what is wrong: what assertions say, else the errors."""
    lines = outcome.stdout.splitlines()
    words = ('"assertion":', '"msg":', "fatal:", "[ERROR]", "ERROR!")
    at = next((number for number, line in enumerate(lines) if "Action failed" in line), 0)
    said = [line.strip()[:1000] for line in lines[at:] if line.strip().startswith(words)]
    return "\n".join([f"rc {outcome.rc}", *said[-40:], outcome.stderr[-2000:]])
