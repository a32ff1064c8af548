# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The store itself: create or migrate it, prune it, export from it, sum it up.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from typing import IO, Any

from ..errors import InvalidArgument
from ..export import write_csv, write_json, write_jsonl
from ..files import FileChange, replace
from ..intervals import asked_days
from ..rows import METRIC_NAMES
from ..store import reader, schema
from ..store.connection import Store
from ..store.ledger import Outcome, record
from ..store.opening import open_store
from .context import Context, Params


def usage_store(params: Params, context: Context) -> dict[str, Any]:
    """Carry out what the options of the task ask for, in this order: schema, note, prune, export, summary."""
    if not params.get("store"):
        raise InvalidArgument("store is missing: set the option, or the environment variable GENESYSCLOUD_USAGE_STORE")
    if (params["state"] == "pruned") != (params.get("keep_days") is not None):
        raise InvalidArgument("state: pruned and keep_days go together: neither says anything without the other")
    store = open_store(params["store"], params.get("store_password"), context.clock, context.check_mode)
    # In check mode all of it is one transaction that is rolled back, so that each step sees what the former would do.
    with store, store.transaction() if context.check_mode else nullcontext():
        result: dict[str, Any] = {"changed": store.migrated_from < schema.CURRENT, "schema_version": schema.CURRENT}
        if params.get("note_failure"):
            _note(store, params)
        if params.get("keep_days") is not None:
            result["pruned"] = _prune(store, params["keep_days"], context.clock.today())
            result["changed"] |= any(result["pruned"].values())
        with store.snapshot():
            if params.get("export"):
                change, result["exported"] = _export(store, params["export"], context)
                result["changed"] |= change.changed
                result["diff"] = _diff(change, params["export"]["dest"])
            if params.get("summary"):
                result["summary"] = _summary(store, params["summary"], params.get("run_id"), context)
            return {**result, **reader.size(store)}


def _note(store: Store, params: Params) -> None:
    note = params["note_failure"]
    if not params.get("run_id") or not params.get("organization"):
        raise InvalidArgument("note_failure needs run_id and organization")
    record(
        store,
        Outcome(params["run_id"], params["organization"], note["task"], "", kind=note["kind"], message=note["reason"]),
    )


def _prune(store: Store, keep_days: int, today: datetime.date) -> dict[str, int]:
    if not 1 <= keep_days <= 36_500:
        raise InvalidArgument(f"keep_days must be from 1 to 36500, not {keep_days}")
    return reader.prune(store, (today - datetime.timedelta(days=keep_days)).isoformat())


def _selection(store: Store, wanted: dict[str, Any], today: datetime.date) -> reader.Selection:
    organization, scope = wanted.get("organization"), wanted.get("client_id") or ""
    service, grouping = reader.choose(store, wanted.get("service"), wanted.get("group_by"), organization, scope)
    if wanted.get("interval") is None and wanted.get("days") is None:
        return reader.Selection(service, grouping, scope, organization)
    first, last = asked_days(wanted.get("interval"), wanted.get("days"), today)
    return reader.Selection(service, grouping, scope, organization, first.isoformat(), last.isoformat())


def _export(store: Store, wanted: dict[str, Any], context: Context) -> tuple[FileChange, dict[str, Any]]:
    selection = _selection(store, wanted, context.clock.today())
    columns = reader.columns(selection)
    count, totals = reader.totals(store, selection)
    days = reader.covered(store, selection)
    head = {
        "schema": "genesyscloud.usage/rows/1",
        "service": selection.service,
        "group_by": selection.group_by,
        "organization": selection.organization,
        "client_id": selection.scope or None,
        "first_day": days[0],
        "last_day": days[1],
        "row_count": count,
        "totals": totals,
    }

    def write(stream: IO[str]) -> None:
        found = reader.rows(store, selection)
        if wanted["format"] == "csv":
            write_csv(stream, columns, found)
        elif wanted["format"] == "jsonl":
            write_jsonl(stream, columns, found)
        else:
            write_json(stream, head, columns, found)

    change = replace(wanted["dest"], write, 0o600, context.check_mode)
    return change, {"dest": wanted["dest"], "format": wanted["format"], **head}


def _diff(change: FileChange, dest: str) -> dict[str, str]:
    return {"before": change.before, "after": change.after, "before_header": dest, "after_header": dest}


def _summary(store: Store, wanted: dict[str, Any], run_id: str | None, context: Context) -> dict[str, Any]:
    """Sums over the organizations of one service and grouping, and what came of a run."""
    top = wanted["top"]
    if not 1 <= top <= 1000:
        raise InvalidArgument(f"top must be from 1 to 1000, not {top}")
    run, outcomes = reader.outcomes(store, run_id)
    if run_id and not outcomes:
        latest = reader.outcomes(store, None)[0]
        raise InvalidArgument(f"The store {store.where} has no run {run_id!r}; its latest is {latest!r}")
    summary: dict[str, Any] = {
        "run_id": run,
        "failed": [entry for entry in outcomes if entry["outcome"] == "failed"],
        "api_calls": sum(int(entry["api_calls"]) for entry in outcomes),
        "organizations": [],
        "totals": dict.fromkeys(METRIC_NAMES, 0),
    }
    if not reader.size(store)["days"]:
        return summary
    selection = _selection(store, wanted, context.clock.today())
    summary["service"], summary["group_by"] = selection.service, selection.group_by
    summary["organizations"] = reader.by_organization(store, selection)
    summary["totals"] = reader.totals(store, selection)[1]
    if "client_id" in selection.group_by:
        summary["top_clients"] = reader.busiest(store, selection, ("organization", "client_id"), top)
    if "template_uri" in selection.group_by:
        summary["top_template_uris"] = reader.busiest(store, selection, ("template_uri",), top)
    return summary
