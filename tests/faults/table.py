# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the documentation that says what every fault comes to at every endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from .catalogue import FAULTS, RECOVERS, Fault, Outcome
from .endpoints import GROUPS, Endpoint

PAGE = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "fault_table.rst"

HEAD = """\
..
  Copyright: (c) 2026, genesyscloud.usage contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

  Generated: python -m tests.faults --write

.. _ansible_collections.genesyscloud.usage.docsite.fault_table:

What every fault comes to
=========================

What a task does when something goes wrong at an endpoint. The tests of the collection carry out every cell of these
tables over a real connection and with a real store.

- *recovers*: the task goes on and ends as if nothing had happened.
- A name such as ``timeout`` is the ``failure.kind`` with which the task fails (see
  :ref:`ansible_collections.genesyscloud.usage.docsite.guide_troubleshooting`); of a client of ``oauth_client_usage`` it
  is the ``kind`` of the client's ``error``.
- Two words are for a fault that occurs once, and for one that stays: the request is repeated until ``retry_timeout``
  is over. One word alone is for both: such a fault is not repeated, because time does not heal it.
  ``401 unauthorized`` is the exception: the task gets one new token and tries the request once more.

Whenever a task fails, its store is as it was before; whenever it recovers, the store has everything. No task takes
longer than ``retry_timeout`` and one exchange (``timeout``) for a request, besides its wait for the execution.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for name, group in GROUPS.items() for line in _section(name, group))])


def _section(name: str, endpoints: Sequence[Endpoint]) -> Iterator[str]:
    yield from (name, "-" * len(name), "", ".. list-table::", "   :header-rows: 1", "")
    yield from _row(["Fault", *(f"``{endpoint.title}``" for endpoint in endpoints)])
    for fault in FAULTS:
        yield from _row([fault.name, *(_cell(fault, endpoint) for endpoint in endpoints)])
    yield ""


def _row(cells: Sequence[str]) -> Iterator[str]:
    for mark, cell in zip("*" + " " * len(cells), cells, strict=False):
        yield f"   {mark} - {cell}"


def _cell(fault: Fault, endpoint: Endpoint) -> str:
    expected = fault.expected(endpoint)
    if not isinstance(expected, Outcome):
        return expected
    return re.sub(r"\w+", lambda word: word[0] if word[0] == RECOVERS else f"``{word[0]}``", expected.text)
