# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked: checked before anything is sent, and spelled as the service wants it."""

from __future__ import annotations

import dataclasses
import datetime
from itertools import pairwise
from typing import Any

import pytest
from fakes import TODAY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.query import Query, asked_before, build, unknown
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import DIMENSIONS, METRIC_NAMES
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import (
    GRANULARITIES,
    JOBS,
    QUERY,
    SERVICES,
    offering,
)

FEBRUARY = "2026-02-01/2026-02-28"
ONE_DAY = datetime.timedelta(days=1)


def asked(scope: Any = "organization", report: Any = "query", today: datetime.date = TODAY, **options: Any) -> Query:
    if "interval" not in options and "days" not in options:
        options["days"] = 7
    return build({"service": "query", **options}, scope, today, report)


# How it is spelled


@pytest.mark.parametrize("granularity", ["day", "week", "month"])
def test_the_body_names_a_granularity_as_the_service_does(service: str, granularity: str) -> None:
    body = asked(service=service, granularity=granularity).body()
    assert body["granularity"] == GRANULARITIES[granularity] == granularity.title()


def test_days_are_asked_for_up_to_the_next_midnight() -> None:
    body = asked(interval=FEBRUARY, granularity="day").body()
    assert body == {"interval": "2026-02-01T00:00:00.000Z/2026-03-01T00:00:00.000Z", "granularity": "Day"}


@pytest.mark.parametrize("granularity", [None, "week", "month"])
def test_anything_else_is_asked_for_within_the_last_day(granularity: str | None) -> None:
    body = asked(interval=FEBRUARY, granularity=granularity).body()
    assert body["interval"] == "2026-02-01T00:00:00.000Z/2026-02-28T23:59:59.999Z"


@pytest.mark.parametrize("granularity", [None, "day", "week", "month"])
def test_jobs_takes_the_first_and_the_last_date_whatever_the_granularity(granularity: str | None) -> None:
    assert asked(service="jobs", interval=FEBRUARY, granularity=granularity).body()["interval"] == FEBRUARY
    assert asked(service="jobs", days=1).body()["interval"] == "2026-03-09/2026-03-09"


def test_without_options_nothing_but_the_interval_is_sent(service: str) -> None:
    assert asked(service=service).body().keys() == {"interval"}
    empty: dict[str, Any] = {"group_by": [], "metrics": [], "oauth_client_ids": [], "platforms": None, "sort_by": []}
    assert asked(service=service, **empty).body().keys() == {"interval"}


@pytest.mark.parametrize(("service", "spelled"), [("query", "OAuthClientId"), ("jobs", "OauthClientId")])
def test_dimensions_and_metrics_are_spelled_as_the_service_does_in_one_order_and_once(
    service: str, spelled: str
) -> None:
    group_by, metrics = ["http_method", "client_id", "http_method"], ["status500", "requests"]
    body = asked(service=service, group_by=group_by, metrics=metrics).body()
    assert body["groupBy"] == [spelled, "HttpMethod"]
    assert body["metrics"] == ["Requests", "Status500"]


@pytest.mark.parametrize(
    ("scope", "name", "spelled"),
    [
        ("organization", "platform", "Platform"),
        ("organization", "client_name", "OauthClientName"),
        ("organization", "user_id", "UserId"),
        ("client", "platform", "Platform"),
        ("client", "organization_id", "OrganizationId"),
    ],
)
def test_jobs_has_dimensions_of_its_own(scope: Any, name: str, spelled: str) -> None:
    query = asked(scope, service="jobs", group_by=[name])
    assert query.body()["groupBy"] == [spelled]
    assert query.dimensions == query.shown == (name,)


def test_all_metrics_are_the_same_as_none(service: str) -> None:
    assert "metrics" not in asked(service=service, metrics=list(METRIC_NAMES)).body()


@pytest.mark.parametrize(
    ("service", "scope", "name", "who"),
    [
        ("query", "client", "user_id", "an OAuth client"),
        ("query", "client", "platform", "an OAuth client"),
        ("query", "organization", "platform", "an organization"),
        ("query", "organization", "client_name", "an organization"),
        ("jobs", "organization", "organization_id", "an organization"),
        ("jobs", "client", "client_id", "an OAuth client"),
        ("jobs", "client", "user_id", "an OAuth client"),
    ],
)
def test_a_dimension_that_is_not_offered_is_refused_by_name_saying_who_does(
    service: str, scope: str, name: str, who: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        asked(scope, service=service, group_by=[name])
    assert f"The {service} service does not offer group_by {name} for {who}" in caught.value.message
    offers = offering("dimensions", name)
    assert offers
    assert f"offered by: {', '.join(offers)}" in caught.value.message


def test_a_dimension_that_nobody_offers_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SERVICES, "jobs")
    with pytest.raises(InvalidArgument, match="group_by platform for an organization; no service offers it"):
        asked(group_by=["platform"])


