# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store in a file: how it comes about, and what is no store."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from fakes import FakeTime

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument, StoreError
from ansible_collections.genesyscloud.usage.plugins.module_utils.store import schema
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.urls import parse

TABLES = {"organization", "collection_run", "run_organization", "coverage", "usage_day", "oauth_client", "usage_schema"}


def opened(path: Path, time: FakeTime, check_mode: bool = False) -> Store:
    return open_store(f"sqlite:///{path}", None, time.clock, check_mode)


def test_a_new_store_has_the_tables_the_view_and_the_version(store: Store) -> None:
    tables = {row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == TABLES
    assert store.execute("SELECT COUNT(*) FROM usage_row").fetchone() == (0,)
    assert store.version() == schema.CURRENT
    assert store.migrated_from == 0


def test_only_its_owner_may_read_it_and_what_lies_beside_it(store: Store, store_path: Path) -> None:
    with store.transaction():
        store.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store_path.parent.iterdir()}
    assert modes == {"usage.db": 0o600, "usage.db-wal": 0o600, "usage.db-shm": 0o600}


def test_it_is_in_wal_mode_and_stays_so(store: Store, store_path: Path, time: FakeTime) -> None:
    assert store.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with opened(store_path, time) as again:
        assert again.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert again.migrated_from == schema.CURRENT


def test_the_mode_of_a_store_that_is_there_is_left_as_it_is(store_path: Path, time: FakeTime) -> None:
    opened(store_path, time).close()
    store_path.chmod(0o640)
    opened(store_path, time).close()
    assert stat.S_IMODE(store_path.stat().st_mode) == 0o640


def test_an_empty_file_becomes_a_store(store_path: Path, time: FakeTime) -> None:
    store_path.touch()
    with opened(store_path, time) as store:
        assert (store.migrated_from, store.version()) == (0, schema.CURRENT)


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_newer_schema_is_refused_and_left_alone(store_path: Path, time: FakeTime, check_mode: bool) -> None:
    with opened(store_path, time) as store:
        store.execute("UPDATE usage_schema SET version = 99")
    with pytest.raises(StoreError, match=rf"schema version 99.*up to {schema.CURRENT}.*update the collection"):
        opened(store_path, time, check_mode)
    with sqlite3.connect(store_path) as plain:
        assert plain.execute("SELECT version FROM usage_schema").fetchone() == (99,)
    plain.close()


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    store_path: Path, time: FakeTime, check_mode: bool
) -> None:
    store_path.write_bytes(b"name,requests\n" * 100)
    with pytest.raises(StoreError, match="is a file, but not an SQLite database"):
        opened(store_path, time, check_mode)
    assert store_path.read_bytes() == b"name,requests\n" * 100


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_database_of_something_else_is_refused_and_left_alone(
    store_path: Path, time: FakeTime, check_mode: bool
) -> None:
    with sqlite3.connect(store_path) as plain:
        plain.execute("CREATE TABLE songs (name TEXT)")
    plain.close()
    before = store_path.read_bytes()
    with pytest.raises(StoreError, match="is a database of something else"):
        opened(store_path, time, check_mode)
    assert store_path.read_bytes() == before


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_folder_that_is_not_there_is_named_and_not_made(tmp_path: Path, time: FakeTime, check_mode: bool) -> None:
    with pytest.raises(StoreError, match=r"folder of the store does not exist: .*missing\. Create it first"):
        opened(tmp_path / "missing" / "usage.db", time, check_mode)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_store(tmp_path: Path, time: FakeTime) -> None:
    with pytest.raises(StoreError, match="is a folder, not a file"):
        opened(tmp_path, time)


def test_where_nobody_may_write_the_system_says_why(time: FakeTime) -> None:
    # Not even root makes files there.
    with pytest.raises(StoreError, match=r"/proc/self/usage\.db cannot be created: \w+"):
        opened(Path("/proc/self/usage.db"), time)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_store_that_may_only_be_read_is_refused(store_path: Path, time: FakeTime, check_mode: bool) -> None:
    opened(store_path, time).close()
    store_path.chmod(0o400)
    with pytest.raises(StoreError, match="cannot be written"):
        opened(store_path, time, check_mode)


def test_a_full_disk_is_said_to_be_full_and_takes_nothing(store: Store) -> None:
    pages = store.execute("PRAGMA page_count").fetchone()[0]
    store.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="The disk is full: nothing was written"), store.transaction():
        store.executemany("INSERT INTO collection_run VALUES (?, ?, ?)", ((n, "x" * 500, "y") for n in range(2000)))
    assert store.execute("SELECT COUNT(*) FROM collection_run").fetchone() == (0,)


def test_a_disk_that_fails_may_be_full(store: Store) -> None:
    with pytest.raises(StoreError, match="the disk is full, or it fails"), store.guard():
        raise sqlite3.OperationalError("disk I/O error")


