# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a request to its answer: who asks, which fault meets it, what the operation says, what is logged."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from datetime import date

from .actions import Situation
from .api import Call, Operation, find_operation, perform
from .bulk import BulkStore
from .exchanges import Exchanges
from .executions import Executions
from .faults import Faults
from .login import DOCUMENTED_LIMIT, Login, ratelimit_headers, unauthorized
from .messages import ApiError, Request, Response
from .model import Organization
from .traffic import Traffic

LOGIN_PATH = "/oauth/token"


class Engine:
    """The sandbox without its sockets. clock: monotonic seconds; wait: lets real seconds pass."""

    def __init__(
        self,
        clock: Callable[[], float],
        today: Callable[[], date],
        wait: Callable[[float], object],
        record_bodies: bool = False,
    ) -> None:
        self.today = today
        self._wait = wait
        self.traffic = Traffic()
        self.bulk = BulkStore()
        self.login = Login(clock)
        self.executions = Executions(clock, self.traffic, self.bulk)
        self.faults = Faults()
        self.exchanges = Exchanges(record_bodies)

    def respond(self, request: Request) -> Response:
        """Answer a request; every exchange is logged before it is sent, so that who got an answer finds it there."""
        signs_in = request.path == LOGIN_PATH
        organization = self.login.who_signs_in(request) if signs_in else self.login.bearer(request)
        headers = ratelimit_headers(1, DOCUMENTED_LIMIT, 60)
        operation: Operation | None = None
        ids: dict[str, str] = {}
        refusal: ApiError | None = None
        try:
            if not signs_in:
                operation, ids = find_operation(request.method, request.path)
                if organization is None:
                    raise unauthorized(request)
                headers = self.login.count(request, organization)
            elif request.method != "POST":
                raise ApiError(405, "method.not.allowed", f"The method {request.method} is not allowed here")
        except ApiError as error:
            refusal = error

        def normal() -> Response:
            if refusal is not None:
                return refusal.response(request.correlation_id)
            if operation is None or organization is None:
                return self.login.sign_in(request)
            return self._performed(operation, Call(request, organization, self.executions, self.today(), ids))

        if organization is not None and organization.delay > 0:
            self._wait(organization.delay)
        response, fault = self._faulty(request, organization, operation, normal)
        response.headers.update({"inin-correlation-id": request.correlation_id, **headers, **response.headers})
        name = organization.name if organization else None
        self.exchanges.add(request, response, name, fault)
        return response

    def _faulty(
        self,
        request: Request,
        organization: Organization | None,
        operation: Operation | None,
        normal: Callable[[], Response],
    ) -> tuple[Response, str | None]:
        fault = self.faults.take(request, organization, operation is not None and operation.results)
        if fault is None:
            return normal(), None
        permissions = operation.permissions if operation else ()
        return fault.answer(Situation(request, normal, fault.action, permissions)), fault.name

    @staticmethod
    def _performed(operation: Operation, call: Call) -> Response:
        try:
            return perform(operation, call)
        except ApiError as error:
            return error.response(call.request.correlation_id)
        except Exception:  # a mistake of the sandbox must be seen, and must not look like one of the client
            traceback.print_exc(file=sys.stderr)
            mistake = ApiError(500, "sandbox.mistake", f"The sandbox failed: {traceback.format_exc(limit=-2)}")
            return mistake.response(call.request.correlation_id)
