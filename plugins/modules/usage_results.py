#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: the rows of executions that were submitted before."""

from __future__ import annotations

DOCUMENTATION = r"""
module: usage_results
short_description: Read usage queries that were submitted before
version_added: 0.1.0
description:
  - Waits for one execution or for several, and returns their rows or keeps them in a store.
  - It goes on where M(genesyscloud.usage.usage_query) or M(genesyscloud.usage.oauth_client_usage) did not wait, or
    ran out of time.
  - How long a service keeps a result is not documented; an execution that is gone fails, and RV(failure) is of the kind
    V(not_found).
author:
  - genesyscloud.usage contributors (@genesyscloud-usage)
extends_documentation_fragment:
  - genesyscloud.usage.attributes
  - genesyscloud.usage.connection
  - genesyscloud.usage.query
  - genesyscloud.usage.wait
  - genesyscloud.usage.store
  - genesyscloud.usage.rows
options:
  execution_id:
    description:
      - Id of one execution.
      - What it was asked for is not known from its id. Say it with O(interval) or O(days), O(granularity),
        O(group_by) and O(metrics) where the rows are to be stored; otherwise rows have the dimensions that they come
        with.
    type: str
  client_id:
    description:
      - The OAuth client that O(execution_id) is about, where it is a client's execution.
    type: str
  executions:
    description:
      - Executions as other modules of this collection returned them in RV(ignore:execution), in RV(ignore:clients),
        or in
        RV(ignore:failure.execution). They know what they were asked for.
      - Excludes O(execution_id).
    type: list
    elements: dict
seealso:
  - module: genesyscloud.usage.usage_query
  - module: genesyscloud.usage.oauth_client_usage
"""

EXAMPLES = r"""
- name: Submit a query without waiting for it
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 30
    granularity: day
    wait: false
  register: submitted

- name: Do something else meanwhile
  ansible.builtin.debug:
    msg: "Execution {{ submitted.execution.id }} is {{ submitted.execution.status }}"

- name: Read its rows
  genesyscloud.usage.usage_results:
    region: eu-west-1
    executions: ["{{ submitted.execution }}"]

- name: Read an execution of which only the id is known
  genesyscloud.usage.usage_results:
    region: eu-west-1
    execution_id: "{{ submitted.execution.id }}"
  register: usage

- name: Read an execution by its id and store it, saying what was asked
  genesyscloud.usage.usage_results:
    region: eu-west-1
    execution_id: "{{ submitted.execution.id }}"
    interval: "{{ submitted.query.interval }}"
    granularity: day
    group_by: "{{ submitted.query.group_by }}"
    store: sqlite:///usage.db
    organization: acme-emea

- name: Ask, and go on with the wait where the first one was too short
  block:
    - name: Ask
      genesyscloud.usage.usage_query:
        region: eu-west-1
        days: 90
        wait_timeout: 60
  rescue:
    - name: Go on
      genesyscloud.usage.usage_results:
        region: eu-west-1
        executions: ["{{ ansible_failed_result.failure.execution }}"]
        wait_timeout: 1800
      when: ansible_failed_result.failure.kind == 'wait_timeout'
"""

RETURN = r"""
execution:
  description: The execution, as M(genesyscloud.usage.usage_query) returns it.
  returned: with O(execution_id)
  type: dict
  sample: {id: 3f0e1f4a-95b6-4f0f-9d3c-2a4b8f1f7a10, status: complete, state: Complete, service: query,
    client_id: null}
executions:
  description: One entry for each execution, in the order of O(executions).
  returned: with O(executions)
  type: list
  elements: dict
  contains:
    execution:
      description: The execution.
      type: dict
      returned: always
    rows:
      description: Its rows.
      type: list
      elements: dict
      returned: when it is complete and O(return_rows) is true
    row_count:
      description: The number of its rows.
      type: int
      returned: when it is complete
    totals:
      description: Sums of its figures.
      type: dict
      returned: when it is complete
    error:
      description: What went wrong with it, as in RV(failure); V(null) where nothing did.
      type: dict
      returned: always
rows:
  description: The rows, as M(genesyscloud.usage.usage_query) returns them.
  returned: with O(execution_id), when it is complete and O(return_rows) is true
  type: list
  elements: dict
row_count:
  description: The number of rows over all executions that did not fail.
  returned: when none of them is running any more, and no two of O(executions) can have counted the same request
  type: int
  sample: 30
totals:
  description: Sums of the figures over all executions that did not fail.
  returned: when none of them is running any more, and no two of O(executions) can have counted the same request
  type: dict
  sample: {requests: 1204, status200: 1170, status300: 0, status400: 30, status429: 12, status500: 4}
query:
  description: What was asked, as far as it is known.
  returned: with O(execution_id)
  type: dict
  sample: {service: query, report: query, interval: null, granularity: null, group_by: [], metrics: [requests]}
api_calls:
  description: The number of HTTP exchanges of this task, the sign-in and retries included.
  returned: always
  type: int
  sample: 2
stored:
  description: What was put into the store, in rows. V(null) without a store.
  returned: always
  type: dict
  sample:
    {organization: acme-emea, run_id: 2026-11-01T02:00:00Z-1f0c55aa, inserted: 30, updated: 0, deleted: 0,
     unchanged: 0, days_added: 30}
failure:
  description: What went wrong, for playbooks to branch on.
  returned: on failure
  type: dict
  sample: {kind: not_found, status: 404, code: not.found, message: No such execution, or it expired,
    correlation_id: null, execution: null, details: []}
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_results import usage_results


def main() -> None:
    run_module(argspec.USAGE_RESULTS, usage_results)


if __name__ == "__main__":
    main()
