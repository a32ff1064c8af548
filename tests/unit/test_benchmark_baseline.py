# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comparison with the table of the last release, and the short table of the README."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmark import __main__ as program
from benchmark.baseline import FILE, Baseline, compare, load, ratios, save
from benchmark.model import Benchmark, Line
from benchmark.table import BEGIN, END, as_text, in_readme
from benchmark.world import World

ROOT = Path(__file__).resolve().parents[2]


def results(**measured: float) -> list[tuple[Benchmark, list[Line]]]:
    """One benchmark with a line for each name."""
    benchmark = Benchmark("fleet", "fast", "as it is", lambda _world: iter(()))
    lines = [
        Line(name, f"{ratio} s", "at most 2 s", ratio <= 2, ratio=ratio, yardstick="debug")
        for name, ratio in measured.items()
    ]
    return [(benchmark, [Line("debug", "1 s"), *lines])]


def table(quick: bool = False, **measured: float) -> Baseline:
    return Baseline("1.0.0", "2026-01-01, 2 CPUs", quick, ratios(results(**measured)))


def told(now: Baseline, before: Baseline | None, *ran: str) -> str:
    return "\n".join(compare(now, before, ran or ("fleet",)))


def test_a_ratio_that_grew_by_more_than_15_percent_is_named() -> None:
    said = told(table(store=1.16, bare=1.14, better=0.5), table(store=1.0, bare=1.0, better=1.0))
    assert "WORSE by 16%: fleet: store: 1.16 instead of 1 (debug)" in said
    assert "bare" not in said
    assert "better" not in said


def test_when_nothing_got_worse_it_says_how_much_was_compared() -> None:
    said = told(table(store=1.15, bare=0.2), table(store=1.0, bare=0.2))
    assert "Compared with 1.0.0 (2026-01-01, 2 CPUs)" in said
    assert "nothing of 2 got worse by more than 15%" in said


def test_from_nothing_to_something_is_worse_and_rounding_is_not() -> None:
    assert "WORSE than nothing: fleet: late: 0.5" in told(table(late=0.5), table(late=0.0))
    assert "WORSE" not in told(table(late=0.00004), table(late=0.0))


def test_lines_that_only_one_table_has_are_named() -> None:
    said = told(table(store=1.0, report=1.0), table(store=1.0, gate=1.0))
    assert "new: fleet: report" in said
    assert "no longer measured: fleet: gate" in said
    # Of a benchmark that was left out nothing is missing.
    assert "no longer" not in told(table(), table(gate=1.0), "exchanges")


def test_quick_sizes_are_not_compared_with_real_ones() -> None:
    said = told(table(quick=True, store=9.0), table(store=1.0))
    assert "nothing, for only one of the two was quick" in said
    assert "WORSE" not in said


def test_without_an_earlier_table_it_says_so(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") is None
    assert "no earlier table" in told(table(store=1.0), None)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    save(path, table(store=1.23456, bare=0.5))
    kept = load(path)
    assert kept is not None
    assert kept.ratios == {"fleet: store": (1.2346, "debug"), "fleet: bare": (0.5, "debug")}
    assert (kept.version, kept.head, kept.quick) == ("1.0.0", "2026-01-01, 2 CPUs", False)


def test_a_ratio_without_a_yardstick_is_no_ratio() -> None:
    with pytest.raises(ValueError, match="belong together"):
        Line("store", "1 s", ratio=1.0)


def test_the_table_shows_the_ratio_and_of_what() -> None:
    assert "1.5 x debug" in as_text("head", results(store=1.5))


def test_the_readme_gets_its_lines_and_all_that_missed_their_goal() -> None:
    found = results(store=1.5, slow=3.0)
    found[0][1].append(Line("headline", "7 | 8", "at most 9", True, readme=True))
    before = f"# A\n\n{BEGIN}\n| old |\n{END}\n\n## B\n"
    after = in_readme(before, "2026-01-02, 2 CPUs", found)
    assert after.startswith("# A\n")
    assert after.endswith("\n## B\n")
    assert "| old |" not in after
    assert "Measured 2026-01-02, 2 CPUs." in after
    assert "| headline | 7 \\| 8 | at most 9 | met |" in after
    assert "| slow | 3.0 s | at most 2 s | NOT MET |" in after
    assert "| store |" not in after
    assert "Of 3 goals 2 are met" in after
    # Twice is as good as once.
    assert in_readme(after, "2026-01-02, 2 CPUs", found) == after


def test_a_readme_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for a table"):
        in_readme("# A\n", "head", results())


def test_our_readme_has_a_place() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert BEGIN in text
    assert END in text.partition(BEGIN)[2]


def test_what_the_repository_keeps_was_measured_in_full() -> None:
    if FILE.exists():
        kept = load(FILE)
        assert kept is not None
        assert not kept.quick
        assert kept.ratios


# The program, with a benchmark that takes no time


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A catalogue of one benchmark; what it finds is ``ratio``."""
    finds: dict[str, Any] = {"ratio": 1.0}

    def run(_world: World) -> Iterator[Line]:
        if finds["ratio"] is None:
            raise RuntimeError("it broke")
        yield Line("store", "some", "a goal", True, ratio=finds["ratio"], yardstick="debug", readme=True)

    monkeypatch.setattr(program, "BENCHMARKS", (Benchmark("one", "fast", "as it is", run),))
    monkeypatch.setattr(program, "NAMES", ["one"])
    return finds


def test_the_program_saves_compares_and_names_what_got_worse(
    one: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, readme = tmp_path / "baseline.json", tmp_path / "README.md"
    readme.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    assert program.main(["--quick", "--baseline", str(kept), "--save", "--readme", str(readme)]) == 0
    assert "no earlier table" in capsys.readouterr().out
    assert json.loads(kept.read_text(encoding="utf-8"))["lines"] == {"one: store": {"ratio": 1.0, "yardstick": "debug"}}
    assert "| store | some | a goal | met |" in readme.read_text(encoding="utf-8")

    one["ratio"] = 1.2
    assert program.main(["--quick", "--baseline", str(kept)]) == 0
    assert "WORSE by 20%: one: store: 1.2 instead of 1 (debug)" in capsys.readouterr().out
    assert json.loads(kept.read_text(encoding="utf-8"))["lines"]["one: store"]["ratio"] == 1.0


def test_what_broke_is_not_kept(one: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one["ratio"] = None
    kept = tmp_path / "baseline.json"
    assert program.main(["--quick", "--baseline", str(kept), "--save"]) == 1
    assert not kept.exists()
    assert "not kept" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--quick", "--save"], ["one", "--save"], ["--quick", "--readme"]])
def test_the_repository_keeps_nothing_that_is_not_whole(
    one: dict[str, Any], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        program.main(arguments)
    assert "measured in full" in capsys.readouterr().err
