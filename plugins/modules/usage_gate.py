#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: a gate on usage."""

from __future__ import annotations

DOCUMENTATION = r"""
module: usage_gate
short_description: Judge Genesys Cloud API usage by rules
version_added: 0.1.0
description:
  - Judges rows that a task returned, or the history in a store, of one organization, of many or of one OAuth client, by
    rules. The verdict is V(pass), V(warn), V(fail) or V(unknown); the worst finding decides.
  - What cannot be told is V(unknown) and never V(pass). That is so when a day that a rule looks at was not collected,
    when an organization's latest collection failed, when a baseline is too short, an expected organization is missing,
    or data are older than allowed. Missing days do not hide a breach that is there whatever they had.
  - The last day that is judged is yesterday (UTC). Data are about a day old, so what a deploy of today does shows
    tomorrow.
  - Figures of different services or groupings are never put together. Where a store has several, the task says which
    is meant.
  - It makes no call to Genesys Cloud. The options of the connection are accepted and not used, so that one
    C(module_defaults) serves the whole action group C(genesyscloud.usage.usage).
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
      - Rows to judge, as M(genesyscloud.usage.usage_query) returned them with C(granularity=day). They win over
        O(store).
    type: list
    elements: dict
  query:
    description:
      - What the O(rows) answer, as M(genesyscloud.usage.usage_query) returned it beside them. Without it nobody knows
        which days they cover, and only breaches that are certain all the same are found.
    type: dict
  organizations:
    description:
      - Which organizations of the O(store) to judge. By default all of which anything was collected, or a collection
        was tried.
      - With a single one, O(organization) is the same.
    type: list
    elements: str
  expected_organizations:
    description:
      - Organizations that must be in the O(store). The verdict is V(unknown) when one of them is not.
    type: list
    elements: str
  service:
    description:
      - Judge days of this service. Needed where the store has several.
    type: str
  group_by:
    description:
      - Judge days that were grouped by exactly this. Needed where the store has several groupings.
    type: list
    elements: str
  client_id:
    description:
      - Judge days that were asked for this OAuth client alone, instead of those asked for the organization.
    type: str
  rules:
    description:
      - What must hold, each a mapping. C(metric) measured, then C(op), then C(value) is what holds, such as
        C(throttle_ratio <= 0.01).
      - C(id) names it, in letters, digits and C(._-). The id of a built-in rule replaces that rule.
      - C(metric) is one of C(requests), C(status200), C(status300), C(status400), C(status429), C(status500) (sums over
        the window), C(error_ratio) (4xx and 5xx over requests; 429 is one of the 4xx and counted once),
        C(throttle_ratio) (429 over requests), C(allowance_used), C(forecast), C(age_of_data), C(coverage),
        C(unused_days), C(new_client), C(unknown_client), C(new_endpoint), C(growth) and C(spike).
      - C(of) says of what, C(requests) or C(allowance) for C(forecast), C(days) or C(organizations) for C(coverage),
        a status or C(requests) for C(growth) and C(spike).
      - C(per) is C(organization), C(client), C(template_uri) or C(http_method), each of which is judged by itself.
      - C(window) is C(yesterday), C(period) (the billing period so far), or a number of days or weeks such as C(7d) or
        C(4w), ending yesterday.
      - C(baseline) is the length of time before the window that C(growth), C(spike), C(new_client) and C(new_endpoint)
        compare with.
      - C(op) is C(<=), C(<), C(>=), C(>), C(==) or C(!=), by default C(<=), for C(coverage) C(>=). C(value) is a
        number; a share is written like 0.05, which is 5 %.
      - C(severity) is C(fail), which is the default, or C(warn). A rule about the data themselves, that is
        C(age_of_data) or C(coverage), makes the verdict V(unknown) when it does not hold.
      - C(where) selects by patterns, one or a list for each of C(organization), C(client_id), C(client_name),
        C(template_uri) and C(http_method).
    type: list
    elements: dict
  rules_file:
    description:
      - A file with C(rules), and C(waivers) where there are any, in YAML, or in JSON when its name ends in C(.json).
        Its JSON schema is C(docs/schemas/rules-1.json) of the collection's repository. It may be given besides O(rules)
        and O(waivers).
    type: path
  builtin_rules:
    description:
      - The ids of the built-in rules to apply; an empty list applies none. They are V(data-age), V(data-complete),
        V(throttled), V(throttled-clients), V(errors), V(errors-high), V(allowance), V(allowance-forecast), V(growth),
        V(new-clients) and V(unknown-clients).
      - By default all of them are applied but for those that nothing was given for, such as the allowance without
        O(allowance). RV(document) says which those are. A rule that is named here is always applied.
    type: list
    elements: str
  known_clients:
    description:
      - The ids of the OAuth clients that C(unknown_client) knows. By default those that
        M(genesyscloud.usage.oauth_client_info) put into the O(store).
    type: list
    elements: str
  waivers:
    description:
      - Breaches that somebody answers for. Each has C(rule), C(subject), C(reason), C(owner) and C(expires), a day that
        is the last on which it counts.
      - C(subject) is a pattern for the organization, or a mapping of C(organization), C(client_id), C(client_name),
        C(template_uri) and C(http_method) to patterns.
      - A breach whose waiver expired is a failure and says so. What is V(unknown) cannot be waived.
    type: list
    elements: dict
  on_unknown:
    description:
      - What an V(unknown) verdict means for the task. V(fail) lets it fail, V(warn) and V(pass) do not. The verdict
        itself stays V(unknown).
    type: str
    choices: [fail, warn, pass]
    default: fail
  fail:
    description:
      - Whether the task fails when the verdict blocks. With V(false) it returns the verdict, for the playbook to
        decide.
      - What makes judging impossible, such as a rule with a mistake, fails the task in any case.
    type: bool
    default: true
  outputs:
    description:
      - Files to write the verdict to, with mode 0600. All of them are replaced, or none. An equal verdict changes
        nothing.
      - They are written when the task fails too. When judging is impossible they say V(unknown).
    type: dict
    suboptions:
      verdict:
        description: The whole verdict as JSON, the same as RV(document).
        type: path
      junit:
        description: JUnit XML, in which a breach is a failure and what is unknown is an error.
        type: path
      markdown:
        description: Markdown for the summary of a job, the worst first, below 1 MiB.
        type: path
      github:
        description: Annotations for GitHub Actions, to be printed by the job.
        type: path
      gitlab:
        description: A code quality report for GitLab.
        type: path
      azure:
        description: Logging commands for Azure Pipelines, to be printed by the job.
        type: path
      link:
        description: An address, such as the job's, to which shortened forms refer.
        type: str
seealso:
  - module: genesyscloud.usage.usage_query
  - module: genesyscloud.usage.usage_store
"""

