# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SQL has bound parameters only. That is read from the source, wherever in the plugins a statement is put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from corpus import NAMES
from fakes import FakeTime, row, stored_rows
from statements import Reader

from ansible_collections.genesyscloud.usage.plugins.module_utils.store import reader
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "plugins").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "plugins")))
def test_no_value_is_written_into_a_statement(path: Path) -> None:
    assert Reader(path).findings() == []


def test_the_statements_of_the_store_are_seen() -> None:
    seen = {path.name: _checked(path) for path in FILES}
    assert sum(seen.values()) > 60
    assert all(
        seen[name] for name in ("connection.py", "history.py", "ledger.py", "postgres.py", "reader.py", "writer.py")
    )


def _checked(path: Path) -> int:
    read = Reader(path)
    read.findings()
    return read.checked


BAD = [
    'def f(store, name): store.execute(f"SELECT 1 FROM x WHERE name = {name}")',
    'def f(store, name): store.execute("SELECT 1 FROM x WHERE name = " + name)',
    'def f(store, name): store.execute("SELECT 1 FROM x WHERE name = %s" % name)',
    'def f(store, name): store.execute("SELECT 1 FROM x WHERE name = {}".format(name))',
    'def f(store, name): store.execute("SELECT 1 WHERE x = N".replace("N", name))',
    'def f(store, name):\n sql = f"SELECT 1 WHERE x = {name}"\n store.execute(sql)',
    'def f(store, name):\n where = "x = "\n where += name\n store.execute(f"SELECT 1 WHERE {where}")',
    'def f(store, name):\n where = name\n store.execute(f"DELETE FROM x WHERE {where}")',
    'def f(store, names):\n picked = ", ".join(names)\n store.execute(f"SELECT {picked} FROM x")',
    'def f(store, names):\n picked = ", ".join(f"u.{n}" for n in names)\n store.stream(f"SELECT {picked} FROM x")',
    'def f(store, wanted):\n where, _v = wanted.anything()\n store.execute(f"SELECT 1 FROM x WHERE {where}")',
    'def f(store, wanted):\n for name in wanted:\n  store.execute(f"SELECT {name} FROM x")',
    'def f(store, wanted):\n with wanted as name:\n  store.execute(f"SELECT {name} FROM x")',
    "def f(store, sql): store.execute(sql)",
    'def f(store, wanted): store.execute(wanted["sql"])',
    "def f(store, sql): store.executemany(sql, [])",
    'def f(cursor, table): cursor.copy(f"COPY {table} FROM STDIN")',
    "def f(name): return f\"SELECT * FROM x WHERE name = '{name}'\"",
    'def f(name): return f" ORDER BY {name}"',
    'def where(self): return f"x = {self.name}", []',
    'def f(store, row): store.execute(f"SELECT 1 FROM x WHERE y = {row[0]}")',
    'def f(store): store.execute(f"SELECT 1 FROM x WHERE y = {store.name}")',
    'def f(store, name):\n if (sql := f"SELECT {name} FROM x"): store.execute(sql)',
]


@pytest.mark.parametrize("text", BAD)
def test_the_check_sees_what_must_not_be(text: str) -> None:
    assert Reader(Path("any.py"), text).findings()


GOOD = [
    'def f(store, name): store.execute("SELECT 1 FROM x WHERE name = ?", (name,))',
    'def f(store):\n picked = ", ".join(f"u.{n}" for n in NAMES)\n store.execute(f"SELECT {picked} FROM x")',
    'def f(store, days):\n places = ", ".join("?" * len(days))\n store.execute(f"SELECT 1 IN ({places})", days)',
    'def f(store, s):\n where, values = s.where()\n store.execute(f"SELECT 1 FROM x WHERE {where}", values)',
    "def f(store, s): store.execute(f\"SELECT 1 FROM x {'WHERE y = ?' if s else ''}\")",
    'def f(name): return f"The answer to {name} is not JSON, or cut off"',
]


@pytest.mark.parametrize("text", GOOD)
def test_the_check_lets_pass_what_may_be(text: str) -> None:
    assert Reader(Path("any.py"), text).findings() == []


# What the guards refuse


@pytest.mark.parametrize("name", ["client_id; DROP TABLE usage_day", "1", "date)--", *NAMES[-6:]])
def test_a_column_that_is_none_never_gets_into_a_statement(store: Store, name: str) -> None:
    selection = reader.Selection("query", f"client_id,{name}")
    assert name not in reader.columns(selection)
    assert list(reader.rows(store, selection)) == []
    with pytest.raises(ValueError, match="known"):
        reader.busiest(store, selection, ("client_id", name), 5)


def test_a_selection_is_text_to_the_database(store: Store, time: FakeTime, store_url: str) -> None:
    from datetime import date

    from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

    day = date(2026, 3, 1)
    for name in NAMES:
        piece: dict[str, Any] = {"organization": name, "service": name, "grouping": "client_id", "scope": name}
        writer = DayWriter(open_store(store_url, None, time.clock), Slice(**piece), [day])
        writer.mark()
        writer.add([row("2026-03-01", name)])
        writer.commit(name, name)
        writer.close()
    for name in NAMES:
        selection = reader.Selection(name, "client_id", name, name)
        assert reader.totals(store, selection)[0] == 1
    assert len(stored_rows(store)) == len(NAMES)
