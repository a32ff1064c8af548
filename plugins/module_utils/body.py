# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of an answer as it arrives: in time, within bounds, and as a document.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .clock import Clock
from .errors import MalformedAnswer, RequestTimeout, TooLarge

CHUNK = 128 * 1024
"""Bytes read from the socket at a time, at most."""

PIECE = 64 * 1024
"""Bytes of an answer that must arrive within O(timeout), and again so many within the next: otherwise an answer that
drips byte by byte would take for ever, and never be late."""

DOCUMENT_LIMIT = 16 * 1024 * 1024
"""Bytes of a JSON document that is read whole. Rows are not: they are read one by one and have no bound."""


def arriving(response: Any) -> Iterator[bytes]:
    """The body of an answer of C(requests) as it arrives: what is there is not kept waiting for more."""
    read = getattr(response.raw, "read1", None)
    if read is None:
        # urllib3 1.26: a chunk is full or the last one, so that an answer that drips is noticed late.
        yield from response.iter_content(CHUNK)
        return
    while chunk := read(CHUNK, decode_content=True):
        yield chunk


def in_time(what: str, chunks: Iterator[bytes], began: float, timeout: float, clock: Clock) -> Iterator[bytes]:
    """The chunks of an answer. Raises RequestTimeout where a PIECE takes longer than ``timeout`` (seconds).

    ``began`` is when the request was sent (monotonic seconds). What the reader does with a chunk takes none of it.
    """
    spent, size = clock.monotonic() - began, 0
    while True:
        asked = clock.monotonic()
        chunk = next(chunks, None)
        spent += clock.monotonic() - asked
        if chunk is None:
            return
        size += len(chunk)
        if spent > timeout:
            raise RequestTimeout(
                f"The answer to {what} is too slow: {size} bytes in {spent:.0f} s (timeout is {timeout:g} s)"
            )
        if size >= PIECE:
            spent, size = 0.0, 0
        yield chunk


def bounded(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The chunks up to a number of bytes; what follows is left unread."""
    size = 0
    for chunk in chunks:
        yield chunk[: limit - size]
        size += len(chunk)
        if size >= limit:
            return


def document(what: str, chunks: Iterable[bytes]) -> Any:
    """The JSON document of an answer that is read whole. Raises MalformedAnswer and TooLarge."""
    body = b"".join(bounded(chunks, DOCUMENT_LIMIT + 1))
    if len(body) > DOCUMENT_LIMIT:
        raise TooLarge(f"The answer to {what} is larger than {DOCUMENT_LIMIT // 2**20} MiB")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedAnswer(
            f"The answer to {what} is not JSON, or cut off; "
            "does api_url lead to Genesys Cloud, or to a proxy or gateway before it?"
        ) from None
