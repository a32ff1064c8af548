# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file of rules: C(rules), and C(waivers) where there are any, in YAML or JSON.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidArgument, MissingLibrary
from .places import mapping

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True

SCHEMA = "genesyscloud.usage/rules/1"

KEYS = ("schema", "rules", "waivers")


def _once(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """A mapping in which no key is there twice. Raises ValueError: one of the values would be dropped."""
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is there twice in one mapping")
        found[key] = value
    return found


def _read_yaml(content: str) -> Any:
    class Loader(yaml.SafeLoader):
        """Takes no key twice."""

    def pairs(loader: Any, node: Any) -> Any:
        loader.flatten_mapping(node)
        return _once([(loader.construct_object(k, True), loader.construct_object(v, True)) for k, v in node.value])

    Loader.add_constructor("tag:yaml.org,2002:map", pairs)
    try:
        return Loader(content).get_single_data()
    except (yaml.YAMLError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ValueError(f"{getattr(error, 'problem', None) or 'it is no YAML'}{where}") from None


def read_rules_file(path: str) -> Mapping[str, Any]:
    """What a file has, with the keys C(rules) and maybe C(waivers). Raises InvalidArgument, MissingLibrary."""
    name = f"rules_file {os.path.basename(path)}"
    try:
        with open(path, encoding="utf-8") as stream:
            content = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise InvalidArgument(f"rules_file {path} cannot be read: {reason}") from None
    try:
        if path.endswith(".json"):
            given = json.loads(content, object_pairs_hook=_once)
        elif HAS_YAML:
            given = _read_yaml(content)
        else:
            raise MissingLibrary(
                "The Python library PyYAML is missing, which rules_file needs for YAML; JSON goes without"
            )
    except json.JSONDecodeError as error:
        raise InvalidArgument(f"{name} is no JSON: {error.msg}, line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"{name} cannot be read: {error}") from None
    if given is None:
        raise InvalidArgument(f"{name} is empty; it must have rules")
    found = mapping(name, given, KEYS, ("rules",))
    if found.get("schema", SCHEMA) != SCHEMA:
        raise InvalidArgument(f"{name}.schema: there is no {found['schema']!r}, this collection reads {SCHEMA}")
    if not found["rules"] and not found.get("waivers"):
        raise InvalidArgument(f"{name}.rules: is empty, so nothing would be judged")
    return found
