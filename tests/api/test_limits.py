"""The promise: no sliding window of the server holds too many arrivals, whatever the latency."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api.limits import ACCOUNT, OWN, Limit, Limiter, Slots
from flashsync.api.patience import Patience
from tests.properties import trying

from .peers import Clock

Latency = tuple[float, float]


def arrivals(
    limits: Sequence[Limit], rate: float, threads: int, latencies: Sequence[Latency], requests: int
) -> list[float]:
    """When each request arrives, in virtual time; a latency is (to the server, back from it)."""
    slots = [Slots(limit, rate) for limit in limits]
    latency = itertools.cycle(latencies)
    idle, left, arrived = threads, requests, list[float]()
    answers: list[float] = []
    now = 0.0
    while left:
        if idle and all(limit.any for limit in slots):
            ready = max(now, *(limit.take() for limit in slots))
            there, back = next(latency)
            arrived.append(ready + there)
            heapq.heappush(answers, ready + there + back)
            idle, left = idle - 1, left - 1
        else:
            now = heapq.heappop(answers)
            idle += 1
            for limit in slots:
                limit.give(now)
    return sorted(arrived)


def closest(times: Sequence[float], count: int) -> float:
    """The shortest time in which more than `count` arrive."""
    return min((late - early for early, late in pairs(times, count)), default=math.inf)


def pairs(times: Sequence[float], count: int) -> Iterator[tuple[float, float]]:
    return zip(times, times[count:], strict=False)


latencies = st.lists(
    st.tuples(st.floats(0, 3), st.floats(0, 3)) | st.tuples(st.floats(0, 0.05), st.floats(0, 0.05)),
    min_size=1,
    max_size=60,
)


@given(latencies, st.integers(1, 64), st.floats(0.01, 1))
@trying(50)
def test_no_second_holds_too_many(latency: list[Latency], threads: int, rate: float) -> None:
    times = arrivals(ACCOUNT, rate, threads, latency, 250)
    assert closest(times, 50) >= 1


@given(latencies, st.integers(8, 64))
@trying(10)
def test_no_minute_holds_too_many(latency: list[Latency], threads: int) -> None:
    times = arrivals(ACCOUNT, 1, threads, latency, 2100)
    assert closest(times, 50) >= 1
    assert closest(times, 1000) >= 60


@given(latencies, st.integers(1, 16))
@trying(25)
def test_preview_keeps_its_own_limits(latency: list[Latency], threads: int) -> None:
    times = arrivals((*ACCOUNT, *OWN["/schedule/preview"]), 1, threads, latency, 130)
    assert closest(times, 10) >= 1
    assert closest(times, 60) >= 60


@pytest.mark.parametrize(("requests", "floor"), [(1000, 19), (2000, 79)])
def test_the_price_is_one_latency_a_period(requests: int, floor: float) -> None:
    times = arrivals(ACCOUNT, 1, 8, [(0.03, 0.03)], requests)
    assert times[-1] <= floor * 1.09


@pytest.mark.parametrize(("rate", "count", "period"), [(0.8, 40, 1), (0.029, 1, 1), (0.01, 1, 2)])
def test_a_share_of_the_limit(rate: float, count: int, period: float) -> None:
    slots = Slots(Limit(50, 1), rate)
    for _ in range(count):
        assert slots.take() == -math.inf
    assert not slots.any
    slots.give(10)
    assert slots.take() == pytest.approx(10 + period, rel=0.002)


@pytest.mark.parametrize("rate", [0, -1, 1.01, math.nan])
def test_a_rate_that_makes_no_sense(rate: float) -> None:
    with pytest.raises(ValueError, match="the rate must be above 0"):
        Limiter(rate, Patience())


def test_a_pause_is_for_all() -> None:
    clock = Clock()
    limiter = Limiter(1, Patience(clock.sleep, clock.now))
    limiter.pause(7)
    limiter.pause(3)
    with limiter.slot("/a") as turn:
        assert turn
        assert clock.now() == 7


def test_a_wait_that_is_called_off_gives_no_turn() -> None:
    clock = Clock()
    patience = Patience(clock.sleep, clock.now)
    limiter = Limiter(1, patience)
    patience.end()
    with limiter.slot("/a") as turn:
        assert not turn
    patience.renew()
    with limiter.slot("/a") as turn:
        assert turn


def test_a_wait_for_a_slot_that_somebody_holds() -> None:
    clock = Clock()
    patience = Patience(clock.sleep, clock.now)
    limiter = Limiter(0.02, patience)  # one a second
    turns: list[bool] = []

    def take_turn() -> None:
        with limiter.slot("/a") as turn:
            turns.append(turn)

    with limiter.slot("/a"):
        waiting = threading.Thread(target=take_turn)
        waiting.start()
    waiting.join()
    with limiter.slot("/a"):
        waiting = threading.Thread(target=take_turn)
        waiting.start()
        patience.end()
        waiting.join()
    assert turns == [True, False]


def test_a_sleeper_wakes_when_waits_are_called_off() -> None:
    patience = Patience()
    waker = threading.Timer(0.05, patience.end)
    waker.start()
    started = time.monotonic()
    patience.wait(30)
    waker.join()
    assert time.monotonic() - started < 5
    patience.wait(30)
    assert time.monotonic() - started < 5


def test_real_threads_in_real_time() -> None:
    limiter = Limiter(1, Patience())
    arrived: list[float] = []

    def work() -> None:
        for _ in range(14):
            with limiter.slot("/a"):
                arrived.append(time.monotonic())

    started = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(arrived) == 112
    assert closest(sorted(arrived), 50) >= 1
    assert time.monotonic() - started < 3
