#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: the store of usage."""

from __future__ import annotations

DOCUMENTATION = r"""
module: usage_store
short_description: Create, prune, export and sum up a store of Genesys Cloud API usage
version_added: 0.1.0
description:
  - Creates a store or brings its schema up to date, deletes old days, exports rows to a file, and sums up what is
    kept.
  - It makes no call to Genesys Cloud. The options of the connection are accepted and not used, so that one
    C(module_defaults) serves the whole action group C(genesyscloud.usage.usage).
  - Figures of different services or groupings are never put together. Where a store has several, the task says which
    is meant.
author:
  - genesyscloud.usage contributors (@genesyscloud-usage)
extends_documentation_fragment:
  - genesyscloud.usage.attributes
  - genesyscloud.usage.attributes.files
  - genesyscloud.usage.connection
  - genesyscloud.usage.store
options:
  state:
    description:
      - V(present) makes sure that the store exists and has the current schema.
      - V(pruned) deletes what is older than O(keep_days) besides.
    type: str
    choices: [present, pruned]
    default: present
  keep_days:
    description:
      - How many complete days to keep, counted back from today (UTC), from 1 to 36500.
      - Needed with O(state=pruned), and only there.
    type: int
  export:
    description:
      - Writes rows of one service and grouping to a file, with mode 0600 and in one step. Equal rows make equal
        files.
    type: dict
    suboptions:
      dest:
        description:
          - The file. Its folder must exist.
        type: path
        required: true
      format:
        description:
          - V(csv) for spreadsheets; cells that a spreadsheet would take for a formula begin with an apostrophe.
          - V(json) is one object with totals and rows, V(jsonl) a line for each row.
        type: str
        choices: [csv, json, jsonl]
        default: csv
      organization:
        description:
          - Rows of this organization only.
        type: str
      client_id:
        description:
          - Rows that were asked for this OAuth client alone, instead of those asked for the organization.
        type: str
      service:
        description:
          - Rows of this service. Needed where the store has several.
        type: str
      group_by:
        description:
          - Rows that were grouped by exactly this. Needed where the store has several groupings.
        type: list
        elements: str
      interval:
        description:
          - Rows of these days only, as in M(genesyscloud.usage.usage_query).
        type: str
      days:
        description:
          - Rows of so many complete days ending yesterday only.
        type: int
  summary:
    description:
      - Returns sums of one service and grouping over organizations, and what came of the run O(run_id) (by default
        the latest).
    type: dict
    suboptions:
      top:
        description:
          - How many of the busiest clients and endpoints to return.
        type: int
        default: 10
      organization:
        description:
          - This organization only.
        type: str
      service:
        description:
          - Rows of this service. Needed where the store has several.
        type: str
      group_by:
        description:
          - Rows that were grouped by exactly this. Needed where the store has several groupings.
        type: list
        elements: str
      interval:
        description:
          - These days only, as in M(genesyscloud.usage.usage_query).
        type: str
      days:
        description:
          - So many complete days ending yesterday only.
        type: int
  note_failure:
    description:
      - Writes down that O(organization) failed in the run O(run_id), for failures that happen before a module of this
        collection runs. The modules themselves note their own.
    type: dict
    suboptions:
      task:
        description:
          - What failed.
        type: str
        required: true
      kind:
        description:
          - The kind of failure, such as V(unreachable).
        type: str
        required: true
      reason:
        description:
          - What happened, in plain words.
        type: str
        required: true
seealso:
  - module: genesyscloud.usage.usage_query
"""

EXAMPLES = r"""
- name: Make sure that the store is there
  genesyscloud.usage.usage_store:
    store: sqlite:///usage.db

- name: Collect a month into it
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 30
    granularity: day
    group_by: [client_id]
    store: sqlite:///usage.db
    organization: acme-emea

- name: Write the last week to a file for a spreadsheet
  genesyscloud.usage.usage_store:
    store: sqlite:///usage.db
    export:
      dest: usage.csv
      format: csv
      organization: acme-emea
      days: 7

- name: Sum up what is kept
  genesyscloud.usage.usage_store:
    store: sqlite:///usage.db
    summary:
      top: 5
  register: kept

- name: Keep about a year
  genesyscloud.usage.usage_store:
    store: sqlite:///usage.db
    state: pruned
    keep_days: 400
"""

RETURN = r"""
schema_version:
  description: The version of the store's schema.
  returned: success
  type: int
  sample: 1
organizations:
  description: The number of organizations that have days in the store.
  returned: success
  type: int
  sample: 12
runs:
  description: The number of runs that the store knows of.
  returned: success
  type: int
  sample: 30
days:
  description: The number of days kept, counted for each organization, service, grouping and scope.
  returned: success
  type: int
  sample: 360
rows:
  description: The number of rows kept.
  returned: success
  type: int
  sample: 48211
oauth_clients:
  description: The number of OAuth clients kept.
  returned: success
  type: int
  sample: 240
pruned:
  description: What was deleted.
  returned: with O(state=pruned)
  type: dict
  sample: {rows: 120, days: 12, runs: 1}
exported:
  description: What was written.
  returned: with O(export)
  type: dict
  sample: {dest: usage.csv, format: csv, service: query, group_by: [client_id], first_day: '2026-10-24',
    last_day: '2026-10-30', row_count: 140}
summary:
  description: Sums over organizations, and what came of the run.
  returned: with O(summary)
  type: dict
  contains:
    run_id:
      description: The run; V(null) where there was none yet.
      type: str
      returned: always
    failed:
      description: The tasks of the run that failed, each with its organization, kind of failure and message.
      type: list
      elements: dict
      returned: always
    api_calls:
      description: The number of HTTP exchanges of the run.
      type: int
      returned: always
    service:
      description: The service whose figures these are.
      type: str
      returned: when the store has days
    group_by:
      description: The grouping whose figures these are.
      type: list
      elements: str
      returned: when the store has days
    organizations:
      description: One entry for each organization, the busiest first, with its days, rows and sums.
      type: list
      elements: dict
      returned: always
    totals:
      description: Sums over all organizations.
      type: dict
      returned: always
    top_clients:
      description: The busiest OAuth clients.
      type: list
      elements: dict
      returned: when rows are grouped by client
    top_template_uris:
      description: The busiest endpoints.
      type: list
      elements: dict
      returned: when rows are grouped by endpoint
failure:
  description: What went wrong, for playbooks to branch on.
  returned: on failure
  type: dict
  sample: {kind: store, status: null, code: null, message: The store is a file but not an SQLite database,
    correlation_id: null, execution: null, details: []}
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_store import usage_store


def main() -> None:
    run_module(argspec.USAGE_STORE, usage_store, network=False)


if __name__ == "__main__":
    main()
