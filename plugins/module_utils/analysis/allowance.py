# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests an organization may make in a billing period.

Private to the collection: this may change without notice.

Genesys Cloud grants a figure for each billable user and licence, a month. Which one is in an organization's contract,
so users give it: as one number, or as users times their figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidArgument

SHAPE = "a number of requests, or a list of {users, requests_per_user}"


@dataclass(frozen=True)
class Allowance:
    """Requests that a billing period may have. ``sentence`` says how they were reckoned."""

    requests: int
    sentence: str


def _whole(value: Any, what: str) -> int:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = int(str(value).replace("_", ""))
    except ValueError:
        raise InvalidArgument(f"allowance: {what} must be a whole number, not {value!r}") from None
    if number < 0:
        raise InvalidArgument(f"allowance: {what} must be 0 or more, not {number}")
    return number


def allowance(given: Any) -> Allowance:
    """The allowance that an option stands for. Raises InvalidArgument for what is neither form, or 0 in all."""
    if isinstance(given, Sequence) and not isinstance(given, str):
        parts = []
        for place, entry in enumerate(given):
            if not isinstance(entry, Mapping) or set(entry) != {"users", "requests_per_user"}:
                raise InvalidArgument(f"allowance[{place}] must have users and requests_per_user, and nothing else")
            parts.append(
                (
                    _whole(entry["users"], f"[{place}].users"),
                    _whole(entry["requests_per_user"], f"[{place}].requests_per_user"),
                )
            )
        total = sum(users * each for users, each in parts)
        sentence = " + ".join(f"{users:,} users x {each:,}" for users, each in parts)
    elif isinstance(given, (int, str)):
        total = _whole(given, "it")
        sentence = f"{total:,}"
    else:
        raise InvalidArgument(f"allowance must be {SHAPE}")
    if total == 0:
        raise InvalidArgument(f"allowance is 0 in all; give {SHAPE}")
    return Allowance(total, sentence)


@dataclass(frozen=True)
class Allowances:
    """Each organization's allowance: its own, or else the one that all others have; None where nobody gave one."""

    default: Allowance | None
    own: Mapping[str, Allowance]

    def of(self, organization: str) -> Allowance | None:
        return self.own.get(organization, self.default)


def allowances(default: Any, own: Mapping[str, Any] | None) -> Allowances:
    """What the options C(allowance) and C(allowances) stand for. Raises InvalidArgument, naming the organization."""
    found = {}
    for organization, given in (own or {}).items():
        try:
            found[organization] = allowance(given)
        except InvalidArgument as error:
            raise InvalidArgument(f"allowances, {organization!r}: {error.message}") from None
    return Allowances(None if default is None else allowance(default), found)
