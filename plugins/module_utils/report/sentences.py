# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report says in words, whatever its form. Names in them are as they are kept: each form escapes them itself.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from ..intervals import Span
from ..services import SERVICES
from .figures import change, counted, number, percent, signed, total
from .model import Detail, Fleet, Organization, Plan

SERVICE_NOTES = {
    "query": "It leaves out the requests of Genesys Cloud's own clients.",
    "jobs": "It counts every request, those of Genesys Cloud's own clients too.",
}

NOT_A_BILL = "Figures count API requests as the usage service reports them. They are not a bill."


def days(span: Span) -> str:
    """The days of a period."""
    first, last = span
    return f"{first}" if first == last else f"{first} to {last}"


def moment(text: str | None) -> str:
    """C(2026-11-24 02:15) of a moment of the store."""
    return text[:16].replace("T", " ") if text else "never"


def collected(fleet: Fleet) -> str:
    """When the figures were collected."""
    ends = fleet.collected_at
    if ends is None:
        return "never"
    first, last = map(moment, ends)
    return last if first == last else f"{first} to {last}"


def coverage(fleet: Fleet) -> str:
    """How many organizations were collected; names follow where it is not all."""
    every, complete = len(fleet.organizations), len(fleet.complete)
    if complete == every:
        return f"All {every} organizations collected" if every > 1 else "The organization was collected"
    partial = sum(one.state == "partial" for one in fleet.organizations)
    some = f", {partial} in part" if partial else ""
    none = every - complete - partial
    return f"{complete} of {every} organizations collected{some}{f', {none} not at all' if none else ''}"


def state(one: Organization) -> str:
    """What of an organization was collected."""
    every = len(one.daily) + len(one.missing)
    if one.state == "complete":
        return f"all {counted(every, 'day')}" if every > 1 else "1 day"
    return f"{len(one.daily)} of {counted(every, 'day')}"


def reason(one: Organization) -> str:
    """Why days are missing, as far as it is known."""
    if one.failure is None:
        return "nothing is known of an attempt"
    return f"{one.failure.kind or 'failed'}: {one.failure.message}" if one.failure.message else one.failure.kind


def fleet_change(fleet: Fleet) -> tuple[float | None, str]:
    """How the fleet's requests moved, by the organizations for which every day of both periods is there."""
    same = fleet.comparable
    if not same:
        return None, f"Nothing is compared: no organization has all days of {days(fleet.before)}."
    now, was = (total(sums).requests for sums in ([o.sums for o in same], [o.sums_before for o in same]))
    of = "" if len(same) == len(fleet.organizations) else f", of {len(same)} organizations with all days of both"
    return change(now, was), f"Before: {number(was)} requests in {days(fleet.before)}{of}."


def moved(one: Organization) -> str:
    """How an organization's requests moved."""
    if one.comparable:
        return f"{signed(one.change)} against {number(one.sums_before.requests)} in {days(one.before)}"
    if one.state != "complete":
        return "not compared: days are missing"
    return f"not compared: of {days(one.before)} there are {len(one.daily_before)} days"


def within(fleet: Fleet) -> str:
    """Whether 429 is a part of 4xx."""
    if SERVICES[fleet.service].throttled_within_4xx:
        return "429 is part of 4xx"
    return "whether 429 is part of 4xx is not documented for this service: never add the two"


def forecast(plan: Plan | None) -> str:
    """What the billing period will come to."""
    if plan is None:
        return "no day of the billing period was collected"
    found = plan.forecast
    if found.missing:
        return f"no forecast: {counted(len(found.missing), 'day')} of the billing period missing"
    if found.insufficient:
        return found.insufficient
    if not found.days_left:
        return f"{number(found.expected)}, the period is over"
    return f"{number(found.expected)}, in four cases of five {number(found.low)} to {number(found.high)}"


def interval(plan: Plan) -> str:
    """The range of a forecast, or why there is none."""
    found = plan.forecast
    if found.missing:
        return f"{counted(len(found.missing), 'day')} missing"
    if found.insufficient or found.low is None:
        return f"only {found.history_days} days known"
    if not found.days_left:
        return "the period is over"
    return f"{number(found.low)} to {number(found.high)}"


def allowance(plan: Plan | None) -> str:
    """The allowance and what of it is used."""
    if plan is None or plan.allowance is None:
        return "no allowance given"
    least = "" if plan.reliable else " at least"
    parts = [f"{percent(plan.used, 1)}{least} of {number(plan.allowance.requests)} used"]
    if (expected := plan.part(plan.expected)) is not None and plan.forecast.days_left:
        parts.append(f"{percent(expected, 1)} expected at the end")
    return ", ".join(parts)


def untold(fleet: Fleet, detail: Detail) -> str:
    """Why nothing is said of new and vanished clients."""
    if detail.organization.comparable:
        return ""
    return f"New and vanished clients need every day of {days(fleet.before)} and of {days(fleet.span)}."
