# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The demo, from the first word to the last file."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from genesyscloud_sandbox import make_fleet
from junitparser import JUnitXml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_gate import verdict_in
from helpers_roles import processes, recap, sql
from reports import page

SECRETS = [organization.oauthclient_secret for organization in make_fleet(12, broken=True).organizations]
SUM = "SUM(requests), SUM(status400), SUM(status429), SUM(status500)"


def test_the_demo_shows_what_is_in_its_store(playbook: Callable[..., Any], tmp_path: Path) -> None:
    # As behind a company's proxy, which knows nothing of the sandbox.
    proxy = dict.fromkeys(("HTTP_PROXY", "http_proxy"), "http://127.0.0.1:9") | {"NO_PROXY": ""}
    first = playbook("genesyscloud.usage.demo", secrets=SECRETS, environ=proxy)
    folder = tmp_path / "usage-demo"
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        "usage.db", "usage.csv", "summary.json", "summary.txt", "verdict.json", "junit.xml", "gate.md",
    }  # fmt: skip
    assert processes(str(folder)) == []

    counts = recap(first.stdout)
    assert len(counts) == 13
    assert {(count["failed"], count["unreachable"], count["rescued"]) for count in counts.values()} == {(0, 0, 0)}
    assert "fatal:" not in first.stdout
    assert "[ERROR]" not in first.stdout + first.stderr

    # What is shown is what is in the store.
    text = (folder / "summary.txt").read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 69
    shown = {
        match[1]: match.groups()[1:]
        for match in re.finditer(r"^([\w-]+) +(\d+) +([\d,]+) +([\d.]+)% +([\d.]+)% +([\d.]+)%$", text, re.MULTILINE)
    }
    store = folder / "usage.db"
    kept = sql(store, f"SELECT organization, {SUM} FROM usage_row GROUP BY 1")
    kept += sql(store, f"SELECT 'All', {SUM} FROM usage_row")
    clients = dict(sql(store, "SELECT organization, COUNT(*) FROM oauth_client GROUP BY 1"))
    clients["All"] = sum(clients.values())
    assert shown == {
        name: (
            str(clients[name]), f"{requests:,}", *(f"{100 * part / requests:.2f}" for part in parts),
        )
        for name, requests, *parts in kept
    }  # fmt: skip
    assert len(shown) == 11
    for uri, requests in sql(
        store, "SELECT template_uri, SUM(requests) FROM usage_row GROUP BY 1 ORDER BY 2 DESC LIMIT 5"
    ):
        assert re.search(rf"^{re.escape(uri)} +{requests:,} ", text, re.MULTILINE)
    for organization, client, requests in sql(
        store,
        "SELECT organization, MAX(client_name), SUM(requests) FROM usage_row "
        "GROUP BY organization, client_id ORDER BY 3 DESC LIMIT 5",
    ):
        assert re.search(rf"^{organization} +{client} +{requests:,} ", text, re.MULTILINE)
    (calls, rows) = sql(
        store, "SELECT (SELECT SUM(api_calls) FROM run_organization), (SELECT COUNT(*) FROM usage_row)"
    )[0]
    assert f"{rows:,} rows with\n{calls} API calls" in text
    for line in text.splitlines():
        assert line.replace("\\", "\\\\") in first.stdout

    # Who failed, why, and what to do about it.
    assert "bluefjord-emea (connection)" in text
    assert "cobalt-bank-nordics (permission)" in text
    assert "usage:organization:view" in text

    assert "Open the report in a browser: usage-demo/report/index.html" in first.stdout
    _the_report_says_the_same(folder)

    # The files say the same.
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["totals"]["requests"] == kept[-1][1]
    with open(folder / "usage.csv", encoding="utf-8", newline="") as stream:
        assert sum(int(line["requests"]) for line in csv.DictReader(stream)) == kept[-1][1]

    check_the_verdict(folder, text)

    # And again: nothing changes in the store. This time it is shown as a block of text.
    second = playbook("genesyscloud.usage.demo", secrets=SECRETS, environ={"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"})
    assert {count["changed"] for host, count in recap(second.stdout).items() if host != "localhost"} == {0}
    assert "\n        API USAGE OF 10 ORGANIZATIONS" in second.stdout
    assert sql(store, f"SELECT {SUM} FROM usage_row")[0] == kept[-1][1:]
    assert processes(str(folder)) == []


def _the_report_says_the_same(folder: Path) -> None:
    index = page(folder / "report" / "index.html")
    assert index.by_id("coverage").text == "10 of 12 organizations collected, 2 not at all"
    month = "SELECT organization, SUM(requests) FROM usage_row WHERE date >= date('now', '-30 days') GROUP BY 1"
    table = {row["Organization"]: row["Requests"] for row in index.table("Organizations, the busiest")}
    assert {name: value for name, value in table.items() if value[0].isdigit()} == {
        name: f"{requests:,}" for name, requests in sql(folder / "usage.db", month)
    }
    assert len(list((folder / "report" / "organizations").iterdir())) == 12


def check_the_verdict(folder: Path, text: str) -> None:
    """Each of the verdicts occurs, is explained in a sentence, and is true."""
    document = verdict_in(folder)
    assert (document["verdict"], document["blocks"]) == ("fail", True)
    assert "WHAT THE GATE SAYS: FAIL, FOR THE WORST DECIDES" in text
    unfolded = " ".join(text.split())
    told = {name: re.search(rf"\n{name} +(\S+):", text) for name in ("FAIL", "UNKNOWN", "WARN", "PASS")}
    by_organization: dict[str, set[str]] = {}
    for found in document["findings"]:
        by_organization.setdefault(found["subject"]["organization"], set()).add(found["verdict"])
        if found["verdict"] != "unknown":
            requests, throttled = sql(
                folder / "usage.db",
                "SELECT SUM(requests), SUM(status429) FROM usage_row WHERE organization = ? AND date BETWEEN ? AND ?",
                found["subject"]["organization"], found["window"]["first_day"], found["window"]["last_day"],
            )[0]  # fmt: skip
            assert found["measured"] == throttled / requests > found["value"]
            assert f"({throttled:,} of {requests:,} requests)" in found["message"]
    assert {name for name, verdicts in by_organization.items() if "unknown" in verdicts} == {
        "bluefjord-emea", "cobalt-bank-nordics",
    }  # fmt: skip
    for name, shown in told.items():
        assert shown, name
        if name == "PASS":
            assert shown[1] not in by_organization
        else:
            assert name.lower() in by_organization[shown[1]]
            message = next(
                found["message"] for found in document["findings"]
                if (found["verdict"], found["subject"]["organization"]) == (name.lower(), shown[1])
            )  # fmt: skip
            assert message in unfolded
    assert document["note"] in unfolded
    assert JUnitXml.fromfile(str(folder / "junit.xml")).errors == 2
    assert (folder / "gate.md").read_text(encoding="utf-8").startswith("## API usage: fail\n")
