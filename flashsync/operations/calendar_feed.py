"""Calendars that are read again and again, within the rate limit, and kept when a read fails."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from flashsync.errors import FlashsyncError, Problem
from flashsync.model.calendar import Freshness
from flashsync.model.timezone import MINUTE
from flashsync.operations.calendar_sources import CalendarOptions, read_calendars
from flashsync.operations.calendars import ShownCalendars
from flashsync.operations.session import Session

REQUESTS_A_MINUTE = 100
"""On average. The account may make 1,000 (api.md, Transport): who only looks on leaves most of them
to people who work."""

LONGEST_PAUSE = 10 * MINUTE
"""Seconds: while reads fail, pauses double up to this."""


class CalendarFeed:
    """The calendars of a session, read every `every` seconds, or less often.

    The session is for the feed alone, which counts its requests.
    """

    def __init__(self, session: Session, options: CalendarOptions, every: int) -> None:
        self._session, self._options, self._every = session, options, every
        self._endpoints: list[str] = []
        self._shown: ShownCalendars | None = None
        self._read_at = self._tried_at = self._failures = 0
        self._pause = every
        session.listen(lambda exchange: self._endpoints.append(exchange.endpoint))

    def refresh(self) -> ShownCalendars:
        """The calendars as they are now; if they cannot be read, as they were, and why.

        Raises FlashsyncError where there is nothing to keep: for the first read.
        """
        self._endpoints.clear()
        failure = ""
        try:
            shown = read_calendars(self._session, self._options)
            self._read_at, self._failures = self._session.now(), 0
        except FlashsyncError as error:
            if self._shown is None:
                raise
            shown, failure = self._shown, _summarize(error.problems)
            self._failures += 1
        self._tried_at = self._session.now()
        patience = min(self._every * 2**self._failures, max(self._every, LONGEST_PAUSE))
        spread = math.ceil(len(self._endpoints) * MINUTE / REQUESTS_A_MINUTE)
        self._pause = max(patience, spread)
        freshness = Freshness(self._read_at, self._pause, failure, spared=spread > patience)
        self._shown = replace(shown, view=replace(shown.view, freshness=freshness))
        return self._shown

    @property
    def remaining(self) -> int:
        """Seconds until the next read; 0 if it is time for it.

        A clock that was set back does not put it off.
        """
        since = self._session.now() - self._tried_at
        return max(0, self._pause - since) if since >= 0 else 0


def _summarize(problems: tuple[Problem, ...]) -> str:
    others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{problems[0]}{others}"


def watch_calendars(
    feed: CalendarFeed,
    draw: Callable[[ShownCalendars], None],
    wait: Callable[[float], bool],
) -> None:
    """Draw the calendars whenever they were read, until `wait` or a read is interrupted.

    `wait` takes seconds, and returns True if it ended early because they have to be drawn again.
    """
    shown = feed.refresh()
    while True:
        draw(shown)
        if not (feed.remaining and wait(feed.remaining)):
            shown = feed.refresh()
