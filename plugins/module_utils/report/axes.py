# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The axes of the charts, and how days that were not collected look in them.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from .drawing import TEXT, WIDTH

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

MARGIN = 72
"""Left of the axis of figures: room for 100,000,000 in a wide font."""

LETTER = 7.4
"""The width of a letter in a wide font of 12 pixels. Which font a page is shown in, nobody knows before."""

LONGEST_LABEL = 34
"""Letters of a name at an axis; the tables have names as a whole."""

NARROW = 0.72
"""The font that a chart is measured with, as a part of the width of a wide one."""


def days(title: str | None = None) -> Spec:
    # A label begins where its day begins; that of the day after the last would be outside, and is left out.
    place = {"labelAlign": "left", "labelFlush": False, "labelBound": True}
    axis = {"format": "%-d %b", "title": title, "grid": False, "labelOverlap": "greedy", "labelSeparation": 14, **place}
    return {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": axis}


def amount(field: str, title: str, text: str = ",.0f", **more: Any) -> Spec:
    # The title stands on top of the axis, where it can be read, and the labels have room whatever the font is.
    above = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": -MARGIN, "titleY": -16}
    axis = {"format": text, "title": title, "tickCount": 5, "minExtent": MARGIN, **above}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": True}, **more}


def labels(names: Sequence[str]) -> Spec:
    """The axis of names."""
    longest = min(max(map(len, names), default=0), LONGEST_LABEL)
    room = {"minExtent": longest * LETTER, "labelLimit": LONGEST_LABEL * LETTER * NARROW}
    axis = {"title": None, "ticks": False, "domain": False, **room}
    return {"field": "of", "type": "nominal", "sort": list(names), "axis": axis}


def chart(height: Any, **more: Any) -> Spec:
    """A chart as wide as the page."""
    fit = {"type": "fit-x", "contains": "padding"}
    return {"$schema": SCHEMA, "width": WIDTH, "height": height, "autosize": fit, **more}


def gaps(missing: Iterable[datetime.date]) -> list[Spec]:
    """Days that were not collected: a band, and a cross on top of it."""
    values = {"values": [{"day": day.isoformat()} for day in missing]}
    if not values["values"]:
        return []
    x = days()
    cross = {"type": "text", "text": "\u00d7", "fontSize": 15, "fontWeight": "bold", "color": TEXT}
    return [
        {"data": values, "mark": {"type": "rect", "color": "var(--gap)"}, "encoding": {"x": x}},
        {"data": values, "mark": cross, "encoding": {"x": {**x, "bandPosition": 0.5}, "y": {"value": 8}}},
    ]
