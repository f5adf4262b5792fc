"""Many schedules to render: three layers of four groups each, daily and weekly."""

from __future__ import annotations

from flashsync.model.calendar import Basis, CalendarView, ShownCalendar, Span
from flashsync.model.people import Directory, Person
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR
from flashsync.rotation.calendar import calendar
from tests.render.calendars import NOW, TODAY, ZONE

FIRST = (
    "Ada",
    "Bo",
    "Chen",
    "Dara",
    "Emre",
    "Femi",
    "Grace",
    "Hana",
    "Ivan",
    "Jun",
    "Kofi",
    "Lena",
)
LAST = ("Lovelace", "Okafor", "Wei", "Novak", "Yilmaz", "Silva", "Hopper", "Sato", "Petrov", "Park")
PEOPLE = Directory(
    {
        id: Person(id, f"{FIRST[id % 12]} {LAST[id // 12 % 10]}", f"person{id}@example.com")
        for id in range(1, 120)
    }
)
BEGIN = TODAY - 320 * DAY


def crowd(number: int, days: int) -> tuple[list[ShownCalendar], CalendarView]:
    """Some schedules over some days, with what was read around them."""
    window = (TODAY, TODAY + days * DAY)
    read = (TODAY - DAY, TODAY + (days + 1) * DAY)
    shown = [_schedule(index, read) for index in range(number)]
    return shown, CalendarView(window, ZONE, NOW, PEOPLE, Basis.LIVE)


def _schedule(index: int, read: Span) -> ShownCalendar:
    groups = [
        tuple(
            Group(frozenset({Member((index * 7 + layer * 4 + place) % 119 + 1)}))
            for place in range(4)
        )
        for layer in range(3)
    ]
    layers = [
        Layer("Primary", BEGIN + 10 * HOUR, None, Rotation(1, Unit.WEEK), groups[0]),
        Layer("Backup", BEGIN + 2 * DAY + 10 * HOUR, None, Rotation(1, Unit.WEEK), groups[1]),
        Layer(
            "Office hours",
            BEGIN + 9 * HOUR,
            None,
            Rotation(1, Unit.DAY),
            groups[2],
            hours=Hours("day", ((9 * HOUR, 18 * HOUR),)),
        ),
    ]
    cover = Override(
        "Somebody away", TODAY + 8 * DAY, TODAY + 9 * DAY, frozenset({Member(index % 119 + 1)})
    )
    name = f"Service {index:03} on call"
    return ShownCalendar(name, calendar(layers, [cover], ZONE, *read), 5000 + index)
