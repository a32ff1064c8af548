# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files a report is, and what is written to each.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

from ..export import write_csv
from ..store.connection import Store
from . import document, markdown, sheets
from .details import details
from .model import Fleet
from .pages import FOLDER, Pages

NAMES = {"html": "index.html", "markdown": "report.md", "csv": "organizations.csv", "json": "report.json"}
"""What the first file is called in a folder."""

Write = Callable[[IO[str]], None]


@dataclass(frozen=True)
class Output:
    """A report that is ready to be written: ``files`` by path, in the order in which they have to be written."""

    folders: tuple[str, ...]
    files: dict[str, Write]


def output(store: Store, fleet: Fleet, form: str, dest: str) -> Output:
    """The files of a report. ``dest`` is a file, or a folder where it ends with a slash or is one."""
    in_folder = dest.endswith("/") or os.path.isdir(dest)
    first = os.path.join(dest, NAMES[form]) if in_folder else dest
    folders = [dest.rstrip("/") or "/"] if in_folder else []
    if form == "html":
        linked = {one.slug: os.path.join(dest, FOLDER, f"{one.slug}.html") for one in fleet.organizations}
        if in_folder:
            folders.append(os.path.join(dest, FOLDER))
        return Output(tuple(folders), _html(store, fleet, first, linked if in_folder else {}))
    if form == "csv":
        stem, extension = os.path.splitext(first)
        clients = os.path.join(dest, "clients.csv") if in_folder else f"{stem}-clients{extension}"
        return Output(tuple(folders), _csv(store, fleet, first, clients))
    write = document.write if form == "json" else markdown.write
    return Output(tuple(folders), {first: lambda stream: _pour(stream, write(fleet, details(store, fleet)))})


def _pour(stream: IO[str], pieces: Iterable[str]) -> None:
    for piece in pieces:
        stream.write(piece)


def _html(store: Store, fleet: Fleet, first: str, linked: dict[str, str]) -> dict[str, Write]:
    pages = Pages(fleet)
    if not linked:
        return {first: lambda stream: _pour(stream, pages.index(details(store, fleet), linked=False))}
    found = details(store, fleet)

    def next_page(stream: IO[str]) -> None:
        stream.write(pages.organization(next(found)))

    files: dict[str, Write] = {first: lambda stream: _pour(stream, pages.index((), linked=True))}
    # One organization's details are in memory at a time: the pages are written in the order of the fleet.
    return files | {linked[one.slug]: next_page for one in fleet.organizations}


def _csv(store: Store, fleet: Fleet, first: str, clients: str) -> dict[str, Write]:
    return {
        first: lambda stream: write_csv(stream, sheets.ORGANIZATIONS, sheets.organizations(fleet)),
        clients: lambda stream: write_csv(stream, sheets.CLIENTS, sheets.clients(fleet, details(store, fleet))),
    }


def sections(fleet: Fleet, form: str) -> list[str]:
    """What the report tells of."""
    if form == "csv":
        return ["organizations", "clients"]
    clients = bool({"client_id", "client_name"} & set(fleet.group_by))
    having = {
        "coverage": True,
        "figures": True,
        "findings": bool(fleet.verdict),
        "daily": form != "markdown",
        "errors": form != "markdown",
        "billing_period": True,
        "organizations": True,
        "clients": clients and (form != "markdown" or len(fleet.organizations) <= markdown.FEW),
        "endpoints": bool(fleet.endpoint_group_by) and (form != "markdown" or len(fleet.organizations) <= markdown.FEW),
    }
    return [name for name, there in having.items() if there]
