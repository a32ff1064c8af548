# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a token comes from."""

from __future__ import annotations

import base64
import threading
from typing import Any

import pytest
from fakes import FakeTime

from ansible_collections.genesyscloud.usage.plugins.module_utils.auth import (
    ClientCredentials,
    GivenToken,
    SignIn,
    token_source,
)
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument, MalformedAnswer


class LoginHost:
    """Gives the tokens t1, t2, ... and remembers who asked."""

    def __init__(self, **answer: Any) -> None:
        self.asked: list[SignIn] = []
        self.answer = answer

    def __call__(self, sign_in: SignIn) -> Any:
        self.asked.append(sign_in)
        return {"access_token": f"t{len(self.asked)}", "expires_in": 300, **self.answer}


@pytest.fixture
def source(time: FakeTime) -> ClientCredentials:
    return ClientCredentials("https://login.example.com", "the-id", "the-secret", time.clock)


def test_a_given_token_is_used_as_it_is_and_never_renewed() -> None:
    login = LoginHost()
    source = GivenToken("abc")
    assert (source.token(login), source.renew("abc", login), source.secrets) == ("abc", None, ("abc",))
    assert login.asked == []


def test_a_sign_in_is_a_form_post_with_both_halves(source: ClientCredentials) -> None:
    login = LoginHost()
    assert source.token(login) == "t1"
    assert login.asked == [
        SignIn("https://login.example.com/oauth/token", "the-id", "the-secret", {"grant_type": "client_credentials"})
    ]


def test_one_token_serves_until_shortly_before_its_end(source: ClientCredentials, time: FakeTime) -> None:
    login = LoginHost()
    source.token(login)
    time.pass_by(269.9)
    assert source.token(login) == "t1"
    time.pass_by(0.1)
    assert source.token(login) == "t2"


@pytest.mark.parametrize("lifetime", [None, "300", True, [], {}, 0, -1, float("nan")])
def test_a_lifetime_that_is_no_number_counts_as_the_shortest(
    source: ClientCredentials, time: FakeTime, lifetime: Any
) -> None:
    login = LoginHost(expires_in=lifetime)
    source.token(login)
    time.pass_by(269)
    assert source.token(login) == "t1"
    time.pass_by(2)
    assert source.token(login) == "t2"


def test_a_token_that_lives_for_seconds_is_still_used_for_half_of_them(
    source: ClientCredentials, time: FakeTime
) -> None:
    login = LoginHost(expires_in=10)
    source.token(login)
    time.pass_by(4.9)
    assert source.token(login) == "t1"
    time.pass_by(0.2)
    assert source.token(login) == "t2"


def test_a_refused_token_is_renewed(source: ClientCredentials) -> None:
    login = LoginHost()
    assert source.renew(source.token(login), login) == "t2"
    assert source.token(login) == "t2"


def test_threads_whose_token_was_refused_together_sign_in_once(source: ClientCredentials) -> None:
    login = LoginHost()
    refused = source.token(login)
    renewed: list[str | None] = []
    threads = [threading.Thread(target=lambda: renewed.append(source.renew(refused, login))) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert renewed == ["t2"] * 16
    assert len(login.asked) == 2


def test_secrets_are_the_secret_in_either_form_and_every_token_and_never_the_id(source: ClientCredentials) -> None:
    basic = base64.b64encode(b"the-id:the-secret").decode()
    assert source.secrets == ("the-secret", basic)
    login = LoginHost()
    source.renew(source.token(login), login)
    assert source.secrets == ("the-secret", basic, "t1", "t2")


@pytest.mark.parametrize("lifetime", [10**400, float("inf"), 1e300])
def test_no_token_is_taken_to_live_longer_than_any_does(
    source: ClientCredentials, time: FakeTime, lifetime: Any
) -> None:
    login = LoginHost(expires_in=lifetime)
    source.token(login)
    time.pass_by(172_000)
    assert source.token(login) == "t1"
    time.pass_by(800)
    assert source.token(login) == "t2"


@pytest.mark.parametrize("token", ["a\nb", "\0", "é", "\ud800"])
def test_a_token_that_no_request_can_carry_is_malformed(source: ClientCredentials, token: str) -> None:
    with pytest.raises(MalformedAnswer, match="an access_token that cannot be one"):
        source.token(LoginHost(access_token=token))


@pytest.mark.parametrize("token", [None, "", 7, ["t"], {"t": 1}])
def test_an_answer_without_a_token_is_malformed(source: ClientCredentials, token: Any) -> None:
    with pytest.raises(MalformedAnswer, match="access_token"):
        source.token(LoginHost(access_token=token))


@pytest.mark.parametrize("answer", [None, [], "token", 3])
def test_an_answer_that_is_no_object_is_malformed(source: ClientCredentials, answer: Any) -> None:
    with pytest.raises(MalformedAnswer, match="access_token"):
        source.token(lambda _sign_in: answer)


def test_an_access_token_wins_over_client_credentials(time: FakeTime) -> None:
    assert isinstance(token_source("https://l", "id", "secret", "token", time.clock), GivenToken)
    assert isinstance(token_source("https://l", "id", "secret", None, time.clock), ClientCredentials)
    assert isinstance(token_source("https://l", "id", "secret", "", time.clock), ClientCredentials)


@pytest.mark.parametrize(
    ("client_id", "secret", "words"),
    [
        ("id", None, "oauthclient_secret is missing"),
        ("id", "", "oauthclient_secret is missing"),
        (None, "sesame", "oauthclient_id is missing"),
        ("", "sesame", "oauthclient_id is missing"),
        (None, None, "No credentials"),
        ("", "", "No credentials"),
    ],
)
def test_half_or_none_of_the_credentials_names_what_is_missing_and_where_it_may_come_from(
    time: FakeTime, client_id: str | None, secret: str | None, words: str
) -> None:
    with pytest.raises(InvalidArgument, match=words) as caught:
        token_source("https://l", client_id, secret, None, time.clock)
    half = "SECRET" if client_id else "ID"
    wanted = {half} if client_id or secret else {"ID", "SECRET"}
    assert {word for word in ("ID", "SECRET") if f"GENESYSCLOUD_OAUTHCLIENT_{word}" in caught.value.message} == wanted
    assert ("GENESYSCLOUD_ACCESS_TOKEN" in caught.value.message) is (words == "No credentials")
    assert "sesame" not in caught.value.message


@pytest.mark.parametrize("token", ["abc\n", "a\tb", "tok\u00e9n", "abc\x00"])
def test_a_token_that_no_header_can_carry_is_refused_without_repeating_it(token: str, time: FakeTime) -> None:
    with pytest.raises(InvalidArgument, match="access_token holds a line break") as caught:
        token_source("https://login.example.com", None, None, token, time.clock)
    assert token not in caught.value.message


@pytest.mark.parametrize("name", ["oauthclient_id", "oauthclient_secret"])
def test_what_is_no_text_cannot_sign_in(time: FakeTime, name: str) -> None:
    given = {"oauthclient_id": "id", "oauthclient_secret": "secret", name: "half \ud800"}
    with pytest.raises(InvalidArgument, match=f"{name} holds what is no character") as caught:
        token_source("https://login.example.com", *given.values(), None, time.clock)
    assert "half" not in caught.value.message
