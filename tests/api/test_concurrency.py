from __future__ import annotations

import _thread
import threading
import time

import httpx
import pytest

from flashsync.api import concurrency
from flashsync.api.concurrency import Impatience, Patience, each
from flashsync.api.errors import Invalid, ServerTrouble, Stopped
from tests.api.peers import client, error, ok, sent


@pytest.mark.parametrize("threads", [1, 3, 100])
def test_results_come_in_order(threads: int) -> None:
    def double(item: int) -> int:
        time.sleep(0.001 * (item % 3))
        return 2 * item

    assert each(double, range(40), threads, Patience()) == [2 * item for item in range(40)]


def test_nothing_to_do() -> None:
    assert each(str, [], 8, Patience()) == []


def test_the_first_failure_leaves_out_what_was_not_begun() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 3:
            raise KeyError(item)
        time.sleep(0.01)

    with pytest.raises(KeyError):
        each(work, range(1000), 4, Patience())
    assert len(begun) < 50


def test_a_failure_ends_waits_and_lets_requests_under_way_finish() -> None:
    patience = Patience()
    finished: list[int] = []
    all_there = threading.Barrier(3)

    def work(item: int) -> None:
        all_there.wait()
        if item == 0:
            raise KeyError(item)
        if item == 1:
            patience.wait(60)
        time.sleep(0.05)
        finished.append(item)

    started = time.monotonic()
    with pytest.raises(KeyError):
        each(work, range(3), 3, patience)
    assert time.monotonic() - started < 10
    assert sorted(finished) == [1, 2]
    assert not patience.ended


def test_ctrl_c_ends_waits_and_is_raised() -> None:
    patience = Patience()
    waiting = threading.Barrier(3)

    def work(item: int) -> None:
        waiting.wait()
        if item == 0:
            _thread.interrupt_main()
        patience.wait(60)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        each(work, range(3), 3, patience)
    assert time.monotonic() - started < 10
    assert not patience.ended


def test_a_second_ctrl_c_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither for a request under way, although nobody would interrupt the wait for it."""
    answered = threading.Event()
    patience = Patience()

    def second(*waiting: object, **turn: object) -> None:
        raise Impatience

    monkeypatch.setattr(concurrency, "wait", second)
    started = time.monotonic()
    with pytest.raises(Impatience):
        each(lambda item: answered.wait(30), range(3), 2, patience)
    answered.set()
    assert time.monotonic() - started < 10
    assert patience.ended


def test_a_call_in_backoff_ends_with_what_it_last_met() -> None:
    """No new attempt after a sibling's failure; the siblings know that nothing more was sent."""
    met: list[BaseException] = []
    in_backoff = threading.Event()

    def peer(request: httpx.Request) -> httpx.Response:
        if sent(request) == 0:
            in_backoff.wait(10)
            return error("InvalidParameter")
        return error("ServiceUnavailable", status=503)

    flashduty = client(peer, sleep=None, monotonic=time.monotonic, observe=lambda _: None)

    def work(item: int) -> None:
        try:
            if item == 2:
                time.sleep(0.2)
                in_backoff.set()
                while not flashduty._patience.ended:
                    time.sleep(0.01)
            flashduty.call("/a", item)
        except Exception as caught:
            met.append(caught)
            raise

    started = time.monotonic()
    with pytest.raises(Invalid):
        flashduty.each(work, range(3))
    assert time.monotonic() - started < 5
    assert {type(one) for one in met} == {Invalid, ServerTrouble, Stopped}


def test_a_client_works_again_after_a_failure() -> None:
    def peer(request: httpx.Request) -> httpx.Response:
        return error("InvalidParameter") if request.url.path == "/bad" else ok(1)

    flashduty = client(peer)
    with pytest.raises(Invalid):
        flashduty.each(flashduty.call, ["/bad"] * 5)
    assert flashduty.each(flashduty.call, ["/good"] * 5) == [1] * 5
