# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A verdict for people: names that can do no harm, figures that can be read, a line for each finding.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import printable

Document = Mapping[str, Any]
Finding = Mapping[str, Any]

ORDER = ("fail", "unknown", "warn", "waived", "pass")
"""Verdicts, the worst first."""

LONGEST = 1000
"""Characters of a text that comes from outside, which nothing that a name or a sentence needs is longer than."""

_NONCHARACTERS = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""What XML has no way to write, and nobody else a use for."""

_DIGITS = (2, 4, 6, 9)
"""Decimals: the first that tells what is measured from what is allowed."""


def visible(text: str) -> str:
    """A text in one line that shows everything in it, and is no command to whoever reads it."""
    clipped = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return printable.line(clipped).translate(_NONCHARACTERS)


def number(value: float, unit: str, digits: int = 2) -> str:
    """A figure with its unit: ratios in percent, everything else with separators of thousands."""
    if unit == "ratio":
        return f"{_plain(value * 100, digits)} %"
    return f"{_plain(value, digits)} {unit}" if unit else _plain(value, digits)


def _plain(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured(finding: Finding) -> str:
    """What was measured; empty, where nothing could be. As exact as it takes to tell it from what is allowed."""
    return _figures(finding)[0]


def allowed(finding: Finding) -> str:
    """What is allowed, such as C(<= 1 %)."""
    return _figures(finding)[1]


def _figures(finding: Finding) -> tuple[str, str]:
    found, bound = finding["measured"], finding.get("value")
    # A growth of 2 is twice as much as usual: 200 % would be read as three times.
    unit = "times" if finding["metric"] == "growth" else finding["unit"] or ""
    if not isinstance(bound, (int, float)) or isinstance(bound, bool):
        return ("" if found is None else number(found, unit)), visible(str(finding.get("allowed") or ""))
    one, other = "", number(bound, unit)
    for digits in _DIGITS:
        one, other = "" if found is None else number(found, unit, digits), number(bound, unit, digits)
        if found == bound or one != other:
            break
    return one, f"{finding['op']} {other}"


def subject(finding: Finding) -> str:
    """Where it is: an organization, and the client, endpoint and method in it."""
    of = finding["subject"]
    parts = [visible(of.get("organization") or "all organizations")]
    if of.get("client_id") or of.get("client_name"):
        parts.append(f"client {visible(of.get('client_name') or of['client_id'])}")
    if of.get("template_uri"):
        parts.append(visible(of["template_uri"]))
    if of.get("http_method"):
        parts.append(visible(of["http_method"]))
    return ", ".join(parts)


def window(finding: Finding) -> str:
    """The days that were judged."""
    days = finding.get("window")
    if not days:
        return ""
    first, last = days["first_day"], days["last_day"]
    return str(first) if first == last else f"{first} to {last}"


def waiver(finding: Finding) -> str:
    """Who waived it, why, and until when; empty, where nobody did."""
    of = finding.get("waiver")
    if not of:
        return ""
    word = "waived until" if finding["verdict"] == "waived" else "the waiver expired on"
    return visible(f"{word} {of.get('expires')} by {of.get('owner')}: {of.get('reason')}")


def headline(document: Document) -> str:
    """The verdict in one line, with how many of each there are."""
    counts = document["counts"]
    told = ", ".join(f"{counts[name]:,} {name}" for name in ORDER if counts.get(name))
    return f"{document['verdict'].upper()}: {told or 'nothing was judged'}"


def line(finding: Finding) -> str:
    """A finding in one line: its verdict, where, what, measured, allowed, since when."""
    return f"{finding['verdict'].upper():<7} {visible(finding['rule'])}: {visible(finding['message'])}"


def lines(document: Document, limit: int, rest: str) -> list[str]:
    """The verdict, so many findings at most, and what it means that data are a day old. ``rest``: where all are."""
    findings = document["findings"]
    shown = [headline(document), *map(line, findings[:limit])]
    if len(findings) > limit:
        shown.append(f"{len(findings) - limit:,} more, see {rest}")
    shown += [f"left out {visible(each['rule'])}: {visible(each['reason'])}" for each in document["left_out"]]
    return [*shown, visible(document["note"])]
