# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a gate judges: the rows of a task, or a part of the history in a store.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..errors import InvalidArgument
from ..gate.given_rows import load_rows
from ..rows import METRIC_NAMES
from ..services import QUERY
from ..store import fleet, history, reader
from ..store.connection import Store
from ..store.fleet import Failed
from ..store.opening import open_filled_store
from ..store.reader import Selection
from .context import Context, Params


@dataclass(frozen=True)
class Source:
    """A store and what to judge in it. ``first`` is the first day that the query of rows asked for."""

    store: Store
    selection: Selection
    organizations: Sequence[str]
    clients: bool
    failures: Mapping[str, Failed] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset(METRIC_NAMES)
    days_known: bool = True
    first: datetime.date | None = None


@contextmanager
def source(params: Params, context: Context) -> Iterator[Source]:
    """The rows, where there are any, and else the store, in one state whatever others write meanwhile."""
    if params.get("rows") is not None:
        with _rows(params, context) as found:
            yield found
        return
    if not params.get("store"):
        raise InvalidArgument(
            "There is nothing to judge: give rows, or a store with the option or the environment variable "
            "GENESYSCLOUD_USAGE_STORE"
        )
    store = open_filled_store(params["store"], params.get("store_password"), context.clock, context.check_mode)
    with store, store.snapshot():
        yield _history(store, params)


@contextmanager
def _rows(params: Params, context: Context) -> Iterator[Source]:
    for name in ("organizations", "expected_organizations", "service", "group_by"):
        if params.get(name):
            raise InvalidArgument(f"{name} is for a store; rows are of one organization, and query says what they are")
    given = load_rows(
        params["rows"],
        params.get("query"),
        params.get("organization"),
        params.get("client_id") or "",
        context.clock,
    )
    with given.store:
        yield Source(
            given.store,
            given.selection,
            [given.selection.organization or ""],
            clients=False,
            metrics=given.metrics,
            days_known=given.span is not None,
            first=given.span[0] if given.span else None,
        )


def _history(store: Store, params: Params) -> Source:
    if params.get("query") is not None:
        raise InvalidArgument("query says what rows answer; with a store, give service and group_by")
    if params.get("organization") and params.get("organizations"):
        raise InvalidArgument("organization and organizations exclude each other; with a store, one is enough")
    scope = params.get("client_id") or ""
    wanted = params.get("organizations") or ([params["organization"]] if params.get("organization") else None)
    service, grouping = _which(store, params, wanted, scope)
    selection = Selection(service, grouping, scope)
    present = set(history.organizations(store, selection))
    names = list(dict.fromkeys(wanted)) if wanted is not None else fleet.everybody(store, scope)
    expected = [name for name in params.get("expected_organizations") or () if name not in present]
    return Source(
        store,
        selection,
        list(dict.fromkeys([*names, *expected])),
        clients=fleet.has_clients(store),
        failures=fleet.latest_failures(store, selection),
    )


def _which(store: Store, params: Params, wanted: Sequence[str] | None, scope: str) -> tuple[str, str]:
    """The service and grouping that are meant. An empty store has none, and a fleet that was never collected is one."""
    service, group_by = params.get("service"), params.get("group_by")
    if not fleet.kept(store, scope):
        return service or QUERY.name, ",".join(group_by or QUERY.operations["organization"].default_group_by)
    only = wanted[0] if wanted is not None and len(wanted) == 1 else None
    if only is not None and only not in fleet.everybody(store, scope, collected=True):
        only = None
    return reader.choose(store, service, group_by, only, scope)
