# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores to make reports of, and pages taken apart."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from fakes import TODAY, FakeTime, context, day, defaults, row

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_report import usage_report
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import Outcome, keep_clients, record
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

VOID = {"meta", "link", "input", "br"}


def kept(
    url: str,
    time: FakeTime,
    organization: str,
    rows: Sequence[tuple[Any, ...]],
    days: int = 60,
    upto: int = 1,
    **of: Any,
) -> None:
    """Keep rows of an organization: those of so many days that end so many days ago, as a collection would."""
    first = TODAY - datetime.timedelta(days=upto + days - 1)
    span = [first + datetime.timedelta(days=number) for number in range(days)]
    piece = Slice(organization, of.get("service", "query"), of.get("grouping", "client_id"))
    with open_store(url, None, time.clock) as store:
        writer = DayWriter(store, piece, span)
        writer.mark()
        writer.add([one for one in rows if span[0].isoformat() <= one[0] <= span[-1].isoformat()])
        writer.commit(of.get("run", "r1"), of.get("execution", f"e-{organization}"))
        record(store, Outcome(of.get("run", "r1"), organization, "usage_query", piece.service, piece.grouping))


def failed(url: str, time: FakeTime, organization: str, kind: str, message: str, **more: Any) -> None:
    """Write down that an organization was not collected."""
    with open_store(url, None, time.clock) as store:
        record(store, Outcome("r1", organization, "usage_query", "query", kind=kind, message=message, **more))


def listed(url: str, time: FakeTime, organization: str, clients: Mapping[str, str]) -> None:
    """Keep the list of an organization's clients, a state for each id."""
    with open_store(url, None, time.clock) as store:
        found = [{"client_id": key, "client_name": f"Name of {key}", "state": state} for key, state in clients.items()]
        keep_clients(store, organization, found)


def steady(client: str = "c1", ok: int = 10, days: int = 60, **fields: Any) -> list[tuple[Any, ...]]:
    """The same row on each of the last days."""
    return [row(day(ago), client, ok, client_name=f"Name of {client}", **fields) for ago in range(1, days + 1)]


def report(url: str | None, time: FakeTime, dest: Path | str, check: bool = False, **given: Any) -> dict[str, Any]:
    """The operation as tests call it; warnings are in the result."""
    warnings: list[str] = []
    params = defaults(argspec.USAGE_REPORT, store=url, dest=str(dest), **given)
    result = usage_report(params, context(time, warnings, check_mode=check))
    return {**result, "warnings": warnings}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, with single spaces."""
        return " ".join("".join(part if isinstance(part, str) else f" {part.text} " for part in self.children).split())

    def all(self, tag: str, wanted: Callable[[Element], bool] = lambda _element: True) -> list[Element]:
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if child.tag == tag and wanted(child) else []
                found += child.all(tag, wanted)
        return found

    def by_id(self, name: str) -> Element:
        (found,) = [element for element in self.every() if element.attributes.get("id") == name]
        return found

    def every(self) -> list[Element]:
        below = [child for child in self.children if isinstance(child, Element)]
        return [self, *(element for child in below for element in child.every())]

    def table(self, caption: str) -> list[dict[str, str]]:
        """The rows of the table whose caption begins like that, by the names of its columns."""
        (found,) = [table for table in self.all("table") if table.all("caption")[0].text.startswith(caption)]
        head, *rows = [[cell.text for cell in line.children if isinstance(cell, Element)] for line in found.all("tr")]
        return [dict(zip(head, cells, strict=False)) for cells in rows]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _value in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def page(path: Path | str) -> Element:
    """A page, every element of which is closed where it belongs."""
    builder = _Builder()
    builder.feed(Path(path).read_text(encoding="utf-8"))
    builder.close()
    assert len(builder.open) == 1, "something is left open"
    return builder.open[0]
