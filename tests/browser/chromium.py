# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Chromium, the pages that it opens, and what they do there."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / ".build" / "browser"
"""Where ``make`` installs what package.json lists."""

NO_CHROMIUM = "no Chromium here: install the Debian package chromium (or have chromium on the PATH)"
NO_PLAYWRIGHT = "the Python library playwright is missing: pip install playwright"
NO_TOOLS = "axe-core and html-validate are missing: install npm, remove .build/browser, run python tests/tools/npm.py"

FLAGS = """
    --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
    --disable-sync --no-proxy-server --hide-scrollbars
""".split()

Scheme = Literal["light", "dark"]
PHONE, TABLET, DESKTOP = 360, 768, 1280
HEIGHTS = {PHONE: 740, TABLET: 1024, DESKTOP: 800}


def program() -> str | None:
    """The path of Chromium; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium with a user data folder of its own, which goes with it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program(), args=FLAGS, headless=True, chromium_sandbox=False
        )
        try:
            yield running
        finally:
            running.close()


@dataclass
class Opened:
    """A page, and what it did since it was opened: the addresses it asked for, and what it complained about."""

    page: Page
    width: int
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def layout(self, smallest: float = 9.0) -> list[str]:
        """What does not fit: into the page, into its own box, into its chart, whose letters have a smallest size."""
        script = (HERE / "layout.js").read_text(encoding="utf-8")
        found: list[str] = self.page.evaluate(script, {"width": self.width, "smallest": smallest})
        return found

    def accessibility(self) -> list[str]:
        """Every violation that axe-core finds, in a line each."""
        axe = (TOOLS / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        # Scripts that a test evaluates run whatever the page's policy says.
        self.page.evaluate(f"{axe}; undefined")
        # A chart is one image with one description; what it is drawn of is nobody's to read.
        found = self.page.evaluate(
            "axe.run({include: document, exclude: 'svg.chart > *'}, {resultTypes: ['violations']})"
        )
        return [
            f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]


@contextmanager
def opened(browser: Browser, url: str, width: int = DESKTOP, scheme: Scheme = "light", **more: Any) -> Iterator[Opened]:
    """A page at a width; the narrowest is that of a phone, where a page is scaled unless it says that it fits."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=scheme,
        is_mobile=width == PHONE,
        has_touch=width == PHONE,
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(10_000)
    try:
        watched = Opened(context.new_page(), width)
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("console", lambda message: _listen(watched, message))
        watched.page.goto(url)
        yield watched
    finally:
        context.close()


def _listen(watched: Opened, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        watched.complaints.append(message.text)


def html_errors(files: list[Path]) -> list[str]:
    """What html-validate finds in some files, in a line each."""
    import playwright

    # The one that Playwright brings along is as new as html-validate wants it.
    node = Path(playwright.__file__).parent / "driver" / "node"
    tool = TOOLS / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    # Into a file: when node ends, it does not wait until a pipe has taken all of it.
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "found.json"
        order = [str(node), str(tool), "--config", str(HERE / "html-validate.json"), "--formatter", f"json={told}"]
        done = subprocess.run([*order, *map(str, files)], check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode in (0, 1), done.stderr
        found = json.loads(told.read_text(encoding="utf-8"))
    return [
        f"{Path(result['filePath']).name}:{message['line']}: {message['ruleId']}: {message['message']}"
        for result in found
        for message in result["messages"]
    ]
