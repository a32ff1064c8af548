# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be seen in each chart, in words: their captions, which stand for them where they cannot be seen.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from . import charts
from .figures import counted, number, percent, total
from .model import Fleet, Organization
from .names import visible


class Captions:
    """The captions of the charts of one report."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    @property
    def stacked(self) -> str:
        fleet = self._fleet
        if not fleet.sums.requests:
            return "There were no requests."
        by_day = {day: total(o.daily[day] for o in fleet.organizations if day in o.daily) for day in fleet.days}
        most = max(by_day, key=lambda day: by_day[day].requests)
        shown, others = charts.series(fleet)
        rest = f" and {counted(len(others), 'other')} together" if others else ""
        return (
            f"Requests a day of the {counted(len(shown), 'busiest organization')}{rest}. The most were on {most}: "
            f"{number(by_day[most].requests)}.{self._gaps(next(fleet.missing_on(), None) is not None)}"
        )

    @property
    def shares(self) -> str:
        sums = self._fleet.sums
        return (
            f"Share of each day's requests that were answered with 4xx, 429 and 5xx. Over the period: 4xx "
            f"{percent(sums.share('status400'))}, 429 {percent(sums.share('status429'))}, 5xx "
            f"{percent(sums.share('status500'))}."
        )

    @property
    def heat(self) -> str:
        rows = charts.heated(self._fleet)
        if not rows:
            return "No organization had a 429."
        having = sum(bool(one.sums.status429) for one in self._fleet.organizations)
        some = "" if having == len(rows) else f", of {having} that had any"
        worst = rows[0]
        return (
            f"429 as a share of the day's requests, of the {counted(len(rows), 'organization')} with the greatest share"
            f"{some}. The greatest over the period: {visible(worst.name)}, {percent(worst.sums.share('status429'))}."
            f"{self._gaps(any(one.missing for one in rows))}"
        )

    @property
    def allowances(self) -> str:
        rows = charts.planned(self._fleet)
        if not rows:
            return "No organization has an allowance and every day of its billing period so far."
        plan = rows[0].plan
        most = (plan.part(plan.expected) or plan.used) if plan else None
        return (
            "Bar: part of the allowance that is used. Upright mark: expected at the end of the billing period, with "
            "the range that holds it in four cases of five. Dashed: all of the allowance. The "
            f"{counted(len(rows), 'organization')} that will need the most of theirs; first is "
            f"{visible(rows[0].name)}, {percent(most, 1)}."
        )

    def trend(self, one: Organization) -> str:
        """The caption of an organization's own chart."""
        most = max(one.daily, key=lambda day: one.daily[day].requests, default=None)
        if most is None:
            return "Nothing was collected."
        dashed = " The dashed line is the period before." if one.comparable else ""
        below = " Below: requests that were answered with 429." if one.sums.status429 else ""
        return (
            f"Requests a day, the most on {most}: {number(one.daily[most].requests)}.{dashed}{below}"
            f"{self._gaps(bool(one.missing))}"
        )

    @staticmethod
    def _gaps(there_are: bool) -> str:
        return " Days with a cross were not collected, or not of every organization." if there_are else ""
