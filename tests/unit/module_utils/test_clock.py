# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time and chance."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils.clock import Clock


@pytest.mark.parametrize(
    ("wall", "now", "today"),
    [
        (0.0, "1970-01-01T00:00:00Z", datetime.date(1970, 1, 1)),
        (1772409599.9, "2026-03-01T23:59:59Z", datetime.date(2026, 3, 1)),
        (1772409600.0, "2026-03-02T00:00:00Z", datetime.date(2026, 3, 2)),
    ],
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def test_days_are_utc_days_wherever_the_machine_is(
    monkeypatch: pytest.MonkeyPatch, zone: str, wall: float, now: str, today: datetime.date
) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    clock = Clock(wall=lambda: wall)
    seen = clock.now(), clock.today()
    monkeypatch.undo()
    time.tzset()
    assert seen == (now, today)


def test_by_default_it_is_the_real_clock() -> None:
    clock = Clock()
    assert clock.monotonic() <= clock.monotonic()
    assert 0 <= clock.chance() < 1
    assert clock.wall() > 1_700_000_000
