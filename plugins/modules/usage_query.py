#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: the API usage of an organization."""

from __future__ import annotations

DOCUMENTATION = r"""
module: usage_query
short_description: Ask Genesys Cloud how an organization's API is used
version_added: 0.1.0
description:
  - Submits a usage query for the whole organization, waits for its result, and returns the rows or keeps them in a
    store.
  - The figures count API requests. They are not a bill.
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
seealso:
  - module: genesyscloud.usage.usage_results
    description: Reads what was submitted with O(wait=false), or goes on where a wait ended.
  - module: genesyscloud.usage.oauth_client_usage
    description: The same for single OAuth clients.
  - module: genesyscloud.usage.usage_store
    description: Prunes and exports what was stored.
"""

EXAMPLES = r"""
- name: Ask for the last 30 days, a row for each day and OAuth client
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 30
    granularity: day
    group_by: [client_id]
  register: usage

- name: Fail when more than one request in a hundred was throttled
  ansible.builtin.assert:
    that: usage.totals.status429 <= usage.totals.requests * 0.01

- name: Find the busiest endpoints of one week
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 7
    group_by: [template_uri, http_method]
    metrics: [requests, status429]
  register: endpoints

- name: Keep the days in a database, and return none of the rows
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 30
    granularity: day
    group_by: [client_id, template_uri]
    store: sqlite:///usage.db
    organization: acme-emea

- name: Ask the newer service for the same, with the platform and only for one method
  genesyscloud.usage.usage_query:
    region: eu-west-1
    service: jobs
    days: 30
    granularity: day
    group_by: [client_id, platform]
    http_methods: [GET]

- name: Fill up a year, asking only for days that the store does not have yet
  genesyscloud.usage.usage_query:
    region: eu-west-1
    service: jobs
    days: 365
    granularity: day
    group_by: [client_id]
    skip_collected: true
    store: sqlite:///usage.db
    organization: acme-emea

- name: Submit a query without waiting for it
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 90
    wait: false
  register: submitted

- name: Read it later
  genesyscloud.usage.usage_results:
    region: eu-west-1
    executions: ["{{ submitted.execution }}"]
"""

RETURN = r"""
execution:
  description:
    - The execution that answered; V(null) where there were several, or where none was needed (O(skip_collected)).
    - It is what M(genesyscloud.usage.usage_results) takes as
      O(genesyscloud.usage.usage_results#module:executions).
  returned: always
  type: dict
  sample:
    id: 3f0e1f4a-95b6-4f0f-9d3c-2a4b8f1f7a10
    status: complete
    state: Complete
    service: query
    client_id: null
    query:
      {service: query, report: query, interval: 2026-10-01/2026-10-30, granularity: day, group_by: [client_id],
       metrics: [requests]}
  contains:
    id:
      description: The id.
      type: str
      returned: always
    status:
      description: One of V(running), V(complete) and V(failed), whichever service it is.
      type: str
      returned: always
    state:
      description: The service's own word for the status; V(null) before the first look.
      type: str
      returned: always
    service:
      description: The service that was asked.
      type: str
      returned: always
    client_id:
      description: The OAuth client that was asked about; V(null) for the organization.
      type: str
      returned: always
    query:
      description: What was asked, as in RV(query).
      type: dict
      returned: always
executions:
  description:
    - All executions; an interval that is longer than the service takes, or than O(split_days), takes several.
  returned: always
  type: list
  elements: dict
  sample: []
rows:
  description:
    - The rows. They have the dimensions and figures that were asked for, and a date where there is a granularity.
    - Only buckets with traffic have a row.
  returned: when the execution is complete and O(return_rows) is true
  type: list
  elements: dict
  sample:
    - date: '2026-10-01'
      client_id: 7c5a6dc2-1c4e-4f51-9f0b-6e0f5a1f3f55
      client_name: CRM connector
      requests: 1204
      status200: 1170
      status300: 0
      status400: 30
      status429: 12
      status500: 4
row_count:
  description: The number of rows.
  returned: when the execution is complete
  type: int
  sample: 1
totals:
  description: Sums of the figures over all rows. C(status429) is part of C(status400).
  returned: when all executions are complete, and no days were left out (O(skip_collected))
  type: dict
  sample: {requests: 1204, status200: 1170, status300: 0, status400: 30, status429: 12, status500: 4}
query:
  description: What was asked, with the days that the answer is about.
  returned: always
  type: dict
  sample: {service: query, report: query, interval: 2026-10-01/2026-10-30, granularity: day, group_by: [client_id],
    metrics: [requests]}
api_calls:
  description: The number of HTTP exchanges of this task, the sign-in and retries included.
  returned: always
  type: int
  sample: 3
stored:
  description: What was put into the store, in rows. V(null) without a store.
  returned: always
  type: dict
  sample:
    {organization: acme-emea, run_id: 2026-11-01T02:00:00Z-1f0c55aa, inserted: 30, updated: 2, deleted: 0,
     unchanged: 868, days_added: 1}
failure:
  description: What went wrong, for playbooks to branch on.
  returned: on failure
  type: dict
  sample:
    kind: wait_timeout
    status: null
    code: null
    message: Execution 3f0e1f4a-95b6-4f0f-9d3c-2a4b8f1f7a10 is still Running after 600 s (wait_timeout).
    correlation_id: null
    execution: {id: 3f0e1f4a-95b6-4f0f-9d3c-2a4b8f1f7a10, status: running, state: Running, service: query, client_id:
      null}
    details: []
  contains:
    kind:
      description:
        - What kind of failure it is.
        - V(invalid_argument) (nothing was sent), V(authentication), V(permission), V(not_found), V(bad_request),
          V(too_large), V(refused), V(redirect), V(rate_limited), V(unavailable), V(server_error), V(timeout),
          V(connection), V(tls), V(malformed), V(inconsistent), V(unexpected_state), V(execution_failed),
          V(wait_timeout), V(clients_failed), V(missing_library), V(store), V(identity), V(destination), or
          V(internal) for a defect.
      type: str
      returned: always
    status:
      description: The HTTP status, where there was one.
      type: int
      returned: always
    code:
      description: The API's own code of the error.
      type: str
      returned: always
    message:
      description: What happened, in plain words.
      type: str
      returned: always
    correlation_id:
      description: What Genesys Cloud support asks for.
      type: str
      returned: always
    execution:
      description: The execution, where one was begun; M(genesyscloud.usage.usage_results) can go on with it.
      type: dict
      returned: always
    details:
      description: The API's own list of details.
      type: list
      elements: dict
      returned: always
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query


def main() -> None:
    run_module(argspec.USAGE_QUERY, usage_query)


if __name__ == "__main__":
    main()
