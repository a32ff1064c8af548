# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a benchmark is, and what it finds."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .world import World


@dataclass(frozen=True)
class Line:
    """One line of the table. ``met`` is None where there is no goal.

    ``ratio`` is what it took in units of ``yardstick``, which was measured in the same run: so it can be compared with
    that of another day and another machine. Larger is worse. ``readme`` puts the line into the README's short table.
    """

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None
    ratio: float | None = None
    yardstick: str = ""
    readme: bool = False

    def __post_init__(self) -> None:
        if (self.ratio is None) != (not self.yardstick):
            raise ValueError(f"{self.what}: a ratio and its yardstick belong together")


@dataclass(frozen=True)
class Benchmark:
    """``goal`` in a few words; ``how`` says what is measured and what is not."""

    name: str
    goal: str
    how: str
    run: Callable[[World], Iterable[Line]]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """The median, and the smallest and the largest where there are several."""
    text = f"{median(values):,.{digits}f} {unit}"
    if len(values) == 1:
        return text
    return f"{text} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def interval(service: str, days: int) -> str:
    """So many whole days up to yesterday, as a service wants to be asked for them."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    first = today - datetime.timedelta(days=days)
    if service == "jobs":
        return f"{first}/{today - datetime.timedelta(days=1)}"
    return f"{first}T00:00:00.000Z/{today}T00:00:00.000Z"
