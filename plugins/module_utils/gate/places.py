# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in what users write, each told with its place.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from ..errors import InvalidArgument


def mistake(place: str, text: str) -> InvalidArgument:
    return InvalidArgument(f"{place}: {text}")


def hint(given: Any, known: Iterable[str]) -> str:
    """What may have been meant, and else what there is."""
    names = list(known)
    close = difflib.get_close_matches(str(given), names, 1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}"


def mapping(place: str, given: Any, keys: Iterable[str], required: Iterable[str]) -> Mapping[str, Any]:
    """A mapping with no key but ``keys`` and all of ``required``. Keys that are null count as left out."""
    known = list(keys)
    if not isinstance(given, Mapping):
        raise mistake(place, f"must be a mapping with {', '.join(known)}, not {kind(given)}")
    for key in given:
        if key not in known:
            raise mistake(f"{place}.{key}", f"unknown key, {hint(key, known)}")
    found = {key: value for key, value in given.items() if value is not None}
    for key in required:
        if key not in found:
            raise mistake(f"{place}.{key}", "is missing" if found else f"is missing: {place} is empty")
    return found


def text(place: str, given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise mistake(place, f"must be text, not {kind(given)}")
    return str(given)


def choice(place: str, given: Any, known: Iterable[str]) -> str:
    names = list(known)
    if given not in names:
        raise mistake(place, f"there is no {given!r}, {hint(given, names)}")
    return str(given)


def number(place: str, given: Any) -> Fraction:
    """A number as it was written, so that 0.01 is one hundredth. Text that is a number counts, as templates make it."""
    if isinstance(given, str) and given.strip().endswith("%"):
        raise mistake(place, f"must be a number, not {given!r}; a share is written like 0.05, which is 5 %")
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise mistake(place, f"must be a number, not {kind(given)}")
    try:
        exact = Decimal(str(given).strip())
        if not exact.is_finite() or abs(exact) > Decimal("1e18") or (exact.adjusted() < -18 and exact):
            raise InvalidOperation
    except InvalidOperation:
        raise mistake(place, f"must be a number, not {given!r}") from None
    return Fraction(exact)


def patterns(place: str, given: Any) -> tuple[str, ...]:
    """One glob or several."""
    several = given if isinstance(given, (list, tuple)) else [given]
    if not several:
        raise mistake(place, "is an empty list, which matches nothing")
    where = [f"{place}[{n}]" for n in range(len(several))] if isinstance(given, (list, tuple)) else [place]
    return tuple(text(each, value) for each, value in zip(where, several, strict=True))


def day(place: str, given: Any, more: str = "") -> datetime.date:
    """A day, be it text or what YAML made of it."""
    if isinstance(given, datetime.date) and not isinstance(given, datetime.datetime):
        return given
    try:
        if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
            raise ValueError
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise mistake(place, f"must be a day like 2026-12-31, not {kind(given)}{more}") from None


def kind(given: Any) -> str:
    """What a value is, in words."""
    if given is None or given == "":
        return "nothing"
    if isinstance(given, bool):
        return f"the truth value {str(given).lower()}"
    if isinstance(given, (int, float)):
        return f"the number {given}"
    if isinstance(given, str):
        return f"the text {given!r}"
    return "a mapping" if isinstance(given, Mapping) else "a list" if isinstance(given, list) else type(given).__name__
