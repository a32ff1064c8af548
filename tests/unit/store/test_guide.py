# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SQL of the guide to the store, against stores with the traffic of two organizations, and its figures.

What the guide says of exchanges and looks is held against the sandbox's log here too.
"""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import tasks
from fakes import FakeTime, day, traffic
from genesyscloud_sandbox import Client, Organization, Sandbox

GUIDES = Path(__file__).resolve().parents[3] / "docs" / "docsite" / "rst"
GUIDE = (GUIDES / "guide_store.rst").read_text("utf-8")
STATEMENTS = re.findall(r"^\.\. code-block:: sql\n(?:   :force:\n)?\n((?:   .*\n|\n)+)", GUIDE, re.M)
FOR_ALL = [text for text in STATEMENTS if not text.strip().startswith("--")]


def only(dialect: str) -> str:
    (found,) = [text for text in STATEMENTS if text.strip().startswith(f"-- {dialect}")]
    return found


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows, by the database's own library and nothing of ours."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            return connection.execute(sql).fetchall()
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute(sql.encode()).fetchall()


@pytest.fixture
def filled(make: Any, time: FakeTime, store_url: str) -> str:
    """Two organizations, one of which has a client that is not used, and one that fails."""
    clients = [Client("c1", "One"), Client("c2", "Two"), Client("idle", "Idle")]
    sandbox, acme = make(clients=clients, traffic=tasks.TRAFFIC)
    other = sandbox.add(Organization("other", traffic=[traffic(day(2), "d1", 100)]))
    broken = sandbox.add(Organization("broken", permissions=()))
    tasks.ask(acme, time, store=store_url, group_by=["client_id"], run_id="night-1")
    tasks.ask(other, time, store=store_url, group_by=["client_id"], run_id="night-1", days=2)
    tasks.info(acme, time, store=store_url, run_id="night-1")
    with pytest.raises(Exception, match="permission"):
        tasks.ask(broken, time, store=store_url, group_by=["client_id"], run_id="night-1", organization="broken")
    return store_url


def columns() -> dict[str, list[str]]:
    """The columns of each table and of the view, in the guide's words."""
    parts = re.split(r"^``(\w+)``(?: \(view\))?\n~+\n", GUIDE.partition("\nSample SQL\n")[0], flags=re.M)[1:]
    cells = [re.findall(r"^   \* - (``.*``)$", part, re.M) for part in parts[1::2]]
    return {name: re.findall(r"``(\w+)``", " ".join(told)) for name, told in zip(parts[::2], cells, strict=True)}


def test_the_guide_lists_every_table_and_every_column_in_their_order(filled: str) -> None:
    if filled.startswith("sqlite"):
        found = query(
            filled,
            "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p "
            "WHERE m.type IN ('table', 'view') ORDER BY m.name, p.cid",
        )
    else:
        found = query(
            filled,
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
        )
    there: dict[str, list[str]] = {}
    for name, column in found:
        there.setdefault(name, []).append(column)
    assert columns() == there
    tables = re.findall(r"^   \* - ``(\w+)``$", GUIDE.partition("* - Table\n")[2].partition("\n\n")[0], re.M)
    assert sorted([*tables, "usage_row"]) == sorted(there)


def run(url: str, beginning: str) -> list[tuple[Any, ...]]:
    (sql,) = [text for text in FOR_ALL if text.strip().startswith(beginning)]
    return query(url, sql)


def test_there_is_sample_sql() -> None:
    assert len(FOR_ALL) >= 6
    assert len(STATEMENTS) == len(FOR_ALL) + 2


@pytest.mark.parametrize("number", range(len(FOR_ALL)))
def test_every_statement_finds_something(filled: str, number: int) -> None:
    assert query(filled, FOR_ALL[number])


