# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole programs as a user starts them: ``ansible-playbook`` and others, with their time, and their memory watched."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .world import TASK_LIMIT, Broken, World

PLAYBOOKS = Path(__file__).resolve().parent / "playbooks"
ANSIBLE_PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"

PAUSE = 0.05
"""Seconds between two looks at the memory of processes."""


@dataclass(frozen=True)
class Ran:
    """A program that ended well. ``cpu`` are seconds in which a processor worked for it or its children, which other
    things that the machine does change least. ``tree_mib`` is the most memory that it and its children had at one
    moment, pages that they share counted once (PSS); ``worker_mib`` the most that one child had to itself (USS). Zero
    where not watched.
    """

    seconds: float
    cpu: float
    stdout: str
    tree_mib: float = 0.0
    worker_mib: float = 0.0


class Programs:
    """Starts programs in a folder of their own, with nothing of the user's configuration."""

    def __init__(self, world: World) -> None:
        self._folder = world.folder / "programs"
        self._folder.mkdir()
        self._collections = world.folder / "collections"

    def inventory(self, hosts: Mapping[str, Mapping[str, str]]) -> Path:
        """An inventory of hosts that are this machine."""
        common = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        path = self._folder / f"hosts-{len(list(self._folder.glob('hosts-*')))}.json"
        path.write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}), encoding="utf-8")
        return path

    def playbook(
        self, name: str, inventory: Path, variables: Mapping[str, Any], *arguments: str, watch: bool = False
    ) -> Ran:
        """Run one of the playbooks. Raises Broken when it fails."""
        given = self._folder / "variables.json"
        given.write_text(json.dumps(variables), encoding="utf-8")
        command = [str(ANSIBLE_PLAYBOOK), str(PLAYBOOKS / f"{name}.yml"), "-i", str(inventory), "-e", f"@{given}"]
        return self._run(name, [*command, *arguments], self._environment(), "", watch)

    def answer(self, name: str, inventory: Path, variables: Mapping[str, Any]) -> dict[str, int]:
        """What a playbook comes to; a run of its own, for telling is a further task."""
        told = self._folder / "told.json"
        told.unlink(missing_ok=True)
        self.playbook(name, inventory, {**variables, "told": str(told)}, "--tags", "all,told")
        found: dict[str, int] = json.loads(told.read_text(encoding="utf-8"))
        return found

    def python(self, *arguments: str, order: Mapping[str, Any] | None = None) -> Ran:
        """Run Python, with the collection importable. Raises Broken when it fails."""
        environment = {**self._environment(), "PYTHONPATH": str(self._collections)}
        given = json.dumps(order) if order is not None else ""
        return self._run(arguments[-1], [sys.executable, *arguments], environment, given, watch=False)

    def _run(self, name: str, command: Sequence[str], environment: Mapping[str, str], given: str, watch: bool) -> Ran:
        started, worked = time.perf_counter(), _worked()
        with subprocess.Popen(
            command, cwd=self._folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            memory = Memory(process.pid) if watch else None
            try:
                stdout, stderr = process.communicate(given, timeout=TASK_LIMIT)
            finally:
                process.kill()
                if memory:
                    memory.end()
        seconds, cpu = time.perf_counter() - started, _worked() - worked
        if process.returncode:
            raise Broken(f"{name} ended with {process.returncode}: {_complaint(stdout, stderr)}")
        return Ran(seconds, cpu, stdout, memory.tree_mib if memory else 0, memory.worker_mib if memory else 0)

    def _environment(self) -> dict[str, str]:
        """This process's environment without anything that configures Ansible, the collection, Python or a proxy."""
        prefixes = ("ANSIBLE_", "GENESYSCLOUD_", "PYTHON", "XDG_")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(prefixes) and not name.lower().endswith("_proxy")
        }
        config = self._folder / "ansible.cfg"
        config.touch()
        return kept | {
            "HOME": str(self._folder),
            "LC_ALL": "C.UTF-8",
            "NO_PROXY": "*",
            "ANSIBLE_CONFIG": str(config),
            "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            # Ansible looks the home directory up, whatever HOME says.
            "ANSIBLE_REMOTE_TMP": str(self._folder / "remote"),
            "ANSIBLE_LOCAL_TEMP": str(self._folder / "local"),
        }


def _complaint(stdout: str, stderr: str) -> str:
    """Of many hosts those that failed, and no more of them than anybody reads."""
    fatal = [line[:400] for line in stdout.splitlines() if line.startswith("fatal:")]
    return " ".join([f"{len(fatal)} hosts failed:", *fatal[:3]]) if fatal else (stderr or stdout)[-2000:]


def _worked() -> float:
    """Seconds of processor of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Memory:
    """Watches a process and its children, from a thread. Linux only; elsewhere it finds nothing."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self.tree_mib = self.worker_mib = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            tree = 0.0
            for pid in [self._pid, *_children(self._pid)]:
                shared, own = _memory(pid)
                tree += shared
                if pid != self._pid:
                    self.worker_mib = max(self.worker_mib, own)
            self.tree_mib = max(self.tree_mib, tree)


def _children(pid: int) -> list[int]:
    """Children of a process that are still the same program: what they start in turn is none of ours."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in parentheses, may have spaces.
            if int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def _memory(pid: int) -> tuple[float, float]:
    """MiB of a process: its share of what it has in common with others (PSS), and what it has to itself (USS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0, 0.0
    sizes = {words[0]: int(words[1]) / 1024 for words in map(str.split, lines) if words[-1] == "kB"}
    return sizes.get("Pss:", 0.0), sizes.get("Private_Clean:", 0.0) + sizes.get("Private_Dirty:", 0.0)
