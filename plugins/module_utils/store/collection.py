# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the collecting itself: what came of it last, which groupings there are, which clients were listed.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from .connection import Store


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
class ListedClient:
    """An OAuth client, as it was when the organization's clients were last listed."""

    client_id: str
    name: str
    state: str


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


def groupings(store: Store, service: str) -> list[list[str]]:
    """The groupings in which organizations were collected, those with the fewest dimensions first."""
    found = store.execute("SELECT DISTINCT grouping FROM coverage WHERE service = ? AND scope = ''", (service,))
    return sorted((row[0].split(",") for row in found if row[0]), key=lambda names: (len(names), names))


def listed_clients(store: Store, organization: str) -> list[ListedClient]:
    """The OAuth clients of the latest list of an organization; those that were gone by then are left out."""
    found = store.execute(
        "SELECT client_id, client_name, state FROM oauth_client WHERE organization = ? AND last_seen = "
        "(SELECT MAX(last_seen) FROM oauth_client WHERE organization = ?) ORDER BY client_id",
        (organization, organization),
    )
    return [ListedClient(row[0], row[1] or "", row[2] or "") for row in found]
