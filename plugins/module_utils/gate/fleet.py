# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All organizations, one after the other, by all rules.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..store.connection import Store
from ..store.fleet import Failed
from ..store.reader import Selection
from . import builtin
from .facts import Facts, Settings
from .judge import Finding, Tally, applies, breaks, finding, judge_rule, plain, window_of
from .reach import reach
from .rules import Rule
from .sentences import allowed
from .waivers import Waiver


@dataclass(frozen=True)
class Order:
    """What is to be judged. ``failures`` are the latest collections that failed, by organization."""

    selection: Selection
    settings: Settings
    rules: Sequence[Rule]
    waivers: Sequence[Waiver]
    organizations: Sequence[str]
    failures: Mapping[str, Failed]


@dataclass(frozen=True)
class Judged:
    """What came of it, and which days were there to look at."""

    tally: Tally
    days: tuple[datetime.date | None, datetime.date | None]


def judge_fleet(store: Store, order: Order) -> Judged:
    """Judge every organization; only one at a time is in memory."""
    tally = Tally()
    first: datetime.date | None = None
    last: datetime.date | None = None
    rules = order.rules
    for organization in order.organizations:
        facts = Facts(store, dataclasses.replace(order.selection, organization=organization), order.settings)
        if facts.first_day and facts.last_day:
            first = min(first or facts.first_day, facts.first_day)
            last = max(last or facts.last_day, facts.last_day)
        _judge_organization(facts, rules, order, tally)
    for rule in rules:
        _judge_rule_of_fleet(rule, order, tally)
    if not order.organizations:
        tally.add(_collection(None, "there is no organization in the store, so nothing could be judged"))
    return Judged(tally, (_looked_from(rules, order.settings, first), last))


def _judge_organization(facts: Facts, rules: Sequence[Rule], order: Order, tally: Tally) -> None:
    organization, failed = facts.organization, order.failures.get(facts.organization)
    if not facts.figures and order.settings.days_known:
        why = f"; its latest collection failed: {failed.message}" if failed else ""
        what = f"service {order.selection.service}, group_by [{order.selection.grouping}]"
        tally.add(_collection(organization, f"{organization}: no day of it was ever collected ({what}){why}"))
        for rule in rules:
            if rule.of == "organizations" and applies(rule, organization):
                tally.fleet.setdefault(rule.id, [0, 0])[1] += 1
        return
    if failed:
        message = (
            f"{organization}: its latest collection failed on {failed.at} ({failed.kind}: {failed.message}), so what "
            f"is kept may be incomplete; last_day {facts.last_day}"
        )
        tally.add(_collection(organization, message))
    elif order.settings.days_known:
        tally.note_pass(builtin.COLLECTION, organization, 1)
    for rule in rules:
        if applies(rule, organization):
            judge_rule(rule, facts, order.waivers, tally)


def _judge_rule_of_fleet(rule: Rule, order: Order, tally: Tally) -> None:
    """A rule about the share of organizations; and one that selects organizations of which there are none."""
    if order.organizations and not any(applies(rule, organization) for organization in order.organizations):
        found = finding(rule, None, {}, "unknown", window=window_of(rule, order.settings))
        patterns = ", ".join(rule.where["organization"])
        found["message"] = f"{rule.id}: none of the organizations matches {patterns}, so nothing was judged by it"
        tally.add(found)
    if rule.id not in tally.fleet:
        return
    complete, count = tally.fleet[rule.id]
    share = Fraction(complete, count)
    if not breaks(rule, share):
        tally.note_pass(rule.id, "", 1)
        return
    found = finding(rule, None, {}, "unknown", measured=plain(share), window=window_of(rule, order.settings))
    found["message"] = (
        f"all organizations: {complete:,} of {count:,} have all days of the window, allowed {allowed(rule)}"
    )
    tally.add(found)


def _collection(organization: str | None, message: str) -> Finding:
    return {
        "rule": builtin.COLLECTION,
        "metric": "coverage",
        "severity": "fail",
        "verdict": "unknown",
        "subject": {"organization": organization},
        "measured": None,
        "unit": "ratio",
        "allowed": ">= 1",
        "value": 1,
        "op": ">=",
        "window": None,
        "since": None,
        "message": message,
        "waiver": None,
    }


def _looked_from(rules: Sequence[Rule], settings: Settings, first: datetime.date | None) -> datetime.date | None:
    spans = [reach(rule, settings) for rule in rules]
    if first is None or not spans or None in spans:
        return first
    return max(first, min(span[0] for span in spans if span))
