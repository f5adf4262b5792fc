"""Who is on call, as text for somebody who was just woken up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from flashsync.model import wording
from flashsync.model.calendar import Shift
from flashsync.model.timezone import DAY
from flashsync.model.wording import moment as words_of
from flashsync.render import table
from flashsync.render.layout import Page, cells, wrapped
from flashsync.render.oncall_view import Moment, Post, by_urgency
from flashsync.render.screen import Look, Screen
from flashsync.render.table import Cell

NOBODY = "!! nobody"
_NOT_LIVE = "!! not live yet"
_NARROW = 60


def render(posts: Sequence[Post], moment: Moment, screen: Screen) -> str:
    """A line for each schedule, those without anybody first."""
    page = Page(screen)
    page.text(_heading(moment), hang=2)
    rows = [_row(post, moment) for post in by_urgency(posts, moment.at)]
    if not rows:
        page.text("No schedule to show.")
        return str(page)
    return f"{page}\n" + "".join(f"{line}\n" for line in _laid_out(rows, screen))


def _heading(moment: Moment) -> str:
    when = words_of(moment.at, moment.timezone, moment.now)
    return f"On call {'now, ' if moment.at == moment.now else 'at '}{when}, {moment.timezone}"


def _row(post: Post, moment: Moment) -> list[Cell]:
    """Schedule, who, until when, and what comes then."""
    name = (post.name, Look.STRONG)
    if post.calendar is None:
        return [name, (_NOT_LIVE, Look.WARNING), ("`flashsync apply` creates it", Look.PLAIN)]
    current, following = post.now(moment.at), post.next(moment.at)
    end = current.end if current else following.start if following else post.calendar.end
    who = (_who(current, moment), Look.PLAIN if current else Look.ERROR)
    if end >= post.calendar.end:
        days = (post.calendar.end - moment.at) // DAY
        return [name, who, (f"for more than {days} days", Look.PLAIN)]
    until = (f"until {words_of(end, moment.timezone, moment.now)}", Look.PLAIN)
    return [name, who, until, _then(end, following, moment)]


def _who(shift: Shift | None, moment: Moment) -> str:
    if shift is None:
        return NOBODY
    directory = moment.directory
    members = sorted(shift.members, key=lambda one: (one.role, directory.person(one.person)))
    return ", ".join(wording.member(one, directory) for one in members)


def _then(end: int, following: Shift | None, moment: Moment) -> Cell:
    """What comes at `end`: a shift, or a gap."""
    if following is not None and following.start == end:
        return f"then {_who(following, moment)}", Look.PLAIN
    if following is None:
        return f"then {NOBODY}", Look.ERROR
    until = words_of(following.start, moment.timezone, moment.now)
    return f"then {NOBODY} until {until}", Look.ERROR


def _laid_out(rows: Sequence[list[Cell]], screen: Screen) -> Iterator[str]:
    """In one line each where that fits; else with what comes next below; else all below."""
    sizes = table.widths(rows, screen)
    if table.total(sizes) <= screen.columns:
        for row in rows:
            yield from table.lines(row, sizes, screen)
    elif screen.columns < _NARROW:
        for row in rows:
            yield from table.lines(row[:1], [screen.columns], screen)
            for cell in row[1:]:
                yield from (
                    f"  {line}" for line in table.lines([cell], [screen.columns - 2], screen)
                )
    else:
        yield from _in_two_lines(rows, sizes, screen)


def _in_two_lines(
    rows: Sequence[list[Cell]], sizes: Sequence[int], screen: Screen
) -> Iterator[str]:
    name = min(sizes[0], screen.columns // 3)
    rest = screen.columns - name - table.GAP
    who = min(sizes[1], max(rest - sizes[2] - table.GAP, 12))
    for row in rows:
        right = [*table.lines(row[1:3], [who, rest - who - table.GAP], screen)]
        right += [line for cell in row[3:] for line in table.lines([cell], [rest], screen)]
        left = wrapped(screen.safe(row[0][0]), name)
        for text, said in zip_longest(left, right, fillvalue=""):
            blanks = " " * (name + table.GAP - cells(text))
            yield f"{screen.paint(text, row[0][1])}{blanks}{said}".rstrip()
