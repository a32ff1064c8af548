# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which days a rule looks at, and which of the built-in rules cannot look at theirs.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from ..analysis.forecast import HISTORY_DAYS
from ..intervals import ONE_DAY, Span
from .facts import Settings
from .rules import Rule
from .windows import before, window_days


def reach(rule: Rule, settings: Settings) -> Span | None:
    """The days that a rule looks at; None for all that there are."""
    if rule.window is None:
        return (settings.last, settings.last) if rule.metric == "age_of_data" else None
    window = window_days(rule.window, settings.last, settings.anchor)
    if rule.metric == "forecast":
        return min(window[0], settings.last - ONE_DAY * (HISTORY_DAYS - 1)), window[1]
    return (before(window, rule.baseline)[0] if rule.baseline else window[0]), window[1]


@dataclass(frozen=True)
class Given:
    """What there is besides the rules: what rows are told apart by, an allowance, a list of OAuth clients, and for
    rows the first day that their query asked for."""

    settings: Settings
    group_by: Sequence[str]
    scope: str
    allowance: bool
    clients: bool
    first: datetime.date | None = None


def left_out(rules: Sequence[Rule], given: Given) -> dict[str, str]:
    """Of the built-in rules that nobody asked for by their ids those that cannot be judged here, with the reason."""
    found = {rule.id: _why_left_out(rule, given) for rule in rules if rule.optional}
    return {rule_id: reason for rule_id, reason in found.items() if reason}


def _why_left_out(rule: Rule, given: Given) -> str | None:
    absent = [name for name in rule.dimensions if name not in given.group_by and not given.scope]
    if absent:
        return f"the rows are not told apart by {', '.join(absent)}"
    if (rule.metric == "allowance_used" or rule.of == "allowance") and not given.allowance:
        return "no allowance is given"
    if rule.metric == "unknown_client" and not given.clients:
        return "there is no list of OAuth clients, neither known_clients nor one in the store"
    span = reach(rule, given.settings)
    if rule.baseline and given.first and span and span[0] < given.first:
        return f"the rows begin on {given.first}, and it compares with days from {span[0]} on"
    return None
