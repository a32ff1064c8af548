# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets and generated traffic: stable, believable, and the same whichever service is asked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from genesyscloud_sandbox import Fleet, Organization, Sandbox, make_fleet
from genesyscloud_sandbox.model import organization_from_dict
from genesyscloud_sandbox.traffic import STATUSES, Traffic, explicit_facts

from .conftest import TODAY, Caller, Clock

FIRST, LAST = TODAY - timedelta(days=84), TODAY - timedelta(days=1)


def facts(organization: Organization) -> dict[date, list[Any]]:
    return dict(Traffic().between(organization, FIRST, LAST))


def test_a_fleet_depends_on_its_arguments_alone() -> None:
    assert make_fleet(5, seed=3) == make_fleet(5, seed=3)
    assert make_fleet(5, seed=3) != make_fleet(5, seed=4)
    assert make_fleet(5, seed=3).organizations[:3] == make_fleet(3, seed=3).organizations


def test_names_and_ids_are_unique() -> None:
    organizations = make_fleet(900, (1, 2)).organizations
    for field in ("name", "title", "id", "oauthclient_id", "oauthclient_secret"):
        assert len({getattr(one, field) for one in organizations}) == 900
    clients = make_fleet(1, (150, 150)).organizations[0].clients
    assert len({client.id for client in clients}) == len({client.name for client in clients}) == 150
    assert clients[0].id == make_fleet(1).organizations[0].oauthclient_id


def test_a_day_is_the_same_in_whichever_order_it_is_asked_for() -> None:
    organization = make_fleet(1).organizations[0]
    whole = facts(organization)
    middle = FIRST + timedelta(days=40)
    assert dict(Traffic().between(organization, middle, middle)) == {middle: whole[middle]}


def test_counts_add_up_and_429_is_a_part_of_400() -> None:
    for organization in make_fleet(4).organizations:
        for day in facts(organization).values():
            for _dimensions, (ok, moved, wrong, limited, failed) in day:
                assert min(ok, moved, wrong, limited, failed) >= 0
                assert limited <= wrong
                assert ok + moved + wrong + failed > 0


def test_traffic_is_believable() -> None:
    organization = make_fleet(1, (25, 25)).organizations[0]
    clients: dict[str, int] = defaultdict(int)
    weekdays: dict[bool, int] = defaultdict(int)
    limited: dict[str, int] = defaultdict(int)
    uris, users = set(), set()
    for day, listed in facts(organization).items():
        for dimensions, counts in listed:
            clients[dimensions[0]] += sum(counts)
            weekdays[day.weekday() > 4] += sum(counts)
            limited[dimensions[0]] += counts[STATUSES.index("status429")]
            uris.add(dimensions[3])
            users.add(dimensions[2])
    idle = {client.id for client in organization.clients if client.profile == "idle"}
    assert idle
    assert not idle & set(clients)
    assert weekdays[True] / 2 < weekdays[False] / 5 * 0.8
    assert any(limited.values())
    assert 8 <= len(uris) <= 16
    assert len(users) > 3
    assert any(not uri.startswith("/") for uri in uris)
    assert max(clients.values()) > 5 * min(clients.values())


def test_both_services_say_the_same_but_for_builtin_clients(clock: Clock) -> None:
    with Sandbox(make_fleet(1, (10, 10), today=TODAY), clock=clock) as sandbox:
        organization = sandbox.organizations[0]
        caller = Caller(sandbox)
        caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
        body = {"interval": f"{FIRST}/{LAST}"}
        older = caller.query("/api/v2/usage/query", body).json["results"]
        body["groupBy"] = ["OauthClientId"]  # type: ignore[assignment]
        newer = caller.query("/api/v2/usage/aggregates/query/jobs", body).json["entities"]
        caller.connection.close()
    counted = {one["oauthClient"]["id"]: one["requestCount"] for one in newer}
    assert {one["clientId"]: one["requests"] for one in older} == {
        client: count for client, count in counted.items() if not client.startswith("purecloud")
    }
    assert "purecloud" in counted


def test_generated_traffic_has_a_first_day(clock: Clock) -> None:
    with Sandbox(make_fleet(1, (10, 10), days=5, today=TODAY), clock=clock) as sandbox:
        organization = sandbox.organizations[0]
        caller = Caller(sandbox)
        caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
        body = {"interval": "2026-01-01/2026-12-31", "granularity": "Day"}
        rows = caller.query("/api/v2/usage/query", body).json["results"]
        caller.connection.close()
    assert sorted({one["date"][:10] for one in rows}) == [f"2026-03-0{day}" for day in range(5, 10)]


def test_explicit_rows_must_add_up() -> None:
    organization = Organization("acme")
    fine = {"date": "2026-03-01", "client_id": "c", "status200": 3, "status400": 2, "status429": 2, "requests": 5}
    assert explicit_facts(organization, [fine], FIRST, LAST)[date(2026, 3, 1)][0][1] == (3, 0, 2, 2, 0)
    with pytest.raises(ValueError, match="not the sum"):
        explicit_facts(organization, [{**fine, "requests": 7}], FIRST, LAST)


def test_a_fleet_from_json_refuses_what_it_does_not_know() -> None:
    fleet = Fleet.from_dict({"organizations": [{"name": "acme", "access_tokens": ["t"], "answer_after": 2}]})
    assert fleet.organizations[0].access_tokens == ("t",)
    assert fleet.today is None
    with pytest.raises(TypeError):
        organization_from_dict({"name": "acme", "anser_after": 2})
    with pytest.raises(ValueError, match="needs an organization"):
        make_fleet(1, broken=True)
    with pytest.raises(ValueError, match="fewest"):
        make_fleet(1, (5, 3))
