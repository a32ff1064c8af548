# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of measuring: a value, or why there is none.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Measured:
    """A rule's figure for one subject; without a subject, for what of the organization has no subject of its own.

    ``unknown`` is a sentence that says why the figure is not to be relied on; then ``at_least`` says that the true one
    is the same or larger. Without both value and ``unknown`` there was nothing to judge, such as no requests of which a
    part could have failed. It is exact; the one float is infinity, for what grew from nothing. ``part`` and ``whole``
    are what a ratio is made of; ``names`` are those that were counted.
    """

    subject: Mapping[str, str]
    value: Fraction | float | None
    unknown: str | None = None
    at_least: bool = False
    part: int | None = None
    whole: int | None = None
    names: tuple[str, ...] = ()
    detail: str = ""
    since: datetime.date | None = None


def cannot_tell(reason: str) -> list[Measured]:
    """Nothing is known."""
    return [Measured({}, None, reason)]
