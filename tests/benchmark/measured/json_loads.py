# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The yardstick: how long ``json.loads`` takes for a body that was read before."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any

import requests

from .process import answer, peak_mib


def find(order: dict[str, Any]) -> dict[str, Any]:
    """Processor seconds of each run, the size of the body, its rows, and the most memory."""
    body = _body(order)
    seconds = []
    rows = 0
    for _run in range(order["runs"]):
        started = time.process_time()
        document = json.loads(body)
        seconds.append(time.process_time() - started)
        rows = len(document["results"])
        del document
    return {"seconds": seconds, "mib": len(body) / 2**20, "rows": rows, "peak_mib": peak_mib()}


def _body(order: dict[str, Any]) -> bytes:
    """The answer to the same question, as it comes over the wire."""
    url = order["api_url"]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    first = today - datetime.timedelta(days=order["days"])
    with requests.Session() as session:
        session.trust_env = False
        credentials = (order["oauthclient_id"], order["oauthclient_secret"])
        form = {"grant_type": "client_credentials"}
        token = session.post(f"{url}/oauth/token", data=form, auth=credentials, timeout=60).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        asked = {**order["body"], "interval": f"{first}T00:00:00.000Z/{today}T00:00:00.000Z"}
        submitted = session.post(f"{url}/api/v2/usage/query", json=asked, timeout=60).json()
        results = f"{url}/api/v2/usage/query/{submitted['executionId']}/results"
        return session.get(results, timeout=60).content


if __name__ == "__main__":
    answer(find)
