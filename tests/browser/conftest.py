# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of the demo's fleet, and of a fleet with the worst names, in a real browser."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import chromium
from chromium import Opened

if TYPE_CHECKING:
    from genesyscloud_sandbox import Fleet
    from playwright.sync_api import Browser

# pytest-ansible makes the collection importable only after this file was read: fixtures import what they need of it.

SCREENSHOTS = Path(__file__).resolve().parents[1] / "output" / "browser"


@dataclass(frozen=True)
class Report:
    """A report, and the store that it was made from."""

    store: str
    first: Path

    @property
    def url(self) -> str:
        return self.first.as_uri()

    @property
    def files(self) -> list[Path]:
        """All its pages, the first one first."""
        return [self.first, *sorted(path for path in self.first.parent.rglob("*.html") if path != self.first)]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright", reason=chromium.NO_PLAYWRIGHT)
    if chromium.program() is None:
        pytest.skip(chromium.NO_CHROMIUM)
    with chromium.browser() as running:
        yield running


@pytest.fixture(scope="session")
def tools() -> None:
    """What comes from npm, which is not everywhere."""
    pytest.importorskip("playwright", reason=chromium.NO_PLAYWRIGHT)
    if not (chromium.TOOLS / "node_modules" / "axe-core").is_dir():
        pytest.skip(chromium.NO_TOOLS)


@contextmanager
def _without_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.lower().endswith("_proxy"):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report that ``make demo`` ends with, of a fixed day."""
    import demo_report

    return _report(tmp_path_factory, "demo", demo_report.demo_fleet())


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report full of names that nobody should trust."""
    import demo_report

    return _report(tmp_path_factory, "nasty", demo_report.nasty_fleet(), demo_report.NASTY)


def _report(
    tmp_path_factory: pytest.TempPathFactory, name: str, fleet: Fleet, labels: list[str] | None = None
) -> Report:
    """A report that one process makes, and the others wait for."""
    import demo_report
    from fakes import FakeTime

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    folder.mkdir(exist_ok=True)
    store, written = f"sqlite:///{folder}/usage.db", folder / "written"
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not written.exists():
            time = FakeTime()
            with _without_proxy():
                demo_report.collect(fleet, time, store, labels)
            first = demo_report.write(store, f"{folder}/report/", time)
            written.write_text(str(first), encoding="utf-8")
    return Report(store, Path(written.read_text(encoding="utf-8")))


Open = Callable[..., AbstractContextManager[Opened]]


@pytest.fixture
def visit(browser: Browser) -> Open:
    """Opens a page; see C(chromium.opened)."""

    def opening(url: str, *given: Any, **more: Any) -> AbstractContextManager[Opened]:
        return chromium.opened(browser, url, *given, **more)

    return opening


@pytest.fixture
def screenshot() -> Callable[[Opened, str], None]:
    """Leaves a picture of the whole page where people look for it after the tests."""

    def take(watched: Opened, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        watched.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take
