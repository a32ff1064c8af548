# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a task that runs in the same process as its sandbox."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from genesyscloud_sandbox import Organization

from ansible_collections.genesyscloud.usage.plugins.module_utils.argspec import Spec


def options(spec: Spec, organization: Organization, **given: Any) -> dict[str, Any]:
    """Those given, and the defaults of the others."""
    reached = {
        "api_url": organization.api_url,
        "oauthclient_id": organization.oauthclient_id,
        "oauthclient_secret": organization.oauthclient_secret,
    }
    validated = ArgumentSpecValidator(spec).validate({**reached, **given})
    if validated.error_messages:
        raise ValueError(validated.error_messages)
    parameters: dict[str, Any] = validated.validated_parameters
    return parameters
