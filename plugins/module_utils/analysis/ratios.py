# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What part of requests failed or was throttled.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Sequence


def errors(figures: Sequence[int]) -> int:
    """The requests that ended with 4xx or 5xx, each counted once. ``figures`` are the six metrics in their order.

    Where 429 is part of 4xx, as in the query service, that is 4xx + 5xx. For the jobs service it is not established
    whether it is: there the statuses add up to the requests either with 429 or without it. What is neither 2xx nor 3xx
    is right for both, and never outside of the two readings.
    """
    requests, status200, status300, status400, status429, status500 = figures
    least = status400 + status500
    return min(max(least, requests - status200 - status300), least + status429)
