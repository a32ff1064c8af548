#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: the API usage of single OAuth clients."""

from __future__ import annotations

DOCUMENTATION = r"""
module: oauth_client_usage
short_description: Ask Genesys Cloud how single OAuth clients use its API
version_added: 0.1.0
description:
  - Submits a usage query for each of some OAuth clients, waits for the results, and returns the rows or keeps them
    in a store.
  - One sign-in serves all clients; they are submitted and waited for at the same time, within O(requests_per_minute).
  - For all clients of an organization one query of M(genesyscloud.usage.usage_query) with
    O(genesyscloud.usage.usage_query#module:group_by) V(client_id) takes far fewer calls than one query for each of
      them.
author:
  - genesyscloud.usage contributors (@genesyscloud-usage)
extends_documentation_fragment:
  - genesyscloud.usage.attributes
  - genesyscloud.usage.connection
  - genesyscloud.usage.query
  - genesyscloud.usage.asking
  - genesyscloud.usage.wait
  - genesyscloud.usage.store
  - genesyscloud.usage.rows
options:
  client_ids:
    description:
      - Ids of the OAuth clients.
    type: list
    elements: str
    required: true
  report:
    description:
      - V(query) asks the question that the other options describe.
      - V(summary) asks for the service's own short report of the last O(days) complete days. It cannot be stored.
    type: str
    choices: [query, summary]
    default: query
  concurrency:
    description:
      - How many clients are dealt with at the same time, from 1 to 64.
    type: int
    default: 16
  fail_on_client_error:
    description:
      - Whether the task fails when a client failed. All clients are attempted in any case, and RV(clients) has them
        all.
    type: bool
    default: true
seealso:
  - module: genesyscloud.usage.usage_query
  - module: genesyscloud.usage.usage_results
  - module: genesyscloud.usage.oauth_client_info
    description: Lists the clients of an organization.
"""

EXAMPLES = r"""
- name: List the clients that are active
  genesyscloud.usage.oauth_client_info:
    region: eu-west-1
    states: [active]
  register: oauth

- name: See what one client called in the last week
  genesyscloud.usage.oauth_client_usage:
    region: eu-west-1
    client_ids: ["{{ oauth.clients[0].client_id }}"]
    days: 7
    group_by: [template_uri, http_method]

- name: Ask for each of them, a row a day, and go on when some fail
  genesyscloud.usage.oauth_client_usage:
    region: eu-west-1
    client_ids: "{{ oauth.clients | map(attribute='client_id') }}"
    days: 30
    granularity: day
    fail_on_client_error: false
  register: usage

- name: Say which failed
  ansible.builtin.debug:
    var: usage.failed_clients

- name: Take the short report of the last seven days
  genesyscloud.usage.oauth_client_usage:
    region: eu-west-1
    client_ids: ["{{ oauth.clients[0].client_id }}"]
    report: summary
    days: 7

- name: Keep the endpoints that each client calls in a database
  genesyscloud.usage.oauth_client_usage:
    region: eu-west-1
    client_ids: "{{ oauth.clients | map(attribute='client_id') }}"
    days: 30
    granularity: day
    group_by: [template_uri]
    store: sqlite:///usage.db
    organization: acme-emea
"""

RETURN = r"""
clients:
  description: One entry for each client, in the order of O(client_ids).
  returned: always
  type: list
  elements: dict
  contains:
    client_id:
      description: The client's id.
      type: str
      returned: always
    client_name:
      description: The client's name, where a row tells it; else V(null).
      type: str
      returned: always
    execution:
      description: The execution, as M(genesyscloud.usage.usage_query) returns it; V(null) for none, or several.
      type: dict
      returned: always
    executions:
      description: All executions of this client.
      type: list
      elements: dict
      returned: always
    rows:
      description: The client's rows.
      type: list
      elements: dict
      returned: when its execution is complete and O(return_rows) is true
    row_count:
      description: The number of its rows.
      type: int
      returned: when its execution is complete
    totals:
      description: Sums of its figures.
      type: dict
      returned: when its execution is complete
    error:
      description: What went wrong with this client, as in RV(failure); V(null) where nothing did.
      type: dict
      returned: always
failed_clients:
  description: Ids of the clients that failed.
  returned: always
  type: list
  elements: str
  sample: []
row_count:
  description: The number of rows over all clients that answered.
  returned: when a client's execution is complete
  type: int
  sample: 310
totals:
  description: Sums of the figures over all clients that answered; RV(failed_clients) are missing from them.
  returned: when a client's execution is complete, and of no client days were left out (O(skip_collected))
  type: dict
  sample: {requests: 1204, status200: 1170, status300: 0, status400: 30, status429: 12, status500: 4}
query:
  description: What was asked of each client.
  returned: always
  type: dict
  sample: {service: query, report: query, interval: 2026-10-01/2026-10-30, granularity: day, group_by: [client_id],
    metrics: [requests]}
api_calls:
  description: The number of HTTP exchanges of this task, the sign-in and retries included.
  returned: always
  type: int
  sample: 21
stored:
  description: What was put into the store, in rows. V(null) without a store.
  returned: always
  type: dict
  sample:
    {organization: acme-emea, run_id: 2026-11-01T02:00:00Z-1f0c55aa, inserted: 310, updated: 0, deleted: 0,
     unchanged: 0, days_added: 300}
failure:
  description: What went wrong, for playbooks to branch on. V(clients_failed) when some of the clients did.
  returned: on failure
  type: dict
  sample: {kind: clients_failed, status: 404, code: not.found, message: 1 of 10 OAuth clients failed,
    correlation_id: null, execution: null, details: []}
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_usage import oauth_client_usage


def main() -> None:
    run_module(argspec.OAUTH_CLIENT_USAGE, oauth_client_usage)


if __name__ == "__main__":
    main()
