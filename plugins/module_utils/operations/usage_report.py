# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report of what is in a store, in one of several forms.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any

from ..analysis.allowance import allowances
from ..errors import DestinationError, InvalidArgument
from ..files import FileChange, replace_all
from ..gate.given_rows import load_rows
from ..intervals import asked_days
from ..report import drawing, verdict
from ..report.gather import Wanted, gather
from ..report.model import Fleet
from ..report.outputs import Output, output, sections
from ..rows import METRIC_NAMES
from ..store.connection import Store
from ..store.opening import open_filled_store
from .context import Context, Params

MODE = 0o600
FOLDER_MODE = 0o700
DAYS = 30
"""The period where the task names none: so many complete days."""

SINGLE_PAGE = 2_000_000
"""Characters of a single page from which on a folder is the better choice, and the task says so."""


def usage_report(params: Params, context: Context) -> dict[str, Any]:
    """Make the report that the options of the task ask for. Raises InvalidArgument, StoreError, DestinationError."""
    if params.get("rows") is not None:
        return _of_rows(params, context)
    if params.get("query") is not None:
        raise InvalidArgument("query goes with rows: with a store, service and group_by say which figures are meant")
    if not params.get("store"):
        raise InvalidArgument("store is missing: set the option, or the environment variable GENESYSCLOUD_USAGE_STORE")
    wanted = _wanted(params, context)
    store = open_filled_store(params["store"], params.get("store_password"), context.clock, context.check_mode)
    with store, store.snapshot():
        return _made(store, gather(store, wanted), params, context)


def _of_rows(params: Params, context: Context) -> dict[str, Any]:
    """A report of rows that the task has: they are in a store that is gone afterwards."""
    if params.get("query") is None:
        raise InvalidArgument(
            "rows need query, as usage_query returned it beside them: without it nobody knows the days"
        )
    given = load_rows(params["rows"], params["query"], params.get("organization"), "", context.clock)
    if missing := [name for name in METRIC_NAMES if name not in given.metrics]:
        raise InvalidArgument(f"rows: {', '.join(missing)} were not asked for; a report needs all metrics")
    asked = None if params.get("days") is not None or params.get("interval") else params["query"]["interval"]
    wanted = _wanted({**params, "organization": None, **({"interval": asked} if asked else {})}, context)
    with given.store as store, store.snapshot():
        fleet = gather(store, wanted)
        # When they were collected, and by which execution, rows do not say.
        known = (dataclasses.replace(one, collected_at=None, runs=(), executions=()) for one in fleet.organizations)
        return _made(store, dataclasses.replace(fleet, organizations=tuple(known)), params, context)


def _wanted(params: Params, context: Context) -> Wanted:
    for name, least in (("top", 1), ("charts", 0)):
        if not least <= params[name] <= 1000:
            raise InvalidArgument(f"{name} must be from {least} to 1000, not {params[name]}")
    interval, days = params.get("interval"), params.get("days")
    span = asked_days(interval, DAYS if interval is None and days is None else days, context.clock.today())
    if not 1 <= params["period_anchor"] <= 31:
        raise InvalidArgument(f"period_anchor is a day of the month, 1 to 31, not {params['period_anchor']}")
    names = params.get("organizations") or ([params["organization"]] if params.get("organization") else None)
    return Wanted(
        params["title"],
        span,
        params["top"],
        allowances(params.get("allowance"), params.get("allowances")),
        params["period_anchor"],
        names,
        params.get("service"),
        params.get("group_by"),
        verdict.read(params.get("verdict")),
        params["charts"],
    )


def _made(store: Store, fleet: Fleet, params: Params, context: Context) -> dict[str, Any]:
    form, dest = params["format"], params["dest"]
    if form == "html" and not drawing.available():
        context.warn(drawing.NOTE)
    made = output(store, fleet, form, dest)
    changes = _written(made, context.check_mode)
    first = next(iter(made.files))
    if form == "html" and len(made.files) == 1 and os.path.exists(first) and os.path.getsize(first) > SINGLE_PAGE:
        context.warn(
            f"{first} is large: as a folder (dest: {os.path.dirname(dest) or '.'}/) each organization has its page"
        )
    return {
        "changed": any(change is None or change.changed for change in changes.values()),
        "dest": first,
        "files": list(made.files),
        "format": form,
        "sections": sections(fleet, form),
        "coverage": {
            "organizations": len(fleet.organizations),
            "complete": len(fleet.complete),
            "incomplete": [one.name for one in fleet.incomplete],
        },
        "totals": fleet.sums._asdict(),
        "first_day": fleet.span[0].isoformat(),
        "last_day": fleet.span[1].isoformat(),
        "diff": [_diff(path, change) for path, change in changes.items() if change is None or change.changed],
    }


def _written(made: Output, check_mode: bool) -> dict[str, FileChange | None]:
    """What became of each file; None where it would be new in a folder that is not there yet."""
    missing = [folder for folder in made.folders if not os.path.isdir(folder)]
    if check_mode and missing:
        return dict.fromkeys(made.files)
    for folder in missing:
        try:
            os.mkdir(folder, FOLDER_MODE)
        except OSError as error:
            raise DestinationError(f"The folder {folder} cannot be made: {error.strerror}") from None
    return {**replace_all(made.files, MODE, check_mode)}


def _diff(path: str, change: FileChange | None) -> dict[str, str]:
    """Of a page only that it differs: nobody reads the difference of two charts."""
    if change is None or path.endswith(".html"):
        before = "" if change is None or not change.before else f"{path}, as it was\n"
        return {"before": before, "after": f"{path}, as it is now\n", "before_header": path, "after_header": path}
    return {"before": change.before, "after": change.after, "before_header": path, "after_header": path}
