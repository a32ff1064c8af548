# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The family of errors, and how one becomes the failure of a task."""

from __future__ import annotations

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils import errors

FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.UsageError)]
KEYS = {"kind", "status", "code", "message", "correlation_id", "execution", "details"}


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_renders_itself_with_the_same_keys(kind: type[errors.UsageError]) -> None:
    result = kind("Words", status=404, code="c", correlation_id="i", details=[{"a": 1}]).result()
    assert result["msg"] == "Words (code c, correlation id i)"
    assert result["failure"].keys() == KEYS
    assert result["failure"]["kind"] == kind.kind
    assert result["failure"]["message"] == "Words"


def test_kinds_are_documented_words_and_only_a_defect_is_internal() -> None:
    without = [kind for kind in FAMILY if kind.kind == "internal"]
    assert without == [errors.UsageError, errors.TransientError]


def test_only_what_time_may_heal_is_retryable() -> None:
    healing = {kind.__name__ for kind in FAMILY if kind("x").retryable}
    assert healing == {"TransientError", "RateLimited", "Unavailable", "RequestTimeout", "ConnectionLost"}


def test_without_notes_the_message_stands_alone() -> None:
    assert errors.StoreError("Words").result()["msg"] == "Words"


def test_what_was_got_all_the_same_is_returned_beside_the_failure_and_never_hides_it() -> None:
    error = errors.ClientsFailed("Words")
    error.partial = {"rows": [], "msg": "other", "failure": None}
    error.execution = {"id": "e"}
    result = error.result()
    assert (result["rows"], result["msg"], result["failure"]["execution"]) == ([], "Words", {"id": "e"})
