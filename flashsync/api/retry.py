"""When a call is repeated, and after how long (api.md, Transport: from 1 s, at most 3 times)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenacity import RetryCallState, Retrying

from flashsync.api.concurrency import Patience
from flashsync.api.errors import Failure, TooFrequent, Unreachable
from flashsync.api.rate_limit import Limiter

ATTEMPTS = 4
"""The first one and at most three more."""

WITHOUT_CONNECTION = 2
"""Attempts at the first connection of a run: a wrong address or proxy stays wrong."""

REFUSED_FOR = 600.0
"""Seconds in which a 429 may use up no attempt: an endpoint that always refuses ends a run, too."""

LONGEST = 60.0
"""Seconds: no wait is longer, whatever the server asks for."""

_FACTOR = 2.0
# Two waits of 1 s and 8 s end a burst; the third outlasts the window of a minute, which another
# program, or the run before this one, may have used up.
_FACTOR_TOO_FREQUENT = 8.0


class Attempts:
    """Counts how often a call was made in vain.

    What was refused with a 429 was not carried out: for ten minutes, it uses up no attempt while
    other requests of the run get through.
    """

    def __init__(self, limiter: Limiter) -> None:
        self._limiter, self._passed = limiter, limiter.passed
        self._refused_at: float | None = None
        self._failures = self._refusals = 0
        self._most = ATTEMPTS

    @property
    def left(self) -> bool:
        """Whether it may be made again."""
        return self._failures + self._refusals < self._most

    def count(self, failure: Failure) -> None:
        """Note a failure."""
        no_connection = isinstance(failure, Unreachable) and not failure.maybe_done
        first = no_connection and not self._limiter.reached
        self._most = WITHOUT_CONNECTION if first else ATTEMPTS
        if not isinstance(failure, TooFrequent):
            self._failures += 1
        elif self._may_still_pass():
            self._refusals = 0
        else:
            self._refusals += 1
        self._passed = self._limiter.passed

    def _may_still_pass(self) -> bool:
        """Whether others get through, and it was not refused for too long."""
        now = self._limiter.now()
        if self._refused_at is None:
            self._refused_at = now
        return self._limiter.passed != self._passed and now - self._refused_at < REFUSED_FOR

    def pause(self, failure: Failure, jitter: float) -> float:
        """Seconds to wait after a failure; a 429 stops the whole client for so long, since the
        limit is the account's."""
        seconds = backoff(failure, max(1, self._failures + self._refusals), jitter)
        if isinstance(failure, TooFrequent):
            self._limiter.pause(seconds)
        return seconds


@dataclass(slots=True)
class RetriedCall:
    """One call under way.

    It is not `patient` where a 429 shall end it at once. `once` is sent one time, whatever comes.
    `attempt` is how often it was sent.
    """

    endpoint: str
    method: str
    body: Any
    content: bytes
    attempts: Attempts
    patient: bool = True
    once: bool = False
    read: Callable[[Any], Any] = field(default=lambda data: data)
    attempt: int = 0
    failure: Failure | None = None


def backoff(failure: Failure, attempt: int, jitter: float) -> float:
    """Seconds to wait after a failed attempt (from 1); `jitter` is 0 to 1 and lengthens it.

    `Retry-After` is obeyed; 0 there says nothing, and the backoff takes its place. Several clients
    that are refused together do not come back together.
    """
    if failure.retry_after:
        return min(failure.retry_after, LONGEST) + jitter
    factor = _FACTOR_TOO_FREQUENT if isinstance(failure, TooFrequent) else _FACTOR
    return min(factor ** (attempt - 1) * (1 + jitter / 2), LONGEST)


def retrying(patience: Patience, pause: Callable[[Failure, Attempts], float]) -> Retrying:
    """The retry layer of a client. It calls a function that takes a call first, and counts its
    failures; `pause` gives the seconds before the next attempt."""

    def wait(state: RetryCallState) -> float:
        failure = _failure(state)
        return pause(failure, _call(state).attempts) if failure else 0

    return Retrying(
        sleep=patience.wait,
        stop=lambda state: patience.ended or not _call(state).attempts.left,
        retry=_worth_it,
        wait=wait,
        reraise=True,
    )


def _call(state: RetryCallState) -> RetriedCall:
    call: RetriedCall = state.args[0]
    return call


def _failure(state: RetryCallState) -> Failure | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Failure) else None


def _worth_it(state: RetryCallState) -> bool:
    failure, call = _failure(state), _call(state)
    if failure is None or not failure.again or call.once:
        return False
    return call.patient or not isinstance(failure, TooFrequent)
