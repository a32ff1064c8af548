# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operations of the API: which path is which, and what each answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from .executions import Execution, Executions
from .messages import ApiError, JsonObject, Request, Response, bad_request, forbidden, json_response
from .model import Client, Organization
from .pages import JOBS_STATES, QUERY_STATES, jobs_page, query_page
from .queries import Query, jobs_service_query, query_service_query, search_query, summary_query

BODY_LIMIT = 512_000
"""Bytes a request body may have (USAGE_API.md section 5)."""
CLIENTS_PAGE_SIZE, CLIENTS_PAGE_LIMIT = 25, 500

ORGANIZATION_QUERY = ("oauth:client:view", "usage:organization:view")
CLIENT_QUERY = ("oauth:client:view", "usage:client:view")
SEARCH = ("oauth:client:view", "usage:simpleSearch:view")


@dataclass
class Call:
    """A request of an organization that is signed in."""

    request: Request
    organization: Organization
    executions: Executions
    today: date
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation: its OpenAPI operationId, path, permissions (any of them) and what answers it."""

    name: str
    method: str
    pattern: re.Pattern[str]
    permissions: tuple[str, ...]
    answer: Callable[[Call], Response]
    results: bool = False


def find_operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation of a path and the ids in it; ApiError 404 or 405."""
    other = False
    for operation in OPERATIONS:
        found = operation.pattern.match(path)
        if found:
            if operation.method == method:
                return operation, found.groupdict()
            other = True
    if other:
        raise ApiError(405, "method.not.allowed", f"The method {method} is not allowed for this resource")
    raise ApiError(404, "not.found", f"The requested resource was not found: {path}")


def perform(operation: Operation, call: Call) -> Response:
    """Answer an operation; ApiError for what the service refuses."""
    if operation.permissions and not call.organization.allowed().intersection(operation.permissions):
        raise forbidden(operation.permissions)
    request = call.request
    if operation.method == "POST":
        if len(request.body) > BODY_LIMIT:
            raise ApiError(413, "request.entity.too.large", f"The request body may have {BODY_LIMIT} bytes at most")
        if "json" not in request.headers.get("content-type", ""):
            raise ApiError(415, "unsupported.media.type", "The request body must be application/json")
    return operation.answer(call)


def _own_organization(call: Call) -> Response:
    organization = call.organization
    return json_response({
        "id": organization.id, "name": organization.title, "thirdPartyOrgName": organization.name,
        "domain": f"{organization.name}.example.com", "state": "active", "version": 1,
        "defaultLanguage": "en-us", "defaultCountryCode": "US", "selfUri": "/api/v2/organizations/me",
    })  # fmt: skip


