# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that a task with the library requests can be: three exchanges, and nothing is checked of what comes."""

from __future__ import annotations

import gc
import time
from typing import Any

import requests
from ansible.plugins.action import ActionBase

gc.freeze()


class ActionModule(ActionBase):
    """Sign in, submit, look once, as soon as the collection does."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars) or {}
        given = self._task.args
        with requests.Session() as session:
            session.trust_env = False

            def ask(method: str, path: str, **more: Any) -> Any:
                return session.request(method, given["api_url"] + path, timeout=60, **more).json()

            pair = (given["oauthclient_id"], given["oauthclient_secret"])
            form = {"grant_type": "client_credentials"}
            token = ask("POST", "/oauth/token", data=form, auth=pair)["access_token"]
            session.headers["Authorization"] = f"Bearer {token}"
            query = {"interval": given["interval"], "granularity": "Day", "groupBy": ["OAuthClientId"]}
            submitted = ask("POST", "/api/v2/usage/query", json=query)["executionId"]
            time.sleep(0.1)
            rows = ask("GET", f"/api/v2/usage/query/{submitted}/results")["results"]
        return {**result, "row_count": len(rows)}
