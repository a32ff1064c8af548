# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server takes for one question: its three exchanges over one connection, with nothing else around them."""

from __future__ import annotations

import base64
import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from .process import answer


def find(order: dict[str, Any]) -> dict[str, Any]:
    """Seconds from the sign-in to the last byte of the rows, without pauses."""
    connection = http.client.HTTPConnection(urlsplit(order["api_url"]).netloc, timeout=60)
    prefix = urlsplit(order["api_url"]).path
    pair = base64.b64encode(f"{order['oauthclient_id']}:{order['oauthclient_secret']}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}

    def ask(method: str, path: str, body: str | None = None) -> Any:
        connection.request(method, prefix + path, body, headers)
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise ValueError(f"{method} {path}: {response.status}")
        return json.loads(content)

    started = time.perf_counter()
    token = ask("POST", "/oauth/token", "grant_type=client_credentials")["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = {"interval": order["interval"], "granularity": "Day", "groupBy": ["OAuthClientId"]}
    submitted = ask("POST", "/api/v2/usage/query", json.dumps(body))["executionId"]
    ask("GET", f"/api/v2/usage/query/{submitted}/results")
    return {"seconds": time.perf_counter() - started}


if __name__ == "__main__":
    answer(find)
