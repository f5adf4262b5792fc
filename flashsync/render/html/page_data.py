"""The shifts of a page as compact JSON, which its script reads and tests compare.

Instants are counted in units of `unit` seconds from `start`. The shifts of a lane are one list of
numbers, four for each: from the end of the last shift (the first: from `start`) to its start, its
length, its group in `groups`, and its cause: in a layer the number of the turn in the cycle, or 0,
of an override its name in `causes` plus one. Shifts of a lane of kind `final` have no cause. A
group is a flat list: a person in `people`, their role in `roles`, and so on. Gaps and moves are
few, and in Unix seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from flashsync.model.calendar import Shift, ShownCalendar
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY, wall
from flashsync.render.calendar.model import find_gaps
from flashsync.render.html.strips import Strip, StripKind
from flashsync.render.html.timeline import Timeline
from flashsync.render.sanitize import clean


def collect_data(timeline: Timeline) -> str:
    """The data of a page, in one line."""
    view = timeline.view
    start, end = view.window
    book = _Book(timeline)
    schedules = [
        {
            "name": clean(entry.name),
            "sides": [
                {
                    "title": side.title,
                    "read": [side.shown.calendar.start, side.shown.calendar.end],
                    "lanes": [book.lane(strip) for strip in strips],
                    "gaps": list(book.gaps(side.shown)),
                }
                for side, strips in zip(entry.sides, sides, strict=True)
            ],
            "moves": [
                [move.start, move.end, book.group(move.before), book.group(move.after)]
                for move in entry.moves
            ],
        }
        for entry, sides in zip(timeline.entries, timeline.strips, strict=True)
    ]
    document = {
        "zone": view.timezone,
        "now": view.now,
        "start": start,
        "end": end,
        "unit": timeline.unit,
        "clock": _list_offsets(timeline),
        "people": [
            [person.name, _email(timeline, id), person.short]
            for id, person in timeline.people.items()
        ],
        "person": timeline.people[view.person].index if view.person in timeline.people else None,
        "roles": book.roles,
        "groups": book.groups,
        "causes": list(book.causes),
        "schedules": schedules,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _email(timeline: Timeline, id: int) -> str:
    person = timeline.view.directory.people.get(id)
    return clean(person.email) if person else ""


class _Book:
    """Groups, roles and causes by their numbers, collected on the way."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._roles: dict[int, int] = {}
        self._groups: dict[frozenset[Member], int] = {}
        self.roles: list[str] = []
        self.groups: list[list[int]] = []
        self.causes: dict[str, int] = {}

    def lane(self, strip: Strip) -> dict[str, Any]:
        """A lane: its name, kind and shifts, null where they are unknown."""
        shifts = None if strip.shifts is None else list(self._numbers(strip, strip.shifts))
        return {"name": clean(strip.name), "kind": strip.kind.value, "shifts": shifts}

    def _numbers(self, strip: Strip, shifts: Sequence[Shift]) -> Iterator[int]:
        unit, at = self._timeline.unit, self._timeline.view.window[0]
        for place, shift in enumerate(shifts):
            yield (shift.start - at) // unit
            yield (shift.end - shift.start) // unit
            yield self.group(shift.members)
            match strip.kind:
                case StripKind.OVERRIDE:
                    yield 1 + self.causes.setdefault(clean(strip.causes[place]), len(self.causes))
                case StripKind.LAYER:
                    yield 0 if shift.index is None else shift.index + 1
                case _:
                    pass
            at = shift.end

    def gaps(self, shown: ShownCalendar) -> Iterator[list[int]]:
        """Start, end, and the role that nobody has, -1 where nobody is on call."""
        if shown.unknown:
            return
        for gap in find_gaps(shown.calendar.final, self._timeline.view.window):
            yield [*gap.span, -1 if gap.role is None else self._role(gap.role)]

    def group(self, members: frozenset[Member]) -> int:
        """The number of a group of members."""
        if members in self._groups:
            return self._groups[members]
        self._groups[members] = number = len(self.groups)
        people = self._timeline.people
        ordered = sorted(members, key=lambda one: (one.role, people[one.person].index))
        members_of = ((people[one.person].index, self._role(one.role)) for one in ordered)
        self.groups.append(list(chain.from_iterable(members_of)))
        return number

    def _role(self, role: int) -> int:
        if role not in self._roles:
            self._roles[role] = len(self.roles)
            self.roles.append(clean(self._timeline.view.directory.role(role)))
        return self._roles[role]


def _list_offsets(timeline: Timeline) -> list[list[int]]:
    """The zone's distance from UTC in seconds, and the instants from which it holds."""
    starts = [side.shown.calendar.start for entry in timeline.entries for side in entry.sides]
    ends = [side.shown.calendar.end for entry in timeline.entries for side in entry.sides]
    first = min([timeline.view.window[0], *starts]) - DAY
    last = max([timeline.view.window[1], *ends]) + DAY
    zone = timeline.view.timezone
    offsets = [[first, _offset(first, zone)]]
    for day in range(first, last, DAY):
        low, high = day, day + DAY
        if _offset(high, zone) == offsets[-1][1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if _offset(middle, zone) == offsets[-1][1]:
                low = middle
            else:
                high = middle
        offsets.append([high, _offset(high, zone)])
    return offsets


def _offset(instant: int, timezone: str) -> int:
    distance = wall(instant, timezone).utcoffset()
    assert distance is not None  # noqa: S101 - the time is aware
    return round(distance.total_seconds())
