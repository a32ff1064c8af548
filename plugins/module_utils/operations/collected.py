# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was collected with one query, be it one execution or the several that a long interval takes.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..query import Query
from ..rows import Totals
from ..sinks import RowSink
from ..usage import Execution


@dataclass
class Collected:
    """The executions of a query, and where the rows of each went. ``keeps``: whether rows are kept for the result.

    ``skipped``: whether days were left out because the store has them; then there are no totals, for they would look
    like those of all days.
    """

    query: Query
    executions: list[Execution]
    keeps: bool
    skipped: bool = False
    sinks: list[RowSink] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return all(execution.status == "complete" for execution in self.executions)

    @property
    def totals(self) -> Totals:
        totals = Totals(self.query.metrics)
        for sink in self.sinks:
            totals.merge(sink.totals)
        return totals

    @property
    def client_name(self) -> str | None:
        """The name that the latest row gives its client."""
        return next((sink.client_name for sink in reversed(self.sinks) if sink.client_name), None)

    def described(self) -> dict[str, Any]:
        """The executions, as users see them."""
        every = [execution.as_dict() for execution in self.executions]
        return {"execution": every[0] if len(every) == 1 else None, "executions": every}

    def result(self) -> dict[str, Any]:
        """Executions, rows and totals; the latter only once all is complete, for until then there are none."""
        if not self.complete:
            return self.described()
        rows = [row for sink in self.sinks for row in sink.rows()]
        kept = {"rows": rows} if self.keeps else {}
        totals = self.totals
        summed = {} if self.skipped else {"totals": totals.as_dict()}
        return {**self.described(), **kept, "row_count": totals.rows, **summed}
