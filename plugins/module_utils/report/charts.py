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
from collections.abc import Mapping, Sequence
from typing import Any

from .axes import MARGIN, SCHEMA, Spec, amount, chart, days, gaps, labels
from .drawing import TEXT, WIDTH
from .figures import Sums, percent
from .model import Fleet, Organization
from .names import visible

SERIES = 6
"""Organizations with a colour of their own; more colours cannot be told apart by everybody."""

COLOURS = [f"var(--c{number})" for number in range(1, SERIES + 1)]
OTHER = "var(--other)"
TEMPERATURE = ["var(--h0)", "var(--h1)", "var(--h2)", "var(--h3)", "var(--h4)", "var(--h5)"]
STEPS = [0.0, 0.001, 0.005, 0.01, 0.05]
"""Shares of 429 at which the heat map takes its next colour, the first for what is more than nothing."""

HEAT_ROWS = 25
"""Organizations in the heat map, those with the greatest share of 429."""


def series(fleet: Fleet) -> tuple[list[Organization], list[Organization]]:
    """The organizations that have a colour of their own, and the others."""
    shown = [one for one in fleet.organizations if one.sums.requests][:SERIES]
    return shown, [one for one in fleet.organizations if one.sums.requests and one not in shown]


def stacked(fleet: Fleet) -> Spec:
    """Requests a day, the busiest organizations on each other and the others on top."""
    shown, others = series(fleet)
    values: list[dict[str, Any]] = []
    names = [visible(one.name) for one in shown]
    for place, one in enumerate(shown):
        values += [
            {"day": day.isoformat(), "of": names[place], "place": place, "requests": sums.requests}
            for day, sums in one.daily.items()
        ]
    if others:
        names.append(f"{len(others)} others")
        for day in fleet.days:
            requests = sum(one.daily[day].requests for one in others if day in one.daily)
            values.append({"day": day.isoformat(), "of": names[-1], "place": SERIES, "requests": requests})
    colours = [*COLOURS[: len(shown)], *([OTHER] if others else [])]
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": "var(--page)", "strokeWidth": 0.7},
        "encoding": {
            "x": days(),
            "y": amount("requests", "Requests a day", stack=True),
            "order": {"field": "place", "type": "quantitative"},
            "color": {
                "field": "of", "type": "nominal", "scale": {"domain": names, "range": colours},
                "legend": {"title": None},
            },
        },
    }  # fmt: skip
    return chart(280, layer=[*gaps(day for day, _count in fleet.missing_on()), bars])


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
    encoding = {
        "x": days(),
        "y": amount("share", "Share of the requests", ".1%"),
        "color": {
            "field": "status", "type": "nominal", "legend": legend,
            "scale": {"domain": names, "range": [COLOURS[0], COLOURS[3], COLOURS[4]]},
        },
        "strokeDash": {
            "field": "status", "type": "nominal", "legend": legend,
            "scale": {"domain": names, "range": [[1, 0], [6, 3], [2, 3]]},
        },
    }  # fmt: skip
    return chart(180, data={"values": values}, mark={"type": "line", "strokeWidth": 2}, encoding=encoding)


def heated(fleet: Fleet) -> list[Organization]:
    """The organizations in the heat map: those that had any 429, the greatest share first."""
    had = [one for one in fleet.organizations if one.sums.status429]
    return sorted(had, key=lambda one: (-(one.sums.share("status429") or 0), one.name))[:HEAT_ROWS]


def heat(rows: Sequence[Organization]) -> Spec:
    """The share of 429 of each day and organization; days that were not collected are crossed out."""
    names = [visible(one.name) for one in rows]
    edges = ["none", *(f"up to {percent(step, 1)}" for step in STEPS[1:]), f"more than {percent(STEPS[-1], 0)}"]
    values, missing = [], []
    for label, one in zip(names, rows, strict=True):
        for day, sums in one.daily.items():
            share = sums.share("status429") or 0.0
            step = next((place for place, edge in enumerate(STEPS) if share <= edge), len(STEPS))
            values.append({"day": day.isoformat(), "of": label, "heat": edges[step]})
        missing += [{"day": day.isoformat(), "of": label} for day in one.missing]
    y = labels(names)
    cells = {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": "var(--page)", "strokeWidth": 1},
        "encoding": {
            "x": days(), "y": y,
            "color": {
                "field": "heat", "type": "ordinal", "sort": edges, "scale": {"domain": edges, "range": TEMPERATURE},
                "legend": {"title": "429, share of the day's requests", "columns": 6, "symbolStrokeWidth": 0},
            },
        },
    }  # fmt: skip
    cross = {"type": "text", "text": "\u00d7", "fontSize": 13, "color": TEXT}
    crosses = {"data": {"values": missing}, "mark": cross, "encoding": {"x": {**days(), "bandPosition": 0.5}, "y": y}}
    return chart({"step": 20}, layer=[cells, *([crosses] if missing else [])])


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
    y = labels(names)

    def x(field: str) -> Spec:
        axis = {"format": ".0%", "title": "Share of the allowance", "tickCount": 6}
        return amount(field, "", axis=axis)

    interval = {"type": "rule", "strokeWidth": 2}
    tick = {"type": "tick", "thickness": 3, "size": 16, "color": TEXT}
    all_of_it = {"type": "rule", "color": "var(--bad)", "strokeWidth": 2, "strokeDash": [5, 3]}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": COLOURS[0], "size": 12}, "encoding": {"y": y, "x": x("used")}},
        {"mark": interval, "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}}},
        {"mark": tick, "encoding": {"y": y, "x": x("expected")}},
        {"data": {"values": [{"all": 1}]}, "mark": all_of_it, "encoding": {"x": x("all")}},
    ]
    return chart({"step": 26}, data={"values": values}, layer=layers)


def trend(one: Organization) -> Spec:
    """An organization's requests a day with those of the period before, and its 429 below."""
    values = [
        {"day": day.isoformat(), "requests": sums.requests, "throttled": sums.status429}
        for day, sums in sorted(one.daily.items())
    ]
    bars: list[Spec] = [
        {
            "mark": {"type": "bar", "color": COLOURS[0]},
            "encoding": {"x": days(), "y": amount("requests", "Requests a day")},
        }
    ]
    if one.comparable:
        shift = one.span[0] - one.before[0]
        past = [
            {"day": (day + shift).isoformat(), "requests": sums.requests}
            for day, sums in sorted(one.daily_before.items())
        ]
        line = {"type": "line", "color": TEXT, "strokeWidth": 1.5, "strokeDash": [4, 3]}
        x = {**days(), "bandPosition": 0.5}
        bars.append(
            {"data": {"values": past}, "mark": line, "encoding": {"x": x, "y": amount("requests", "Requests a day")}}
        )
    plots: list[Spec] = [{"width": WIDTH - MARGIN, "height": 170, "layer": [*gaps(one.missing), *bars]}]
    if one.sums.status429:
        throttled = {"type": "bar", "color": COLOURS[3]}
        encoding = {"x": days(), "y": amount("throttled", "429 a day")}
        plots.append({"width": WIDTH - MARGIN, "height": 60, "mark": throttled, "encoding": encoding})
    return {
        "$schema": SCHEMA,
        "data": {"values": values},
        "spacing": 28,
        "vconcat": plots,
        "resolve": {"scale": {"x": "shared"}},
    }
