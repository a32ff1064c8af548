# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection that options stand for, and whose credentials win."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes import FakeTime, context, defaults

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.auth import ClientCredentials, GivenToken
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import connect, waiting
from ansible_collections.genesyscloud.usage.plugins.module_utils.usage import Waiting

ENV_TOKEN, ENV_ID = "GENESYSCLOUD_ACCESS_TOKEN", "GENESYSCLOUD_OAUTHCLIENT_ID"


def options(**given: Any) -> dict[str, Any]:
    base = {"region": "eu-west-1", "oauthclient_id": "i", "oauthclient_secret": "s"}
    return defaults(argspec.USAGE_QUERY, **{**base, **given})


def tokens(time: FakeTime, environ: dict[str, str], **given: Any) -> Any:
    client = connect(options(**given), context(time, environ=environ))
    client.close()
    return client._tokens


def test_a_token_of_the_task_wins_over_its_client(time: FakeTime) -> None:
    assert isinstance(tokens(time, {}, access_token="t"), GivenToken)
    assert isinstance(tokens(time, {ENV_TOKEN: "other"}, access_token="t"), GivenToken)


def test_a_token_of_the_environment_does_not_answer_for_another_client_that_the_task_names(time: FakeTime) -> None:
    environ = {ENV_TOKEN: "t", ENV_ID: "other"}
    assert isinstance(tokens(time, environ, access_token="t"), ClientCredentials)
    assert isinstance(tokens(time, {ENV_TOKEN: "t"}, access_token="t"), ClientCredentials)


def test_among_credentials_of_the_environment_the_token_wins(time: FakeTime) -> None:
    assert isinstance(tokens(time, {ENV_TOKEN: "t", ENV_ID: "i"}, access_token="t"), GivenToken)
    given = {"access_token": "t", "oauthclient_id": None, "oauthclient_secret": None}
    assert isinstance(tokens(time, {ENV_TOKEN: "t"}, **given), GivenToken)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"timeout": 0}, "timeout must be more than 0, not 0"),
        ({"timeout": -1}, "timeout must be more than 0, not -1"),
        ({"timeout": float("nan")}, "timeout must be"),
        ({"timeout": float("inf")}, "timeout must be"),
        ({"retry_timeout": -1}, "retry_timeout must be 0 or more"),
        ({"retry_timeout": float("nan")}, "retry_timeout must be"),
        ({"requests_per_minute": -1}, "requests_per_minute must be 0 or more"),
        ({"client_cert": "/nowhere/cert.pem"}, "client_cert: there is no /nowhere/cert.pem"),
        ({"client_key": "/nowhere/key.pem"}, "client_key: there is no /nowhere/key.pem"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path: there is no /nowhere/ca.pem"),
        ({"client_key": __file__}, "client_key is given without client_cert"),
        ({"region": None}, "No region"),
        ({"oauthclient_secret": None}, "oauthclient_secret is missing"),
    ],
)
def test_options_that_make_no_sense_are_named_before_anything_is_sent(
    time: FakeTime, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidArgument, match=words):
        connect(options(**given), context(time))


@pytest.mark.parametrize(
    ("given", "verify", "certificate"),
    [
        ({}, True, None),
        ({"validate_certs": False}, False, None),
        ({"validate_certs": False, "ca_path": __file__}, False, None),
        ({"ca_path": __file__}, __file__, None),
        ({"ca_path": str(Path(__file__).parent)}, str(Path(__file__).parent), None),
        ({"client_cert": __file__}, True, __file__),
        ({"client_cert": __file__, "client_key": __file__}, True, (__file__, __file__)),
    ],
)
def test_tls_options_become_what_the_library_takes(
    time: FakeTime, given: dict[str, Any], verify: Any, certificate: Any
) -> None:
    client = connect(options(**given), context(time))
    assert (client._transport.verify, client._transport.certificate) == (verify, certificate)
    client.close()


def test_zero_switches_retries_and_the_ceiling_off(time: FakeTime) -> None:
    client = connect(options(retry_timeout=0, requests_per_minute=0), context(time))
    assert (client._transport.retry_timeout, client._transport.requests_per_minute) == (0, 0)
    client.close()


def test_the_wait_has_the_defaults_that_are_documented() -> None:
    assert waiting(options()) == Waiting() == Waiting(True, 600.0, 15.0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"wait_timeout": -1}, "wait_timeout must be 0 or more"),
        ({"wait_timeout": float("nan")}, "wait_timeout must be"),
        ({"wait_interval": 0}, "wait_interval must be more than 0"),
        ({"wait_interval": -5}, "wait_interval must be more than 0"),
    ],
)
def test_a_wait_that_makes_no_sense_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        waiting(options(**given))
