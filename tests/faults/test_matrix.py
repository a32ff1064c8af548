# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault at every endpoint ends recovered or in a plain message of the right kind, within its budget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .catalogue import FAULTS, RECOVERS, Fault, Outcome
from .endpoints import ENDPOINTS, GROUPS, Endpoint
from .table import PAGE, page

if TYPE_CHECKING:
    from .matrix import Ended, Matrix

BUDGET = 120.0 + 30.0
"""Seconds: the default of O(retry_timeout), and an exchange that began before it was over. A normal task takes 0.1."""

LONGEST_MESSAGE = 400

CELLS = [(endpoint, fault) for endpoint in ENDPOINTS for fault in FAULTS]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    from .matrix import Matrix

    made = Matrix(tmp_path_factory.mktemp("matrix"))
    yield made
    made.close()


def check(matrix: Matrix, endpoint: Endpoint, ended: Ended, expected: str) -> None:
    assert ended.outcome == expected, ended.message
    assert ended.seconds <= BUDGET
    if expected == RECOVERS:
        undisturbed = matrix.after(endpoint)
        assert ended.store == undisturbed.store
        assert ended.returned == undisturbed.returned
    else:
        assert ended.store == matrix.before(endpoint)
        # A sentence, and neither a page nor the insides of a library.
        assert ended.message
        assert len(ended.message) < LONGEST_MESSAGE
        assert not set(ended.message) & set("<>\n")
        assert "Error(" not in ended.message
        assert "Traceback" not in ended.message


@pytest.mark.parametrize(("endpoint", "fault"), CELLS, ids=[f"{e.name}-{f.name}" for e, f in CELLS])
def test_a_fault_comes_to_what_the_table_says(matrix: Matrix, endpoint: Endpoint, fault: Fault) -> None:
    expected = fault.expected(endpoint)
    if isinstance(expected, str):
        assert expected.startswith("does not apply: ")
        return
    lasting = matrix.run(endpoint, fault, None)
    check(matrix, endpoint, lasting, expected.lasting)
    tries = 0 if "go_away" in fault.action and endpoint.kind == "sign-in" else fault.times
    if expected.once != expected.lasting:
        # It was tried again, and a new token is one more try.
        assert lasting.met == 2 if expected.lasting == "authentication" else lasting.met >= 2
        once = matrix.run(endpoint, fault, fault.times)
        check(matrix, endpoint, once, expected.once)
        assert once.met == tries
    elif expected.lasting == RECOVERS:
        # It does no harm, but it was there.
        assert lasting.met
    else:
        # What time does not heal is not tried again.
        assert lasting.met == tries


def test_the_matrix_has_a_cell_for_every_fault_at_every_endpoint() -> None:
    assert len({(e.name, f.name) for e, f in CELLS}) == len(ENDPOINTS) * len(FAULTS)
    for endpoint, fault in CELLS:
        expected = fault.expected(endpoint)
        assert expected.text if isinstance(expected, Outcome) else len(expected) > len("does not apply: ")


def test_the_documentation_has_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.faults --write"
    cells = re.findall(r"^   [* ] -(.*)$", page(), re.MULTILINE)
    assert len(cells) == sum((len(FAULTS) + 1) * (len(group) + 1) for group in GROUPS.values())
    assert all(cell.strip() for cell in cells)
