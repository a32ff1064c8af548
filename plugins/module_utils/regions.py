# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an organization's API and login hosts are.

Private to the collection: this may change without notice.
Source of the table: the official CLI and SDKs of Genesys Cloud (2026).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .addresses import base_url
from .errors import InvalidArgument

REGIONS = {
    "us-east-1": "mypurecloud.com",
    "us-east-2": "use2.us-gov-pure.cloud",
    "us-west-2": "usw2.pure.cloud",
    "ca-central-1": "cac1.pure.cloud",
    "mx-central-1": "mxc1.pure.cloud",
    "sa-east-1": "sae1.pure.cloud",
    "eu-west-1": "mypurecloud.ie",
    "eu-west-2": "euw2.pure.cloud",
    "eu-central-1": "mypurecloud.de",
    "eu-central-2": "euc2.pure.cloud",
    "eusc-de-east-1": "edee1.eusc-pure.cloud",
    "me-central-1": "mec1.pure.cloud",
    "ap-south-1": "aps1.pure.cloud",
    "ap-southeast-1": "apse1.pure.cloud",
    "ap-southeast-2": "mypurecloud.com.au",
    "ap-northeast-1": "mypurecloud.jp",
    "ap-northeast-2": "apne2.pure.cloud",
    "ap-northeast-3": "apne3.pure.cloud",
}


@dataclass(frozen=True)
class Endpoints:
    """Base URLs without a trailing slash."""

    api_url: str
    login_url: str


def endpoints(region: str | None, api_url: str | None, login_url: str | None, allow_http: bool = False) -> Endpoints:
    """Find the hosts of a region (AWS name or domain), or take the URLs given instead of one.

    Raises InvalidArgument for a region that is not known, for no region and no URL, and for a URL that is none.
    """
    if api_url:
        api = base_url("api_url", api_url, allow_http)
        return Endpoints(api, base_url("login_url", login_url, allow_http) if login_url else api)
    if not region:
        raise InvalidArgument(
            "No region: set the option region (an AWS region such as eu-west-1, or a domain such as mypurecloud.ie), "
            "the environment variable GENESYSCLOUD_REGION, or api_url"
        )
    name = region.strip(" ").lower()
    if not re.fullmatch(r"[ -?A-~]+", region):
        # It is not repeated: before an "@" there may be a password.
        raise InvalidArgument("region holds a character that no region has; write it like eu-west-1 or mypurecloud.ie")
    domain = REGIONS.get(name, name)
    if domain not in REGIONS.values():
        known = ", ".join(f"{aws} ({domain})" for aws, domain in sorted(REGIONS.items()))
        raise InvalidArgument(f"Unknown region {region!r}. Known regions: {known}")
    login = base_url("login_url", login_url, allow_http) if login_url else f"https://login.{domain}"
    return Endpoints(f"https://api.{domain}", login)
