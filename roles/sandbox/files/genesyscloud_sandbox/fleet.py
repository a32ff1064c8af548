# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets of organizations made from a seed."""

from __future__ import annotations

import random
from datetime import date

from .model import Client, Fleet, Kind, Organization, stable_id
from .names import CLIENT_NAMES, organization_title, slug

GRANT_TYPES = ("CLIENT-CREDENTIALS", "CLIENT-CREDENTIALS", "CLIENT-CREDENTIALS", "CODE", "SAML2-BEARER", "TOKEN")
SCOPES = ("analytics:readonly", "routing", "users:readonly", "conversations", "outbound")
COLLECTOR = "Usage collector"


def make_fleet(
    organizations: int = 12,
    clients: tuple[int, int] = (5, 40),
    days: int = 90,
    seed: int = 7,
    today: date | None = None,
    broken: bool = False,
) -> Fleet:
    """A fleet that depends on its arguments alone.

    clients: fewest and most OAuth clients an organization has, the collector's own included.
    days: complete days of traffic that exist, counted back from yesterday.
    broken: the last two organizations are one that nobody can reach and one whose credentials lack permission.
    """
    if organizations < (2 if broken else 1):
        raise ValueError("a fleet needs an organization, and two when it has broken ones")
    if not 1 <= clients[0] <= clients[1]:
        raise ValueError("clients must be (fewest, most), with 1 <= fewest <= most")
    made = []
    for index in range(organizations):
        kind: Kind = "ok"
        if broken and index >= organizations - 2:
            kind = "unreachable" if index == organizations - 2 else "forbidden"
        made.append(_organization(index, clients, days, seed, kind))
    return Fleet(made, today)


def _organization(index: int, clients: tuple[int, int], days: int, seed: int, kind: Kind) -> Organization:
    title = organization_title(index)
    rng = random.Random(f"{seed}/{index}/clients")
    made = Organization(slug(title), title, seed=seed, days=days, kind=kind)
    made.clients = [Client(made.oauthclient_id, COLLECTOR, description="Collects usage", profile="batch", weight=0.05)]
    names = rng.sample(range(len(CLIENT_NAMES)), len(CLIENT_NAMES))
    for number in range(1, rng.randint(*clients)):
        lap, position = divmod(number - 1, len(names))
        name = CLIENT_NAMES[names[position]]
        made.clients.append(_client(rng, made, number, f"{name} {lap + 1}" if lap else name))
    if len(made.clients) > 2:
        # An organization without a stale client or without a client that runs into its limit shows too little.
        busy = made.clients[1]
        busy.profile, busy.state, busy.date_to_delete, busy.weight = "bursty", "active", "", max(1.0, busy.weight)
        made.clients[-1].profile, made.clients[-1].weight = "idle", 0.0
    return made


def _client(rng: random.Random, organization: Organization, number: int, name: str) -> Client:
    profile = rng.choices(("steady", "batch", "bursty", "idle"), (62, 18, 6, 14))[0]
    state = rng.choices(("active", "inactive", "disabled"), (4, 3, 3))[0] if profile == "idle" else "active"
    created = date(2021, 1, 4).toordinal() + rng.randrange(1400)
    modified = created + rng.randrange(300)
    return Client(
        stable_id(organization.seed, organization.name, "client", number),
        name,
        rng.choice(GRANT_TYPES),
        state,
        f"Integration {number} of {organization.title}",
        f"{date.fromordinal(created)}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:07.000Z",
        f"{date.fromordinal(modified)}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:31.000Z",
        "2027-06-30T00:00:00.000Z" if state == "disabled" else "",
        rng.choice((3600, 28800, 86400)),
        tuple(rng.sample(SCOPES, 2)),
        profile,
        0.0 if profile == "idle" else rng.lognormvariate(0.0, 1.1),
    )
