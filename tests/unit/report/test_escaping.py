# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names are user data: whatever is in them, each form shows them whole and none of them acts on them."""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path

import pytest
from fakes import FakeTime, day, row
from reports import Element, failed, kept, page, report

from ansible_collections.genesyscloud.usage.plugins.module_utils import printable
from ansible_collections.genesyscloud.usage.plugins.module_utils.report.markdown import plain, quoted
from ansible_collections.genesyscloud.usage.plugins.module_utils.report.names import slug, visible

CORPUS = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "apostrophe": "it's ' and ''",
    "cdata": "]]><!--",
    "style": "</style><style>*{display:none}",
    "image": "<img src=x onerror=alert(1)>",
    "entity": "&lt;b&gt; &amp; &#x27;",
    "jinja": "{{ 7 * 7 }}{% raw %}",
    "pipe": "a|b \\| c \\\\| d",
    "backticks": "`a` ``b``",
    "markdown": "**bold** [x](javascript:alert(1)) ![i](http://e/x.png) # h\n- l",
    "mention": "@everyone #1 www.example.com https://example.com",
    "formula": '=HYPERLINK("http://e","x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "control": "bell\x07 null\x01 escape\x1b[31m del\x7f c1\x9b",
    "lines": "one\r\ntwo\u2028three",
    "turned": "abc\u202egnp.exe\u202c \u2067x\u2069 \u200f\u200e",
    "unseen": "zero\u200bwidth\ufeff\xad",
    "long": "L" * 300,
    "languages": "Ünïcödé 日本語 العربية 🙂",
    "spaces": "  padded  ",
    "template": "${x} $(y) %s %(z)s {0}",
}


@pytest.fixture
def hostile(store_url: str, time: FakeTime) -> str:
    """A store in which organizations, clients and endpoints have all of these names."""
    for key, name in CORPUS.items():
        rows = [
            row(day(ago), f"id-{key}", 10, client_name=name, template_uri=name, status429=1, status400=2)
            for ago in range(1, 4)
        ]
        kept(store_url, time, name, rows, days=6, grouping="client_id,template_uri", execution=name)
    failed(store_url, time, "lost <b>", "permission", "<script>alert(2)</script> | ` @all")
    return store_url


def names_in(element: Element) -> set[str]:
    return {bdi.text for bdi in element.all("bdi")}


def shown(name: str) -> str:
    """A name as a reader of a page's text finds it."""
    return " ".join(visible(name).split())


def test_a_page_shows_names_whole_and_has_no_element_of_theirs(hostile: str, time: FakeTime, tmp_path: Path) -> None:
    made = report(hostile, time, tmp_path / "report.html", days=3, top=50, title=CORPUS["script"])
    found = page(made["dest"])
    text = Path(made["dest"]).read_text(encoding="utf-8")
    assert {shown(name) for name in CORPUS.values()} <= names_in(found)
    assert len(found.all("script")) == len(found.all("style")) == 1
    assert found.all("img") == []
    assert not [one for one in found.every() if any(name.startswith("on") for name in one.attributes)]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    links = {one.attributes.get("href") or "" for one in found.every()} - {""}
    assert all(link.startswith(("#", "data:,")) for link in links), links
    anchors = {one.attributes["id"] for one in found.every() if "id" in one.attributes}
    assert {link[1:] for link in links if link.startswith("#")} <= anchors


def test_a_page_of_an_organization_is_as_safe(hostile: str, time: FakeTime, tmp_path: Path) -> None:
    made = report(hostile, time, f"{tmp_path}/all/", days=3, top=50)
    for path in made["files"][1:]:
        found = page(path)
        assert len(found.all("script")) == 1
        assert found.all("img") == []
        title = found.all("h1")[0].text
        assert title in {shown(name) for name in [*CORPUS.values(), "lost <b>"]}


def test_a_sheet_has_the_names_as_they_are_and_no_formula(hostile: str, time: FakeTime, tmp_path: Path) -> None:
    made = report(hostile, time, tmp_path / "sheet.csv", days=3, format="csv")
    for path, columns in zip(made["files"], (("organization",), ("organization", "client_name")), strict=True):
        with open(path, encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        for column in columns:
            cells = {line[column] for line in lines}
            for name in map(printable.text, CORPUS.values()):
                assert name in cells or f"'{name}" in cells, name
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
        assert all(re.fullmatch(r"\d*", line["requests"]) for line in lines)


def test_json_has_the_names_as_they_are(hostile: str, time: FakeTime, tmp_path: Path) -> None:
    made = report(hostile, time, tmp_path / "report.json", days=3, format="json")
    text = Path(made["dest"]).read_text(encoding="utf-8")
    document = json.loads(text)
    assert {one["organization"] for one in document["organizations"]} == {*CORPUS.values(), "lost <b>"}
    assert {one["client_name"] for org in document["organizations"] for one in org["clients"]} == {*CORPUS.values()}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def test_markdown_has_one_cell_for_each_name(hostile: str, time: FakeTime, tmp_path: Path) -> None:
    made = report(hostile, time, tmp_path / "report.md", days=3, top=100, format="markdown")
    lines = Path(made["dest"]).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| Organization |"))
    body = [line for line in lines[start + 2 :] if line.startswith("|")]
    cells = [line.strip("|").split("|") for line in body]
    assert {len(line) for line in cells} == {7}
    assert {unquoted(line[0].strip()) for line in cells} == {visible(name) for name in [*CORPUS.values(), "lost <b>"]}


def unquoted(cell: str) -> str:
    """What a cell shows: code, or an element of code."""
    if cell.startswith("`"):
        assert cell.count("`") == 2
        return cell.strip("`")
    assert cell.startswith("<code>")
    assert cell.endswith("</code>")
    inner = cell[len("<code>") : -len("</code>")]
    assert re.fullmatch(r"(?:[\w ./:-]|&#\d+;)*", inner), inner
    return html.unescape(inner)


@pytest.mark.parametrize("name", CORPUS.values(), ids=CORPUS)
def test_a_sentence_in_markdown_has_no_markup(name: str) -> None:
    sentence = plain(name)
    assert not re.search(r"(?<!\\)[*_`\[\]#~|]|[<>]|(?<!\\)!\[|@\w|\w://|www\.\w", sentence.replace("&#", ""))
    assert "\n" not in quoted(name)


def test_different_names_have_different_files() -> None:
    names = [*CORPUS.values(), "a/b", "a b", "a-b", "A-B", "", ".", "..", "\ud800"]
    assert len({slug(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_-]+", slug(name)) and len(slug(name)) <= 69 for name in names)
