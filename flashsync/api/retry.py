"""When a call is repeated, and after how long (api.md, Transport: from 1 s, at most 3 times)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception

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
        if isinstance(failure, TooFrequent):
            now, passed = self._limiter.now(), self._limiter.passed != self._passed
            if self._refused_at is None:
                self._refused_at = now
            may_still_pass = passed and now - self._refused_at < REFUSED_FOR
            self._refusals = 0 if may_still_pass else self._refusals + 1
        else:
            self._failures += 1
        self._passed = self._limiter.passed

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
    read: Callable[[Any], Any]
    patient: bool
    once: bool
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


def retrying(
    call: RetriedCall, patience: Patience, pause: Callable[[Failure, Attempts], float]
) -> Retrying:
    """Repeats a call, each attempt of which notes and counts its failure; `pause` gives the seconds
    before the next one."""

    def may_pass(error: BaseException) -> bool:
        if call.once or not (isinstance(error, Failure) and error.again):
            return False
        return call.patient or not isinstance(error, TooFrequent)

    def wait(state: RetryCallState) -> float:
        return pause(call.failure, call.attempts) if call.failure else 0

    return Retrying(
        sleep=patience.wait,
        stop=lambda state: patience.ended or not call.attempts.left,
        retry=retry_if_exception(may_pass),
        wait=wait,
        reraise=True,
    )
