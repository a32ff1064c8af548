# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names are user data: they are shown whole, and never trusted.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import hashlib
import re

from .. import printable

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, and marks that nobody sees or that turn text around."""

LONGEST_SLUG = 60
"""Characters of a name in the name of a file: with the digits after it, no file system finds that too long."""


def visible(name: str) -> str:
    """A name with a sign in place of each character that cannot be seen, or would change how others are seen.

    What a CI system would take for a command of its own, where a report is shown in its log, is taken apart.
    """
    return printable.apart(UNSEEN.sub(lambda match: f"\u27e8U+{ord(match[0]):04X}\u27e9", name))


def slug(name: str) -> str:
    """A name for a file or an anchor; digits keep names apart that would come to the same."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-").lower()[:LONGEST_SLUG]
    digits = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digits}" if safe else digits
