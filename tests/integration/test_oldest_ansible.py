# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The oldest ansible-core that is supported runs an audit too.

Before 2.19 a template gives text where newer ones give numbers and nulls: what compares them can break there alone.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from genesyscloud_sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers_roles import ROOT, SECRET, add, inventory, recap

NEWER = {(3, 13): "2.18"}
"""The oldest ansible-core that knows a version of Python, where that is not the oldest that is supported."""


@pytest.fixture(scope="session")
def oldest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment with that ansible-core. It is made once, and lies beside the build."""
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    required = runtime["requires_ansible"].removeprefix(">=").rpartition(".")[0]
    python = sys.version_info[:2]
    if python > max(NEWER):
        pytest.skip(f"no older ansible-core runs with Python {python[0]}.{python[1]}")
    version = NEWER.get(python, required)
    # Before 2.19 an interpreter must not have a space in its path: then the tests' own temporary folder has to do.
    place = tmp_path_factory.getbasetemp() if " " in str(ROOT) else ROOT / ".build"
    folder = place / f"ansible-{version}-python{python[0]}.{python[1]}"
    folder.parent.mkdir(exist_ok=True)
    with open(f"{folder}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            venv.create(folder, clear=True, with_pip=True)
            wanted = [f"ansible-core=={version}.*", "-r", str(ROOT / "requirements.txt")]
            command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *wanted]
            made = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
            assert made.returncode == 0, made.stdout + made.stderr
            (folder / "complete").touch()
    return folder / "bin"


def audit_and_keep(folder: Path) -> list[dict[str, Any]]:
    """An audit, and a play that keeps what it returns."""
    keep = {
        "name": "Keep what is returned",
        "ansible.builtin.copy": {
            "content": "{{ [collect_result, collect_failure, audit_coverage] | to_json }}",
            "dest": f"{folder}/{{{{ inventory_hostname }}}}.json",
            "mode": "0600",
        },
    }
    hosts = {"hosts": "genesyscloud", "connection": "local", "gather_facts": False}
    python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return [
        {"name": "Audit", "ansible.builtin.import_playbook": "genesyscloud.usage.audit"},
        {"name": "Keep", **hosts, "vars": python, "tasks": [keep]},
    ]


def test_an_audit_with_the_oldest_ansible(
    playbook: Callable[..., Any],
    sandbox: Sandbox,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    oldest: Path,
) -> None:
    hosts = {
        "good": add(sandbox, "oldest-good"),
        "forbidden": add(sandbox, "oldest-forbidden", kind="forbidden"),
        # An option that no module takes is written down in the store as well.
        "wrong": add(sandbox, "oldest-wrong") | {"collect_group_by": ["colour"]},
    }
    book = tmp_path / "audit.yml"
    book.write_text(yaml.safe_dump(audit_and_keep(tmp_path)), encoding="utf-8")
    given = {
        "collect_days": 3,
        "collect_store": f"sqlite:///{tmp_path}/usage.db",
        "collect_retry_timeout": 1,
        "collect_reports_dir": f"{tmp_path}/reports",
    }
    names = inventory(tmp_path_factory.mktemp("inventory"), hosts)

    def audit(rc: int, **more: Any) -> tuple[str, dict[str, dict[str, int]]]:
        done = playbook(book, "-i", names, variables=given | more, secrets=[SECRET], rc=rc, programs=oldest)
        return " ".join(done.stdout.split()), recap(done.stdout)

    sentence = "1 of 3 organizations collected (33.3 %): good. Failed: forbidden (permission), wrong (invalid_argument)"
    said, counts = audit(0, collect_min_coverage=0.3)
    assert sentence in said
    result, failure, coverage = json.loads((tmp_path / "good.json").read_text(encoding="utf-8"))
    assert (result["row_count"], result["totals"]["requests"], result["api_calls"]) == (6, 60, 7)
    assert (result["stored"]["client_usage"], failure) == (None, {})
    assert coverage == {
        "expected": 3, "collected": 1, "collected_names": ["good"], "share": 1 / 3, "minimum": 0.3,
        "missing": ["forbidden", "wrong"],
    }  # fmt: skip
    said, counts = audit(2)
    assert sentence in said
    assert {host for host, count in counts.items() if count["failed"]} == {"forbidden", "wrong"}
    assert counts["good"]["changed"] == 1, "only the file of this test"
