# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Charts: Vega-Lite specifications become SVG that takes its colours from the page.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import ModuleType
from typing import Any

try:
    import vl_convert
except ImportError:
    VL_CONVERT: ModuleType | None = None
else:
    VL_CONVERT = vl_convert

NOTE = "Charts are left out: they need the Python library vl-convert-python where the report is made."

WIDTH = 1010
"""Of a chart, in CSS pixels: that of the page. Smaller screens scroll it."""

GRID = "var(--grid)"
TEXT = "currentColor"

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": None,
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT, "titleColor": TEXT, "domainColor": GRID, "tickColor": GRID, "gridColor": GRID,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 260,
    },
    "legend": {
        "labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 300,
        "titleFontWeight": "normal", "orient": "bottom", "symbolType": "square", "columns": 4, "columnPadding": 18,
    },
    "text": {"color": TEXT},
    "rule": {"color": TEXT},
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A drawn chart: an SVG element to stand in a page."""

    svg: str


def available() -> bool:
    return VL_CONVERT is not None


def draw(specification: Mapping[str, Any], described: str, prefix: str) -> Chart | None:
    """Draw a chart; None where the library is missing.

    ``described`` says in words what is to be seen. ``prefix`` keeps the ids of several charts in one page apart.
    """
    if VL_CONVERT is None:
        return None
    svg: str = VL_CONVERT.vegalite_to_svg({**specification, "config": CONFIG}, vl_version="5.20")
    head = re.match(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', svg)
    if head is None:
        raise RuntimeError("vl-convert made no SVG")
    width = head[1].split()[2]
    opening = (
        f'<svg class="chart" role="img" aria-label="{escape(described)}" viewBox="{head[1]}" '
        f'style="width:{width}px" xmlns="http://www.w3.org/2000/svg">'
    )
    # The whole is one image with one description: its parts need no roles of their own.
    body = re.sub(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"', "", svg[head.end() :])
    body = re.sub(r'(id="|url\(#)', rf"\g<1>{prefix}-", body)
    return Chart(opening + body)
