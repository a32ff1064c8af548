# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS, over real servers with certificates of our own making."""

from __future__ import annotations

import socket
import ssl
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

import postgres
import pytest
from fakes import AGENT, FakeTime
from hostility import Answer, Hostile, hostile

from ansible_collections.genesyscloud.usage.plugins.module_utils.auth import GivenToken
from ansible_collections.genesyscloud.usage.plugins.module_utils.client import Client, Request
from ansible_collections.genesyscloud.usage.plugins.module_utils.errors import StoreError, TlsError
from ansible_collections.genesyscloud.usage.plugins.module_utils.session import Transport
from ansible_collections.genesyscloud.usage.plugins.module_utils.store.opening import open_store

TOKEN = "SENTINEL-tls-token-2c51"
ME = Request("GET", "/api/v2/organizations/me")


@dataclass(frozen=True)
class Authority:
    """A company's own authority, and what it can certify."""

    folder: Path

    @property
    def certificate(self) -> str:
        return str(self.folder / "ca.pem")

    def certify(self, name: str, subject: str, days: str = "30") -> ssl.SSLContext:
        """A server's context with a certificate for a subject such as C(IP:127.0.0.1), signed by this authority."""
        made = self.folder / name
        _openssl("req", *_KEY, "-keyout", f"{made}.key", "-out", f"{made}.csr", "-subj", f"/CN={name}")
        extensions = made.with_suffix(".ext")
        extensions.write_text(f"subjectAltName={subject}\n")
        signed = ["-in", f"{made}.csr", "-CA", self.certificate, "-CAkey", str(self.folder / "ca.key")]
        more = ["-CAcreateserial", "-days", days, "-extfile", str(extensions), "-out", f"{made}.pem"]
        _openssl("x509", "-req", *signed, *more)
        return _context(f"{made}.pem", f"{made}.key")


_KEY = "-newkey rsa:2048 -nodes".split()


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)


def _context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("authority"))
    files = ["-keyout", str(made.folder / "ca.key"), "-out", made.certificate]
    _openssl("req", "-x509", *_KEY, *files, "-subj", "/CN=A company's own", "-days", "30")
    return made


@pytest.fixture(scope="module")
def trusted(authority: Authority) -> ssl.SSLContext:
    return authority.certify("here", "IP:127.0.0.1")


def ask(server: Hostile, time: FakeTime, verify: bool | str, url: str | None = None) -> dict[str, object]:
    client = Client(url or server.url, GivenToken(TOKEN), Transport(timeout=5.0, verify=verify), time.clock, AGENT)
    try:
        return client.document(ME, dict)
    finally:
        client.close()


def refused(server: Hostile, time: FakeTime, verify: bool | str) -> str:
    """What is said of a server that is not talked to; the token does not reach it, and nothing is repeated."""
    with pytest.raises(TlsError) as caught:
        ask(server, time, verify)
    assert server.got == []
    assert time.sleeps == []
    assert TOKEN not in caught.value.message
    return caught.value.message


def hello(_got: object) -> Answer:
    return Answer(200, {"id": "1"})


def test_a_self_signed_certificate_is_refused_and_the_way_out_is_named(
    certificate: tuple[str, str], time: FakeTime
) -> None:
    with hostile(hello, _context(*certificate)) as server:
        said = refused(server, time, True)
    assert "is not trusted: self-signed certificate" in said
    assert "ca_path" in said


def test_an_authority_of_ones_own_is_trusted_where_it_is_named_and_only_there(
    authority: Authority, trusted: ssl.SSLContext, time: FakeTime
) -> None:
    with hostile(hello, trusted) as server:
        assert "ca_path" in refused(server, time, True)
        assert ask(server, time, authority.certificate) == {"id": "1"}
        assert [got.credentials for got in server.got] == [f"Bearer {TOKEN}"]


