# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base URLs: what may be one, and what is refused before anything is sent.

Private to the collection: this may change without notice.

A URL takes credentials along, and readers of URLs disagree where a host begins. So only what every reader reads alike
is taken: printable ASCII, a plain host name or an IP address in its usual form, and neither user, query nor fragment.
Refused are also the addresses at which a cloud tells its virtual machines their own credentials.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from .errors import InvalidArgument

EXAMPLE = "https://api.mypurecloud.ie"
PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")

_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?")

LOOPBACK = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "::1/128")))
METADATA = tuple(
    map(
        ipaddress.ip_network,
        ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32"),
    )
)
METADATA_NAMES = (
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def base_url(option: str, url: str, allow_http: bool = False) -> str:
    """A base URL of ours, without a slash at its end. Raises InvalidArgument, which never repeats the URL.

    Plain http is for this machine alone, unless it is allowed: a token must not cross a network in the clear.
    """
    parts = _parts(option, url, ("https", "http"))
    if parts.username is not None or parts.password is not None:
        raise InvalidArgument(f"{option} must not carry a user name or a password")
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname):
        raise InvalidArgument(
            f"{option} must begin with https://: over http the token could be read on the way "
            "(allow_http: true takes it all the same)"
        )
    return f"{parts.scheme}://{_netloc(parts)}{parts.path.rstrip('/')}"


def proxy_url(proxy: str | None) -> str | None:
    """The URL of a proxy, which may have a user and a password, and go without C(http://). Raises InvalidArgument."""
    if not proxy:
        return None
    url = proxy if "://" in proxy else f"http://{proxy}"
    parts = _parts("proxy", url, PROXY_SCHEMES, "http://proxy.example.com:3128")
    if parts.path not in ("", "/"):
        raise InvalidArgument("proxy must not carry a path")
    return url


def in_the_clear(url: str) -> bool:
    """Whether what is sent to a URL of ours crosses a network in the clear."""
    return urlsplit(url).scheme == "http" and not stays_here(url)


def stays_here(url: str) -> bool:
    """Whether what is sent to a URL of ours is plain http to this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "http" and is_loopback(parts.hostname)


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine, and certainly so."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host == "localhost"
    return any(address in network for network in LOOPBACK)


def _parts(option: str, url: str, schemes: tuple[str, ...], example: str = EXAMPLE) -> SplitResult:
    if not _CHARACTERS.fullmatch(url):
        raise InvalidArgument(
            f"{option} holds a character that no URL has: a blank, a line break, a backslash or a letter that is not "
            "ASCII (a host name with such letters is written in its xn-- form)"
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidArgument(f"{option} is not a URL; write it like {example}") from None
    if parts.scheme not in schemes or not host or port == 0:
        raise InvalidArgument(f"{option} is not a URL; write it like {example}")
    if "?" in url or "#" in url:
        raise InvalidArgument(f"{option} must not carry a query or a fragment")
    _check_host(option, host)
    return parts


def _check_host(option: str, host: str) -> None:
    address = _address(option, host)
    if address is None:
        forbidden = host.rstrip(".") in METADATA_NAMES
    else:
        meant = {address, _embedded(address)} - {None}
        forbidden = any(one in network for one in meant for network in METADATA if one is not None)
        forbidden |= any(one.is_multicast or one.is_unspecified for one in meant if one is not None)
    if forbidden:
        raise InvalidArgument(
            f"{option} leads to an address that is no server of Genesys Cloud: link-local, metadata, multicast and "
            "unspecified addresses are refused"
        )


def _address(option: str, host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is, None for a name. Raises InvalidArgument for what is neither in its usual form."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        # 2852039166, 0xA9FEA9FE and 0251.0376.0251.0376 are addresses too, to those who resolve them.
        raise InvalidArgument(
            f"{option} has an IP address in an unusual form; write it like 192.0.2.1 or [2001:db8::1]"
        )
    if not _NAME.fullmatch(host):
        raise InvalidArgument(f"{option} has a host that is no name; write it like {EXAMPLE}")
    return None


def _embedded(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside of an IPv6 address that leads to one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in _NAT64 or 1 < int(address) < 2**32:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _netloc(parts: SplitResult) -> str:
    host = parts.hostname or ""
    bracketed = f"[{host}]" if ":" in host else host
    return f"{bracketed}:{parts.port}" if parts.port else bracketed
