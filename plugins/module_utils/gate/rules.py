# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules as users write them, checked key by key, and as the judge reads them.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import InvalidArgument
from . import builtin
from .metrics import METRICS, OPS, PER, WHERE, Metric
from .places import choice, hint, mapping, mistake, number, patterns, text
from .windows import check_window, length

KEYS = ("id", "metric", "of", "per", "window", "op", "value", "severity", "baseline", "where")

SEVERITIES = ("fail", "warn")

ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


@dataclass(frozen=True)
class Rule:
    """What must hold: C(metric op value). ``baseline`` is in days; ``place`` is where it was written."""

    id: str
    metric: str
    of: str | None
    per: str
    window: str | None
    op: str
    value: Fraction
    severity: str
    baseline: int | None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: str = ""
    optional: bool = False
    """Whether it is left out where what it needs was not given: a built-in rule that nobody asked for by its id."""

    @property
    def about(self) -> Metric:
        return METRICS[self.metric]

    @property
    def unit(self) -> str:
        return "ratio" if self.of == "allowance" else self.about.unit

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows must be grouped by: what the rule is about, and what it selects by."""
        needed = {*PER[self.per], *(name for name in self.where if name not in ("organization", "client_name"))}
        if "client_name" in self.where:
            needed.add("client_id")
        return tuple(name for name in WHERE if name in needed)

    @property
    def allowed(self) -> str:
        return f"{self.op} {shown(self.value)}"


def shown(value: Fraction) -> str:
    """A value as it was written, but for zeros that say nothing."""
    if value.denominator == 1:
        return str(value.numerator)
    # What Decimal took in, float gives back: its shortest form is what was written.
    return f"{float(value):.15g}"


def parse_rule(place: str, given: Any, optional: bool = False) -> Rule:
    """A rule. Raises InvalidArgument with the place of the first mistake."""
    keys = mapping(place, given, KEYS, ("id", "metric"))
    rule_id = text(f"{place}.id", keys["id"])
    if not re.fullmatch(ID, rule_id):
        raise mistake(f"{place}.id", f"{rule_id!r} must be letters, digits, '.', '_' and '-', at most 64")
    if rule_id == builtin.COLLECTION:
        raise mistake(f"{place}.id", f"{rule_id} is the name of what is always judged; use another")
    name = choice(f"{place}.metric", keys["metric"], METRICS)
    metric = METRICS[name]
    where = _where(f"{place}.where", keys.get("where"), metric, name)
    rule = Rule(
        rule_id,
        name,
        _of(f"{place}.of", keys.get("of"), metric, name),
        _per(f"{place}.per", keys.get("per"), metric, name),
        _window(f"{place}.window", keys.get("window"), metric, name),
        choice(f"{place}.op", keys.get("op", metric.op), OPS),
        _value(f"{place}.value", keys.get("value", metric.value)),
        choice(f"{place}.severity", keys.get("severity", SEVERITIES[0]), SEVERITIES),
        _baseline(f"{place}.baseline", keys.get("baseline"), metric, name),
        where,
        place,
        optional,
    )
    _check_reach(f"{place}.value", rule)
    return rule


def _of(place: str, given: Any, metric: Metric, name: str) -> str | None:
    if not metric.of:
        if given is not None:
            raise mistake(place, f"{name} has nothing to choose from; leave it out")
        return None
    return choice(place, metric.of[0] if given is None else given, metric.of)


def _per(place: str, given: Any, metric: Metric, name: str) -> str:
    per = choice(place, metric.per[0] if given is None else given, PER)
    if per not in metric.per:
        raise mistake(place, f"{name} is per {' or per '.join(metric.per)}, not per {per}")
    return per


def _window(place: str, given: Any, metric: Metric, name: str) -> str | None:
    if given is None:
        return metric.window
    window = text(place, given)
    if metric.window is None:
        raise mistake(place, f"{name} has no window; leave it out")
    try:
        check_window(window)
    except ValueError as error:
        raise mistake(place, str(error)) from None
    if metric.kind == "period" and window != "period":
        raise mistake(place, f"{name} is of the billing period; leave window out, or write period")
    return window


def _baseline(place: str, given: Any, metric: Metric, name: str) -> int | None:
    if metric.baseline is None:
        if given is not None:
            raise mistake(place, f"{name} has no baseline; leave it out")
        return None
    try:
        days = length(metric.baseline if given is None else text(place, given))
    except ValueError as error:
        raise mistake(place, str(error)) from None
    if metric.weeks and (days % 7 or days < 7 * metric.weeks):
        least = f", at least {metric.weeks}" if metric.weeks > 1 else ""
        raise mistake(place, f"{name} compares weekdays: give whole weeks{least}, such as 28d or 4w")
    return days


def _value(place: str, given: Any) -> Fraction:
    if given is None:
        raise mistake(place, "is missing")
    return number(place, given)


def _where(place: str, given: Any, metric: Metric, name: str) -> Mapping[str, tuple[str, ...]]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not given:
        raise mistake(place, f"must be a mapping of {', '.join(metric.where)} to patterns")
    for key in given:
        if key in WHERE and key not in metric.where:
            raise mistake(f"{place}.{key}", f"{name} is of whole organizations; select by organization alone")
        if key not in WHERE:
            raise mistake(f"{place}.{key}", f"unknown key, {hint(key, metric.where)}")
    return {key: patterns(f"{place}.{key}", value) for key, value in given.items()}


def _check_reach(place: str, rule: Rule) -> None:
    """Raise InvalidArgument for a value that the metric cannot have, so that the rule says always or never."""
    highest = 10 if rule.of == "allowance" else rule.about.highest
    value, can_be_less = rule.value, rule.metric == "spike"
    if highest is not None and value > highest:
        share = "; a share is written like 0.05, which is 5 %" if rule.unit == "ratio" and highest <= 10 else ""
        raise mistake(place, f"{rule.metric} is not above {highest}, so {shown(value)} makes no sense{share}")
    if value < 0 and not can_be_less:
        raise mistake(place, f"{rule.metric} is never below 0, so {shown(value)} makes no sense")
    never = (rule.op == "<" and value == 0 and not can_be_less) or (
        rule.op == ">" and rule.about.highest is not None and value == highest
    )
    if never or (rule.op == "==" and rule.about.whole and value.denominator != 1):
        raise mistake(place, f"{rule.metric} {rule.allowed} can never hold")


def parse_rules(place: str, given: Any, optional: bool = False) -> list[Rule]:
    """A list of rules. Raises InvalidArgument with the place of the first mistake."""
    if not isinstance(given, (list, tuple)):
        raise mistake(place, "must be a list of rules")
    return [parse_rule(f"{place}[{number}]", each, optional) for number, each in enumerate(given)]


def builtin_rules(wanted: Sequence[str] | None) -> list[Rule]:
    """The built-in rules of these ids, or all of them. Raises InvalidArgument for an id that is none."""
    for number_, rule_id in enumerate(wanted or ()):
        if rule_id not in builtin.IDS:
            raise mistake(f"builtin_rules[{number_}]", f"there is no {rule_id!r}, {hint(rule_id, builtin.IDS)}")
    return [
        parse_rule(f"builtin_rules.{rule['id']}", rule, optional=wanted is None)
        for rule in builtin.RULES
        if wanted is None or rule["id"] in wanted
    ]


def together(own: Sequence[Rule], built_in: Sequence[Rule]) -> list[Rule]:
    """All rules; one with the id of a built-in rule takes its place. Raises InvalidArgument for an id that is twice
    there, and where there is no rule at all."""
    found: dict[str, Rule] = {}
    for rule in own:
        if (other := found.setdefault(rule.id, rule)) is not rule:
            raise mistake(f"{rule.place}.id", f"{rule.id} is the id of {other.place} already")
    rules = [*own, *(rule for rule in built_in if rule.id not in found)]
    if not rules:
        raise InvalidArgument("There are no rules, so nothing would be judged: give rules, rules_file or builtin_rules")
    return rules
