"""Who is on call at a moment, and who comes next, read from shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync.model.calendar import Calendar, Shift
from flashsync.model.people import Directory
from flashsync.render.calendar_view import Shown, View


@dataclass(frozen=True, slots=True)
class Post:
    """One schedule. `calendar` is None for one that is declared and not live."""

    name: str
    id: int | None = None
    calendar: Calendar | None = None

    def now(self, instant: int) -> Shift | None:
        """The shift of that moment, or None where nobody is on call."""
        return self.calendar.at(instant) if self.calendar else None

    def next(self, instant: int) -> Shift | None:
        """The shift that begins next, be it after a gap."""
        return self.calendar.after(instant) if self.calendar else None


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment that was asked for, in Unix seconds; `now` is the present one."""

    at: int
    now: int
    timezone: str
    directory: Directory


def by_urgency(posts: Sequence[Post], at: int) -> list[Post]:
    """Those where nobody is on call first, then what is not live, all else in its order."""
    return sorted(posts, key=lambda post: (post.now(at) is not None, post.calendar is None))


def as_events(posts: Sequence[Post], moment: Moment) -> tuple[list[Shown], View]:
    """The shift of the moment and the next one of each schedule, as calendars to write out."""
    shown: list[Shown] = []
    for post in posts:
        if post.calendar is None:
            continue
        both = (post.now(moment.at), post.next(moment.at))
        final = tuple(shift for shift in both if shift)
        shown.append(Shown(post.name, replace(post.calendar, lanes=(), final=final), post.id))
    ends = [one.calendar.end for one in shown]
    window = (moment.at, max(ends, default=moment.at))
    return shown, View(window, moment.timezone, moment.now, moment.directory)
