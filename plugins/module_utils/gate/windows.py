# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The days that a rule looks at: its window, which ends with the last complete day, and its baseline before that.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import re

from ..analysis.periods import billing_period
from ..intervals import ONE_DAY, Span

FORMS = "yesterday, period, or a number of days or weeks such as 7d or 4w"

LONGEST = 3660
"""Days; more than any store has."""


def length(text: str) -> int:
    """The days of C(7d) or C(4w). Raises ValueError with the reason."""
    match = re.fullmatch(r"([0-9]{1,5})([dw])", text)
    if not match:
        raise ValueError(f"{text!r} is no length of time; write it like 28d or 4w")
    days = int(match[1]) * (7 if match[2] == "w" else 1)
    if not 1 <= days <= LONGEST:
        raise ValueError(f"{text!r} has no day in it" if days == 0 else f"{text!r} is longer than {LONGEST} days")
    return days


def check_window(text: str) -> None:
    """Raises ValueError with the reason, where a text is no window."""
    if text in ("yesterday", "period"):
        return
    if not re.fullmatch(r"[0-9]{1,5}[dw]", text):
        raise ValueError(f"{text!r} is no window; it is {FORMS}")
    length(text)


def window_days(text: str, last: datetime.date, anchor: int) -> Span:
    """The first and the last day of a window that ends with ``last``."""
    if text == "period":
        return billing_period(last, anchor)[0], last
    days = 1 if text == "yesterday" else length(text)
    return last - ONE_DAY * (days - 1), last


def before(window: Span, days: int) -> Span:
    """So many days right before a window."""
    return window[0] - ONE_DAY * days, window[0] - ONE_DAY
