# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signing in, tokens, permissions, rate limits, the client list and the organization itself."""

from __future__ import annotations

from genesyscloud_sandbox import Client, make_fleet

from .conftest import TODAY, Caller, Clock, Make


def test_basic_and_form_credentials_give_tokens_of_their_organization(make: Make) -> None:
    sandbox, caller = make()
    organization = sandbox.organizations[0]
    answer = caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
    assert answer.json == {"access_token": caller.token, "token_type": "bearer", "expires_in": 86399}
    assert caller.call("GET", "/api/v2/organizations/me").json["id"] == organization.id
    form = "grant_type=client_credentials&client_id={}&client_secret={}"
    body = form.format(organization.oauthclient_id, organization.oauthclient_secret).encode()
    answer = caller.send("POST", "/oauth/token", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.json["access_token"] not in ("", caller.token)
    assert organization.oauthclient_secret not in str(sandbox.exchanges.list())
    assert caller.token not in str(sandbox.exchanges.list())


def test_a_wrong_secret_is_answered_in_the_login_hosts_shape(make: Make) -> None:
    sandbox, caller = make()
    client_id = sandbox.organizations[0].oauthclient_id
    for answer in (caller.sign_in(client_id, "wrong"), caller.sign_in("nobody", "wrong")):
        assert answer.status == 400
        assert answer.json["error"] == "invalid_client"
        assert set(answer.json) == {"error", "description", "error_description"}
    other = caller.sign_in(client_id, sandbox.organizations[0].oauthclient_secret, "grant_type=password")
    assert (other.status, other.json["error"]) == (400, "unsupported_grant_type")
    assert caller.send("POST", "/oauth/token", b"", {"Authorization": "Basic ~"}).status == 400


def test_tokens_expire_and_can_be_made_to(make: Make, clock: Clock) -> None:
    sandbox, caller = make(token_lifetime=300)
    organization = sandbox.organizations[0]
    caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
    clock.now += 299
    assert caller.call("GET", "/api/v2/organizations/me").status == 200
    clock.now += 1
    answer = caller.call("GET", "/api/v2/organizations/me")
    assert (answer.status, answer.json["code"]) == (401, "bad.credentials")
    caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
    sandbox.expire_tokens("acme")
    assert caller.call("GET", "/api/v2/organizations/me").status == 401
    assert caller.send("GET", "/api/v2/organizations/me").status == 401


def test_the_ceiling_of_a_token(make: Make, clock: Clock) -> None:
    _sandbox, caller = make(rate_limit_per_minute=2)
    assert caller.call("GET", "/api/v2/organizations/me").headers["inin-ratelimit-count"] == "1"
    clock.now += 18
    assert caller.call("GET", "/api/v2/organizations/me").headers["inin-ratelimit-reset"] == "42"
    answer = caller.call("GET", "/api/v2/organizations/me")
    assert (answer.status, answer.json["code"]) == (429, "too.many.requests.retry.after")
    assert (answer.headers["retry-after"], answer.headers["inin-ratelimit-allowed"]) == ("42", "2")
    clock.now += 42
    assert caller.call("GET", "/api/v2/organizations/me").status == 200


def test_the_ceiling_of_the_login_host_is_a_400(make: Make) -> None:
    sandbox, caller = make(login_limit_per_minute=1)
    organization = sandbox.organizations[0]
    assert caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret).status == 200
    answer = caller.sign_in(organization.oauthclient_id, organization.oauthclient_secret)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert "rate limit exceeded" in answer.json["description"]


def test_permissions_are_any_of(make: Make) -> None:
    sandbox, caller = make(permissions=("usage:organization:view",))
    body = {"interval": "2026-03-01/2026-03-02"}
    assert caller.call("POST", "/api/v2/usage/query", body).status == 200
    answer = caller.call("GET", "/api/v2/oauth/clients")
    assert (answer.status, answer.json["code"]) == (403, "missing.any.permissions")
    assert "[oauth:client:view]" in answer.json["message"]
    sandbox.organizations[0].permissions = ("oauth:client:view",)
    assert caller.call("POST", "/api/v2/usage/query", body).status == 200
    assert caller.call("POST", "/api/v2/usage/aggregates/query/jobs", body).status == 403


def test_every_response_has_its_own_correlation_id(make: Make) -> None:
    _sandbox, caller = make()
    answers = [caller.call("GET", path) for path in ("/api/v2/organizations/me", "/nothing", "/api/v2/usage/query")]
    answers.append(caller.send("GET", "/api/v2/organizations/me"))
    answers.append(caller.sign_in("nobody", "wrong"))
    assert len({answer.headers["inin-correlation-id"] for answer in answers}) == len(answers)
    for answer in answers:
        assert {"inin-ratelimit-count", "inin-ratelimit-allowed", "inin-ratelimit-reset"} <= set(answer.headers)


def test_the_client_list_is_paged_and_every_entity_is_whole(make: Make) -> None:
    clients = make_fleet(1, (30, 30), today=TODAY).organizations[0].clients
    _sandbox, caller = make(clients=clients)
    uri, entities = "/api/v2/oauth/clients", []
    while uri:
        page = caller.call("GET", uri).json
        entities += page["entities"]
        uri = page.get("nextUri")
    assert [one["id"] for one in entities] == [client.id for client in clients]
    assert (page["pageNumber"], page["pageCount"], page["total"], page["pageSize"]) == (2, 2, 30, 25)
    assert all(one["secret"].startswith("SANDBOX-CLIENT-SECRET-") for one in entities)
    assert {one["state"] for one in entities} >= {"active"}
    single = caller.call("GET", f"/api/v2/oauth/clients/{clients[3].id}").json
    assert single == entities[3]
    assert caller.call("GET", "/api/v2/oauth/clients/nobody").status == 404
    assert caller.call("GET", "/api/v2/oauth/clients?pageNumber=9").json["entities"] == []


def test_a_token_sees_its_own_organization_only(make: Make) -> None:
    sandbox, caller = make(clients=[Client("c1", "First")])
    other = make_fleet(1, (3, 3), today=TODAY).organizations[0]
    sandbox.add(other)
    stranger = Caller(sandbox)
    stranger.sign_in(other.oauthclient_id, other.oauthclient_secret)
    uri = caller.call("POST", "/api/v2/usage/query", {"interval": "2026-03-01/2026-03-02"}).json["resultsUri"]
    assert stranger.call("GET", uri).status == 404
    assert stranger.call("GET", "/api/v2/oauth/clients/c1").status == 404
    assert stranger.call("GET", "/api/v2/organizations/me").json["name"] == other.title
    stranger.connection.close()
