# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that contradict each other: whatever is measured, one of them does not hold.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import InvalidArgument
from .rules import Rule


def _subject(rule: Rule) -> tuple[object, ...]:
    """What a rule measures; rules that are equal in this measure the same figure."""
    where = tuple(sorted((key, tuple(sorted(values))) for key, values in rule.where.items()))
    return rule.metric, rule.of, rule.per, rule.window, rule.baseline, where


def _bounds(rule: Rule) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    """The least and the largest that a rule allows, each with whether it is itself allowed."""
    if rule.op in ("<=", "<"):
        return None, True, rule.value, rule.op == "<="
    if rule.op in (">=", ">"):
        return rule.value, rule.op == ">=", None, True
    return (rule.value, True, rule.value, True) if rule.op == "==" else (None, True, None, True)


def _both_can_hold(one: Rule, other: Rule) -> bool:
    if "!=" in (one.op, other.op):
        return not (one.value == other.value and "==" in (one.op, other.op))
    least, largest, strict = None, None, False
    for low, low_in, high, high_in in (_bounds(one), _bounds(other)):
        if low is not None and (least is None or (low, not low_in) > least):
            least = (low, not low_in)
        if high is not None and (largest is None or (high, high_in) < largest):
            largest = (high, high_in)
    if least is None or largest is None:
        return True
    strict = least[1] or not largest[1]
    if one.about.whole and strict:
        # Between 5 and 6 there is no whole number.
        first = least[0].__floor__() + 1 if least[1] else least[0].__ceil__()
        last = largest[0].__floor__() if largest[1] else largest[0].__ceil__() - 1
        return first <= last
    return least[0] < largest[0] or (least[0] == largest[0] and not strict)


def check_consistency(rules: Sequence[Rule]) -> None:
    """Raise InvalidArgument for two rules about the same figure of which one cannot hold when the other does."""
    groups: dict[tuple[object, ...], list[Rule]] = {}
    for rule in rules:
        same = groups.setdefault(_subject(rule), [])
        for other in same:
            if not _both_can_hold(other, rule):
                raise InvalidArgument(
                    f"{other.place} ({other.id}) and {rule.place} ({rule.id}) contradict each other: no {rule.metric} "
                    f"is {other.allowed} and {rule.allowed}"
                )
        same.append(rule)
