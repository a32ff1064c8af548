# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "Gates": what it shows can be used as it stands, and what it lists is all that there is."""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from verdicts import SCHEMA, finding, verdict

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.allowance import allowance
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate import builtin
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.metrics import METRICS, OPS, PER, WHERE
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.outputs.write import write_outputs
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.rules import KEYS, parse_rules, together
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.rules_file import read_rules_file
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.waivers import KEYS as WAIVER_KEYS
from ansible_collections.genesyscloud.usage.plugins.module_utils.gate.waivers import parse_waivers

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "docsite" / "rst" / "guide_gate.rst").read_text(
    encoding="utf-8"
)


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"^\.\. code-block:: {kind}\n\n((?:   .*\n|\n)+)", GUIDE, re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def section(title: str) -> str:
    return re.split(r"\n[^\n]+\n[-=]{4,}\n", GUIDE.partition(f"\n{title}\n-")[2], maxsplit=1)[0]


def first_column(text: str) -> set[str]:
    """The words in literal quotes in the first cells of a table's rows."""
    return {
        word for cell in re.findall(r"^   \* - (.*)$", text, re.MULTILINE) for word in re.findall(r"``([^`]+)``", cell)
    }


def test_the_rules_of_the_guide_are_rules(tmp_path: Path) -> None:
    (shown,) = [block for block in blocks("yaml") if block.startswith("rules:")]
    file = tmp_path / "rules.yml"
    file.write_text(shown, encoding="utf-8")
    given = read_rules_file(str(file))
    rules = together(parse_rules("rules", given["rules"]), [])
    assert len(rules) == len(given["rules"]) == 5
    waivers = parse_waivers("waivers", given["waivers"], [rule.id for rule in rules])
    assert [waiver.rule for waiver in waivers] == ["throttled"]


def test_the_allowance_of_the_guide_is_one() -> None:
    (shown,) = [block for block in blocks("yaml") if block.startswith("gate_allowance:")]
    given = yaml.safe_load(shown)
    assert allowance(given["gate_allowance"]).requests == 120 * 75_000 + 15 * 30_000
    assert given["gate_period_anchor"] == 15


def test_the_guide_has_every_rule_metric_and_key() -> None:
    assert first_column(section("The built-in rules")) == set(builtin.IDS)
    metrics = first_column(section("Metrics"))
    assert metrics == set(METRICS) - {"status300", "status400", "status429"}  # status200 ... status500
    keys = section("Rules of your own")
    assert first_column(keys) == set(KEYS)
    assert [word for word in (*OPS, *PER, *WHERE) if f"``{word}``" not in keys] == []
    assert [word for word in WAIVER_KEYS if f"``{word}``" not in section("Waivers")] == []
    assert SCHEMA["properties"]["schema"]["const"] in GUIDE


def test_the_mistake_of_the_guide_is_refused_as_it_says() -> None:
    with pytest.raises(InvalidArgument) as refused:
        parse_rules("rules", [{"id": "a", "metric": "requets"}])
    assert f"``{refused.value.message}``" in GUIDE


@pytest.mark.parametrize(
    ("verdict_of", "collected", "ends"),
    [("pass", 0, 0), ("warn", 0, 1), ("fail", 0, 2), ("unknown", 0, 3), (None, 0, 4), ("pass", 2, 5)],
)
def test_the_shell_of_the_guide_tells_a_breach_from_a_breakage(
    tmp_path: Path, verdict_of: str | None, collected: int, ends: int
) -> None:
    (script,) = [block for block in blocks("shell") if "rm -f verdict.json" in block]
    (tmp_path / "verdict.json").write_text("{}")  # of an earlier time
    found: list[dict[str, Any]] = [] if verdict_of in (None, "pass") else [finding(verdict_of or "")]
    write_outputs(verdict(*found), {"verdict": str(tmp_path / "made")}, check_mode=False)
    judged = "cp made verdict.json" if verdict_of else "true"
    # What the playbooks do is tested with themselves, in tests/integration; here they only end as they may.
    playbook = tmp_path / "ansible-playbook"
    playbook.write_text(
        f'#!/bin/sh\ncase "$*" in *usage.collect) exit {collected};; *usage.gate) {judged}; exit 2;; esac\nexit 9\n'
    )
    playbook.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, check=False, capture_output=True)
    assert done.returncode == ends, done.stderr
