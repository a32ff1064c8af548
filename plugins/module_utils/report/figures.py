# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures: added up, held against each other, and written for people.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

NOTHING = "\u2013"
"""What stands where there is no figure."""


class Sums(NamedTuple):
    """The six metrics. C(status429) is never added to C(status400): of one service it is a part of it."""

    requests: int = 0
    status200: int = 0
    status300: int = 0
    status400: int = 0
    status429: int = 0
    status500: int = 0

    def share(self, metric: str) -> float | None:
        """A metric as a part of all requests; None where there are none."""
        return getattr(self, metric) / self.requests if self.requests else None


def total(parts: Iterable[Sequence[int]]) -> Sums:
    """The sums of some figures."""
    columns = list(zip(*parts, strict=True))
    return Sums(*map(sum, columns)) if columns else Sums()


def change(now: float, before: float | None) -> float | None:
    """By which part something grew; None where there was nothing before, or nobody knows."""
    return (now - before) / before if before else None


def number(value: float | None) -> str:
    """C(1,234,567)."""
    return NOTHING if value is None else f"{value:,.0f}"


def percent(value: float | None, digits: int = 2) -> str:
    """A part of one as C(12.34%). What is not zero never looks like zero."""
    if value is None:
        return NOTHING
    least = 10.0 ** -(digits + 2)
    if 0 < value < least:
        return f"<{least:.{digits}%}"
    return f"{value:,.{digits}%}"


def signed(value: float | None) -> str:
    """A change as C(+12.3%), with a true minus."""
    if value is None:
        return NOTHING
    text = f"{value:+,.1%}"
    return "\u00b10.0%" if text in ("+0.0%", "-0.0%") else text.replace("-", "\u2212")


def counted(count: int, one: str, many: str = "") -> str:
    """C(1 day), C(2 days)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
