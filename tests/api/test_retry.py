"""Which calls are sent again, when, and which never."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api import errors
from flashsync.api.endpoints import schedules
from flashsync.api.errors import Failure, ServerTrouble, TooFrequent, Unclear, Unreachable
from flashsync.api.retry import backoff
from flashsync.model.schedule import Schedule
from tests.api.peers import Clock, Script, client, error, ok

BUSY = error("ServiceUnavailable", status=503)
TOO_MANY = error("RequestTooFrequently", status=429)


@pytest.mark.parametrize(
    "trouble",
    [
        BUSY,
        error("InternalError", status=500),
        httpx.Response(502, text="<html>Bad Gateway</html>"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("gone"),
    ],
)
def test_trouble_is_tried_again_after_a_second_and_two(trouble: Any) -> None:
    clock, peer = Clock(), Script(trouble, trouble, ok(1))
    assert client(peer, clock).call("/member/info") == 1
    assert clock.slept == [1, 2]


@pytest.mark.parametrize("connection", [httpx.ConnectError("refused"), httpx.ProxyError("no")])
def test_a_first_connection_is_tried_twice(connection: Exception) -> None:
    clock, peer, remarks = Clock(), Script(connection), list[str]()
    with pytest.raises(Unreachable, match="2 attempts"):
        client(peer, clock, remark=remarks.append).call("/member/info")
    assert (len(peer.requests), clock.slept) == (2, [1])
    (said,) = remarks
    assert said.endswith("; trying again in 1 s")


def test_a_later_connection_is_tried_as_often_as_anything() -> None:
    clock, peer = Clock(), Script(ok(1), httpx.ConnectError("refused"))
    seen = client(peer, clock)
    assert seen.call("/member/info") == 1
    with pytest.raises(Unreachable, match="4 attempts"):
        seen.call("/member/list")
    assert clock.slept == [1, 2, 4]


def test_only_the_first_wait_is_announced() -> None:
    remarks: list[str] = []
    seen = client(Script(BUSY, TOO_MANY, ok(1)), remark=remarks.append)
    assert seen.call("/member/info") == 1
    (said,) = remarks
    assert said.startswith("the platform has an internal error")
    assert said.endswith("; trying again in 1 s")


def test_a_429_uses_up_no_attempt_while_others_get_through() -> None:
    refused: list[str] = []

    def peer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/unlucky":
            return ok(1)
        refused.append(request.url.path)
        return TOO_MANY

    seen = client(peer)
    attempts = seen.attempts()
    for _ in range(20):
        with pytest.raises(TooFrequent):
            seen.fetch("/unlucky", lambda data: data, once=True)
        attempts.count(TooFrequent("/unlucky"))
        assert attempts.left
        assert seen.call("/lucky") == 1
    assert len(refused) == 20


def test_a_429_uses_up_attempts_where_nothing_gets_through() -> None:
    clock, peer = Clock(), Script(TOO_MANY)
    with pytest.raises(TooFrequent, match="4 attempts"):
        client(peer, clock).call("/member/info")
    assert clock.slept == [1, 8, 60]


def test_three_retries_and_no_more() -> None:
    clock, peer = Clock(), Script(BUSY)
    with pytest.raises(ServerTrouble, match="4 attempts"):
        client(peer, clock).call("/member/info")
    assert clock.slept == [1, 2, 4]
    assert len(peer.requests) == 4


@pytest.mark.parametrize(
    ("code", "status"),
    [("RequestLocked", 423), ("DangerousOperation", 428), ("InvalidParameter", 400), ("New", 400)],
)
def test_a_refusal_is_not_tried_again(code: str, status: int) -> None:
    clock, peer = Clock(), Script(error(code, status=status))
    with pytest.raises(Failure):
        client(peer, clock).call("/member/info")
    assert len(peer.requests) == 1
    assert clock.slept == []


def test_an_answer_that_is_not_json_is_not_tried_again() -> None:
    peer = Script(httpx.Response(200, text="hello"))
    with pytest.raises(errors.NotTheService):
        client(peer).call("/member/info")
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    ("header", "slept"),
    [("7", 7), ("3600", 60), ("0", 1), ("-4", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 1), ("x", 1)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(header: str, slept: float, status: int) -> None:
    code = "RequestTooFrequently" if status == 429 else "ServiceUnavailable"
    answer = error(code, status=status, headers={"Retry-After": header})
    clock = Clock()
    client(Script(answer, ok(1)), clock).call("/member/info")
    assert clock.slept == [slept]


def test_a_used_up_minute_is_outlasted() -> None:
    clock = Clock()
    client(Script(TOO_MANY, TOO_MANY, TOO_MANY, ok(1)), clock).call("/member/info")
    assert clock.slept == [1, 8, 60]


def test_a_429_pauses_the_whole_client() -> None:
    arrived: list[float] = []
    clock = Clock()

    def peer(request: httpx.Request) -> httpx.Response:
        arrived.append(clock.now())
        return TOO_MANY if len(arrived) == 1 else ok(1)

    with client(peer, sleep=lambda seconds: None, monotonic=clock.now) as peer_client:
        limiter = peer_client._limiter
        limiter.pause(5)
        assert limiter._paused_until == 5
    clock = Clock()
    arrived.clear()
    seen = client(peer, clock)
    assert seen.each(seen.call, ["/a", "/b", "/c"]) == [1, 1, 1]
    assert sum(at < 1 for at in arrived) <= 3
    assert arrived[-1] >= 1


@pytest.mark.parametrize(
    "doubtful",
    [
        BUSY,
        httpx.Response(502, text="<html>"),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, content=b""),
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("broken"),
        httpx.WriteError("broken"),
        httpx.RemoteProtocolError("cut"),
        httpx.DecodingError("zip"),
    ],
)
def test_a_create_of_unknown_outcome_is_never_sent_again(doubtful: Any) -> None:
    clock, peer = Clock(), Script(doubtful, ok({"schedule_id": 5}))
    with pytest.raises(Unclear) as caught:
        schedules.create(client(peer, clock), Schedule(name="New"))
    assert len(peer.requests) == 1
    assert clock.slept == []
    assert isinstance(caught.value.reason, Failure)
    assert caught.value.reason.said in str(caught.value)
    assert caught.value.endpoint == "/schedule/create"


@pytest.mark.parametrize(
    "refusal", [error("InvalidParameter"), httpx.Response(302), httpx.Response(403, text="<html>")]
)
def test_a_create_that_was_refused_is_clear(refusal: httpx.Response) -> None:
    with pytest.raises(Failure) as caught:
        schedules.create(client(Script(refusal)), Schedule(name="New"))
    assert not isinstance(caught.value, Unclear)


@pytest.mark.parametrize(
    "certain", [TOO_MANY, httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")]
)
def test_a_create_that_surely_was_not_carried_out_is_clear(certain: Any) -> None:
    with pytest.raises((TooFrequent, Unreachable)) as caught:
        schedules.create(client(Script(certain)), Schedule(name="New"))
    assert (caught.value.again, caught.value.maybe_done) == (True, False)


def test_a_bug_in_a_reader_is_not_tried_again() -> None:
    peer = Script(ok({}))
    with pytest.raises(ZeroDivisionError):
        client(peer).fetch("/member/info", lambda data: 1 / 0)
    assert len(peer.requests) == 1


@given(
    st.sampled_from([ServerTrouble("/a"), TooFrequent("/a"), Unreachable("/a")]),
    st.integers(1, 3),
    st.floats(0, 1),
)
def test_waits_are_between_a_second_and_a_minute(
    failure: Failure, attempt: int, jitter: float
) -> None:
    assert 1 <= backoff(failure, attempt, jitter) <= 60


def test_jitter_spreads_the_waits() -> None:
    clock = Clock()
    steps = iter([0.0, 0.2, 0.5, 0.7, 1.0])
    for _ in range(5):
        client(Script(BUSY, ok(1)), clock, jitter=lambda: next(steps)).call("/a")
    assert len(set(clock.slept)) == 5
    assert all(1 <= slept <= 1.5 for slept in clock.slept)
