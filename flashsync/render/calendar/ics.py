"""Shifts as an iCalendar file, for the calendars that people carry with them.

Times are in UTC, so that no reader needs to know the account's zone.

A UID is the same in every run, and no two shifts share it. It is made of the schedule (its id, or
its name if it is not live), the people and the start. If the shift began before the time that was
read, its start is unknown and its end is used: only then can a later run give another UID. Callers
read from well before the shown time, so that only shifts of weeks and months are affected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from icalendar import Calendar, Event, vText

from flashsync import __version__
from flashsync.model import wording
from flashsync.model.calendar import AskedMoment, CalendarView, Post, Shift, ShownCalendar
from flashsync.model.wording import moment
from flashsync.render.calendar.model import shifts_of
from flashsync.render.sanitize import clean

_DOMAIN = "flashsync"


def render_ics(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    """One event for each shift; with a person, only their shifts."""
    file = Calendar()
    file.add("prodid", f"-//flashsync//flashsync {__version__}//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", vText(_title(shown, view)))  # icalendar escapes what it knows as text
    for calendar in shown:
        if not calendar.unknown:
            for shift in shifts_of(calendar, view):
                file.add_component(_event(calendar, shift, view))
    text: bytes = file.to_ical()
    return text.decode()


def render_oncall_ics(posts: Sequence[Post], moment: AskedMoment) -> str:
    """The shift of the moment and the next one of each schedule."""
    shown: list[ShownCalendar] = []
    for post in posts:
        if post.calendar is None:
            continue
        both = (post.now(moment.at), post.next(moment.at))
        final = tuple(shift for shift in both if shift)
        shown.append(
            ShownCalendar(post.name, replace(post.calendar, lanes=(), final=final), post.id)
        )
    ends = [part.calendar.end for part in shown]
    window = (moment.at, max(ends, default=moment.at))
    return render_ics(shown, CalendarView(window, moment.timezone, moment.now, moment.directory))


def _title(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    who = "" if view.person is None else f" of {clean(view.directory.person(view.person))}"
    what = clean(shown[0].name) if len(shown) == 1 else "On call"
    return what + who


def _event(shown: ShownCalendar, shift: Shift, view: CalendarView) -> Event:
    directory = view.directory
    members = wording.sort_members(shift.members, directory)
    names = ", ".join(clean(wording.member(member, directory)) for member in members)
    event = Event()
    event.add("uid", uid(shown, shift))
    event.add("dtstamp", _utc(view.now))
    event.add("dtstart", _utc(shift.start))
    event.add("dtend", _utc(shift.end))
    event.add("summary", f"{clean(shown.name)}: {names}")
    if ends := _describe_unknown_ends(shown, shift, view):
        event.add("description", ends)
    event.add("transp", "TRANSPARENT")  # on call is not busy
    return event


def _describe_unknown_ends(shown: ShownCalendar, shift: Shift, view: CalendarView) -> str:
    """The ends of the shift that lie outside the time that was read."""
    texts: list[str] = []
    if shift.start <= shown.calendar.start:
        texts.append(f"began before {moment(shift.start, view.timezone, view.now)}")
    if shift.end >= shown.calendar.end:
        texts.append(f"ends after {moment(shift.end, view.timezone, view.now)}")
    return ", ".join(texts)


def _utc(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def uid(shown: ShownCalendar, shift: Shift) -> str:
    """The UID of a shift, see above."""
    schedule = shown.name if shown.id is None else str(shown.id)
    known = shift.start > shown.calendar.start
    when = f"from {shift.start}" if known else f"until {shift.end}"
    members = ",".join(f"{member.person}/{member.role}" for member in sorted(shift.members))
    text = "\n".join((schedule, when, members))
    return f"{sha256(text.encode(errors='surrogatepass')).hexdigest()[:32]}@{_DOMAIN}"
