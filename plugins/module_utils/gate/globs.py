# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Patterns with C(*), C(?) and C([...]), as shells have them; letter case counts.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matches(key: str, value: str, wanted: Iterable[str]) -> bool:
    """Whether a value of a key matches any of the patterns. An endpoint does so with and without its first slash."""
    if key == "template_uri":
        return any(fnmatchcase(value.lstrip("/"), pattern.lstrip("/")) for pattern in wanted)
    return any(fnmatchcase(value, pattern) for pattern in wanted)


def is_literal(pattern: str) -> bool:
    """Whether a pattern names one value and no other."""
    return not any(sign in pattern for sign in "*?[")
