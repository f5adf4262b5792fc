"""Shifts as an iCalendar file, for the calendars that people carry with them.

Times are in UTC, so that no reader needs to know the account's zone.

**What is promised of a UID**: the same shift has the same one in every run, and no two shifts share
one. A shift is told by its schedule (the id, or the name of one that is not live), its people and
its start. The start of one that had begun before the time that was read is not known, so it is told
by its end: only there can a later run give another UID. Whoever calls reads from well before what
is shown, so that this meets shifts of weeks and months only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from icalendar import Calendar, Event, vText

from flashsync import __version__
from flashsync.model import wording
from flashsync.model.calendar import Shift
from flashsync.model.wording import moment
from flashsync.render.calendar.model import CalendarView, ShownCalendar, shifts_of
from flashsync.render.sanitize import clean

_DOMAIN = "flashsync"


def render_ics(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    """One event a shift; with a person, only that person's shifts."""
    file = Calendar()
    file.add("prodid", f"-//flashsync//flashsync {__version__}//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", vText(_title(shown, view)))  # icalendar escapes what it knows as text
    for event in _events(shown, view):
        file.add_component(event)
    text: bytes = file.to_ical()
    return text.decode()


def _title(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    who = "" if view.person is None else f" of {clean(view.directory.person(view.person))}"
    what = clean(shown[0].name) if len(shown) == 1 else "On call"
    return what + who


def _events(shown: Sequence[ShownCalendar], view: CalendarView) -> Iterator[Event]:
    for one in shown:
        if not one.unknown:
            yield from (_event(one, shift, view) for shift in shifts_of(one, view))


def _event(shown: ShownCalendar, shift: Shift, view: CalendarView) -> Event:
    names = _names(shift, view)
    event = Event()
    event.add("uid", uid(shown, shift))
    event.add("dtstamp", _utc(view.now))
    event.add("dtstart", _utc(shift.start))
    event.add("dtend", _utc(shift.end))
    event.add("summary", f"{clean(shown.name)}: {names}")
    if said := _unknown_ends(shown, shift, view):
        event.add("description", said)
    event.add("transp", "TRANSPARENT")  # on call is not busy
    return event


def _names(shift: Shift, view: CalendarView) -> str:
    members = sorted(shift.members, key=lambda one: (one.role, view.directory.person(one.person)))
    return ", ".join(clean(wording.member(one, view.directory)) for one in members)


def _unknown_ends(shown: ShownCalendar, shift: Shift, view: CalendarView) -> str:
    """Says so where the shift is longer than what was read."""
    said: list[str] = []
    if shift.start <= shown.calendar.start:
        said.append(f"began before {moment(shift.start, view.timezone, view.now)}")
    if shift.end >= shown.calendar.end:
        said.append(f"ends after {moment(shift.end, view.timezone, view.now)}")
    return ", ".join(said)


def _utc(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def uid(shown: ShownCalendar, shift: Shift) -> str:
    """What tells the shift from all others, see above."""
    schedule = shown.name if shown.id is None else str(shown.id)
    known = shift.start > shown.calendar.start
    when = f"from {shift.start}" if known else f"until {shift.end}"
    members = ",".join(f"{one.person}/{one.role}" for one in sorted(shift.members))
    text = "\n".join((schedule, when, members))
    return f"{sha256(text.encode(errors='surrogatepass')).hexdigest()[:32]}@{_DOMAIN}"
