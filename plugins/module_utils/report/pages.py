# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as HTML: one page with all in it, or a first page with a linked one for each organization.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..analysis.periods import billing_period
from ..errors import MissingLibrary
from . import charts, drawing, figures, sentences
from .axes import Spec
from .captions import Captions
from .figures import Sums, total
from .model import Detail, Fleet, Line, Organization
from .names import visible
from .templates.frame import FRAME, PARTS
from .templates.index import FINDINGS, INDEX
from .templates.organization import ORGANIZATION, PAGE
from .templates.script import SCRIPT, SCRIPT_HASH
from .templates.style import STYLE
from .verdict import subject, waived

try:
    import jinja2
    from markupsafe import Markup

    HAS_JINJA2 = True
except ImportError:
    HAS_JINJA2 = False

FOLDER = "organizations"
"""Where the linked pages are, beside the first one."""

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    f"script-src 'sha256-{SCRIPT_HASH}'"
)
"""The pages load nothing, whatever may be in a name."""

STATUSES = (
    ("2xx", "status200"), ("3xx", "status300"), ("4xx", "status400"), ("429", "status429"), ("5xx", "status500"),
)  # fmt: skip


def _name(text: str) -> Markup:
    """User data in a page: escaped, set apart from what is around it, and with nothing unseen in it."""
    return Markup("<bdi>{}</bdi>").format(visible(text))


def _ours(text: str) -> Markup:
    """Text with nobody's data in it, or with it escaped."""
    return Markup(text)  # noqa: S704  # never called with what somebody else wrote


class Pages:
    """The pages of one report. Raises MissingLibrary where there is no Jinja."""

    def __init__(self, fleet: Fleet) -> None:
        if not HAS_JINJA2:
            raise MissingLibrary(
                "The Python library jinja2 is needed to make a report in HTML where the module runs; it is where "
                "ansible-core is. The formats csv, json and markdown need nothing"
            )
        self._fleet = fleet
        self._charted = {one.name for one in fleet.organizations[: fleet.charts]}
        self._environment = jinja2.Environment(
            loader=jinja2.DictLoader(
                {"frame": FRAME, "parts": PARTS, "index": INDEX, "findings": FINDINGS, "organization": ORGANIZATION,
                 "page": PAGE}
            ),
            autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._environment.filters |= {
            "name": _name, "seen": visible, "number": figures.number, "percent": figures.percent,
            "signed": figures.signed, "counted": figures.counted,
        }  # fmt: skip
        self._environment.globals |= {
            "fleet": fleet, "words": sentences, "captions": Captions(fleet), "style": _ours(STYLE),
            "script": _ours(SCRIPT), "policy": POLICY, "subject": subject, "waived": waived, "worst": self._worst,
            "drawn": drawing.available(), "note": drawing.NOTE, "draw": self._trend,
        }  # fmt: skip

    def index(self, details: Iterable[Detail], linked: bool) -> Iterator[str]:
        """The first page, in pieces; with ``details`` in it where they are not linked."""
        fleet = self._fleet
        shown, others = charts.series(fleet)
        growth, growth_words = sentences.fleet_change(fleet)
        template = self._environment.get_template("index")
        return template.generate(
            details=details,
            links={one.name: f"{FOLDER}/{one.slug}.html" if linked else f"#{one.slug}" for one in fleet.organizations},
            growth=growth,
            growth_words=growth_words,
            was=total(one.sums_before for one in fleet.comparable) if fleet.comparable else Sums(),
            shown=shown,
            others=others,
            daily=list(self._daily(shown, others)),
            statuses=STATUSES,
            heated=charts.heated(fleet),
            charts=self._charts(),
            period=billing_period(fleet.span[1], fleet.anchor),
            executions=sum(len(one.executions) for one in fleet.organizations),
        )

    def organization(self, detail: Detail) -> str:
        """The page of one organization."""
        return self._environment.get_template("page").render(detail=detail)

    def _daily(self, shown: Sequence[Organization], others: Sequence[Organization]) -> Iterator[dict[str, Any]]:
        missing = dict(self._fleet.missing_on())
        for day in self._fleet.days:
            every = [one.daily[day].requests for one in self._fleet.organizations if day in one.daily]
            yield {
                "day": day,
                "shown": [one.daily[day].requests if day in one.daily else None for one in shown],
                "others": sum(one.daily[day].requests for one in others if day in one.daily),
                "all": sum(every) if every else None,
                "missing": missing.get(day, 0),
            }

    def _charts(self) -> dict[str, Markup | None]:
        fleet, captions = self._fleet, Captions(self._fleet)
        daily = {day: total(o.daily[day] for o in fleet.organizations if day in o.daily) for day in fleet.days}
        wanted = {
            "stacked": (charts.stacked(fleet), captions.stacked),
            "shares": (charts.shares(daily), captions.shares),
            "heat": (charts.heat(charts.heated(fleet)), captions.heat),
            "allowances": (charts.allowances(charts.planned(fleet)), captions.allowances),
        }
        return {name: _draw(spec, said, name) for name, (spec, said) in wanted.items()}

    def _trend(self, one: Organization) -> Markup | None:
        if one.state == "none" or one.name not in self._charted:
            return None
        return _draw(charts.trend(one), Captions(self._fleet).trend(one), one.slug)

    def _worst(self, lines: Sequence[Line]) -> list[Line]:
        """Clients with 429 or errors, those with the most 429 first."""
        failing = [line for line in lines if line.sums.status429 or line.sums.status400 or line.sums.status500]
        failing.sort(key=lambda one: (-one.sums.status429, -one.sums.status400, -one.sums.status500, one.key))
        return failing[: self._fleet.top]


def _draw(specification: Spec, described: str, prefix: str) -> Markup | None:
    chart = drawing.draw(specification, described, prefix)
    # The library escapes what it is given.
    return _ours(chart.svg) if chart else None
