# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The organization's usage, asked and read.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from typing import Any

from ..pool import drive
from ..query import build
from .context import Context, Params
from .task import task


def usage_query(params: Params, context: Context) -> dict[str, Any]:
    """Ask for the usage of an organization, wait for it and return or store its rows. Raises a UsageError."""
    with task(params, context, "usage_query") as current:
        query = current.query = build(params, "organization", context.clock.today())
        current.check_storable(query)
        current.connect()
        collected = drive(current.collect(current.usage(), query, None), current.context.clock)
        return {**current.result(), **collected.result(), "query": query.as_dict()}
