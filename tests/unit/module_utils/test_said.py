# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer says never makes an error too long, too deep, or the place of half a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils import said


def nested(levels: int) -> Any:
    value: Any = "x"
    for _level in range(levels):
        value = [value]
    return value


def test_a_text_is_on_one_line_and_ends_with_a_whole_word() -> None:
    assert said.text(" a\n b\t") == "a b"
    assert said.text("word " * 1000) == ("word " * 400).strip()
    assert said.text("x" * 1990 + " " + "secret" * 10) == "x" * 1990
    assert said.text("x" * 5000) == ""
    assert said.text(7) == ""


def test_a_word_is_whole_or_none() -> None:
    assert said.word("bad.request") == "bad.request"
    assert said.word("x" * 201) is None
    assert said.word(["x"]) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Paused", "'Paused'"),
        ("x" * 101, "a text of 101 characters"),
        (7, "7"),
        (None, "None"),
        ({"a": 1}, "an object"),
        (nested(900), "a list"),
    ],
)
def test_a_wrong_value_is_shown_where_it_is_short(value: Any, words: str) -> None:
    assert said.wrong(value) == words


def test_details_are_taken_where_they_are_short_and_shallow() -> None:
    details = [{"errorCode": "bad.value", "fieldName": "interval", "more": [{"x": [1]}]}]
    assert said.details(details) == details
    assert said.details([nested(900)]) == []
    assert said.details([{"x": "y" * 20_000}]) == []
    assert said.details({"x": 1}) == []
