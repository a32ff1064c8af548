# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the charts show, as Vega-Lite specifications.

Private to the collection: this may change without notice.

Colours are those of Okabe and Ito, "Color Universal Design" (2008), which people tell apart who see few colours; they
are variables of the page's style sheet, lighter in its dark mode. Axes of figures start at zero.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .drawing import GRID, TEXT, WIDTH
from .figures import Sums, percent
from .model import Fleet, Organization
from .names import visible

Spec = dict[str, Any]

SERIES = 6
"""Organizations with a colour of their own; more colours cannot be told apart by everybody."""

COLOURS = [f"var(--c{number})" for number in range(1, SERIES + 1)]
OTHER = "var(--other)"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
TEMPERATURE = ["var(--h0)", "var(--h1)", "var(--h2)", "var(--h3)", "var(--h4)", "var(--h5)"]
STEPS = [0.0, 0.001, 0.005, 0.01, 0.05]
"""Shares of 429 at which the heat map takes its next colour, the first for what is more than nothing."""

HEAT_ROWS = 25
"""Organizations in the heat map, those with the greatest share of 429."""


def _days(title: str | None = None) -> Spec:
    axis = {"format": "%-d %b", "title": title, "grid": False, "labelOverlap": True, "tickCount": 12}
    return {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": axis}


def _amount(field: str, title: str, text: str = ",.0f", **more: Any) -> Spec:
    axis = {"format": text, "title": title, "tickCount": 5}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": True}, **more}


def _gaps(days: Iterable[datetime.date]) -> list[Spec]:
    """Days that were not collected: a band, and a cross on top of it."""
    values = {"values": [{"day": day.isoformat()} for day in days]}
    if not values["values"]:
        return []
    x = _days()
    cross = {"type": "text", "text": "\u00d7", "fontSize": 15, "fontWeight": "bold", "color": TEXT}
    return [
        {"data": values, "mark": {"type": "rect", "color": "var(--gap)"}, "encoding": {"x": x}},
        {"data": values, "mark": cross, "encoding": {"x": {**x, "bandPosition": 0.5}, "y": {"value": 8}}},
    ]


def series(fleet: Fleet) -> tuple[list[Organization], list[Organization]]:
    """The organizations that have a colour of their own, and the others."""
    shown = [one for one in fleet.organizations if one.sums.requests][:SERIES]
    return shown, [one for one in fleet.organizations if one.sums.requests and one not in shown]


def stacked(fleet: Fleet) -> Spec:
    """Requests a day, the busiest organizations on each other and the others on top."""
    shown, others = series(fleet)
    values: list[dict[str, Any]] = []
    labels = [visible(one.name) for one in shown]
    for place, one in enumerate(shown):
        values += [
            {"day": day.isoformat(), "of": labels[place], "place": place, "requests": sums.requests}
            for day, sums in one.daily.items()
        ]
    if others:
        labels.append(f"{len(others)} others")
        for day in fleet.days:
            requests = sum(one.daily[day].requests for one in others if day in one.daily)
            values.append({"day": day.isoformat(), "of": labels[-1], "place": SERIES, "requests": requests})
    colours = [*COLOURS[: len(shown)], *([OTHER] if others else [])]
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": "var(--page)", "strokeWidth": 0.7},
        "encoding": {
            "x": _days(),
            "y": _amount("requests", "Requests a day", stack=True),
            "order": {"field": "place", "type": "quantitative"},
            "color": {
                "field": "of", "type": "nominal", "scale": {"domain": labels, "range": colours},
                "legend": {"title": None},
            },
        },
    }  # fmt: skip
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": 280,
        "layer": [*_gaps(d for d, _n in fleet.missing_on()), bars],
    }


STATUSES = {"4xx": "status400", "429": "status429", "5xx": "status500"}


def shares(daily: Mapping[datetime.date, Sums]) -> Spec:
    """The part of each day's requests that was refused or failed."""
    values = [
        {"day": day.isoformat(), "status": label, "share": sums.share(metric)}
        for day, sums in sorted(daily.items())
        for label, metric in STATUSES.items()
        if sums.requests
    ]
    names = list(STATUSES)
    legend = {"title": None, "symbolType": "stroke", "symbolSize": 400}
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": 180,
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 2, "point": False, "interpolate": "linear"},
        "encoding": {
            "x": _days(),
            "y": _amount("share", "Share of requests", ".1%"),
            "color": {
                "field": "status", "type": "nominal", "legend": legend,
                "scale": {"domain": names, "range": [COLOURS[0], COLOURS[3], COLOURS[4]]},
            },
            "strokeDash": {
                "field": "status", "type": "nominal", "legend": legend,
                "scale": {"domain": names, "range": [[1, 0], [6, 3], [2, 3]]},
            },
        },
    }  # fmt: skip


def heated(fleet: Fleet) -> list[Organization]:
    """The organizations in the heat map: those that had any 429, the greatest share first."""
    had = [one for one in fleet.organizations if one.sums.status429]
    return sorted(had, key=lambda one: (-(one.sums.share("status429") or 0), one.name))[:HEAT_ROWS]


