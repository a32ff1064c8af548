# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command line."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from .fleet import make_fleet
from .messages import JsonObject
from .model import Fleet
from .sandbox import Sandbox


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="genesyscloud_sandbox", description="Plays several Genesys Cloud organizations."
    )
    made.add_argument("--organizations", type=int, default=12, help="how many organizations (default: 12)")
    made.add_argument(
        "--clients", type=_range, default=(5, 40), metavar="N-M", help="OAuth clients of each (default: 5-40)"
    )
    made.add_argument("--days", type=int, default=90, help="complete days of traffic (default: 90)")
    made.add_argument("--seed", type=int, default=7, help="what everything is made from (default: 7)")
    made.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day without data yet (default: UTC today)"
    )
    made.add_argument("--broken", action="store_true", help="the last two organizations are unreachable and forbidden")
    made.add_argument("--answer-after", type=float, default=0.0, metavar="S", help="seconds a query takes (default: 0)")
    made.add_argument(
        "--delay", type=float, default=0.0, metavar="S", help="seconds added to each exchange (default: 0)"
    )
    made.add_argument("--fleet", metavar="FILE", help="JSON file with the organizations, instead of the options above")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    made.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    made.add_argument("--state-file", metavar="PATH", help="where to write url, pid and credentials once it listens")
    made.add_argument(
        "--lifetime", type=float, default=3600.0, metavar="S", help="stops by itself after so long (default: 3600)"
    )
    made.add_argument("--record-bodies", action="store_true", help="show answers too in GET /sandbox/exchanges")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sandbox until it is told to stop, or its lifetime is over."""
    options = parser().parse_args(arguments)
    try:
        fleet = _fleet(options)
        sandbox = Sandbox(
            fleet, host=options.host, port=options.port, today=options.today, record_bodies=options.record_bodies
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        print(f"genesyscloud_sandbox: {error}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _raise_stop)
    try:
        _run(sandbox, options)
    except Stop:
        pass
    except OSError as error:
        print(f"genesyscloud_sandbox: {error}", file=sys.stderr)
        return 2
    return 0


def _run(sandbox: Sandbox, options: argparse.Namespace) -> None:
    with sandbox:
        try:
            if options.state_file:
                write_state(options.state_file, sandbox.state())
            print(f"{sandbox.url} plays {len(sandbox.organizations)} organizations", flush=True)
            sandbox.wait(options.lifetime)
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)  # a second signal must not stop the tidying up
            if options.state_file:
                remove_state(options.state_file, sandbox.state())


class Stop(Exception):
    """Somebody sent SIGTERM or pressed Ctrl-C."""


def _raise_stop(_number: int, _frame: object) -> None:
    # Setting an Event here could deadlock with the wait that the signal interrupts; an exception cannot.
    raise Stop


def write_state(path: str, state: JsonObject) -> None:
    """Write the state file at once and whole, readable by its owner only: it has credentials, if invented ones."""
    folder = os.path.dirname(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=".sandbox-", dir=folder)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(state, file, indent=1)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def remove_state(path: str, state: JsonObject) -> None:
    """Remove the state file, unless another sandbox has written its own there since."""
    with suppress(OSError, ValueError):
        with open(path, encoding="utf-8") as file:
            if json.load(file).get("pid") != state["pid"]:
                return
        os.unlink(path)


def _fleet(options: argparse.Namespace) -> Fleet:
    if options.fleet:
        with open(options.fleet, encoding="utf-8") as file:
            return Fleet.from_dict(json.load(file))
    made = make_fleet(
        options.organizations, options.clients, options.days, options.seed, options.today or None, options.broken
    )
    for organization in made.organizations:
        organization.answer_after = options.answer_after
        organization.delay = options.delay
    return made


def _range(text: str) -> tuple[int, int]:
    low, _dash, high = text.partition("-")
    return int(low), int(high or low)
