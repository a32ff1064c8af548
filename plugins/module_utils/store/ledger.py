# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who was asked and what came of it, whose rows are kept under which name, and which OAuth clients there are.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import IdentityMismatch
from ..rows import CLIENT_FIELDS
from .connection import Store
from .writer import Slice

_CLIENT = (
    f"INSERT INTO oauth_client (organization, client_id, {', '.join(CLIENT_FIELDS)}, first_seen, last_seen) "
    f"VALUES ({', '.join('?' * (len(CLIENT_FIELDS) + 4))}) ON CONFLICT (organization, client_id) DO UPDATE SET "
    + ", ".join(f"{n} = excluded.{n}" for n in (*CLIENT_FIELDS, "last_seen"))
)

_OUTCOME_FIELDS = (
    "run_id organization task service grouping outcome kind message correlation_id first_day last_day row_count "
    "api_calls at"
).split()

_OUTCOME = (
    f"INSERT INTO run_organization ({', '.join(_OUTCOME_FIELDS)}) VALUES ({', '.join('?' * len(_OUTCOME_FIELDS))}) "
    "ON CONFLICT (run_id, organization, task, service, grouping) DO UPDATE SET "
    + ", ".join(f"{n} = excluded.{n}" for n in _OUTCOME_FIELDS[5:] if n != "api_calls")
    # A relaunch repeats a task: its calls come on top, its outcome replaces the former one.
    + ", api_calls = run_organization.api_calls + excluded.api_calls"
)


# What failed before it was known what is asked has no grouping: it is over once the same task gets further.
_OVERCOME = (
    "DELETE FROM run_organization WHERE run_id = ? AND organization = ? AND task = ? AND outcome = 'failed' "
    "AND grouping = '' AND api_calls = 0 AND grouping <> ?"
)


@dataclass(frozen=True)
class Outcome:
    """What came of one task for one organization. ``kind`` and ``message`` are those of the failure.

    ``submitted`` is for executions that were begun and not waited for: of those nothing is collected yet.
    """

    run_id: str
    organization: str
    task: str
    service: str
    grouping: str = ""
    submitted: bool = False
    kind: str | None = None
    message: str | None = None
    correlation_id: str | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None
    row_count: int = 0
    api_calls: int = 0


def collected_days(store: Store, piece: Slice) -> set[datetime.date]:
    """The days of a slice that were collected before."""
    found = store.execute(
        "SELECT day FROM coverage WHERE organization = ? AND service = ? AND grouping = ? AND scope = ?",
        (piece.organization, piece.service, piece.grouping, piece.scope),
    )
    return {datetime.date.fromisoformat(row[0]) for row in found}


def claim(store: Store, organization: str, organization_id: str, name: str) -> list[str]:
    """Bind a label to an organization's id, and return the other labels that have the same id.

    Raises IdentityMismatch where the label already stands for another organization: their figures must not meet.
    """
    now = store.clock.now()
    with store.transaction():
        store.lock(organization)
        known = store.execute(
            "SELECT organization_id FROM organization WHERE organization = ?", (organization,)
        ).fetchone()
        if known and known[0] and known[0] != organization_id:
            raise IdentityMismatch(
                f"In the store {organization!r} is the organization {known[0]}, but these credentials belong to "
                f"{name!r} ({organization_id}). Nothing was stored; check the credentials, or use another label"
            )
        store.execute(
            "INSERT INTO organization (organization, organization_id, name, first_seen, last_seen) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (organization) DO UPDATE SET "
            "organization_id = excluded.organization_id, name = excluded.name, last_seen = excluded.last_seen",
            (organization, organization_id, name, now, now),
        )
        others = store.execute(
            "SELECT organization FROM organization WHERE organization_id = ? AND organization <> ? ORDER BY 1",
            (organization_id, organization),
        ).fetchall()
    return [row[0] for row in others]


def _storable(text: str | None) -> str | None:
    """Text without what a database refuses: a failure must not be lost because of how it is put."""
    return text and text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def record(store: Store, outcome: Outcome) -> None:
    """Write down what came of a task, so that "never collected" never looks like "no traffic"."""
    now = store.clock.now()
    with store.transaction():
        store.execute(
            "INSERT INTO collection_run (run_id, started_at, last_at) VALUES (?, ?, ?) "
            "ON CONFLICT (run_id) DO UPDATE SET last_at = excluded.last_at",
            (outcome.run_id, now, now),
        )
        store.execute(_OVERCOME, (outcome.run_id, outcome.organization, outcome.task, outcome.grouping))
        store.execute(
            _OUTCOME,
            (
                outcome.run_id,
                outcome.organization,
                outcome.task,
                outcome.service,
                outcome.grouping,
                "failed" if outcome.kind else "submitted" if outcome.submitted else "collected",
                outcome.kind,
                _storable(outcome.message),
                _storable(outcome.correlation_id),
                outcome.first and outcome.first.isoformat(),
                outcome.last and outcome.last.isoformat(),
                outcome.row_count,
                outcome.api_calls,
                now,
            ),
        )


def keep_clients(store: Store, organization: str, clients: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Keep the list of OAuth clients: what is new, what has other fields, and the rest. None is ever deleted."""
    now = store.clock.now()
    counts = {"inserted": 0, "updated": 0, "unchanged": 0}
    with store.transaction():
        store.lock(organization)
        known = {
            row[0]: tuple(row[1:])
            for row in store.execute(
                f"SELECT client_id, {', '.join(CLIENT_FIELDS)} FROM oauth_client WHERE organization = ?",
                (organization,),
            )
        }
        for client in clients:
            fields = tuple(client.get(name) for name in CLIENT_FIELDS)
            had = known.get(client["client_id"])
            counts["inserted" if had is None else "unchanged" if had == fields else "updated"] += 1
            store.execute(_CLIENT, (organization, client["client_id"], *fields, now, now))
    return counts
