# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OAuth clients of an organization.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from typing import Any

from ..clients import GRANT_TYPES, STATES, list_clients
from ..store.ledger import keep_clients
from .context import Context, Params
from .task import task


def oauth_client_info(params: Params, context: Context) -> dict[str, Any]:
    """List the clients; with a store, all of them are kept there, whatever C(states) and C(grant_types) select."""
    with task(params, context, "oauth_client_info") as current:
        current.connect()
        clients = list_clients(current.client)
        current.row_count = len(clients)
        result = current.result()
        if current.stores:
            with current.store.lent() as store:
                counts = keep_clients(store, current.label, clients)
            result["stored"] = {"organization": current.label, "run_id": current.run_id, **counts}
            result["changed"] = bool(counts["inserted"] or counts["updated"])
        selected = [
            client
            for client in clients
            if _selected(client["client_id"], params.get("client_ids"))
            and _selected(client["state"], params.get("states"))
            and _selected(client["grant_type"], params.get("grant_types"))
        ]
        _warn_of_what_there_is_not(params, context, clients)
        return {**result, "clients": selected, "client_count": len(selected)}


def _selected(value: Any, wanted: list[str] | None) -> bool:
    return not wanted or str(value).lower() in {name.lower() for name in wanted}


def _warn_of_what_there_is_not(params: Params, context: Context, clients: list[dict[str, Any]]) -> None:
    """A misspelled name selects nothing, and that must not look like an organization without such clients."""
    for option, field, known in (
        ("client_ids", "client_id", ()),
        ("states", "state", STATES),
        ("grant_types", "grant_type", GRANT_TYPES),
    ):
        there = {str(client[field]).lower() for client in clients} | {name.lower() for name in known}
        if missing := [name for name in params.get(option) or [] if name.lower() not in there]:
            offer = f"; known are {', '.join(known)}" if known else ""
            context.warn(f"{option}: the organization has no OAuth client with {', '.join(missing)}{offer}")
