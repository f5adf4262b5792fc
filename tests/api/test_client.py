"""One call: what is sent, what comes back, what is observed, and every fault on the way."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
from typing import Any

import httpx
import pytest

from flashsync import __version__
from flashsync.api import errors
from flashsync.api.codec.json_fields import integer, whole
from flashsync.api.errors import Failure, NotTheService, TimedOut, Unreachable
from flashsync.api.redact import Exchange
from flashsync.api.transport import Transports
from tests.api.peers import HOST, KEY, Clock, Script, client, error, ok, sent


def test_what_is_sent() -> None:
    peer = Script(ok({"a": 1}))
    with client(peer) as flashduty:
        assert flashduty.call("/schedule/list", {"query": "夜班"}) == {"a": 1}
        flashduty.call("/member/info")
    first, second = peer.requests
    assert str(first.url) == f"{HOST}/schedule/list?app_key={KEY}"
    assert first.method == "POST"
    assert sent(first) == {"query": "夜班"}
    assert sent(second) == {}
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["User-Agent"] == f"flashsync/{__version__}"
    assert first.headers["Accept-Language"] == "en"
    assert first.headers["Host"] == "api.example"
    assert "Authorization" not in first.headers
    assert "Cookie" not in first.headers


def test_a_get_has_no_body() -> None:
    peer = Script(ok([]))
    client(peer).call("/oncall/roles", method="GET")
    assert peer.requests[0].method == "GET"
    assert peer.requests[0].content == b""


def test_timeouts_are_set() -> None:
    peer = Script(ok(1))
    client(peer, connect_timeout=2, read_timeout=9).call("/a")
    timeouts = peer.requests[0].extensions["timeout"]
    assert timeouts == {"connect": 2, "read": 9, "write": 9, "pool": 9}


def test_cookies_are_not_kept() -> None:
    peer = Script(httpx.Response(200, json={"data": 1}, headers={"Set-Cookie": "a=b"}))
    flashduty = client(peer)
    flashduty.call("/a")
    flashduty.call("/a")
    assert "Cookie" not in peer.requests[1].headers


def test_compressed_answers_are_read() -> None:
    content = gzip.compress(b'{"data": 5}')
    peer = Script(ok(1))

    def compressed(request: httpx.Request) -> httpx.Response:
        peer(request)
        return httpx.Response(200, content=content, headers={"Content-Encoding": "gzip"})

    assert client(compressed).call("/a") == 5
    assert "gzip" in peer.requests[0].headers["Accept-Encoding"]


def test_a_broken_compression() -> None:
    def peer(request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(b"no gzip at all")
        return httpx.Response(200, stream=stream, headers={"Content-Encoding": "gzip"})

    with pytest.raises(NotTheService, match="cannot be decompressed"):
        client(peer).call("/a")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (
            caused(httpx.ConnectError("[Errno -2] unknown"), socket.gaierror(-2, "unknown")),
            Unreachable,
            "the host api.example is not known",
        ),
        (httpx.ConnectError("[Errno 111] refused"), Unreachable, "cannot connect to api.example"),
        (
            caused(httpx.ConnectError("verify failed"), ssl.SSLCertVerificationError("bad")),
            Unreachable,
            "the certificate of api.example is not trusted",
        ),
        (httpx.ProxyError("407"), Unreachable, "the proxy refused to connect"),
        (httpx.ConnectTimeout("t"), TimedOut, "did not take a connection in time"),
        (httpx.PoolTimeout("t"), TimedOut, "did not take a connection in time"),
        (httpx.ReadTimeout("t"), TimedOut, "did not answer within 30 s"),
        (httpx.RemoteProtocolError("peer closed"), Unreachable, "broke (peer closed)"),
        (httpx.ReadError(""), Unreachable, "broke (ReadError)"),
    ],
)
def test_faults_of_the_network(fault: Exception, kind: type[Failure], words: str) -> None:
    with pytest.raises(Failure) as caught:
        client(Script(fault)).call("/member/info")
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert "/member/info" in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_value_is_read_within_the_call() -> None:
    def read(data: Any) -> int:
        return integer(whole(data), "schedule_id")

    assert client(Script(ok({"schedule_id": 7}))).fetch("/schedule/create", read) == 7


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "data should be an object and is missing"),
        ([], "data should be an object and is a list"),
        ({"schedule_id": "7"}, "schedule_id should be a whole number and is text"),
        ({}, "schedule_id should be a whole number and is missing"),
        ({"schedule_id": 7.5}, "schedule_id should be a whole number and is a fraction"),
        ({"schedule_id": 2**63}, "schedule_id should be a whole number and is another number"),
    ],
)
def test_a_value_of_another_shape_is_named_with_the_request(data: Any, words: str) -> None:
    def read(data: Any) -> int:
        return integer(whole(data), "schedule_id")

    with pytest.raises(NotTheService) as caught:
        client(Script(ok(data, "req-5"))).fetch("/schedule/info", read)
    assert words in str(caught.value)
    assert caught.value.request_id == "req-5"
    assert caught.value.__context__ is None
    assert caught.value.maybe_done


def observed(*answers: httpx.Response | Exception, body: Any = None) -> list[Exchange]:
    seen: list[Exchange] = []
    flashduty = client(Script(*answers), observe=seen.append)
    with contextlib.suppress(Failure):
        flashduty.call("/schedule/info", body)
    return seen


def test_every_attempt_is_observed() -> None:
    seen = observed(
        httpx.ConnectError("no"), error("ServiceUnavailable", status=503), ok(1, "req-3")
    )
    facts = [(one.attempt, one.status, one.code, one.request_id, one.failure) for one in seen]
    assert facts == [
        (1, 0, "", "", "Unreachable"),
        (2, 503, "ServiceUnavailable", "req-9", "ServerTrouble"),
        (3, 200, "", "req-3", ""),
    ]
    assert {(one.endpoint, one.method) for one in seen} == {("/schedule/info", "POST")}


def test_observed_bodies_hide_secrets() -> None:
    (seen,) = observed(ok({"token": "tok-out"}), body={"settings": {"token": "tok-in"}})
    assert seen.shown_body() == '{"settings": {"token": "***"}}'
    assert seen.shown_answer() == '{"request_id": "req-1", "data": {"token": "***"}}'
    assert "tok" not in repr(seen)


def test_observed_answers_that_are_not_json() -> None:
    (seen,) = observed(httpx.Response(200, text=f"<b>\x1b[1m{KEY}</b>"))
    assert seen.shown_answer() == "<b>***</b>"
    assert seen.shown_body() == ""


def test_the_header_names_the_request_where_the_envelope_does_not() -> None:
    (seen,) = observed(
        httpx.Response(200, json={"data": 1}, headers={"Flashcat-Request-Id": "head-1"})
    )
    assert seen.request_id == "head-1"


def test_nothing_comes_between_calls_back_to_back() -> None:
    """No wait for a slot, and no notice of the first one: that may be slow, as a pipe."""
    story: list[str] = []
    clock = Clock()

    def peer(request: httpx.Request) -> httpx.Response:
        story.append(request.url.path)
        return ok(1)

    def sleep(seconds: float) -> None:
        story.append("sleep")
        clock.sleep(seconds)

    def observe(exchange: Exchange) -> None:
        story.append(f"told of {exchange.endpoint}")

    with client(peer, clock, rate=0.02, sleep=sleep, observe=observe) as flashduty:
        for _ in range(3):
            flashduty.call("/a")
        story.clear()
        with flashduty.back_to_back("/read", "/write"):
            story.append("ready")
            flashduty.fetch("/read", str, once=True)
            flashduty.fetch("/write", str, once=True)
            story.append("done")
        flashduty.call("/b")
    begun = story.index("ready")
    assert set(story[:begun]) == {"sleep"}
    assert story[begun : begun + 6] == [
        "ready",
        "/read",
        "/write",
        "done",
        "told of /read",
        "told of /write",
    ]
    assert story[-2:] == ["/b", "told of /b"]


def test_a_wait_for_several_calls_that_is_called_off() -> None:
    peer = Script(ok(1))
    with client(peer) as flashduty:
        flashduty._patience.end()
        with pytest.raises(errors.Stopped), flashduty.back_to_back("/read", "/write"):
            pytest.fail("nothing may be sent")
    assert peer.requests == []


def test_calls_back_to_back_share_a_connection() -> None:
    """Whatever others take meanwhile: a new one costs a round trip or three."""
    made: list[httpx.BaseTransport] = []

    def make() -> httpx.BaseTransport:
        made.append(httpx.MockTransport(lambda request: ok(1)))
        return made[-1]

    transports = Transports(make)
    with transports.keep():
        with transports.lend() as first:
            pass
        took: list[httpx.BaseTransport] = []
        other = threading.Thread(target=lambda: took.append(_taken(transports)))
        other.start()
        other.join()
        with transports.lend() as second:
            pass
    assert first is second
    assert took == [made[1]]
    assert _taken(transports) is first


def _taken(transports: Transports) -> httpx.BaseTransport:
    with transports.lend() as transport:
        return transport