EXAMPLES = r"""
- name: Ask for the last week
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 7
    granularity: day
    group_by: [client_id]
  register: usage

- name: Judge it by a rule of one's own
  genesyscloud.usage.usage_gate:
    rows: "{{ usage.rows }}"
    query: "{{ usage.query }}"
    builtin_rules: []
    rules:
      - {id: busy, metric: requests, per: client, window: 7d, op: <=, value: 10000000}

- name: Collect a month into a store
  genesyscloud.usage.usage_query:
    region: eu-west-1
    days: 30
    granularity: day
    group_by: [client_id]
    store: sqlite:///usage.db
    organization: acme-emea

- name: Judge all organizations of the store by the built-in rules, and go on whatever the verdict is
  genesyscloud.usage.usage_gate:
    store: sqlite:///usage.db
    allowance:
      - {users: 120, requests_per_user: 75000}
    fail: false
  register: gate

- name: Show the verdict
  ansible.builtin.debug:
    msg: "{{ gate.msg }}"

- name: Warn of clients that are throttled, but for one that is known to be
  genesyscloud.usage.usage_gate:
    store: sqlite:///usage.db
    organizations: [acme-emea]
    builtin_rules: [data-age, data-complete]
    rules:
      - id: throttled-integrations
        metric: throttle_ratio
        per: client
        window: 7d
        op: <=
        value: 0.02
        severity: warn
        where:
          client_name: ["CRM*", "Dialer*"]
    waivers:
      - rule: throttled-integrations
        subject: {organization: acme-emea, client_name: "Dialer*"}
        reason: The dialer is rewritten in spring
        owner: contact-center-team
        expires: 2027-03-31

- name: Leave the verdict for the next step of a pipeline
  genesyscloud.usage.usage_gate:
    store: sqlite:///usage.db
    fail: false
    outputs:
      verdict: verdict.json
      junit: junit.xml
"""

RETURN = r"""
verdict:
  description: The verdict, one of V(pass), V(warn), V(fail) and V(unknown).
  returned: always
  type: str
  sample: warn
exit_code:
  description: The verdict as a number, 0 for V(pass), 1 for V(warn), 2 for V(fail) and 3 for V(unknown).
  returned: always
  type: int
  sample: 1
blocks:
  description:
    - Whether what comes next should not be done. That is so on V(fail), and on V(unknown) with O(on_unknown=fail).
  returned: always
  type: bool
  sample: false
counts:
  description: How many subjects of rules came to what.
  returned: always
  type: dict
  sample: {pass: 211, warn: 1, fail: 0, unknown: 0, waived: 0}
findings:
  description:
    - Everything that did not pass, the worst first, each with C(rule), C(metric), C(severity), C(verdict), C(subject),
      C(measured), C(unit), C(allowed), C(op), C(value), C(window), C(since), C(message) and C(waiver).
  returned: always
  type: list
  elements: dict
  sample:
    - rule: throttled
      metric: throttle_ratio
      severity: fail
      verdict: fail
      subject: {organization: acme-emea}
      measured: 0.023
      unit: ratio
      allowed: <= 0.01
      op: <=
      value: 0.01
      window: {first_day: '2026-11-18', last_day: '2026-11-24'}
      since: '2026-11-20'
      message: "acme-emea: throttled requests (429) 2.3 % (23 of 1,000 requests), allowed <= 1 %, 2026-11-18 to
        2026-11-24, since 2026-11-20"
      waiver: null
document:
  description: The whole verdict, with what was judged, what passed and what was left out.
  returned: always
  type: dict
  sample: {schema: genesyscloud.usage/verdict/1, verdict: warn, exit_code: 1}
outputs:
  description: The files that were asked for, by their form.
  returned: when the verdict could be written
  type: dict
  sample: {verdict: verdict.json}
failure:
  description: What went wrong, for playbooks to branch on. The kind is V(gate) when the verdict blocks; any other kind
    means that nothing could be judged.
  returned: on failure
  type: dict
  sample: {kind: gate, status: null, code: null, message: 'FAIL: 1 fail, 20 pass', correlation_id: null,
    execution: null, details: []}
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_gate import usage_gate


def main() -> None:
    run_module(argspec.USAGE_GATE, usage_gate, network=False)


if __name__ == "__main__":
    main()
