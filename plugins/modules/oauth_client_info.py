#!/usr/bin/python
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: the OAuth clients of an organization."""

from __future__ import annotations

DOCUMENTATION = r"""
module: oauth_client_info
short_description: List the OAuth clients of a Genesys Cloud organization
version_added: 0.1.0
description:
  - Reads all pages of the list of OAuth clients. Their secrets are dropped as soon as they arrive and are never
    returned.
  - With a store the list is kept there, so that an audit can tell which clients are new, gone or unused.
author:
  - genesyscloud.usage contributors (@genesyscloud-usage)
extends_documentation_fragment:
  - genesyscloud.usage.attributes
  - genesyscloud.usage.connection
  - genesyscloud.usage.store
options:
  client_ids:
    description:
      - Return these clients only. One that there is not is warned about. The store keeps all.
    type: list
    elements: str
  states:
    description:
      - Return clients in these states only, such as V(active), V(disabled) or V(inactive). The store keeps all.
    type: list
    elements: str
  grant_types:
    description:
      - Return clients of these grant types only, such as V(CLIENT-CREDENTIALS) or V(CODE). The store keeps all.
    type: list
    elements: str
seealso:
  - module: genesyscloud.usage.oauth_client_usage
    description: How these clients use the API.
"""

EXAMPLES = r"""
- name: List all OAuth clients
  genesyscloud.usage.oauth_client_info:
    region: eu-west-1
  register: oauth

- name: List those that sign in with a secret of their own
  genesyscloud.usage.oauth_client_info:
    region: eu-west-1
    grant_types: [CLIENT-CREDENTIALS]

- name: List those that are switched off
  genesyscloud.usage.oauth_client_info:
    region: eu-west-1
    states: [disabled, inactive]

- name: Look at one of them
  genesyscloud.usage.oauth_client_info:
    region: eu-west-1
    client_ids: [7c5a6dc2-1c4e-4f51-9f0b-6e0f5a1f3f55]

- name: Keep the list beside the usage
  genesyscloud.usage.oauth_client_info:
    region: eu-west-1
    store: sqlite:///usage.db
    organization: acme-emea
"""

RETURN = r"""
clients:
  description: The clients that were selected, in the order of the API.
  returned: success
  type: list
  elements: dict
  sample:
    - client_id: 7c5a6dc2-1c4e-4f51-9f0b-6e0f5a1f3f55
      client_name: CRM connector
      description: Synchronizes contacts
      grant_type: CLIENT-CREDENTIALS
      state: active
      created_at: '2024-03-01T09:00:00.000Z'
      modified_at: '2025-11-20T14:30:00.000Z'
      delete_at: null
      token_validity: 86400
      scopes: []
      role_ids: [0d2ec1b5-1b3e-4f1a-8c1b-4c6f2a1d9e77]
client_count:
  description: The number of clients that were selected.
  returned: success
  type: int
  sample: 1
api_calls:
  description: The number of HTTP exchanges of this task, the sign-in and retries included.
  returned: success
  type: int
  sample: 2
stored:
  description: What became of the list in the store, in clients. V(null) without a store.
  returned: success
  type: dict
  sample: {organization: acme-emea, run_id: 2026-11-01T02:00:00Z-1f0c55aa, inserted: 1, updated: 0, unchanged: 24}
failure:
  description: What went wrong, for playbooks to branch on.
  returned: on failure
  type: dict
  sample: {kind: permission, status: 403, code: missing.permissions, message: HTTP 403, correlation_id: null,
    execution: null, details: []}
"""

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.door import run_module
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.oauth_client_info import oauth_client_info


def main() -> None:
    run_module(argspec.OAUTH_CLIENT_INFO, oauth_client_info)


if __name__ == "__main__":
    main()
