# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of an organization's OAuth clients. Their secrets are dropped before anything else sees them.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from .client import Client, Request
from .errors import MalformedAnswer
from .rows import CLIENT_FIELDS

PATH = "/api/v2/oauth/clients"

FIELDS = {
    "client_id": "id",
    "client_name": "name",
    "description": "description",
    "grant_type": "authorizedGrantType",
    "state": "state",
    "created_at": "dateCreated",
    "modified_at": "dateModified",
    "delete_at": "dateToDelete",
    "token_validity": "accessTokenValiditySeconds",
    "scopes": "scope",
    "role_ids": "roleIds",
}
"""Our names and the API's. The API's C(secret) is not among them, and what is not among them is dropped."""

STATES = ("active", "disabled", "inactive")
GRANT_TYPES = ("CODE", "TOKEN", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS")
"""What the API documents; there may be more one day."""

OTHER_FIELDS = {"token_validity": (int, type(None)), "scopes": (list, type(None)), "role_ids": (list, type(None))}
"""What is not text."""

LONGEST_ADDRESS = 4096
"""Characters. Servers refuse addresses much longer than that."""

MOST_PAGES = 10_000
"""A bound on pages, so that a service that counts wrongly cannot keep us for ever."""


def list_clients(client: Client) -> list[dict[str, Any]]:
    """All OAuth clients, in the API's order. Raises MalformedAnswer for a list that is not whole."""
    found: dict[str, dict[str, Any]] = {}
    params: Mapping[str, str | int] = {}
    seen: list[Mapping[str, str | int]] = []
    while True:
        request = Request(
            "GET", PATH, params=params, hints={403: "The credentials need the permission oauth:client:view"}
        )
        entries, total, following = client.document(request, _page)
        known = len(found)
        found.update((entry["client_id"], entry) for entry in entries)
        seen.append(params)
        if following is None:
            break
        if following in seen or len(seen) >= MOST_PAGES or len(found) == known:
            raise MalformedAnswer(f"GET {PATH} gives the same page again and again")
        params = following
    if isinstance(total, int) and len(found) < total:
        raise MalformedAnswer(f"GET {PATH} gave {len(found)} clients of {total}; try again")
    return list(found.values())


def _page(page: Any) -> tuple[list[dict[str, Any]], Any, Mapping[str, str | int] | None]:
    """The clients of a page, how many there are in all, and the parameters of the next page."""
    if not isinstance(page, Mapping) or not isinstance(page.get("entities"), list):
        raise MalformedAnswer(f"The answer to GET {PATH} has no list of entities")
    for entity in page["entities"]:
        if not isinstance(entity, Mapping) or not isinstance(entity.get("id"), str) or not entity["id"]:
            raise MalformedAnswer(f"The answer to GET {PATH} has a client without an id")
        if not all(isinstance(entity.get(FIELDS[name]), (str, type(None))) for name in CLIENT_FIELDS):
            raise MalformedAnswer(f"The answer to GET {PATH} has a client with a field that is not text")
        if not all(isinstance(entity.get(FIELDS[name]), kind) for name, kind in OTHER_FIELDS.items()):
            raise MalformedAnswer(f"The answer to GET {PATH} has a client with a field of another type")
        if not all(isinstance(item, str) for name in ("scope", "roleIds") for item in entity.get(name) or []):
            raise MalformedAnswer(f"The answer to GET {PATH} has a client with a list of other things than text")
    entries = [{ours: entity.get(theirs) for ours, theirs in FIELDS.items()} for entity in page["entities"]]
    return entries, page.get("total"), _next_page(page)


def _next_page(page: Mapping[str, Any]) -> Mapping[str, str | int] | None:
    """The parameters of the next page. Of its address only the parameters are taken."""
    address = page.get("nextUri")
    if isinstance(address, str) and address:
        params = dict(parse_qsl(address.partition("?")[2]))
        if not params or len(address) > LONGEST_ADDRESS or not address.isprintable():
            raise MalformedAnswer(f"The answer to GET {PATH} has a next page (nextUri) without parameters")
        return dict(params)
    number, count, size = (page.get(name) for name in ("pageNumber", "pageCount", "pageSize"))
    if isinstance(number, int) and isinstance(count, int) and number < count:
        return {"pageNumber": number + 1, **({"pageSize": size} if isinstance(size, int) else {})}
    return None


def identity(client: Client) -> tuple[str, str]:
    """Id and name of the organization that the token belongs to."""
    path = "/api/v2/organizations/me"

    def accept(document: Any) -> tuple[str, str]:
        values = [document.get(name) if isinstance(document, Mapping) else None for name in ("id", "name")]
        if not all(isinstance(value, str) and value for value in values):
            raise MalformedAnswer(f"The answer to GET {path} has no id and name")
        return str(values[0]), str(values[1])

    return client.document(Request("GET", path), accept)
