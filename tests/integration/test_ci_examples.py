# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The examples for pipelines: valid by the published schemas, and their shell runs, against playbooks that run too."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import TRACEBACK, clean_environment
from helpers_gate import BY_VERDICT, verdict_in
from helpers_roles import ROOT, SECRET, add

EXAMPLES = ROOT / "examples" / "ci"
BIN = Path(sys.executable).parent
SCHEMAS = {
    "github-actions.yml": ["vendor.github-workflows"],
    "gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    # The patterns of this one are no valid Unicode regular expressions.
    "azure-pipelines.yml": [
        "vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "nonunicode",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Pipeline:
    """The shell of an example, how its shell is started, and how each verdict ends."""

    install: str
    collect: str
    judge: str
    shell: list[str]
    ends: dict[str, int]
    annotations: str = ""


def read(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def github() -> Pipeline:
    steps = {step.get("name"): step for step in read("github-actions.yml")["jobs"]["gate"]["steps"]}
    runs = [steps[name]["run"] for name in ("Install", "Collect", "Judge")]
    ends = {"pass": 0, "warn": 0, "fail": 2, "unknown": 3, "broken": 4}
    return Pipeline(*runs, ["bash", "--noprofile", "--norc", "-eo", "pipefail"], ends, "github-annotations.txt")


def gitlab() -> Pipeline:
    jobs = read("gitlab-ci.yml")
    assert jobs["judge"]["allow_failure"]["exit_codes"] == [101]
    parts = [jobs["default"]["before_script"], jobs["collect"]["script"], jobs["judge"]["script"]]
    ends = {"pass": 0, "warn": 101, "fail": 102, "unknown": 103, "broken": 104}
    shell = ["bash", "-eo", "pipefail"]
    return Pipeline(*["\n".join(part) for part in parts], shell, ends, "gl-code-quality-report.json")


def azure() -> Pipeline:
    steps = read("azure-pipelines.yml")["stages"][0]["jobs"][0]["steps"]
    named = {step.get("displayName"): step for step in steps}
    ends = {"pass": 0, "warn": 0, "fail": 2, "unknown": 3, "broken": 4}
    runs = [named[name]["bash"] for name in ("Install", "Collect", "Judge")]
    return Pipeline(*runs, ["bash", "--noprofile", "--norc"], ends, "azure-issues.txt")


def jenkins() -> Pipeline:
    text = (EXAMPLES / "Jenkinsfile").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    # In Groovy's quotes, a backslash at the end of a line takes the line's end away.
    install, collect, judge, verdict = [
        part.replace("\\\n", "") for part in re.findall(r"'''(.*?)'''", text, re.DOTALL)
    ]
    cases = dict.fromkeys(re.findall(r"case '(\w+)'", text))
    assert list(cases) == list(BY_VERDICT)
    ends = dict.fromkeys([*BY_VERDICT, "broken"], 0)
    return Pipeline(install, collect, f"{judge}\n{verdict}", ["sh", "-xe"], ends)


PIPELINES: dict[str, Callable[[], Pipeline]] = {
    "github-actions.yml": github, "gitlab-ci.yml": gitlab, "azure-pipelines.yml": azure, "Jenkinsfile": jenkins,
}  # fmt: skip
each_pipeline = pytest.mark.parametrize("name", PIPELINES)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_yaml_is_valid_by_the_published_schema(name: str) -> None:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", *SCHEMAS[name], str(EXAMPLES / name)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_example_is_tested_and_in_the_readme() -> None:
    files = {path.name for path in EXAMPLES.iterdir()} - {"README.md"}
    assert files == set(PIPELINES)
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in PIPELINES if f"]({name})" not in readme] == []
    assert "](ci/README.md)" in (ROOT / "examples" / "README.md").read_text(encoding="utf-8")


@each_pipeline
def test_the_installation_is_shell(name: str) -> None:
    pipeline = PIPELINES[name]()
    done = subprocess.run(
        [pipeline.shell[0], "-n"], input=pipeline.install, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "pip install ansible-core requests" in pipeline.install
    assert "ansible-galaxy collection install genesyscloud.usage" in pipeline.install


class Runner:
    """Where a pipeline runs: a checkout with an inventory, and the variables that the service sets."""

    def __init__(self, folder: Path, collections: Path, pipeline: Pipeline) -> None:
        self.folder, self.pipeline = folder, pipeline
        home = folder / "home"
        home.mkdir()
        (folder / ".vault-password").write_text("unused")
        self.environment = clean_environment(home, collections) | {
            "GENESYSCLOUD_USAGE_STORE": "sqlite:///usage.db",
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "RUN_URL": "https://ci.example.com/1",
            "CI_JOB_URL": "https://ci.example.com/1",
            "BUILD_URL": "https://ci.example.com/1",
            "VAULT_PASSWORD": ".vault-password",
            "VAULT_PASSWORD_FILE": ".vault-password",
        }

    def inventory(self, hosts: dict[str, Any], given: dict[str, Any]) -> None:
        folder = self.folder / "inventory" / "group_vars"
        folder.mkdir(parents=True, exist_ok=True)
        (folder.parent / "hosts.yml").write_text(json.dumps({"genesyscloud": {"hosts": hosts}}))
        (folder / "all.yml").write_text(json.dumps(given))

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        file = self.folder / "script"
        file.write_text(script)
        for name in ("output", "summary"):
            (self.folder / name).write_text("")
        done = subprocess.run(
            [*self.pipeline.shell, str(file)],
            check=False, capture_output=True, text=True, cwd=self.folder, env=self.environment, timeout=300,
        )  # fmt: skip
        assert TRACEBACK not in done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr
        return done


@each_pipeline
def test_a_pipeline_branches_on_the_verdict(
    name: str, sandbox: Sandbox, tmp_path: Path, collections_path: Path
) -> None:
    pipeline = PIPELINES[name]()
    runner = Runner(tmp_path, collections_path, pipeline)
    label = f"ci-{name.partition('.')[0].lower()}"
    hosts = {label: add(sandbox, label)}
    runner.inventory(hosts, {"collect_days": 3})
    done = runner.run(pipeline.collect)
    assert done.returncode == 0, done.stdout + done.stderr

    for verdict, given in BY_VERDICT.items():
        runner.inventory(hosts, given)
        done = runner.run(pipeline.judge)
        assert done.returncode == pipeline.ends[verdict], done.stdout + done.stderr
        assert verdict_in(tmp_path)["verdict"] == verdict
        check_what_is_told(runner, name, verdict, done.stdout)

    # The playbook cannot even start. The verdict of before is still there, and must not be taken for this one's.
    runner.inventory(hosts, {"collect_days": 3})
    (tmp_path / "inventory" / "group_vars" / "all.yml").write_text("no: yaml: at all")
    done = runner.run(pipeline.judge)
    assert done.returncode == pipeline.ends["broken"], done.stdout + done.stderr
    check_what_is_told(runner, name, "broken", done.stdout)

    # Whoever cannot ask fails in the first step.
    runner.inventory({label: hosts[label] | {"genesyscloud_oauthclient_id": "nobody"}}, {"collect_days": 3})
    assert runner.run(pipeline.collect).returncode != 0


def check_what_is_told(runner: Runner, name: str, verdict: str, stdout: str) -> None:
    """What a pipeline is told besides the exit status."""
    folder = runner.folder
    if name == "Jenkinsfile":
        assert stdout.splitlines()[-1].strip() == verdict
        return
    if verdict != "broken":
        written = (folder / runner.pipeline.annotations).read_text(encoding="utf-8")
        assert ("few-requests" in written) is (verdict != "pass")
        if name != "gitlab-ci.yml":
            assert written in stdout
    if name == "github-actions.yml":
        assert (folder / "output").read_text() == f"verdict={verdict}\n"
        summary = (folder / "summary").read_text(encoding="utf-8")
        assert summary.startswith(f"## API usage: {verdict}\n") is (verdict != "broken")
        assert re.search(r"^::error ", stdout, re.MULTILINE) is None or verdict not in ("pass", "warn")
    elif name == "azure-pipelines.yml":
        assert f"##vso[task.setvariable variable=verdict;isOutput=true]{verdict}\n" in stdout
        assert ("##vso[task.complete result=SucceededWithIssues]" in stdout) is (verdict == "warn")
    else:
        assert (f"The verdict is {verdict}\n" in stdout) is (verdict != "broken")
