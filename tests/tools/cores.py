# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tests on several ansible-cores, each in a virtual environment of its own, below .build/cores.

    python tests/tools/cores.py sanity WHICH [ARGUMENT FOR ansible-test sanity]...
    python tests/tools/cores.py pytest WHICH [ARGUMENT FOR pytest]...

WHICH is `oldest`, `newest`, `all`, or a series such as 2.18. Each series runs with a Python that it supports and that
this machine has; where there is none, it is left out with a sentence. What is there is used again, so that only the
first run has to make the environments.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checkout import ROOT

HOME = ROOT / ".build" / "cores"
SUPPORTED = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
"""Pythons of a controller, from the support matrix of ansible-core: pip itself knows the lower bound only. A series
that is newer than this table is taken to support what the last one does."""

PIP = ["-m", "pip", "--disable-pip-version-check"]


@dataclass(frozen=True)
class Core:
    """A series of ansible-core, and the interpreter that it runs with; none where the machine has none."""

    series: str
    version: str = ""
    python: Path | None = None

    @property
    def folder(self) -> Path:
        return HOME / f"{self.series}-python{self.version}"


@cache
def interpreter(version: str) -> Path | None:
    """The Python of that version: as pyenv keeps it, or on the PATH, where a name may be a shim that does not work."""
    kept = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python{version}"))
    found = shutil.which(f"python{version}")
    for path in [*reversed(kept), *([Path(found)] if found else [])]:
        code = "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2])"
        done = subprocess.run([path, "-c", code], check=False, capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.split()[-1] == version:
            return Path(done.stdout.split()[0])
    return None


def pythons(series: str) -> dict[str, Path]:
    """Those of the machine that a series supports, in the order of their versions."""
    versions = SUPPORTED.get(series, list(SUPPORTED.values())[-1])
    found = {version: interpreter(version) for version in versions}
    return {version: path for version, path in found.items() if path}


def known() -> list[str]:
    """All series from the oldest that the collection supports to the newest that pip has, in order."""
    newest = next((path for path in map(interpreter, ("3.14", "3.13", "3.12")) if path), Path(sys.executable))
    command = [newest, *PIP, "index", "versions", "ansible-core"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    found = {*SUPPORTED, *(match for match in re.findall(r"\b(\d+\.\d+)\.\d+\b(?!rc|b)", listed))}
    oldest = _numbers(next(iter(SUPPORTED)))
    return sorted((series for series in found if _numbers(series) >= oldest), key=_numbers)


def _numbers(series: str) -> tuple[int, ...]:
    return tuple(map(int, series.split(".")))


def chosen(which: str) -> list[Core]:
    """The oldest runs with its oldest Python, the others with their newest."""
    every = known()
    oldest = every[0]
    runnable = [series for series in every if pythons(series)]
    wanted = {"oldest": [oldest], "newest": runnable[-1:], "all": every}.get(which, [which])
    if not set(wanted) <= set(every):
        sys.exit(f"There is no ansible-core {which}; there are {', '.join(every)}.")
    return [_core(series, 0 if series == oldest else -1) for series in wanted]


def _core(series: str, place: int) -> Core:
    there = list(pythons(series).items())
    return Core(series, *there[place]) if there else Core(series)


def environment(core: Core, requirements: Iterable[str] = ()) -> Path:
    """The Python of a virtual environment with that ansible-core, and with what requirement files name.

    Raises CalledProcessError where it cannot be made.
    """
    files = [ROOT / name for name in requirements]
    python, made = core.folder / "bin" / "python", core.folder / ".made"
    stamp = core.folder / f".ready-{'-'.join(path.stem for path in files) or 'core'}"
    if stamp.exists() and all(stamp.stat().st_mtime > path.stat().st_mtime for path in files):
        return python
    if not made.exists():
        # What was broken off halfway is of no use.
        subprocess.run([str(core.python), "-m", "venv", "--clear", core.folder], check=True)
        made.touch()
    wanted = [f"ansible-core=={core.series}.*", *(word for path in files for word in ("-r", str(path)))]
    subprocess.run([python, *PIP, "install", "--quiet", "--quiet", *wanted], check=True)
    stamp.touch()
    return python


def sanity(core: Core, arguments: list[str]) -> int:
    """ansible-test sanity. With --every-python it also compiles and imports with every Python that there is."""
    python = environment(core)
    # A target may have an older Python than a controller.
    every = sorted({version for versions in SUPPORTED.values() for version in versions}, key=_numbers)
    folders = [str(path.parent) for path in map(interpreter, every) if path]
    searched = os.pathsep.join([*folders, *_without_shims()])
    command = [python, str(ROOT / "tests" / "tools" / "run_sanity.py"), *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, "PATH": searched}).returncode


def _without_shims() -> list[str]:
    """The folders of the PATH, but for those with a program such as python3.10 that does not work.

    ansible-test takes each for a Python: pyenv puts a program for every version that it has, used or not.
    """
    return [folder for folder in os.get_exec_path() if all(map(_works, Path(folder).glob("python3.[0-9]*")))]


def _works(path: Path) -> bool:
    if not re.fullmatch(r"python3\.\d+", path.name):
        return True
    return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0


def pytest(core: Core, arguments: list[str]) -> int:
    """pytest, with what the tests need and nothing of the linters."""
    python = environment(core, ["requirements-test.txt"])
    searched = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, "PATH": searched}).returncode


RUNS: dict[str, Callable[[Core, list[str]], int]] = {"sanity": sanity, "pytest": pytest}


def main(arguments: list[str]) -> int:
    """Return 0 if all that could run did well."""
    if len(arguments) < 2 or arguments[0] not in RUNS:
        sys.exit(__doc__)
    what, which, *rest = arguments
    failed = []
    for core in chosen(which):
        if core.python is None:
            wanted = " or ".join(SUPPORTED.get(core.series, ["that it supports"]))
            print(f"ansible-core {core.series} is left out: this machine has no Python {wanted}.", flush=True)
            continue
        started = time.monotonic()
        try:
            done = RUNS[what](core, rest)
        except subprocess.CalledProcessError as error:
            print(f"The virtual environment cannot be made: {error}", flush=True)
            done = 1
        took = time.monotonic() - started
        outcome = "failed" if done else "passed"
        print(f"ansible-core {core.series}, Python {core.version}: {what} {outcome} in {took:.0f} s", flush=True)
        failed += [core.series] if done else []
    if failed:
        print(f"{what} failed on ansible-core {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