@pytest.mark.parametrize("option", ["group_by", "metrics"])
def test_an_unknown_name_is_refused_with_the_known_ones(service: str, option: str) -> None:
    with pytest.raises(InvalidArgument, match=f"{option}: color, 7 is unknown; known are .*"):
        asked(service=service, **{option: ["color", 7]})


# Filters

FILTERS = {
    "oauth_client_ids": (["organization"], "oauthClientIds"),
    "user_ids": (["organization"], "userIds"),
    "organization_ids": (["client"], "organizationIds"),
    "template_uris": (["organization", "client"], "templateUris"),
    "http_methods": (["organization", "client"], "httpMethods"),
    "platforms": (["organization", "client"], "platforms"),
}


@pytest.mark.parametrize(
    ("scope", "name", "spelled"),
    [(scope, name, spelled) for name, (scopes, spelled) in FILTERS.items() for scope in scopes],
)
def test_a_filter_is_spelled_as_the_service_does_in_the_order_given_and_each_value_once(
    scope: Any, name: str, spelled: str
) -> None:
    query = asked(scope, service="jobs", **{name: ["b", "a", "b"]})
    assert query.body() == {"interval": "2026-03-03/2026-03-09", spelled: ["b", "a"]}
    assert query.as_dict()["filters"] == {name: ["b", "a"]}
    assert asked_before(query.as_dict(), scope, True).filters == {name: ("b", "a")}


