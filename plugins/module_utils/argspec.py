# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules, in pieces that merge. Their documentation is in the doc fragments of the same names.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback

from .export import FORMATS, REPORT_FORMATS
from .rows import DIMENSIONS, METRIC_NAMES
from .services import FILTERS, GRANULARITIES, SERVICES

Spec = dict[str, dict[str, Any]]


def _env(name: str) -> tuple[Any, list[str]]:
    return (env_fallback, [name])


CONNECTION: Spec = {
    "region": {"type": "str", "fallback": _env("GENESYSCLOUD_REGION")},
    "api_url": {"type": "str"},
    "login_url": {"type": "str"},
    "oauthclient_id": {"type": "str", "fallback": _env("GENESYSCLOUD_OAUTHCLIENT_ID")},
    "oauthclient_secret": {"type": "str", "no_log": True, "fallback": _env("GENESYSCLOUD_OAUTHCLIENT_SECRET")},
    "access_token": {"type": "str", "no_log": True, "fallback": _env("GENESYSCLOUD_ACCESS_TOKEN")},
    "organization_id": {"type": "str"},
    "timeout": {"type": "float", "default": 30.0},
    "retry_timeout": {"type": "float", "default": 120.0},
    "requests_per_minute": {"type": "int", "default": 300},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "proxy": {"type": "str"},
    "allow_http": {"type": "bool", "default": False},
}

SERVICE: Spec = {"service": {"type": "str", "choices": list(SERVICES), "default": "query"}}

WAIT: Spec = {
    "progress": {"type": "bool", "default": True, "fallback": _env("GENESYSCLOUD_USAGE_PROGRESS")},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 600.0},
    "wait_interval": {"type": "float", "default": 15.0},
}

QUERY: Spec = {
    **SERVICE,
    "interval": {"type": "str"},
    "days": {"type": "int"},
    "granularity": {"type": "str", "choices": list(GRANULARITIES)},
    "group_by": {"type": "list", "elements": "str", "choices": list(DIMENSIONS)},
    "metrics": {"type": "list", "elements": "str", "choices": list(METRIC_NAMES)},
    "verify_sums": {"type": "bool", "default": True},
}

ASKING: Spec = {
    **{name: {"type": "list", "elements": "str"} for name in FILTERS},
    "sort_by": {
        "type": "list",
        "elements": "dict",
        "options": {
            "field": {"type": "str", "required": True, "choices": ["date", *DIMENSIONS, *METRIC_NAMES]},
            "order": {"type": "str", "choices": ["asc", "desc"], "default": "asc"},
        },
    },
    "split_days": {"type": "int"},
    "skip_collected": {"type": "bool", "default": False},
}

STORE: Spec = {
    "store": {"type": "str", "fallback": _env("GENESYSCLOUD_USAGE_STORE")},
    "store_password": {"type": "str", "no_log": True, "fallback": _env("GENESYSCLOUD_USAGE_STORE_PASSWORD")},
    "organization": {"type": "str"},
    "run_id": {"type": "str"},
}

ALLOWANCE: Spec = {
    "allowance": {"type": "raw"},
    "allowances": {"type": "dict"},
    "period_anchor": {"type": "int", "default": 1},
}

HISTORY: Spec = {
    "rows": {"type": "list", "elements": "dict"},
    "query": {"type": "dict"},
    "organizations": {"type": "list", "elements": "str"},
    "service": {"type": "str"},
    "group_by": {"type": "list", "elements": "str"},
}

ROWS: Spec = {"return_rows": {"type": "bool"}}


def merge(*pieces: Spec) -> Spec:
    """One argument spec out of several. Raises ValueError where two pieces have the same option."""
    merged: Spec = {}
    for piece in pieces:
        if twice := merged.keys() & piece.keys():
            raise ValueError(f"options given twice: {sorted(twice)}")
        merged.update(piece)
    return merged


_SELECTION: Spec = {
    "organization": {"type": "str"},
    "service": {"type": "str"},
    "group_by": {"type": "list", "elements": "str"},
    "interval": {"type": "str"},
    "days": {"type": "int"},
}

_EXECUTIONS = merge(CONNECTION, QUERY, WAIT, STORE, ROWS)

USAGE_QUERY = merge(_EXECUTIONS, ASKING)

USAGE_RESULTS = merge(
    _EXECUTIONS,
    {
        "execution_id": {"type": "str"},
        "client_id": {"type": "str"},
        "executions": {"type": "list", "elements": "dict"},
    },
)

OAUTH_CLIENT_USAGE = merge(
    USAGE_QUERY,
    {
        "client_ids": {"type": "list", "elements": "str", "required": True},
        "report": {"type": "str", "choices": ["query", "summary"], "default": "query"},
        "concurrency": {"type": "int", "default": 16},
        "fail_on_client_error": {"type": "bool", "default": True},
    },
)

OAUTH_CLIENT_INFO = merge(
    CONNECTION,
    STORE,
    {
        "client_ids": {"type": "list", "elements": "str"},
        "states": {"type": "list", "elements": "str"},
        "grant_types": {"type": "list", "elements": "str"},
    },
)

USAGE_GATE = merge(
    CONNECTION,
    STORE,
    ALLOWANCE,
    HISTORY,
    {
        "expected_organizations": {"type": "list", "elements": "str"},
        "client_id": {"type": "str"},
        "rules": {"type": "list", "elements": "dict"},
        "rules_file": {"type": "path"},
        "builtin_rules": {"type": "list", "elements": "str"},
        "known_clients": {"type": "list", "elements": "str"},
        "waivers": {"type": "list", "elements": "dict"},
        "on_unknown": {"type": "str", "choices": ["fail", "warn", "pass"], "default": "fail"},
        "fail": {"type": "bool", "default": True},
        "outputs": {
            "type": "dict",
            "options": {
                **{name: {"type": "path"} for name in ("verdict", "junit", "markdown", "github", "gitlab", "azure")},
                "link": {"type": "str"},
            },
        },
    },
)

# One module_defaults serves the whole action group, so the store's module takes the options of the connection too.
USAGE_STORE = merge(
    CONNECTION,
    STORE,
    {
        "state": {"type": "str", "choices": ["present", "pruned"], "default": "present"},
        "keep_days": {"type": "int"},
        "export": {
            "type": "dict",
            "options": merge(
                _SELECTION,
                {
                    "dest": {"type": "path", "required": True},
                    "format": {"type": "str", "choices": list(FORMATS), "default": "csv"},
                    "client_id": {"type": "str"},
                },
            ),
        },
        "summary": {"type": "dict", "options": merge(_SELECTION, {"top": {"type": "int", "default": 10}})},
        "note_failure": {
            "type": "dict",
            "options": {name: {"type": "str", "required": True} for name in ("task", "kind", "reason")},
        },
    },
)

USAGE_REPORT = merge(
    CONNECTION,
    STORE,
    ALLOWANCE,
    HISTORY,
    {
        "interval": {"type": "str"},
        "days": {"type": "int"},
        "verdict": {"type": "raw"},
        "title": {"type": "str", "default": "API usage"},
        "top": {"type": "int", "default": 10},
        "charts": {"type": "int", "default": 30},
        "dest": {"type": "path", "required": True},
        "format": {"type": "str", "choices": list(REPORT_FORMATS), "default": "html"},
    },
)
