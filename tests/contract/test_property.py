# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Made-up traffic, served by both services: no row is lost, none is doubled, and every way of asking adds up.

Built-in clients of Genesys are left out, for only the jobs service counts them.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from genesyscloud_sandbox import Organization, Sandbox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import MalformedAnswer

from .support import FIGURES, TODAY, Row, Time, World, canonical, sums

PROPERTY = settings(
    max_examples=30,
    deadline=None,
    derandomize="CI" in os.environ,
    # The sandbox is shared on purpose: every example gives it other traffic.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FIRST, LAST = datetime.date(2026, 1, 26), datetime.date(2026, 3, 6)
INTERVAL = f"{FIRST}/{LAST}"
DAYS = (LAST - FIRST).days + 1
STATUSES = FIGURES[1:]
SERVICES = ("query", "jobs")
COMMON = {
    "organization": ("client_id", "user_id", "template_uri", "http_method"),
    "client": ("organization_id", "template_uri", "http_method"),
}
"""Dimensions that both services offer."""

counts = st.one_of(st.integers(0, 9), st.integers(0, 2**40))


@st.composite
def facts(draw: st.DrawFn) -> Row:
    """One row of traffic: a part of the 4xx are 429."""
    client = draw(st.sampled_from(["c1", "c2", "ü-3"]))
    wrong = draw(counts)
    return {
        "date": (FIRST + datetime.timedelta(days=draw(st.integers(0, DAYS - 1)))).isoformat(),
        "client_id": client,
        "client_name": f"Client \u201c{client}\u201d",
        "user_id": draw(st.sampled_from(["", "u1", "u2"])),
        "template_uri": draw(st.sampled_from(["/api/v2/users", "api/v2/users/{userId}", '/"\\\u2028', ""])),
        "http_method": draw(st.sampled_from(["GET", "POST", "DELETE"])),
        "platform": draw(st.sampled_from(["public-api", "web"])),
        "status200": draw(counts),
        "status300": draw(counts),
        "status400": wrong,
        "status429": draw(st.integers(0, wrong)),
        "status500": draw(counts),
    }


traffics = st.lists(facts(), max_size=25)
granularities = st.sampled_from([None, "day", "week", "month"])
services = st.sampled_from(SERVICES)


def groupings(scope: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(COMMON[scope]), min_size=1, unique=True)


def bucket(date: str, granularity: str | None) -> dict[str, str]:
    """The date of a row: the first day of its week or month."""
    day = datetime.date.fromisoformat(date)
    if granularity == "week":
        day -= datetime.timedelta(days=day.weekday())
    elif granularity == "month":
        day = day.replace(day=1)
    return {"date": day.isoformat()} if granularity else {}


def expected(traffic: Sequence[Row], group_by: Sequence[str], granularity: str | None) -> list[Row]:
    """What must come out, added up here without any help."""
    shown = [*group_by, *(["client_name"] if "client_id" in group_by else [])]
    found: dict[tuple[Any, ...], Row] = {}
    for fact in traffic:
        labels = {**bucket(fact["date"], granularity), **{name: fact.get(name, "") for name in shown}}
        row = found.setdefault(tuple(labels.items()), {**labels, **dict.fromkeys(FIGURES, 0)})
        for name in STATUSES:
            row[name] += fact[name]
        row["requests"] += sum(fact[name] for name in STATUSES if name != "status429")
    return list(found.values())


class Served(World):
    """A world whose traffic is given anew for each question."""

    def serve(self, traffic: Sequence[Row]) -> list[Row]:
        """Give the organization this traffic, which is returned as it will be seen."""
        self.sandbox.set_traffic(self.organization.name, list(traffic))
        return [{"organization_id": self.organization.id, **fact} for fact in traffic]

    def ask(self, service: str, group_by: Sequence[str], granularity: str | None, **more: Any) -> Row:
        return self.run(
            "usage_query", service=service, interval=INTERVAL, group_by=group_by, granularity=granularity, **more
        )


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    time = Time()
    with Sandbox([Organization("acme")], clock=time.monotonic, today=TODAY) as sandbox:
        yield Served(sandbox, time)


@PROPERTY
@given(traffics, groupings("organization"), granularities)
def test_both_services_tell_the_same(
    served: Served, traffic: list[Row], group_by: list[str], granularity: str | None
) -> None:
    rows = expected(served.serve(traffic), group_by, granularity)
    for service in SERVICES:
        result = served.ask(service, group_by, granularity)
        assert canonical(result["rows"]) == canonical(rows)
        assert result["totals"] == sums(rows)
        assert result["row_count"] == len(rows)


@PROPERTY
@given(traffics, groupings("client"), granularities)
def test_both_services_tell_the_same_of_clients(
    served: Served, traffic: list[Row], group_by: list[str], granularity: str | None
) -> None:
    seen = served.serve(traffic)
    client_ids = sorted({fact["client_id"] for fact in traffic if fact["client_id"].isascii()})
    if not client_ids:
        return
    for service in SERVICES:
        result = served.run(
            "oauth_client_usage", client_ids=client_ids, service=service, interval=INTERVAL, group_by=group_by,
            granularity=granularity,
        )  # fmt: skip
        for client in result["clients"]:
            own = [fact for fact in seen if fact["client_id"] == client["client_id"]]
            assert canonical(client["rows"]) == canonical(expected(own, group_by, granularity))
        every = [fact for fact in seen if fact["client_id"] in client_ids]
        assert result["totals"] == sums(expected(every, ["client_id"], None))


@PROPERTY
@given(traffics, services, groupings("organization"), granularities)
def test_totals_are_the_same_however_it_is_grouped(
    served: Served, traffic: list[Row], service: str, group_by: list[str], granularity: str | None
) -> None:
    served.serve(traffic)
    default = served.ask(service, [], None)
    grouped = served.ask(service, group_by, granularity)
    assert grouped["totals"] == default["totals"] == sums(grouped["rows"]) == sums(default["rows"])


@PROPERTY
@given(traffics, services, st.integers(1, 30), st.one_of(st.none(), st.tuples(
    st.sampled_from([{"status": 503}, {"status": 429, "retry_after": 3}, {"truncated": True}, {"reset_after": True}]),
    st.integers(0, 4),
)))  # fmt: skip
def test_pages_of_any_size_lose_and_double_nothing(
    served: Served,
    set_page_size: Callable[[int], None],
    traffic: list[Row],
    service: str,
    size: int,
    trouble: tuple[dict[str, Any], int] | None,
) -> None:
    """Also where a page is broken off and has to be asked for again."""
    group_by = ["client_id", "template_uri", "http_method"]
    rows = expected(served.serve(traffic), group_by, "day")
    served.organization.query_page_size = size
    set_page_size(size)
    served.sandbox.exchanges.clear()
    fault = None
    if trouble:
        fault = served.sandbox.faults.add(trouble[0], path="results$|jobs/", after=trouble[1], times=1)
    try:
        result = served.ask(service, group_by, "day")
    finally:
        served.organization.query_page_size = 0
        served.sandbox.faults.clear()
    assert canonical(result["rows"]) == canonical(rows)
    assert result["totals"] == sums(rows)
    looks = [exchange for exchange in served.sandbox.exchanges.list() if exchange["method"] == "GET"]
    assert len(looks) == max(1, -(-len(rows) // size)) + (fault.fired if fault else 0)


@pytest.mark.parametrize("trouble", [{"truncated": True}, {"truncated_json": True}])
@pytest.mark.parametrize("service", SERVICES)
def test_a_large_page_that_breaks_off_is_not_counted_twice(
    served: Served, set_page_size: Callable[[int], None], service: str, trouble: dict[str, Any]
) -> None:
    """Rows of a page are taken while it arrives: a half that came is given back before the page is asked for again."""
    traffic = [
        {"date": FIRST.isoformat(), "client_id": f"c{number}", "client_name": "C", "http_method": "GET",
         **dict.fromkeys(STATUSES, 0), "status200": number}
        for number in range(3000)
    ]  # fmt: skip
    rows = expected(served.serve(traffic), ["client_id"], "day")
    set_page_size(1000)
    fault = served.sandbox.faults.add(trouble, path="results$|jobs/", times=1)
    try:
        if "truncated_json" in trouble:  # Whole, and no JSON: that is not tried again.
            with pytest.raises(MalformedAnswer):
                served.ask(service, ["client_id"], "day")
            return
        result = served.ask(service, ["client_id"], "day")
    finally:
        served.sandbox.faults.clear()
    assert fault.fired == 1
    assert canonical(result["rows"]) == canonical(rows)
    assert result["totals"] == sums(rows)


@settings(PROPERTY, max_examples=12)  # Up to forty executions each.
@given(traffics, services, groupings("organization"), st.integers(1, DAYS + 5))
def test_splitting_gives_the_same_rows(
    served: Served, traffic: list[Row], service: str, group_by: list[str], split_days: int
) -> None:
    rows = expected(served.serve(traffic), group_by, "day")
    result = served.ask(service, group_by, "day", split_days=split_days)
    assert canonical(result["rows"]) == canonical(rows)
    assert result["totals"] == sums(rows)
    assert len(result["executions"]) == -(-DAYS // split_days)


@settings(PROPERTY, max_examples=8)  # Each piece of an interval is a transaction on a disk.
@given(traffics, traffics, services, groupings("organization"), st.one_of(st.none(), st.integers(8, DAYS)))
def test_what_is_stored_is_what_is_returned(
    served: Served,
    tmp_path_factory: pytest.TempPathFactory,
    traffic: list[Row],
    corrected: list[Row],
    service: str,
    group_by: list[str],
    split_days: int | None,
) -> None:
    """Also after figures moved, rows vanished and others came; a third time nothing changes."""
    path = tmp_path_factory.mktemp("store") / "usage.db"
    kept = {"store": f"sqlite:///{path}", "organization": "acme", "return_rows": True, "split_days": split_days}
    for number, current in enumerate([traffic, corrected, corrected]):
        rows = expected(served.serve(current), group_by, "day")
        result = served.ask(service, group_by, "day", **kept)
        stored = result["stored"]
        assert canonical(result["rows"]) == canonical(rows)
        assert canonical(stored_rows(path, group_by)) == canonical(rows)
        assert result["totals"] == sums(rows)
        assert stored["inserted"] + stored["updated"] + stored["unchanged"] == len(rows)
        if number == 0:
            assert stored["days_added"] == DAYS
    assert not result["changed"]


def stored_rows(path: Path, group_by: Sequence[str]) -> list[Row]:
    """The rows that a store has, as another program sees them."""
    names = ["date", *group_by, *(["client_name"] if "client_id" in group_by else []), *FIGURES]
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(f"SELECT {', '.join(names)} FROM usage_row").fetchall()
    finally:
        connection.close()
    return [dict(zip(names, row, strict=True)) for row in found]
