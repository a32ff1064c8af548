# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers of the results endpoints: states, rows, pages and cursors."""

from __future__ import annotations

import base64
import binascii

from .bulk import BulkRows
from .executions import Execution, Executions
from .messages import Response, Wire, bad_request, json_response

QUERY_STATES = {"Queued": "Running", "Running": "Running", "done": "Complete"}
JOBS_STATES = {"Queued": "Queued", "Running": "Running", "done": "Succeeded"}
BULK_CHUNK = 4 << 20
"""Bytes handed to the socket at once."""


def cursor(offset: int) -> str:
    """An opaque cursor that stands before row ``offset``."""
    return base64.urlsafe_b64encode(f"row {offset}".encode()).decode().rstrip("=")


def offset_of(text: str | None) -> int:
    """The row a cursor stands before; ApiError 400 when it is none of ours."""
    if not text:
        return 0
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", True).decode("ascii")
        word, _space, number = decoded.partition(" ")
        if word == "row" and number.isdigit():
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise bad_request(f"Invalid value '{text}' for after", "after")


def query_page(executions: Executions, execution: Execution, state: str, after: str | None, size: int) -> Response:
    """ApiUsageQueryResult. size: rows a page has; 0 means that all rows come at once and there are no cursors."""
    if state != "Complete":
        # While pending there is nothing else, not even an empty results (USAGE_API.md section 1).
        return json_response({"queryStatus": state})
    bulk = executions.bulk(execution)
    rows = [] if bulk else executions.rows(execution)
    total = bulk.count if bulk else len(rows)
    first = offset_of(after) if size else 0
    last = min(total, first + size) if size else total
    cursors = {}
    if size and last < total:
        cursors["after"] = cursor(last)
    if size and first > 0:
        cursors["before"] = cursor(max(0, first - size))
    listed = ",".join(f'"{name}":"{value}"' for name, value in cursors.items())
    tail = f'],"cursors":{{{listed}}}}}' if cursors else "]}"
    return _with_rows(b'{"queryStatus":"Complete","results":[', rows, bulk, (first, last), tail.encode())


def jobs_page(
    executions: Executions, execution: Execution, state: str, path: str, after: str | None, size: int
) -> Response:
    """OrganizationPublicApiUsageResultsResponse or its client sibling."""
    name = f"Usage query {execution.id}"
    if state != "Succeeded":
        return json_response({"queryStatus": state, "name": name, "selfUri": path})
    bulk = executions.bulk(execution)
    rows = [] if bulk else executions.rows(execution)
    total = bulk.count if bulk else len(rows)
    first = offset_of(after)
    last = min(total, first + size)
    # Only while there is another page; a page that is exactly full may be the last one.
    more = f',"nextUri":"{path}?after={cursor(last)}&pageSize={size}"' if last < total else ""
    tail = f'],"queryStatus":"Succeeded","name":"{name}","selfUri":"{path}"{more}}}'
    return _with_rows(b'{"entities":[', rows, bulk, (first, last), tail.encode())


def _with_rows(start: bytes, rows: list[bytes], bulk: BulkRows | None, span: tuple[int, int], tail: bytes) -> Response:
    headers = {"Content-Type": "application/json"}
    if bulk is None:
        return Response(200, b"".join((start, b",".join(rows[slice(*span)]), tail)), headers)
    offset, count = bulk.span(*span) if span[0] < span[1] else (0, 0)
    found = bulk

    def conduct(wire: Wire, head: bytes, _body: bytes) -> None:
        wire.send(head + start)
        if count:
            with open(found.path, "rb") as file:
                wire.send_file(file, offset, count)
        wire.send(tail)

    return Response(200, b"", headers, len(start) + count + len(tail), conduct)
