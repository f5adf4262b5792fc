"""The pages that are opened: everyday ones, one of a change of clocks, and a hostile one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flashsync.model.calendar import CalendarView, ShownCalendar
from flashsync.model.people import Directory, Person
from flashsync.model.schedule import Layer, Member, Override, Rotation, Unit
from flashsync.model.timezone import DAY, zone
from flashsync.render.calendar.html import render_calendar_html
from flashsync.render.markdown import Links
from flashsync.render.plan.html import render_plan_html
from flashsync.rotation.calendar import calendar
from tests.render.calendars import (
    DAY_NIGHT,
    DIRECTORY,
    GAPS,
    MIXED,
    PRIMARY,
    SWAPPED,
    WEEKLY,
    at,
    group,
    shown,
    view,
)
from tests.render.plan.changed import many_changes
from tests.render.plan.test_markdown import FULL
from tests.render.plans import WORDS

EVERYDAY = (WEEKLY, MIXED, DAY_NIGHT, GAPS, SWAPPED)
SCRIPT = "<script>document.title = 'owned'</script>"
HOSTILE_NAMES = (
    SCRIPT,
    '"><img src=x onerror="document.title=\'owned\'">',
    "</script><script>document.title = 'owned'</script>",
    "' onmouseover='document.title=`owned`'",
    "{{ 7 * 7 }} ${7 * 7} <!--",
    "\u202egnp.exe\u2066\u200b",
    "支付值班" * 10,
    "javascript:alert(1)",
)
HOSTILE_PEOPLE = Directory(
    {
        number: Person(number, name, f"{number}{SCRIPT}@example.com")
        for number, name in enumerate(HOSTILE_NAMES, 1)
    }
)


def everyday_page(*calendars: ShownCalendar) -> str:
    """Two weeks of schedules as people have them."""
    return render_calendar_html(calendars or EVERYDAY, view(14))


def plan_page() -> str:
    """A plan of two schedules on which shifts move, with all that a page may say of a plan."""
    plan = replace(many_changes(2, 14), refusals=FULL.refusals[:1], notes=FULL.notes)
    return render_plan_html(plan, WORDS, Links("https://github.com/o/r/blob/main"))


def hostile_calendars() -> list[ShownCalendar]:
    """Each name is that of a schedule, of its layer, of its override and of people."""
    return [
        shown(
            name,
            [replace(PRIMARY, name=name, groups=(group(number), group(number % 8 + 1)))],
            Override(
                name,
                at("2026-11-24 10:00"),
                at("2026-11-25 10:00"),
                frozenset({Member(number % 8 + 1)}),
            ),
        )
        for number, name in enumerate(HOSTILE_NAMES, 1)
    ]


def hostile_view() -> CalendarView:
    """Two weeks of people with hostile names."""
    return replace(view(14), directory=HOSTILE_PEOPLE)


HOURLY = Layer("Hourly", at("2026-01-05 00:00"), None, Rotation(1, Unit.HOUR), PRIMARY.groups)
CHANGES = {
    "Europe/Berlin": "2026-10-25",
    "America/New_York": "2026-03-08",
    "America/St_Johns": "2026-11-01",
    "Australia/Lord_Howe": "2026-04-05",  # by half an hour
    "Pacific/Chatham": "2026-09-27",  # at 02:45
}
"""Five zones, each with a day on which its clocks change."""


def hourly(timezone: str) -> tuple[list[ShownCalendar], CalendarView]:
    """Three days of turns of an hour, with the change of the zone's clocks in the middle."""
    day = at(f"{CHANGES[timezone]} 00:00", timezone)
    window = (at_midnight(day - DAY, timezone), at_midnight(day + 2 * DAY, timezone))
    read = (window[0] - DAY, window[1] + DAY)
    calendars = [ShownCalendar("Hourly", calendar([HOURLY], [], timezone, *read), 1)]
    return calendars, CalendarView(window, timezone, day, DIRECTORY)


def at_midnight(instant: int, timezone: str) -> int:
    """The midnight that is nearest to an instant."""
    near = datetime.fromtimestamp(instant + DAY // 2, zone(timezone))
    return at(f"{near:%Y-%m-%d} 00:00", timezone)
