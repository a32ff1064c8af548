# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an organization's API and login hosts are.

Private to the collection: this may change without notice.
Source of the table: the official CLI and SDKs of Genesys Cloud (2026).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

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


def _base_url(option: str, url: str) -> str:
    """Check a base URL. Plain http is for this machine alone: a token must not cross a network in the clear."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidArgument(f"{option} is not a URL; write it like https://api.mypurecloud.ie") from None
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidArgument(f"{option} is not a URL; write it like https://api.mypurecloud.ie")
    if parts.username is not None or parts.password is not None:
        raise InvalidArgument(f"{option} must not carry a user name or a password")
    if parts.query or parts.fragment:
        raise InvalidArgument(f"{option} must not carry a query or a fragment")
    if parts.scheme == "http" and not _is_loopback(host):
        raise InvalidArgument(f"{option} must begin with https://: over http the token could be read on the way")
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def endpoints(region: str | None, api_url: str | None, login_url: str | None) -> Endpoints:
    """Find the hosts of a region (AWS name or domain), or take the URLs given instead of one.

    Raises InvalidArgument for a region that is not known, for no region and no URL, and for a URL that is none.
    """
    if api_url:
        api = _base_url("api_url", api_url)
        return Endpoints(api, _base_url("login_url", login_url) if login_url else api)
    if not region:
        raise InvalidArgument(
            "No region: set the option region (an AWS region such as eu-west-1, or a domain such as mypurecloud.ie), "
            "the environment variable GENESYSCLOUD_REGION, or api_url"
        )
    name = region.strip().lower()
    domain = REGIONS.get(name, name)
    if domain not in REGIONS.values():
        known = ", ".join(f"{aws} ({domain})" for aws, domain in sorted(REGIONS.items()))
        raise InvalidArgument(f"Unknown region {region!r}. Known regions: {known}")
    login = _base_url("login_url", login_url) if login_url else f"https://login.{domain}"
    return Endpoints(f"https://api.{domain}", login)
