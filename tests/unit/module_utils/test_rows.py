# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows: every check that stands between the service's figures and ours."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from fakes import WIRES, Wire, raw, row
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import rows as module
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InconsistentFigures, MalformedAnswer
from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import (
    COLUMNS,
    METRIC_NAMES,
    RowReader,
    Totals,
    as_dicts,
    shown_columns,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import SERVICES

DAYS = (datetime.date(2026, 3, 1), datetime.date(2026, 3, 5))
figure = st.integers(0, 2**40)


class Rows:
    """The rows of a service: as it sends them, and as we read them."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def raw(self, when: Any = "2026-03-01T00:00:00Z", /, **fields: Any) -> dict[str, Any]:
        return raw(when, wire=self.wire, **fields)

    def reader(self, dimensions: tuple[str, ...] = ("client_id", "client_name"), **options: Any) -> RowReader:
        given_options = {"metrics": METRIC_NAMES, "dated": True, "days": None, "verify_sums": True} | options
        return RowReader(SERVICES[self.wire.name], "GET /x", dimensions, **given_options)

    def one(self, raw_row: dict[str, Any], **options: Any) -> dict[str, Any]:
        found = self.reader(**options).read([raw_row])
        assert len(found) == 1
        return dict(zip(COLUMNS, found[0], strict=True))

    def spelled(self, name: str) -> str:
        """A metric, or the whole path of a dimension, as the service spells it."""
        if name in METRIC_NAMES:
            return self.wire.requests if name == "requests" else name
        return ".".join(self.wire.labels[name])


@pytest.fixture(scope="module")
def its(wire: Wire) -> Rows:
    return Rows(wire)


@pytest.fixture(scope="module")
def query() -> Rows:
    return Rows(WIRES["query"])


@pytest.fixture(scope="module")
def jobs() -> Rows:
    return Rows(WIRES["jobs"])


# Dates


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026-03-01T00:00:00Z",
        "2026-03-01T00:00:00.000Z",
        "2026-03-01T00:00:00+00:00",
    ],
)
def test_a_day_is_a_day_in_either_services_form(its: Rows, text: str) -> None:
    assert its.one(its.raw(text))["date"] == "2026-03-01"


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T00:00:00+02:00",
        "2026-02-30",
        "20260301",
        "1.3.2026",
        "yesterday",
        " ",
        20260301,
        0,
        True,
        ["2026-03-01"],
        {"day": 1},
        "\u0662\u0660\u0662\u0666-03-01",
        "2026-03-01T00:00:00Z\n",
    ],
)
def test_what_is_no_day_is_malformed_and_named(its: Rows, value: Any) -> None:
    with pytest.raises(MalformedAnswer, match="is no date"):
        its.one(its.raw(value))


@pytest.mark.parametrize("value", [..., None, ""])
def test_with_a_granularity_a_row_must_have_a_date(its: Rows, value: Any) -> None:
    with pytest.raises(MalformedAnswer, match="no date, though a granularity"):
        its.one(its.raw(value))


@pytest.mark.parametrize("value", [..., None, ""])
@pytest.mark.parametrize("dated", [False, None])
def test_without_a_granularity_a_row_has_none(its: Rows, value: Any, dated: bool | None) -> None:
    assert its.one(its.raw(value), dated=dated)["date"] == ""


def test_a_date_that_nobody_asked_for_is_left_out_and_kept_where_nothing_is_known(its: Rows) -> None:
    assert its.one(its.raw(), dated=False)["date"] == ""
    assert its.one(its.raw(), dated=None)["date"] == "2026-03-01"


@pytest.mark.parametrize("text", ["2026-03-01", "2026-03-05T00:00:00Z"])
def test_the_first_and_the_last_day_asked_for_are_in(its: Rows, text: str) -> None:
    assert its.one(its.raw(text), days=DAYS)["date"] == text[:10]


def test_the_day_after_is_left_out_because_an_end_may_count(its: Rows) -> None:
    found = its.reader(days=DAYS).read([its.raw("2026-03-06"), its.raw("2026-03-05"), its.raw("2026-03-06")])
    assert [entry[0] for entry in found] == ["2026-03-05"]


@pytest.mark.parametrize("text", ["2026-02-28", "2026-03-07", "2025-03-03"])
def test_a_row_of_any_other_day_is_an_error_that_names_it(its: Rows, text: str) -> None:
    with pytest.raises(InconsistentFigures, match=f"a row for {text}, outside of 2026-03-01 to 2026-03-05"):
        its.one(its.raw(text), days=DAYS)


# Figures


def test_all_figures_of_a_row_are_taken(its: Rows) -> None:
    found = its.one(its.raw())
    assert [found[name] for name in METRIC_NAMES] == [12, 8, 1, 2, 1, 1]


@pytest.mark.parametrize("name", ["requests", "status200", "status300", "status400", "status429", "status500"])
@pytest.mark.parametrize("value", [-1, 1.0, 1.5, True, False, "1", "", [], {}, 2**63, 10**30])
@pytest.mark.parametrize("verify", [True, False])
def test_a_figure_that_is_no_whole_number_of_requests_is_malformed(
    its: Rows, name: str, value: Any, verify: bool
) -> None:
    with pytest.raises(MalformedAnswer, match=f"{its.spelled(name)} of a row is not a whole number of requests"):
        its.one(its.raw(**{name: value}), verify_sums=verify)


def test_the_largest_figure_a_database_keeps_is_taken(its: Rows) -> None:
    most = 2**63 - 1
    figures = {"requests": most, "status200": most, "status300": 0, "status400": 0, "status429": 0, "status500": 0}
    assert its.one(its.raw(**figures))["requests"] == most


@pytest.mark.parametrize("missing", ["status200", "status300", "status400", "status500"])
@pytest.mark.parametrize("how", [..., None])
def test_a_missing_figure_that_the_sum_proves_to_be_zero_is_zero(its: Rows, missing: str, how: Any) -> None:
    figures = {"status200": 5, "status300": 5, "status400": 5, "status429": 0, "status500": 5, "requests": 15}
    assert its.one(its.raw(**figures | {missing: how}))[missing] == 0


def test_missing_429_are_zero_only_where_there_are_no_4xx(its: Rows) -> None:
    none = {"status400": 0, "requests": 10}
    assert its.one(its.raw(**none, status429=...))["status429"] == 0
    with pytest.raises(MalformedAnswer, match="lacks status429"):
        its.one(its.raw(status429=...))


@pytest.mark.parametrize(
    "missing", [["requests"], ["status200"], ["status400"], ["status500"], ["status200", "status300"], [*METRIC_NAMES]]
)
@pytest.mark.parametrize("verify", [True, False])
def test_a_missing_figure_that_may_be_anything_is_malformed_and_named(
    its: Rows, missing: list[str], verify: bool
) -> None:
    with pytest.raises(MalformedAnswer, match=f"a row lacks {', '.join(missing)}"):
        its.one(its.raw(**dict.fromkeys(missing, ...)), verify_sums=verify)


@pytest.mark.parametrize("name", ["requests", "status200", "status300", "status400", "status500"])
@pytest.mark.parametrize("by", [-1, 1, 1000])
def test_figures_that_do_not_add_up_are_refused_with_all_of_them(its: Rows, name: str, by: int) -> None:
    changed, key = its.raw(status429=2), its.spelled(name)
    changed[key] = max(0, changed[key] + by) if name != "requests" else changed[key] + by
    with pytest.raises(InconsistentFigures) as caught:
        its.one(changed)
    assert "the statuses do not add up to the requests" in caught.value.message
    assert f"{key} {changed[key]}" in caught.value.message
    assert "verify_sums: false" in caught.value.message


def test_429_are_part_of_the_4xx_and_never_added_to_them(query: Rows) -> None:
    assert query.one(query.raw(status429=2))["status429"] == 2
    with pytest.raises(InconsistentFigures, match="more 429 than 4xx"):
        query.one(query.raw(status429=3))
    with pytest.raises(InconsistentFigures, match="do not add up"):
        query.one(query.raw(requests=13))


def test_of_jobs_429_may_be_part_of_the_4xx_or_stand_beside_them(jobs: Rows) -> None:
    beside = {"status429": 30, "requests": 8 + 1 + 2 + 1 + 30}
    assert jobs.one(jobs.raw(status429=2))["requests"] == 12
    assert jobs.one(jobs.raw(**beside))["requests"] == 42
    assert [row[-6] for row in jobs.reader().read([jobs.raw(), jobs.raw(**beside)])] == [12, 42]
    words = r"do not add up to the requests \(requestCount 41, .*verify_sums: false"
    with pytest.raises(InconsistentFigures, match=words):
        jobs.one(jobs.raw(**beside | {"requests": 41}))


def test_verify_sums_false_takes_rows_as_they_are(its: Rows) -> None:
    found = its.one(its.raw(requests=99, status429=50), verify_sums=False)
    assert (found["requests"], found["status429"]) == (99, 50)


@given(st.tuples(figure, figure, figure, figure, figure))
def test_any_figures_that_agree_are_taken(its: Rows, parts: tuple[int, int, int, int, int]) -> None:
    ok, moved, wrong, throttled, broken = parts
    figures = {
        "requests": ok + moved + wrong + broken,
        "status200": ok,
        "status300": moved,
        "status400": wrong,
        "status429": min(throttled, wrong),
        "status500": broken,
    }
    found = its.one(its.raw(**figures))
    assert {name: found[name] for name in METRIC_NAMES} == figures


def test_metrics_that_were_not_asked_for_may_be_missing_and_the_others_may_not(its: Rows) -> None:
    some = {"status200": ..., "status300": ..., "status400": ..., "status500": ...}
    found = its.one(its.raw(**some), metrics=("requests", "status429"))
    assert (found["requests"], found["status429"], found["status200"]) == (12, 1, 0)
    with pytest.raises(MalformedAnswer, match="lacks status429"):
        its.one(its.raw(**some, status429=...), metrics=("requests", "status429"))


def test_some_metrics_cannot_be_checked_against_each_other(its: Rows) -> None:
    assert its.one(its.raw(requests=999), metrics=("requests", "status200"))["requests"] == 999


# Dimensions


def test_a_dimension_that_was_not_asked_for_is_empty_whatever_the_row_says(its: Rows) -> None:
    found = its.one(its.raw(user_id="u1", http_method="GET"), dimensions=("http_method",))
    assert (found["client_id"], found["user_id"], found["http_method"]) == ("", "", "GET")


@pytest.mark.parametrize("value", [..., None, ""])
def test_a_dimension_without_a_value_is_empty(its: Rows, value: Any) -> None:
    assert its.one(its.raw(client_name=value))["client_name"] == ""


@pytest.mark.parametrize("value", [7, True, ["c1"], {"id": "c1"}, 1.5])
def test_a_dimension_that_is_not_text_is_malformed_and_named(its: Rows, value: Any) -> None:
    with pytest.raises(MalformedAnswer, match=f"{its.spelled('client_id')} of a row is not text"):
        its.one(its.raw(client_id=value))


@pytest.mark.parametrize(
    ("group_by", "dated", "columns"),
    [
        ((), False, ("requests", "status429")),
        (("client_id",), True, ("date", "client_id", "client_name", "requests", "status429")),
        (("platform", "client_name"), False, ("client_name", "platform", "requests", "status429")),
    ],
)
def test_users_see_what_was_asked_for_and_a_name_with_its_id(
    group_by: tuple[str, ...], dated: bool, columns: tuple[str, ...]
) -> None:
    assert shown_columns(group_by, ("status429", "requests"), dated) == columns
    assert [list(entry) for entry in as_dicts([row()], columns)] == [list(columns)]


def test_a_single_column_is_a_column_too() -> None:
    assert as_dicts([row(ok=3), row(ok=4)], ("requests",)) == [{"requests": 3}, {"requests": 4}]


@pytest.mark.parametrize("value", ["c1", 7, ["c1"]])
def test_what_a_dimension_lies_in_is_an_object_or_nothing(jobs: Rows, value: Any) -> None:
    with pytest.raises(MalformedAnswer, match="oauthClient of a row is not an object"):
        jobs.one(jobs.raw() | {"oauthClient": value})
    nobody = jobs.one(jobs.raw() | {"oauthClient": None})
    assert (nobody["client_id"], nobody["client_name"]) == ("", "")


@pytest.mark.parametrize(
    "labels", [{"platform": "web"}, {"client_id": "c9", "client_name": "Nine"}, {"user_id": "u1", "http_method": "GET"}]
)
@pytest.mark.parametrize("more", [{}, {"status300": 0, "status400": ..., "status429": ..., "requests": 9}])
def test_a_dimension_is_found_where_the_service_puts_it(its: Rows, labels: dict[str, str], more: Any) -> None:
    # Rows that are complete are read column by column, others one by one: both find the same.
    found = its.one(its.raw(**labels, **more), dimensions=tuple(labels))
    assert {name: found[name] for name in module.DIMENSIONS if found[name]} == labels


# Totals


@given(st.lists(st.lists(st.tuples(figure, figure, figure), min_size=1, max_size=5), max_size=6))
def test_totals_are_the_sums_however_the_rows_come(batches: list[list[tuple[int, int, int]]]) -> None:
    made = [[row(ok=a, status400=b, status500=c) for a, b, c in batch] for batch in batches]
    one_by_one, merged = Totals(METRIC_NAMES), Totals(METRIC_NAMES)
    for batch in made:
        part = Totals(METRIC_NAMES)
        part.add(batch)
        merged.merge(part)
        for entry in batch:
            one_by_one.add([entry])
    flat = [entry for batch in made for entry in batch]
    expected = {name: sum(entry[COLUMNS.index(name)] for entry in flat) for name in METRIC_NAMES}
    assert merged.as_dict() == one_by_one.as_dict() == merged.copy().as_dict() == expected
    assert merged.rows == len(flat)


def test_totals_leave_out_what_was_not_asked_for() -> None:
    totals = Totals(("status200",))
    totals.add([row(ok=4, status500=1)])
    assert totals.as_dict() == {"status200": 4}


def test_a_copy_goes_its_own_way() -> None:
    totals = Totals(METRIC_NAMES)
    marked = totals.copy()
    totals.add([row()])
    assert (marked.rows, totals.rows) == (0, 1)


def test_columns_are_the_date_the_dimensions_and_the_metrics() -> None:
    assert ("date", *module.DIMENSIONS, *METRIC_NAMES) == COLUMNS
