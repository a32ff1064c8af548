# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store in PostgreSQL: what it has that a file has not. What holds for both is in the other files, run on both."""

from __future__ import annotations

import datetime
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import postgres
import pytest
from fakes import FakeTime, row, stored_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import Server
from tasks import TRAFFIC, ask, keep

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import (
    InvalidArgument,
    MissingLibrary,
    StoreError,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.store import schema
from ansible_collections.genesyscloud.usage.plugins.module_utils.store import writer as module
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import Outcome, claim, record
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice, Stored

DAYS = [datetime.date(2026, 3, n) for n in (1, 2, 3)]
ACME = Slice("acme", "query", "client_id")
FIRST = [row("2026-03-01", "c1", 1), row("2026-03-01", "c2", 2), row("2026-03-03", "c1", 3)]
PASSWORD = "SENTINEL pass'word\\%40 7c1e"
DEADLINE = 120.0
"""Seconds after which something that should happen has not happened."""


@contextmanager
def admin(url: str) -> Iterator[Any]:
    """A connection of psycopg's own, as the superuser."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def writing(url: str, time: FakeTime, check_mode: bool = False, piece: Slice = ACME) -> Iterator[DayWriter]:
    writer = DayWriter(open_store(url, None, time.clock, check_mode), piece, DAYS)
    try:
        writer.mark()
        yield writer
    finally:
        writer.close()


def put(url: str, time: FakeTime, rows: list[Any], check_mode: bool = False, piece: Slice = ACME) -> Stored:
    with writing(url, time, check_mode, piece) as writer:
        writer.add(rows)
        return writer.commit("run", "execution")


def tables(url: str) -> dict[str, Any]:
    """All that is in a database: its tables of ours, and their rows."""
    with admin(url) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        ).fetchall()
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY {name}").fetchall() for (name,) in names}


def failure(url: str, time: FakeTime, password: str | None = None, check_mode: bool = False) -> str:
    """What is said of a store that cannot be opened."""
    with pytest.raises(StoreError) as caught:
        open_store(url, password, time.clock, check_mode)
    said = str(caught.value.result())
    assert "SENTINEL" not in said
    assert "\n" not in caught.value.message
    message: str = caught.value.message
    return message


# How it comes about, and what is no store


def test_a_new_store_has_the_tables_the_view_and_the_version(postgres_url: str, time: FakeTime) -> None:
    with open_store(postgres_url, None, time.clock) as store:
        assert (store.migrated_from, store.version()) == (0, schema.CURRENT)
    assert tables(postgres_url).keys() == {*schema.TABLES, "usage_schema", "usage_row"}
    with open_store(postgres_url, None, time.clock) as store:
        assert store.migrated_from == schema.CURRENT


@pytest.mark.parametrize("check_mode", [False, True])
def test_tables_of_somebody_else_are_refused_and_left_alone(
    postgres_url: str, time: FakeTime, check_mode: bool
) -> None:
    with admin(postgres_url) as connection:
        connection.execute("CREATE TABLE coverage (name TEXT)")
        connection.execute("CREATE TABLE songs (name TEXT)")
    said = failure(postgres_url, time, check_mode=check_mode)
    assert "tables of somebody else with our names (coverage): use another database or schema" in said
    with admin(postgres_url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    assert found == [("coverage",), ("songs",)]


def test_tables_of_somebody_else_with_other_names_are_no_obstacle(postgres_url: str, time: FakeTime) -> None:
    with admin(postgres_url) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    assert put(postgres_url, time, FIRST).inserted == 3


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_newer_schema_is_refused_and_left_alone(postgres_url: str, time: FakeTime, check_mode: bool) -> None:
    with open_store(postgres_url, None, time.clock) as store:
        store.execute("UPDATE usage_schema SET version = 99")
    said = failure(postgres_url, time, check_mode=check_mode)
    assert "schema version 99" in said
    assert said.endswith("update the collection")
    with admin(postgres_url) as connection:
        assert connection.execute("SELECT version FROM usage_schema").fetchall() == [(99,)]


def test_two_stores_in_two_schemas_of_one_database_do_not_meet(postgres_url: str, time: FakeTime) -> None:
    for number, name in enumerate(("one", "two"), 1):
        with admin(postgres_url) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        url = f"{postgres_url}?options=-csearch_path%3D{name}"
        assert put(url, time, FIRST[:number]) == Stored(inserted=number, days_added=3)
        assert put(url, time, FIRST[:number]) == Stored(unchanged=number)


# Check mode


@pytest.mark.parametrize("existing", [False, True])
def test_check_mode_counts_what_would_be_and_writes_nothing(postgres_url: str, time: FakeTime, existing: bool) -> None:
    if existing:
        put(postgres_url, time, FIRST[:1])
    before = tables(postgres_url)
    expected = Stored(inserted=2, unchanged=1) if existing else Stored(inserted=3, days_added=3)
    for _time in range(2):
        assert put(postgres_url, time, FIRST, check_mode=True) == expected
    with open_store(postgres_url, None, time.clock, True) as store:
        claim(store, "acme", "id", "Acme")
        record(store, Outcome("r", "acme", "t", "query"))
        with store.snapshot():
            assert store.execute("SELECT COUNT(*) FROM organization").fetchone() == (0,)
    assert tables(postgres_url) == before


def test_check_mode_of_a_whole_task_writes_nothing(make: Any, postgres_url: str, time: FakeTime) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    for _time in range(2):
        assert ask(acme, time, store=postgres_url, check=True)["changed"] is True
        assert keep(postgres_url, time, check=True)["changed"] is True
    assert tables(postgres_url) == {}
    assert ask(acme, time, store=postgres_url)["stored"]["inserted"] == 3
    before = tables(postgres_url)
    assert ask(acme, time, store=postgres_url, check=True)["changed"] is False
    assert keep(postgres_url, time, check=True, state="pruned", keep_days=1)["pruned"]["rows"] == 2
    assert tables(postgres_url) == before


# Rows


ODD = [
    "tab\tin", "line\nbreak", "carriage\rreturn", "back\\slash", "\\", "\\N", "\\.", "\\t", "NULL", "", " ", "'", '"',
    ",", "%s ? {} $1", "Zoë 漢字 👩‍👩‍👧", "\u2028\u0085\ufeff", "\x01\x1f\x7f", "x" * 10_000,
]  # fmt: skip


def test_odd_characters_arrive_as_they_were(postgres_url: str, time: FakeTime) -> None:
    rows = [row("2026-03-01", f"c{n}", 1, client_name=text, template_uri=text) for n, text in enumerate(ODD)]
    assert put(postgres_url, time, rows) == Stored(inserted=len(ODD), days_added=3)
    assert put(postgres_url, time, rows) == Stored(unchanged=len(ODD))
    with open_store(postgres_url, None, time.clock) as store:
        found = store.execute("SELECT client_id, client_name, template_uri FROM usage_row").fetchall()
    assert sorted(found) == sorted((f"c{n}", text, text) for n, text in enumerate(ODD))


@pytest.mark.parametrize("text", ["nul\0in a name", "half a surrogate \ud800"])
def test_what_the_database_cannot_keep_is_an_error_of_the_store(postgres_url: str, time: FakeTime, text: str) -> None:
    put(postgres_url, time, FIRST)
    with writing(postgres_url, time) as writer:
        writer.add(FIRST[:1])
        with pytest.raises(StoreError, match="The store postgresql://") as caught:
            writer.add([row("2026-03-01", "c9", 1, client_name=text)])
        # Said in words, and printable.
        caught.value.message.encode()
    with open_store(postgres_url, None, time.clock) as store:
        with pytest.raises(StoreError):
            claim(store, text, "id", "name")
        # A failure must not be lost because of how it is put.
        record(store, Outcome("r", "acme", "t", "query", kind="k", message=text))
        assert [entry[7] for entry in stored_rows(store)] == [1, 2, 3]
        kept = store.execute("SELECT message FROM run_organization").fetchone()[0]
        assert kept == text.replace("\0", "").replace("\ud800", "?")


keys = st.tuples(st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03"]), st.sampled_from("aB\t\\"))
contents = st.dictionaries(keys, st.integers(0, 5), max_size=12)
_pieces = itertools.count()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(contents, min_size=1, max_size=4))
def test_a_store_always_has_what_was_collected_last_and_counts_are_true(
    postgres_url: str, time: FakeTime, collections: list[Any]
) -> None:
    piece = Slice(f"o{next(_pieces)}", "query", "client_id")
    had: dict[Any, int] = {}
    for number, content in enumerate(collections):
        stored = put(postgres_url, time, [row(day, client, ok) for (day, client), ok in content.items()], piece=piece)
        assert stored == Stored(
            inserted=len(content.keys() - had.keys()),
            updated=sum(had[key] != content[key] for key in content.keys() & had.keys()),
            deleted=len(had.keys() - content.keys()),
            unchanged=sum(had[key] == content[key] for key in content.keys() & had.keys()),
            days_added=0 if number else 3,
        )
        had = content
        with open_store(postgres_url, None, time.clock) as store:
            kept = [entry for entry in stored_rows(store) if entry[0] == piece.organization]
        assert {(entry[4], entry[5]): entry[7] for entry in kept} == had


# Others that write


def until(condition: Callable[[], bool], waiter: threading.Thread) -> None:
    """Wait for a condition while a thread runs."""
    for _look in range(int(DEADLINE / 0.02)):
        if condition():
            return
        waiter.join(0.02)
    raise AssertionError("it did not happen")


def test_writers_of_one_organization_take_turns_and_others_need_not_wait(postgres_url: str, time: FakeTime) -> None:
    order: list[str] = []

    def second() -> None:
        put(postgres_url, time, FIRST)
        order.append("second")

    def waiting() -> bool:
        sql = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with admin(postgres_url) as connection:
            return connection.execute(sql).fetchone() == (1,)

    thread = threading.Thread(target=second)
    with open_store(postgres_url, None, time.clock) as store:
        with store.transaction():
            store.lock("acme")
            thread.start()
            until(waiting, thread)
            assert put(postgres_url, time, FIRST, piece=Slice("other", "query", "client_id")).inserted == 3
            with open_store(postgres_url, None, time.clock) as reader:
                assert {entry[0] for entry in stored_rows(reader)} == {"other"}
            order.append("first")
        thread.join(DEADLINE)
        assert order == ["first", "second"]
        assert {entry[0] for entry in stored_rows(store)} == {"acme", "other"}


def test_a_process_that_is_killed_in_the_middle_leaves_the_former_state(postgres_url: str, time: FakeTime) -> None:
    put(postgres_url, time, FIRST)
    path = os.pathsep.join([str(Path(module.__file__).parents[6]), *sys.path])
    program = str(Path(__file__).with_name("writer_process.py"))
    killed = subprocess.run(
        [sys.executable, program, "killed", postgres_url],
        check=False,
        timeout=DEADLINE,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert killed.returncode == -signal.SIGKILL
    # The server notices that it is gone, and lets the next one have the lock.
    assert put(postgres_url, time, FIRST) == Stored(unchanged=3)


# A server that goes away


def test_rows_are_copied_and_then_put_in_place_at_once(
    postgres_url: str, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    put(postgres_url, time, FIRST)
    said: list[str] = []
    execute, copy = psycopg.Connection.execute, psycopg.Cursor.copy

    def recorded(self: Any, sql: Any, *more: Any, **options: Any) -> Any:
        said.append(" ".join(str(sql).split()[:3]))
        return (copy if isinstance(self, psycopg.Cursor) else execute)(self, sql, *more, **options)

    monkeypatch.setattr(psycopg.Connection, "execute", recorded)
    monkeypatch.setattr(psycopg.Cursor, "copy", recorded)
    many = [row("2026-03-02", f"c{n}", n) for n in range(5000)]
    assert put(postgres_url, time, many) == Stored(inserted=5000, deleted=3)
    wanted = ["COPY incoming FROM", "DELETE FROM usage_day", "INSERT INTO usage_day", "UPDATE coverage SET"]
    assert [one for one in said if one in wanted] == wanted


def test_a_connection_that_breaks_leaves_the_former_state(postgres_url: str, time: FakeTime) -> None:
    put(postgres_url, time, FIRST)
    before = tables(postgres_url)
    with writing(postgres_url, time) as writer:
        writer.add([row("2026-03-02", "c9", 9)])
        with admin(postgres_url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'genesyscloud.usage' AND datname = current_database()"
            )
        with pytest.raises(StoreError, match="cannot be reached, or the connection to it broke: "):
            writer.commit("run", "execution")
    assert tables(postgres_url) == before


@pytest.mark.parametrize("when", ["gathering", "committing"])
def test_a_server_that_goes_away_leaves_the_former_state(time: FakeTime, when: str) -> None:
    postgres.need()
    with postgres.controlled() as server:
        store = open_store(server.url, None, time.clock)
        put(server.url, time, FIRST)
        before = tables(server.url)
        execute = store.execute

        def until_sums(sql: str, parameters: Any = ()) -> Any:
            if when == "committing" and sql.startswith("UPDATE coverage"):
                server.stop()
            return execute(sql, parameters)

        store.execute = until_sums  # type: ignore[method-assign]
        writer = DayWriter(store, ACME, DAYS)
        writer.mark()
        writer.add([row("2026-03-02", "c9", 9)])
        if when == "gathering":
            server.stop()
        with pytest.raises(StoreError, match="cannot be reached, or the connection to it broke: ") as caught:
            writer.commit("run", "execution")
        writer.close()
        assert f"127.0.0.1:{server.port}" in caught.value.message
        assert "cannot be reached" in failure(server.url, time)
        server.start()
        assert tables(server.url) == before
        assert put(server.url, time, FIRST) == Stored(unchanged=3)


# Signing in


@pytest.fixture
def locked(postgres_server: Server, postgres_url: str) -> Iterator[str]:
    """The URL of a database that wants PASSWORD."""
    from psycopg import sql

    with admin(postgres_url) as connection:
        role = sql.Identifier(Server.LOCKED)
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, PASSWORD))
        connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(role))
        yield postgres_url.replace("//usage@", f"//{Server.LOCKED}@")
        connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_the_password_is_used(locked: str, time: FakeTime) -> None:
    with open_store(locked, PASSWORD, time.clock) as store:
        assert store.version() == schema.CURRENT
        assert "SENTINEL" not in store.where


def test_a_password_that_is_wrong_or_missing_is_said_and_not_shown(locked: str, time: FakeTime) -> None:
    assert 'password authentication failed for user "locked"' in failure(locked, time, "SENTINEL wrong")
    assert "no password supplied" in failure(locked, time)


def test_the_password_of_a_task_is_used_and_in_nothing_that_it_returns(
    make: Any, locked: str, time: FakeTime, tmp_path: Path
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC)
    given = {"store": locked, "store_password": PASSWORD}
    done = ask(acme, time, **given)
    kept = keep(locked, time, store_password=PASSWORD, export={"dest": str(tmp_path / "out.csv")})
    assert done["stored"]["inserted"] == kept["rows"] == 3
    assert "SENTINEL" not in json.dumps([done, kept])
    assert "SENTINEL" not in str(tables(locked.replace("locked@", "usage@")))
    with pytest.raises(StoreError) as caught:
        ask(acme, time, store=locked, store_password="SENTINEL wrong")
    assert "SENTINEL" not in str(caught.value.result())


def test_a_password_in_the_address_is_refused(locked: str, time: FakeTime) -> None:
    with pytest.raises(InvalidArgument, match="must not hold a password"):
        open_store(locked.replace("@", ":SENTINEL@"), None, time.clock)


def test_the_password_file_of_libpq_is_read(
    locked: str, time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
    file = tmp_path / "pgpass"
    file.write_text(f"127.0.0.1:*:*:locked:{escaped}\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    open_store(locked, None, time.clock).close()


def test_a_service_file_of_libpq_is_read(
    locked: str, time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _slash, database = locked.rpartition("/")
    file = tmp_path / "pg_service.conf"
    lines = ["[usage]", "host=127.0.0.1", f"port={address.rpartition(':')[2]}", f"dbname={database}", "user=locked"]
    file.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    open_store("postgresql:///?service=usage", PASSWORD, time.clock).close()
    assert "password authentication failed" in failure("postgresql:///?service=usage", time, "SENTINEL wrong")
    assert "nothere" in failure("postgresql:///?service=nothere", time)


def test_a_database_that_does_not_exist_is_named(postgres_url: str, time: FakeTime) -> None:
    assert 'database "nothere" does not exist' in failure(f"{postgres_url.rpartition('/')[0]}/nothere", time)


def test_where_nobody_listens_the_connection_is_refused(postgres_server: Server, time: FakeTime) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = failure(f"postgresql://usage@{address}/usage", time, PASSWORD)
    assert said.startswith(f"The store postgresql://usage@{address}/usage cannot be reached")
    assert "Connection refused" in said


def test_a_server_that_does_not_answer_is_given_up(postgres_server: Server, time: FakeTime) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        # libpq waits two seconds at least.
        said = failure(f"postgresql://usage@127.0.0.1:{port}/usage?connect_timeout=2", time, PASSWORD)
    assert "timeout" in said


def test_tls_that_is_asked_for_and_not_there_is_said(postgres_url: str, time: FakeTime) -> None:
    assert "server does not support SSL, but SSL was required" in failure(f"{postgres_url}?sslmode=require", time)
    open_store(f"{postgres_url}?sslmode=disable", None, time.clock).close()


def test_an_address_that_libpq_does_not_take_is_an_error_of_the_store(postgres_url: str, time: FakeTime) -> None:
    with pytest.raises(InvalidArgument, match="not a connection URI of PostgreSQL"):
        open_store(f"{postgres_url}?sslmod=require", None, time.clock)
    assert "sslmode" in failure(f"{postgres_url}?sslmode=perhaps", time)


def test_a_user_without_rights_is_told_what_is_missing(locked: str, postgres_url: str, time: FakeTime) -> None:
    with admin(postgres_url) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM locked")
    said = failure(locked, time, PASSWORD)
    assert "does not allow this user to do that: permission denied for schema public" in said
    open_store(postgres_url, None, time.clock).close()
    with open_store(postgres_url, None, time.clock) as store:
        store.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO locked")
    with (
        open_store(locked, PASSWORD, time.clock) as store,
        pytest.raises(StoreError, match="does not allow this user to do that"),
    ):
        record(store, Outcome("r", "acme", "t", "query"))


def test_an_error_of_the_database_names_the_store(postgres_url: str, time: FakeTime) -> None:
    with (
        open_store(f"{postgres_url}?sslmode=disable", None, time.clock) as store,
        pytest.raises(StoreError, match='"songs" does not exist') as caught,
    ):
        store.execute("SELECT * FROM songs")
    assert f"The store {postgres_url} failed" in caught.value.message


def test_without_the_library_it_is_said_how_to_get_it(time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.genesyscloud.usage.plugins.module_utils.store import postgres as plugin

    monkeypatch.setattr(plugin, "HAS_PSYCOPG", False)
    with pytest.raises(MissingLibrary, match=r"psycopg \(version 3\) is missing in .*: install psycopg\[bin") as caught:
        open_store("postgresql://usage@127.0.0.1:1/usage", None, time.clock)
    assert caught.value.failure()["kind"] == "missing_library"


def test_a_snapshot_sees_one_state_whatever_others_write(postgres_url: str, time: FakeTime) -> None:
    def count(store: Store) -> int:
        found: int = store.execute("SELECT COUNT(*) FROM collection_run").fetchone()[0]
        return found

    with open_store(postgres_url, None, time.clock) as store, open_store(postgres_url, None, time.clock) as other:
        with store.snapshot():
            assert count(store) == 0
            record(other, Outcome("r", "acme", "t", "query"))
            assert count(store) == 0
            with pytest.raises(StoreError, match="read-only transaction"):
                store.execute("DELETE FROM collection_run")
        assert count(store) == 1
