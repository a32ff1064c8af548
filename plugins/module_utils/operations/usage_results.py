# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of executions that were submitted before.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidArgument, UsageError
from ..pool import run_all
from ..query import Query, asked_before, build, unknown
from ..rows import Totals
from ..services import SERVICES, Scope
from ..usage import Execution
from .collected import Collected
from .context import Context, Params
from .task import is_fatal, task

WORKERS = 8
"""Threads that read a list of executions."""


def usage_results(params: Params, context: Context) -> dict[str, Any]:
    """Wait for executions and return or store their rows. With a list all are attempted before any error is raised."""
    with task(params, context, "usage_results") as current:
        single = params.get("executions") is None
        begun = [_one(params, context)] if single else _many(params)
        for execution in begun:
            current.check_storable(execution.query)
        spans = [execution.query.span for execution in begun if execution.query.span]
        span = (min(first for first, _last in spans), max(last for _first, last in spans)) if spans else None
        current.query = dataclasses.replace(begun[0].query, span=span)
        current.connect(1 if single else WORKERS)
        usage = current.usage()
        outcomes: list[Collected | UsageError | None] = [None] * len(begun)
        totals = Totals(begun[0].query.metrics)

        def done(number: int, outcome: Collected | UsageError) -> None:
            outcomes[number] = outcome
            if isinstance(outcome, UsageError):
                if single or is_fatal(outcome):
                    raise outcome
            else:
                current.merge(totals, outcome)

        jobs = (lambda e=execution: current.go_on(usage, e) for execution in begun)
        run_all(jobs, 1 if single else WORKERS, current.context.clock, done)
        results = [_entry(execution, outcome) for execution, outcome in zip(begun, outcomes, strict=True)]
        if single:
            del results[0]["error"]  # It would have been raised.
            return {**current.result(), **results[0], "query": begun[0].query.as_dict()}
        result = {**current.result(), "executions": results}
        read = [outcome for outcome in outcomes if isinstance(outcome, Collected)]
        if read and all(outcome.complete for outcome in read) and _can_be_added(begun):
            result |= {"row_count": totals.rows, "totals": totals.as_dict()}
        _raise_first(outcomes, result)
        return result


def _entry(execution: Execution, outcome: Collected | UsageError | None) -> dict[str, Any]:
    if isinstance(outcome, Collected):
        result = outcome.result()
        del result["executions"]
        return {**result, "error": None}
    return {"execution": execution.as_dict(), "error": outcome.failure() if outcome else None}


def _can_be_added(executions: list[Execution]) -> bool:
    """Whether no request can be counted by two of the executions: other OAuth clients, or other days of the same."""
    if len(executions) == 1:
        return True
    if len({execution.query.scope for execution in executions}) > 1:
        return False
    seen: set[tuple[str | None, datetime.date]] = set()
    for execution in executions:
        days = {(execution.client_id, day) for day in execution.query.days}
        if not days or days & seen:
            return False
        seen |= days
    return True


def _raise_first(outcomes: list[Collected | UsageError | None], result: Mapping[str, Any]) -> None:
    errors = [outcome for outcome in outcomes if isinstance(outcome, UsageError)]
    if errors:
        error = errors[0]
        if len(outcomes) > 1:
            error.message = f"{len(errors)} of {len(outcomes)} executions failed. The first: {error.message}"
        error.partial = result
        raise error


def _one(params: Params, context: Context) -> Execution:
    execution_id, client_id = params.get("execution_id"), params.get("client_id")
    if not execution_id:
        raise InvalidArgument("Give execution_id (with client_id for a client's execution), or executions")
    scope: Scope = "client" if client_id else "organization"
    asked = any(params.get(name) for name in ("interval", "days", "granularity", "group_by"))
    if asked and params.get("days") and params.get("store"):
        # By the time of reading these may be other days than those that were asked for.
        raise InvalidArgument("To store an execution by its id, give the interval that it was asked for, not days")
    if asked and params.get("store") and not params.get("group_by"):
        # By another grouping than the service's own, rows would be kept as what they are not.
        raise InvalidArgument("To store an execution by its id, give group_by, as it was asked for")
    if asked:
        query = build(params, scope, context.clock.today())
    else:
        query = unknown(SERVICES[params["service"]], scope, params.get("metrics"), params["verify_sums"])
    return Execution(query, execution_id, client_id)


def _many(params: Params) -> list[Execution]:
    if params.get("execution_id") or params.get("client_id"):
        raise InvalidArgument("executions excludes execution_id and client_id")
    if not params["executions"]:
        raise InvalidArgument("executions is empty: give what usage_query or oauth_client_usage returned as execution")
    found: dict[tuple[str | None, str], Execution] = {}
    for given in params["executions"]:
        execution = _resumed(given, params["verify_sums"])
        found[(execution.client_id, execution.id)] = execution
    queries = [execution.query for execution in found.values()]
    if len({query.metrics for query in queries}) > 1 or len({query.service.name for query in queries}) > 1:
        raise InvalidArgument("executions of different services or metrics cannot be added up: read them in two tasks")
    return list(found.values())


def _resumed(given: Any, verify_sums: bool) -> Execution:
    # What a task returned for a client carries the execution inside; both forms are taken.
    inner = given.get("execution") if isinstance(given, Mapping) else None
    described = inner if isinstance(inner, Mapping) else given
    execution_id = described.get("id") if isinstance(described, Mapping) else None
    if not isinstance(execution_id, str) or not execution_id:
        raise InvalidArgument("executions: an entry has no id; give what usage_query or oauth_client_usage returned")
    client_id = described.get("client_id")
    scope: Scope = "client" if client_id else "organization"
    query: Query
    if isinstance(described.get("query"), Mapping):
        query = asked_before(described["query"], scope, verify_sums)
    else:
        name = str(described.get("service") or "query")
        if name not in SERVICES:
            raise InvalidArgument(f"executions: there is no service {name!r}; there are {', '.join(SERVICES)}")
        query = unknown(SERVICES[name], scope, None, verify_sums)
    return Execution(query, execution_id, client_id)
