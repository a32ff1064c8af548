# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer says, as it may stand in an error: neither too long nor of another type.

Private to the collection: this may change without notice.

An answer may repeat a secret, which is taken out of an error later. So nothing is cut in the middle of a word: half
of a secret would stay.
"""

from __future__ import annotations

import json
from typing import Any

MOST_TEXT, MOST_VALUE, MOST_WORD = 2000, 100, 200
"""Characters of a text, of a value that is shown because it is wrong, and of an id or code."""

MOST_DETAILS, DEEPEST_DETAILS = 20_000, 8
"""Characters of JSON, and levels of it, that details may have; more helps nobody and may break a reader."""


def text(value: Any) -> str:
    """A text on one line; empty where it is none."""
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return line if len(line) <= MOST_TEXT else line[:MOST_TEXT].rpartition(" ")[0]


def word(value: Any) -> str | None:
    """An id or a code; None where it is none."""
    return value if isinstance(value, str) and len(value) <= MOST_WORD else None


def wrong(value: Any) -> str:
    """A value that is not what it must be, so that people can see what it is."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str) and len(value) > MOST_VALUE:
        return f"a text of {len(value)} characters"
    return repr(value)


def details(value: Any) -> list[Any]:
    """The details of an error body; none where they are not what they must be."""
    fits = isinstance(value, list) and _levels(value, DEEPEST_DETAILS) and len(json.dumps(value)) <= MOST_DETAILS
    return value if fits else []


def _levels(value: Any, most: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is None or (most > 0 and all(_levels(item, most - 1) for item in inner))
