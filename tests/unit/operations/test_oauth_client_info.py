# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation oauth_client_info, against the sandbox."""

from __future__ import annotations

import json
from typing import Any

from fakes import FakeTime
from genesyscloud_sandbox import Client as SandboxClient
from tasks import BASE, info, ledger

from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store


def test_clients_are_listed_and_selected(make: Any, time: FakeTime) -> None:
    listed = [
        SandboxClient("c1", "One"),
        SandboxClient("c2", "Two", grant_type="CODE"),
        SandboxClient("c3", "Three", state="disabled"),
    ]
    sandbox, acme = make(clients=listed)
    result = info(acme, time)
    assert result.keys() == BASE | {"clients", "client_count"}
    assert (result["client_count"], result["api_calls"]) == (3, len(sandbox.exchanges))
    assert "SECRET" not in json.dumps(result)
    assert [c["client_id"] for c in info(acme, time, states=["ACTIVE"])["clients"]] == ["c1", "c2"]
    assert [c["client_id"] for c in info(acme, time, grant_types=["code"])["clients"]] == ["c2"]
    assert info(acme, time, states=["active"], grant_types=["SAML2-BEARER"])["client_count"] == 0


def test_single_clients_are_selected_and_what_there_is_not_is_warned_about(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(clients=[SandboxClient("c1", "One"), SandboxClient("c2", "Two", state="unheard-of")])
    warnings: list[str] = []
    found = info(
        acme, time, warnings, client_ids=["C2", "c9"], states=["UNHEARD-OF"], grant_types=["client-credentials"]
    )
    assert [client["client_id"] for client in found["clients"]] == ["c2"]
    assert warnings == ["client_ids: the organization has no OAuth client with c9"]
    assert info(acme, time, warnings, states=["activ"], grant_types=["SAML2-BEARER"])["client_count"] == 0
    assert warnings[1:] == [
        "states: the organization has no OAuth client with activ; known are active, disabled, inactive"
    ]


def test_the_store_keeps_all_clients_whatever_is_selected(
    make: Any, time: FakeTime, store_url: str, store: Store
) -> None:
    _sandbox, acme = make(clients=[SandboxClient("c1", "One"), SandboxClient("c2", "Two", state="disabled")])
    first = info(acme, time, store=store_url, states=["active"], run_id="r")
    assert (first["changed"], first["client_count"]) == (True, 1)
    assert (first["stored"]["inserted"], first["stored"]["unchanged"]) == (2, 0)
    assert info(acme, time, store=store_url)["changed"] is False
    kept = store.execute("SELECT * FROM oauth_client").fetchall()
    assert len(kept) == 2
    assert "SECRET" not in str(kept)
    assert ledger(store_url, time, "r")[0][1:5] == ("oauth_client_info", "collected", None, 2)
