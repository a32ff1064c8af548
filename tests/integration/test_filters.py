# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
"""The examples in the filters' documentation run as they are, in one playbook."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILTERS = sorted((ROOT / "plugins" / "filter").glob("*.py"))


def test_examples_run(playbook: Callable[..., Any], tmp_path: Path) -> None:
    tasks: list[dict[str, Any]] = []
    for path in FILTERS:
        found = re.search(r'^EXAMPLES = r"""\n(.*?)^"""', path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        assert found, path.name
        examples = yaml.safe_load(found[1])
        assert f"genesyscloud.usage.{path.stem}" in found[1]
        tasks += examples
    assert len(FILTERS) == 4
    book = tmp_path / "filters.yml"
    book.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    done = playbook(book)
    assert done.stdout.count("\nok: [localhost]") == len(tasks) >= 6