def test_an_authority_in_a_folder_is_trusted_too(
    authority: Authority, trusted: ssl.SSLContext, time: FakeTime, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(Path(authority.certificate).read_bytes())
    _openssl("rehash", str(tmp_path))
    with hostile(hello, trusted) as server:
        assert ask(server, time, str(tmp_path)) == {"id": "1"}


def test_another_authority_is_not_enough(certificate: tuple[str, str], trusted: ssl.SSLContext, time: FakeTime) -> None:
    with hostile(hello, trusted) as server:
        assert "is not trusted" in refused(server, time, certificate[0])


@pytest.mark.parametrize("subject", ["DNS:api.mypurecloud.ie", "IP:127.0.0.2", "DNS:127.0.0.1"])
def test_a_certificate_of_another_host_is_refused(authority: Authority, time: FakeTime, subject: str) -> None:
    with hostile(hello, authority.certify("other", subject)) as server:
        said = refused(server, time, authority.certificate)
    assert "is not trusted" in said
    assert "mismatch" in said


def test_a_certificate_that_has_ended_is_refused(authority: Authority, time: FakeTime) -> None:
    with hostile(hello, authority.certify("ended", "IP:127.0.0.1", days="-1")) as server:
        assert "expired" in refused(server, time, authority.certificate)


def _speaking(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


def _control(port: int) -> str | None:
    """The version that a client speaks with a server when it takes anything; shows that the server does speak."""
    context = _speaking(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.TLSVersion.TLSv1_1)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as raw, context.wrap_socket(raw) as wrapped:
        return wrapped.version()


@pytest.mark.parametrize("verify", [True, False], ids=["checked", "unchecked"])
def test_tls_older_than_1_2_is_not_spoken(authority: Authority, time: FakeTime, verify: bool) -> None:
    old = _speaking(authority.certify("old", "IP:127.0.0.1"), ssl.TLSVersion.TLSv1_1)
    with hostile(hello, old) as server:
        assert _control(server.port) == "TLSv1.1"
        said = refused(server, time, authority.certificate if verify else False)
    assert "TLS 1.2" in said


def test_a_laxer_system_does_not_change_that(
    authority: Authority, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with an older library or an interpreter that leaves the versions to the system."""
    from ansible_collections.genesyscloud.usage.plugins.module_utils import session as module

    def lax(cert_reqs: int | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        return context

    monkeypatch.setattr(module, "create_urllib3_context", lax)
    old = _speaking(authority.certify("lax", "IP:127.0.0.1"), ssl.TLSVersion.TLSv1_1)
    with hostile(hello, old) as server:
        refused(server, time, authority.certificate)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda v: v.name)
def test_newer_tls_is_spoken(authority: Authority, time: FakeTime, version: ssl.TLSVersion) -> None:
    with hostile(hello, _speaking(authority.certify("new", "IP:127.0.0.1"), version)) as server:
        assert ask(server, time, authority.certificate) == {"id": "1"}


def test_the_server_of_the_store_is_verified_as_libpq_is_told(
    authority: Authority, time: FakeTime, tmp_path: Path
) -> None:
    postgres.need()
    authority.certify("localhost", "DNS:localhost")
    authority.certify("elsewhere", "DNS:elsewhere.example.com")
    another = tmp_path / "another.pem"
    _openssl(
        "req", "-x509", *_KEY, "-keyout", str(tmp_path / "another.key"), "-out", str(another), "-subj", "/CN=Another"
    )
    with postgres.controlled() as server:
        host = server.url.replace("127.0.0.1", "localhost")
        full = f"{host}?sslmode=verify-full&sslrootcert"

        def said(url: str) -> str:
            with pytest.raises(StoreError) as caught:
                open_store(url, None, time.clock)
            return caught.value.message

        def certified(name: str) -> None:
            server.stop()
            server.speak_tls(f"{authority.folder / name}.pem", f"{authority.folder / name}.key")
            server.start()

        assert "server does not support SSL" in said(f"{full}={authority.certificate}")
        certified("localhost")
        with open_store(f"{full}={authority.certificate}", None, time.clock) as store:
            assert store.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)
        assert "certificate verify failed" in said(f"{full}={another}")
        certified("elsewhere")
        assert 'does not match host name "localhost"' in said(f"{full}={authority.certificate}")
