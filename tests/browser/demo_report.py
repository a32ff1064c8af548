# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores with a history, and the reports made from them."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from fakes import TODAY, FakeTime, context, credentials, day, defaults, traffic
from genesyscloud_sandbox import Fleet, Organization, Sandbox, make_fleet

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import UsageError
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_gate import usage_gate
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_report import usage_report

DAYS = 90

NASTY = [
    "<script>document.title = 'taken over'</script>",
    '"><img src=https://elsewhere.invalid/x.png onerror="document.title = 1">',
    "</style></script></svg>--><!--]]>&amp;&#60;",
    "a | pipe ` and *stars* _and_ [a link](https://elsewhere.invalid/)",
    "right \u202eto left\u202c, \u0627\u0644\u0639\u0631\u0628\u064a\u0629, \u05e2\u05d1\u05e8\u05d9\u05ea",
    "bell \x07, escape \x1b[31m, new\nline, tab\t.",
    '=HYPERLINK("https://elsewhere.invalid/";"click")',
    "\u65e5\u672c\u8a9e\u306e\u540d\u524d \U0001f600 \u00e5\u00e4\u00f6",
    "one-word-of-300-characters-" + "x" * 273,
]
"""Names as a user may have chosen them, or an attacker."""

ALLOWANCE = 9_000_000
"""Requests a month that an organization may make: some of the demo's need more."""


def demo_fleet() -> Fleet:
    """The fleet of the demo: twelve organizations, two of them broken."""
    return make_fleet(12, days=DAYS, today=TODAY, broken=True)


def nasty_fleet() -> Fleet:
    """Organizations, clients and endpoints with names that nobody should trust."""
    rows = [
        traffic(
            day(offset),
            f"c{number}",
            1000 - number,
            client_name=name,
            status400=number,
            status429=number,
            template_uri=f"api/v2/{name}",
        )
        for number, name in enumerate(NASTY)
        for offset in range(1, 61)
    ]
    return Fleet([Organization(f"nasty{number}", traffic=rows) for number in range(len(NASTY))], TODAY)


def collect(fleet: Fleet, time: FakeTime, store: str, labels: list[str] | None = None) -> None:
    """Collect every organization of a fleet; of the broken ones the store keeps why that failed."""
    with Sandbox(fleet, clock=time.monotonic, today=TODAY) as sandbox:
        for number, organization in enumerate(sandbox.organizations):
            label = labels[number] if labels else organization.name
            given = {**credentials(organization), "organization": label, "store": store, "run_id": "nightly"}
            usage = {"days": DAYS, "granularity": "day", "group_by": ["client_id", "template_uri"]}
            with nullcontext() if organization.kind == "ok" else pytest.raises(UsageError):
                usage_query(defaults(argspec.USAGE_QUERY, **usage, **given), context(time))
                oauth_client_info(defaults(argspec.OAUTH_CLIENT_INFO, **given), context(time))


def write(store: str, dest: str, time: FakeTime) -> Path:
    """Write the report in HTML, with the gate's findings; return its first file.

    A C(dest) that ends with a slash is a folder, in which each organization has its page.
    """
    given = {"store": store, "allowance": ALLOWANCE}
    judged = usage_gate(defaults(argspec.USAGE_GATE, fail=False, **given), context(time))
    made = usage_report(defaults(argspec.USAGE_REPORT, dest=dest, verdict=judged["document"], **given), context(time))
    return Path(made["dest"])
