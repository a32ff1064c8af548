# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answer of a results endpoint says besides its rows: why an execution failed, and where the next page is.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from . import said
from .errors import ExecutionFailed, MalformedAnswer

LONGEST_CURSOR = 4096
"""Characters. Servers refuse addresses much longer than that."""


def failed(execution_id: str, state: Any, body: Any) -> ExecutionFailed:
    """The error of an execution that failed or was cancelled; ``body`` is the error body, where there is one."""
    given: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    reason = said.text(given.get("message")) or "the service gives no reason"
    return ExecutionFailed(
        f"Execution {execution_id} ended as {state}: {reason}",
        code=said.word(given.get("code")),
        details=said.details(given.get("details")),
    )


def cursor(document: Mapping[str, Any]) -> str | None:
    """The cursor of the next page, if there is one. Addresses are never followed: of one only the cursor is taken."""
    cursors = document.get("cursors")
    if cursors is not None and not isinstance(cursors, Mapping):
        raise MalformedAnswer("The cursors of the answer are not an object")
    after = cursors.get("after") if cursors else None
    address = document.get("nextUri")
    if not after and address:
        values = parse_qs(address.partition("?")[2]).get("after") if isinstance(address, str) else None
        if not values:
            raise MalformedAnswer("The answer has a next page (nextUri) without a cursor (after)")
        after = values[0]
    if after is not None and not isinstance(after, str):
        raise MalformedAnswer("The cursor of the next page (cursors.after) is not text")
    if after and (len(after) > LONGEST_CURSOR or not after.isprintable()):
        raise MalformedAnswer(f"The cursor of the next page is none: {said.wrong(after)}")
    return after or None
