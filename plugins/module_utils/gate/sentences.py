# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings in one sentence each: where, what was measured, what is allowed, which days, since when.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from .facts import Facts
from .measured import Measured
from .rules import Rule, shown
from .waivers import Waiver

_NOUNS = {
    "error_ratio": "errors (4xx and 5xx)",
    "throttle_ratio": "throttled requests (429)",
    "allowance_used": "allowance used in the billing period so far",
    "forecast": "forecast for the whole billing period",
    "age_of_data": "age of the data",
    "coverage": "days collected",
    "unused_days": "days without traffic",
    "new_client": "new OAuth clients",
    "unknown_client": "unknown OAuth clients",
    "new_endpoint": "new endpoints",
    "growth": "growth",
    "spike": "spike",
}
_ONE = {
    "new_client": "had no traffic before",
    "unknown_client": "is not a known OAuth client",
    "new_endpoint": "had no traffic before",
}
_MOST_NAMES = 5


def called(organization: str | None, subject: Mapping[str, Any]) -> str:
    """Who a finding is about."""
    parts = [organization or "all organizations"]
    if "client_id" in subject:
        name = subject.get("client_name")
        parts.append(
            f"client {name} ({subject['client_id']})" if name else f"client {subject['client_id'] or '(none)'}"
        )
    parts += [str(subject[key]) for key in ("http_method", "template_uri") if key in subject]
    return ", ".join(parts)


def figure(rule: Rule, value: Fraction | float) -> str:
    """A value with its unit, for people."""
    if value == float("inf"):
        return "without end"
    exact = Fraction(value)
    if rule.metric == "growth":
        return f"{float(exact):.4g} times the usual"
    if rule.unit == "ratio":
        return f"{float(exact * 100):.4g} %"
    unit = {"requests": "requests", "days": "days", "deviations": "robust deviations"}.get(rule.unit, "")
    number = f"{exact.numerator:,}" if exact.denominator == 1 else f"{float(exact):,.1f}"
    return f"{number} {unit}".strip()


def _noun(rule: Rule) -> str:
    if rule.of == "organizations":
        return "organizations with all days"
    noun = _NOUNS.get(rule.metric, rule.metric)
    return f"{noun} of {rule.of}" if rule.metric in ("growth", "spike") else noun


def _made_of(rule: Rule, each: Measured) -> str:
    if each.names:
        more = f" and {len(each.names) - _MOST_NAMES} more" if len(each.names) > _MOST_NAMES else ""
        return f" ({', '.join(each.names[:_MOST_NAMES])}{more})"
    if each.part is None or each.whole is None:
        return f" ({each.detail})" if each.detail else ""
    what = "days" if rule.metric == "coverage" else "requests"
    detail = f"; {each.detail}" if each.detail else ""
    return f" ({each.part:,} of {each.whole:,} {what}{detail})"


def sentence(rule: Rule, facts: Facts, each: Measured, found: Mapping[str, Any], expired: Waiver | None) -> str:
    """What is wrong."""
    where = called(facts.organization, each.subject)
    if rule.per != "organization" and rule.metric in _ONE:
        text = f"{where}: {_ONE[rule.metric]}"
    else:
        least = "at least " if each.unknown else ""
        value = figure(rule, each.value if each.value is not None else 0)
        text = f"{where}: {_noun(rule)} {least}{value}{_made_of(rule, each)}, allowed {allowed(rule)}"
    window = found["window"]
    if window:
        days = (window["first_day"], window["last_day"])
        text += f", on {days[0]}" if days[0] == days[1] else f", {days[0]} to {days[1]}"
    if found["since"]:
        text += f", since {found['since']}"
    if expired:
        text += f"; the waiver of {expired.owner} expired on {expired.expires} ({expired.reason})"
    elif found["waiver"]:
        waiver = found["waiver"]
        text += f"; waived by {waiver['owner']} until {waiver['expires']} ({waiver['reason']})"
    return text


def allowed(rule: Rule) -> str:
    """What must hold, for people: of a share both the number and the percentage."""
    if rule.unit == "ratio" and rule.metric != "growth":
        return f"{rule.op} {float(rule.value * 100):.4g} %"
    return f"{rule.op} {shown(rule.value)}"


def unknown_sentence(rule: Rule, organization: str, unknown: Sequence[Measured]) -> str:
    """Why nobody can tell."""
    reasons = list(dict.fromkeys(each.unknown for each in unknown if each.unknown))
    named = [each for each in unknown if each.subject and rule.per != "organization"]
    who = called(organization, named[0].subject) if len(unknown) == 1 and named else organization
    several = f" of {len(named)} {_plural(rule)}" if len(named) > 1 else ""
    more = f" (and {len(reasons) - 1} other reasons)" if len(reasons) > 1 else ""
    return f"{who}: {_noun(rule)}{several} cannot be told, because {reasons[0]}{more}; allowed {allowed(rule)}"


def nobody(rule: Rule) -> str:
    return f"nothing with traffic matches the rule, so there is no {_plural(rule, 1)} of which it could hold"


def _plural(rule: Rule, count: int = 2) -> str:
    words = {"organization": "figure", "client": "OAuth client", "template_uri": "endpoint", "http_method": "method"}
    return words[rule.per] + ("s" if count != 1 else "")
