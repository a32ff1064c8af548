# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The structure of the pages, and their figures against those that are in the store."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, day, row
from reports import Element, failed, kept, listed, page, report, steady

from ansible_collections.genesyscloud.usage.plugins.module_utils.report.names import slug


@pytest.fixture
def filled(store_url: str, time: FakeTime) -> str:
    """acme grew, has a new, a vanished and an unused client; globex lacks two days; lost was never collected."""
    rows = [
        *steady("c1", 100),
        *[row(day(ago), "c2", 0, client_name="Second", status400=20, status429=15) for ago in range(1, 11)],
        *[row(day(ago), "gone", 7, client_name="Gone") for ago in range(31, 61)],
    ]
    kept(store_url, time, "acme", rows)
    listed(
        store_url,
        time,
        "acme",
        {"c1": "active", "c2": "active", "idle": "active", "off": "inactive", "shut": "disabled"},
    )
    kept(store_url, time, "globex", steady("g1", 10), days=40, upto=12)
    kept(store_url, time, "globex", steady("g1", 10), days=9, upto=1, execution="e-late")
    failed(store_url, time, "lost", "permission", "HTTP 403: not allowed")
    return store_url


@pytest.fixture
def made(filled: str, time: FakeTime, tmp_path: Path) -> Element:
    given: dict[str, Any] = {"allowance": 4000, "allowances": {"globex": 100}}
    return page(report(filled, time, tmp_path / "report.html", **given)["dest"])


def test_coverage_is_the_first_thing_and_names_everybody_who_is_missing(made: Element) -> None:
    assert made.all("h2")[0].attributes["id"] == "coverage"
    assert made.by_id("coverage").text == "1 of 3 organizations collected, 1 in part, 1 not at all"
    (section,) = made.all("section", lambda one: one.attributes.get("aria-labelledby") == "coverage")
    assert [item.text for item in section.all("li")] == [
        f"globex : 28 of 30 days collected. Not: {day(11)} to {day(10)}.",
        "lost : 0 of 30 days collected. permission: HTTP 403: not allowed",
    ]


def test_figures_are_those_of_the_store(made: Element) -> None:
    cards = {card.all("span")[0].text: card for card in made.all("li")[2:7]}
    assert cards["Requests"].all("span")[1].text == f"{100 * 30 + 20 * 10 + 10 * 28:,}"
    assert cards["Throttled (429)"].all("span")[1].text == "150"
    # Only acme has all days of both periods: 3,200 against 3,210.
    assert cards["Requests"].all("span")[2].text == "\u22120.3% against the period before"
    table = {one["Organization"]: one for one in made.table("Organizations, the busiest")}
    assert list(table) == ["acme", "globex", "lost"]
    assert (table["acme"]["Requests"], table["acme"]["429"], table["acme"]["Change"]) == ("3,200", "150", "\u22120.3%")
    assert (table["globex"]["Requests"], table["globex"]["Change"]) == ("280", "\u2013")
    assert table["lost"]["Requests"] == "\u2013"
    statuses = {one["Status"]: one["Requests"] for one in made.table("Requests by status; 429 is part of 4xx")}
    assert statuses == {"2xx": "3,280", "3xx": "0", "4xx": "200", "429": "150", "5xx": "0"}


def test_days_without_collection_are_not_days_without_requests(made: Element) -> None:
    days = {one["Day"]: one for one in made.table("Requests a day, by organization")}
    assert len(days) == 30
    assert days[day(10)]["globex"] == days[day(11)]["globex"] == "not collected"
    assert days[day(10)]["All"] == "120 without 1 not collected"
    assert days[day(1)]["All"] == "130"


def test_clients_that_come_go_and_idle_are_told_apart(made: Element) -> None:
    acme = made.by_id(slug("acme"))
    busiest = {one["Client"]: one for one in acme.table("The busiest of 2 clients")}
    assert busiest["Name of c1 c1"]["Requests"] == "3,000"
    assert busiest["Second c2"]["Requests"] == "200"
    assert [one["Client"] for one in acme.table("Clients with requests in this period and none")] == ["Second c2"]
    (gone,) = acme.table("Clients with requests in the period before")
    assert (gone["Client"], gone["Requests before"], gone["Last day"]) == ("Gone gone", "210", day(31))
    assert [one["Client"] for one in acme.table("Clients that can sign in")] == ["Name of idle idle"]
    worst = acme.table("Clients by 429")
    assert [one["Client"] for one in worst] == ["Second c2"]


