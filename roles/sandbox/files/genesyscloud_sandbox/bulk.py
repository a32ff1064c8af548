# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Very many rows for almost no work: they are rendered once, kept in a file, and copied to the socket from there.

A file holds one day's rows after another. All days have the same rows but for the date, whose length never changes, so
the place of every row is known from the places of one day's rows, and any page is one stretch of the file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from array import array
from dataclasses import dataclass
from datetime import date
from threading import Lock

from .answers import renderer
from .intervals import bucket
from .model import Organization, stable_id
from .names import OPERATIONS, PLATFORMS
from .queries import Query
from .traffic import yesterday

PLACEHOLDER = "9999-99-99"
TEMPLATES = tuple(dict.fromkeys(uri for _method, uri in OPERATIONS))
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
USERS = tuple(stable_id("bulk user", number) for number in range(10))
SMALL = {"template_uri": TEMPLATES, "http_method": METHODS, "platform": PLATFORMS, "user_id": USERS}
LARGE = ("client_id", "client_name", "user_id", "template_uri")
"""The first of these that a query groups by takes as many values as it needs; it needs one of them for unique rows."""


@dataclass(frozen=True)
class BulkRows:
    """A file of rows: row ``i`` is row ``i % per_day`` of day ``i // per_day``; rows are separated by a comma."""

    path: str
    count: int
    per_day: int
    starts: array[int]
    day_size: int
    size: int

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offset and number of the bytes of the rows ``first`` to ``last`` (excluded), without the last comma."""
        begin = self._start(first)
        return begin, (self.size if last >= self.count else self._start(last) - 1) - begin

    def _start(self, row: int) -> int:
        day, within = divmod(row, self.per_day)
        return day * self.day_size + self.starts[within]


class BulkStore:
    """The files, made once for each number of rows and shape of query; they go when the sandbox stops."""

    def __init__(self) -> None:
        self._folder = ""
        self._made: dict[str, BulkRows] = {}
        self._lock = Lock()

    def rows(self, organization: Organization, query: Query) -> BulkRows:
        """The rows that answer an organization's query."""
        days = _buckets(query)
        # Rows of two organizations differ in nothing but the organization's id, where it is asked for at all.
        owner = organization.id if "organization_id" in query.dimensions else ""
        shape = (organization.bulk_rows, owner, query.service, days, query.dimensions, query.metrics, query.granularity)
        key = hashlib.sha256(repr(shape).encode()).hexdigest()[:24]
        with self._lock:
            if key not in self._made:
                self._folder = self._folder or tempfile.mkdtemp(prefix="genesyscloud-sandbox-")
                self._made[key] = _write(os.path.join(self._folder, key), organization, query, days)
            return self._made[key]

    def close(self) -> None:
        """Remove the files."""
        with self._lock:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder, self._made = "", {}


def _buckets(query: Query) -> tuple[str, ...]:
    last = min(query.days[1], yesterday(query.today))
    name = bucket(query.granularity)
    span = range(query.days[0].toordinal(), last.toordinal() + 1)
    return tuple(dict.fromkeys(name(date.fromordinal(ordinal)) for ordinal in span))


def _write(path: str, organization: Organization, query: Query, days: tuple[str, ...]) -> BulkRows:
    """Render one day and write it once for each day; the last day is cut where the count is reached."""
    wanted = organization.bulk_rows if days else 0
    per_day = max(1, -(-wanted // max(1, len(days))))
    render = renderer(query)
    name = PLACEHOLDER if query.granularity else ""
    numbers = range(per_day if wanted else 0)
    rendered = [render(name, *_bulk_row(query, organization, number)) + b"," for number in numbers]
    starts, position = array("q"), 0
    for line in rendered:
        starts.append(position)
        position += len(line)
    day = b"".join(rendered)
    size = 0
    with open(path, "wb") as file:
        for number, first_day in enumerate(days):
            rows = min(per_day, wanted - number * per_day)
            if rows <= 0:
                break
            part = day if rows == per_day else day[: starts[rows]]
            file.write(part.replace(PLACEHOLDER.encode(), first_day.encode()) if first_day else part)
            size += len(part)
        if size:
            size -= 1
            file.truncate(size)
    return BulkRows(path, wanted, per_day, starts, position, size)


def _bulk_row(query: Query, organization: Organization, number: int) -> tuple[tuple[str, ...], list[int]]:
    """Row ``number`` of a day; its dimensions are a mixed-radix number, so that no two rows have the same."""
    rest = number
    row: dict[str, str] = {"organization_id": organization.id}
    large = next((name for name in LARGE if name in query.dimensions), "")
    for name, values in SMALL.items():
        if name in query.dimensions and name != large:
            rest, digit = divmod(rest, len(values))
            row[name] = values[digit]
    if large == "template_uri":
        row[large] = f"/api/v2/bulk/{rest}"
    elif large == "user_id":
        row[large] = stable_id("bulk user", rest)
    else:
        row["client_id"], row["client_name"] = stable_id("bulk client", rest), f"Bulk client {rest}"
    ok, moved, limited, failed = 100 + number % 900, number % 3, number % 5, number % 2
    wrong = limited + number % 17
    counts = [ok, moved, wrong, limited, failed, ok + moved + wrong + failed]
    return tuple(row[name] for name in query.dimensions), counts
