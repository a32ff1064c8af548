# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which addresses are taken for Genesys Cloud's, and which are refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeTime, context, defaults
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.genesyscloud.usage.plugins.module_utils import argspec
from ansible_collections.genesyscloud.usage.plugins.module_utils.addresses import base_url, in_the_clear, proxy_url
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.operations.context import connect
from ansible_collections.genesyscloud.usage.plugins.module_utils.regions import REGIONS, endpoints

PASSWORD = "SENTINEL-url-password"

NO_URL = "is not a URL"
CHARACTER = "holds a character that no URL has"
USER = "must not carry a user name or a password"
QUERY = "must not carry a query or a fragment"
PLACE = "link-local, metadata, multicast and unspecified addresses are refused"
FORM = "IP address in an unusual form"
NAME = "has a host that is no name"

REFUSED = {
    # Another host than it looks like.
    f"https://somebody:{PASSWORD}@evil.example.com": USER,
    f"https://api.mypurecloud.ie:{PASSWORD}@evil.example.com": USER,
    "https://api.mypurecloud.ie@evil.example.com": USER,
    "https://@evil.example.com": USER,
    "https://evil.example.com\\@api.mypurecloud.ie": CHARACTER,
    "https://evil.example.com/?x=.mypurecloud.ie": QUERY,
    "https://evil.example.com?": QUERY,
    "https://evil.example.com#.mypurecloud.ie": QUERY,
    "https://evil.example.com/#": QUERY,
    "https://evil.example.com#@api.mypurecloud.ie": QUERY,
    # Other schemes, and none.
    "ftp://api.mypurecloud.ie": NO_URL,
    "file:///etc/passwd": NO_URL,
    "gopher://127.0.0.1:6379/_x": NO_URL,
    "javascript:alert(1)": NO_URL,
    "//evil.example.com": NO_URL,
    "evil.example.com": NO_URL,
    "https:evil.example.com": NO_URL,
    "https:///evil.example.com": NO_URL,
    "https://": NO_URL,
    "https://api.mypurecloud.ie:0": NO_URL,
    "https://api.mypurecloud.ie:99999": NO_URL,
    "https://[::1": NO_URL,
    # What some readers of URLs take out before they read on.
    "https://api.mypurecloud.ie\r\nHost: evil.example.com": CHARACTER,
    "https://api.mypurecloud.ie\n": CHARACTER,
    "https://api.mypure\ncloud.ie": CHARACTER,
    "https://api.mypure\tcloud.ie": CHARACTER,
    " https://api.mypurecloud.ie": CHARACTER,
    "https://api.mypurecloud.ie ": CHARACTER,
    "https://api.mypurecloud.ie\x00.evil.example.com": CHARACTER,
    "https://api.mypurecloud.ie\u3000": CHARACTER,
    # Letters that look like others, and dots that become dots.
    "https://api.mypurec\u04cfoud.ie": CHARACTER,
    "https://\u0430pi.mypurecloud.ie": CHARACTER,
    "https://api\u3002mypurecloud\uff0eie": CHARACTER,
    "https://\u2460\u2461\u2466.0.0.1": CHARACTER,
    "https://api.mypurecloud.ie\u2044.evil.example.com": CHARACTER,
    "https://api%2emypurecloud.ie": NAME,
    "https://169%2e254%2e169%2e254": NAME,
    "https://api..mypurecloud.ie": NAME,
    "https://*": NAME,
    # Where a cloud tells its machines their own credentials, in every spelling.
    "https://169.254.169.254": PLACE,
    "https://169.254.169.254/latest/meta-data/": PLACE,
    "https://169.254.170.2": PLACE,
    "https://169.254.0.1:8443": PLACE,
    "https://[fe80::1]": PLACE,
    "https://[fe80::1%25eth0]": PLACE,
    "https://[febf::ffff]": PLACE,
    "https://[fd00:ec2::254]": PLACE,
    "https://[fd00:0ec2:0::0254]": PLACE,
    "https://[::ffff:169.254.169.254]": PLACE,
    "https://[::ffff:a9fe:a9fe]": PLACE,
    "https://[::169.254.169.254]": PLACE,
    "https://[64:ff9b::a9fe:a9fe]": PLACE,
    "https://[2002:a9fe:a9fe::1]": PLACE,
    "https://100.100.100.200": PLACE,
    "https://168.63.129.16": PLACE,
    "https://metadata.google.internal": PLACE,
    "https://METADATA.google.internal.": PLACE,
    "https://instance-data": PLACE,
    "https://0.0.0.0": PLACE,
    "https://[::]": PLACE,
    "https://224.0.0.1": PLACE,
    "https://2852039166": FORM,
    "https://0xA9FEA9FE": FORM,
    "https://0xa9.0xfe.0xa9.0xfe": FORM,
    "https://0251.0376.0251.0376": FORM,
    "https://0251.254.169.254": FORM,
    "https://169.254.43518": FORM,
    "https://169.16689662": FORM,
    "https://169.254.169.254.": FORM,
    "https://127.1": FORM,
    "https://1.2.3.4.5": FORM,
    "https://evil.example.0x7f": FORM,
}


