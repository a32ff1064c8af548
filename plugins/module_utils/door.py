# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way from a module into an operation and out again: the one place where errors become failures of a task.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import difflib
import os
import re
import traceback
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import printable
from .argspec import Spec
from .client import HAS_REQUESTS
from .errors import InvalidArgument, MissingLibrary, UsageError
from .operations.context import Context
from .progress import Tell
from .secrecy import proxy_secrets
from .store.urls import passwords_in

Operation = Callable[[Mapping[str, Any], Context], dict[str, Any]]

# Before 2.19 a worker of Ansible has kinds of its own for what a playbook says, and its messages call them by name.
_KIND = re.compile(r"<class 'ansible\.[\w.]+\.Ansible(Unicode|UnsafeText|Mapping|Sequence)'>")
_PLAIN = {"Unicode": "str", "UnsafeText": "str", "Mapping": "dict", "Sequence": "list"}


def outcome(operation: Operation, params: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The result of a task: the operation's, or a failure. Nothing that goes wrong inside comes out as a traceback.

    What comes out is harmless on a terminal, names from the API included; stores and files have them as they are.
    """
    result: dict[str, Any] = printable.everything(_outcome(operation, params, context))
    return result


def _outcome(operation: Operation, params: Mapping[str, Any], context: Context) -> dict[str, Any]:
    try:
        return operation(params, context)
    except UsageError as error:
        return {"failed": True, **error.result()}
    except Exception as error:
        # A defect of ours. Its text may hold anything, secrets included, so only its kind and its place are told.
        place = traceback.extract_tb(error.__traceback__)[-1]
        bug = UsageError(
            f"Unexpected {type(error).__name__} at {os.path.basename(place.filename)}:{place.lineno}: "
            "this is a defect of the collection genesyscloud.usage; please report it"
        )
        return {"failed": True, **bug.result()}


def refusal(said: str) -> dict[str, Any]:
    """The failure that stands for what Ansible's own check of the options says, before an operation is begun."""
    said = _KIND.sub(lambda kind: f"<class '{_PLAIN[kind[1]]}'>", said)
    names, unknown, known = said.partition(". Supported parameters include: ")
    if unknown:
        # Through the door of a module Ansible says more of it before the names.
        names = names.rpartition(" module: ")[2]
        options = known.rstrip(".").split(", ")
        likely = [difflib.get_close_matches(name.rpartition(".")[2], options, 1) for name in names.split(", ")]
        meant = ", ".join(sorted({match for matches in likely for match in matches}))
        said = f"Unknown option: {names}. {f'Did you mean {meant}? ' if meant else ''}Known options are {known}"
    return InvalidArgument(said).result()


class _Module(AnsibleModule):
    """An Ansible module whose every failure has the structured half, also that of an option which is refused.

    It returns what the operation returned, and nothing besides: as the action plugin does.
    """

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        # Where a result has a "dest", Ansible would add the owner, mode and size of that file.
        return kwargs

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        refused = {} if "failure" in kwargs else refusal(msg)
        super().fail_json(**{"msg": msg, **refused, **kwargs})


def surroundings(check_mode: bool, warn: Callable[[str], None], tell: Tell | None = None, host: str = "") -> Context:
    """What an operation needs besides its options; all that it tells goes out harmless for a terminal."""

    def harmless(told: Callable[[str], None]) -> Callable[[str], None]:
        return lambda words: told(printable.line(words))

    return Context(
        check_mode=check_mode, environ=os.environ, warn=harmless(warn), tell=tell and harmless(tell), host=host
    )


def hidden(params: Mapping[str, Any]) -> set[str]:
    """Passwords inside of URLs. Most are refused, but Ansible would show them among the options of the task."""
    proxy = params.get("proxy") or ""
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    urls = [proxy, *(params.get(name) or "" for name in ("store", "api_url", "login_url", "region"))]
    passwords = {password for url in urls for password in passwords_in(url)}
    return {password for password in (*passwords, *proxy_secrets(proxy)) if password}


def run_module(argument_spec: Spec, operation: Operation, network: bool = True) -> None:
    """Run an operation as an Ansible module. ``network``: whether it needs the library C(requests)."""
    module = _Module(argument_spec=argument_spec, supports_check_mode=True)  # type: ignore[no-untyped-call]  # Ansible has no types
    if network and not HAS_REQUESTS:
        module.fail_json(**MissingLibrary(missing_required_lib("requests")).result())
    module.no_log_values.update(hidden(module.params))
    context = surroundings(module.check_mode, module.warn)
    result = outcome(operation, module.params, context)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
