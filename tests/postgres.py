# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real PostgreSQL server for tests: its own data in a temporary folder, a free port, never the system's server."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PACKAGE = "postgresql"
HOW_TO_GET_IT = f"no PostgreSQL server here: install the Debian package {PACKAGE} (or initdb and pg_ctl on the PATH)"


def programs() -> str | None:
    """The folder with C(initdb) and C(pg_ctl), the newest version first; None where there is none."""
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl"):
        return os.path.dirname(os.path.realpath(found))
    folders = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    versions = sorted(folders, key=lambda path: float(path.split("/")[4]), reverse=True)
    return os.path.dirname(versions[0]) if versions else None


def need() -> None:
    """Skip a test, with how to get it, where there is no server, or no library that speaks with one."""
    import pytest

    pytest.importorskip("psycopg", reason="the Python library psycopg is missing: pip install 'psycopg[binary]'")
    if programs() is None:
        pytest.skip(HOW_TO_GET_IT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _as_ordinary_user() -> dict[str, int]:
    """PostgreSQL does not run as root: what C(subprocess) needs to run as somebody else then."""
    if os.geteuid() != 0:
        return {}
    user = next(pwd.getpwnam(name) for name in ("postgres", "nobody") if _known(name))
    return {"user": user.pw_uid, "group": user.pw_gid}


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


class Server:
    """A running server. ``url`` leads to its database C(postgres), without a password.

    Its superuser C(usage) needs no password; the role LOCKED, which a test may create, needs the one it was given.
    """

    LOCKED = "locked"

    def __init__(self, programs: str, folder: str) -> None:
        self._folder = folder
        self._programs = programs
        self._who = _as_ordinary_user()
        self.give(folder)
        self._data = os.path.join(folder, "data")
        self.port = _free_port()
        self.url = f"postgresql://usage@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "usage", "-E", "UTF8", "--no-sync")
        access = os.path.join(self._data, "pg_hba.conf")
        with open(access, encoding="utf-8") as file:
            former = file.read()
        with open(access, "w", encoding="utf-8") as file:
            file.write(f"host all {self.LOCKED} 127.0.0.1/32 scram-sha-256\n{former}")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        options += " -c max_connections=120 -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-l", os.path.join(self._folder, "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        """As if its machine had lost power: no connection is told."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def speak_tls(self, certificate: str, key: str) -> None:
        """With these files, from its next start on."""
        for name, source in (("server.crt", certificate), ("server.key", key)):
            path = os.path.join(self._data, name)
            shutil.copyfile(source, path)
            os.chmod(path, 0o600)
            self.give(path)
        with open(os.path.join(self._data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write("ssl = on\n")

    def give(self, folder: str) -> None:
        """Make a folder the server's own."""
        if self._who:
            os.chown(folder, self._who["user"], self._who["group"])

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [os.path.join(self._programs, program), *arguments],
            check=True,
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **self._who,
        )


@contextmanager
def controlled() -> Iterator[Server]:
    """A running server that the test may stop and start."""
    folder_of_programs = programs()
    if folder_of_programs is None:
        raise RuntimeError(HOW_TO_GET_IT)
    folder = tempfile.mkdtemp(prefix="usage-postgres-")
    try:
        made = Server(folder_of_programs, folder)
        made.start()
        try:
            yield made
        finally:
            # Where it was stopped meanwhile there is nothing to stop.
            with suppress(subprocess.CalledProcessError):
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives the URL of its database C(postgres), without a password."""
    with controlled() as made:
        yield made.url
