# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A row of the API becomes a row of ours: checked, named by one vocabulary, and added up.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import gt, itemgetter
from typing import Any

from .errors import InconsistentFigures, MalformedAnswer
from .said import wrong
from .services import METRICS, Service

DIMENSIONS = ("client_id", "client_name", "organization_id", "user_id", "template_uri", "http_method", "platform")
METRIC_NAMES = tuple(METRICS)
COLUMNS = ("date", *DIMENSIONS, *METRIC_NAMES)
"""The order of a row. A dimension that was not asked for is an empty string, a metric that was not is 0."""

CLIENT_FIELDS = ("client_name", "description", "grant_type", "state", "created_at", "modified_at", "delete_at")
"""What is kept of an OAuth client besides its id; all of it is text, or nothing."""

Row = tuple[Any, ...]
LARGEST = 2**63 - 1
"""The largest figure that a database can keep."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T00:00:00(\.0+)?(Z|\+00:00)?)?")

FIRST_METRIC = len(COLUMNS) - len(METRIC_NAMES)


def shown_columns(group_by: Sequence[str], metrics: Sequence[str], dated: bool) -> tuple[str, ...]:
    """The columns of a row that a user sees: what was asked for, and a client's name with its id."""
    named = {*group_by, *(["client_name"] if "client_id" in group_by else [])}
    dimensions = [name for name in DIMENSIONS if name in named]
    return (*(["date"] if dated else []), *dimensions, *(name for name in METRIC_NAMES if name in metrics))


