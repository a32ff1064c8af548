# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The examples: what a reader copies has passed the linter, and has run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import Organization, Sandbox, make_fleet

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_roles import ROOT, recap, sql

EXAMPLES = ROOT / "examples"
PLAYS = sorted(path for path in EXAMPLES.glob("*.yml"))
WITH_INVENTORY = ["-i", str(EXAMPLES / "inventory"), "--vault-password-file", str(EXAMPLES / "vault-password.txt")]
BIN = Path(sys.executable).parent

Playbook = Callable[..., Any]


class Loader(yaml.SafeLoader):
    """Reads an inventory, and leaves encrypted strings as they are."""


Loader.add_constructor("!vault", lambda _loader, node: node.value)


def example_hosts() -> dict[str, dict[str, Any]]:
    """The hosts of the example inventory."""
    with open(EXAMPLES / "inventory" / "hosts.yml", encoding="utf-8") as stream:
        groups = yaml.load(stream, Loader)["genesyscloud"]["children"]
    return {host: variables for group in groups.values() for host, variables in group["hosts"].items()}


def plain(host: str) -> str:
    """The secret of a host, as it was before it was encrypted."""
    return f"not-a-real-secret-{host.partition('-')[0]}"


@pytest.fixture(scope="module")
def organizations(sandbox: Sandbox) -> list[Organization]:
    """The example inventory's organizations: they take the secrets that the vault holds, and no other."""
    clients = [organization.clients for organization in make_fleet(3, (3, 6), 5).organizations]
    return [
        sandbox.add(
            Organization(
                f"example-{host}",
                oauthclient_id=variables["genesyscloud_oauthclient_id"],
                oauthclient_secret=plain(host),
                clients=known,
            )
        )
        for (host, variables), known in zip(example_hosts().items(), clients, strict=True)
    ]


@pytest.mark.skipif(shutil.which("ansible-lint", path=str(BIN)) is None, reason="pip install ansible-lint")
def test_examples_pass_the_linters(collections_path: Path) -> None:
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "ANSIBLE_COLLECTIONS_PATH": str(collections_path),
    }  # fmt: skip
    command = ["ansible-lint", "--offline", "--nocolor", "--strict", "--profile", "production", "examples"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("play", PLAYS, ids=lambda path: path.stem)
def test_the_syntax_is_right(playbook: Playbook, play: Path) -> None:
    playbook(play, *WITH_INVENTORY, "--syntax-check", verbosity="-v")


def test_the_readme_names_every_example_and_the_password() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert len(PLAYS) >= 3
    assert [play.name for play in PLAYS if f"]({play.name})" not in readme] == []
    assert (EXAMPLES / "vault-password.txt").read_text(encoding="utf-8").strip() in readme
    inventory = (EXAMPLES / "inventory" / "hosts.yml").read_text(encoding="utf-8")
    assert inventory.count("!vault") == 3
    assert "not-a-real-secret" not in inventory


def test_one_organization(playbook: Playbook, sandbox: Sandbox, organizations: list[Organization]) -> None:
    one = organizations[0]
    environ = {
        "GENESYSCLOUD_OAUTHCLIENT_ID": one.oauthclient_id,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": one.oauthclient_secret,
    }
    play = EXAMPLES / "one_organization.yml"
    done = playbook(play, environ=environ, variables={"genesyscloud_api_url": sandbox.url, "throttled_at_most": 100})
    assert "requests," in done.stdout
    done = playbook(
        play, environ=environ, variables={"genesyscloud_api_url": sandbox.url, "throttled_at_most": -1}, rc=2
    )
    assert "-1 % is the most" in done.stdout
    # Without the sandbox's URL the option is left out, and the region counts.
    done = playbook(play, environ=environ | {"GENESYSCLOUD_REGION": "nowhere"}, rc=2)
    assert "Unknown region 'nowhere'" in done.stdout


def test_a_fleet_with_report_files(
    playbook: Playbook, sandbox: Sandbox, organizations: list[Organization], tmp_path: Path
) -> None:
    secrets = [organization.oauthclient_secret for organization in organizations]
    given = {"genesyscloud_api_url": sandbox.url}
    done = playbook(EXAMPLES / "fleet.yml", *WITH_INVENTORY, variables=given, secrets=secrets)
    assert {count["failed"] for count in recap(done.stdout).values()} == {0}
    kept = sql(tmp_path / "usage.db", "SELECT organization, SUM(requests) FROM coverage GROUP BY 1")
    assert {name for name, _requests in kept} == set(example_hosts())
    for name, requests in kept:
        assert f"{requests:,} requests on 30 days" in done.stdout
        assert len(list((tmp_path / "reports" / name).glob("usage_*_query_client_id+template_uri.*"))) == 2


def test_going_on_after_a_timeout(
    playbook: Playbook, sandbox: Sandbox, organizations: list[Organization], tmp_path: Path
) -> None:
    for organization in organizations:
        organization.pending_looks = 2
    sandbox.exchanges.clear()
    done = playbook(
        EXAMPLES / "resume_after_timeout.yml",
        *WITH_INVENTORY,
        variables={"genesyscloud_api_url": sandbox.url, "first_wait": 0},
    )
    counts = recap(done.stdout)
    assert {(count["failed"], count["rescued"]) for count in counts.values()} == {(0, 1)}
    assert len(sandbox.exchanges.list(method="POST", path="/api/v2/usage/query")) == 3  # asked once, each of them
    assert sql(tmp_path / "usage.db", "SELECT COUNT(*) FROM coverage") == [(270,)]
