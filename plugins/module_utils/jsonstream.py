# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a JSON object whose rows may not fit into memory: the rows one by one, the rest as a document.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator
from json.decoder import WHITESPACE  # type: ignore[attr-defined]  # the decoder's own idea of white space
from typing import Any, NoReturn

from .errors import MalformedAnswer

BATCH = 1000
"""Rows handed over at a time."""

VALUE_LIMIT = 1024 * 1024
"""Characters that one row or one other value may have; a row of the API has some hundred."""

MOST_MEMBERS = 100
"""Members that the object itself may have; the API's have some ten."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(parse_constant=_no_constant).scan_once  # type: ignore[attr-defined]  # not in typeshed


class _Reader:
    """Text that arrives in pieces, and a place in it."""

    def __init__(self, what: str, chunks: Iterable[bytes]) -> None:
        self._what = what
        self._pieces: Iterator[str] = codecs.iterdecode(chunks, "utf-8")
        self.text = ""
        self.at = 0

    def wrong(self, detail: str) -> MalformedAnswer:
        return MalformedAnswer(f"The answer to {self._what} is not what the API documents: {detail}")

    def more(self) -> bool:
        """Append the next piece and forget what was read; False at the end."""
        try:
            piece = next(self._pieces, None)
        except UnicodeDecodeError:
            raise self.wrong("it is not UTF-8 text") from None
        if piece is None:
            return False
        self.text = self.text[self.at :] + piece
        self.at = 0
        return True

    def peek(self) -> str:
        """The next character that is not white space, or C("") at the end."""
        space = 0
        while True:
            began, self.at = self.at, WHITESPACE.match(self.text, self.at).end()
            space += self.at - began
            if self.at < len(self.text):
                return self.text[self.at]
            if space > VALUE_LIMIT:
                raise self.wrong("it is mostly white space")
            if not self.more():
                return ""

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise self.wrong("it is no JSON object, or cut off")
        self.at += 1

    def value(self) -> Any:
        """The next value. One that is closed by itself (string, object, array) is complete once it can be read."""
        closed = self.peek() in '"{['
        while True:
            try:
                value, end = _scan(self.text, self.at)
            except (StopIteration, ValueError, RecursionError):
                end = None
            if end is not None and (closed or self.text[end : end + 1] in tuple(",}] \t\r\n")):
                self.at = end
                return value
            if len(self.text) - self.at > VALUE_LIMIT or not self.more():
                raise self.wrong("it is not JSON, or cut off")


def read(what: str, chunks: Iterable[bytes], rows_key: str, add: Callable[[list[Any]], None]) -> dict[str, Any]:
    """Hand the members of the array ``rows_key`` to ``add`` in batches; return the other members of the object.

    A missing or null array counts as empty. Raises MalformedAnswer for what is no JSON object, is cut off, or
    has the array twice; what was handed over until then must be thrown away.
    """
    reader = _Reader(what, chunks)
    rest: dict[str, Any] = {}
    reader.take("{")
    if reader.peek() == "}":
        reader.take("}")
    else:
        seen: set[str] = set()
        while True:
            key = reader.value()
            if not isinstance(key, str) or key in seen:
                raise reader.wrong("it is no JSON object, or it has a member twice")
            if len(seen) >= MOST_MEMBERS:
                raise reader.wrong(f"it has more than {MOST_MEMBERS} members")
            seen.add(key)
            reader.take(":")
            if key == rows_key and reader.peek() != "n":
                _rows(reader, rows_key, add)
            else:
                rest[key] = reader.value()
            if reader.peek() != ",":
                break
            reader.take(",")
        reader.take("}")
    if reader.peek():
        raise reader.wrong("something follows the JSON object")
    return rest


def _rows(reader: _Reader, rows_key: str, add: Callable[[list[Any]], None]) -> None:
    reader.take("[")
    batch: list[Any] = []
    following = reader.peek() != "]"
    while following:
        if reader.peek() != "{":
            raise reader.wrong(f"{rows_key} must be a list of objects")
        batch.append(reader.value())
        # Most rows are whole in the text at hand and follow each other without white space: a short way for those.
        text, at = reader.text, reader.at
        while text.startswith(",{", at) and len(batch) < BATCH:
            try:
                row, at = _scan(text, at + 1)
            except (StopIteration, ValueError, RecursionError):
                break
            batch.append(row)
        reader.at = at
        if len(batch) >= BATCH:
            add(batch)
            batch = []
        following = reader.peek() == ","
        reader.at += following
    reader.take("]")
    if batch:
        add(batch)
