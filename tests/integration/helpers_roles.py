# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tests of roles, playbooks and examples share."""

from __future__ import annotations

import datetime
import os
import re
import select
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genesyscloud_sandbox import Organization, Sandbox

ROOT = Path(__file__).resolve().parents[2]
SECRET = "SENTINEL-role-secret-4d1f"
YESTERDAY = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
DAYS = [(YESTERDAY - datetime.timedelta(days=ago)).isoformat() for ago in (2, 1, 0)]

_RECAP = re.compile(r"^(\S+) +: (ok=.*)$", re.MULTILINE)


def row(date: str, client: str, requests: int = 10) -> dict[str, Any]:
    """Traffic of one client on one day."""
    return {
        "date": date, "client_id": client, "client_name": client.title(), "template_uri": "/api/v2/users",
        "http_method": "GET", "platform": "public-api", "status200": requests,
    }  # fmt: skip


def add(sandbox: Sandbox, name: str, **fields: Any) -> dict[str, Any]:
    """Play an organization; return its host variables."""
    rows = [row(day, client) for day in DAYS for client in ("wallboard", "loader")]
    made = sandbox.add(Organization(name, oauthclient_id=name, oauthclient_secret=SECRET, traffic=rows, **fields))
    return {
        "genesyscloud_api_url": made.api_url,
        "genesyscloud_oauthclient_id": made.oauthclient_id,
        "genesyscloud_oauthclient_secret": made.oauthclient_secret,
    }


def recap(stdout: str) -> dict[str, dict[str, int]]:
    """The numbers of the recap, by host."""
    _head, _line, tail = stdout.rpartition("PLAY RECAP")
    return {
        host: {name: int(value) for name, value in (pair.split("=") for pair in numbers.split())}
        for host, numbers in _RECAP.findall(tail)
    }


def sql(store: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of an SQLite store."""
    connection = sqlite3.connect(store)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


def processes(word: str) -> list[int]:
    """Processes whose command line has a word; those that are about to end are waited for."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() not in (entry / "cmdline").read_bytes():
                continue
            handle = os.pidfd_open(int(entry.name))
        except (OSError, ProcessLookupError):
            continue
        try:
            if not select.select([handle], [], [], 5)[0]:
                found.append(int(entry.name))
        finally:
            os.close(handle)
    return found


def inventory(folder: Path, hosts: Mapping[str, Mapping[str, Any]]) -> str:
    """An inventory whose group ``genesyscloud`` has these hosts; a value may be an encrypted string."""
    lines = ["genesyscloud:", "  hosts:"]
    for host, variables in hosts.items():
        lines.append(f"    {host}:")
        for name, value in variables.items():
            if str(value).startswith("$ANSIBLE_VAULT"):
                lines.append(f"      {name}: !vault |")
                lines += [f"        {line}" for line in str(value).splitlines()]
            else:
                lines.append(f"      {name}: {value!r}")
    path = folder / "hosts.yml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)
