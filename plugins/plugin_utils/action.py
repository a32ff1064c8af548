# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the action plugins: the fast way into an operation, inside of Ansible's own worker.

Private to the collection: this may change without notice.

Where the connection is local nothing has to be sent anywhere: the operation is called as a function, with the same
argument spec, the same result and the same failures as the module of the same name. Over any other connection, with
C(async) or with C(become), the module itself runs.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from ansible import constants as C
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils.argspec import Spec
from ..module_utils.client import HAS_REQUESTS
from ..module_utils.door import hidden, outcome, refusal, surroundings
from ..module_utils.errors import MissingLibrary

# Loaded once, before Ansible forks its workers, and not by each of them.
from ..module_utils.store import postgres as _loaded_before_the_fork  # noqa: F401

# So is its memory, until one of them writes to it, as the search for garbage would.
gc.freeze()

TALKING_CALLBACKS = ("default", "ansible.builtin.default", "debug", "yaml", "community.general.yaml")
"""Callbacks whose output is for people and bears further lines."""


RUNNER_CALLBACK = "awx_display"
"""What ansible-runner, and so AWX, puts before the callback that the user chose."""


def _callback() -> str:
    """The callback that shapes the output, also where ansible-runner stands before it."""
    callback: str = C.config.get_config_value("DEFAULT_STDOUT_CALLBACK")
    if callback != RUNNER_CALLBACK:
        return callback
    # The same choice as in ansible-runner's own callback.
    alone = "minimal" if os.environ.get("AD_HOC_COMMAND_ID") else "default"
    return os.environ.get("ORIGINAL_STDOUT_CALLBACK") or alone


def _teller() -> Callable[[str], None] | None:
    """What shows a line of progress; None where the output is for machines, or short by the user's wish."""
    callback = _callback()
    return Display().display if callback in TALKING_CALLBACKS else None


class UsageAction(ActionBase):
    """An action plugin that carries out one operation.

    ``operation`` is a static method, called with the options and a Context. ``network``: whether it needs the library
    C(requests).
    """

    TRANSFERS_FILES = False
    _requires_connection = False

    spec: ClassVar[Spec]
    operation: ClassVar[Any]
    network: ClassVar[bool] = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        if not self._is_local():
            result: dict[str, Any] = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return result
        result = super().run(tmp, task_vars) or {}
        # What was there before the fork is shared with all workers until one writes to it, as garbage collection does.
        gc.freeze()
        with self._surroundings():
            validated = ArgumentSpecValidator(self.spec).validate(self._task.args)
            if validated.error_messages:
                failed = {**result, "failed": True, **refusal(validated.errors.msg)}
                refused: dict[str, Any] = remove_values(failed, validated._no_log_values)
                return refused
            if self.network and not HAS_REQUESTS:
                return {**result, "failed": True, **MissingLibrary(missing_required_lib("requests")).result()}
            params = validated.validated_parameters
            warnings: list[str] = []
            host: str = (task_vars or {}).get("inventory_hostname") or ""
            context = surroundings(self._task.check_mode, warnings.append, _teller(), host)
            result.update(outcome(self.operation, params, context))
        if warnings:
            result["warnings"] = warnings
        clean: dict[str, Any] = remove_values(result, validated._no_log_values | hidden(params))
        return clean

    def _is_local(self) -> bool:
        """Whether this process is where the module would run, as the user it would run as."""
        return (
            self._connection.transport == "local"
            and not self._task.async_val
            and not (self._connection.become or self._task.become)
        )

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        """The folder that a module would run in, and the variables of the keyword C(environment) that it would find.

        Nobody else sees them: a worker is a process of its own, for one task of one host.
        """
        wanted: dict[str, Any] = {}
        self._compute_environment_string(wanted)
        variables, folder = dict(os.environ), os.getcwd()
        os.environ.update({name: str(value) for name, value in wanted.items()})
        os.chdir(self._loader.get_basedir())
        try:
            yield
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(variables)
