# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutated answers of both services: never a traceback, never a wrong figure that is accepted, never a hang."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from effort import many
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import printable

from .endpoints import ENDPOINTS, Endpoint
from .mutations import Edit, edits

if TYPE_CHECKING:
    from .mutants import Mutants, Run

EXAMPLES = many(400, 10_000)
LIMIT = 30
"""Seconds of real time after which a task counts as hung; it takes some hundredths."""

MOST_CALLS = 60
"""A normal task makes up to seven, and each may be repeated and begin with a sign-in of its own."""

LONGEST_MESSAGE = 3000
"""Characters. What the API says is shown up to some bound."""


@pytest.fixture(scope="module")
def mutants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mutants]:
    from .mutants import Mutants

    with Mutants(tmp_path_factory.mktemp("mutants")) as made:
        yield made


@contextmanager
def no_hang() -> Iterator[None]:
    def late(*_arguments: object) -> None:
        raise AssertionError(f"a task that does not end within {LIMIT} s")

    former = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def check(run: Run) -> None:
    result = run.result
    shown = json.dumps(result)
    assert "SANDBOX-CLIENT-SECRET" not in shown
    assert run.calls <= MOST_CALLS
    if result.get("failed"):
        failures = [
            result["failure"],
            *(client["error"] for client in result.get("clients", []) if client.get("error")),
        ]
        for failure in failures:
            assert failure["kind"] != "internal", failure["message"]
            assert 0 < len(failure["message"]) < LONGEST_MESSAGE
        assert run.stored == []
        return
    expected = run.expected()
    # What a terminal must not get is spelled in a result, and kept as it is in a store.
    assert run.accepted == [type(entry)(printable.everything(entry)) for entry in expected]
    if run.stores:
        assert run.stored == run.as_stored(expected)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="CI" in os.environ,
    # The sandbox is shared on purpose.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    endpoint=st.sampled_from([*ENDPOINTS, *[e for e in ENDPOINTS if e.kind == "results"] * 3]),
    answer=st.integers(0, 2),
    changes=edits,
    stores=st.sampled_from([False, False, False, True]),
)
def test_what_is_accepted_is_right_and_what_is_not_is_said(
    mutants: Mutants, endpoint: Endpoint, answer: int, changes: list[Edit], stores: bool
) -> None:
    with no_hang():
        check(mutants.run(endpoint, answer, changes, stores))
