# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of others made harmless for terminals and for the logs of CI systems. The one place where that is done.

Private to the collection: this may change without notice.

A name or a message that comes from the API may hold escape sequences that repaint a terminal, characters that turn the
direction of writing around or that nobody sees, and lines that a CI system takes for its own commands. What is seen of
these is how Python spells them, such as C(\\x1b); a command is taken apart with a blank.
"""

from __future__ import annotations

import re
from typing import Any

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, but for tab and the ends of lines
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    "\u2028-\u202e\u2066-\u2069"  # ends of lines that are none to most, and directions
    "\ud800-\udfff]"  # halves of characters, which cannot be written
    "|\r(?!\n)"  # begins a line anew, over what was there
)

_COMMAND = re.compile(
    r"(^|[\r\n])(\s*):(?=:\s*[A-Za-z].*?::)"  # GitHub, at the beginning of a line
    r"|#(?=#\s*(?:\[|[A-Za-z]+\[))",  # Azure Pipelines and TeamCity, anywhere
    re.DOTALL,
)

_ANYWHERE = re.compile(r":(?=:\s*[A-Za-z].*?::)", re.DOTALL)


def _spelled(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode("ascii")


def _apart(found: re.Match[str]) -> str:
    return f"{found[0]} "


def apart(value: str) -> str:
    """One line in which nothing is a command of a CI system, wherever it may be broken later."""
    return _ANYWHERE.sub(_apart, _COMMAND.sub(_apart, value)) if "::" in value or "##" in value else value


def text(value: str) -> str:
    """Text that may have several lines, and tabs, such as a description."""
    if not value.isprintable():
        value = _HIDDEN.sub(_spelled, value)
    if "::" in value or "##" in value:
        value = _COMMAND.sub(_apart, value)
    return value


def line(value: str) -> str:
    """Text that goes onto one line, wherever Ansible may wrap it later."""
    if not value.isprintable():
        value = _HIDDEN.sub(_spelled, re.sub(r"\s*[\t\r\n]\s*", " ", value))
    return apart(value)


def everything(value: Any) -> Any:
    """The same value, with each text in it made harmless; what has none of that stays the object that it is."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {everything(key): everything(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [everything(inner) for inner in value]
    return value
