# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the store to what a report says of one organization, by its rows.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..intervals import Span
from ..store.connection import Store
from ..store.fleet import listed_clients
from ..store.history import Subject, subjects
from ..store.reader import Selection
from .figures import Sums
from .model import Absent, Detail, Fleet, Line, Organization

BY_CLIENT = ("client_id", "client_name")
"""What clients are told apart by: the first of these that rows were grouped by."""


def details(store: Store, fleet: Fleet) -> Iterator[Detail]:
    """The details of each organization of a fleet, one after the other: only one of them is in memory."""
    for organization in fleet.organizations:
        yield _detail(store, fleet, organization)


def client_dimension(fleet: Fleet) -> str | None:
    return next((name for name in BY_CLIENT if name in fleet.group_by), None)


def _detail(store: Store, fleet: Fleet, organization: Organization) -> Detail:
    endpoints = None
    if fleet.endpoint_group_by:
        found = _subjects(store, fleet, organization, fleet.endpoint_group_by, "template_uri", fleet.span)
        endpoints = _lines(found, {}, comparable=False)
    dimension = client_dimension(fleet)
    if dimension is None:
        return Detail(organization, endpoints=endpoints)
    now = _subjects(store, fleet, organization, fleet.group_by, dimension, fleet.span)
    earlier = {
        one.key[0]: one for one in _subjects(store, fleet, organization, fleet.group_by, dimension, fleet.before)
    }
    clients = _lines(now, earlier, organization.comparable)
    active = {line.key for line in clients}
    new = vanished = unused = None
    if organization.comparable:
        new = [line for line in clients if line.key not in earlier]
        gone = [one for key, one in earlier.items() if key not in active]
        vanished = [Absent(one.key[0], one.name, one.figures[0], one.last) for one in gone]
        vanished.sort(key=lambda one: (-one.requests, one.key))
    if organization.state == "complete" and dimension == "client_id":
        unused = _unused(store, organization.name, active)
    return Detail(organization, clients, endpoints, new, vanished, unused)


def _subjects(
    store: Store, fleet: Fleet, organization: Organization, group_by: tuple[str, ...], dimension: str, span: Span
) -> list[Subject]:
    first, last = (day.isoformat() for day in span)
    window = Selection(fleet.service, ",".join(group_by), "", organization.name, first, last)
    return list(subjects(store, window, [dimension]))


def _lines(found: list[Subject], earlier: dict[str, Subject], comparable: bool) -> list[Line]:
    lines = []
    for one in found:
        key = one.key[0]
        was = earlier.get(key)
        before = (was.figures[0] if was else 0) if comparable else None
        lines.append(Line(key, one.name, Sums(*one.figures), one.last, before))
    return sorted(lines, key=lambda line: (-line.sums.requests, line.key))


def _unused(store: Store, organization: str, active: set[str]) -> list[Absent] | None:
    """Clients that could sign in and made no request; None where the organization's clients were never listed."""
    listed = listed_clients(store, organization)
    if not listed:
        return None
    idle = [one for one in listed.values() if one.current and one.client_id not in active]
    return [Absent(one.client_id, one.name) for one in sorted(idle, key=lambda one: one.client_id)]
