# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say where an organization is and who signs in."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.connection)."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - Where the organization is, as an AWS region such as V(eu-west-1), or as a domain such as V(mypurecloud.ie).
      - If not set, the environment variable E(GENESYSCLOUD_REGION) is used.
    type: str
  api_url:
    description:
      - Base URL of the API, instead of O(region), for a gateway or the sandbox. It wins over O(region).
      - Must begin with C(https://); plain C(http://) is for this machine's own addresses only, unless O(allow_http).
      - A user name, a query, a fragment, blanks, letters that are not ASCII, IP addresses in unusual forms, and
        link-local and metadata addresses are refused.
    type: str
  login_url:
    description:
      - Base URL of the login host, where it is not the region's. Defaults to O(api_url) where that is set.
    type: str
  oauthclient_id:
    description:
      - Id of the OAuth client that signs in. Its grant type must be client credentials.
      - If not set, the environment variable E(GENESYSCLOUD_OAUTHCLIENT_ID) is used.
    type: str
  oauthclient_secret:
    description:
      - Secret of the OAuth client that signs in.
      - If not set, the environment variable E(GENESYSCLOUD_OAUTHCLIENT_SECRET) is used.
    type: str
  access_token:
    description:
      - An access token, instead of O(oauthclient_id) and O(oauthclient_secret). It is not renewed.
      - If not set, the environment variable E(GENESYSCLOUD_ACCESS_TOKEN) is used, unless the task itself names
        another
        OAuth client than the environment does.
    type: str
  organization_id:
    description:
      - The id that the organization must have. The task fails before anything is asked when the credentials belong to
        another one.
    type: str
  timeout:
    description:
      - Seconds for one HTTP exchange. A long answer is given as much again for each 64 KiB.
    type: float
    default: 30.0
  retry_timeout:
    description:
      - Seconds that the retries of one request may take in all; V(0) means that nothing is retried.
      - Retried are 429, 408, 502, 503 and 504, connections that break, and answers that do not come in time. What the
        server asks for with C(Retry-After) is honoured in full; where it does not fit, the task fails and says so.
    type: float
    default: 120.0
  requests_per_minute:
    description:
      - How many HTTP exchanges this task makes in a minute at most; V(0) means no ceiling.
      - Genesys Cloud allows 300 for each token of a client credentials client.
    type: int
    default: 300
  validate_certs:
    description:
      - Whether the certificates of the servers are checked. Use V(false) in a laboratory only.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the certificates of the authorities to trust, such as a company's own.
    type: path
  client_cert:
    description:
      - File with a client certificate, for a gateway that asks for one. It may hold the key too.
    type: path
  client_key:
    description:
      - File with the key of O(client_cert).
    type: path
  proxy:
    description:
      - URL of a proxy. Without it the usual variables E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY) are honoured.
      - It may have a user name and a password, which are not shown.
      - What goes to this machine's own addresses over plain C(http://) goes through no proxy that the variables name.
    type: str
  allow_http:
    description:
      - Whether O(api_url) and O(login_url) may be plain C(http://) addresses of other machines. A warning says so each
        time, because the secret, the token and the figures can then be read and changed on the way.
    type: bool
    default: false
requirements:
  - requests >= 2.31
"""
