# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an organization is."""

from __future__ import annotations

import pytest

from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import InvalidArgument
from ansible_collections.genesyscloud.usage.plugins.module_utils.regions import REGIONS, Endpoints, endpoints


@pytest.mark.parametrize(("aws", "domain"), REGIONS.items())
def test_a_region_is_known_by_its_aws_name_and_by_its_domain(aws: str, domain: str) -> None:
    expected = Endpoints(f"https://api.{domain}", f"https://login.{domain}")
    assert endpoints(aws, None, None) == expected
    assert endpoints(f" {domain.upper()} ", None, None) == expected


def test_the_table_has_all_eighteen_regions_and_no_domain_twice() -> None:
    assert len(REGIONS) == 18
    assert len(set(REGIONS.values())) == 18


@pytest.mark.parametrize("region", ["eu-west-9", "mypurecloud.example.com", "https://api.mypurecloud.ie", "ie"])
def test_an_unknown_region_lists_all_known_ones(region: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        endpoints(region, None, None)
    assert repr(region) in caught.value.message
    assert all(aws in caught.value.message and domain in caught.value.message for aws, domain in REGIONS.items())


@pytest.mark.parametrize("region", [None, ""])
def test_without_a_region_the_message_names_every_way_to_give_one(region: str | None) -> None:
    with pytest.raises(InvalidArgument, match=r"region.*GENESYSCLOUD_REGION.*api_url"):
        endpoints(region, None, None)


def test_api_url_wins_over_the_region_and_login_url_defaults_to_it() -> None:
    assert endpoints("eu-west-1", "https://gateway.example.com/genesys/", None) == Endpoints(
        "https://gateway.example.com/genesys", "https://gateway.example.com/genesys"
    )


def test_login_url_replaces_the_login_host_alone() -> None:
    assert endpoints("eu-west-1", None, "https://sso.example.com:8443") == Endpoints(
        "https://api.mypurecloud.ie", "https://sso.example.com:8443"
    )
    assert endpoints(None, "https://a.example.com", "https://b.example.com").login_url == "https://b.example.com"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080", "http://127.9.9.9"]
)
def test_plain_http_is_taken_for_this_machine(url: str) -> None:
    assert endpoints(None, url, None).api_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.mypurecloud.ie",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://0.0.0.1",
        "http://[2001:db8::1]",
        "http://127.0.0.1.example.com",
    ],
)
def test_plain_http_is_refused_beyond_this_machine(url: str) -> None:
    with pytest.raises(InvalidArgument, match="must begin with https://"):
        endpoints(None, url, None)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://user@gateway.example.com", "user name or a password"),
        ("https://user:pa55@gateway.example.com", "user name or a password"),
        ("https://@gateway.example.com", "user name or a password"),
        ("https://gateway.example.com?x=1", "query or a fragment"),
        ("https://gateway.example.com/#top", "query or a fragment"),
        ("ftp://gateway.example.com", "not a URL"),
        ("file:///etc/passwd", "not a URL"),
        ("gateway.example.com", "not a URL"),
        ("https://", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://gateway.example.com:port", "not a URL"),
        ("https://gateway.example.com:70000", "not a URL"),
    ],
)
@pytest.mark.parametrize("option", ["api_url", "login_url"])
def test_an_address_that_is_none_is_refused_by_its_option_and_not_repeated(option: str, url: str, words: str) -> None:
    urls = {"api_url": "https://gateway.example.com", "login_url": None} | {option: url}
    with pytest.raises(InvalidArgument, match=words) as caught:
        endpoints(None, **urls)
    assert option in caught.value.message
    assert "pa55" not in caught.value.message
