# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a store tells: sums of one service and grouping, and nothing else."""

from __future__ import annotations

import datetime
import tempfile
from collections import Counter
from typing import Any

import pytest
from fakes import FIGURES, FakeTime, row
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.store import reader
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.connection import Store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.ledger import Outcome, record
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.reader import Selection
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.writer import DayWriter, Slice

DAYS = [datetime.date(2026, 3, n) for n in (1, 2, 3)]
BOTH = "client_id,template_uri"


def put(url: str, piece: Slice, *rows: Any) -> None:
    writer = DayWriter(open_store(url, None, FakeTime().clock), piece, DAYS)
    writer.mark()
    writer.add(list(rows))
    writer.commit("run", "execution")
    writer.close()


@pytest.fixture
def filled(store: Store, store_url: str) -> Store:
    put(store_url, Slice("acme", "query", "client_id"), row("2026-03-01", "c1", 10), row("2026-03-02", "c2", 20))
    put(store_url, Slice("zeta", "query", "client_id"), row("2026-03-01", "c1", 500, status429=3, status400=4))
    put(store_url, Slice("acme", "query", BOTH), row("2026-03-01", "c1", 7, template_uri="a"))
    put(store_url, Slice("acme", "query", "template_uri", "c1"), row("2026-03-01", "", 3, template_uri="a"))
    put(store_url, Slice("acme", "jobs", "client_id"), row("2026-03-01", "c1", 9000))
    return store


def test_what_is_meant_is_found_where_there_is_only_one(filled: Store) -> None:
    assert reader.choose(filled, "jobs", None) == ("jobs", "client_id")
    assert reader.choose(filled, "query", ["template_uri", "client_id"]) == ("query", BOTH)
    assert reader.choose(filled, None, None, "zeta") == ("query", "client_id")
    assert reader.choose(filled, None, None, "acme", "c1") == ("query", "template_uri")


def test_what_is_not_clear_is_refused_with_what_there_is(filled: Store) -> None:
    with pytest.raises(InvalidArgument, match="Say which rows are meant") as caught:
        reader.choose(filled, None, None)
    assert "service jobs, group_by [client_id]; service query, group_by [client_id]" in caught.value.message
    with pytest.raises(InvalidArgument, match="Say which rows of 'acme' are meant"):
        reader.choose(filled, None, None, "acme")


@pytest.mark.parametrize(
    ("service", "group_by", "organization"),
    [("other", None, None), (None, ["user_id"], None), (None, [], None), (None, None, "nobody")],
)
def test_what_is_not_there_is_refused_with_what_there_is(
    filled: Store, service: Any, group_by: Any, organization: Any
) -> None:
    with pytest.raises(InvalidArgument, match="has no such rows") as caught:
        reader.choose(filled, service, group_by, organization)
    assert ("it has those of 'acme', " if organization else "group_by [client_id]") in caught.value.message
    with pytest.raises(InvalidArgument, match="no such rows of 'acme'; it has none of that kind"):
        reader.choose(filled, service, group_by, "acme", "a client that was never asked about")


def test_an_empty_store_says_that_it_is(store: Store) -> None:
    with pytest.raises(InvalidArgument, match="it has none of that kind"):
        reader.choose(store, None, None)


def test_figures_of_two_services_or_groupings_never_meet(filled: Store) -> None:
    count, totals = reader.totals(filled, Selection("query", "client_id"))
    assert (count, totals["requests"], totals["status400"]) == (3, 534, 4)
    assert reader.totals(filled, Selection("query", BOTH))[1]["requests"] == 7
    assert reader.totals(filled, Selection("jobs", "client_id"))[1]["requests"] == 9000
    assert reader.totals(filled, Selection("query", "template_uri", "c1"))[1]["requests"] == 3
    assert reader.totals(filled, Selection("query", "template_uri"))[0] == 0


def test_a_selection_is_between_two_days_both_included(filled: Store) -> None:
    def requests(first: str, last: str) -> int:
        return reader.totals(filled, Selection("query", "client_id", "", "acme", first, last))[1]["requests"]

    assert requests("2026-03-01", "2026-03-01") == 10
    assert requests("2026-03-02", "2026-03-03") == 20
    assert requests("2026-03-01", "2026-03-02") == 30
    assert requests("2026-03-03", "2026-03-31") == 0


