# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of OAuth clients."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes import FakeTime, client_for
from genesyscloud_sandbox import Client as SandboxClient

from ansible_collections.genesyscloud.usage.plugins.module_utils.clients import FIELDS, identity, list_clients
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import (
    MalformedAnswer,
    PermissionDenied,
    UsageError,
)

PATH = "/oauth/clients$"


def entity(number: int) -> dict[str, Any]:
    return {"id": f"c{number}", "name": f"Client {number}", "secret": "sesame"}


def listed(make: Any, time: FakeTime, *pages: Any) -> list[dict[str, Any]]:
    """What comes of some pages, the last of which stays."""
    sandbox, acme = make()
    for page in pages[:-1]:
        sandbox.faults.add({"body": page}, path=PATH, times=1)
    sandbox.faults.add({"body": pages[-1]}, path=PATH)
    with client_for(acme, time) as client:
        return list_clients(client)


@pytest.mark.parametrize("count", [0, 1, 250])
def test_all_clients_are_listed_with_our_names(make: Any, time: FakeTime, count: int) -> None:
    _sandbox, acme = make(clients=[SandboxClient(f"c{n}", f"Client {n}") for n in range(count)])
    with client_for(acme, time) as client:
        found = list_clients(client)
    assert [entry["client_id"] for entry in found] == [f"c{n}" for n in range(count)]
    assert all(entry.keys() == FIELDS.keys() for entry in found)


def test_secrets_are_dropped(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(clients=[SandboxClient("c1", "Client 1")])
    assert "SANDBOX-CLIENT-SECRET" in json.dumps(acme.clients[0].listed())
    with client_for(acme, time) as client:
        text = json.dumps(list_clients(client))
    assert "SECRET" not in text
    assert "secret" not in text


def test_pages_are_found_by_number_or_by_address_of_which_only_parameters_are_taken(make: Any, time: FakeTime) -> None:
    elsewhere, _other = make(name="elsewhere")
    found = listed(
        make,
        time,
        {"entities": [entity(1)], "pageNumber": 1, "pageCount": 3, "pageSize": 1, "total": 3},
        {"entities": [entity(2)], "nextUri": f"{elsewhere.url}/x?pageNumber=3&pageSize=1", "total": 3},
        {"entities": [entity(3)], "pageNumber": 3, "pageCount": 3, "total": 3},
    )
    assert [client["client_id"] for client in found] == ["c1", "c2", "c3"]
    assert len(elsewhere.exchanges) == 0


@pytest.mark.parametrize(
    "page",
    [
        {},
        [],
        None,
        {"entities": None},
        {"entities": {}},
        {"entities": ["c1"]},
        {"entities": [{}]},
        {"entities": [{"id": 7}]},
        {"entities": [{"id": ""}]},
        {"entities": [{**entity(1), "scope": "routing"}]},
        {"entities": [{**entity(1), "roleIds": [[]]}]},
        {"entities": [{**entity(1), "accessTokenValiditySeconds": {}}]},
        {"entities": [entity(1)], "nextUri": "?pageNumber=\ud800"},
        {"entities": [entity(1)], "nextUri": f"?pageNumber={'2' * 5000}"},
        {"entities": [], "nextUri": "/api/v2/oauth/clients"},
        {"entities": [], "nextUri": "//["},
        {"entities": [entity(1)], "total": 2},
        {"entities": [entity(1)], "pageNumber": 1, "pageCount": 2},
        {"entities": [entity(1)], "nextUri": "?pageNumber=2"},
    ],
    ids=json.dumps,
)
def test_a_list_that_is_not_whole_is_malformed_and_never_taken_for_all(make: Any, time: FakeTime, page: Any) -> None:
    with pytest.raises(MalformedAnswer, match="/api/v2/oauth/clients"):
        listed(make, time, page)


def test_a_page_that_brings_nothing_new_has_no_page_after_it(make: Any, time: FakeTime) -> None:
    pages = [{"entities": [entity(1)], "pageNumber": number, "pageCount": 999} for number in range(1, 999)]
    with pytest.raises(MalformedAnswer, match="the same page again and again"):
        listed(make, time, *pages)


def test_a_client_that_comes_on_two_pages_is_one_client(make: Any, time: FakeTime) -> None:
    found = listed(
        make,
        time,
        {"entities": [entity(1), entity(2)], "pageNumber": 1, "pageCount": 2},
        {"entities": [entity(2), entity(3)], "pageNumber": 2, "pageCount": 2},
    )
    assert [client["client_id"] for client in found] == ["c1", "c2", "c3"]


def test_a_403_names_the_permission(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(kind="forbidden")
    with client_for(acme, time) as client, pytest.raises(PermissionDenied) as caught:
        list_clients(client)
    assert "oauth:client:view" in caught.value.message


def test_an_organization_says_who_it_is(make: Any, time: FakeTime) -> None:
    _sandbox, acme = make(title="Acme GmbH")
    with client_for(acme, time) as client:
        assert identity(client) == (acme.id, "Acme GmbH")


@pytest.mark.parametrize("body", [{}, [], None, {"id": "x"}, {"id": "", "name": "n"}, {"id": 7, "name": "n"}])
def test_an_identity_that_is_none_is_malformed(make: Any, time: FakeTime, body: Any) -> None:
    sandbox, acme = make()
    sandbox.faults.add({"body": body}, path="/organizations/me$")
    with client_for(acme, time) as client, pytest.raises(UsageError, match="no id and name"):
        identity(client)
