"""Who is on call now and next, and one person's shifts: as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Any

from flashsync.model import wording
from flashsync.model.calendar import AskedMoment, Calendar, CalendarView, Post, Shift, ShownCalendar
from flashsync.model.timezone import DAY, rfc3339
from flashsync.model.wording import moment
from flashsync.model.wording import moment as words_of
from flashsync.render.calendar.duty import (
    NOBODY,
    describe_alarm,
    has_leaver,
    lacks_primary,
    name_members,
)
from flashsync.render.calendar.json import FORMAT_VERSION, people, span
from flashsync.render.calendar.model import shifts_of
from flashsync.render.sanitize import dump
from flashsync.render.terminal import (
    GAP,
    Cell,
    Look,
    Page,
    Screen,
    cells,
    column_widths,
    stacked_lines,
    table_lines,
    table_width,
    wrapped,
)

_NOT_LIVE = "!! not live yet"
_NARROW = 60


def render_oncall(posts: Sequence[Post], moment: AskedMoment, screen: Screen) -> str:
    """A line for each schedule, the most urgent first."""
    page = Page(screen)
    when = words_of(moment.at, moment.timezone, moment.now)
    at = "now, " if moment.at == moment.now else "at "
    page.text(f"On call {at}{when}, {moment.timezone}", hang=2)
    rows = [_post_row(post, moment) for post in sort_by_urgency(posts, moment)]
    if not rows:
        page.text("No schedule to show.")
        return str(page)
    return f"{page}\n" + "".join(f"{line}\n" for line in _lay_out(rows, screen))


def _post_row(post: Post, moment: AskedMoment) -> list[Cell]:
    """Schedule, people, end, and what follows."""
    name = (post.name, Look.STRONG)
    if post.calendar is None:
        return [name, (_NOT_LIVE, Look.WARNING), ("`flashsync apply` creates it", Look.PLAIN)]
    current, following = post.now(moment.at), post.next(moment.at)
    end = current.end if current else following.start if following else post.calendar.end
    who = _who(current, post.calendar, moment)
    if end >= post.calendar.end:
        days = (post.calendar.end - moment.at) // DAY
        return [name, who, (f"for more than {days} days", Look.PLAIN)]
    until = (f"until {words_of(end, moment.timezone, moment.now)}", Look.PLAIN)
    return [name, who, until, _then(end, following, post.calendar, moment)]


def _who(shift: Shift | None, calendar: Calendar, moment: AskedMoment) -> Cell:
    if shift is None:
        return NOBODY, Look.ERROR
    alarm = describe_alarm(shift.members, moment.directory, calendar.final)
    names = ", ".join(name_members(shift.members, moment.directory))
    return f"{alarm}{names}", Look.ERROR if alarm else Look.PLAIN


def _then(end: int, following: Shift | None, calendar: Calendar, moment: AskedMoment) -> Cell:
    """What follows at `end`: a shift or a gap."""
    if following is not None and following.start == end:
        who, look = _who(following, calendar, moment)
        return f"then {who}", look
    if following is None:
        return f"then {NOBODY}", Look.ERROR
    until = words_of(following.start, moment.timezone, moment.now)
    return f"then {NOBODY} until {until}", Look.ERROR


def _lay_out(rows: Sequence[list[Cell]], screen: Screen) -> Iterator[str]:
    """One line for each row; if that does not fit, what follows below; else each cell below."""
    sizes = column_widths(rows, screen)
    if table_width(sizes) <= screen.columns:
        for row in rows:
            yield from table_lines(row, sizes, screen)
    elif screen.columns < _NARROW:
        for row in rows:
            yield from stacked_lines(row, screen.columns, screen)
    else:
        yield from _lay_out_in_two_lines(rows, sizes, screen)


def _lay_out_in_two_lines(
    rows: Sequence[list[Cell]], sizes: Sequence[int], screen: Screen
) -> Iterator[str]:
    name = min(sizes[0], screen.columns // 3)
    rest = screen.columns - name - GAP
    who = min(sizes[1], max(rest - sizes[2] - GAP, 12))
    for row in rows:
        right = [*table_lines(row[1:3], [who, rest - who - GAP], screen)]
        right += [line for cell in row[3:] for line in table_lines([cell], [rest], screen)]
        left = wrapped(screen.safe(row[0][0]), name)
        for text, facts in zip_longest(left, right, fillvalue=""):
            spaces = " " * (name + GAP - cells(text))
            yield f"{screen.paint(text, row[0][1])}{spaces}{facts}".rstrip()


def sort_by_urgency(posts: Sequence[Post], moment: AskedMoment) -> list[Post]:
    """By urgency, then by name: nobody, no primary, a leaver, not live, all others."""
    return sorted(posts, key=lambda post: (_urgency(post, moment), post.name.casefold()))


def _urgency(post: Post, moment: AskedMoment) -> int:
    if post.calendar is None:
        return 3
    shift = post.now(moment.at)
    if shift is None:
        return 0
    if lacks_primary(shift.members, post.calendar.final):
        return 1
    return 2 if has_leaver(shift.members, moment.directory) else 4


def render_oncall_json(posts: Sequence[Post], moment: AskedMoment) -> str:
    """One entry for each schedule, in the order of the files.

    `now` is null if nobody is on call, `next` if no shift follows. `read` is the time for which
    shifts were read; a shift that starts or ends with it may be longer.
    """
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "at": rfc3339(moment.at),
            "timezone": moment.timezone,
            "schedules": [_post(post, moment) for post in posts],
        }
    )


def _post(post: Post, moment: AskedMoment) -> dict[str, Any]:
    calendar = post.calendar
    return {
        "schedule": post.name,
        "schedule_id": post.id,
        "live": calendar is not None,
        "at": rfc3339(moment.at),
        "read": span((calendar.start, calendar.end)) if calendar else None,
        "now": _shift(post.now(moment.at), moment),
        "next": _shift(post.next(moment.at), moment),
    }


def _shift(shift: Shift | None, moment: AskedMoment) -> dict[str, Any] | None:
    if shift is None:
        return None
    return {
        **span((shift.start, shift.end)),
        "people": people(shift.members, moment.directory),
    }


_INDENT = 2


def render_my_shifts(shown: Sequence[ShownCalendar], view: CalendarView, screen: Screen) -> str:
    """The shifts by the day of their start; the running shift is marked `now`."""
    page = Page(screen)
    who = view.directory.person(view.person or 0)
    start, end = (moment(at, view.timezone, view.now) for at in view.window)
    page.text(f"Shifts of {who}, {start} – {end}, {view.timezone}", hang=2)
    shifts = [(shift, part) for part in shown for shift in shifts_of(part, view)]
    if not shifts:
        page.text(f"{who} is on no schedule in this time.")
        return str(page)
    shifts.sort(key=lambda pair: (pair[0].start, pair[1].name))
    rows = [_my_row(shift, part, view) for shift, part in shifts]
    lines = "".join(f"{line}\n" for line in _lay_out_days(rows, screen))
    return f"{page}{lines}"


def _lay_out_days(rows: Sequence[tuple[str, list[Cell]]], screen: Screen) -> Iterator[str]:
    """The columns below each day: names are cut first, times never; or cell below cell."""
    when, name, facts = column_widths([cells for _, cells in rows], screen)
    room = screen.columns - _INDENT - when - GAP * 2
    name = min(name, max(room * 3 // 5, 8))
    sizes = [when, name, min(facts, max(room - name, 8))]
    for day, group in groupby(rows, key=lambda row: row[0]):
        yield ""
        yield screen.paint(screen.safe(day), Look.STRONG)
        for _, row in group:
            if screen.columns < _NARROW:
                lines = stacked_lines(row, screen.columns - _INDENT, screen)
            else:
                lines = table_lines(row, sizes, screen)
            yield from (f"{' ' * _INDENT}{line}" for line in lines)


def _my_row(shift: Shift, shown: ShownCalendar, view: CalendarView) -> tuple[str, list[Cell]]:
    """The day; then the time, the schedule, and facts about the shift."""
    start = moment(shift.start, view.timezone, view.now)
    end = moment(shift.end, view.timezone, view.now)
    day, clock = start.rsplit(" ", 1)
    if end.startswith(f"{day} "):
        end = end.rsplit(" ", 1)[1]
    if shift.end >= shown.calendar.end:
        end = f"after {end}"
    if shift.start <= shown.calendar.start:
        day = f"before {day}"
    cells: list[Cell] = [
        (f"{clock} – {end}", Look.PLAIN),
        (shown.name, Look.STRONG),
        (", ".join(_list_facts(shift, view)), Look.PLAIN),
    ]
    return day, cells


def _list_facts(shift: Shift, view: CalendarView) -> Iterator[str]:
    if shift.start <= view.now < shift.end:
        yield "now"
    for member in sorted(shift.members):
        if member.person == view.person and member.role:
            yield f"as {view.directory.role(member.role)}"
    others = [member for member in shift.members if member.person != view.person]
    if others:
        yield f"with {wording.members(others, view.directory).strip('[]')}"
