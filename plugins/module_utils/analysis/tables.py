# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows as usage_query returns them, added up and put in order: what the filters do.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import InvalidArgument
from ..intervals import Span
from ..rows import DIMENSIONS, METRIC_NAMES
from .forecast import forecast
from .periods import billing_period, days_of
from .ratios import errors

KEYS = ("organization", "service", "date", *DIMENSIONS)
"""What rows can be told apart by."""

RATIOS = ("error_ratio", "throttle_ratio")

_NEEDED = {"error_ratio": METRIC_NAMES, "throttle_ratio": ("requests", "status429")}

Row = Mapping[str, Any]


def check_rows(rows: Any) -> Sequence[Row]:
    """Rows, as they should be. Raises InvalidArgument, naming the first that is none."""
    if not isinstance(rows, (list, tuple)):
        raise InvalidArgument("rows must be a list, as usage_query returns it")
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise InvalidArgument(f"rows[{number}] must be a row, as usage_query returns it")
        for name in METRIC_NAMES:
            value = row.get(name, 0)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise InvalidArgument(f"rows[{number}].{name} must be a whole number of requests, not {value!r}")
    return rows


def _metrics(rows: Sequence[Row]) -> list[str]:
    """The metrics that all rows have: a sum over some of them would be none."""
    return [name for name in METRIC_NAMES if all(name in row for row in rows)]


def _by(rows: Sequence[Row], by: Any) -> list[str]:
    names = [by] if isinstance(by, str) else list(by or ())
    for name in names:
        if name not in KEYS:
            raise InvalidArgument(f"by: {name!r} is unknown; known are {', '.join(KEYS)}")
        for number, row in enumerate(rows):
            if name not in row:
                raise InvalidArgument(f"rows[{number}] has no {name}: ask with it in group_by, or by day for the date")
    return names


def totals(rows: Any, by: Any = ()) -> list[dict[str, Any]]:
    """Sums of all rows, or an entry for each value of some keys, in their order; a client has its latest name.

    Raises InvalidArgument.
    """
    checked = check_rows(rows)
    names, metrics = _by(checked, by), _metrics(checked)
    found: dict[tuple[str, ...], dict[str, Any]] = {} if names else {(): dict.fromkeys(metrics, 0)}
    called: dict[tuple[str, ...], tuple[str, str]] = {}
    for row in checked:
        key = tuple(str(row[name]) for name in names)
        entry = found.setdefault(key, {**dict(zip(names, key, strict=True)), **dict.fromkeys(metrics, 0)})
        for name in metrics:
            entry[name] += row[name]
        if "client_id" in names and row.get("client_name"):
            called[key] = max(called.get(key, ("", "")), (str(row.get("date", "")), str(row["client_name"])))
    for key, (_date, client_name) in called.items():
        found[key].setdefault("client_name", client_name)
    return [found[key] for key in sorted(found)]


def top(rows: Any, by: Any, count: Any = 10, metric: str = "requests") -> list[dict[str, Any]]:
    """The largest entries of ``totals``, the largest first, each with its C(share) of all. Raises InvalidArgument."""
    if metric not in METRIC_NAMES:
        raise InvalidArgument(f"metric: {metric!r} is unknown; known are {', '.join(METRIC_NAMES)}")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InvalidArgument(f"count must be a whole number above 0, not {count!r}")
    if not by:
        raise InvalidArgument(f"by is missing; known are {', '.join(KEYS)}")
    entries = totals(rows, by)
    if entries and metric not in entries[0]:
        raise InvalidArgument(f"the rows lack {metric}")
    total = sum(entry[metric] for entry in entries)
    # Sorting keeps the order of equals, which is that of their keys.
    largest = sorted(entries, key=lambda entry: -entry[metric])[:count]
    return [{**entry, "share": float(Fraction(entry[metric], total)) if total else None} for entry in largest]


def ratio(rows: Any, name: str = "error_ratio") -> float | None:
    """What part of the requests failed (4xx and 5xx, 429 among them) or was throttled (429); None without requests.

    Raises InvalidArgument.
    """
    if name not in RATIOS:
        raise InvalidArgument(f"ratio: {name!r} is unknown; known are {', '.join(RATIOS)}")
    (total,) = totals(rows)
    if missing := [each for each in _NEEDED[name] if each not in total]:
        raise InvalidArgument(f"the rows lack {', '.join(missing)}")
    if not total["requests"]:
        return None
    part = errors([total[each] for each in METRIC_NAMES]) if name == "error_ratio" else total["status429"]
    return float(Fraction(part, total["requests"]))


def _span(interval: Any) -> Span:
    try:
        first, last = (datetime.date.fromisoformat(day) for day in str(interval).split("/"))
        if first > last:
            raise ValueError
    except ValueError:
        raise InvalidArgument("interval must be like 2026-10-01/2026-10-31, as query.interval of the rows is") from None
    return first, last


def forecast_of(rows: Any, interval: Any, period_anchor: int = 1) -> dict[str, Any]:
    """The forecast for the billing period that the last day of the interval lies in. Raises InvalidArgument.

    ``interval`` are the days that the rows were asked for: those without rows had no traffic.
    """
    first, last = _span(interval)
    daily = dict.fromkeys(days_of((first, last)), 0)
    for entry in totals(rows, "date"):
        day = datetime.date.fromisoformat(entry["date"])
        if day not in daily:
            raise InvalidArgument(f"rows have {day}, which is outside of the interval {interval}")
        if "requests" not in entry:
            raise InvalidArgument("the rows lack requests")
        daily[day] = entry["requests"]
    found = forecast(daily, billing_period(last, period_anchor), last)
    relied_on = not found.missing
    return {
        "period": {"first_day": found.period[0].isoformat(), "last_day": found.period[1].isoformat()},
        "measured": found.measured,
        "days_left": found.days_left,
        "expected": found.expected if relied_on else None,
        "low": found.low if relied_on else None,
        "high": found.high if relied_on else None,
        "level": found.level,
        "missing_days": [day.isoformat() for day in found.missing],
        "insufficient": found.insufficient,
    }
