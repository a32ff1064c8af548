# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a benchmark needs around it: the sandbox as a process, and a process for what is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SANDBOX_FILES = ROOT / "roles" / "sandbox" / "files"

TASK_LIMIT = 1800
"""Seconds after which a measured process counts as stuck."""


class Broken(Exception):
    """What was to be measured did not work, so that there is no figure."""


@dataclass(frozen=True)
class Measured:
    """One task, carried out in a process of its own. ``seconds`` begin when everything is imported; ``cpu`` are
    those of them in which a processor worked for it."""

    seconds: float
    cpu: float
    peak_mib: float
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Served:
    """A sandbox that runs."""

    url: str
    organizations: Mapping[str, Mapping[str, str]]

    def connection(self, name: str) -> dict[str, str]:
        """The options by which a task reaches an organization."""
        organization = self.organizations[name]
        return {key: organization[key] for key in ("api_url", "oauthclient_id", "oauthclient_secret")}

    def exchanges(self) -> list[dict[str, Any]]:
        """What came over the wire since the last call."""
        found: list[dict[str, Any]] = self._ask("GET")
        self._ask("DELETE")
        return found

    def _ask(self, method: str) -> Any:
        request = urllib.request.Request(f"{self.url}/sandbox/exchanges", method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            return json.load(response)


class World:
    """The surroundings of one benchmark. ``folder`` is its own and goes with it."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self.folder = folder
        self.quick = quick
        # The collection under its full name, whatever `make` has linked or built so far.
        namespace = folder / "collections" / "ansible_collections" / "genesyscloud"
        namespace.mkdir(parents=True)
        (namespace / "usage").symlink_to(ROOT)
        self._path = [str(folder / "collections"), str(SANDBOX_FILES)]

    @contextmanager
    def sandbox(self, organizations: Sequence[Mapping[str, Any]] = (), *arguments: str) -> Iterator[Served]:
        """A sandbox in a process of its own that plays these organizations, or the fleet that ``arguments`` make."""
        fleet, state = self.folder / "fleet.json", self.folder / "sandbox.json"
        command = [sys.executable, str(SANDBOX_FILES / "genesyscloud_sandbox"), "--state-file", str(state), *arguments]
        if organizations:
            fleet.write_text(json.dumps({"organizations": organizations}), encoding="utf-8")
            command += ["--fleet", str(fleet)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self._environment()) as process:
            try:
                # It says a line once it listens and the state file is written.
                if process.stdout is None or not process.stdout.readline():
                    raise Broken("the sandbox did not start")
                said = json.loads(state.read_text(encoding="utf-8"))
                yield Served(said["url"], {item["name"]: item for item in said["organizations"]})
            finally:
                process.terminate()

    def task(self, operation: str, params: Mapping[str, Any]) -> Measured:
        """Carry out one operation, with the defaults of its options. Raises Broken when it fails."""
        found = self.measure("task", {"operation": operation, "params": params})
        if found["result"].get("failed"):
            raise Broken(f"{operation} failed: {found['result'].get('msg')}")
        return Measured(**found)

    def measure(self, program: str, order: Mapping[str, Any]) -> Any:
        """What a program of ``measured`` finds, in a process of its own. Raises Broken when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmark.measured.{program}"],
            input=json.dumps(order),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
            env=self._environment(),
            timeout=TASK_LIMIT,
        )
        if done.returncode:
            raise Broken(f"{program} ended with {done.returncode}")
        return json.loads(done.stdout)

    def _environment(self) -> dict[str, str]:
        """This process's environment, without what would change a task's options or its way to the sandbox."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GENESYSCLOUD_")}
        return {**kept, "PYTHONPATH": os.pathsep.join(self._path), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
