# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets taken out of what is said, in whatever spelling somebody repeats them.

Private to the collection: this may change without notice.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

MASK = "********"

Hide = Callable[[Any], Any]


def spellings(secret: str) -> set[str]:
    """A secret as it is, and as it looks in a URL, in a form, in JSON, in HTML, in base64 and on one line."""
    plain = {secret, " ".join(secret.split()), repr(secret)[1:-1]}
    data = secret.encode(errors="surrogatepass")
    coded = {base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()}
    coded |= {word.rstrip("=") for word in coded}
    found = set(coded)
    for word in plain | coded:
        octets = word.encode(errors="surrogatepass")
        found |= {word, quote(octets, safe=""), quote(octets), quote_plus(octets)}
        found |= {html.escape(word), html.escape(word, quote=False)}
        found |= {json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}
    return found - {""}


def hiding(secrets: Iterable[str]) -> Hide:
    """What takes these secrets out of a text, and out of every text in a JSON value."""
    words = {word for secret in secrets if secret for word in spellings(secret)}
    # The longest first, so that no part of one is left because a shorter one went before.
    ordered = sorted(words, key=len, reverse=True)

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for word in ordered:
                value = value.replace(word, MASK)
            return value
        if isinstance(value, dict):
            return {hide(key): hide(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [hide(inner) for inner in value]
        return value

    return hide


def proxy_secrets(proxy: str | None) -> tuple[str, ...]:
    """The password of a proxy's URL, and the header that it is sent in."""
    try:
        parts = urlsplit(proxy or "")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        return ()
    if not password:
        return ()
    return (password, base64.b64encode(f"{user}:{password}".encode(errors="surrogatepass")).decode())
