# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reader sees in the page is what is in the store: cells are read in the browser, and added up again here."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chromium import Opened
from demo_report import ALLOWANCE
from fakes import TODAY, FakeTime, day

from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.reader import Selection, columns, rows

if TYPE_CHECKING:
    from .conftest import Open, Report

PERIOD = 30
SELECTION = Selection("query", "client_id,template_uri")
FAILED = {"bluefjord-emea", "cobalt-bank-nordics"}


def stored(demo: Report, first: int = PERIOD, last: int = 1) -> list[dict[str, Any]]:
    """Every row of the days between two, counted back from today."""
    window = Selection(SELECTION.service, SELECTION.grouping, first=day(first), last=day(last))
    with open_store(demo.store, None, FakeTime().clock) as store:
        return [dict(zip(columns(window), row, strict=True)) for row in rows(store, window)]


def sums(found: Iterable[dict[str, Any]], by: str, metric: str = "requests") -> Counter[str]:
    added: Counter[str] = Counter()
    for row in found:
        added[str(row[by])] += row[metric]
    return added


def share(part: int, whole: int, digits: int = 2) -> str:
    return f"{part / whole:.{digits}%}"


def table(watched: Opened, caption: str) -> list[list[str]]:
    """What is read in the cells of the body of a table, whose caption has these words; the first line of each."""
    found = watched.page.locator(f"table:has(caption:has-text('{caption}'))")
    lines: list[list[str]] = found.locator("tbody").evaluate(
        "body => [...body.rows].map(row => [...row.cells].map(cell => cell.innerText.trim().split('\\n')[0].trim()))"
    )
    return lines


def cards(watched: Opened) -> dict[str, str]:
    """The key figures, by their labels, with what stands below them."""
    found: list[list[str]] = watched.page.locator(".cards li").evaluate_all(
        "all => all.map(card => ['.label', '.value', '.more'].map(part => card.querySelector(part).innerText.trim()))"
    )
    return {label: " ".join(f"{value} {more}".split()) for label, value, more in found}


def test_key_figures_are_the_stores(demo: Report, visit: Open) -> None:
    now, before = stored(demo), stored(demo, 2 * PERIOD, PERIOD + 1)
    whole, was = (sum(row["requests"] for row in found) for found in (now, before))
    throttled = sum(row["status429"] for row in now)
    with visit(demo.url) as watched:
        shown = cards(watched)
        assert shown["Requests"].startswith(f"{whole:,} {(whole - was) / was:+.1%}".replace("-", "\u2212"))
        assert shown["Throttled (429)"].startswith(f"{throttled:,} {share(throttled, whole)} ")
        for label, metric in {"4xx": "status400", "5xx": "status500"}.items():
            part = sum(row[metric] for row in now)
            assert shown[label].startswith(f"{share(part, whole)} {part:,} requests")
        assert shown["Active organizations"] == "10 of 12"


def test_what_was_not_collected_is_said_first(demo: Report, visit: Open) -> None:
    with visit(demo.url) as watched:
        assert watched.page.locator("main h2").first.inner_text() == "10 of 12 organizations collected, 2 not at all"
        said = watched.page.locator("main section").first.inner_text()
        assert all(name in said for name in FAILED)
        header = watched.page.locator("header").inner_text()
        assert f"{day(PERIOD)} to {day(1)}" in header
        assert f"{day(2 * PERIOD)} to {day(PERIOD + 1)}" in header


def test_days_and_organizations_are_the_stores(demo: Report, visit: Open) -> None:
    now = stored(demo)
    days = sums(now, "date")
    organizations, throttled = sums(now, "organization"), sums(now, "organization", "status429")
    with visit(demo.url) as watched:
        watched.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        shown = {line[0]: line[-1] for line in table(watched, "Requests a day, by organization")}
        assert shown == {name: f"{requests:,}" for name, requests in days.items()}
        lines = {line[0]: line[1:] for line in table(watched, "Organizations, the busiest first")}
        assert list(lines)[:10] == [name for name, _requests in organizations.most_common()]
        assert set(list(lines)[10:]) == FAILED
        for name, requests in organizations.items():
            assert lines[name][0] == f"{requests:,}"
            assert lines[name][2:4] == [f"{throttled[name]:,}", share(throttled[name], requests)]
            assert lines[name][-1] == "all 30 days"
        for name in FAILED:
            assert lines[name] == ["\u2013"] * 6 + ["0 of 30 days"]


def test_an_allowance_is_used_as_far_as_the_store_says(demo: Report, visit: Open) -> None:
    used = sums(stored(demo, (TODAY - datetime.timedelta(days=1)).day), "organization")
    with visit(demo.url) as watched:
        lines = {line[0]: line[1:] for line in table(watched, "Requests in the billing period")}
    assert lines.keys() == used.keys()
    for name, requests in used.items():
        assert lines[name][0] == f"{requests:,}"
        assert lines[name][2:4] == [f"{ALLOWANCE:,}", share(requests, ALLOWANCE, 1)]


def test_clients_and_endpoints_are_the_stores(demo: Report, visit: Open) -> None:
    now = stored(demo)
    names = {row["client_id"]: row["client_name"] for row in now}
    for name in ("northwind-apac", "initrode-benelux", *FAILED):
        (file,) = (path for path in demo.files if path.name.startswith(name))
        with visit(file.as_uri()) as watched:
            organization = watched.page.locator("h1").inner_text()
            own = [row for row in now if row["organization"] == organization]
            if organization in FAILED:
                assert own == []
                assert watched.page.locator(".cards").count() == 0
                continue
            whole = sum(row["requests"] for row in own)
            clients = [[line[0], line[1]] for line in table(watched, "with requests")]
            expected = sums(own, "client_id").most_common(10)
            assert clients == [[names[client], f"{requests:,}"] for client, requests in expected]
            endpoints = table(watched, "of rows grouped by")
            expected = sums(own, "template_uri").most_common(10)
            assert [line[:3] for line in endpoints] == [
                [uri, f"{requests:,}", share(requests, whole, 1)] for uri, requests in expected
            ]
