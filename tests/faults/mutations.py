# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that were right, and then something happened to them: to their structure, their values, bytes or head."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from genesyscloud_sandbox.messages import Response
from genesyscloud_sandbox.payloads import collected
from hypothesis import strategies as st

ODD_TEXTS = ["", "\0", "\ud800", "é" * 300, "a\nb", "../..", "2026-02-30", "Running", "Queued", "NaN", "x" * 70_000]
ODD_NUMBERS = [0, 1, -1, 2**63 - 1, 2**63, 10**400, 0.5, 1e300, 10.0, True, False]
HEADERS = {
    "Content-Type": ["text/html", "", "application/json; charset=utf-16"],
    "Content-Encoding": ["gzip", "deflate", "identity", "rot13"],
    "Retry-After": [
        "",
        "0",
        "-1",
        "1e9",
        "9" * 400,
        "Wed, 21 Oct 2026 07:28:00 +9999",
        "Mon, 01 Jan 0001 00:00:00 GMT",
    ],
    "Location": ["", "http://[::1", "https://evil.example.com/"],
    "inin-correlation-id": ["", "x" * 5000, "\xff", "<b>"],
    "Set-Cookie": ["a=b; Domain=evil.example.com", ";;;"],
    "Transfer-Encoding": ["chunked"],
}
STATUSES = [200, 201, 202, 203, 204, 206, 299, 304, 400, 401, 404, 408, 418, 429, 500, 503, 599, 999]

values = st.recursive(
    st.one_of(st.none(), st.sampled_from(ODD_NUMBERS), st.sampled_from(ODD_TEXTS), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=5,
)


@dataclass(frozen=True)
class Edit:
    """One change. ``at`` chooses the place, whatever the answer looks like; ``value`` is what is put there."""

    what: str
    at: int
    value: Any = None


places = st.integers(0, 2**16)
moves = st.sampled_from(["delete", "double", "rename", "nudge", "move"])
structure = st.builds(Edit, moves, places, st.integers(-3, 3))
replacement = st.builds(Edit, st.just("replace"), places, values)
nesting = st.builds(Edit, st.just("nest"), places, st.sampled_from([5, 500, 990, 5000]))
cuts = st.sampled_from(["cut", "flip", "insert", "drop"])
in_bytes = st.builds(Edit, cuts, places, st.binary(min_size=1, max_size=8))
in_head = st.one_of(
    st.builds(Edit, st.just("status"), st.just(0), st.sampled_from(STATUSES)),
    st.sampled_from([Edit("header", 0, (name, text)) for name, texts in HEADERS.items() for text in texts]),
)
edits = st.one_of(
    st.lists(st.one_of(structure, replacement), min_size=1, max_size=3),
    st.lists(nesting, min_size=1, max_size=1),
    st.lists(in_bytes, min_size=1, max_size=3),
    st.lists(in_head, min_size=1, max_size=2),
    st.tuples(replacement, in_head).map(list),
)


def mutated(response: Response, changes: list[Edit]) -> Response:
    """The answer with the changes."""
    response = collected(response)
    for edit in changes:
        if edit.what == "status":
            response.status = edit.value
        elif edit.what == "header":
            response.headers[edit.value[0]] = edit.value[1]
        elif edit.what in ("cut", "flip", "insert", "drop"):
            response.body = _in_bytes(response.body, edit)
        elif edit.what == "nest":
            response.body = _nested(response.body, edit)
        else:
            response.body = _in_structure(response.body, edit)
    return response


def _in_bytes(body: bytes, edit: Edit) -> bytes:
    at = edit.at % (len(body) + 1)
    if edit.what == "cut":
        return body[:at]
    if edit.what == "flip":
        return body[:at] + edit.value[:1] + body[at + 1 :]
    if edit.what == "insert":
        return body[:at] + edit.value + body[at:]
    return body[:at] + body[at + len(edit.value) :]


def _nested(body: bytes, edit: Edit) -> bytes:
    """Some value lies that deep; text, because no writer of JSON goes so deep."""
    mark = "\x01here"
    marked = _in_structure(body, Edit("replace", edit.at, mark))
    return marked.replace(json.dumps(mark).encode(), b"[" * edit.value + b"]" * edit.value)


def _in_structure(body: bytes, edit: Edit) -> bytes:
    try:
        document = {"": json.loads(body)}
    except ValueError:
        return body
    found = list(_places(document))
    holder, key = found[edit.at % len(found)]
    value = holder[key]
    if edit.what == "delete" and holder is not document:
        del holder[key]
    elif edit.what == "double" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(value))
    elif edit.what == "rename" and isinstance(holder, dict):
        holder[str(key).swapcase()] = holder.pop(key) if holder is not document else value
    elif edit.what == "nudge" and isinstance(value, int) and not isinstance(value, bool):
        holder[key] = value + (edit.value or 10)
    elif edit.what == "move":
        other, name = found[(edit.at // 7) % len(found)]
        other[name] = copy.deepcopy(value)
    elif edit.what == "replace":
        holder[key] = edit.value
    return json.dumps(document[""]).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
