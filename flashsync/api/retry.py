"""When a call is repeated, and after how long (api.md, Transport: from 1 s, at most 3 times)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenacity import RetryCallState, Retrying, stop_after_attempt

from flashsync.api.concurrency import Patience
from flashsync.api.errors import Failure, TooFrequent
from flashsync.api.rate_limit import Limiter

ATTEMPTS = 4
"""The first one and at most three more."""

LONGEST = 60.0
"""Seconds: no wait is longer, whatever the server asks for."""

_FACTOR = 2.0
# Two waits of 1 s and 8 s end a burst; the third outlasts the window of a minute, which another
# program, or the run before this one, may have used up.
_FACTOR_TOO_FREQUENT = 8.0


@dataclass(slots=True)
class RetriedCall:
    """One call under way.

    It is not `patient` where a 429 shall end it at once. `once` is sent one time, whatever comes.
    """

    endpoint: str
    method: str
    body: Any
    content: bytes
    patient: bool = True
    once: bool = False
    read: Callable[[Any], Any] = field(default=lambda data: data)
    attempt: int = 0
    failure: Failure | None = None


def backoff(failure: Failure, attempt: int, jitter: float) -> float:
    """Seconds to wait after a failed attempt (from 1); `jitter` is 0 to 1 and lengthens it.

    `Retry-After` is obeyed; 0 there says nothing, and the backoff takes its place.
    """
    if failure.retry_after:
        return min(failure.retry_after, LONGEST)
    factor = _FACTOR_TOO_FREQUENT if isinstance(failure, TooFrequent) else _FACTOR
    return min(factor ** (attempt - 1) * (1 + jitter / 2), LONGEST)


def pause(limiter: Limiter, failure: Failure, attempt: int, jitter: float) -> float:
    """As `backoff`; a 429 stops the whole client for so long, since the limit is the account's."""
    seconds = backoff(failure, attempt, jitter)
    if isinstance(failure, TooFrequent):
        limiter.pause(seconds)
    return seconds


def retrying(
    limiter: Limiter, patience: Patience, jitter: Callable[[], float] = random.random
) -> Retrying:
    """The retry layer of a client; it calls a function that takes a Call first."""

    def wait(state: RetryCallState) -> float:
        failure = _failure(state)
        return pause(limiter, failure, state.attempt_number, jitter()) if failure else 0

    return Retrying(
        sleep=patience.wait,
        stop=stop_after_attempt(ATTEMPTS),
        retry=_worth_it,
        wait=wait,
        reraise=True,
    )


def _failure(state: RetryCallState) -> Failure | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Failure) else None


def _worth_it(state: RetryCallState) -> bool:
    failure = _failure(state)
    call: RetriedCall = state.args[0]
    if failure is None or not failure.again or call.once:
        return False
    return call.patient or not isinstance(failure, TooFrequent)
