# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How late the end of an execution is noticed, and how many looks that takes."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Line
from ..world import World

ANSWERS = (0.05, 0.5, 1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 300)
"""Seconds an execution takes."""

MOST_LOOKS, AT = 12, 120


def run(world: World) -> Iterator[Line]:
    """One line for each time, and one for the looks."""
    answers = (0.5, 5, AT) if world.quick else ANSWERS
    seeds = 3 if world.quick else 50
    missed = []
    most = 0
    for found in world.measure("waits", {"answers": answers, "seeds": seeds}):
        after, late, looks = found["answer_after"], max(found["late"]), found["looks"]
        allowed = max(2.0, after / 4)
        met = late <= allowed
        missed += [] if met else [f"{after:g}"]
        most = max(looks) if after == AT else most
        told = f"{min(looks)} to {max(looks)}" if min(looks) < max(looks) else f"{max(looks)}"
        yield Line(
            f"done after {after:g} s",
            f"{late:.2f} s late at most ({late / after:.0%}), median {sorted(found['late'])[seeds // 2]:.2f} s; "
            f"{told} look{'s' if max(looks) > 1 else ''}",
            f"at most {allowed:.4g} s late",
            met,
            ratio=late / allowed,
            yardstick="seconds that are allowed",
        )
    yield Line("times missed", ", ".join(missed) or "none", "none", not missed)
    yield Line(
        f"most looks at {AT} s, {seeds} seeds",
        str(most),
        f"at most {MOST_LOOKS}",
        most <= MOST_LOOKS,
        ratio=most / MOST_LOOKS,
        yardstick="looks that are allowed",
        readme=True,
    )
