"""Requests and answers for `-v` and `-vv`, and the server's clock as their headers give it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from threading import local
from typing import Any

from flashsync.api import redact
from flashsync.model.doctor_report import Skew
from flashsync.model.notify import Secret


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt of a call, and its answer.

    `status` is 0 and `failure` names the class of the failure where no answer came; `seconds` is
    how long it took, waiting for a turn not included. `date` is the header of that name. Bodies are
    shown without secrets, and only made readable when somebody asks.
    """

    endpoint: str
    method: str
    status: int
    code: str
    request_id: str
    seconds: float
    attempt: int
    failure: str = ""
    body: Any = field(default=None, repr=False)
    answer: bytes = field(default=b"", repr=False)
    key: Secret = field(default=Secret(), repr=False)
    date: str = ""

    def shown_body(self) -> str:
        """What was sent, as JSON without secrets; "" where nothing was."""
        return "" if self.body is None else redact.body(self.body, self.key.value or "")

    def shown_answer(self) -> str:
        """What came back, without secrets; cleaned and cut where it is not JSON."""
        key = self.key.value or ""
        try:
            return redact.body(json.loads(self.answer), key)
        except (ValueError, RecursionError):
            return redact.clean(self.answer.decode("utf-8", "replace"), key)


# The attempts of one thread, recorded on request.


class Recorder(local):
    """Tells `observe` of each attempt, and keeps a list for each thread that records."""

    def __init__(self, observe: Callable[[Exchange], object] | None) -> None:
        self.observe = observe
        self.seen: list[Exchange] | None = None
        self._later: list[Exchange] | None = None

    @contextmanager
    def recording(self) -> Iterator[list[Exchange]]:
        """The exchanges of this thread from here on, attempt by attempt."""
        before, self.seen = self.seen, []
        try:
            yield self.seen
        finally:
            self.seen = before

    def add(self, exchange: Exchange) -> None:
        """Keep an attempt, and call `observe`, now or when this thread has the time for it."""
        if self.seen is not None:
            self.seen.append(exchange)
        if self._later is not None:
            self._later.append(exchange)
        elif self.observe is not None:
            self.observe(exchange)

    @contextmanager
    def telling_later(self) -> Iterator[None]:
        """Call `observe`, which may be slow, at the end and not after each attempt."""
        later: list[Exchange] = []
        self._later = later
        try:
            yield
        finally:
            self._later = None
            if self.observe is not None:
                for exchange in later:
                    self.observe(exchange)


# The server's clock against this machine's, from the Date headers of answers.

_RESOLUTION = 1.0
"""Seconds: Date has no fractions, and cuts them off."""

_BEST = 20
"""How many of the quickest answers count: a slow one says little."""


@dataclass(frozen=True, slots=True)
class _Sample:
    seconds: float
    skew: Skew


class ServerClock:
    """Collects what answers say about the time. Any thread may add one."""

    def __init__(self) -> None:
        self._samples: list[_Sample] = []

    def note(self, exchange: Exchange, answered: float) -> None:
        """An answer that had come at `answered`, in Unix seconds of this machine's clock."""
        said = instant(exchange.date)
        if said is None:
            return
        sent = answered - exchange.seconds
        skew = Skew(said - answered, said + _RESOLUTION - sent)
        self._samples.append(_Sample(exchange.seconds, skew))

    @property
    def skew(self) -> Skew | None:
        """How far the server is ahead; None where no answer said the time.

        Each answer gives two bounds, and what all agree on is narrower than a second. Where they do
        not agree (several servers, each with its clock), the quickest answer counts.
        """
        best = sorted(self._samples, key=lambda sample: sample.seconds)[:_BEST]
        if not best:
            return None
        least = max(sample.skew.least for sample in best)
        most = min(sample.skew.most for sample in best)
        return Skew(least, most) if least <= most else best[0].skew


def instant(date: str) -> float | None:
    """What a Date header says, in Unix seconds; None where it says nothing."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
