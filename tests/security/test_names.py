# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are meant to do harm, through the parts of the collection: kept as they are, and harmless where shown."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgres
import pytest
from corpus import NAMES, ci_commands, formulas, raw_controls
from fakes import FakeTime, context, credentials, day, defaults, traffic
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec, errors, printable
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome, surroundings
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_store import usage_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.progress import EVERY, Progress

ORDINARY = [
    "CRM connector",
    "Müller & Söhne GmbH",
    "日本語 テスト",
    "عربى",
    "C# / .NET ##1",
    "fe80::1",
    "::1",
    "10:30::",
    "/api/v2/users/{userId}",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "two\nlines and a\ttab",
    "50% of {x} <y> 'z' \"w\" `v` =",
]

each_name = pytest.mark.parametrize("name", NAMES)


# The one place


@each_name
def test_what_is_told_acts_on_no_terminal_and_on_no_ci_system(name: str) -> None:
    for text in (name, f"begins {name}", f"{name} ends", f"HTTP 400 for POST /x: {name}"):
        told = printable.line(text)
        assert raw_controls(told) == []
        assert "\n" not in told
        for width in range(5, 100):
            # Wherever Ansible, or a terminal, breaks the line.
            assert ci_commands("\n".join(textwrap.wrap(told, width))) == []
        shown = printable.text(text)
        assert raw_controls(shown) == []
        assert ci_commands(shown) == []


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names_stay_what_they_are(name: str) -> None:
    assert printable.text(name) == name
    assert printable.line(name) == " ".join(name.split("\n")).replace("\t", " ")


@given(st.text())
def test_whatever_the_text_is_the_same_holds_and_twice_is_as_good_as_once(text: str) -> None:
    told = printable.line(text)
    assert raw_controls(told) == []
    assert ci_commands(told) == []
    assert printable.line(told) == told
    assert raw_controls(printable.text(text).replace("\r\n", "\n")) == []
    told.encode()


def test_what_is_not_seen_is_spelled_as_python_spells_it() -> None:
    assert printable.line("a\x1b[31mb\u202ec\x9b\ud800") == "a\\x1b[31mb\\u202ec\\x9b\\ud800"
    assert printable.line("x::error file=a::y") == "x: :error file=a::y"
    assert printable.line("##vso[task.x]") == "# #vso[task.x]"
    # Ansible may break a line anywhere; data is left alone where no line begins with it.
    assert (printable.line("a::b::c"), printable.text("a::b::c")) == ("a: :b::c", "a::b::c")


def test_everything_in_a_value_is_reached_and_the_rest_is_left_alone() -> None:
    value = {"a\x1b": ["b\x1b", {"c": ("d\x1b", 1, None, True, 1.5)}]}
    assert printable.everything(value) == {"a\\x1b": ["b\\x1b", {"c": ["d\\x1b", 1, None, True, 1.5]}]}


# Errors, warnings, progress


@each_name
def test_an_error_is_one_harmless_line(name: str) -> None:
    error = errors.BadRequest(f"HTTP 400: {name}", code=name, correlation_id=name, details=[{name: name}])
    error.message += f". {name}"
    failed = outcome(_raising(error), {}, context(FakeTime()))
    for text in (failed["msg"], failed["failure"]["message"], failed["failure"]["code"], str(failed["failure"])):
        assert raw_controls(text) == []
        assert "\n" not in text
        assert ci_commands(text) == []


@each_name
def test_a_verdict_may_have_several_lines_and_is_harmless_too(name: str) -> None:
    failed = outcome(
        _raising(errors.GateBlocked(f"BLOCK: 2 findings\n  {name}\n  ok: {name}")), {}, context(FakeTime())
    )
    assert raw_controls(failed["msg"].replace("\r\n", "\n")) == []
    assert ci_commands(failed["msg"]) == []
    assert failed["msg"].startswith("BLOCK: 2 findings\n  ")


def _raising(error: errors.UsageError) -> Any:
    def operation(_params: Any, _context: Any) -> Any:
        raise error

    return operation


@each_name
def test_warnings_and_lines_of_progress_are_harmless(name: str, time: FakeTime) -> None:
    told: list[str] = []
    made = surroundings(False, told.append, told.append)
    made.warn(f"The organization is called {name}")
    assert made.tell is not None
    progress = Progress(made.tell, time.clock)
    progress.label = name
    time.pass_by(EVERY + 1)
    progress.rows(7)
    progress.end(1, 0, 0)
    assert len(told) == 3
    assert [(raw_controls(line), ci_commands(line), "\n" in line) for line in told] == [([], [], False)] * 3


# Stores and files


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    postgres.need()
    with postgres.controlled() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, store_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{store_path}"
    server: postgres.Server = request.getfixturevalue("server")
    return server.url


def test_a_store_keeps_every_name_as_it_is_and_files_are_harmless(
    make: Any, time: FakeTime, url: str, tmp_path: Path
) -> None:
    """Every name as a client's, an endpoint's, and as the label of an organization."""
    rows = [
        traffic(day(1), f"c{number}", 10, client_name=name, template_uri=f"{name}#{number}", http_method="GET")
        for number, name in enumerate(NAMES)
    ]
    _sandbox, acme = make(traffic=rows, title=NAMES[0])
    for label in ("acme", NAMES[1]):
        asked = {"days": 3, "granularity": "day", "group_by": ["client_id", "template_uri"]}
        params = defaults(argspec.USAGE_QUERY, **credentials(acme), **asked, store=url, organization=label)
        assert usage_query(params, context(time))["stored"]["inserted"] == len(NAMES)
    params = defaults(argspec.OAUTH_CLIENT_INFO, **credentials(acme), store=url, organization="acme")
    assert oauth_client_info(params, context(time))["stored"]["inserted"] == len(NAMES)

    expected = {(f"c{number}", name, f"{name}#{number}") for number, name in enumerate(NAMES)}
    for kind in ("csv", "json", "jsonl"):
        dest = tmp_path / f"rows.{kind}"
        export = {"dest": str(dest), "format": kind, "organization": "acme"}
        usage_store(defaults(argspec.USAGE_STORE, store=url, export=export), context(time))
        text = dest.read_text(encoding="utf-8")
        assert ci_commands(text) == []
        found = read(kind, dest)
        assert len(found) == len(NAMES)
        if kind == "csv":
            assert raw_controls(text.replace("\r\n", "\n")) == []
            assert formulas(cell for row in found for cell in row.values()) == []
        else:
            assert raw_controls(text) == []
            # What a program reads is the name itself.
            assert {(row["client_id"], row["client_name"], row["template_uri"]) for row in found} == expected


def read(kind: str, path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8")
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    if kind == "json":
        rows: list[dict[str, str]] = json.loads(text)["rows"]
        return rows
    return [json.loads(line) for line in text.split("\n") if line]


def test_labels_and_runs_are_only_text_to_a_store(time: FakeTime, url: str) -> None:
    for name in NAMES:
        note = {"task": name, "kind": name, "reason": name}
        params = defaults(argspec.USAGE_STORE, store=url, organization=name, run_id=f"{name}!", note_failure=note)
        usage_store(params, context(time))
        summary = defaults(argspec.USAGE_STORE, store=url, run_id=f"{name}!", summary={})
        (failed,) = usage_store(summary, context(time))["summary"]["failed"]
        assert (failed["organization"], failed["task"], failed["message"]) == (name, name, name)
    assert usage_store(defaults(argspec.USAGE_STORE, store=url), context(time))["runs"] >= len(NAMES)