def as_dicts(rows: Iterable[Row], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as users see them."""
    places = [COLUMNS.index(name) for name in columns]
    pick = itemgetter(*places)
    if len(places) == 1:
        return [{columns[0]: pick(row)} for row in rows]
    return [dict(zip(columns, pick(row))) for row in rows]  # noqa: B905  # the same length by construction


class Totals:
    """Sums of the metrics over rows."""

    def __init__(self, metrics: Sequence[str]) -> None:
        self._metrics = metrics
        self.rows = 0
        self._sums = [0] * len(METRIC_NAMES)

    def add(self, rows: Sequence[Row]) -> None:
        columns = list(zip(*rows))[FIRST_METRIC:]  # noqa: B905  # rows have one length
        self._sums = [total + sum(column) for total, column in zip(self._sums, columns, strict=True)]
        self.rows += len(rows)

    def merge(self, other: Totals) -> None:
        self._sums = [a + b for a, b in zip(self._sums, other._sums, strict=True)]
        self.rows += other.rows

    def copy(self) -> Totals:
        clone = Totals(self._metrics)
        clone.merge(self)
        return clone

    def as_dict(self) -> dict[str, int]:
        """The metrics that were asked for; the others are left out, not zero."""
        return {name: total for name, total in zip(METRIC_NAMES, self._sums, strict=True) if name in self._metrics}


def _day(raw: Any) -> str:
    """C(YYYY-MM-DD) of a date in either service's form. Raises ValueError."""
    if not isinstance(raw, str) or not _DAY.fullmatch(raw):
        raise ValueError
    return datetime.date.fromisoformat(raw[:10]).isoformat()


def _inner(column: Sequence[Any], path: tuple[str, ...]) -> Sequence[Any]:
    """The values of a column, out of the objects that they lie in where they do."""
    return list(map(itemgetter(path[1]), column)) if len(path) > 1 else column


class RowReader:
    """Turns the rows of one execution into ours.

    ``dated``: whether rows must have a date; None where it is not known. ``days``: the first and last day asked for,
    where every row is a day's: a row of the day after is left out, because whether a service counts the end of an
    interval in is not established, and a row of any other day is an error.
    ``verify_sums``: refuse rows whose statuses do not add up to their requests.
    """

    def __init__(
        self,
        service: Service,
        what: str,
        dimensions: Sequence[str],
        metrics: Sequence[str],
        dated: bool | None,
        days: tuple[datetime.date, datetime.date] | None = None,
        verify_sums: bool = True,
    ) -> None:
        self._what = what
        self._service = service
        self._dated = dated
        self._days = days
        self._metrics = tuple(name for name in METRIC_NAMES if name in metrics)
        self._wire = [service.fields.get(name, (METRICS[name].lower(),))[-1] for name in METRIC_NAMES]
        self._complete = len(self._metrics) == len(METRIC_NAMES)
        self._sums = [tuple(map(METRIC_NAMES.index, names)) for names in service.sums] if verify_sums else []
        self._throttled_within_4xx = verify_sums and service.throttled_within_4xx
        self._paths = [service.fields[name] if name in dimensions else None for name in DIMENSIONS]
        asked = [path[0] for path in self._paths if path]
        self._wanted = itemgetter(*(["date"] if dated else []), *asked, *self._wire)
        self._known_dates: dict[Any, str | None] = {}

    def read(self, raws: Sequence[Any]) -> list[Row]:
        """Convert a batch. Raises MalformedAnswer or InconsistentFigures for a row that is not what it must be."""
        try:
            rows = self._columns(raws)
        except (KeyError, TypeError):
            rows = None
        if rows is None:
            rows = [row for row in map(self._row, raws) if row is not None]
        return rows

    def _columns(self, raws: Sequence[Any]) -> list[Row] | None:
        """The rows of a batch, checked column by column, which is several times faster than row by row.

        None, KeyError and TypeError say that a row needs a closer look, be it right or wrong.
        """
        if self._dated is None or not (raws and self._complete):
            return None
        columns = list(zip(*map(self._wanted, raws)))  # noqa: B905  # rows have one length
        days: Iterable[str | None] = repeat("")
        if self._dated:
            given = columns.pop(0)
            for value in set(given) - self._known_dates.keys():
                self._date(value)
            days = [self._known_dates[value] for value in given]
            if None in days:
                return None
        labels = [_inner(columns.pop(0), path) if path else None for path in self._paths]
        if any(column is not None and set(map(type, column)) != {str} for column in labels):
            return None
        if any(set(map(type, c)) != {int} or min(c) < 0 or max(c) > LARGEST for c in columns):
            return None
        if not self._sums_agree(columns):
            return None
        return list(zip(days, *(repeat("") if column is None else column for column in labels), *columns))  # noqa: B905

    def _sums_agree(self, columns: Sequence[Sequence[int]]) -> bool:
        if self._throttled_within_4xx and any(map(gt, columns[4], columns[3])):
            return False
        requests = tuple(columns[0])
        sums = (tuple(map(sum, zip(*(columns[i] for i in places)))) for places in self._sums)  # noqa: B905
        return not self._sums or any(added == requests for added in sums)

    def _row(self, raw: Any) -> Row | None:
        date = self._date(raw.get("date"))
        if date is None:
            return None
        figures = self._figures(raw)
        if self._complete:
            self._check_sums(raw, figures)
        return (date, *self._labels(raw), *figures)

    def _check_sums(self, raw: Any, figures: Sequence[int]) -> None:
        if self._sums and not any(sum(figures[i] for i in places) == figures[0] for places in self._sums):
            raise self._inconsistent(raw, "the statuses do not add up to the requests")
        if self._throttled_within_4xx and figures[4] > figures[3]:
            raise self._inconsistent(raw, "there are more 429 than 4xx")

    def _date(self, value: Any) -> str | None:
        """The day of a row, empty where it has none, None where the row is to be left out."""
        if value is None or value == "":
            if self._dated:
                raise self._malformed("a row has no date, though a granularity was asked for")
            return ""
        try:
            day = _day(value)
        except ValueError:
            raise self._malformed(f"{wrong(value)} is no date") from None
        known: str | None = day if self._dated is not False else ""
        if self._days:
            first, last = self._days
            if day == (last + datetime.timedelta(days=1)).isoformat():
                known = None
            elif not first.isoformat() <= day <= last.isoformat():
                raise InconsistentFigures(
                    f"The answer to {self._what} has a row for {day}, outside of {first} to {last} as asked"
                )
        self._known_dates[value] = known
        return known

    def _labels(self, raw: Any) -> list[str]:
        """The dimensions of a row in which some are missing (they are empty then), or lie inside of an object."""
        labels = []
        for path in self._paths:
            if path is None:
                labels.append("")
                continue
            key, *inner = path
            value = raw.get(key)
            if inner and isinstance(value, dict):
                value = value.get(inner[0])
            elif inner and value is not None:
                raise self._malformed(f"{key} of a row is not an object")
            if value is not None and not isinstance(value, str):
                raise self._malformed(f"{'.'.join([key, *inner])} of a row is not text")
            labels.append(value or "")
        return labels

    def _figures(self, raw: Any) -> list[int]:
        """The figures of a row in which some are missing: those not asked for, and a zero that the sum proves."""
        figures: list[int] = []
        missing: list[str] = []
        for name, wire in zip(METRIC_NAMES, self._wire, strict=True):
            value = raw.get(wire)
            if value is None:
                missing += [name] if name in self._metrics else []
                value = 0
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
                raise self._malformed(f"{wire} of a row is not a whole number of requests")
            figures.append(value if name in self._metrics else 0)
        if missing and not self._proven(missing, figures):
            raise self._malformed(f"a row lacks {', '.join(missing)}")
        return figures

    def _proven(self, missing: Sequence[str], figures: Sequence[int]) -> bool:
        """Whether missing figures can only be zero: all statuses were asked for and the others make up the requests."""
        if not self._complete or "requests" in missing or ("status429" in missing and figures[3]):
            return False
        return sum(figures[1:4]) + figures[5] == figures[0]

    def _malformed(self, detail: str) -> MalformedAnswer:
        return MalformedAnswer(f"The answer to {self._what} is not what the API documents: {detail}")

    def _inconsistent(self, raw: Any, detail: str) -> InconsistentFigures:
        figures = ", ".join(f"{wire} {raw.get(wire)}" for wire in self._wire)
        return InconsistentFigures(
            f"The answer to {self._what} contradicts itself: {detail} ({figures}). "
            "Nothing was kept; verify_sums: false takes such rows as they are"
        )
