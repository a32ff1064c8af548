# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way from a module into an operation and out again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes import FakeTime, context

from ansible_collections.genesyscloud.usage.plugins.module_utils.door import outcome, refusal
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import ClientsFailed, NotFound

SECRET = "s3same-open"


def run(operation: Any) -> dict[str, Any]:
    return outcome(operation, {"oauthclient_secret": SECRET}, context(FakeTime()))


def test_a_result_comes_out_as_it_is() -> None:
    assert run(lambda params, _context: {"changed": False, "n": len(params)}) == {"changed": False, "n": 1}


def test_an_error_of_the_family_renders_itself() -> None:
    def operation(_params: Any, _context: Any) -> Any:
        raise NotFound("gone", status=404, correlation_id="c")

    result = run(operation)
    assert result["failed"] is True
    assert result["msg"] == "gone (correlation id c)"
    assert result["failure"]["kind"] == "not_found"


def test_what_was_got_all_the_same_comes_out_beside_the_failure() -> None:
    def operation(_params: Any, _context: Any) -> Any:
        error = ClientsFailed("some")
        error.partial = {"clients": [1], "changed": True}
        raise error

    result = run(operation)
    assert (result["failed"], result["clients"], result["changed"]) == (True, [1], True)


@pytest.mark.parametrize("kind", [ValueError, KeyError, RuntimeError, AssertionError, UnicodeError, OSError])
def test_a_defect_is_a_failure_without_a_traceback_and_without_a_secret(kind: type[Exception]) -> None:
    def operation(params: Any, _context: Any) -> Any:
        raise kind(f"Bearer {params['oauthclient_secret']}")

    result = run(operation)
    assert result["failed"] is True
    assert result["failure"]["kind"] == "internal"
    assert result["msg"].startswith(f"Unexpected {kind.__name__} at test_door.py:")
    assert "please report it" in result["msg"]
    assert SECRET not in json.dumps(result)
    assert "Traceback" not in json.dumps(result)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_who_stops_the_task_stops_it(kind: type[BaseException]) -> None:
    def operation(_params: Any, _context: Any) -> Any:
        raise kind

    with pytest.raises(kind):
        run(operation)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("dayz. Supported parameters include: days, region.",
         "Unknown option: dayz. Did you mean days? Known options are days, region."),
        ("Unsupported parameters for (genesyscloud.usage.usage_query) module: dayz, xx. Supported parameters include: "
         "days, region.", "Unknown option: dayz, xx. Did you mean days? Known options are days, region."),
        ("argument 'days' is of type <class 'ansible.parsing.yaml.objects.AnsibleUnicode'> and we could not convert",
         "argument 'days' is of type <class 'str'> and we could not convert"),
        ("export.dst. Supported parameters include: dest, format.",
         "Unknown option: export.dst. Did you mean dest? Known options are dest, format."),
        ("qqq. Supported parameters include: dest.", "Unknown option: qqq. Known options are dest."),
        ("missing required arguments: client_ids", "missing required arguments: client_ids"),
    ],
)  # fmt: skip
def test_what_ansible_refuses_is_a_failure_like_any_other(said: str, words: str) -> None:
    result = refusal(said)
    assert result["msg"] == result["failure"]["message"] == words
    assert result["failure"]["kind"] == "invalid_argument"
    assert result["failure"].keys() == {"kind", "status", "code", "message", "correlation_id", "execution", "details"}
