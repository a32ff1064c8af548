# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Organizations and their OAuth clients, as plain data."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

from .messages import JsonObject
from .names import BUILTIN_CLIENTS

NAMESPACE = uuid.UUID("6f0c2f0e-2d0b-5c58-9b0c-7f6f3c1d5a11")
"""Under which the sandbox's identifiers are derived: the same words always give the same UUID."""

Kind = Literal["ok", "unreachable", "forbidden"]
ALL_PERMISSIONS = (
    "oauth:client:view", "usage:organization:view", "usage:client:view", "usage:simpleSearch:view",
)  # fmt: skip


def stable_id(*words: object) -> str:
    """A UUID that depends on the words and on nothing else."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, words))))


@dataclass
class Client:
    """An OAuth client. ``profile`` shapes generated traffic: steady, batch, bursty or idle."""

    id: str
    name: str
    grant_type: str = "CLIENT-CREDENTIALS"
    state: str = "active"
    description: str = ""
    date_created: str = "2024-03-05T09:12:44.000Z"
    date_modified: str = "2025-01-20T14:03:10.000Z"
    date_to_delete: str = ""
    token_seconds: int = 86400
    scope: tuple[str, ...] = ()
    profile: str = "steady"
    weight: float = 1.0

    def listed(self) -> JsonObject:
        """The client as ``GET /api/v2/oauth/clients`` shows it, with a secret that is easy to recognise."""
        creator = {"id": stable_id(self.id, "creator"), "selfUri": f"/api/v2/users/{stable_id(self.id, 'creator')}"}
        role = stable_id(self.id, "role")
        entity: JsonObject = {
            "id": self.id, "name": self.name, "description": self.description, "state": self.state,
            "authorizedGrantType": self.grant_type, "accessTokenValiditySeconds": self.token_seconds,
            "registeredRedirectUri": ["https://client.example.com/callback"] if self.grant_type == "CODE" else [],
            "secret": f"SANDBOX-CLIENT-SECRET-{self.id}", "roleIds": [role],
            "roleDivisions": [{"roleId": role, "divisionId": stable_id(self.id, "division")}],
            "scope": list(self.scope), "dateCreated": self.date_created, "dateModified": self.date_modified,
            "createdBy": creator, "modifiedBy": creator, "selfUri": f"/api/v2/oauth/clients/{self.id}",
        }  # fmt: skip
        if self.date_to_delete:
            entity["dateToDelete"] = self.date_to_delete
        return entity


@dataclass
class Organization:
    """One organization of the sandbox. Everything but ``name`` has a default that is derived from it.

    kind: ok, unreachable (nothing listens at its address) or forbidden (its credentials lack every permission).
    traffic: explicit rows instead of generated traffic; see ``traffic.explicit_facts`` for their keys.
    days: complete days of generated traffic that exist, counted back from yesterday.
    answer_after: seconds until a query is complete; the first half of them a job is Queued, then Running.
    pending_looks: looks at results that are answered as pending, whatever the time.
    delay: seconds added to every HTTP exchange.
    bulk_rows: when set, an organization query is answered with that many synthetic rows.
    rate_limit_per_minute, login_limit_per_minute: 0 means none.
    token_lifetime: seconds an access token lives.
    access_tokens: tokens that are valid without a sign-in, for ever.
    permissions: what its credentials may do; None means all, or nothing when ``kind`` is forbidden.
    query_page_size: when set, the query service too answers in pages, with ``cursors.after``.
    submit_status: HTTP status of an accepted query; not established for the real service.
    """

    name: str
    title: str = ""
    id: str = ""
    oauthclient_id: str = ""
    oauthclient_secret: str = ""
    kind: Kind = "ok"
    clients: list[Client] = field(default_factory=list)
    traffic: list[dict[str, Any]] | None = None
    seed: int = 7
    days: int = 90
    answer_after: float = 0.0
    pending_looks: int = 0
    delay: float = 0.0
    bulk_rows: int = 0
    rate_limit_per_minute: int = 0
    login_limit_per_minute: int = 0
    token_lifetime: int = 86399
    access_tokens: tuple[str, ...] = ()
    permissions: tuple[str, ...] | None = None
    query_page_size: int = 0
    submit_status: int = 200
    api_url: str = ""

    def __post_init__(self) -> None:
        self.title = self.title or self.name
        self.id = self.id or stable_id(self.seed, self.name)
        self.oauthclient_id = self.oauthclient_id or stable_id(self.seed, self.name, "collector")
        self.oauthclient_secret = self.oauthclient_secret or f"sandbox-{stable_id(self.seed, self.name, 'secret')}"

    def allowed(self) -> frozenset[str]:
        """The permissions of its credentials."""
        if self.permissions is None:
            return frozenset() if self.kind == "forbidden" else frozenset(ALL_PERMISSIONS)
        return frozenset(self.permissions)

    def client(self, client_id: str) -> Client | None:
        """One of its own clients; Genesys' built-in clients are not among them."""
        return next((client for client in self.listed_clients() if client.id == client_id), None)

    def listed_clients(self) -> list[Client]:
        """Its own clients, those that only explicit traffic mentions included."""
        known = {client.id: client for client in self.clients}
        for row in self.traffic or ():
            client_id = str(row.get("client_id", ""))
            if client_id and client_id not in known:
                known[client_id] = Client(client_id, str(row.get("client_name", "") or f"Client {client_id}"))
        return [client for client in known.values() if client.id not in BUILTIN_CLIENTS]

    def state(self) -> JsonObject:
        """What the state file says about it."""
        names = ("name", "title", "id", "api_url", "oauthclient_id", "oauthclient_secret", "kind")
        return {name: getattr(self, name) for name in names}


@dataclass
class Fleet:
    """Several organizations. ``today`` is the day the sandbox takes for today; None is the real one (UTC)."""

    organizations: list[Organization]
    today: date | None = None

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Fleet:
        """A fleet from JSON: ``{"today"?, "organizations": [...]}``; names of keys are the names of fields."""
        today = document.get("today")
        organizations = [organization_from_dict(item) for item in document["organizations"]]
        return cls(organizations, date.fromisoformat(today) if today else None)


def organization_from_dict(item: Mapping[str, Any]) -> Organization:
    """One organization from JSON; an unknown key is a TypeError, so that a misspelling is not a silent default."""
    values = dict(item)
    values["clients"] = [Client(**_tuples(Client, client)) for client in values.get("clients", ())]
    return Organization(**_tuples(Organization, values))


def _tuples(model: type, values: Mapping[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(model) if "tuple" in str(item.type)}
    return {key: _tuple(value) if key in names else value for key, value in values.items()}


def _tuple(value: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)
