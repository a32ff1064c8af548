# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How it is measured which clients and endpoints are new, unknown or unused.

Private to the collection: this may change without notice. Traffic that the service gives without a client is none of
a client's.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..analysis.periods import days_of
from ..intervals import ONE_DAY
from .cuts import Item
from .facts import Facts
from .measured import Measured, cannot_tell
from .rules import Rule
from .windows import before, window_days


def new_subject(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    """Clients or endpoints with traffic in the window and none in the baseline before."""
    window = window_days(rule.window or "", last, facts.settings.anchor)
    baseline = before(window, rule.baseline or 0)
    gap_before, gap = facts.gap(days_of(baseline)), facts.gap(days_of(window))
    name = "template_uri" if rule.metric == "new_endpoint" else "client_id"
    each = rule if rule.per != "organization" else _each(rule, name)
    if reason := facts.lacking(each, ()):
        return cannot_tell(reason)
    items = [
        item
        for item in facts.seen(each, (baseline[0], window[1]))
        if item.subject.get(name) and item.last and item.last >= window[0]
    ]
    new = [item for item in items if item.first and item.first >= window[0]]
    return _counted(rule, facts, name, items, new, gap_before or gap, bool(gap and not gap_before))


def unknown_client(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    """Clients with traffic that are not among the known ones: those given, or else the organization's list."""
    known = facts.settings.known_clients
    if known is None:
        known = frozenset(facts.listed)
        if not known:
            return cannot_tell(
                "its list of OAuth clients was never collected: run oauth_client_info with the store, or give "
                "known_clients"
            )
    window = window_days(rule.window or "", last, facts.settings.anchor)
    gap = facts.gap(days_of(window))
    each = rule if rule.per != "organization" else _each(rule, "client_id")
    if reason := facts.lacking(each, ()):
        return cannot_tell(reason)
    items = [item for item in facts.seen(each, window) if item.subject.get("client_id")]
    strange = [item for item in items if item.subject["client_id"] not in known]
    return _counted(rule, facts, "client_id", items, strange, gap, bool(gap))


def _each(rule: Rule, name: str) -> Rule:
    """The same rule for each client or endpoint, for one that counts them."""
    return dataclasses.replace(rule, per="template_uri" if name == "template_uri" else "client")


def _counted(
    rule: Rule,
    facts: Facts,
    name: str,
    items: Sequence[Item],
    found: Sequence[Item],
    gap: str | None,
    at_least: bool,
) -> list[Measured]:
    """One figure for the organization, or one for each of the items: 1 for those that were found, 0 for the others."""
    if rule.per == "organization":
        names = tuple(sorted(_name(item.subject, facts, name) for item in found))
        since = min((item.first for item in found if item.first), default=None)
        return [Measured({}, Fraction(len(found)), gap, at_least, names=names, since=since)]
    keys = {item.subject[name] for item in found}
    measured = [
        Measured(
            _called(item.subject, facts) if item.subject[name] in keys else item.subject,
            Fraction(int(item.subject[name] in keys)),
            gap,
            at_least,
            since=item.first if item.subject[name] in keys else None,
        )
        for item in items
    ]
    return [*measured, *cannot_tell(gap)] if gap else measured


def _called(subject: Mapping[str, str], facts: Facts) -> Mapping[str, str]:
    """A subject with the client's name, where the list has one."""
    listed = facts.listed.get(subject.get("client_id", ""))
    if "client_name" in subject or listed is None or not listed.name:
        return subject
    return {**subject, "client_name": listed.name}


def _name(subject: Mapping[str, str], facts: Facts, name: str) -> str:
    called = _called(subject, facts).get("client_name") if name == "client_id" else None
    return f"{called} ({subject[name]})" if called else subject[name]


def unused_days(rule: Rule, facts: Facts, last: datetime.date) -> list[Measured]:
    """For each client the days since its last traffic; for one without any, since it was made or the history began.

    Clients are those that the organization's list has as active, and without a list those that ever had traffic.
    """
    begin = facts.first_day
    if begin is None or begin > last:
        return cannot_tell(facts.gap([last]) or "no day was collected")
    listed = {client.client_id: client for client in facts.listed.values() if client.current}
    # A client may have been renamed: the list's names count, where there is one.
    every = dataclasses.replace(rule, where={}) if listed else rule
    with_traffic = {item.subject["client_id"]: item for item in facts.seen(every, (begin, last))}
    found = []
    for client_id in [*listed, *(set() if listed else {*with_traffic, *facts.cut(rule).named_clients()} - {""})]:
        client = listed.get(client_id)
        subject = {"client_id": client_id, **({"client_name": client.name} if client else {})}
        if client and not facts.cut(rule).selects(subject):
            continue
        if item := with_traffic.get(client_id):
            found.append(_since_last(item, rule, facts, last))
        else:
            found.append(_never(subject, client.created_at if client else None, facts, begin, last))
    return found


def _since_last(item: Item, rule: Rule, facts: Facts, last: datetime.date) -> Measured:
    day = item.last or last
    days = Fraction((last - day).days)
    gap = facts.gap(days_of((day + ONE_DAY, last))) if day < last else None
    if gap and (rule.op, days <= rule.value) == ("<=", True):
        # Had it traffic on the days that are missing, it would be unused for less.
        gap = None
    return Measured(_called(item.subject, facts), days, gap, detail=f"the last traffic was on {day}")


def _never(
    subject: Mapping[str, str], created_at: str | None, facts: Facts, begin: datetime.date, last: datetime.date
) -> Measured:
    gap = facts.gap(days_of((begin, last)))
    try:
        created = datetime.date.fromisoformat((created_at or "")[:10])
    except ValueError:
        created = None
    if created is not None and created >= begin:
        days = Fraction(max((last - created).days, 0))
        return Measured(subject, days, gap, detail=f"no traffic since it was made on {created}")
    days = Fraction((last - begin).days + 1)
    reason = gap or f"there was no traffic, and the history begins only on {begin}"
    return Measured(subject, days, reason, at_least=not gap, detail=f"no traffic since the history begins on {begin}")
