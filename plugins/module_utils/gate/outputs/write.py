# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that a verdict leaves: all of them, or none.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import IO, Any

from ...errors import InvalidArgument
from ...files import replace_all
from . import azure, github, gitlab, junit, markdown, verdict
from .text import Document

FORMS = ("verdict", "junit", "markdown", "github", "gitlab", "azure")
"""What can be written, by the names of the options that say where."""

_LINK = re.compile(r"https?://[^\s<>\x00-\x20\x7f]{1,2000}")


def write_outputs(document: Document, wanted: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Write the files that are wanted, and return C(changed), C(diff) and C(outputs).

    ``wanted`` has a path for each of C(FORMS) that is wanted, and may have a C(link) to where all of it can be seen.
    Everything is rendered before anything is written, and nothing is replaced unless all of it can be. A second time,
    the same verdict changes nothing. Raises InvalidArgument and DestinationError.
    """
    paths = check_outputs(wanted)
    rendered = {paths[form]: _render(form, document, wanted) for form in paths}
    changes = replace_all({dest: _writer(text) for dest, text in rendered.items()}, 0o600, check_mode)
    diff = [
        {"before": change.before, "after": change.after, "before_header": dest, "after_header": dest}
        for dest, change in changes.items()
        if change.changed
    ]
    return {"changed": bool(diff), "diff": diff, "outputs": paths}


def check_outputs(wanted: Mapping[str, Any]) -> dict[str, str]:
    """The paths by form. Raises InvalidArgument for what can be known to be wrong before anything is judged."""
    paths = {form: str(wanted[form]) for form in FORMS if wanted.get(form)}
    places: dict[str, str] = {}
    for form, path in paths.items():
        place = os.path.realpath(path)
        if place in places:
            raise InvalidArgument(f"outputs: {places[place]} and {form} are the same file, {path}")
        places[place] = form
    if (link := wanted.get("link")) and not _LINK.fullmatch(link):
        raise InvalidArgument("outputs.link must be one address that begins with https:// or http://")
    return paths


def _render(form: str, document: Document, wanted: Mapping[str, Any]) -> str:
    link = wanted.get("link")
    rest = link or wanted.get("verdict") or "the result of the task"
    if form == "markdown":
        return markdown.render(document, link, os.path.basename(rest) if not link else rest)
    renders: dict[str, Callable[[], str]] = {
        "verdict": lambda: verdict.render(document),
        "junit": lambda: junit.render(document),
        "gitlab": lambda: gitlab.render(document),
        "github": lambda: github.render(document, rest),
        "azure": lambda: azure.render(document, rest),
    }
    return renders[form]()


def _writer(text: str) -> Callable[[IO[str]], None]:
    def write(stream: IO[str]) -> None:
        stream.write(text)

    return write
