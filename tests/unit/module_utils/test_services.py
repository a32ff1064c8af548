# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services are data: what everything above them relies on."""

from __future__ import annotations

import string

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils.rows import DIMENSIONS, METRIC_NAMES
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import (
    FILTERS,
    GRANULARITIES,
    METRICS,
    SERVICES,
    Service,
    offering,
)

each = pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)


def places(path: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(path) if name}


@each
def test_a_service_is_known_by_its_name_and_serves_both_scopes(service: Service) -> None:
    assert SERVICES[service.name] is service
    assert set(service.operations) == {"organization", "client"}


@each
def test_paths_are_absolute_and_have_the_places_that_are_filled_in(service: Service) -> None:
    for scope, operations in service.operations.items():
        whose = {"client_id"} if scope == "client" else set()
        assert places(operations.submit) == whose
        assert places(operations.results) == whose | {"execution_id"}
        assert operations.submit.startswith("/api/v2/")
        assert operations.results.startswith("/api/v2/")
        if operations.summary:
            assert places(operations.summary) == whose


@each
def test_states_are_in_lower_case_and_mean_one_of_three_things(service: Service) -> None:
    assert all(word == word.lower() for word in service.states)
    assert set(service.states.values()) == {"running", "complete", "failed"}


@each
def test_every_dimension_and_the_requests_have_a_place_in_a_row(service: Service) -> None:
    assert service.fields.keys() >= {*DIMENSIONS, "requests"}
    assert all(1 <= len(path) <= 2 for path in service.fields.values())


@each
def test_what_is_offered_is_a_dimension_of_ours_and_spelled_once(service: Service) -> None:
    for operations in service.operations.values():
        assert set(operations.dimensions) <= set(DIMENSIONS)
        assert len(set(operations.dimensions.values())) == len(operations.dimensions)
        assert operations.permissions
        assert operations.default_group_by
        assert set(operations.default_group_by) <= set(operations.dimensions)


@each
def test_filters_are_ours_and_spelled_once(service: Service) -> None:
    for operations in service.operations.values():
        assert set(operations.filters) <= set(FILTERS)
        assert len(set(operations.filters.values())) == len(operations.filters)


def test_every_filter_is_offered_by_somebody_and_a_successor_is_a_service() -> None:
    assert all(offering("filters", name) for name in FILTERS)
    assert {service.successor for service in SERVICES.values()} - {None} <= SERVICES.keys()


@each
def test_sums_are_of_statuses(service: Service) -> None:
    for names in service.sums:
        assert set(names) <= set(METRIC_NAMES) - {"requests"}


def test_the_older_service_answers_as_documented() -> None:
    service = SERVICES["query"]
    assert service.states == {"running": "running", "complete": "complete", "failed": "failed"}
    client = service.operations["client"]
    assert client.submit == "/api/v2/oauth/clients/{client_id}/usage/query"
    assert client.results == "/api/v2/oauth/clients/{client_id}/usage/query/results/{execution_id}"
    assert service.operations["organization"].results == "/api/v2/usage/query/{execution_id}/results"
    assert client.dimensions.keys() == {"client_id", "organization_id", "template_uri", "http_method"}


def test_the_newer_service_answers_as_documented() -> None:
    service = SERVICES["jobs"]
    assert service.states == {
        "queued": "running", "running": "running", "succeeded": "complete", "failed": "failed", "cancelled": "failed"
    }  # fmt: skip
    assert (service.page_size, service.most_days, service.years_back, service.dates) == (1000, 90, 1, True)
    assert (service.execution_id, service.rows) == ("id", "entities")
    organization, client = service.operations["organization"], service.operations["client"]
    assert organization.submit == "/api/v2/usage/aggregates/query/jobs"
    assert organization.results == "/api/v2/usage/aggregates/query/jobs/{execution_id}"
    assert client.submit == "/api/v2/usage/client/{client_id}/aggregates/query/jobs"
    assert client.results == "/api/v2/usage/client/{client_id}/aggregates/query/jobs/{execution_id}"
    assert client.dimensions.keys() == {"organization_id", "template_uri", "http_method", "platform"}
    assert (organization.permissions, client.permissions) == (("usage:organization:view",), ("usage:client:view",))


def test_spellings_of_metrics_and_granularities() -> None:
    assert list(METRICS.values()) == ["Requests", "Status200", "Status300", "Status400", "Status429", "Status500"]
    assert GRANULARITIES == {"day": "Day", "week": "Week", "month": "Month"}


def test_offering_says_which_service_and_scope_offers_something() -> None:
    assert "query (organization)" in offering("dimensions", "user_id")
    assert "query (client)" not in offering("dimensions", "user_id")
    assert offering("dimensions", "platform") == ["jobs (organization)", "jobs (client)"]
    assert offering("filters", "user_ids") == ["jobs (organization)"]
    assert offering("filters", "color") == []
