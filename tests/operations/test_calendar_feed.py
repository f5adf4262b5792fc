"""Calendars that are read again and again: how often, and what is kept when a read fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from flashsync.errors import FlashsyncError
from flashsync.model.calendar import Basis, Freshness
from flashsync.operations.calendar_feed import LONGEST_PAUSE, CalendarFeed, watch_calendars
from flashsync.operations.calendar_sources import CalendarOptions
from flashsync.operations.calendars import ShownCalendars
from flashsync.operations.session import Session
from flashsync.sandbox import refusal
from tests.cli.console import Terminal, schedule
from tests.clock import Clock

LIVE = CalendarOptions(7, basis=Basis.LIVE, all_=True)
REFUSED = refusal("AccessDenied", "no more")
LIST = "/schedule/list"
OFTEN = 10


@pytest.fixture
def session(demo: Terminal) -> Iterator[Session]:
    """A session of the demo's account."""
    environment = {"FLASHDUTY_APP_KEY": "sandbox-key", "FLASHDUTY_BASE_URL": demo.sandbox.url}
    with Session(environment, demo.clock, demo.folder) as session:
        yield session


def freshness(shown: ShownCalendars) -> Freshness:
    """How fresh calendars of a feed are."""
    assert shown.view.freshness is not None
    return shown.view.freshness


def test_a_read_has_its_time_and_the_pause(demo: Terminal, session: Session) -> None:
    feed = CalendarFeed(session, LIVE, 60)
    assert freshness(feed.refresh()) == Freshness(demo.clock.now, pause=60)
    assert feed.remaining == 60
    demo.clock.advance(45)
    assert feed.remaining == 15
    demo.clock.advance(100)
    assert feed.remaining == 0


def test_a_clock_that_was_set_back_does_not_put_off_the_next_read(
    demo: Terminal, session: Session
) -> None:
    feed = CalendarFeed(session, LIVE, 60)
    feed.refresh()
    demo.clock.advance(-3600)
    assert feed.remaining == 0


def test_the_second_read_shows_what_changed(demo: Terminal, session: Session) -> None:
    feed = CalendarFeed(session, LIVE, 60)
    before = [calendar.name for calendar in feed.refresh().calendars]
    demo.sandbox.console.delete("Legacy NOC")
    assert [one.name for one in feed.refresh().calendars] == [
        name for name in before if name != "Legacy NOC"
    ]


def test_a_failed_read_keeps_the_calendars_and_says_why(demo: Terminal, session: Session) -> None:
    feed = CalendarFeed(session, LIVE, 60)
    last = feed.refresh()
    read_at = demo.clock.now
    demo.clock.advance(60)
    demo.sandbox.fail_next(REFUSED, LIST)
    kept = feed.refresh()
    assert kept.calendars == last.calendars
    assert freshness(kept).read_at == read_at
    assert "no more" in freshness(kept).failure
    demo.clock.advance(120)
    assert freshness(feed.refresh()) == Freshness(demo.clock.now, pause=60)


def test_pauses_double_while_reads_fail(demo: Terminal, session: Session) -> None:
    feed = CalendarFeed(session, LIVE, 60)
    feed.refresh()
    demo.sandbox.fail_next(REFUSED, LIST, times=6)
    pauses = [freshness(feed.refresh()).pause for _ in range(6)]
    assert pauses == [120, 240, 480, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    assert freshness(feed.refresh()).pause == 60


def test_a_first_read_that_fails_has_nothing_to_keep(demo: Terminal, session: Session) -> None:
    demo.sandbox.fail_next(REFUSED, LIST)
    with pytest.raises(FlashsyncError, match="no more"):
        CalendarFeed(session, LIVE, 60).refresh()


def test_files_with_errors_keep_the_calendars_as_well(demo: Terminal, session: Session) -> None:
    demo.declare(schedule("New"))
    feed = CalendarFeed(session, CalendarOptions(7), 60)
    last = feed.refresh()
    demo.write("schedules/0.yaml", "schedule: New\nlayers: 7\n")
    kept = feed.refresh()
    assert kept.calendars == last.calendars
    assert freshness(kept).failure.startswith("schedules/0.yaml:2:9: ")


def test_many_requests_are_spread_over_a_longer_time(demo: Terminal, session: Session) -> None:
    """A read of 20 declared schedules asks for each of them."""
    names = [f"Rota {number}" for number in range(20)]
    demo.declare(*(schedule(name) for name in names))
    demo.apply("--create-lookalike")
    demo.sandbox.log.clear()
    shown = CalendarFeed(session, CalendarOptions(7), OFTEN).refresh()
    requests = len(demo.sandbox.log)
    assert requests > 20
    assert freshness(shown).spared
    assert freshness(shown).pause >= requests * 60 / 100


@dataclass
class Viewer:
    """Somebody at a terminal: each wait is a step of what happens; then comes Ctrl-C."""

    clock: Clock
    steps: list[Callable[[], bool]]
    waits: list[float] = field(default_factory=list)
    seen: list[Freshness] = field(default_factory=list)

    def draw(self, shown: ShownCalendars) -> None:
        """Look at a picture."""
        self.seen.append(freshness(shown))

    def wait(self, seconds: float) -> bool:
        """Let the time pass, or make the window larger."""
        self.waits.append(seconds)
        if not self.steps:
            raise KeyboardInterrupt
        again = self.steps.pop(0)()
        if not again:
            self.clock.advance(seconds)
        return again


def test_a_larger_window_is_drawn_again_without_a_request(demo: Terminal, session: Session) -> None:
    def enlarge() -> bool:
        demo.clock.advance(20)
        return True

    viewer = Viewer(demo.clock, [enlarge, lambda: False])
    start = demo.clock.now
    with pytest.raises(KeyboardInterrupt):
        watch_calendars(CalendarFeed(session, LIVE, 60), viewer.draw, viewer.wait)
    assert viewer.waits == [60, 40, 60]
    assert [fresh.read_at - start for fresh in viewer.seen] == [0, 0, 60]
    assert demo.sandbox.counts["/schedule/list"] == 2


def test_a_failure_is_drawn_and_the_next_success_too(demo: Terminal, session: Session) -> None:
    def fail() -> bool:
        demo.sandbox.fail_next(REFUSED, LIST)
        return False

    viewer = Viewer(demo.clock, [fail, lambda: False])
    with pytest.raises(KeyboardInterrupt):
        watch_calendars(CalendarFeed(session, LIVE, 60), viewer.draw, viewer.wait)
    assert [bool(fresh.failure) for fresh in viewer.seen] == [False, True, False]
    assert viewer.waits == [60, 120, 60]
