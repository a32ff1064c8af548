# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer means, where no server is needed to say it."""

from __future__ import annotations

import email.utils
import http.client
import socket

import pytest
import requests
import urllib3
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import answers, errors
from ansible_collections.genesyscloud.usage.plugins.module_utils.secrecy import hiding

AS_IT_IS = hiding(())


@given(st.integers(0, 10**9))
def test_retry_after_in_seconds_is_taken_as_it_is(seconds: int) -> None:
    assert answers.retry_after(str(seconds), NOON) == seconds


@given(st.integers(-(10**6), 10**6))
def test_retry_after_as_a_date_is_the_time_until_then_and_never_negative(seconds: int) -> None:
    text = email.utils.formatdate(NOON + seconds, usegmt=True)
    assert answers.retry_after(text, NOON) == max(0, seconds)


@given(st.text(max_size=40))
def test_whatever_stands_in_retry_after_it_is_seconds_or_nothing(text: str) -> None:
    found = answers.retry_after(text, NOON)
    assert found is None or found >= 0


def test_without_the_header_there_is_no_wait() -> None:
    assert answers.retry_after(None, NOON) is None


@given(st.integers(300, 999), st.binary(max_size=300), st.booleans())
def test_every_status_and_body_is_an_error_of_the_family_that_keeps_its_status(
    status: int, body: bytes, sign_in: bool
) -> None:
    error = answers.refusal("GET /x", status, {}, body, NOON, AS_IT_IS, sign_in)
    assert error.status == status
    assert error.message.startswith(f"HTTP {status} for GET /x")
    assert error.kind != "internal"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error":"invalid_request","description":"Rate Limit Exceeded"}', "rate_limited"),
        (b'{"error":"invalid_request","error_description":"client rate limit exceeded, wait"}', "rate_limited"),
        (b'{"error":"invalid_client","description":"authentication failed"}', "authentication"),
        (b"{}", "authentication"),
        (b"<html>", "authentication"),
    ],
)
def test_a_400_of_the_login_host_is_a_rate_limit_or_wrong_credentials(body: bytes, kind: str) -> None:
    assert answers.refusal("the sign-in", 400, {}, body, NOON, AS_IT_IS, sign_in=True).kind == kind
    assert answers.refusal("POST /x", 400, {}, body, NOON, AS_IT_IS).kind == "bad_request"


def test_a_long_text_of_a_server_is_cut_and_put_on_one_line() -> None:
    body = b'{"message": "' + b"long\\n\\t " * 5000 + b'"}'
    message = answers.refusal("GET /x", 400, {}, body, NOON, AS_IT_IS).message
    assert len(message) < 2100
    assert "\n" not in message


def wrapped(error: BaseException) -> requests.RequestException:
    """As requests and urllib3 wrap it: in a reason, in an argument."""
    inner = urllib3.exceptions.MaxRetryError(None, "/x", error)  # type: ignore[arg-type]
    return requests.ConnectionError(inner)


@pytest.mark.parametrize(
    ("error", "kind", "retryable", "words"),
    [
        (wrapped(socket.gaierror(-2, "Name or service not known")), "connection", False, "does not resolve"),
        (wrapped(ConnectionRefusedError(111, "refused")), "connection", False, "refuses the connection"),
        (wrapped(ConnectionResetError(104, "reset")), "connection", True, "broke during GET /x"),
        (requests.ConnectionError(http.client.RemoteDisconnected("gone")), "connection", True, "broke during"),
        (requests.ReadTimeout("late"), "timeout", True, "within 30 s"),
        (requests.ConnectTimeout("late"), "timeout", True, "within 30 s"),
        (wrapped(TimeoutError("late")), "timeout", True, "within 30 s"),
        (requests.exceptions.ChunkedEncodingError("cut"), "connection", True, "broke during"),
        (requests.exceptions.ContentDecodingError("bad"), "malformed", False, "decompressed"),
        (requests.exceptions.ProxyError("no"), "connection", False, "check proxy"),
        (requests.exceptions.SSLError("bad"), "tls", False, "TLS with host"),
        (wrapped(OSError(101, "Network is unreachable")), "connection", False, "Network is unreachable"),
        (requests.exceptions.InvalidURL("what"), "connection", False, "InvalidURL"),
    ],
)
def test_what_the_library_raises_is_told_apart_however_deep_it_is_wrapped(
    error: requests.RequestException, kind: str, retryable: bool, words: str
) -> None:
    ours = answers.broken("GET /x", "host", error, 30.0)
    assert (ours.kind, ours.retryable) == (kind, retryable)
    assert words in ours.message


def test_errors_that_wrap_each_other_do_not_go_round_for_ever() -> None:
    one, other = requests.ConnectionError("one"), OSError(5, "other")
    one.__cause__, other.__context__ = other, one
    assert isinstance(answers.broken("GET /x", "host", one, 30.0), errors.ConnectionFailed)
