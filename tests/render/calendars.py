"""Calendars to render: everyday ones, and ones with all that can go wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flashsync.model.calendar import Basis, Calendar, CalendarView, Lane, Shift, ShownCalendar
from flashsync.model.people import Directory, Person, Role
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, zone
from flashsync.rotation.calendar import calendar

ZONE = "Asia/Shanghai"
PEOPLE = ("alice", "bob", "carol", "王小明", "Dave Wu", "Ｇｒａｃｅ", "evil\x1b[31m\u202e\nname")
DIRECTORY = Directory(
    {id: Person(id, name, f"{id}@example.com") for id, name in enumerate(PEOPLE, 1)},
    roles={2: Role(2, "Observer")},
)


def at(text: str, timezone: str = ZONE) -> int:
    """The instant of a wall-clock time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone(timezone)).timestamp())


NOW = at("2026-11-21 16:33")
TODAY = at("2026-11-21 00:00")
READ = (TODAY - 15 * DAY, TODAY + 29 * DAY)


def group(*people: int, backup: int | None = None) -> Group:
    """A group of people in the primary role, and one in the backup role."""
    members = {Member(person) for person in people}
    return Group(frozenset(members if backup is None else {*members, Member(backup, 1)}))


def daily(name: str, start: int, end: int, *groups: Group, days: str = "0123456") -> Layer:
    """A layer that changes every day, with hours of duty."""
    hours = Hours("day", ((start * HOUR, end * HOUR),))
    mask = None if len(days) == 7 else frozenset(map(int, days))
    begin = at("2026-01-05 00:00") + start * HOUR
    return Layer(name, begin, None, Rotation(1, Unit.DAY), groups, days=mask, hours=hours)


def shown(name: str, layers: list[Layer], *covers: Override, id: int | None = 1) -> ShownCalendar:
    """A schedule with its calendar, read from well before what is shown."""
    return ShownCalendar(name, calendar(layers, covers, ZONE, *READ), id)


PRIMARY = Layer(
    "Primary",
    at("2026-01-05 10:00"),
    None,
    Rotation(1, Unit.WEEK),
    (group(1, backup=2), group(2, backup=4), group(3)),
    handoff=10 * HOUR,
)
OFFICE = daily("Office hours, in the office", 9, 18, group(4), group(5), group(6), days="12345")
AWAY = Override(
    "Bob away [flashsync]",
    at("2026-11-25 00:00"),
    at("2026-11-26 12:00"),
    frozenset({Member(5), Member(3)}),
)
SWAPS = [
    Override(f"Swap {day}", at(f"2026-11-{day} 10:00"), at(f"2026-11-{day} 16:00"), who.members)
    for day, who in ((22, group(1)), (23, group(2)), (24, group(3)), (25, group(1)))
]
WEEKLY = shown(
    "Production On-Call", [replace(PRIMARY, groups=(group(1), group(2), group(3)))], id=5789
)
MIXED = shown("Payments", [PRIMARY, OFFICE], AWAY, id=2)
DAY_NIGHT = shown(
    "支付 昼夜值班",
    [daily("白班", 9, 21, group(1), group(4)), daily("夜班", 21, 9, group(5), group(6))],
    id=None,
)
GAPS = shown("Office only", [OFFICE], AWAY, id=3)
SWAPPED = shown("Many swaps", [PRIMARY], *SWAPS, id=4)
HOSTILE = shown(
    "\x1b]0;owned\x07 ::error:: \u202e",
    [replace(PRIMARY, name="a\nb", groups=(group(7), group(99)))],
)
EMPTY = ShownCalendar("Nobody at all", Calendar(*READ), 7, notes=("it has no layers",))
UNKNOWN = replace(
    MIXED,
    name="Fair one",
    unknown=("Fair",),
    notes=("Fair is `fair`: the platform decides whose turn it is",),
)
TINY = ShownCalendar(
    "Minutes",
    Calendar(
        *READ,
        (Lane("L", False, (Shift(TODAY, TODAY + DAY, group(1).members),)),),
        (
            Shift(READ[0], TODAY + 600, group(1).members),
            Shift(TODAY + 600, TODAY + 900, group(2).members),
            Shift(TODAY + 960, READ[1], group(3).members),
        ),
    ),
    8,
)
ALL = (WEEKLY, MIXED, DAY_NIGHT, GAPS, SWAPPED, HOSTILE, EMPTY, UNKNOWN, TINY)


def view(days: int, *, person: int | None = None, timezone: str = ZONE) -> CalendarView:
    """A number of days from today on."""
    window = (TODAY, TODAY + days * DAY)
    return CalendarView(window, timezone, NOW, DIRECTORY, Basis.LIVE, person)
