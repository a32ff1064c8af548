# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading JSON that is too large to be read whole."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import jsonstream
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import MalformedAnswer


def read(chunks: list[bytes]) -> tuple[list[Any], dict[str, Any]]:
    rows: list[Any] = []
    rest = jsonstream.read("GET /x", chunks, "results", rows.extend)
    return rows, rest


def cut(body: bytes, places: list[int]) -> list[bytes]:
    bounds = sorted({0, len(body), *(place % (len(body) + 1) for place in places)})
    return [body[a:b] for a, b in pairwise(bounds)]


text = st.text(st.characters(codec="utf-8"), max_size=8)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=6,
)
documents = st.builds(
    lambda before, rows, after: {**before, "results": rows, **{k: v for k, v in after.items() if k != "results"}},
    st.dictionaries(text.filter(lambda key: key != "results"), values, max_size=3),
    st.lists(st.dictionaries(text, values, max_size=3), max_size=5),
    st.dictionaries(text, values, max_size=3),
)


@given(
    document=documents,
    places=st.lists(st.integers(0, 4000), max_size=12),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 0, 2]),
)
def test_however_it_is_chunked_it_reads_the_same_as_in_one_piece(
    document: dict[str, Any], places: list[int], ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    rows, rest = read(cut(body, places))
    assert {**rest, "results": rows} == json.loads(body)


def test_single_bytes_are_enough() -> None:
    document = {"queryStatus": "Complete", "n": -12.5e3, "ü": '€😀\\"', "results": [{"a": [1, {}]}, {}], "z": None}
    body = json.dumps(document, ensure_ascii=False).encode()
    rows, rest = read([bytes([byte]) for byte in body])
    assert {**rest, "results": rows} == document


@settings(max_examples=60)
@given(document=documents, places=st.lists(st.integers(0, 4000), max_size=3), data=st.data())
def test_cut_off_anywhere_it_is_malformed(document: dict[str, Any], places: list[int], data: st.DataObject) -> None:
    body = json.dumps(document, ensure_ascii=False).encode()
    short = body[: data.draw(st.integers(0, len(body) - 1))]
    with pytest.raises(MalformedAnswer):
        read(cut(short, places))


@given(body=st.binary(max_size=60), places=st.lists(st.integers(0, 60), max_size=4))
@example(body=b'{"results":[' + b"[" * 50_000, places=[])
def test_whatever_comes_it_is_read_as_json_reads_it_or_malformed(body: bytes, places: list[int]) -> None:
    try:
        rows, rest = read(cut(body, places))
    except MalformedAnswer:
        return
    assert {"results": rows, **rest} == {"results": [], **json.loads(body)}


def test_rows_are_handed_over_in_batches_and_none_is_kept_back() -> None:
    sizes: list[int] = []
    count = 2 * jsonstream.BATCH + 7
    body = b'{"results":[' + b",".join(b'{"n":%d}' % n for n in range(count)) + b'],"queryStatus":"Complete"}'
    rest = jsonstream.read("GET /x", cut(body, [1000, 5000]), "results", lambda rows: sizes.append(len(rows)))
    assert sizes == [jsonstream.BATCH, jsonstream.BATCH, 7]
    assert rest == {"queryStatus": "Complete"}


@pytest.mark.parametrize("body", [b"{}", b'{"results":[]}', b'{"results":null}', b'{"queryStatus":"R"}', b" {\n} "])
def test_no_rows_are_zero_rows(body: bytes) -> None:
    rows, _rest = read([body])
    assert rows == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"results":[],"results":[]}',
        b'{"results":[{"a":1}],"x":1,"results":[{"a":1}]}',
        b'{"queryStatus":"Running","queryStatus":"Complete"}',
        b'{"results":null,"results":[{}]}',
    ],
)
def test_a_member_that_comes_twice_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer, match="a member twice"):
        read([body])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"[]",
        b"null",
        b'"text"',
        b"<html>",
        b'{"results":{}}',
        b'{"results":"none"}',
        b'{"results":7}',
        b'{"results":[1]}',
        b'{"results":[null]}',
        b'{"results":[[]]}',
        b'{"results":["x"]}',
        b'{"results":[{}{}]}',
        b'{"results":[{},]}',
        b'{"results":[,]}',
        b'{"results":[{}]]}',
        b'{"a":1,}',
        b'{"a" 1}',
        b'{"a":1 "b":2}',
        b"{'a':1}",
        b"{a:1}",
        b"{1:2}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"results":[{"n":NaN}]}',
        b'{"results":[{"n":-Infinity}]}',
        b'{"a":01}',
        b'{"a":nul}',
        b'{"a":1}{"b":2}',
        b'{"a":1} x',
        b'{"a":"\xff"}',
        b'{"a":"\xc3',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\n"}',
        b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"results":[' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"]}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_object_with_a_list_of_objects_is_malformed(body: bytes) -> None:
    for chunks in ([body], cut(body, list(range(0, len(body), 7))[:500])):
        with pytest.raises(MalformedAnswer):
            read(chunks)


def test_a_value_without_end_is_given_up_before_it_fills_the_memory() -> None:
    pulled = 0

    def endless() -> Any:
        nonlocal pulled
        yield b'{"results":[{"a":"'
        while True:
            pulled += 1
            yield b"x" * 65536

    with pytest.raises(MalformedAnswer):
        jsonstream.read("GET /x", endless(), "results", lambda _rows: None)
    assert pulled * 65536 <= jsonstream.VALUE_LIMIT + 2 * 65536


@pytest.mark.parametrize("more", [b" " * 65536, b'"a":{"b":1},'])
def test_an_object_without_end_is_given_up(more: bytes) -> None:
    pulled = 0

    def endless() -> Any:
        nonlocal pulled
        yield b"{"
        while True:
            pulled += 1
            yield more.replace(b"a", b"a%d" % pulled)

    with pytest.raises(MalformedAnswer):
        jsonstream.read("GET /x", endless(), "results", lambda _rows: None)
    assert pulled < 200


def test_memory_does_not_grow_with_the_rows() -> None:
    import tracemalloc

    def many() -> Any:
        yield b'{"results":[{"n":0}'
        for _chunk in range(100):
            yield b',{"client":"0123456789","n":123456}' * 1000
        yield b"]}"

    tracemalloc.start()
    jsonstream.read("GET /x", many(), "results", lambda _rows: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
