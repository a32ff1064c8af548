# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say what is asked."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.query)."""

    DOCUMENTATION = r"""
options:
  service:
    description:
      - Which of the usage services of Genesys Cloud is asked. Their figures are not comparable with each other, because
        they do not count the same requests.
      - V(query) is the older one, and leaves out requests of Genesys Cloud's own clients. V(jobs) is there since March
        2025, counts every request, and has filters and the platform.
    type: str
    choices: [query, jobs]
    default: query
  interval:
    description:
      - Which days, as an ISO-8601 interval of whole UTC days.
      - Of dates both are included, as in V(2026-10-01/2026-10-31). Midnights are instants, so that
        V(2026-10-01T00:00:00Z/2026-11-01T00:00:00Z) is the same.
      - Excludes O(days).
    type: str
  days:
    description:
      - Which days, as a number of complete UTC days that end with yesterday. Today is never in the data.
      - Excludes O(interval).
    type: int
  granularity:
    description:
      - Whether there is a row for each day, week (which begins on Monday) or month. Without it a row stands for the
        whole interval and has no date.
    type: str
    choices: [day, week, month]
  group_by:
    description:
      - What rows are told apart by. Without it the service decides; V(query) then groups by OAuth client,
        and V(jobs) by everything it has.
      - What a service does not offer is refused before anything is sent.
    type: list
    elements: str
    choices: [client_id, client_name, organization_id, user_id, template_uri, http_method, platform]
  metrics:
    description:
      - Which figures rows have. Without it all.
    type: list
    elements: str
    choices: [requests, status200, status300, status400, status429, status500]
  verify_sums:
    description:
      - Whether rows are refused whose figures contradict each other, that is, when the statuses do not add up to the
        requests.
    type: bool
    default: true
"""
