# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of stores.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote

from ..errors import InvalidArgument

FORMS = "sqlite:///relative/usage.db, sqlite:////absolute/usage.db or postgresql://user@host:5432/database"

_BEFORE_HOST = re.compile(r"^\w+:(?://)?[^@:]*:([^@]*)@")
_ASKED = re.compile(r"password=([^&#]*)", re.IGNORECASE)


@dataclass(frozen=True)
class SqliteUrl:
    """A file. ``path`` is absolute."""

    path: str


@dataclass(frozen=True)
class PostgresUrl:
    """A database of a PostgreSQL server, as a connection URI of libpq without a password."""

    uri: str


def passwords_in(url: str) -> list[str]:
    """What in a URL is a password, or looks like one to any reader of URLs: they disagree where a host begins."""
    return [*_BEFORE_HOST.findall(url), *_ASKED.findall(url)]


def parse(url: str) -> SqliteUrl | PostgresUrl:
    """Take a store's URL apart. Raises InvalidArgument, without repeating a password that it may hold."""
    if passwords_in(url):
        raise InvalidArgument(
            "store must not hold a password: URLs are shown and logged. Give it with store_password, "
            "or the environment variable GENESYSCLOUD_USAGE_STORE_PASSWORD"
        )
    kind, slashes, rest = url.partition("://")
    if not slashes or rest.count("[") != rest.count("]"):
        raise InvalidArgument(f"store is not a URL; write it like {FORMS}")
    if kind == "sqlite":
        if not rest.startswith("/") or not rest.strip("/") or "?" in rest or "#" in rest:
            raise InvalidArgument(f"store {url!r} is not complete; write it like {FORMS}")
        return SqliteUrl(os.path.abspath(unquote(rest[1:])))
    if kind in ("postgresql", "postgres") and "#" not in rest:
        return PostgresUrl(url)
    raise InvalidArgument(f"store is of the kind {kind!r}; write it like {FORMS}")
