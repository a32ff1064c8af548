#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: a report of usage."""

from __future__ import annotations

DOCUMENTATION = r"""
module: usage_report
short_description: Make a report of Genesys Cloud API usage that people read
version_added: 0.1.0
description:
  - Makes a report of what is in a store, or of rows that a task returned, for people, in HTML, Markdown, CSV or JSON.
    It tells which organizations were collected and which were not, their requests, errors and throttling by day, what
    the billing period will come to, the busiest clients and endpoints, and new, vanished and unused clients.
  - It makes no call to Genesys Cloud. The options of the connection are accepted and not used, so that one
    C(module_defaults) serves the whole action group C(genesyscloud.usage.usage).
  - A page in HTML loads nothing from anywhere, needs no script, and says so in a content security policy of its own. It
    can be sent by mail, kept as an artifact of a CI job, read on a phone and printed.
  - Charts need the Python library C(vl-convert-python). Without it the report is made all the same, with tables and a
    note. HTML needs C(jinja2), which comes with ansible-core.
  - Figures of different services or groupings are never put together. Where a store has several, the task says which
    is meant. Figures count API requests; they are not a bill.
author:
  - genesyscloud.usage contributors (@genesyscloud-usage)
extends_documentation_fragment:
  - genesyscloud.usage.attributes
  - genesyscloud.usage.attributes.files
  - genesyscloud.usage.connection
  - genesyscloud.usage.store
  - genesyscloud.usage.allowance
options:
  rows:
    description:
      - Rows that M(genesyscloud.usage.usage_query) returned, instead of a store. They must be of days
        (C(granularity=day)), with all metrics and without filters.
    type: list
    elements: dict
  query:
    description:
      - What the O(rows) answer, as M(genesyscloud.usage.usage_query) returned it beside them. They need it, because
        nobody else knows which days have no rows.
    type: dict
  organization:
    description:
      - With O(rows), whose they are.
      - With O(store) the same as O(organizations) with this one.
    type: str
  run_id:
    description:
      - Accepted and not used, as the options of the connection are.
    type: str
  organizations:
    description:
      - The organizations of the report, by the labels under which they are kept. By default all that the store knows
        of, those that could not be collected included.
      - Of what is named here and was never collected the report says just that, as long as anything is known of one.
    type: list
    elements: str
  service:
    description:
      - Figures of this service. Needed where the store has several.
    type: str
  group_by:
    description:
      - Figures of rows that were grouped by exactly this. Needed where the store has several groupings.
    type: list
    elements: str
  interval:
    description:
      - The period, as an ISO-8601 interval of whole UTC days, as in M(genesyscloud.usage.usage_query). It is compared
        with as many days before it.
      - Excludes O(days).
    type: str
  days:
    description:
      - The period, as a number of complete UTC days that end with yesterday. Where neither this nor O(interval) is
        given, it is 30 days, or the days of the O(query).
    type: int
  verdict:
    description:
      - The verdict of the gate, whose findings are shown with the figures. Either the document itself, or the path of
        a file that has it.
    type: raw
  title:
    description:
      - What the report is called.
    type: str
    default: API usage
  top:
    description:
      - How many clients and endpoints the tables of an organization have, from 1 to 1000. The formats V(csv) and
        V(json) have all clients.
    type: int
    default: 10
  charts:
    description:
      - So many organizations, the busiest, have a chart of their own, from 0 to 1000. A chart takes about 40
        milliseconds.
    type: int
    default: 30
  dest:
    description:
      - The file. Its folder must exist. It is written in one step, with mode 0600; equal figures make equal files.
      - Or a folder, where it ends with a slash or is one. It is made where it does not exist, with mode 0700. In it are
        C(index.html) with a linked page for each organization below C(organizations), or C(report.md), C(report.json),
        or C(organizations.csv) and C(clients.csv).
      - For many organizations a folder is the better choice; a single page has all of them in it.
      - With V(csv) and a file, the clients are in a second one beside it, whose name has C(-clients) in it.
    type: path
    required: true
  format:
    description:
      - V(html) for everybody, V(markdown) for a pull request or a chat message, V(csv) for finance, V(json) for
        programs. The schema of V(json) is in the collection, C(docs/schemas/report-1.json).
    type: str
    choices: [html, markdown, csv, json]
    default: html
seealso:
  - module: genesyscloud.usage.usage_store
  - module: genesyscloud.usage.usage_query
"""

EXAMPLES = r"""
- name: Collect sixty days
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 60
    granularity: day
    group_by: [client_id]
    store: sqlite:///usage.db
    organization: acme-emea

- name: Make a page of the last 30 days
  genesyscloud.usage.usage_report:
    store: sqlite:///usage.db
    dest: report.html

- name: Make a folder with a page for each organization, and hold them against their allowances
  genesyscloud.usage.usage_report:
    store: sqlite:///usage.db
    title: API usage of our organizations
    allowance: 1000000
    allowances:
      acme-emea:
        - users: 120
          requests_per_user: 75000
    dest: report/

- name: Give finance a sheet
  genesyscloud.usage.usage_report:
    store: sqlite:///usage.db
    period_anchor: 15
    format: csv
    dest: usage-by-organization.csv

- name: Say it in a pull request
  genesyscloud.usage.usage_report:
    store: sqlite:///usage.db
    organizations: [acme-emea]
    days: 7
    format: markdown
    dest: comment.md

- name: Ask for a week, and keep nothing
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 7
    granularity: day
    group_by: [client_id, template_uri]
  register: usage

- name: Make a page of what was answered
  genesyscloud.usage.usage_report:
    rows: "{{ usage.rows }}"
    query: "{{ usage.query }}"
    organization: acme-emea
    dest: week.html

- name: Give programs the same
  genesyscloud.usage.usage_report:
    store: sqlite:///usage.db
    format: json
    dest: report.json
  register: report
"""

RETURN = r"""
dest:
  description: The file to open first.
  returned: success
  type: str
  sample: report/index.html
files:
  description: All files of the report.
  returned: success
  type: list
  elements: str
  sample: [report/index.html, report/organizations/acme-emea-5a806a80.html]
format:
  description: The form of the report.
  returned: success
  type: str
  sample: html
sections:
  description: What the report tells of.
  returned: success
  type: list
  elements: str
  sample: [coverage, figures, daily, errors, billing_period, organizations, clients]
coverage:
  description: How many organizations the report has, of how many every day was collected, and the names of the others.
  returned: success
  type: dict
  sample: {organizations: 300, complete: 297, incomplete: [acme-apac, bluefjord-emea, cobalt-bank-nordics]}
totals:
  description: The six metrics over the period, of all organizations.
  returned: success
  type: dict
  sample: {requests: 52563356, status200: 51596795, status300: 72463, status400: 790169, status429: 262157,
    status500: 103929}
first_day:
  description: The first day of the period.
  returned: success
  type: str
  sample: '2026-10-26'
last_day:
  description: The last day of the period.
  returned: success
  type: str
  sample: '2026-11-24'
failure:
  description: What went wrong, for playbooks to branch on.
  returned: on failure
  type: dict
  sample: {kind: destination, status: null, code: null, message: The folder /srv/reports does not exist,
    correlation_id: null, execution: null, details: []}
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_report import usage_report


def main() -> None:
    run_module(argspec.USAGE_REPORT, usage_report, network=False)


if __name__ == "__main__":
    main()
