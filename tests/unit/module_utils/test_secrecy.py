# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in whatever spelling somebody repeats them."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils.secrecy import MASK, hiding, proxy_secrets

SECRETS = ["plain-secret", "with/slash+plus=equals", "quo\"te\\back's <&>", "two  blanks\tand tab", "ünusual"]


def spelled(secret: str) -> dict[str, str]:
    alone = base64.b64encode(secret.encode()).decode()
    return {
        "plain": secret,
        "path": quote(secret),
        "parameter": quote(secret, safe=""),
        "form": quote_plus(secret),
        "json": json.dumps(secret)[1:-1],
        "json as it is": json.dumps(secret, ensure_ascii=False)[1:-1],
        "html": html.escape(secret),
        "html text": html.escape(secret, quote=False),
        "base64": alone,
        "base64 without its end": alone.rstrip("="),
        "base64 for URLs": base64.urlsafe_b64encode(secret.encode()).decode(),
        "base64 in a parameter": quote(alone, safe=""),
        "python": repr(secret)[1:-1],
        "one line": " ".join(secret.split()),
    }


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden_in_every_spelling(secret: str) -> None:
    hide = hiding([secret])
    for word in spelled(secret).values():
        assert hide(f"It was {word}, they said") == f"It was {MASK}, they said"
        assert hide({word: [word, {"x": word}], "n": 1}) == {MASK: [MASK, {"x": MASK}], "n": 1}


UNLIKE_THE_MASK = st.characters(exclude_characters="*")


@given(st.text(UNLIKE_THE_MASK, min_size=4, max_size=30), st.text(UNLIKE_THE_MASK, max_size=10))
def test_nothing_of_a_secret_is_left_whatever_it_is(secret: str, around: str) -> None:
    said = hiding([secret])(f"{around}{secret}{around}")
    assert secret not in said


def test_of_secrets_that_contain_each_other_nothing_is_left() -> None:
    assert hiding(["abc", "abcdef"])("x abcdef y abc z") == f"x {MASK} y {MASK} z"


def test_nothing_is_hidden_where_there_is_no_secret() -> None:
    assert hiding([])("text") == "text"
    assert hiding([""])("text") == "text"
    assert hiding(["secret"])(None) is None


def test_the_password_of_a_proxy_is_a_secret_and_so_is_its_header() -> None:
    assert proxy_secrets(None) == ()
    assert proxy_secrets("http://proxy.example.com:3128") == ()
    assert proxy_secrets("http://user@proxy.example.com") == ()
    assert proxy_secrets("http://[::1") == ()
    header = base64.b64encode(b"user:p@ss").decode()
    assert proxy_secrets("http://user:p%40ss@proxy.example.com") == ("p@ss", header)
