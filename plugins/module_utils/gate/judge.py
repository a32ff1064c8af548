# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From figures to findings: what holds, what does not, what nobody can tell, and what is waived.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..intervals import ONE_DAY
from .facts import Facts
from .globs import matches
from .measured import Measured, cannot_tell
from .measures import measure
from .rules import Rule
from .sentences import nobody, sentence, unknown_sentence
from .waivers import Waiver, waiver_for
from .windows import window_days

HOLDS = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
    "!=": operator.ne,
}

MAXIMUM = ("<=", "<")

FURTHEST_BACK = 92
"""Days that are looked back for the first day of a breach."""

VERDICTS = ("fail", "unknown", "warn", "waived", "pass")
"""The worst first."""

Finding = dict[str, Any]


@dataclass
class Tally:
    """What came of all rules. ``passed`` counts subjects, by rule and organization."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    passed: dict[str, Counter[str]] = field(default_factory=dict)
    fleet: dict[str, list[int]] = field(default_factory=dict)
    """For rules about the share of organizations: how many have all days, and how many there are."""

    def add(self, finding: Finding) -> None:
        self.findings.append(finding)
        self.counts[finding["verdict"]] += 1

    def note_pass(self, rule_id: str, organization: str, subjects: int) -> None:
        self.passed.setdefault(rule_id, Counter())[organization] += subjects
        self.counts["pass"] += subjects


def breaks(rule: Rule, value: Fraction | float) -> bool:
    return not HOLDS[rule.op](value, rule.value)


def certain(rule: Rule, each: Measured) -> bool:
    """Whether a figure that can only be larger breaks the rule all the same."""
    if not each.at_least or each.value is None:
        return False
    if rule.op == "==":
        return each.value > rule.value
    return rule.op in MAXIMUM and breaks(rule, each.value)


def judge_rule(rule: Rule, facts: Facts, waivers: Sequence[Waiver], tally: Tally) -> None:
    """Judge one organization by one rule."""
    settings = facts.settings
    measured = measure(rule, facts, settings.last)
    if rule.of == "organizations" and not any(each.unknown for each in measured):
        counted = tally.fleet.setdefault(rule.id, [0, 0])
        counted[0] += measured[0].part or 0
        counted[1] += 1
        return
    if not measured and rule.op not in MAXIMUM:
        measured = cannot_tell(nobody(rule))
    held, unknown = 0, []
    for each in measured:
        if _is_breach(rule, each):
            tally.add(_breach(rule, facts, each, waivers))
        elif each.unknown:
            unknown.append(each)
        else:
            held += 1
    if unknown:
        tally.add(_unknown(rule, facts, unknown))
    if held or (not measured and not unknown):
        tally.note_pass(rule.id, facts.organization, held)


def applies(rule: Rule, organization: str) -> bool:
    wanted = rule.where.get("organization")
    return wanted is None or matches("organization", organization, wanted)


def finding(rule: Rule, organization: str | None, subject: Mapping[str, Any], verdict: str, **more: Any) -> Finding:
    """A finding with all its keys."""
    return {
        "rule": rule.id,
        "metric": rule.metric,
        "severity": rule.severity,
        "verdict": verdict,
        "subject": {"organization": organization, **subject},
        "measured": None,
        "unit": rule.unit,
        "allowed": rule.allowed,
        "value": plain(rule.value),
        "op": rule.op,
        "window": None,
        "since": None,
        "message": "",
        "waiver": None,
        **more,
    }


def plain(value: Fraction | float | None) -> int | float | None:
    """A value as JSON has it; what is without end is null."""
    if value is None or value == float("inf"):
        return None
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)


def window_of(rule: Rule, settings: Any) -> dict[str, str] | None:
    if rule.window is None:
        return None
    first, last = window_days(rule.window, settings.last, settings.anchor)
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}


def _breach(rule: Rule, facts: Facts, each: Measured, waivers: Sequence[Waiver]) -> Finding:
    # What is amiss with the data says nothing about usage, good or bad.
    verdict = "unknown" if rule.about.about_data else rule.severity
    subject = {"organization": facts.organization, **each.subject}
    waiver = None if rule.about.about_data else waiver_for(waivers, rule.id, subject)
    expired = waiver is not None and waiver.expires < facts.settings.today
    if waiver:
        verdict = "fail" if expired else "waived"
    since = each.since or _since(rule, facts)
    found = finding(rule, facts.organization, each.subject, verdict, measured=plain(each.value))
    found["window"] = window_of(rule, facts.settings)
    found["since"] = since.isoformat() if since else None
    found["waiver"] = dict(waiver.given) if waiver else None
    found["message"] = sentence(rule, facts, each, found, waiver if expired else None)
    return found


def _is_breach(rule: Rule, each: Measured) -> bool:
    """Whether a figure breaks the rule for certain."""
    if each.unknown:
        return certain(rule, each)
    return each.value is not None and breaks(rule, each.value)


def _since(rule: Rule, facts: Facts) -> datetime.date | None:
    """The first day of the unbroken breach, for what can be measured for earlier days without reading more.

    None where it may have begun earlier: on days of which nobody can tell, or further back than is looked.
    """
    if rule.per != "organization" or not facts.cut(rule).whole:
        return None
    first = facts.settings.last
    for ago in range(1, FURTHEST_BACK):
        day = facts.settings.last - ONE_DAY * ago
        measured = measure(rule, facts, day)
        if any(each.unknown and not certain(rule, each) for each in measured):
            return None
        if not measured or not all(_is_breach(rule, each) for each in measured):
            return first
        first = day
    return None


def _unknown(rule: Rule, facts: Facts, unknown: Sequence[Measured]) -> Finding:
    """One finding for all subjects of an organization that a rule cannot tell about."""
    named = [each for each in unknown if each.subject]
    subject = named[0].subject if len(unknown) == 1 and named else {}
    found = finding(rule, facts.organization, subject, "unknown", measured=plain(unknown[0].value) if subject else None)
    if rule.per == "organization" and len(unknown) == 1:
        found["measured"] = plain(unknown[0].value)
    found["window"] = window_of(rule, facts.settings)
    found["message"] = unknown_sentence(rule, facts.organization, unknown)
    return found


def sort_key(found: Finding) -> tuple[Any, ...]:
    """The worst first, then by rule and subject."""
    subject = found["subject"]
    return (
        VERDICTS.index(found["verdict"]),
        found["rule"],
        subject["organization"] or "",
        *(str(subject.get(key, "")) for key in ("client_id", "template_uri", "http_method")),
    )


def worst(verdicts: Iterator[str]) -> str:
    """One verdict out of many. What is waived counts as a pass."""
    order = {name: place for place, name in enumerate(("fail", "unknown", "warn", "pass"))}
    return min((v if v != "waived" else "pass" for v in verdicts), key=order.__getitem__, default="pass")
