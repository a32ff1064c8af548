# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of the store as CSV, JSON and JSON lines. Equal rows make equal bytes.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

FORMATS = ("csv", "json", "jsonl")

REPORT_FORMATS = ("html", "markdown", "csv", "json")
"""The forms of a report."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection")."""


def defuse(value: Any) -> Any:
    """A cell that no spreadsheet runs: text that looks like a formula gets an apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


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
        stream.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n")


def write_json(stream: IO[str], head: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One object: the members of ``head``, and C(rows), a line each."""
    stream.write("{\n")
    for name, value in head.items():
        stream.write(f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n")
    stream.write(' "rows": [')
    separator = "\n"
    for row in rows:
        stream.write(separator + "  " + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False))
        separator = ",\n"
    stream.write("\n ]\n}\n")
