"""Faults over real sockets, and every way in which the platform or something between can answer."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api import errors
from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.api.errors import BY_CODE, Failure, NotTheService, TimedOut, Unreachable
from flashsync.api.transport import Answer, open_envelope, retry_after
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


KEY = "k3y-0f-the-tests"
END = "/schedule/info"


def answer(document: Any, status: int = 200, **more: str) -> Answer:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Answer(status, content, **more)


def read(answer: Answer) -> Any:
    return open_envelope(answer, END, KEY, 1, lambda data: data).value


def refused(document: Any, status: int = 400, **more: str) -> Failure:
    with pytest.raises(Failure) as caught:
        read(answer(document, status, **more))
    return caught.value


def failed(code: str, message: str = "", **more: Any) -> dict[str, Any]:
    return {"request_id": "r-7", "error": {"code": code, "message": message}, **more}


@pytest.mark.parametrize(
    "document",
    [
        {"request_id": "r", "data": {"a": 1}},
        {"data": {"a": 1}},
        {"request_id": "r", "data": {"a": 1}, "error": None},
        {"request_id": "r", "data": {"a": 1}, "error": {}},
        {"request_id": "r", "data": {"a": 1}, "error": {"code": "", "message": "ok"}},
        {"request_id": "r", "data": {"a": 1}, "error": {"code": "0"}},
        {"request_id": "r", "data": {"a": 1}, "error": {"code": 0}},
        {"request_id": "r", "data": {"a": 1}, "error": {"code": None, "message": None}},
    ],
)
def test_successes(document: Any) -> None:
    assert read(answer(document)) == {"a": 1}


@pytest.mark.parametrize("document", [{"request_id": "r", "data": None}, {"request_id": "r"}])
def test_a_success_without_data(document: Any) -> None:
    assert read(answer(document)) is None


@pytest.mark.parametrize("code", BY_CODE)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_the_code_decides_and_not_the_status(code: str, status: int) -> None:
    failure = refused(failed(code, "said so"), status)
    assert type(failure) is BY_CODE[code]
    assert failure.code == code
    assert failure.request_id == "r-7"
    assert failure.endpoint == END
    assert failure.detail == "said so"
    assert ("said so" in str(failure)) is (code != "Unauthorized")
    assert "\n" not in str(failure)


def test_a_message_for_someone_at_night() -> None:
    assert str(refused(failed("Unauthorized"), 401)) == (
        "the APP key is missing or not valid (/schedule/info, Unauthorized, request r-7); "
        "check FLASHDUTY_APP_KEY"
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Failure), (200, Failure), (500, errors.ServerTrouble), (429, errors.TooFrequent)],
)
def test_an_unknown_code_is_shown_as_it_is(status: int, kind: type[Failure]) -> None:
    failure = refused(failed("NewThing", "new"), status)
    assert type(failure) is kind
    assert "NewThing" in str(failure)


@pytest.mark.parametrize("code", ["RequestLocked", "RequestVerifyRequired", "DangerousOperation"])
def test_what_is_never_repeated(code: str) -> None:
    assert not refused(failed(code), 423).again


@pytest.mark.parametrize(
    ("content", "status", "kind", "words"),
    [
        (b"<!DOCTYPE html><h1>Login</h1>", 200, errors.NotTheService, "HTML instead of JSON"),
        (b"<html>Bad Gateway</html>", 502, errors.ServerTrouble, "HTTP 502, HTML"),
        (b"", 200, errors.NotTheService, "HTTP 200, empty"),
        (b'{"request_id": "r", "da', 200, errors.NotTheService, "cut or of another shape"),
        (b"[1, 2]", 200, errors.NotTheService, "another shape"),
        (b"{}", 200, errors.NotTheService, "another shape"),
        (b'{"error": "no"}', 200, errors.NotTheService, "another shape"),
        (b"hello", 200, errors.NotTheService, "no JSON"),
        (b"\xff\xfe\xfa", 200, errors.NotTheService, "no JSON"),
        (b"[" * 100_000, 200, errors.NotTheService, "another shape"),
        (b"1" * 5000, 200, errors.NotTheService, "no JSON"),
        (b"slow down", 429, errors.TooFrequent, "HTTP 429"),
        (b'{"message": "x"}', 404, errors.NotTheService, "HTTP 404"),
        (b'{"data": {}}', 403, errors.NotTheService, "HTTP 403"),
    ],
)
def test_answers_of_something_else(
    content: bytes, status: int, kind: type[Failure], words: str
) -> None:
    failure = refused(content, status, request_id="header-id")
    assert type(failure) is kind
    assert words in str(failure)
    assert "header-id" in str(failure)


def test_what_may_have_been_done_all_the_same() -> None:
    assert refused(b"", 200).maybe_done
    assert refused(b"", 502).maybe_done
    assert not refused(b"", 403).maybe_done
    assert not refused(failed("InvalidParameter")).maybe_done


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://user:pw@portal.example/login?app_key=zzz", "a redirect to portal.example,"),
        ("/login", "a redirect elsewhere,"),
        ("http://[broken", "a redirect elsewhere,"),
        ("", "a redirect elsewhere,"),
    ],
)
def test_a_redirect_names_its_host_and_no_more(location: str, words: str) -> None:
    failure = refused(b"", 302, location=location)
    assert isinstance(failure, errors.NotTheService)
    assert words in str(failure)
    assert "zzz" not in str(failure)
    assert "pw" not in str(failure)


def test_a_message_with_the_key_and_escapes_in_it_is_cleaned() -> None:
    failure = refused(
        {"request_id": f"r{KEY}", "error": {"code": f"X{KEY}", "message": f"bad \x1b[31m{KEY}\n!"}}
    )
    assert KEY not in str(failure)
    assert "bad *** !" in str(failure)
    assert "\x1b" not in str(failure)


def test_a_message_that_is_not_text_is_left_out() -> None:
    envelope = {"error": {"code": "BadRequest", "message": ["x"]}}
    assert str(refused(envelope)).startswith("the platform rejected the request as invalid (")


@pytest.mark.parametrize(
    ("refs", "shown"),
    [
        (
            [{"kind": "escalate_rule", "href": "/channel/1/escalate/rule/5", "name": "Ops"}],
            "escalate rule `Ops`",
        ),
        ([{"kind": "channel", "href": "/channel/1", "name": ""}], "channel `/channel/1`"),
        ([{"what": "else"}], "{'what': 'else'}"),
        (["a", 1], "a, 1"),
    ],
)
def test_a_blocked_deletion_lists_what_blocks_it(refs: Any, shown: str) -> None:
    for document in (
        failed("ReferenceExist", data={"refs": refs}),
        {"error": {"code": "ReferenceExist", "data": {"refs": refs}}},
    ):
        failure = refused(document)
        assert isinstance(failure, errors.ReferenceExist)
        assert str(failure).endswith(f"remove these references first: {shown}")


@pytest.mark.parametrize("data", [None, [], {}, {"refs": None}, {"refs": "x"}])
def test_a_blocked_deletion_without_refs(data: Any) -> None:
    assert "remove the references" in str(refused(failed("ReferenceExist", data=data)))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("3", 3),
        (" 0 ", 0),
        ("60", 60),
        ("3600", 60),
        ("9" * 400, 60),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after(header) == seconds


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "error", "code", "message", "request_id", "refs"]), inner
        )
    ),
    max_leaves=12,
)


@given(json_values | st.binary(max_size=40), st.sampled_from([200, 204, 302, 400, 401, 429, 503]))
def test_any_answer_is_data_or_a_failure(document: Any, status: int) -> None:
    with contextlib.suppress(Failure):
        read(answer(document, status))
        return
    assert str(refused(document, status)).isprintable()
