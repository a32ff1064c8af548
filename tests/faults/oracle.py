# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What answers say, read as simply as possible and without the code under test."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from typing import Any

from fakes import FIGURES, Wire

ADDED = {
    "query": (("status200", "status300", "status400", "status500"),),
    "jobs": (
        ("status200", "status300", "status400", "status500"),
        ("status200", "status300", "status400", "status500", "status429"),
    ),
}
"""Which figures may add up to the requests."""

DAY = re.compile(r"(\d{4}-\d\d-\d\d)(T00:00:00(\.0+)?(Z|\+00:00)?)?")


class Wrong(Exception):
    """Nobody may take this answer for good."""


def rows(wire: Wire, bodies: Iterable[bytes], last: datetime.date, days: int) -> list[dict[str, Any]]:
    """The rows of all pages, as users see them. Raises Wrong."""
    return [row for body in bodies for row in _page(wire, body, last, days)]


def _page(wire: Wire, body: bytes, last: datetime.date, days: int) -> list[dict[str, Any]]:
    document = parsed(body)
    state = document.get("queryStatus") if isinstance(document, dict) else None
    if not isinstance(state, str):
        raise Wrong("no state")
    if state.lower() != wire.complete.lower():
        if state.lower() in {one.lower() for one in wire.states}:
            return []
        raise Wrong(state)
    found = document.get(wire.rows)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Wrong("no list")
    read = [_row(wire, raw, last, days) for raw in found]
    return [row for row in read if row is not None]


def parsed(body: bytes) -> Any:
    """The JSON of a body. Raises Wrong."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        raise Wrong("no JSON") from None


def _row(wire: Wire, raw: Any, last: datetime.date, days: int) -> dict[str, Any] | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("date"), str):
        raise Wrong("no row")
    found = DAY.fullmatch(raw["date"])
    try:
        day = datetime.date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise Wrong("no date") from None
    if day == last + datetime.timedelta(days=1):
        return None
    if not last - datetime.timedelta(days=days - 1) <= day <= last:
        raise Wrong("another day")
    return {"date": day.isoformat(), **_labels(wire, raw), **_figures(wire, raw)}


def _labels(wire: Wire, raw: dict[str, Any]) -> dict[str, str]:
    labels = {}
    for name in wire.grouped:
        value: Any = raw
        for key in wire.labels[name]:
            if value is not None and not isinstance(value, dict):
                raise Wrong(name)
            value = value.get(key) if value else None
        if value is not None and not isinstance(value, str):
            raise Wrong(name)
        labels[name] = value or ""
    return labels


def _figures(wire: Wire, raw: dict[str, Any]) -> dict[str, int]:
    given = {name: raw.get(wire.requests if name == "requests" else name) for name in FIGURES}
    numbers = [value for value in given.values() if value is not None]
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < 2**63 for n in numbers):
        raise Wrong("no figure")
    figures = {name: value or 0 for name, value in given.items()}
    sums = [sum(figures[name] for name in names) for names in ADDED[wire.name]]
    if given["requests"] is None or figures["requests"] not in sums:
        raise Wrong("no sum")
    if wire.name == "query" and figures["status429"] > figures["status400"]:
        raise Wrong("more 429 than 4xx")
    return figures
