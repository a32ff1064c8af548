# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What part of requests failed."""

from __future__ import annotations

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils.analysis.ratios import errors


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # requests, 200, 300, 400, 429, 500: 100 = 80 + 5 + 10 + 5, with 429 among the 4xx.
        ((100, 80, 5, 10, 10, 5), 15),
        # 100 = 70 + 5 + 10 + 10 + 5, with 429 beside the 4xx.
        ((100, 70, 5, 10, 10, 5), 25),
        ((0, 0, 0, 0, 0, 0), 0),
        # Figures that contradict each other: never less than 4xx and 5xx, never more than with 429 besides.
        ((100, 0, 0, 10, 10, 5), 25),
        ((10, 80, 5, 10, 10, 5), 15),
    ],
)
def test_each_error_counts_once(figures: tuple[int, ...], expected: int) -> None:
    assert errors(figures) == expected
