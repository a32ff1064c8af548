# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sandboxes whose every exchange is validated when the test is over, and time that passes only by sleeping in it."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

SANDBOX_FILES = Path(__file__).resolve().parents[2] / "roles" / "sandbox" / "files"
sys.path.insert(0, str(SANDBOX_FILES))

from genesyscloud_sandbox import Sandbox  # noqa: E402

if TYPE_CHECKING:
    from .sdk import Sdk
    from .support import Time, World

# pytest-ansible makes the collection importable only after this file was read: fixtures import what they need of it.


@pytest.fixture(autouse=True, scope="module")
def _bare_environment() -> Iterator[None]:
    """Neither the credentials nor the proxy of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("GENESYSCLOUD_") or name.lower().endswith("_proxy") or name == "REQUESTS_CA_BUNDLE":
                patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def time() -> Time:
    """Time of our own, which the sandbox of the same module lives in too."""
    from .support import Time

    return Time()


@pytest.fixture(scope="module")
def module_world(time: Time) -> Iterator[World]:
    from .support import World, fleet

    with Sandbox(fleet(), clock=time.monotonic, record_bodies=True) as sandbox:
        yield World(sandbox, time)


@pytest.fixture
def world(module_world: World) -> Iterator[World]:
    """A generated organization that the tests of a module share; what each of them exchanges is validated."""
    yield module_world
    module_world.validate()


@pytest.fixture
def fresh(time: Time) -> Iterator[World]:
    """The same for a test that changes it."""
    from .support import World, fleet

    with Sandbox(fleet(), clock=time.monotonic, record_bodies=True) as sandbox:
        yield (world := World(sandbox, time))
        world.validate()


@pytest.fixture(scope="session")
def sdk_module(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The official SDK: 4 s and 215 MiB, so one process alone runs the tests that need it."""
    with pytest.MonkeyPatch.context() as patch:
        # It reads and watches a file in the home directory.
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        return pytest.importorskip("PureCloudPlatformClientV2", reason="pip install PureCloudPlatformClientV2")


@pytest.fixture
def set_page_size(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes the jobs service be read in pages of another size."""
    from ansible_collections.genesyscloud.usage.plugins.module_utils import services

    def change(size: int) -> None:
        smaller = dataclasses.replace(services.SERVICES["jobs"], page_size=size)
        monkeypatch.setitem(services.SERVICES, "jobs", smaller)

    return change


@pytest.fixture(scope="module")
def module_sdk(module_world: World, sdk_module: Any) -> Sdk:
    from .sdk import Sdk

    return Sdk(sdk_module, module_world)


@pytest.fixture
def sdk(module_sdk: Sdk, world: World) -> Sdk:
    """The SDK, signed in to the organization of ``world``; only what the test itself exchanges is in its log."""
    world.validate()
    return module_sdk


@pytest.fixture
def fresh_sdk(fresh: World, sdk_module: Any) -> tuple[World, Sdk]:
    """A world that a test may change, and the SDK in it."""
    from .sdk import Sdk

    return fresh, Sdk(sdk_module, fresh)