def test_a_damaged_file_is_said_to_be_damaged(store_path: Path, time: FakeTime) -> None:
    with opened(store_path, time) as store:
        store.execute("PRAGMA journal_mode = DELETE")
    body = bytearray(store_path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    store_path.write_bytes(body)
    with pytest.raises(StoreError, match="damaged"), opened(store_path, time) as store:
        store.execute("SELECT * FROM coverage WHERE organization = 'x'")


def test_an_error_of_the_database_names_the_store(store: Store, store_path: Path) -> None:
    with pytest.raises(StoreError, match="no such table") as caught:
        store.execute("SELECT * FROM songs")
    assert str(store_path) in caught.value.message


def test_text_that_is_no_unicode_is_an_error_of_the_store(store: Store) -> None:
    with pytest.raises(StoreError):
        store.execute("INSERT INTO collection_run VALUES (?, '', '')", ("\ud800",))


# Check mode


def test_check_mode_makes_no_file(store_path: Path, time: FakeTime) -> None:
    with opened(store_path, time, check_mode=True) as store:
        assert store.migrated_from == 0
        with store.transaction():
            store.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")
            assert store.execute("SELECT COUNT(*) FROM collection_run").fetchone() == (1,)
    assert list(store_path.parent.iterdir()) == []


@pytest.mark.parametrize("empty", [True, False])
def test_check_mode_changes_no_byte(store_path: Path, time: FakeTime, empty: bool) -> None:
    if empty:
        store_path.touch()
    else:
        opened(store_path, time).close()
    before = store_path.read_bytes()
    with opened(store_path, time, check_mode=True) as store:
        with store.transaction():
            store.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")
        with store.snapshot():
            assert store.execute("SELECT COUNT(*) FROM collection_run").fetchone() == (0,)
    assert store_path.read_bytes() == before
    assert [path.name for path in store_path.parent.iterdir()] == [store_path.name]


# Transactions


@pytest.mark.parametrize("error", [StoreError("no"), KeyboardInterrupt(), ValueError("no")])
def test_what_breaks_off_leaves_nothing(store: Store, error: BaseException) -> None:
    with pytest.raises(type(error)), store.transaction():  # noqa: PT012
        store.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")
        raise error
    assert store.execute("SELECT COUNT(*) FROM collection_run").fetchone() == (0,)
    with store.transaction():
        store.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")


def test_a_snapshot_sees_one_state_whatever_others_write(store: Store, store_path: Path, time: FakeTime) -> None:
    with opened(store_path, time) as other, store.snapshot():
        before = store.execute("SELECT COUNT(*) FROM collection_run").fetchone()
        with other.transaction():
            other.execute("INSERT INTO collection_run VALUES ('r', 'now', 'now')")
        assert store.execute("SELECT COUNT(*) FROM collection_run").fetchone() == before == (0,)
    assert store.execute("SELECT COUNT(*) FROM collection_run").fetchone() == (1,)


def test_the_statements_of_a_migration_are_taken_one_by_one() -> None:
    assert schema.statements("A;\n B ;; C") == ["A", "B", "C"]


# Addresses


def test_a_path_is_relative_or_absolute_by_its_slashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse("sqlite:///usage.db").path == str(tmp_path / "usage.db")
    assert parse("sqlite:///sub/../usage.db").path == str(tmp_path / "usage.db")
    assert parse("sqlite:////var/lib/usage.db").path == "/var/lib/usage.db"
    assert parse("sqlite:////var/a%20b.db").path == "/var/a b.db"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://user:s3same@host/usage.db",
        "postgresql://user:s3same@host/db",
        "postgresql://:s3same@host/db",
        "postgresql://user@host/db?password=s3same",
        "postgresql://user@host/db?sslmode=require&PASSWORD=s3same",
        "mysql://user:s3same@host/db",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidArgument, match="must not hold a password") as caught:
        parse(url)
    assert "store_password" in caught.value.message
    assert "s3same" not in str(caught.value.result())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/db", "of the kind 'mysql'"),
        ("usage.db", "not a URL"),
        ("/var/usage.db", "not a URL"),
        ("", "not a URL"),
        ("sqlite://", "not complete"),
        ("sqlite:///", "not complete"),
        ("sqlite:////", "not complete"),
        ("sqlite://usage.db", "not complete"),
        ("sqlite:///usage.db?mode=ro", "not complete"),
        ("sqlite:///usage.db#x", "not complete"),
        ("postgresql://[host/db", "not a URL"),
    ],
)
def test_what_is_no_address_of_a_store_is_refused_with_how_to_write_one(url: str, words: str) -> None:
    with pytest.raises(InvalidArgument, match=words) as caught:
        parse(url)
    assert "sqlite:///relative/usage.db" in caught.value.message
