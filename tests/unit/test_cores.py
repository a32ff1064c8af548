# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-cores the tests run on, and with which Pythons."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import cores  # noqa: E402

LISTED = "Available versions: 2.22.0, 2.21.5, 2.17.14, 2.16.19, 2.15.13, 2.9.27"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The Pythons of a machine that is not this one, whose pip knows ansible-core up to 2.22."""
    there = {"3.10", "3.13"}
    monkeypatch.setattr(cores, "interpreter", lambda version: Path(f"/python{version}") if version in there else None)

    def listed(command: Any, **_options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, LISTED)

    monkeypatch.setattr(cores.subprocess, "run", listed)
    return there


def told(which: str) -> list[tuple[str, str]]:
    return [(core.series, core.version) for core in cores.chosen(which)]


def test_the_oldest_is_the_one_that_the_collection_promises() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["requires_ansible"] == f">={next(iter(cores.SUPPORTED))}.0"


def test_all_are_those_from_the_oldest_to_the_newest_that_pip_has(machine: set[str]) -> None:
    assert [series for series, _version in told("all")] == ["2.16", "2.17", "2.18", "2.19", "2.20", "2.21", "2.22"]


def test_the_oldest_runs_with_its_oldest_python_and_the_newest_with_its_newest(machine: set[str]) -> None:
    assert told("oldest") == [("2.16", "3.10")]
    assert told("newest") == [("2.22", "3.13")]
    assert told("2.18") == [("2.18", "3.13")]


def test_without_its_python_a_series_is_left_out_with_a_sentence(
    machine: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    machine.discard("3.10")
    assert told("oldest") == [("2.16", "")]
    assert cores.main(["pytest", "oldest"]) == 0
    assert "2.16 is left out: this machine has no Python 3.10 or 3.11 or 3.12" in capsys.readouterr().out


def test_what_fails_is_named_and_stops_none_of_the_others(
    machine: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def fails_on_two(core: cores.Core, _arguments: list[str]) -> int:
        ran.append(core.series)
        return int(core.series in {"2.17", "2.21"})

    monkeypatch.setitem(cores.RUNS, "sanity", fails_on_two)
    assert cores.main(["sanity", "all", "--test", "pep8"]) == 1
    assert ran == ["2.16", "2.17", "2.18", "2.19", "2.20", "2.21", "2.22"]
    assert "sanity failed on ansible-core 2.17, 2.21" in capsys.readouterr().out


def test_a_series_that_is_not_there_is_an_error(machine: set[str]) -> None:
    with pytest.raises(SystemExit, match=r"no ansible-core 2\.15"):
        cores.chosen("2.15")


def test_nothing_is_hidden_from_ansible_test() -> None:
    assert not list(ROOT.glob("tests/sanity/ignore*"))
