# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options, in pieces that merge."""

from __future__ import annotations

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.services import SERVICES


def test_pieces_merge_and_none_is_changed() -> None:
    one, other = {"a": {"type": "str"}}, {"b": {"type": "int"}}
    assert argspec.merge(one, other) == {"a": {"type": "str"}, "b": {"type": "int"}}
    assert (list(one), list(other)) == (["a"], ["b"])


def test_an_option_that_is_given_twice_is_a_defect() -> None:
    with pytest.raises(ValueError, match=r"options given twice: \['a'\]"):
        argspec.merge({"a": {}}, {"a": {}, "b": {}})


def test_the_services_that_there_are_can_be_chosen() -> None:
    assert argspec.SERVICE["service"]["choices"] == list(SERVICES)