@pytest.mark.parametrize("allow_http", [False, True])
@pytest.mark.parametrize("option", ["api_url", "login_url"])
@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_what_it_looks_like_is_refused_in_one_sentence(
    url: str, option: str, allow_http: bool
) -> None:
    urls: dict[str, Any] = {"api_url": "https://gateway.example.com", "login_url": None, option: url}
    with pytest.raises(InvalidArgument) as caught:
        endpoints(None, urls["api_url"], urls["login_url"], allow_http)
    assert caught.value.message.startswith(f"{option} ")
    assert REFUSED[url] in caught.value.message
    assert caught.value.kind == "invalid_argument"
    assert PASSWORD not in caught.value.message
    # The address itself is never repeated: it may hold what must not be shown.
    assert url == "https://" or url not in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.example.com",
        "https://gateway.example.com:8443/genesys",
        "https://gate-way_1.example.com.",
        "https://10.1.2.3",
        "https://192.168.0.7:8443",
        "https://[2001:db8::7]:8443",
        "https://xn--80ak6aa92e.example.com",
        "https://localhost",
    ],
)
def test_an_address_that_is_what_it_looks_like_is_taken(url: str) -> None:
    assert base_url("api_url", url) == url
    assert base_url("api_url", f"{url}/") == url


@given(st.text(max_size=40), st.sampled_from(["https://", "http://", "", "https://api.mypurecloud.ie"]))
def test_whatever_is_given_is_taken_or_refused_and_what_is_taken_is_plain(rest: str, start: str) -> None:
    try:
        taken = base_url("api_url", start + rest, allow_http=True)
    except InvalidArgument:
        return
    assert taken.isascii()
    assert taken.isprintable()
    assert not set(taken) & set(" \\@?#")


@pytest.mark.parametrize(
    "region",
    [
        "evil.com/",
        "evil.com",
        "mypurecloud.ie/",
        "mypurecloud.ie#",
        "mypurecloud.ie?x",
        "mypurecloud.ie.",
        "mypurecloud.ie.evil.com",
        "evil.com/mypurecloud.ie",
        "eu-west-1/../evil.com",
        "https://mypurecloud.ie",
        "mypurecloud.ie:443",
        "169.254.169.254",
        "mypurecloud.ie evil.com",
        "api.mypurecloud.ie",
    ],
)
def test_a_region_is_one_of_the_table_and_nothing_else(region: str) -> None:
    with pytest.raises(InvalidArgument, match="Unknown region"):
        endpoints(region, None, None)


@pytest.mark.parametrize(
    "region",
    [
        f"somebody:{PASSWORD}@evil.com",
        "mypurecloud.ie\r\nHost: evil.com",
        "eu-west-1\n",
        "mypurec\u04cfoud.ie",
        "mypurecloud\uff0eie",
        "\x1b[31mmypurecloud.ie",
        "eu-west-1\u202e",
    ],
)
def test_a_region_with_characters_that_none_has_is_not_even_repeated(region: str) -> None:
    with pytest.raises(InvalidArgument, match="region holds a character that no region has") as caught:
        endpoints(region, None, None)
    assert PASSWORD not in caught.value.message
    assert caught.value.message.isprintable()


