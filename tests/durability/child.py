# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A collection in a process of its own, which may be killed or be somebody else's."""

from __future__ import annotations

import json
import os
import pwd
import select
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

LIMIT = 120.0
"""Seconds after which the work counts as hung, where nothing else is said; a collection takes some tenths."""


class Child:
    """A process that carries out ``work`` and tells its result. ``user``: as whom, where that is not ourselves."""

    def __init__(self, work: Callable[[], dict[str, Any]], user: str | None = None) -> None:
        self._began = time.monotonic()
        self._told, tells = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            # What the parent opened is the parent's: nothing of it is closed or flushed here.
            os._exit(_carry_out(work, user, tells))
        os.close(tells)
        self._process = os.pidfd_open(self._pid)

    def lasts(self, seconds: float) -> bool:
        """Whether it still runs after so many seconds; waits no longer than it does."""
        return not select.select([self._process], [], [], seconds)[0]

    def kill(self) -> None:
        signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def result(self, limit: float = LIMIT) -> tuple[dict[str, Any] | None, float]:
        """What came of it, None where it was killed; and for how many seconds it ran."""
        if hung := self.lasts(limit):
            self.kill()
        status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        with open(self._told, encoding="utf-8") as file:
            text = file.read()
        os.close(self._process)
        assert not hung, f"a collection that does not end within {limit:g} s"
        assert status in (0, -signal.SIGKILL), text
        return (json.loads(text) if status == 0 else None), time.monotonic() - self._began


def _carry_out(work: Callable[[], dict[str, Any]], user: str | None, tells: int) -> int:
    """Return the exit status."""
    try:
        if user is not None:
            who = pwd.getpwnam(user)
            os.setgroups([])
            os.setgid(who.pw_gid)
            os.setuid(who.pw_uid)
        os.write(tells, json.dumps(work()).encode())
    except BaseException:
        os.write(tells, traceback.format_exc().encode())
        return 1
    return 0