def test_covered_days_are_those_collected_with_or_without_traffic(filled: Store) -> None:
    assert reader.covered(filled, Selection("query", "client_id")) == ("2026-03-01", "2026-03-03")
    assert reader.covered(filled, Selection("query", "user_id")) == (None, None)


def test_organizations_come_with_the_busiest_first(filled: Store) -> None:
    found = reader.by_organization(filled, Selection("query", "client_id"))
    assert [(entry["organization"], entry["days"], entry["row_count"], entry["requests"]) for entry in found] == [
        ("zeta", 3, 1, 504),
        ("acme", 3, 2, 30),
    ]


def test_the_busiest_are_as_many_as_asked_in_a_stable_order(filled: Store) -> None:
    found = reader.busiest(filled, Selection("query", "client_id"), ("organization", "client_id"), 2)
    assert [(entry["organization"], entry["client_id"], entry["requests"]) for entry in found] == [
        ("zeta", "c1", 504),
        ("acme", "c2", 20),
    ]
    assert found[0].keys() == {"organization", "client_id", "client_name", *FIGURES}


def test_rows_have_the_columns_of_their_grouping_in_a_stable_order(filled: Store) -> None:
    selection = Selection("query", BOTH)
    assert reader.columns(selection) == [
        "organization", "service", "date", "client_id", "client_name", "template_uri", *FIGURES
    ]  # fmt: skip
    assert [tuple(entry) for entry in reader.rows(filled, selection)] == [
        ("acme", "query", "2026-03-01", "c1", "", "a", 7, 7, 0, 0, 0, 0)
    ]
    order = [(entry[0], entry[2]) for entry in reader.rows(filled, Selection("query", "client_id"))]
    assert order == sorted(order)


def test_size_counts_each_thing_once(filled: Store) -> None:
    size = reader.size(filled)
    assert (size["organizations"], size["days"], size["rows"]) == (2, 15, 6)


def test_pruning_deletes_old_days_with_their_rows_and_old_runs(filled: Store) -> None:
    record(filled, Outcome("old", "acme", "t", "query"))
    assert reader.prune(filled, "2026-03-02") == {"rows": 5, "days": 5, "runs": 0}
    assert reader.covered(filled, Selection("query", "client_id"))[0] == "2026-03-02"
    assert reader.size(filled)["rows"] == filled.execute("SELECT COUNT(*) FROM usage_row").fetchone()[0] == 1
    assert reader.prune(filled, "2026-03-02") == {"rows": 0, "days": 0, "runs": 0}
    assert reader.prune(filled, "2026-03-11") == {"rows": 1, "days": 10, "runs": 1}
    assert reader.outcomes(filled, None) == (None, [])


entries = st.tuples(
    st.sampled_from(["acme", "zeta"]),
    st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03"]),
    st.sampled_from("abc"),
    st.sampled_from(["x", "y"]),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)


@settings(max_examples=20)
@given(st.lists(entries, max_size=25), st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03"]))
def test_sums_by_any_cut_agree_with_each_other_and_with_python(found: list[Any], last: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/usage.db"
        for organization in ("acme", "zeta"):
            rows = [
                row(date, client, ok, template_uri=uri, status300=moved, status500=bad)
                for whose, date, client, uri, ok, moved, bad in found
                if whose == organization
            ]
            put(url, Slice(organization, "query", BOTH), *rows)
        chosen = [entry for entry in found if entry[1] <= last]
        expected = Counter({"requests": 0, "status200": 0, "status300": 0, "status500": 0})
        for _whose, _date, _client, _uri, ok, moved, bad in chosen:
            expected.update(requests=ok + moved + bad, status200=ok, status300=moved, status500=bad)
        with open_store(url, None, FakeTime().clock) as store:
            selection = Selection("query", BOTH, "", None, "2026-03-01", last)
            cuts = [
                [reader.totals(store, selection)[1]],
                reader.by_organization(store, selection),
                [dict(zip(reader.columns(selection), entry, strict=True)) for entry in reader.rows(store, selection)],
                *(
                    reader.busiest(store, selection, dimensions, 1000)
                    for dimensions in [("client_id",), ("template_uri",), ("organization", "client_id"), ("date",)]
                ),
            ]
            for cut in cuts:
                assert {name: sum(entry[name] for entry in cut) for name in expected} == dict(expected)
            assert reader.totals(store, selection)[0] == len({entry[:4] for entry in chosen})