def heat(rows: Sequence[Organization]) -> Spec:
    """The share of 429 of each day and organization; days that were not collected are crossed out."""
    names = [visible(one.name) for one in rows]
    edges = ["none", *(f"up to {percent(step, 1)}" for step in STEPS[1:]), f"more than {percent(STEPS[-1], 0)}"]
    values, gaps = [], []
    for label, one in zip(names, rows, strict=True):
        for day, sums in one.daily.items():
            share = sums.share("status429") or 0.0
            step = next((place for place, edge in enumerate(STEPS) if share <= edge), len(STEPS))
            values.append({"day": day.isoformat(), "of": label, "heat": edges[step]})
        gaps += [{"day": day.isoformat(), "of": label} for day in one.missing]
    y = {"field": "of", "type": "nominal", "sort": names, "axis": {"title": None, "ticks": False, "domain": False}}
    cells = {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": "var(--page)", "strokeWidth": 1},
        "encoding": {
            "x": _days(), "y": y,
            "color": {
                "field": "heat", "type": "ordinal", "sort": edges, "scale": {"domain": edges, "range": TEMPERATURE},
                "legend": {"title": "429, share of the day's requests", "columns": 6, "symbolStrokeWidth": 0},
            },
        },
    }  # fmt: skip
    cross = {"type": "text", "text": "\u00d7", "fontSize": 13, "color": TEXT}
    crosses = {"data": {"values": gaps}, "mark": cross, "encoding": {"x": {**_days(), "bandPosition": 0.5}, "y": y}}
    return {
        "$schema": SCHEMA, "width": WIDTH, "height": {"step": 20}, "layer": [cells, *([crosses] if gaps else [])],
    }  # fmt: skip


def planned(fleet: Fleet) -> list[Organization]:
    """The organizations in the chart of allowances: those that have one, the nearest to its end first."""
    having = [one for one in fleet.organizations if one.plan and one.plan.allowance and one.plan.reliable]

    def need(one: Organization) -> float:
        plan = one.plan
        return (plan.part(plan.expected) or plan.used or 0.0) if plan else 0.0

    return sorted(having, key=lambda one: (-need(one), one.name))[: fleet.top]


def allowances(rows: Sequence[Organization]) -> Spec:
    """How much of the allowance is used, and how much it will be at the end of the billing period."""
    names = [visible(one.name) for one in rows]
    values = []
    for label, one in zip(names, rows, strict=True):
        plan = one.plan
        if plan is None:
            continue
        found = plan.forecast
        parts = {"used": plan.used, "expected": plan.part(found.expected)}
        ends = {"low": plan.part(found.low), "high": plan.part(found.high)}
        values.append({"of": label, **{name: part for name, part in {**parts, **ends}.items() if part is not None}})
    y = {"field": "of", "type": "nominal", "sort": names, "axis": {"title": None, "ticks": False, "domain": False}}

    def x(field: str) -> Spec:
        return _amount(field, "Share of the allowance of the billing period", ".0%")

    interval = {"type": "rule", "strokeWidth": 2}
    tick = {"type": "tick", "thickness": 3, "size": 16, "color": TEXT}
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": {"step": 26},
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": COLOURS[0], "size": 12}, "encoding": {"y": y, "x": x("used")}},
            {"mark": interval, "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}}},
            {"mark": tick, "encoding": {"y": y, "x": x("expected")}},
            {
                "data": {"values": [{"all": 1}]},
                "mark": {"type": "rule", "color": "var(--bad)", "strokeWidth": 2, "strokeDash": [5, 3]},
                "encoding": {"x": x("all")},
            },
        ],
    }


def trend(one: Organization) -> Spec:
    """An organization's requests a day with those of the period before, and its 429 below."""
    values = [
        {"day": day.isoformat(), "requests": sums.requests, "throttled": sums.status429}
        for day, sums in sorted(one.daily.items())
    ]
    bars: list[Spec] = [
        {"mark": {"type": "bar", "color": COLOURS[0]}, "encoding": {"x": _days(), "y": _amount("requests", "Requests")}}
    ]
    if one.comparable:
        shift = one.span[0] - one.before[0]
        past = [
            {"day": (day + shift).isoformat(), "requests": sums.requests}
            for day, sums in sorted(one.daily_before.items())
        ]
        line = {"type": "line", "color": TEXT, "strokeWidth": 1.5, "strokeDash": [4, 3]}
        x = {**_days(), "bandPosition": 0.5}
        bars.append(
            {"data": {"values": past}, "mark": line, "encoding": {"x": x, "y": _amount("requests", "Requests")}}
        )
    plots: list[Spec] = [{"width": WIDTH, "height": 170, "layer": [*_gaps(one.missing), *bars]}]
    if one.sums.status429:
        bar = {"type": "bar", "color": COLOURS[3]}
        encoding = {"x": _days(), "y": _amount("throttled", "429")}
        plots.append({"width": WIDTH, "height": 60, "mark": bar, "encoding": encoding})
    return {
        "$schema": SCHEMA,
        "data": {"values": values},
        "spacing": 12,
        "vconcat": plots,
        "resolve": {"scale": {"x": "shared"}},
    }


__all__ = ["GRID", "allowances", "heat", "heated", "planned", "series", "shares", "stacked", "trend"]