def _clients(call: Call) -> Response:
    clients = call.organization.listed_clients()
    size = min(_number(call.request, "pageSize", CLIENTS_PAGE_SIZE), CLIENTS_PAGE_LIMIT)
    page, pages = _number(call.request, "pageNumber", 1), max(1, -(-len(clients) // size))
    body: JsonObject = {
        "entities": [client.listed() for client in clients[(page - 1) * size : page * size]],
        "pageSize": size, "pageNumber": page, "total": len(clients), "pageCount": pages,
    }  # fmt: skip
    links = {"firstUri": 1, "lastUri": pages, "selfUri": page, "previousUri": page - 1, "nextUri": page + 1}
    for name, number in links.items():
        if 1 <= number <= pages or name == "selfUri":
            body[name] = f"/api/v2/oauth/clients?pageSize={size}&pageNumber={number}"
    return json_response(body)


def _number(request: Request, name: str, default: int, most: int = 0) -> int:
    text = request.query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < 1 or (most and int(text) > most):
        raise bad_request(f"Invalid value '{text}' for {name}" + (f": expected 1 to {most}" if most else ""), name)
    return int(text)


def _known_client(call: Call) -> str:
    return _found_client(call).id


def _client(call: Call) -> Response:
    return json_response(_found_client(call).listed())


def _found_client(call: Call) -> Client:
    client = call.organization.client(call.ids["client_id"])
    if client is None:
        raise ApiError(404, "not.found", f"Unable to find an OAuth client with id {call.ids['client_id']}")
    return client


def _submit_query(call: Call) -> Response:
    client_id = _known_client(call) if "client_id" in call.ids else None
    query = query_service_query(call.request.json_object(), call.today, client_id)
    return _submitted_query(call, query)


def _submit_summary(call: Call) -> Response:
    query = summary_query(call.request.query.get("days", "7"), call.today, _known_client(call))
    return _submitted_query(call, query)


def _submit_search(call: Call) -> Response:
    return _submitted_query(call, search_query(call.request.json_object(), call.today))


def _submitted_query(call: Call, query: Query) -> Response:
    made = call.executions.submit(call.organization, query)
    if query.client_id is not None:
        uri = f"/api/v2/oauth/clients/{query.client_id}/usage/query/results/{made.id}"
    else:
        uri = f"/api/v2/usage/{'simplesearch' if query.service == 'search' else 'query'}/{made.id}/results"
    return json_response({"executionId": made.id, "resultsUri": uri}, call.organization.submit_status)


def _submit_job(call: Call) -> Response:
    client_id = _known_client(call) if "client_id" in call.ids else None
    query = jobs_service_query(call.request.json_object(), call.today, client_id)
    made = call.executions.submit(call.organization, query)
    uri = f"{call.request.path}/{made.id}"
    body = {"id": made.id, "name": f"Usage query {made.id}", "resultsUri": uri, "selfUri": uri}
    return json_response(body, call.organization.submit_status)


def _execution(call: Call, service: str) -> Execution:
    """The execution a path names; one of another organization, client or service does not exist here."""
    found = call.executions.find(call.ids["execution_id"])
    if (
        found is None
        or found.organization.id != call.organization.id
        or found.query.service != service
        or found.query.client_id != call.ids.get("client_id")
    ):
        raise ApiError(404, "not.found", f"No results were found for {call.ids['execution_id']}")
    return found


def _query_results(call: Call) -> Response:
    execution = _execution(call, "query")
    state = QUERY_STATES[call.executions.state(execution)]
    size = call.organization.query_page_size
    return query_page(call.executions, execution, state, call.request.query.get("after"), size)


def _search_results(call: Call) -> Response:
    execution = _execution(call, "search")
    size = _number(call.request, "pageSize", 100, 1000)
    state = QUERY_STATES[call.executions.state(execution)]
    return query_page(call.executions, execution, state, call.request.query.get("after"), size)


def _job_results(call: Call) -> Response:
    execution = _execution(call, "jobs")
    size = _number(call.request, "pageSize", 100, 1000)
    state = JOBS_STATES[call.executions.state(execution)]
    return jobs_page(call.executions, execution, state, call.request.path, call.request.query.get("after"), size)


def _operation(
    name: str,
    method: str,
    path: str,
    permissions: tuple[str, ...],
    answer: Callable[[Call], Response],
    results: bool = False,
) -> Operation:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Operation(name, method, re.compile(rf"{pattern}\Z"), permissions, answer, results)


_CLIENT = "/api/v2/oauth/clients/{client_id}"
_JOBS = "/api/v2/usage/aggregates/query/jobs"
_CLIENT_JOBS = "/api/v2/usage/client/{client_id}/aggregates/query/jobs"
OPERATIONS = (
    _operation("postUsageQuery", "POST", "/api/v2/usage/query", ORGANIZATION_QUERY, _submit_query),
    _operation(
        "getUsageQueryExecutionIdResults", "GET", "/api/v2/usage/query/{execution_id}/results", ORGANIZATION_QUERY,
        _query_results, True,
    ),
    _operation("postUsageAggregatesQueryJobs", "POST", _JOBS, ("usage:organization:view",), _submit_job),
    _operation(
        "getUsageAggregatesQueryJob", "GET", _JOBS + "/{execution_id}", ("usage:organization:view",), _job_results, True
    ),
    _operation("postOauthClientUsageQuery", "POST", _CLIENT + "/usage/query", CLIENT_QUERY, _submit_query),
    _operation(
        "getOauthClientUsageQueryResult", "GET", _CLIENT + "/usage/query/results/{execution_id}", CLIENT_QUERY,
        _query_results, True,
    ),
    _operation("getOauthClientUsageSummary", "GET", _CLIENT + "/usage/summary", CLIENT_QUERY, _submit_summary),
    _operation("postUsageClientClientIdAggregatesQueryJobs", "POST", _CLIENT_JOBS, ("usage:client:view",), _submit_job),
    _operation(
        "getUsageClientClientIdAggregatesQueryJob", "GET", _CLIENT_JOBS + "/{execution_id}", ("usage:client:view",),
        _job_results, True,
    ),
    _operation("postUsageSimplesearch", "POST", "/api/v2/usage/simplesearch", SEARCH, _submit_search),
    _operation(
        "getUsageSimplesearchExecutionIdResults", "GET", "/api/v2/usage/simplesearch/{execution_id}/results", SEARCH,
        _search_results, True,
    ),
    _operation("getOauthClients", "GET", "/api/v2/oauth/clients", ("oauth:client:view",), _clients),
    _operation("getOauthClient", "GET", _CLIENT, ("oauth:client:view",), _client),
    _operation("getOrganizationsMe", "GET", "/api/v2/organizations/me", (), _own_organization),
)  # fmt: skip