def test_the_billing_period_has_its_allowance(made: Element) -> None:
    table = {one["Organization"]: one for one in made.table("Requests in the billing period")}
    # Nine days of March are over.
    assert table["acme"]["So far"] == f"{9 * 100 + 9 * 20:,}"
    assert table["acme"]["Allowance"] == "4,000"
    assert table["acme"]["Used"] == "27.0%"
    assert table["globex"]["Used"] == "90.0%"
    assert "lost" not in table


def test_every_figure_can_be_traced(made: Element) -> None:
    globex = made.by_id(slug("globex"))
    facts = {pair.all("dt")[0].text: pair.all("dd")[0].text for pair in globex.all("div") if pair.all("dt")}
    assert facts["Grouping"] == "client_id"
    assert facts["Usage service"] == "query"
    assert facts["Days"].endswith("28 of 30 days, 28 rows")
    assert {"e-globex", "e-late", "r1"} <= {code.text for code in globex.all("code")}


def test_the_page_is_built_for_everybody(made: Element) -> None:
    (root,) = made.all("html")
    assert root.attributes["lang"] == "en"
    assert [len(made.all(tag)) for tag in ("main", "header", "footer", "h1", "title")] == [1] * 5
    levels = [int(one.tag[1]) for one in made.every() if re.fullmatch("h[1-6]", one.tag)]
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))
    ids = [one.attributes["id"] for one in made.every() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for table in made.all("table"):
        assert len(table.all("caption")) == 1
        assert all(cell.attributes.get("scope") in ("col", "row") for cell in table.all("th"))
    for region in made.all("div", lambda one: one.attributes.get("class") == "scroll"):
        assert (region.attributes["role"], region.attributes["tabindex"]) == ("region", "0")
        assert region.attributes["aria-label"]
    for chart in made.all("svg"):
        assert chart.attributes["role"] == "img"
        assert len(chart.attributes["aria-label"] or "") > 30
    skip = made.all("a")[0]
    assert (skip.attributes["class"], skip.attributes["href"]) == ("skip", "#main")


def test_the_page_loads_nothing_and_its_policy_knows_its_script(made: Element) -> None:
    (policy,) = (
        one.attributes["content"] or ""
        for one in made.all("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    (script,) = made.all("script")
    digest = base64.b64encode(hashlib.sha256("".join(map(str, script.children)).encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert not [one for one in made.every() if "src" in one.attributes]
    assert "url(" not in "".join(map(str, made.all("style")[0].children))


def test_the_busiest_have_charts_and_the_page_says_so(filled: str, time: FakeTime, tmp_path: Path) -> None:
    few = page(report(filled, time, tmp_path / "few.html", charts=1)["dest"])
    assert len(few.all("svg")) == 3 + 1
    assert "Charts are drawn for the 1 busiest organizations." in few.text


def test_long_lists_are_cut_and_the_rest_is_counted(store_url: str, time: FakeTime, tmp_path: Path) -> None:
    rows = [row(day(1), f"c{number:02}", 100 - number) for number in range(30)]
    kept(store_url, time, "acme", rows)
    made = page(report(store_url, time, tmp_path / "report.html", top=4)["dest"])
    assert len(made.table("The busiest of 30 clients")) == 4
    assert "26 more are not shown" in made.text


def test_endpoints_come_from_the_grouping_that_has_them(store_url: str, time: FakeTime, tmp_path: Path) -> None:
    kept(store_url, time, "acme", steady("c1", 10))
    rows = [row(day(ago), "", 4, template_uri=uri) for ago in range(1, 31) for uri in ("/a", "/b")]
    kept(store_url, time, "acme", rows, grouping="template_uri", execution="other")
    made = report(store_url, time, tmp_path / "report.html", group_by=["client_id"])
    assert made["totals"]["requests"] == 300
    found = page(made["dest"]).table("The busiest of 2 endpoints, of rows grouped by template_uri")
    assert {one["Endpoint"]: one["Requests"] for one in found} == {"/a": "120", "/b": "120"}
