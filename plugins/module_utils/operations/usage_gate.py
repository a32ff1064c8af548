# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judge usage by rules: rows of a task, or the history in a store.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..analysis.allowance import Allowances, allowances
from ..analysis.periods import billing_period
from ..errors import GateBlocked, UsageError
from ..gate.consistency import check_consistency
from ..gate.document import broken, document
from ..gate.facts import Settings
from ..gate.fleet import Order, judge_fleet
from ..gate.outputs.text import lines
from ..gate.outputs.write import check_outputs, write_outputs
from ..gate.places import patterns
from ..gate.reach import Given, left_out
from ..gate.rules import Rule, builtin_rules, parse_rules, together
from ..gate.rules_file import read_rules_file
from ..gate.waivers import Waiver, parse_waivers
from ..intervals import ONE_DAY
from .context import Context, Params
from .gate_source import source

MOST_LINES = 50
"""Findings that the message of a task has; the document has all of them."""


def usage_gate(params: Params, context: Context) -> dict[str, Any]:
    """Judge, write what is wanted, and return the verdict. Raises GateBlocked when it blocks and the task shall fail.

    Any other error means that nothing could be judged: it carries the verdict C(unknown), and so do the files, so
    that nobody takes the verdict of an earlier task for this one's.
    """
    wanted = params.get("outputs") or {}
    check_outputs(wanted)
    try:
        verdict = _judge(params, context)
    except UsageError as error:
        verdict = broken(error.message, params["on_unknown"], context.clock.today() - ONE_DAY)
        # What went wrong first matters more.
        written: dict[str, Any] = {}
        with suppress(UsageError):
            written = write_outputs(verdict, wanted, context.check_mode)
        error.partial = {**_result(verdict), **written, **error.partial}
        raise
    try:
        result = {**_result(verdict), **write_outputs(verdict, wanted, context.check_mode)}
    except UsageError as error:
        error.partial = {**_result(verdict), **error.partial}
        raise
    message = "\n".join(lines(verdict, MOST_LINES, wanted.get("verdict") or "document, in the result of the task"))
    if verdict["blocks"] and params["fail"]:
        blocked = GateBlocked(message)
        blocked.partial = result
        raise blocked
    return {**result, "msg": message}


def _result(verdict: Mapping[str, Any]) -> dict[str, Any]:
    told = ("verdict", "exit_code", "blocks", "counts", "findings")
    return {"changed": False, **{name: verdict[name] for name in told}, "document": dict(verdict)}


def _judge(params: Params, context: Context) -> dict[str, Any]:
    rules, waivers = _rules(params)
    allowed, settings = _settings(params, context)
    with source(params, context) as found:
        given = Given(
            settings,
            found.selection.group_by,
            found.selection.scope,
            allowance=allowed.default is not None or bool(allowed.own),
            clients=settings.known_clients is not None or found.clients,
            first=found.first,
        )
        skipped = left_out(rules, given)
        order = Order(
            found.selection,
            settings.of(found.metrics, found.days_known),
            [rule for rule in rules if rule.id not in skipped],
            waivers,
            found.organizations,
            found.failures,
        )
        return document(order, judge_fleet(found.store, order), params["on_unknown"], skipped)


def _rules(params: Params) -> tuple[list[Rule], list[Waiver]]:
    """The rules of the file, the task and the collection, and the waivers. Raises InvalidArgument."""
    own = parse_rules("rules", params["rules"]) if params.get("rules") is not None else []
    waived = [("waivers", params["waivers"])] if params.get("waivers") is not None else []
    if params.get("rules_file"):
        place = f"rules_file {os.path.basename(params['rules_file'])}"
        read = read_rules_file(params["rules_file"])
        own = [*parse_rules(f"{place} rules", read["rules"]), *own]
        waived += [(f"{place} waivers", read["waivers"])] if "waivers" in read else []
    rules = together(own, builtin_rules(params.get("builtin_rules")))
    check_consistency(rules)
    ids = {rule.id for rule in rules} | {rule.id for rule in builtin_rules(None)}
    return rules, [waiver for place, given in waived for waiver in parse_waivers(place, given, sorted(ids))]


def _settings(params: Params, context: Context) -> tuple[Allowances, Settings]:
    allowed = allowances(params.get("allowance"), params.get("allowances"))
    today = context.clock.today()
    known = params.get("known_clients")
    clients = None if known is None else frozenset(patterns("known_clients", known) if known else ())
    billing_period(today, params["period_anchor"])
    return allowed, Settings(today, today - ONE_DAY, params["period_anchor"], allowed, clients)