@pytest.mark.parametrize(
    ("service", "scope", "name"),
    [
        *(("query", scope, name) for name in FILTERS for scope in ("organization", "client")),
        ("jobs", "organization", "organization_ids"),
        ("jobs", "client", "oauth_client_ids"),
        ("jobs", "client", "user_ids"),
    ],
)
def test_a_filter_that_is_not_offered_is_refused_by_name_saying_who_does(service: str, scope: Any, name: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        asked(scope, service=service, **{name: ["x"]})
    who = "an OAuth client" if scope == "client" else "an organization"
    offers = ", ".join(f"jobs ({other})" for other in FILTERS[name][0])
    assert caught.value.message == (
        f"The {service} service does not offer the filter {name} for {who}; offered by: {offers}"
    )


# Order


def test_an_order_is_spelled_as_the_service_does() -> None:
    wanted = [("date", "asc"), ("requests", "desc"), ("client_id", "asc"), ("platform", "desc")]
    sort_by = [{"field": field, "order": order} for field, order in wanted]
    assert asked(service="jobs", sort_by=sort_by).body()["sortBy"] == [
        {"fieldName": "Date", "order": "Asc"},
        {"fieldName": "Requests", "order": "Desc"},
        {"fieldName": "OauthClientId", "order": "Asc"},
        {"fieldName": "Platform", "order": "Desc"},
    ]


ORDER = [{"field": "requests", "order": "desc"}]


def test_an_order_is_refused_where_the_service_has_none() -> None:
    with pytest.raises(InvalidArgument) as caught:
        asked(sort_by=ORDER)
    assert caught.value.message == "The query service does not offer sort_by; offered by: jobs"


@pytest.mark.parametrize(("scope", "field"), [("organization", "organization_id"), ("client", "client_id")])
def test_an_order_by_what_is_not_offered_is_refused_by_name(scope: Any, field: str) -> None:
    with pytest.raises(InvalidArgument, match=f"The jobs service does not offer group_by {field}"):
        asked(scope, service="jobs", sort_by=[{"field": field, "order": "asc"}])


def test_an_order_is_that_of_one_answer() -> None:
    assert asked(service="jobs", days=90, granularity="day", sort_by=ORDER).sort_by == (("requests", True),)
    with pytest.raises(InvalidArgument, match="sort_by cannot span more than 90 days, the longest single answer"):
        asked(service="jobs", days=91, granularity="day", sort_by=ORDER)
    split = {"service": "jobs", "granularity": "day", "sort_by": ORDER, "split_days": 7}
    assert asked(**split, days=7).sort_by
    with pytest.raises(InvalidArgument, match="sort_by cannot span more than 7 days, the longest single answer"):
        asked(**split, days=8)


# How far it reaches


def test_jobs_reaches_back_a_year_and_no_day_further() -> None:
    week = {"service": "jobs", "granularity": "day"}
    assert asked(**week, interval="2025-03-10/2025-03-16").days[0] == datetime.date(2025, 3, 10)
    with pytest.raises(InvalidArgument) as caught:
        asked(**week, interval="2025-03-09/2025-03-16")
    assert caught.value.message == (
        "The jobs service reaches back a year: the earliest day is 2025-03-10, not 2025-03-09"
    )
    with pytest.raises(InvalidArgument, match="the earliest day is 2025-03-10, not 2024-03-11"):
        asked(**week, days=729)
    assert len(asked(interval="2020-03-09/2020-03-16").days) == 8


@pytest.mark.parametrize(
    ("today", "earliest"),
    [
        ("2028-02-28", "2027-02-28"),
        ("2028-02-29", "2027-03-01"),
        ("2028-03-01", "2027-03-01"),
        ("2029-02-28", "2028-02-28"),
        ("2029-03-01", "2028-03-01"),
    ],
)
def test_a_year_is_one_around_the_29th_of_february_too(today: str, earliest: str) -> None:
    first = datetime.date.fromisoformat(earliest)
    now = datetime.date.fromisoformat(today)
    assert asked(service="jobs", today=now, interval=f"{first}/{first}").span == (first, first)
    with pytest.raises(InvalidArgument, match=f"the earliest day is {earliest}, not {first - ONE_DAY}"):
        asked(service="jobs", today=now, interval=f"{first - ONE_DAY}/{first}")


@pytest.mark.parametrize(
    ("granularity", "why"),
    [
        (None, "rows of the whole interval are one sum"),
        ("week", "a week's row could be cut in two"),
        ("month", "a month's row could be cut in two"),
    ],
)
def test_more_than_90_days_are_refused_where_rows_cannot_be_put_together(granularity: str | None, why: str) -> None:
    assert len(asked(service="jobs", days=90, granularity=granularity).days) == 90
    with pytest.raises(InvalidArgument) as caught:
        asked(service="jobs", days=91, granularity=granularity)
    assert caught.value.message == (
        f"The jobs service answers for at most 90 days at once, and {why}, so a longer interval cannot be put "
        "together: ask with granularity: day, or for fewer days"
    )
    assert len(asked(days=91, granularity=granularity).days) == 91


@pytest.mark.parametrize(
    ("given", "fine"),
    [
        ({"split_days": 1, "granularity": "day"}, True),
        ({"split_days": 0, "granularity": "day"}, False),
        ({"split_days": -1, "granularity": "day"}, False),
        ({"split_days": 5, "granularity": None}, False),
        ({"split_days": 5, "granularity": "week"}, False),
        ({"split_days": 5, "granularity": "month"}, False),
    ],
)
def test_pieces_are_of_days(service: str, given: dict[str, Any], fine: bool) -> None:
    if fine:
        assert asked(service=service, **given)
        return
    with pytest.raises(InvalidArgument, match="split_days must be 1 or more, and needs granularity: day"):
        asked(service=service, **given)


def lengths(query: Query, longest: int | None = None) -> list[int]:
    return [len(piece.days) for piece in query.pieces(query.days, longest)]


@pytest.mark.parametrize(
    ("service", "days", "split", "found"),
    [
        ("jobs", 90, None, [90]),
        ("jobs", 91, None, [90, 1]),
        ("jobs", 200, None, [90, 90, 20]),
        ("jobs", 200, 365, [90, 90, 20]),
        ("jobs", 20, 7, [7, 7, 6]),
        ("jobs", 3, 1, [1, 1, 1]),
        ("query", 400, None, [400]),
        ("query", 400, 365, [365, 35]),
        ("query", 3, 5, [3]),
    ],
)
def test_a_piece_is_as_long_as_it_may_be(service: str, days: int, split: int | None, found: list[int]) -> None:
    assert lengths(asked(service=service, days=days, granularity="day"), split) == found


@given(
    days=st.integers(1, 300),
    missing=st.sets(st.integers(0, 299)),
    split=st.none() | st.integers(1, 120),
    service=st.sampled_from(["query", "jobs"]),
)
def test_pieces_are_consecutive_days_without_overlap_and_all_of_those_wanted(
    days: int, missing: set[int], split: int | None, service: str
) -> None:
    query = asked(service=service, days=days, granularity="day", group_by=["template_uri"])
    wanted = [day for number, day in enumerate(query.days) if number not in missing]
    pieces = query.pieces(set(wanted), split)
    assert [day for piece in pieces for day in piece.days] == wanted
    longest = min(split or days, 90 if service == "jobs" else days)
    assert all(len(piece.days) <= longest for piece in pieces)
    # As few as possible: two neighbours are apart, or together too long.
    for one, other in pairwise(pieces):
        apart = one.days[-1] + ONE_DAY != other.days[0]
        assert apart or len(one.days) == longest
    assert {dataclasses.replace(piece, span=query.span) == query for piece in pieces} <= {True}


# The short report


def test_a_summary_takes_days_alone() -> None:
    assert asked("client", "summary").report == "summary"
    for options in ({"granularity": "day"}, {"group_by": ["client_id"]}, {"metrics": ["requests"]}):
        with pytest.raises(InvalidArgument, match="summary takes days alone"):
            asked("client", "summary", **options)
    with pytest.raises(InvalidArgument, match="summary takes days alone"):
        asked("client", "summary", interval=FEBRUARY)


@pytest.mark.parametrize(
    ("service", "scope"), [("query", "organization"), ("jobs", "organization"), ("jobs", "client")]
)
def test_who_has_no_summary(service: str, scope: Any) -> None:
    with pytest.raises(InvalidArgument, match=f"The {service} service has no summary"):
        asked(scope, "summary", service=service)


# What is known of a question


def test_rows_carry_what_was_asked_for_else_what_the_service_groups_by() -> None:
    assert asked().dimensions == ("client_id",)
    assert asked().shown == ("client_id", "client_name")
    assert asked(group_by=["template_uri"]).shown == ("template_uri",)
    everything = ("client_id", "client_name", "user_id", "template_uri", "http_method", "platform")
    assert asked(service="jobs").dimensions == asked(service="jobs").shown == everything
    of_a_client = ("organization_id", "template_uri", "http_method", "platform")
    assert asked("client", service="jobs").dimensions == asked("client", service="jobs").shown == of_a_client
    assert asked(service="jobs", group_by=["client_id"]).shown == ("client_id", "client_name")


@pytest.mark.parametrize("kind", [QUERY, JOBS], ids=["query", "jobs"])
def test_an_execution_of_which_only_the_id_is_known_asks_nothing(kind: Any) -> None:
    query = unknown(kind, "organization", verify_sums=False)
    assert (query.known, query.days, query.verify_sums) == (False, [], False)
    assert query.as_dict()["interval"] is None
    assert query.as_dict()["group_by"] == []
    assert asked_before(query.as_dict(), "organization", False) == query
    with pytest.raises(InvalidArgument, match="Nothing can be asked without interval or days"):
        query.body()


@given(
    days=st.integers(1, 90),
    granularity=st.sampled_from([None, "day", "week", "month"]),
    group_by=st.lists(st.sampled_from(["organization_id", "template_uri", "http_method", "platform"]), max_size=3),
    metrics=st.lists(st.sampled_from(METRIC_NAMES), max_size=6),
    scope=st.sampled_from(["organization", "client"]),
    service=st.sampled_from(["query", "jobs"]),
)
def test_what_was_asked_survives_the_way_through_a_task_result(
    days: int, granularity: str | None, group_by: list[str], metrics: list[str], scope: Any, service: str
) -> None:
    offered = SERVICES[service].operations[scope].dimensions
    group_by = [name for name in group_by if name in offered]
    options = {"days": days, "granularity": granularity, "group_by": group_by, "metrics": metrics}
    query = asked(scope, service=service, **options)
    back = asked_before(query.as_dict(), scope, True)
    assert back == dataclasses.replace(query, group_by=query.dimensions)
    assert back.as_dict() == query.as_dict()
    assert (back.days, back.shown) == (query.days, query.shown)
    assert len(query.days) == days


def test_a_summary_survives_it_too() -> None:
    query = asked("client", "summary")
    assert asked_before(query.as_dict(), "client", True).report == "summary"


@pytest.mark.parametrize(
    "change",
    [
        {"service": "other"},
        {"service": ["query"]},
        {"interval": "2026-02-01"},
        {"interval": 7},
        {"interval": "a/b"},
        {"interval": "2026-02-01/2026-02-02/2026-02-03"},
        {"interval": "2026-02-28/2026-02-01"},
        {"group_by": None},
        {"group_by": ["color"]},
        {"metrics": None},
        {"metrics": ["color"]},
        {"filters": ["platforms"]},
        {"filters": {"platforms": 7}},
    ],
)
def test_what_no_task_returned_is_refused(service: str, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        asked_before({**asked(service=service).as_dict(), **change}, "organization", True)


def test_an_empty_description_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="not what usage_query or oauth_client_usage returned"):
        asked_before({}, "organization", True)


def test_every_dimension_option_is_known_to_the_rows() -> None:
    for service in SERVICES.values():
        for operations in service.operations.values():
            assert set(operations.dimensions) | set(operations.default_group_by) <= set(DIMENSIONS)
