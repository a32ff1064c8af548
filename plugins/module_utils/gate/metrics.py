# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rules can measure: one table, which the validator, the JSON schema of rules and the judge all read.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..rows import METRIC_NAMES

PER = {
    "organization": (),
    "client": ("client_id",),
    "template_uri": ("template_uri",),
    "http_method": ("http_method",),
}
"""What a rule can be about, and what rows must be grouped by for it."""

WHERE = ("organization", "client_id", "client_name", "template_uri", "http_method")
"""What a rule can select by."""

OPS = ("<=", "<", ">=", ">", "==", "!=")

Kind = Literal["sum", "ratio", "period", "data", "clients", "comparison"]


@dataclass(frozen=True)
class Metric:
    """One metric. Of C(per) and C(of) the first is the default; without C(of) there is nothing to choose.

    ``window`` and ``baseline`` are the defaults; without them the metric takes none. ``weeks`` is the least number of
    weeks that a baseline must have, where it must be whole weeks. ``highest`` is the largest value that makes sense;
    ``whole``: whether only whole numbers occur. ``about_data``: it measures the data and not the usage, so that a rule
    that does not hold makes the verdict unknown.
    """

    unit: str
    kind: Kind
    meaning: str
    per: tuple[str, ...] = tuple(PER)
    of: tuple[str, ...] = ()
    window: str | None = "7d"
    baseline: str | None = None
    weeks: int = 0
    op: str = "<="
    value: str | None = None
    highest: int | None = None
    whole: bool = False
    about_data: bool = False

    @property
    def where(self) -> tuple[str, ...]:
        """What a rule about this metric can select by: figures of a whole organization only by the organization."""
        if self.kind in ("period", "data"):
            return WHERE[:1]
        # A client that is not used uses no endpoint either.
        return WHERE[:3] if self.window is None else WHERE


_ORGANIZATION = ("organization",)

METRICS: dict[str, Metric] = {
    **{name: Metric("requests", "sum", f"the sum of {name} over the window", whole=True) for name in METRIC_NAMES},
    "error_ratio": Metric(
        "ratio",
        "ratio",
        "4xx and 5xx over requests; a 429 is one of the 4xx, and is counted once",
        highest=1,
    ),
    "throttle_ratio": Metric("ratio", "ratio", "429 over requests", highest=1),
    "allowance_used": Metric(
        "ratio",
        "period",
        "requests of the billing period so far over the allowance",
        _ORGANIZATION,
        window="period",
        highest=10,
    ),
    "forecast": Metric(
        "requests",
        "period",
        "what the billing period will have in all when it is over, as requests or as a share of the allowance",
        _ORGANIZATION,
        ("requests", "allowance"),
        window="period",
    ),
    "age_of_data": Metric(
        "days",
        "data",
        "days from the last day that was collected to today (UTC); 1 is the least that there can be",
        _ORGANIZATION,
        window=None,
        whole=True,
        about_data=True,
    ),
    "coverage": Metric(
        "ratio",
        "data",
        "the share of the window's days that were collected, or of the organizations that have all of them",
        _ORGANIZATION,
        ("days", "organizations"),
        op=">=",
        value="1",
        highest=1,
        about_data=True,
    ),
    "unused_days": Metric(
        "days",
        "clients",
        "days without traffic up to yesterday, of each OAuth client",
        ("client",),
        window=None,
        whole=True,
    ),
    "new_client": Metric(
        "clients",
        "clients",
        "OAuth clients with traffic in the window and none in the baseline before",
        ("organization", "client"),
        baseline="28d",
        value="0",
        whole=True,
    ),
    "unknown_client": Metric(
        "clients",
        "clients",
        "OAuth clients with traffic in the window that are not in the list of known ones",
        ("organization", "client"),
        value="0",
        whole=True,
    ),
    "new_endpoint": Metric(
        "endpoints",
        "clients",
        "endpoints with traffic in the window and none in the baseline before",
        ("organization", "template_uri"),
        baseline="28d",
        value="0",
        whole=True,
    ),
    "growth": Metric(
        "ratio",
        "comparison",
        "the sum over the window, over what the same weekdays of the baseline before it would give; 1 is as usual",
        of=METRIC_NAMES,
        baseline="28d",
        weeks=1,
        highest=1000,
    ),
    "spike": Metric(
        "deviations",
        "comparison",
        "robust deviations of a day above the median of the same weekdays before; of a window, its largest",
        of=METRIC_NAMES,
        window="1d",
        baseline="28d",
        weeks=4,
    ),
}
