# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many writers of one store: a process for each organization, all at once or one after the other."""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import Context
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query

from .process import answer

FORK = multiprocessing.get_context("fork")


def find(order: dict[str, Any]) -> dict[str, Any]:
    """What failed, and the seconds from the first to the last."""
    every = order["params"]
    together = len(every) if order["at_once"] else 1
    # Nobody begins before all are there.
    barrier, said = FORK.Barrier(together), FORK.Queue()
    started = time.perf_counter()
    failed: list[str] = []
    for first in range(0, len(every), together):
        writers = [FORK.Process(target=_write, args=(params, barrier, said)) for params in every[first:][:together]]
        for writer in writers:
            writer.start()
        failed += [text for text in (said.get(timeout=600) for _writer in writers) if text]
        for writer in writers:
            writer.join()
    return {"seconds": time.perf_counter() - started, "failed": failed}


def _write(params: dict[str, Any], barrier: Any, said: Any) -> None:
    text = "broken"
    try:
        validated = ArgumentSpecValidator(argspec.USAGE_QUERY).validate(params)
        barrier.wait()
        result = outcome(usage_query, validated.validated_parameters, Context())
        text = str(result.get("msg", "failed")) if result.get("failed") else ""
    finally:
        said.put(text)


if __name__ == "__main__":
    answer(find)
