"""The server's clock against this machine's, from the Date headers of answers."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from flashsync.api.exchange import Exchange
from flashsync.model.doctor_report import Skew

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
