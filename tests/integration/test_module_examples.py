# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The examples in the modules' documentation run as they are, in one playbook with one play for each module."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import make_fleet

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
FEWEST = 4
"""Examples that a module has at least."""


def block(module: str, part: str) -> Any:
    """A part of a module's documentation, such as EXAMPLES."""
    source = (ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8")
    found = re.search(rf'^{part} = r"""\n(.*?)^"""', source, re.DOTALL | re.MULTILINE)
    assert found, f"{module} has no {part}"
    return yaml.safe_load(found[1])


def connects(module: str) -> bool:
    """Whether a module takes the options of the connection."""
    return "genesyscloud.usage.connection" in block(module, "DOCUMENTATION")["extends_documentation_fragment"]


@pytest.mark.parametrize("module", MODULES)
def test_there_are_enough_examples(module: str) -> None:
    """Each module has several examples, all of which are named and use full names."""
    examples = block(module, "EXAMPLES")
    used = [task for task in examples if f"genesyscloud.usage.{module}" in task]
    assert len(used) >= FEWEST or any("block" in task for task in examples)
    assert all(task["name"] for task in examples)


def test_examples_run(playbook: Callable[..., Any], new_sandbox: Callable[..., Any], tmp_path: Path) -> None:
    """Where the region would be, a sandbox is: nothing else of an example is touched."""
    with new_sandbox(make_fleet(1, clients=(4, 4))) as fleet:
        (organization,) = fleet.organizations
        connection = {
            "api_url": fleet.url,
            "oauthclient_id": organization.oauthclient_id,
            "oauthclient_secret": "{{ client_secret }}",
        }
        # By module and not by group: usage_store, which is in the group too, does not take them.
        defaults = {f"genesyscloud.usage.{module}": connection for module in MODULES if connects(module)}
        # Each module's examples begin with no store, as a reader does.
        files = "usage.db usage.db-shm usage.db-wal"
        fresh_store = {"name": "Start anew", "ansible.builtin.command": f"rm -f {files}", "changed_when": False}
        plays = [
            {
                "name": module,
                "hosts": "localhost",
                "gather_facts": False,
                "module_defaults": defaults,
                "pre_tasks": [fresh_store],
                "tasks": block(module, "EXAMPLES"),
            }
            for module in MODULES
        ]
        path = tmp_path / "examples.yml"
        path.write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
        done = playbook(path, variables={"client_secret": organization.oauthclient_secret}, sandboxes=[fleet])

    assert len(re.findall(r"^TASK \[", done.stdout, re.MULTILINE)) >= sum(len(play["tasks"]) for play in plays)
    assert {"usage.db", "usage.csv"} <= {path.name for path in tmp_path.iterdir()}
