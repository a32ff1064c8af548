# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is in the store: the organizations, what came of their latest collections, and their OAuth clients.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from .connection import Store
from .reader import Selection

_OF_CLIENTS, _OF_ORGANIZATIONS = "oauth_client_usage", "usage_query"


@dataclass(frozen=True)
class Failed:
    """A collection that failed, as the ledger has it."""

    organization: str
    run_id: str
    task: str
    kind: str
    message: str
    at: str


@dataclass(frozen=True)
class LastOutcome:
    """What came of the latest task of a kind for one organization. ``at`` is a moment, C(YYYY-MM-DDTHH:MM:SSZ)."""

    organization: str
    task: str
    outcome: str
    kind: str
    message: str
    at: str


@dataclass(frozen=True)
class Listed:
    """An OAuth client in the list of its organization. ``current``: whether it is in the latest edition, and active."""

    client_id: str
    name: str
    created_at: str | None
    current: bool


def everybody(store: Store, scope: str = "", collected: bool = False) -> list[str]:
    """Every organization of which any day was collected, or of which a collection is written down, by name.

    Asked for one OAuth client, or with ``collected``, only those of which any day was collected.
    """
    names = {row[0] for row in store.execute("SELECT DISTINCT organization FROM coverage WHERE scope = ?", (scope,))}
    if not scope and not collected:
        names |= {row[0] for row in store.execute("SELECT DISTINCT organization FROM run_organization")}
    return sorted(names)


def kept(store: Store, scope: str = "") -> list[tuple[str, str]]:
    """The services and groupings of which any day was collected."""
    found = store.execute("SELECT DISTINCT service, grouping FROM coverage WHERE scope = ? ORDER BY 1, 2", (scope,))
    return [(row[0], row[1]) for row in found]


def latest_failures(store: Store, selection: Selection) -> dict[str, Failed]:
    """The organizations whose latest collection failed.

    What is written down without a service or grouping failed before it was known what would be asked, and counts. The
    list of OAuth clients is another matter, and so is usage of single clients where it was not asked for.
    """
    other = _OF_ORGANIZATIONS if selection.scope else _OF_CLIENTS
    values = (selection.service, selection.grouping, other)
    where = (
        "r.service IN (?, '') AND r.grouping IN (?, '') AND r.task <> ? AND r.task <> 'oauth_client_info' "
        "AND r.outcome <> 'submitted'"
    )
    found = store.execute(
        f"SELECT r.organization, r.run_id, r.task, r.kind, r.message, r.at FROM run_organization r JOIN ("
        f"SELECT r.organization AS organization, MAX(r.at) AS at FROM run_organization r WHERE {where} "
        f"GROUP BY r.organization) latest ON latest.organization = r.organization AND latest.at = r.at "
        f"WHERE {where} AND r.outcome = 'failed' ORDER BY r.organization, r.task",
        [*values, *values],
    )
    return {row[0]: Failed(row[0], row[1], row[2], row[3] or "", row[4] or "", row[5]) for row in found}


def last_outcomes(store: Store, service: str) -> list[LastOutcome]:
    """The latest outcome of each task of each organization; of tasks that failed before they had a service too."""
    found = store.execute(
        "SELECT r.organization, r.task, r.outcome, r.kind, r.message, r.at FROM run_organization r JOIN "
        "(SELECT organization, task, MAX(at) AS at FROM run_organization WHERE service IN (?, '') "
        "GROUP BY organization, task) l ON l.organization = r.organization AND l.task = r.task AND l.at = r.at "
        "WHERE r.service IN (?, '') ORDER BY r.organization, r.task, r.outcome",
        (service, service),
    )
    return [LastOutcome(row[0], row[1], row[2], row[3] or "", row[4] or "", row[5]) for row in found]


def has_clients(store: Store) -> bool:
    """Whether any organization's list of OAuth clients was collected."""
    return store.execute("SELECT 1 FROM oauth_client LIMIT 1").fetchone() is not None


def listed_clients(store: Store, organization: str) -> dict[str, Listed]:
    """The OAuth clients that were ever in the organization's list, by id; none where it was never collected."""
    found = store.execute(
        "SELECT client_id, client_name, state, created_at, last_seen FROM oauth_client WHERE organization = ?",
        (organization,),
    ).fetchall()
    latest = max((row[4] for row in found), default="")
    return {
        row[0]: Listed(row[0], row[1] or "", row[3], row[4] == latest and (row[2] or "active").lower() == "active")
        for row in found
    }
