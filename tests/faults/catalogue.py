# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults, and what each has to come to. A further fault is a further line in ``FAULTS``."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes import NOON

from .endpoints import Endpoint

RECOVERS = "recovers"
MEGABYTES = 100
A_DAY = 86_400
LOCATION = "https://elsewhere.example.com/api/v2"


@dataclass(frozen=True)
class Outcome:
    """What a fault comes to: ``once`` when it is met one time, ``lasting`` when it stays.

    Each is RECOVERS or the C(kind) of the failure.
    """

    once: str
    lasting: str

    @property
    def text(self) -> str:
        return self.once if self.once == self.lasting else f"{self.once} / {self.lasting}"


@dataclass(frozen=True)
class Fault:
    """A fault: the ``action`` of the sandbox that makes it, and its outcome.

    ``at`` has other outcomes for a kind of endpoint, or a sentence on why the fault cannot be there; "" stands for all
    kinds that are not named. ``times``: how many answers it takes for it to have happened once.
    """

    name: str
    action: Mapping[str, Any]
    outcome: Outcome
    at: Mapping[str, Outcome | str] = field(default_factory=dict)
    times: int = 1

    def expected(self, endpoint: Endpoint) -> Outcome | str:
        """The outcome at an endpoint, or why there is none."""
        return self.at.get(endpoint.kind, self.at.get("", self.outcome))


def ends(kind: str) -> Outcome:
    """What time does not heal: it is not tried again."""
    return Outcome(kind, kind)


def passes(kind: str) -> Outcome:
    """What is tried again until the budget is spent."""
    return Outcome(RECOVERS, kind)


BREAKS = passes("connection")
MALFORMED = ends("malformed")
ENDLESS: dict[str, Outcome | str] = {"results": MALFORMED}
NO_STATE = {"": "does not apply: its answer has no state", "results": ends("unexpected_state")}
NO_PAGES = "does not apply: its answer has no pages"
NO_CURSORS = "does not apply: its pages have numbers and no cursors"
NO_NUMBERS = "does not apply: its pages have cursors and no numbers"
LOGIN_ONLY = "does not apply: only the login host says it so"


def _status(status: int, name: str, outcome: Outcome, **at: Outcome | str) -> Fault:
    return Fault(f"{status} {name}", {"status": status}, outcome, at)


FAULTS = (
    Fault("connection refused", {"go_away": True}, ends("connection")),
    Fault("reset before the headers", {"reset_before": True}, BREAKS),
    Fault("reset after the headers", {"reset_after": True}, BREAKS),
    Fault("time-out", {"hang": 3600}, passes("timeout")),
    Fault("slow body", {"slow_body": 20, "bytes": 16}, passes("timeout")),
    Fault("truncated body", {"truncated": True}, BREAKS),
    Fault("Content-Length too large", {"wrong_length": 10}, passes("timeout")),
    Fault("Content-Length too small", {"wrong_length": -10}, MALFORMED),
    Fault("HTML", {"html": True}, MALFORMED),
    Fault("malformed JSON", {"malformed_json": True}, MALFORMED),
    Fault("JSON cut in half", {"truncated_json": True}, MALFORMED),
    Fault("wrong types", {"wrong_types": True}, MALFORMED),
    Fault("empty body", {"empty": True}, MALFORMED),
    Fault("gzip bomb", {"gzip_bomb": MEGABYTES}, ends("too_large"), ENDLESS),
    Fault(f"body of {MEGABYTES} MB", {"big_body": MEGABYTES}, ends("too_large"), ENDLESS),
    _status(400, "bad request", ends("bad_request"), **{"sign-in": ends("authentication")}),
    Fault(
        '400 "rate limit exceeded"',
        {"login_rate_limit": True},
        passes("rate_limited"),
        {"": LOGIN_ONLY, "sign-in": passes("rate_limited")},
    ),
    _status(401, "unauthorized", passes("authentication"), **{"sign-in": ends("authentication")}),
    _status(403, "forbidden", ends("permission")),
    _status(404, "not found", ends("not_found")),
    _status(408, "request time-out", passes("timeout")),
    _status(409, "conflict", ends("refused")),
    _status(410, "gone", ends("refused")),
    _status(413, "too large", ends("too_large")),
    Fault("429, Retry-After in seconds", {"retry_after": 7}, passes("rate_limited")),
    Fault(
        "429, Retry-After as a date",
        {"retry_after": email.utils.formatdate(NOON + 42, usegmt=True)},
        passes("rate_limited"),
    ),
    Fault("429, Retry-After of 0", {"retry_after": 0}, passes("rate_limited")),
    Fault("429 without Retry-After", {"status": 429}, passes("rate_limited")),
    Fault("429, Retry-After of hours", {"retry_after": 7200}, ends("rate_limited")),
    _status(500, "server error", ends("server_error")),
    _status(502, "bad gateway", passes("unavailable")),
    _status(503, "unavailable", passes("unavailable")),
    _status(504, "gateway time-out", passes("unavailable")),
    *(
        Fault(f"redirect {s}", {"redirect": s, "location": LOCATION}, ends("redirect"))
        for s in (301, 302, 303, 307, 308)
    ),
    Fault("redirect to no address", {"redirect": 302, "location": "http://[::1"}, ends("redirect")),
    Fault("unknown state", {"unknown_state": True}, ends("unexpected_state"), NO_STATE),
    Fault(
        "repeated cursor",
        {"repeat_cursor": True},
        MALFORMED,
        {"": NO_PAGES, "list": NO_CURSORS, "results": MALFORMED},
        2,
    ),
    Fault(
        "repeated rows, another cursor",
        {"repeat_rows": True},
        MALFORMED,
        {"": NO_PAGES, "list": NO_CURSORS, "results": MALFORMED},
        2,
    ),
    Fault(
        "repeated page number",
        {"repeat_page": True},
        MALFORMED,
        {"": NO_PAGES, "list": MALFORMED, "results": NO_NUMBERS},
        2,
    ),
    Fault("the clock steps back by a day", {"hang": -A_DAY}, ends(RECOVERS)),
)
