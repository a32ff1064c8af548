# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official SDK as a script: sign in, submit, look until it is done, read the pages. Needs nothing of this project,
and is a program of its own, because importing the SDK is part of what it takes."""

from __future__ import annotations

import datetime
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import PureCloudPlatformClientV2 as sdk  # type: ignore[import-untyped,unused-ignore]

FIRST_PAUSE, PAUSE = 0.1, 2.0


def main(order: dict[str, Any]) -> dict[str, Any]:
    """Rows and requests of an organization, by day and client."""
    sdk.configuration.host = order["api_url"]
    sdk.configuration.logger.log_level = logging.CRITICAL
    client = sdk.api_client.ApiClient(host=order["api_url"])
    client.get_client_credentials_token(order["oauthclient_id"], order["oauthclient_secret"])
    usage = sdk.UsageApi(client)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    first = today - datetime.timedelta(days=order["days"])
    rows = _jobs(usage, first, today) if order["service"] == "jobs" else _query(usage, first, today)
    return {"rows": len(rows), "requests": sum(rows)}


def _query(usage: Any, first: datetime.date, today: datetime.date) -> list[int]:
    body = sdk.ApiUsageOrganizationQuery()
    body.interval = f"{first}T00:00:00.000Z/{today}T00:00:00.000Z"
    body.granularity = "Day"
    body.group_by = ["OAuthClientId"]
    submitted = usage.post_usage_query(body)
    time.sleep(FIRST_PAUSE)
    while (result := usage.get_usage_query_execution_id_results(submitted.execution_id)).query_status == "Running":
        time.sleep(PAUSE)
    return [row.requests for row in result.results]


def _jobs(usage: Any, first: datetime.date, today: datetime.date) -> list[int]:
    body = sdk.OrganizationPublicApiUsageQueryRequest()
    body.interval = f"{first}/{today - datetime.timedelta(days=1)}"
    body.granularity = "Day"
    body.group_by = ["OauthClientId"]
    job = usage.post_usage_aggregates_query_jobs(body)
    time.sleep(FIRST_PAUSE)
    while (page := usage.get_usage_aggregates_query_job(job.id, page_size=1000)).query_status in ("Queued", "Running"):
        time.sleep(PAUSE)
    rows = list(page.entities)
    while page.next_uri:
        # The model has no cursors, so the cursor is taken out of the address.
        after = parse_qs(urlsplit(page.next_uri).query)["after"][0]
        page = usage.get_usage_aggregates_query_job(job.id, page_size=1000, after=after)
        rows += page.entities
    return [row.request_count for row in rows]


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    found = main(json.load(sys.stdin))
    print(json.dumps({**found, "peak_mib": _peak_mib()}))
