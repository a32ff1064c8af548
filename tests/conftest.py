# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures that all tests share."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "roles" / "sandbox" / "files")]

from genesyscloud_sandbox import Organization, Sandbox  # noqa: E402

if TYPE_CHECKING:
    from fakes import FakeTime, Wire

    from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store

# pytest-ansible makes the collection importable only after this file was read: fixtures import what they need of it.

# A machine that is busy with something else is no reason to fail.
settings.register_profile("here", deadline=None)
settings.load_profile("here")

Make = Callable[..., tuple[Sandbox, Organization]]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the credentials nor the proxy of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith("GENESYSCLOUD_") or name.lower().endswith("_proxy") or name == "REQUESTS_CA_BUNDLE":
            monkeypatch.delenv(name)


@pytest.fixture
def time() -> FakeTime:
    """Fake time, which a sandbox of the same test lives in too."""
    from fakes import FakeTime

    return FakeTime()


@pytest.fixture
def make(time: FakeTime) -> Iterator[Make]:
    """A running sandbox with one organization, ``acme``."""
    from fakes import TODAY

    with ExitStack() as stack:

        def made(tls: tuple[str, str] | None = None, **fields: Any) -> tuple[Sandbox, Organization]:
            sandbox = stack.enter_context(
                Sandbox([Organization(**{"name": "acme", **fields})], clock=time.monotonic, today=TODAY, tls=tls)
            )
            return sandbox, sandbox.organizations[0]

        yield made


@pytest.fixture(scope="session", params=["query", "jobs"])
def service(request: pytest.FixtureRequest) -> str:
    """Each of the services: what a test says with it is said of both."""
    return str(request.param)


@pytest.fixture(scope="session")
def wire(service: str) -> Wire:
    """How that service is spelled."""
    from fakes import WIRES

    return WIRES[service]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], dict[str, int]]:
    """Makes both services answer in pages of so many rows; what it returns is for the sandbox's organization."""
    from ansible_collections.genesyscloud.usage.plugins.module_utils import services

    def change(size: int) -> dict[str, int]:
        # The size of a job's page is asked for, the other service decides by itself.
        smaller = dataclasses.replace(services.SERVICES["jobs"], page_size=size)
        monkeypatch.setitem(services.SERVICES, "jobs", smaller)
        return {"query_page_size": size}

    return change


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "usage.db"


@pytest.fixture
def store_url(store_path: Path) -> str:
    return f"sqlite:///{store_path}"


@pytest.fixture
def store(store_url: str, time: FakeTime) -> Iterator[Store]:
    from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

    with open_store(store_url, None, time.clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A self-signed certificate of 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    files = str(folder / "cert.pem"), str(folder / "key.pem")
    kind = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650"
    names = "-subj /CN=sandbox -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", *kind.split(), *names.split(), "-out", files[0], "-keyout", files[1]],
        check=True,
        capture_output=True,
    )
    return files
