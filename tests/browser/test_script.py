# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the report's script adds, with the mouse and with the keyboard, and that nothing is lost without it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chromium import DESKTOP, Opened

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import Open, Report

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What CI servers send along with artifacts."""

CELLS = "all => all.map(table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.trim())))"


class _Strict(SimpleHTTPRequestHandler):
    """Serves files as a careful CI server does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Nobody listens."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server of the folder's files; gives its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Strict, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def column(table: Locator, place: int) -> list[float]:
    """The figures of a column, from top to bottom, of the rows that are shown."""
    found: list[float] = table.locator("tbody tr:visible").evaluate_all(
        "(rows, place) => rows.map(row => Number(row.cells[place].dataset.v))", place
    )
    return found


def first_figures(table: Locator) -> int:
    """The first column with figures."""
    place: int = table.evaluate("table => [...table.tBodies[0].rows[0].cells].findIndex(cell => 'v' in cell.dataset)")
    return place


def sortable(watched: Opened) -> Locator:
    """The table with one line for each organization."""
    return watched.page.locator("table:has(caption:has-text('Organizations, the busiest first'))")


def test_a_click_on_a_heading_sorts(demo: Report, visit: Open) -> None:
    with visit(demo.url) as watched:
        table = sortable(watched)
        place = first_figures(table)
        heading = table.locator("thead th").nth(place)
        before = column(table, place)
        assert len(set(before)) > 3

        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        assert column(table, place) == sorted(before, reverse=True)

        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "ascending"
        assert column(table, place) == sorted(before)

        other = table.locator("thead th").first
        other.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") is None
        assert other.get_attribute("aria-sort") == "ascending"
        names = table.locator("tbody tr").evaluate_all("rows => rows.map(row => row.cells[0].textContent.trim())")
        assert names == sorted(names, key=str.lower)


def test_the_keyboard_reaches_the_headings_and_sorts(demo: Report, visit: Open) -> None:
    with visit(demo.url) as watched:
        table = sortable(watched)
        place = first_figures(table)
        heading = table.locator("thead th").nth(place)
        # From the top of the page, as somebody without a mouse gets there.
        for _key in range(200):
            watched.page.keyboard.press("Tab")
            if heading.evaluate("heading => heading.contains(document.activeElement)"):
                break
        else:
            raise AssertionError("200 tabs, and the heading was not reached")
        outline = watched.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "nobody sees where the focus is"

        watched.page.keyboard.press("Enter")
        first = heading.get_attribute("aria-sort")
        watched.page.keyboard.press("Space")
        assert {first, heading.get_attribute("aria-sort")} == {"ascending", "descending"}
        watched.page.keyboard.press("Shift+Tab")
        before = table.locator("thead th").nth(place - 1)
        assert before.evaluate("heading => heading.contains(document.activeElement)")


def test_the_filter_leaves_the_rows_that_have_a_word(demo: Report, visit: Open) -> None:
    with visit(demo.url) as watched:
        field = watched.page.get_by_role("searchbox", name="Only rows with").first
        rows = watched.page.locator(".filter + .scroll table tbody tr")
        names = rows.evaluate_all("rows => rows.map(row => row.cells[0].innerText)")
        shown = rows.locator("visible=true")
        field.fill("Globex")
        assert shown.evaluate_all("rows => rows.map(row => row.cells[0].innerText)") == ["globex-nordics"]
        field.fill("no row has this")
        assert shown.count() == 0
        field.fill("")
        assert shown.count() == len(names) == 12


def test_without_scripts_the_page_is_complete(demo: Report, visit: Open) -> None:
    with served(demo.first.parent) as url:
        for file in (demo.first, demo.files[1]):
            with visit(file.as_uri()) as watched:
                complete = watched.page.locator("table").evaluate_all(CELLS)
                assert watched.page.get_by_role("button").count() > 0
            with visit(f"{url}/{file.relative_to(demo.first.parent)}", DESKTOP) as watched:
                assert watched.page.locator("table").evaluate_all(CELLS) == complete
                # Neither a button that does nothing nor a field, but the charts and the style sheet.
                assert watched.page.locator("button, input, select").count() == 0
                assert watched.page.locator("svg.chart").count() > 0
                assert watched.layout() == []
                assert all(address.startswith(url) for address in watched.requests)
                # The browser says that it did not run the script, and complains about nothing else.
                assert all("script" in complaint for complaint in watched.complaints), watched.complaints


def test_links_lead_to_every_organization_and_back(demo: Report, visit: Open) -> None:
    with visit(demo.url) as watched:
        links = watched.page.locator("main a[href*='.html']").evaluate_all("all => all.map(one => one.href)")
        assert {link.partition("#")[0] for link in links} == {file.as_uri() for file in demo.files[1:]}
        watched.page.goto(links[0])
        watched.page.locator("nav a").first.click()
        assert watched.page.url.partition("#")[0] == demo.url
        anchors = watched.page.locator("a[href^='#']").evaluate_all("all => all.map(one => one.hash.slice(1))")
        assert [name for name in anchors if watched.page.locator(f"[id='{name}']").count() != 1] == []
