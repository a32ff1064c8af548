# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of a store, and how an older store becomes a newer one.

Private to the collection: the tables themselves are documented for readers in the guide "The store".

Every statement is SQL that SQLite (3.24 and newer) takes, and PostgreSQL (12 and newer) after the few words that
``postgres`` exchanges.
"""

from __future__ import annotations

from ..rows import DIMENSIONS, METRIC_NAMES

KEY = ", ".join(DIMENSIONS)
"""Columns that tell the rows of one day apart."""

FIGURES = ", ".join(METRIC_NAMES)

_DIMENSION_COLUMNS = ",\n  ".join(f"{name} TEXT NOT NULL" for name in DIMENSIONS)
_FIGURE_COLUMNS = ",\n  ".join(f"{name} BIGINT NOT NULL" for name in METRIC_NAMES)
_FIGURES_OF_DAY = ",\n  ".join(f"{name} BIGINT NOT NULL DEFAULT 0" for name in METRIC_NAMES)

# usage_day has no foreign key to coverage: PostgreSQL checks one row by row, which takes as long as the rows do.
# Only the writer and the pruning touch both tables, each in one transaction.
VERSION_1 = f"""
CREATE TABLE organization (
  organization TEXT PRIMARY KEY,
  organization_id TEXT,
  name TEXT,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL
);
CREATE TABLE collection_run (
  run_id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  last_at TEXT NOT NULL
);
CREATE TABLE run_organization (
  run_id TEXT NOT NULL REFERENCES collection_run (run_id),
  organization TEXT NOT NULL,
  task TEXT NOT NULL,
  service TEXT NOT NULL,
  grouping TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('collected', 'submitted', 'failed')),
  kind TEXT,
  message TEXT,
  correlation_id TEXT,
  first_day TEXT,
  last_day TEXT,
  row_count BIGINT NOT NULL DEFAULT 0,
  api_calls BIGINT NOT NULL DEFAULT 0,
  at TEXT NOT NULL,
  PRIMARY KEY (run_id, organization, task, service, grouping)
);
CREATE TABLE coverage (
  coverage_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL,
  service TEXT NOT NULL,
  grouping TEXT NOT NULL,
  scope TEXT NOT NULL,
  day TEXT NOT NULL,
  collected_at TEXT NOT NULL,
  run_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  row_count BIGINT NOT NULL DEFAULT 0,
  {_FIGURES_OF_DAY},
  UNIQUE (organization, service, grouping, scope, day)
);
CREATE TABLE usage_day (
  coverage_id INTEGER NOT NULL,
  {_DIMENSION_COLUMNS},
  {_FIGURE_COLUMNS},
  PRIMARY KEY (coverage_id, {KEY})
) WITHOUT ROWID;
CREATE TABLE oauth_client (
  organization TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_name TEXT,
  description TEXT,
  grant_type TEXT,
  state TEXT,
  created_at TEXT,
  modified_at TEXT,
  delete_at TEXT,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  PRIMARY KEY (organization, client_id)
);
CREATE VIEW usage_row AS
SELECT c.organization, c.service, c.grouping, c.scope, c.day AS date,
  {", ".join(f"u.{name}" for name in DIMENSIONS)},
  {", ".join(f"u.{name}" for name in METRIC_NAMES)},
  c.collected_at
FROM usage_day u JOIN coverage c ON c.coverage_id = u.coverage_id;
"""

MIGRATIONS: tuple[str, ...] = (VERSION_1,)
"""What makes version n out of version n - 1, from an empty database (version 0) on."""

CURRENT = len(MIGRATIONS)

TABLES = ("organization", "collection_run", "run_organization", "coverage", "usage_day", "oauth_client")
"""Our tables, but for the one that has the version."""


def statements(script: str) -> list[str]:
    """The single statements of a migration."""
    return [statement for part in script.split(";") if (statement := part.strip())]
