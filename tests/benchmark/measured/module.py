# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module in a process of its own, as AnsiballZ starts it on a host, but for the unpacking: ``main`` of the module
with its arguments, and the most memory it had."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any


def main(order: dict[str, Any]) -> dict[str, Any]:
    """Rows and requests of an organization, by day and client."""
    # The module reads its arguments from there, and writes its result to standard output.
    sys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps({"ANSIBLE_MODULE_ARGS": order}).encode()))
    sys.argv = sys.argv[:1]
    from ansible_collections.genesyscloud.usage.plugins.modules import usage_query

    said = io.StringIO()
    with redirect_stdout(said), suppress(SystemExit):
        usage_query.main()
    result = json.loads(said.getvalue())
    if result.get("failed"):
        raise RuntimeError(result["msg"])
    return {"rows": result["row_count"], "requests": result["totals"]["requests"]}


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    found = main(json.load(sys.stdin))
    print(json.dumps({**found, "peak_mib": _peak_mib()}))
