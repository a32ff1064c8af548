# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who was asked, what came of it, and which OAuth clients there are."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from fakes import FakeTime

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import IdentityMismatch
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import (
    Outcome,
    claim,
    keep_clients,
    record,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.reader import outcomes


def test_a_label_is_bound_to_the_organization_that_used_it_first(store: Store) -> None:
    assert claim(store, "acme", "id-1", "Acme") == []
    assert claim(store, "acme", "id-1", "Acme GmbH") == []
    with pytest.raises(IdentityMismatch) as caught:
        claim(store, "acme", "id-2", "Other")
    assert all(word in caught.value.message for word in ("'acme'", "id-1", "'Other'", "id-2", "Nothing was stored"))
    assert store.execute("SELECT organization, organization_id, name FROM organization").fetchall() == [
        ("acme", "id-1", "Acme GmbH")
    ]


def test_an_organization_under_two_labels_is_told(store: Store) -> None:
    claim(store, "acme", "id-1", "Acme")
    assert claim(store, "acme-emea", "id-1", "Acme") == ["acme"]
    assert claim(store, "acme-apac", "id-1", "Acme") == ["acme", "acme-emea"]
    assert claim(store, "other", "id-2", "Other") == []


def test_first_and_last_seen_are_kept(store: Store, time: FakeTime) -> None:
    claim(store, "acme", "id-1", "Acme")
    time.pass_by(86400)
    claim(store, "acme", "id-1", "Acme")
    assert store.execute("SELECT first_seen, last_seen FROM organization").fetchall() == [
        ("2026-03-10T12:00:00Z", "2026-03-11T12:00:00Z")
    ]


def test_check_mode_binds_nothing_and_still_finds_a_mismatch(store: Store, store_url: str, time: FakeTime) -> None:
    claim(store, "acme", "id-1", "Acme")
    with open_store(store_url, None, time.clock, True) as check:
        assert claim(check, "new", "id-9", "New") == []
        with pytest.raises(IdentityMismatch):
            claim(check, "acme", "id-2", "Other")
    assert store.execute("SELECT COUNT(*) FROM organization").fetchone() == (1,)


def outcome(**fields: Any) -> Outcome:
    return Outcome(**{"run_id": "r", "organization": "acme", "task": "usage_query", "service": "query", **fields})


def test_success_and_failure_are_written_down(store: Store) -> None:
    days = datetime.date(2026, 3, 1), datetime.date(2026, 3, 7)
    record(store, outcome(first=days[0], last=days[1], row_count=7, api_calls=3))
    record(store, outcome(organization="broken", kind="permission", message="no", correlation_id="c", api_calls=2))
    run, found = outcomes(store, None)
    assert run == "r"
    assert [(entry["organization"], entry["outcome"], entry["kind"], entry["api_calls"]) for entry in found] == [
        ("acme", "collected", None, 3),
        ("broken", "failed", "permission", 2),
    ]
    assert found[1]["message"] == "no"
    assert store.execute("SELECT first_day, last_day FROM run_organization ORDER BY organization").fetchall() == [
        ("2026-03-01", "2026-03-07"),
        (None, None),
    ]


def test_a_relaunch_replaces_the_outcome_and_adds_its_calls(store: Store) -> None:
    record(store, outcome(kind="timeout", message="late", api_calls=5))
    record(store, outcome(row_count=7, api_calls=3))
    _run, found = outcomes(store, "r")
    assert [(entry["outcome"], entry["kind"], entry["row_count"], entry["api_calls"]) for entry in found] == [
        ("collected", None, 7, 8)
    ]


def test_a_failure_before_it_was_known_what_is_asked_is_over_once_the_task_gets_further(store: Store) -> None:
    noted = {"service": "", "grouping": "", "kind": "invalid_argument", "message": "no such option"}
    for organization in ("acme", "globex"):
        record(store, outcome(organization=organization, **noted))
    record(store, outcome(task="oauth_client_info", **noted))
    record(store, outcome(organization="acme", service="query", grouping="client_id"))
    assert [(entry["organization"], entry["task"], entry["outcome"]) for entry in outcomes(store, "r")[1]] == [
        ("acme", "oauth_client_info", "failed"),
        ("acme", "usage_query", "collected"),
        ("globex", "usage_query", "failed"),
    ]


def test_the_latest_run_is_the_one_that_was_written_to_last(store: Store, time: FakeTime) -> None:
    record(store, outcome(run_id="a"))
    time.pass_by(60)
    record(store, outcome(run_id="b"))
    assert outcomes(store, None)[0] == "b"
    time.pass_by(60)
    record(store, outcome(run_id="a", task="other"))
    assert outcomes(store, None)[0] == "a"
    assert outcomes(store, "gone") == ("gone", [])


def test_without_a_run_there_is_nothing_to_tell(store: Store) -> None:
    assert outcomes(store, None) == (None, [])


def client(number: int, **fields: Any) -> dict[str, Any]:
    return {"client_id": f"c{number}", "client_name": f"Client {number}", "state": "active", **fields}


def test_clients_are_inserted_updated_and_never_deleted(store: Store) -> None:
    assert keep_clients(store, "acme", [client(1), client(2)]) == {"inserted": 2, "updated": 0, "unchanged": 0}
    assert keep_clients(store, "acme", [client(1), client(2)]) == {"inserted": 0, "updated": 0, "unchanged": 2}
    changed = [client(2, state="disabled"), client(3)]
    assert keep_clients(store, "acme", changed) == {"inserted": 1, "updated": 1, "unchanged": 0}
    assert store.execute("SELECT client_id, state FROM oauth_client ORDER BY 1").fetchall() == [
        ("c1", "active"),
        ("c2", "disabled"),
        ("c3", "active"),
    ]


def test_a_client_that_is_gone_keeps_the_day_it_was_last_seen(store: Store, time: FakeTime) -> None:
    keep_clients(store, "acme", [client(1), client(2)])
    time.pass_by(86400)
    keep_clients(store, "acme", [client(1)])
    assert store.execute("SELECT client_id, first_seen, last_seen FROM oauth_client ORDER BY 1").fetchall() == [
        ("c1", "2026-03-10T12:00:00Z", "2026-03-11T12:00:00Z"),
        ("c2", "2026-03-10T12:00:00Z", "2026-03-10T12:00:00Z"),
    ]


def test_clients_of_two_organizations_do_not_meet(store: Store) -> None:
    keep_clients(store, "acme", [client(1)])
    assert keep_clients(store, "other", [client(1, state="disabled")])["inserted"] == 1
    assert keep_clients(store, "acme", [client(1)])["unchanged"] == 1