def test_the_table_itself_would_be_taken() -> None:
    for domain in REGIONS.values():
        assert base_url("api_url", f"https://api.{domain}") == f"https://api.{domain}"


# Proxies


PROXY_REFUSED = {
    "ftp://proxy.example.com": NO_URL,
    "http://": NO_URL,
    "http://proxy.example.com:0": NO_URL,
    "http://proxy.example.com/path": "must not carry a path",
    "http://proxy.example.com?x": QUERY,
    "http://proxy.example.com\r\nX: y": CHARACTER,
    " http://proxy.example.com": CHARACTER,
    "http://pr\u043exy.example.com": CHARACTER,
    "http://169.254.169.254": PLACE,
    "169.254.169.254:80": PLACE,
    f"http://somebody:{PASSWORD}@[fe80::1]": PLACE,
    "http://2852039166": FORM,
}


@pytest.mark.parametrize("proxy", PROXY_REFUSED)
def test_a_proxy_that_is_none_is_refused(proxy: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        proxy_url(proxy)
    assert PROXY_REFUSED[proxy] in caught.value.message
    assert caught.value.message.startswith("proxy ")
    assert PASSWORD not in caught.value.message


def test_a_proxy_may_have_a_user_and_go_without_a_scheme() -> None:
    assert proxy_url(None) is None
    assert proxy_url("") is None
    assert proxy_url("proxy.example.com:3128") == "http://proxy.example.com:3128"
    assert proxy_url("socks5h://u:p%40ss@proxy.example.com:1080") == "socks5h://u:p%40ss@proxy.example.com:1080"


# Plain http


HERE = ["http://127.0.0.1:8080", "http://127.255.255.254", "http://[::1]:8080", "http://localhost:8080"]
ELSEWHERE = [
    "http://gateway.example.com",
    "http://10.0.0.1:8080",
    "http://128.0.0.1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://[::2]",
    "http://[::ffff:127.0.0.1]",
]


def client(time: FakeTime, warnings: list[str], **given: Any) -> Any:
    spec = {"oauthclient_id": "i", "oauthclient_secret": "s", **given}
    return connect(defaults(argspec.USAGE_QUERY, **spec), context(time, warnings))


@pytest.mark.parametrize("url", HERE)
def test_plain_http_to_this_machine_needs_no_permission_and_no_warning(time: FakeTime, url: str) -> None:
    warnings: list[str] = []
    client(time, warnings, api_url=url).close()
    client(time, warnings, api_url=url, allow_http=True).close()
    assert not in_the_clear(url)
    assert warnings == []


@pytest.mark.parametrize("url", ELSEWHERE)
def test_plain_http_to_another_machine_needs_permission_and_gets_a_warning(time: FakeTime, url: str) -> None:
    warnings: list[str] = []
    with pytest.raises(InvalidArgument, match=r"api_url must begin with https://.*allow_http: true"):
        client(time, warnings, api_url=url)
    with pytest.raises(InvalidArgument, match="login_url must begin with https://"):
        client(time, warnings, region="eu-west-1", login_url=url)
    assert warnings == []
    client(time, warnings, api_url=url, allow_http=True).close()
    client(time, warnings, region="eu-west-1", login_url=url, allow_http=True).close()
    assert [words.partition(": ")[0] for words in warnings] == ["api_url and login_url", "login_url"]
    assert all("allow_http" in words and "can read the secret" in words for words in warnings)


def test_https_gets_no_warning_though_http_is_allowed(time: FakeTime) -> None:
    warnings: list[str] = []
    client(time, warnings, region="eu-west-1", allow_http=True).close()
    client(time, warnings, api_url="https://gateway.example.com", allow_http=True).close()
    assert warnings == []


def test_a_proxy_elsewhere_does_not_get_plain_http_of_this_machine(time: FakeTime) -> None:
    with pytest.raises(InvalidArgument, match="proxy would see the token in the clear"):
        client(time, [], api_url="http://127.0.0.1:8080", proxy="http://proxy.example.com:3128")
    client(time, [], api_url="http://127.0.0.1:8080", proxy="http://127.0.0.1:3128").close()
    client(time, [], region="eu-west-1", proxy="http://proxy.example.com:3128").close()
