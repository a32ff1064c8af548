# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The report as playbooks make it: after a collection, alone, and as the guide shows it."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from genesyscloud_sandbox import Sandbox, make_fleet

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_roles import ROOT, SECRET, add, inventory, recap, sql
from reports import page

Playbook = Callable[..., Any]


def test_a_fleet_is_collected_and_reported(
    playbook: Playbook, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hosts = {
        "alpha": add(sandbox, "report-alpha") | {"genesyscloud_allowance": 1000},
        "beta": add(sandbox, "report-beta", kind="forbidden"),
        "gamma": add(sandbox, "report-gamma") | {"collect_organization": "<b>Gamma</b>"},
    }
    names = inventory(tmp_path_factory.mktemp("inventory"), hosts)
    given = {"collect_days": 3, "collect_store": f"sqlite:///{tmp_path}/usage.db", "collect_retry_timeout": 1}
    playbook("genesyscloud.usage.collect", "-i", names, variables=given, secrets=[SECRET], rc=2)

    wanted = {"report_store": f"sqlite:///{tmp_path}/usage.db", "report_days": 3}
    more = {"report_formats": ["html", "markdown", "csv", "json"], "report_title": "Ours"}
    checked = playbook("genesyscloud.usage.report", "-i", names, "--check", variables=wanted | more)
    assert recap(checked.stdout)["localhost"]["changed"] == 1
    assert not (tmp_path / "usage-report").exists()
    done = playbook("genesyscloud.usage.report", "-i", names, variables=wanted | more, secrets=[SECRET])
    assert recap(done.stdout)["localhost"]["changed"] == 1
    folder = tmp_path / "usage-report"
    assert str(folder / "index.html") in done.stdout
    assert {path.name for path in folder.iterdir()} == {
        "index.html", "organizations", "report.md", "report.json", "organizations.csv", "clients.csv",
    }  # fmt: skip

    # What is shown is what is in the store.
    kept = dict(sql(tmp_path / "usage.db", "SELECT organization, SUM(requests) FROM usage_row GROUP BY 1"))
    shown = page(folder / "index.html")
    assert shown.by_id("coverage").text == "2 of 3 organizations collected, 1 not at all"
    table = {row["Organization"]: row["Requests"] for row in shown.table("Organizations, the busiest")}
    assert {name: requests for name, requests in table.items() if requests[0].isdigit()} == {
        name: f"{requests:,}" for name, requests in kept.items()
    }
    billing = {row["Organization"]: row["Allowance"] for row in shown.table("Requests in the billing period")}
    assert billing["alpha"] == "1,000"
    document = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "schemas" / "report-1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert {one["organization"]: one["totals"] and one["totals"]["requests"] for one in document["organizations"]} == {
        **kept, "beta": None,
    }  # fmt: skip
    with open(folder / "organizations.csv", encoding="utf-8", newline="") as stream:
        assert {line["organization"]: line["requests"] for line in csv.DictReader(stream)} == {
            **{name: str(requests) for name, requests in kept.items()}, "beta": "",
        }  # fmt: skip
    assert "`<b>Gamma</b>`" in (folder / "report.md").read_text(encoding="utf-8")

    again = playbook("genesyscloud.usage.report", "-i", names, variables=wanted | more, secrets=[SECRET])
    assert recap(again.stdout)["localhost"]["changed"] == 0


def test_hosts_that_are_not_there_are_no_reason_for_an_empty_report(playbook: Playbook, tmp_path: Path) -> None:
    done = playbook("genesyscloud.usage.report", variables={"report_hosts": "nobody"}, rc=2)
    assert "No host of the inventory matches report_hosts (nobody)" in done.stdout
    assert list(tmp_path.glob("usage*")) == []


def test_the_examples_of_the_guide_run(playbook: Playbook, new_sandbox: Callable[..., Any], tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_report.rst").read_text(encoding="utf-8")
    blocks = re.findall(r"code-block:: yaml\n\n((?:   .*\n|\n)+)", guide)
    examples = [task for block in blocks for task in yaml.safe_load(block)]
    assert len(examples) >= 5
    with new_sandbox(make_fleet(1, clients=(4, 4))) as fleet:
        (organization,) = fleet.organizations
        connection = {
            "api_url": fleet.url,
            "oauthclient_id": organization.oauthclient_id,
            "oauthclient_secret": "{{ client_secret }}",
        }
        kept = {"days": 60, "granularity": "day", "store": "sqlite:///usage.db", "organization": "acme-emea"}
        tasks = [{"name": "Collect", "genesyscloud.usage.usage_query": kept}, *examples]
        play = {
            "name": "The guide",
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {"genesyscloud.usage.usage_query": connection},
            "tasks": tasks,
        }
        path = tmp_path / "guide.yml"
        path.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        playbook(path, variables={"client_secret": organization.oauthclient_secret}, sandboxes=[fleet])
    assert (tmp_path / "report" / "index.html").exists()
    assert page(tmp_path / "acme-emea.html").by_id("coverage").text == "The organization was collected"
    assert (tmp_path / "comment.md").read_text(encoding="utf-8").startswith("# API usage\n")
