"""The promise: no sliding window of the server holds too many arrivals, whatever the latency."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api.concurrency import Patience
from flashsync.api.rate_limit import ACCOUNT, OWN, Limit, Limiter, Pace, Slot, Slots
from tests.api.peers import Clock
from tests.properties import trying

Latency = tuple[float, float]


def take(limits: Sequence[Slots], now: float) -> list[Slot]:
    """A slot of each; none where requests without an answer hold all of one."""
    slots = [slot for limit in limits if (slot := limit.take(now))]
    if len(slots) < len(limits):
        release(slots, None)
        return []
    return slots


def release(slots: Sequence[Slot], answered: float | None) -> None:
    for slot in slots:
        slot.release(answered)


def usable(slots: Sequence[Slot], now: float) -> float:
    """When the last one of them is free."""
    return max(now, *(slot.free_at for slot in slots))


def processes(limits: Sequence[Limit], rates: Sequence[float]) -> list[list[Slots]]:
    """The slots of processes that share one file."""
    each = [[Slots(limit, rate) for limit in limits] for rate in rates]
    tables = [[-math.inf] * slots.size for slots in each[0]]
    for slots in each:
        for limit, table in zip(slots, tables, strict=True):
            limit.share(table, 0)
    return each


def arrivals(
    limits: Sequence[Limit],
    rates: float | Sequence[float],
    threads: int,
    latencies: Sequence[Latency],
    requests: int,
) -> list[float]:
    """When each request arrives, in virtual time; a latency is (to the server, back from it).

    Each of `rates` is that of a process with so many threads.
    """
    each = processes(limits, [rates] if isinstance(rates, float | int) else rates)
    latency, number = itertools.cycle(latencies), itertools.count()
    idle, left, arrived = [threads] * len(each), requests, list[float]()
    answers: list[tuple[float, int, int, list[Slot]]] = []
    now = 0.0
    while left:
        process = next(number) % len(each)
        if idle[process] and (taken := take(each[process], now)):
            ready = usable(taken, now)
            there, back = next(latency)
            arrived.append(ready + there)
            heapq.heappush(answers, (ready + there + back, next(number), process, taken))
            idle[process], left = idle[process] - 1, left - 1
        elif process == len(each) - 1 and answers:
            now, _, process, taken = heapq.heappop(answers)
            idle[process] += 1
            release(taken, now)
    return sorted(arrived)


def arrivals_of_pairs(
    limits: Sequence[Limit], rate: float, threads: int, latencies: Sequence[Latency], pairs: int
) -> list[float]:
    """As `arrivals`, of threads that each hold three slots, use two one after the other, and put
    the third one back: a read, its write, and a read that was not needed."""
    slots = [Slots(limit, rate) for limit in limits]
    latency = itertools.cycle(latencies)
    arrived: list[float] = []
    answers: list[tuple[float, int, list[list[Slot]]]] = []
    idle, left, now, number = threads, pairs, 0.0, 0

    def send(at: float, held: list[list[Slot]]) -> None:
        nonlocal number
        there, back = next(latency)
        arrived.append(at + there)
        number += 1
        heapq.heappush(answers, (at + there + back, number, held))

    while left or answers:
        if left and idle:
            held = [take(slots, now) for _ in range(3)]
            if all(held):
                send(max(usable(taken, now) for taken in held), held)
                idle, left = idle - 1, left - 1
                continue
            for taken in held:
                release(taken, None)
        now, _, (used, *unused) = heapq.heappop(answers)
        release(used, now)
        if len(unused) == 2:
            send(now, unused)
            continue
        idle += 1
        release(unused[0], None)
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


percents = st.integers(2, 100).map(lambda percent: percent / 100)


@given(latencies, st.integers(1, 64), st.floats(0.01, 1))
@trying(50)
def test_no_second_has_too_many(latency: list[Latency], threads: int, rate: float) -> None:
    times = arrivals(ACCOUNT, rate, threads, latency, 250)
    assert closest(times, 50) >= 1


@given(latencies, st.integers(1, 20), st.lists(percents, min_size=2, max_size=5))
@trying(25)
def test_processes_together_keep_the_limits(
    latency: list[Latency], threads: int, rates: list[float]
) -> None:
    times = arrivals(ACCOUNT, rates, threads, latency, 250)
    assert closest(times, 50) >= 1
    most = max(3, int(50 * max(rates)))  # as if the fastest were alone
    assert closest(times, most) >= min(1, 3 / (50 * max(rates)))


@given(latencies, st.integers(4, 16))
@trying(5)
def test_processes_together_keep_the_minute(latency: list[Latency], threads: int) -> None:
    assert closest(arrivals(ACCOUNT, [1, 0.8, 1], threads, latency, 2100), 1000) >= 60


@given(latencies, st.integers(1, 20), st.floats(0.01, 1))
@trying(50)
def test_a_read_and_its_write_keep_the_limits(
    latency: list[Latency], threads: int, rate: float
) -> None:
    times = arrivals_of_pairs(ACCOUNT, rate, threads, latency, 125)
    assert closest(times, 50) >= 1
    assert len(times) == 250


@given(latencies, st.integers(8, 16))
@trying(10)
def test_a_read_and_its_write_keep_the_minute(latency: list[Latency], threads: int) -> None:
    assert closest(arrivals_of_pairs(ACCOUNT, 1, threads, latency, 1050), 1000) >= 60


@given(latencies, st.integers(8, 64))
@trying(10)
def test_no_minute_has_too_many(latency: list[Latency], threads: int) -> None:
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


@pytest.mark.parametrize(
    ("rate", "count", "period"), [(0.8, 40, 1), (0.06, 3, 1), (0.03, 3, 2), (0.01, 3, 6)]
)
def test_a_share_of_the_limit(rate: float, count: int, period: float) -> None:
    """However small it is, a read and its write fit in, and the average is kept."""
    slots = Slots(Limit(50, 1), rate)
    taken = [slots.take(0) for _ in range(count)]
    assert {slot and slot.free_at for slot in taken} == {-math.inf}
    assert slots.take(0) is None
    assert taken[0] is not None
    taken[0].release(10)
    slot = slots.take(10)
    assert slot is not None
    assert slot.free_at == pytest.approx(10 + period, rel=0.002)


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
    limiter = Limiter(0.02, patience)  # three in three seconds
    turns: list[bool] = []

    def take_turn() -> None:
        with limiter.slot("/a") as turn:
            turns.append(turn)

    with limiter.together(["/a"] * 3):
        waiting = threading.Thread(target=take_turn)
        waiting.start()
    waiting.join()
    with limiter.together(["/a"] * 3):
        waiting = threading.Thread(target=take_turn)
        waiting.start()
        patience.end()
        waiting.join()
    assert turns == [True, False]


def test_what_is_held_together_needs_no_wait() -> None:
    clock = Clock()
    limiter = Limiter(0.02, Patience(clock.sleep, clock.now))
    for _ in range(3):
        with limiter.slot("/a"):
            pass
    with limiter.together(["/read", "/write"]) as turn:
        assert turn
        waited = list(clock.slept)
        assert sum(waited) == pytest.approx(3, rel=0.01)
        with limiter.slot("/read") as first:
            limiter.pause(60)  # another thread is told to slow down
        with limiter.slot("/write") as second:
            assert (first, second) == (True, True)
        assert clock.slept == waited


def test_what_was_held_and_not_used_is_free_at_once() -> None:
    clock = Clock()
    limiter = Limiter(0.02, Patience(clock.sleep, clock.now))
    with limiter.together(["/read", "/read", "/write"]), limiter.slot("/read"):
        assert limiter.room("/a", 0) == 0
    assert limiter.room("/a", 0) == 2


def test_a_waiting_request_takes_no_slot() -> None:
    """Else two of these would wait for each other: each holds two of three slots."""
    clock = Clock()
    limiter = Limiter(0.02, Patience(clock.sleep, clock.now))

    def work() -> None:
        for _ in range(20):
            with limiter.together(["/read", "/write"]):
                for endpoint in ("/read", "/read", "/audit", "/write"):
                    with limiter.slot(endpoint) as turn:
                        assert turn

    threads = [threading.Thread(target=work, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def test_who_needs_several_is_not_overtaken_for_ever() -> None:
    limiter = Limiter(0.02, Patience(lambda seconds: None, itertools.count().__next__))
    done = threading.Event()

    def hurry() -> None:
        while not done.is_set():
            with limiter.slot("/a"):
                pass

    hasty = [threading.Thread(target=hurry, daemon=True) for _ in range(8)]
    for thread in hasty:
        thread.start()
    for _ in range(20):
        with limiter.together(["/read", "/read", "/write"]) as turn:
            assert turn
    done.set()
    for thread in hasty:
        thread.join(20)
    assert not any(thread.is_alive() for thread in hasty)


def test_a_waiting_preview_delays_nobody_else() -> None:
    clock = Clock()
    limiter = Limiter(1, Patience(clock.sleep, clock.now))
    turns: list[bool] = []

    def preview() -> None:
        with limiter.slot("/schedule/preview") as turn:
            turns.append(turn)

    with contextlib.ExitStack() as under_way:
        for _ in range(10):
            under_way.enter_context(limiter.slot("/schedule/preview"))
        waiting = threading.Thread(target=preview, daemon=True)
        waiting.start()
        while not limiter._waiting:
            time.sleep(0.001)
        with limiter.together(["/read", "/write"]) as turn:
            assert turn
            assert turns == []
    waiting.join(20)
    assert turns == [True]


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


def test_a_refusal_halves_the_pace_and_half_a_minute_without_one_doubles_it() -> None:
    pace = Pace(40)
    assert [pace.reserve(0, 1), pace.reserve(0, 1)] == [0, 0]
    pace.refuse(sent=0, now=1)
    pace.refuse(sent=0.5, now=1.5)  # sent before: the same burst
    starts = [pace.reserve(2, 1) for _ in range(3)]
    assert starts == pytest.approx([2, 2.05, 2.1], abs=0.005)
    pace.refuse(sent=3, now=3)
    starts = [pace.reserve(3, 1) for _ in range(3)]
    assert starts == pytest.approx([3, 3.1, 3.2], abs=0.01)
    starts = [pace.reserve(33, 1) for _ in range(2)]
    assert starts == pytest.approx([33, 33.05], abs=0.01)
    assert [pace.reserve(64, 1) for _ in range(2)] == [64, 64]


def test_the_pace_never_comes_to_a_halt() -> None:
    pace = Pace(40)
    for second in range(100):
        pace.refuse(sent=second, now=second)
    assert pace.reserve(100, 1) <= pace.reserve(100, 1) <= 102


def test_a_refused_preview_slows_down_previews_alone() -> None:
    clock = Clock()
    limiter = Limiter(1, Patience(clock.sleep, clock.now))
    limiter.answered("/schedule/preview", 0, refused=True)
    assert limiter.room("/schedule/info", 0.5) == 50
    assert limiter.room("/schedule/preview", 0.5) == 2


def test_who_waits_for_a_pause_does_not_start_with_all_others() -> None:
    clock = Clock()
    limiter = Limiter(1, Patience(clock.sleep, clock.now))
    limiter.answered("/a", 0, refused=True)
    limiter.pause(7)
    starts = []
    for _ in range(5):
        with limiter.slot("/a"):
            starts.append(clock.now())
    assert starts == pytest.approx([7, 7.04, 7.08, 7.12, 7.16], abs=0.03)
