# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The usage of OAuth clients: one or thousands, submitted and waited for at the same time.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from typing import Any

from ..errors import ClientsFailed, InvalidArgument, UsageError
from ..pool import run_all
from ..query import build
from ..rows import Totals
from .collected import Collected
from .context import Context, Params
from .task import Task, is_fatal, task

MOST_WORKERS = 64


def oauth_client_usage(params: Params, context: Context) -> dict[str, Any]:
    """Ask for the usage of each client. All are attempted; then ClientsFailed says which failed, if that matters."""
    with task(params, context, "oauth_client_usage") as current:
        client_ids = _client_ids(params, context)
        workers = params["concurrency"]
        if not 1 <= workers <= MOST_WORKERS:
            raise InvalidArgument(f"concurrency must be from 1 to {MOST_WORKERS}, not {workers}")
        query = current.query = build(params, "client", context.clock.today(), params["report"])
        current.check_storable(query)
        current.connect(workers)
        current.progress.clients = len(client_ids)
        usage = current.usage()
        clients: list[dict[str, Any]] = [{"client_id": client_id} for client_id in client_ids]
        totals = Totals(query.metrics)

        def done(number: int, outcome: Collected | UsageError) -> None:
            clients[number] = _client(client_ids[number], outcome)
            current.progress.client()
            if isinstance(outcome, UsageError):
                if is_fatal(outcome):
                    raise outcome
            else:
                current.merge(totals, outcome)

        jobs = (lambda c=client_id: current.collect(usage, query, c) for client_id in client_ids)
        try:
            run_all(jobs, workers, current.context.clock, done)
        except UsageError as error:
            known = [_cut_off(current, client) for client in clients]
            error.partial = {"clients": known, **error.partial}
            raise
        return _result(current, clients, totals, {"query": query.as_dict()})


def _client_ids(params: Params, context: Context) -> list[str]:
    given = params["client_ids"] or []
    client_ids = list(dict.fromkeys(given))
    if not client_ids:
        raise InvalidArgument("client_ids is empty: name at least one OAuth client (oauth_client_info lists them)")
    if not all(isinstance(client_id, str) and client_id.strip() for client_id in client_ids):
        raise InvalidArgument("client_ids has an empty id")
    if len(client_ids) < len(given):
        context.warn("client_ids names some clients more than once; each is asked and counted once")
    return client_ids


def _client(client_id: str, outcome: Collected | UsageError) -> dict[str, Any]:
    if isinstance(outcome, UsageError):
        begun = {"execution": outcome.execution, "executions": [], **outcome.partial}
        return {"client_id": client_id, "client_name": None, **begun, "error": outcome.failure()}
    return {"client_id": client_id, "client_name": outcome.client_name, **outcome.result(), "error": None}


def _cut_off(current: Task, client: dict[str, Any]) -> dict[str, Any]:
    """The entry of a client as the end of the whole task left it, with the executions that go on on the server."""
    if "error" in client:
        return client
    begun = current.begun.get(client["client_id"])
    executions = begun.described() if begun else {"execution": None, "executions": []}
    return {"client_id": client["client_id"], "client_name": None, **executions, "error": None}


def _result(current: Task, clients: list[dict[str, Any]], totals: Totals, more: dict[str, Any]) -> dict[str, Any]:
    failed = [client["client_id"] for client in clients if client["error"]]
    result = {
        **current.result(),
        "clients": clients,
        "failed_clients": failed,
        **more,
    }
    answered = [client for client in clients if "row_count" in client]
    if answered:
        result["row_count"] = totals.rows
    # Where days of a client were left out, because the store has them, sums would look like those of all days.
    if answered and all("totals" in client for client in answered):
        result["totals"] = totals.as_dict()
    if failed:
        first = next(client["error"] for client in clients if client["error"])
        error = ClientsFailed(
            f"{len(failed)} of {len(clients)} OAuth clients failed: {_some(failed)}. The first: {first['message']}",
            status=first["status"],
            code=first["code"],
            correlation_id=first["correlation_id"],
        )
        error.partial = result
        if current.params["fail_on_client_error"]:
            raise error
        current.shortfall = error
    return result


def _some(names: list[str]) -> str:
    shown = 10
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
