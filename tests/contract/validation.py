# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an exchange, in both directions, is what ``openapi.json`` says.

Exchanges are dicts as the sandbox logs them with ``record_bodies``. Besides what openapi-core checks (path, parameters,
headers, bodies, status, security) a query parameter that the document does not name is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jsonschema.exceptions import best_match
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.responses.exceptions import ResponseFinderError
from werkzeug.datastructures import Headers, ImmutableMultiDict

DOCUMENT = Path(__file__).resolve().parent / "openapi.json"
SHOWN = 20
"""Problems that one failure lists."""

REFUSALS = (400, 401, 404, 405, 411, 413, 415)
"""What the sandbox answers to a request that it finds wrong: then the document may find it wrong too."""

OF_ANOTHER = frozenset("html malformed_json truncated_json empty wrong_types redirect unknown_state body".split())
"""Faults that put something else in the place of the API's answer, so that there is none to validate."""

Exchange = Mapping[str, Any]


@lru_cache(maxsize=1)
def api() -> OpenAPI:
    """The document, read once."""
    return OpenAPI.from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))


class _Request:
    """A logged request in the form that openapi-core takes (``openapi_core.protocols.Request``)."""

    def __init__(self, exchange: Exchange) -> None:
        headers = Headers(exchange["headers"])
        if scheme := headers.get("authorization"):
            headers["authorization"] = f"{scheme} ***"  # The log has the scheme alone.
        self.path = exchange["path"]
        # The sandbox plays both hosts at one address.
        self.host_url = f"https://{'login' if self.path == '/oauth/token' else 'api'}.mypurecloud.com"
        self.method = exchange["method"].lower()
        self.content_type = headers.get("content-type", "")
        self.body = _encoded(exchange["body"], self.content_type)
        self.parameters = RequestParameters(query=ImmutableMultiDict(exchange["query"]), header=headers)


class _Response:
    """A logged response in the form that openapi-core takes (``openapi_core.protocols.Response``)."""

    def __init__(self, exchange: Exchange) -> None:
        answer = exchange["response"]
        self.status_code = exchange["status"]
        self.headers = Headers(answer["headers"])
        self.content_type = self.headers.get("content-type", "")
        self.data = _encoded(answer["body"], self.content_type)


def _encoded(body: Any, content_type: str) -> bytes | None:
    if body is None:
        return None
    if "form" in content_type and isinstance(body, dict):
        return urlencode(body).encode()
    return body.encode() if isinstance(body, str) and "json" not in content_type else json.dumps(body).encode()


def request_problems(exchange: Exchange) -> list[str]:
    """What is wrong with the request."""
    result = api().unmarshal_request(_Request(exchange))
    problems = [_said(error) for error in result.errors]
    if not problems:
        unknown = exchange["query"].keys() - result.parameters.query.keys()
        if isinstance(exchange["body"], dict):
            unknown |= exchange["body"].keys() - result.body.keys()  # openapi-core drops a form's other fields.
        problems += [f"{name!r} is not in the document" for name in sorted(unknown)]
    return problems


def response_problems(exchange: Exchange) -> list[str]:
    """What is wrong with the response."""
    return [_said(error) for error in api().iter_response_errors(_Request(exchange), _Response(exchange))]


def problems(exchange: Exchange) -> list[str]:
    """What is wrong with an exchange. Faults on demand that are no answers of the API are left out.

    A request that the document does not allow must have been refused; then the refusal is all that is validated.
    """
    status, fault = exchange["status"], exchange["fault"]
    wrong = request_problems(exchange)
    if wrong and (fault is not None or status not in REFUSALS):
        return [f"request: {problem}" for problem in wrong]
    if status is None or fault in OF_ANOTHER:
        return []
    if "response" not in exchange:
        return [] if fault is not None else ["the answer was not recorded: make the sandbox with record_bodies=True"]
    if wrong:
        return _refusal_problems(exchange["response"]["body"])
    found = response_problems(exchange)
    if fault is not None and not _documented(exchange):
        return []  # A status that was asked for and that the API does not have, such as a gateway's 502.
    return [f"response: {problem}" for problem in found]


def _documented(exchange: Exchange) -> bool:
    errors = api().iter_response_errors(_Request(exchange), _Response(exchange))
    return not any(isinstance(error, ResponseFinderError) for error in errors)


def _refusal_problems(body: Any) -> list[str]:
    """A refusal of what the document does not know is in the shape of one of its two kinds of errors all the same."""
    names = ("Error", "SignInRefused")
    schemas = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]
    fits = isinstance(body, dict) and any(
        set(schemas[name]["required"]) <= body.keys() <= schemas[name]["properties"].keys() for name in names
    )
    return [] if fits else [f"response: the refusal is neither of {' and '.join(names)}: {str(body)[:300]}"]


def _said(error: BaseException) -> str:
    """An error of openapi-core in words, with the place in a body that is meant."""
    cause: BaseException | None = error
    while cause is not None and not hasattr(cause, "schema_errors"):
        cause = cause.__cause__
    if cause is None:
        return f"{type(error).__name__}: {error}"
    best = best_match(cause.schema_errors)
    return f"{best.json_path}: {best.message[:400]}" if best is not None else str(error)


def validate_exchanges(source: Any) -> int:
    """Validate what a sandbox recorded (or a list of exchanges), and return how many there were.

    Raises AssertionError, which lists the exchanges that are not as the document says.
    """
    exchanges: Iterable[Exchange] = source.exchanges.recorded() if hasattr(source, "exchanges") else source
    count, found = 0, []
    for exchange in exchanges:
        count += 1
        for problem in problems(exchange):
            found.append(
                f"{exchange['number']}: {exchange['method']} {exchange['path']} {exchange['query'] or ''} "
                f"-> {exchange['status']} (fault {exchange['fault']}): {problem}"
            )
    if found:
        more = f"\n... and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise AssertionError(f"{len(found)} problems in {count} exchanges:\n" + "\n".join(found[:SHOWN]) + more)
    return count


@contextmanager
def validated(sandbox: Any) -> Iterator[Any]:
    """The sandbox, running; every exchange with it is validated when this is over.

    Raises AssertionError, also for a sandbox that was made without ``record_bodies``: of that nothing would be seen.
    """
    assert sandbox.exchanges.record_bodies, "make the sandbox with record_bodies=True"
    with sandbox as running:
        yield running
    validate_exchanges(sandbox)
