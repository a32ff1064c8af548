# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a long task while it runs, and how often."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

import pytest
from fakes import FakeTime, context, credentials, defaults
from tasks import TRAFFIC

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.usage_query import usage_query
from ansible_collections.genesyscloud.usage.plugins.module_utils.progress import EVERY, Progress, duration
from ansible_collections.genesyscloud.usage.plugins.plugin_utils.action import _teller


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def progress(time: FakeTime, said: list[str]) -> Progress:
    made = Progress(said.append, time.clock)
    made.label = "acme-emea"
    return made


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (179, "3 min"),
        (3569, "59 min"),
        (3599, "1 h 0 min"),
        (3600, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_what_is_done_soon_says_nothing(progress: Progress, time: FakeTime, said: list[str]) -> None:
    time.pass_by(EVERY - 0.1)
    progress.rows(10)
    progress.waiting()
    progress.end(3, 0, 0.0)
    assert said == []


def test_a_line_every_few_seconds_and_one_in_the_end(progress: Progress, time: FakeTime, said: list[str]) -> None:
    for _second in range(12):
        time.pass_by(1)
        progress.waiting()
    progress.rows(84_310)
    time.pass_by(3)
    progress.waiting()
    progress.end(7, 1, 0.4)
    assert said == [
        "acme-emea: 0 rows, waiting for 5 s",
        "acme-emea: 0 rows, waiting for 10 s",
        "acme-emea: 84,310 rows",
        "acme-emea: 84,310 rows in 15 s: 7 calls, 13 waits, 1 retry",
    ]


def test_a_line_comes_before_the_pause_in_which_its_time_is_up(
    progress: Progress, time: FakeTime, said: list[str]
) -> None:
    for pause in (2.0, 2.0, 4.0, 8.0):
        progress.waiting(pause)
        time.pass_by(pause)
    progress.end(5, 0, 0.0)
    assert said == [
        "acme-emea: 0 rows, waiting for 4 s",
        "acme-emea: 0 rows, waiting for 8 s",
        "acme-emea: 0 rows in 16 s: 5 calls, 4 waits, 0 retries",
    ]


def test_of_many_clients_none_speaks_before_its_pause(progress: Progress, time: FakeTime, said: list[str]) -> None:
    progress.clients = 20
    for _client in range(20):
        progress.waiting(15.0)
    assert said == []


def test_clients_tell_how_long_it_may_take(progress: Progress, time: FakeTime, said: list[str]) -> None:
    progress.clients = 2000
    for _client in range(120):
        time.pass_by(0.1)
        progress.client()
    progress.rows(5)
    time.pass_by(600)
    progress.client()
    progress.end(4321, 2, 300)
    # 50 clients in 5 s, so 1,950 in 195 s.
    assert said[0] == "acme-emea: 50 of 2,000 clients, 0 rows, about 3 min left"
    assert said[-1] == (
        "acme-emea: 121 of 2,000 clients, 5 rows in 10 min: 4,321 calls, 0 waits, 2 retries, "
        "held back 5 min by requests_per_minute"
    )


def test_the_last_client_leaves_nothing_to_guess(time: FakeTime, said: list[str]) -> None:
    progress = Progress(said.append, time.clock)
    progress.clients = 1
    time.pass_by(EVERY)
    progress.client()
    progress.end(1, 0, 0)
    assert said == ["1 of 1 clients, 0 rows", "1 of 1 clients, 0 rows in 5 s: 1 call, 0 waits, 0 retries"]


def test_nobody_listens(time: FakeTime) -> None:
    progress = Progress(None, time.clock)
    time.pass_by(3 * EVERY)
    progress.rows(1)
    progress.end(1, 0, 0)


def test_threads_share_it(progress: Progress, time: FakeTime, said: list[str]) -> None:
    def work() -> None:
        for _row in range(500):
            progress.rows(1)

    threads = [threading.Thread(target=work) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.pass_by(EVERY)
    progress.rows(0)
    assert said == ["acme-emea: 4,000 rows"]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_task_tells_only_where_it_is_wanted(make: Any, time: FakeTime, said: list[str], wanted: bool) -> None:
    _sandbox, acme = make(traffic=TRAFFIC, answer_after=20)
    params = defaults(argspec.USAGE_QUERY, **credentials(acme), days=7, organization="acme", progress=wanted)
    result = usage_query(params, dataclasses.replace(context(time), tell=said.append))
    assert result["row_count"] > 0
    if wanted:
        assert said[0].startswith("acme: 0 rows, waiting for ")
        assert said[-1].startswith(f"acme: {result['row_count']} rows in ")
        assert f"{result['api_calls']} calls" in said[-1]
    assert bool(said) is wanted


@pytest.mark.parametrize("given", [{"organization": "acme"}, {"organization": None}])
def test_a_line_begins_with_the_label_or_else_with_the_host(
    make: Any, time: FakeTime, said: list[str], given: dict[str, Any]
) -> None:
    _sandbox, acme = make(traffic=TRAFFIC, answer_after=8)
    params = defaults(argspec.USAGE_QUERY, **credentials(acme), days=7, **given)
    usage_query(params, dataclasses.replace(context(time), tell=said.append, host="a-host"))
    assert len(said) > 1
    assert {line.partition(": ")[0] for line in said} == {given["organization"] or "a-host"}


@pytest.mark.parametrize(
    ("callback", "talks"),
    [("default", True), ("ansible.builtin.default", True), ("minimal", False), ("oneline", False)],
)
def test_output_for_machines_has_no_such_lines(monkeypatch: pytest.MonkeyPatch, callback: str, talks: bool) -> None:
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", callback)
    assert (_teller() is not None) is talks


@pytest.mark.parametrize(
    ("environ", "talks"),
    [
        ({}, True),
        ({"ORIGINAL_STDOUT_CALLBACK": "community.general.yaml"}, True),
        ({"ORIGINAL_STDOUT_CALLBACK": "oneline"}, False),
        ({"AD_HOC_COMMAND_ID": "7"}, False),
    ],
)
def test_in_awx_it_is_the_callback_behind_the_runners(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], talks: bool
) -> None:
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "awx_display")
    for name in ("ORIGINAL_STDOUT_CALLBACK", "AD_HOC_COMMAND_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert (_teller() is not None) is talks
