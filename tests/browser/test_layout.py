# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report at the widths of a phone, a tablet and a desktop, in the light, in the dark, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import demo_report
import pytest
from chromium import DESKTOP, PHONE, TABLET, Opened, Scheme
from fakes import FakeTime

if TYPE_CHECKING:
    from .conftest import Open, Report

A4 = (595, 842)
"""Points."""

schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
Screenshot = Callable[[Opened, str], None]


def unfold(watched: Opened) -> None:
    """Show what a click would show."""
    watched.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def quiet(watched: Opened) -> None:
    """Nothing outside the report was asked for, and nothing went wrong."""
    assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []
    assert watched.complaints == []


@schemes
@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
def test_everything_fits_and_nothing_is_fetched(
    demo: Report, visit: Open, screenshot: Screenshot, width: int, scheme: Scheme
) -> None:
    for name, file in {"fleet": demo.first, "organization": demo.files[1]}.items():
        with visit(file.as_uri(), width, scheme) as watched:
            screenshot(watched, f"{name}-{width}-{scheme}")
            assert watched.layout() == []
            unfold(watched)
            assert watched.layout() == []
            quiet(watched)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_worst_names_fit_and_do_nothing(nasty: Report, visit: Open, screenshot: Screenshot, width: int) -> None:
    longest = next(file for file in nasty.files if file.name.startswith("one-word-of-300"))
    for name, file in {"fleet": nasty.first, "organization": longest}.items():
        with visit(file.as_uri(), width) as watched:
            title = watched.page.title()
            unfold(watched)
            screenshot(watched, f"names-{name}-{width}")
            assert watched.layout() == []
            quiet(watched)
            assert watched.page.title() == title
            assert title not in ("taken over", "1")
            assert watched.page.locator("script").count() == 1
            assert watched.page.locator("main :is(img, iframe, object, style, script)").count() == 0


@schemes
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_axe_finds_nothing(tools: None, demo: Report, visit: Open, width: int, scheme: Scheme) -> None:
    for file in (demo.first, demo.files[1]):
        with visit(file.as_uri(), width, scheme) as watched:
            unfold(watched)
            assert watched.accessibility() == []


def test_every_picture_says_in_words_what_it_shows(demo: Report, visit: Open) -> None:
    for file in (demo.first, demo.files[1]):
        with visit(file.as_uri()) as watched:
            words = watched.page.locator("svg").evaluate_all(
                "all => all.filter(one => one.checkVisibility() && !one.closest('[aria-hidden=true]'))"
                ".map(one => one.getAttribute('aria-label') ?? '')"
            )
            assert words, "no chart at all"
            assert [text for text in words if len(text) < 20] == []
            assert watched.page.locator("img:not([alt])").count() == 0


def test_html_is_valid(tools: None, demo: Report, nasty: Report) -> None:
    # One page of each kind: of the fleet, of an organization with everything, of one with nothing, of the worst names.
    failed = next(file for file in demo.files if file.name.startswith("bluefjord"))
    assert chromium.html_errors([demo.first, demo.files[1], failed, *nasty.files[:2]]) == []


def test_one_file_has_all_of_it(tools: None, demo: Report, visit: Open, tmp_path: Path) -> None:
    file = demo_report.write(demo.store, str(tmp_path / "report.html"), FakeTime())
    assert list(tmp_path.iterdir()) == [file]
    assert chromium.html_errors([file]) == []
    with visit(file.as_uri(), PHONE) as watched:
        assert watched.layout() == []
        targets = watched.page.locator("table a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert len(targets) == 12
        assert [one for one in targets if watched.page.locator(f"section[id='{one[1:]}']").count() != 1] == []
        quiet(watched)


def test_it_can_be_printed(demo: Report, visit: Open, screenshot: Screenshot, tmp_path: Path) -> None:
    for name, file, most in (("fleet", demo.first, 15), ("organization", demo.files[1], 10)):
        # Who reads in the dark prints on white paper all the same.
        with visit(file.as_uri(), DESKTOP, "dark") as watched:
            watched.page.emulate_media(media="print")
            white = watched.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert white in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
            assert watched.page.locator("input:visible").count() == 0
            # The paper's width, less the margins: 96 pixels an inch.
            watched.page.set_viewport_size({"width": 718, "height": 1000})
            watched.width = 718
            screenshot(watched, f"{name}-print")
            # Six points: paper is held closer than a screen.
            assert watched.layout(smallest=7.5) == []
            document = watched.page.pdf(format="A4", prefer_css_page_size=True)
        pages = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", document)
        assert document.startswith(b"%PDF-")
        assert 2 <= len(pages) <= most
        for page in pages:
            assert [float(side) for side in page] == pytest.approx(A4, abs=1.5)
        assert 20_000 < len(document) < 5_000_000
        Path(tmp_path / f"{name}.pdf").write_bytes(document)
