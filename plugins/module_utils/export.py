# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of the store as CSV, JSON and JSON lines. Equal rows make equal bytes.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from . import printable

FORMATS = ("csv", "json", "jsonl")

REPORT_FORMATS = ("html", "markdown", "csv", "json")
"""The forms of a report."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection")."""


def defuse(value: Any) -> Any:
    """A cell that no spreadsheet runs, and no terminal: text that looks like a formula gets an apostrophe."""
    if not isinstance(value, str):
        return value
    harmless = printable.text(value)
    return f"'{harmless}" if harmless.startswith(DANGEROUS) else harmless


_RAW = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]|##"
)
"""What JSON need not escape, and what a terminal or a CI system would not leave alone."""


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if found[0] != "##" else "\\u0023\\u0023"


def as_json(value: Any) -> str:
    """JSON that is harmless on a terminal; what it says is the same."""
    dumped = json.dumps(value, ensure_ascii=False)
    return dumped if dumped.isprintable() and "##" not in dumped else _RAW.sub(_escaped, dumped)


def write_csv(stream: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    # Older versions of Python quote a carriage return only where it is part of the line's end.
    quoting = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = [defuse(value) for value in row]
        broken = any(isinstance(value, str) and "\r" in value for value in cells)
        (quoting if broken else writer).writerow(cells)


def write_jsonl(stream: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        stream.write(as_json(dict(zip(columns, row, strict=True))) + "\n")


def write_json(stream: IO[str], head: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One object: the members of ``head``, and C(rows), a line each."""
    stream.write("{\n")
    for name, value in head.items():
        stream.write(f" {json.dumps(name)}: {as_json(value)},\n")
    stream.write(' "rows": [')
    separator = "\n"
    for row in rows:
        stream.write(separator + "  " + as_json(dict(zip(columns, row, strict=True))))
        separator = ",\n"
    stream.write("\n ]\n}\n")
