# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Histories for gates, and the gate as tests call it: its options by name, and fake time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import verdicts
from fakes import FIGURES, TODAY, FakeTime, context, defaults
from jsonschema import Draft202012Validator, FormatChecker

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import GateBlocked
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_gate import usage_gate
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import DIMENSIONS
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

VALID = Draft202012Validator(verdicts.SCHEMA, format_checker=FormatChecker())


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def row(days: int, client: str = "c1", **fields: Any) -> dict[str, Any]:
    """A row as usage_query returns it. What of the requests is not said to have gone wrong went well."""
    figures = {name: fields.pop(name, 0) for name in FIGURES if name not in ("requests", "status200")}
    wrong = figures["status300"] + figures["status400"] + figures["status500"]
    requests = fields.pop("requests", None)
    ok = fields.pop("status200", max((requests or 0) - wrong, 0))
    total = requests if requests is not None else ok + wrong
    labels = {"client_id": client, "client_name": f"Client {client}", **fields}
    return {"date": ago(days).isoformat(), **labels, "requests": total, "status200": ok, **figures}


def keep(
    url: str,
    time: FakeTime,
    rows: Iterable[Mapping[str, Any]],
    days: Iterable[int],
    organization: str = "acme",
    service: str = "query",
    grouping: str = "client_id",
    scope: str = "",
) -> None:
    """Put rows into a store; each of the days counts as collected, with rows or without."""
    for span in _runs(sorted(set(days), reverse=True)):
        writer = DayWriter(
            open_store(url, None, time.clock), Slice(organization, service, grouping, scope), [ago(n) for n in span]
        )
        within = {ago(n).isoformat() for n in span}
        writer.mark()
        named = {*grouping.split(","), *(["client_name"] if "client_id" in grouping else [])}
        writer.add(
            [
                (
                    each["date"],
                    *(each.get(name, "") if name in named else "" for name in DIMENSIONS),
                    *(each[n] for n in FIGURES),
                )
                for each in rows
                if each["date"] in within
            ]
        )
        writer.commit("run", "execution")
        writer.close()


def _runs(days: list[int]) -> list[list[int]]:
    """Days in runs without a hole: a writer takes what lies between the first and the last."""
    found: list[list[int]] = []
    for day in days:
        if found and found[-1][-1] == day + 1:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def gate(time: FakeTime, warnings: list[str] | None = None, check: bool = False, **given: Any) -> dict[str, Any]:
    """The result of the task, be it a verdict that blocks; its document fits the schema."""
    given = {"builtin_rules": [], **given}
    params = defaults(argspec.USAGE_GATE, **given)
    try:
        result = usage_gate(params, context(time, warnings, check_mode=check))
    except GateBlocked as blocked:
        result = {"failed": True, **blocked.result()}
    VALID.validate(result["document"])
    return result


def rule(metric: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"id": "r", "metric": metric, "op": op, "value": value, **more}


def of_rule(result: Mapping[str, Any], rule_id: str = "r") -> list[dict[str, Any]]:
    """The findings of one rule."""
    return [found for found in result["findings"] if found["rule"] == rule_id]


def judged(result: Mapping[str, Any], rule_id: str = "r") -> str:
    """What one rule came to: the worst of its findings."""
    found = [each["verdict"] for each in of_rule(result, rule_id)]
    return next((name for name in ("fail", "unknown", "warn", "waived") if name in found), "pass")
