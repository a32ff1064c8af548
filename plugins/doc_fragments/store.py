# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say where history is kept."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment C(genesyscloud.usage.store)."""

    DOCUMENTATION = r"""
options:
  store:
    description:
      - URL of the store, C(sqlite:///relative/usage.db), C(sqlite:////absolute/usage.db) or
        C(postgresql://user@host:5432/database). It must not hold a password.
      - An SQLite file is created where it does not exist; its folder must exist.
      - For PostgreSQL the Python library C(psycopg) (version 3) is needed. The options of libpq are honoured, in the
        URL (such as C(?sslmode=verify-full)) and in the environment (such as E(PGPASSFILE) and E(PGSERVICEFILE)).
      - If not set, the environment variable E(GENESYSCLOUD_USAGE_STORE) is used.
    type: str
  store_password:
    description:
      - Password of the store, where it needs one.
      - If not set, the environment variable E(GENESYSCLOUD_USAGE_STORE_PASSWORD) is used.
    type: str
  organization:
    description:
      - The label under which the organization is kept in the store. Defaults to the organization's own name.
      - A label stays with the organization that it was first used for.
    type: str
  run_id:
    description:
      - Under which run the outcome of the task is written down in the store. Give the tasks of one run the same.
        By default each task is a run of its own.
    type: str
"""
