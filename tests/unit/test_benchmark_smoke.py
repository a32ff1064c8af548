# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark runs and finds something; how fast it was is not judged here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def benchmark(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.benchmark", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("waiting", "done after 120 s"),
        ("clients", "concurrency 16"),
        ("bulk", "peak memory"),
        ("comparison", "the module in its own process"),
        ("fleet", "3 x usage_query, into SQLite"),
        ("memory", "3 forks that wait for a result"),
        ("stores", "5 writers at once, SQLite"),
        ("gate", "4 organizations, 7,200 rows, all built-in rules"),
        ("report", "4 organizations, 7,200 rows"),
    ],
)
def test_each_benchmark_runs(tmp_path: Path, name: str, expected: str) -> None:
    markdown = tmp_path / "table.md"
    done = benchmark("--quick", "--markdown", str(markdown), name)
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout
    written = markdown.read_text(encoding="utf-8")
    assert expected in written
    assert f"- **{name}**" in written
    assert str(ROOT) not in written


def test_no_exchange_is_more_than_needed() -> None:
    done = benchmark("--quick", "exchanges")
    assert done.returncode == 0, done.stderr
    assert "NOT MET" not in done.stdout


def test_a_benchmark_that_is_not_there_is_an_error() -> None:
    done = benchmark("--quick", "exchange")
    assert done.returncode == 2
    assert "there is no benchmark exchange" in done.stderr
