"""Faults over real sockets."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.api.errors import NotTheService, TimedOut, Unreachable
from flashsync.errors import ConfigError
from flashsync.model.notify import Secret
from tests.api.peers import Clock
from tests.api.servers import Served, serving

SELF_SIGNED = Path(__file__).with_name("self-signed.pem")


def client(url: str, **options: Any) -> Client:
    clock = Clock()
    settings: dict[str, Any] = {"rate": 1, "sleep": clock.sleep, "monotonic": clock.now}
    return Client(Credentials(Secret("abc"), url), **(settings | options))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_a_success() -> None:
    with serving(Served(b'{"data": {"a": 1}}')) as server, client(server.url) as flashduty:
        assert flashduty.call("/a") == {"a": 1}
    assert server.requests[0].startswith(b"POST /a?app_key=abc HTTP/1.1\r\n")


def test_a_base_url_with_a_path() -> None:
    with serving(Served(b'{"data": 1}')) as server, client(f"{server.url}/x/") as flashduty:
        assert flashduty.call("/a") == 1
    assert server.requests[0].startswith(b"POST /x/a?app_key=abc HTTP/1.1\r\n")


def test_a_refused_connection() -> None:
    with (
        client(f"http://127.0.0.1:{free_port()}") as flashduty,
        pytest.raises(Unreachable, match=r"cannot connect to 127.0.0.1 \(.*refused.*2 attempts"),
    ):
        flashduty.call("/a")


def test_an_untrusted_certificate() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    with (
        serving(Served(b'{"data": 1}'), tls=context) as server,
        client(server.url) as flashduty,
        pytest.raises(Unreachable, match=r"the certificate of 127\.0\.0\.1 is not trusted"),
    ):
        flashduty.call("/a")
    assert server.requests == []


def test_a_certificate_of_a_company_is_trusted_by_ssl_cert_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(SELF_SIGNED))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    with (
        serving(Served(b'{"data": 1}'), tls=context) as server,
        client(server.url) as flashduty,
    ):
        assert flashduty.call("/a") == 1


def test_tls_where_there_is_none() -> None:
    with (
        serving(Served(b"hello")) as server,
        client(server.url.replace("http:", "https:")) as flashduty,
        pytest.raises(Unreachable, match="cannot connect"),
    ):
        flashduty.call("/a")


def test_no_answer_in_time() -> None:
    with (
        serving(Served(silent=True)) as server,
        client(server.url, read_timeout=0.05) as flashduty,
    ):
        with pytest.raises(TimedOut, match=r"did not answer within 0.05 s"):
            flashduty.call("/a")
        with pytest.raises(TimedOut):
            flashduty.call("/a", once=True)
    assert len(server.requests) == 5


def test_a_truncated_body() -> None:
    with (
        serving(Served(b'{"data": {"a": 1}}', cut=9)) as server,
        client(server.url) as flashduty,
        pytest.raises(Unreachable, match="broke"),
    ):
        flashduty.call("/a")
    assert len(server.requests) == 4


def test_a_truncated_body_is_read_again() -> None:
    answers = Served(b'{"data": 1}', cut=9), Served(b'{"data": 2}')
    with serving(*answers) as server, client(server.url) as flashduty:
        assert flashduty.call("/a") == 2


def test_an_answer_that_is_not_http() -> None:
    with (
        serving(Served(b"", status="\x00")) as server,
        client(server.url) as flashduty,
        pytest.raises(Unreachable),
    ):
        flashduty.call("/a")


def test_a_netrc_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login me password pass\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serving(Served(b'{"data": 1}')) as server, client(server.url) as flashduty:
        flashduty.call("/a")
    assert b"authorization" not in server.requests[0].lower()


def test_a_redirect_is_not_followed() -> None:
    answer = Served(b"", status="302 Found\r\nLocation: http://127.0.0.1:9/x?app_key=abc")
    with (
        serving(answer) as server,
        client(server.url) as flashduty,
        pytest.raises(NotTheService, match=r"a redirect to 127\.0\.0\.1, which is not followed"),
    ):
        flashduty.call("/a")
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["missing.pem", "empty.pem"])
def test_certificates_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        client("https://127.0.0.1:9")


@pytest.mark.parametrize("proxy", ["ftp://me:pass@proxy", "http://[broken:pass", "socks5://proxy"])
def test_a_proxy_that_cannot_be_used(proxy: str) -> None:
    with pytest.raises(ConfigError, match="the proxy of HTTPS_PROXY") as caught:
        client("https://127.0.0.1:9", proxy=proxy)
    assert "pass" not in str(caught.value)
    assert caught.value.__context__ is None