def test_the_figures_are_those_of_the_traffic(filled: str) -> None:
    by_month = run(filled, "SELECT organization, substr(day")
    assert {(name, int(requests)) for name, _month, requests, _share in by_month} == {("acme", 38), ("other", 100)}
    assert float(next(share for name, _month, _requests, share in by_month if name == "acme")) == 2.63
    busiest = run(filled, "SELECT organization, client_id, MAX")
    assert [(name, client, int(requests)) for name, client, _name, requests in busiest] == [
        ("other", "d1", 100), ("acme", "c1", 32), ("acme", "c2", 6),
    ]  # fmt: skip
    assert run(filled, "SELECT o.organization") == [("acme", "idle", "Idle")]
    failed = run(filled, "SELECT organization, task, kind")
    assert [(name, kind) for name, _task, kind, _message in failed] == [("broken", "permission")]
    incomplete = run(filled, "SELECT c.day")
    assert len(incomplete) == 5
    assert {tuple(row[1:]) for row in incomplete} == {(1, 2)}
    ((run_id, organizations, calls, _rows),) = run(filled, "SELECT run_id")
    assert (run_id, organizations) == ("night-1", 3)
    assert int(calls) > 10


def test_grafana_gets_a_time_series(filled: str) -> None:
    if filled.startswith("sqlite"):
        pytest.skip("Grafana's own data source is for PostgreSQL")
    sql = only("PostgreSQL").replace("$__timeFilter(CAST(day AS date))", "CAST(day AS date) > DATE '2000-01-01'")
    assert "$__" not in sql
    found = query(filled, sql)
    assert {(metric, int(requests)) for _time, metric, requests in found if requests} == {
        ("acme", 12), ("acme", 26), ("other", 100),
    }  # fmt: skip


def test_duckdb_reads_an_export(filled: str, time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the Python library duckdb is missing: pip install duckdb")
    tasks.keep(filled, time, export={"dest": str(tmp_path / "usage.csv"), "group_by": ["client_id"]})
    monkeypatch.chdir(tmp_path)
    found = duckdb.sql(only("DuckDB")).fetchall()
    assert {name: sum(int(row[2]) for row in found if row[0] == name) for name in ("acme", "other")} == {
        "acme": 38, "other": 100,
    }  # fmt: skip
    assert os.listdir(tmp_path)


# What is said of cost


LIMITS = (GUIDES / "guide_limits.rst").read_text("utf-8")


def looks(sandbox: Sandbox) -> int:
    return len(sandbox.exchanges.list(method="GET", path="/results"))


def test_a_task_takes_the_exchanges_that_the_guide_counts(make: Any, time: FakeTime, store_path: Path) -> None:
    _sandbox, acme = make(clients=[Client("c1", "One")], traffic=tasks.TRAFFIC)
    url = f"sqlite:///{store_path}"
    assert tasks.ask(acme, time)["api_calls"] == 1 + 1 + 1
    assert tasks.ask(acme, time, store=url, group_by=["client_id"])["api_calls"] == 4
    assert tasks.info(acme, time, store=url)["api_calls"] == 3
    assert tasks.clients(acme, time, ["c1"])["api_calls"] == 1 + 1 * (1 + 1)
    assert "has the same sums with 4" in LIMITS
    assert "and 3 for the\nclients, which is 11 exchanges" in LIMITS


def test_a_query_takes_no_more_looks_than_the_guide_says(make: Any) -> None:
    cells = re.findall(
        r"^ +(?:\* )?- ([\w ()]+)$", LIMITS.partition("* - Query takes (s)")[2].partition("\n\n")[0], re.M
    )
    split = cells.index("Looks")
    told = dict(zip(map(int, cells[:split]), map(int, cells[split + 1 :]), strict=True))
    assert set(told) == {0, 2, 10, 30, 60, 120}
    for chance in (0.0, 0.5, 0.999):
        for seconds, most in told.items():
            time = FakeTime(chance)
            with Sandbox([Organization("acme", traffic=[])], clock=time.monotonic) as sandbox:
                sandbox.organizations[0].answer_after = seconds
                tasks.ask(sandbox.organizations[0], time)
                assert looks(sandbox) <= most, f"{seconds} s, chance {chance}"
                assert looks(sandbox) >= most - 3, f"{seconds} s: the guide says far more looks than there are"
