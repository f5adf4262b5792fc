"""Schedules before and after, as checks look at them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flashsync.checks.judge import judge
from flashsync.checks.model import Case, CheckResult, CheckSettings
from flashsync.errors import Level
from flashsync.model.calendar import Calendar
from flashsync.model.desired import Desired, Expectation
from flashsync.model.schedule import Layer, Member, Rotation, Schedule, Unit
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan.model import Effect, EffectSource
from flashsync.plan.words import Words
from flashsync.rotation.calendar import calendar
from flashsync.rotation.compare import Move
from tests.plan.helpers import DIRECTORY, NOW, START, desired, file_layer, live

ZONE = "Asia/Shanghai"
MIDNIGHT = START - 10 * HOUR
"""Monday 2026-01-05 00:00."""
HOURLY = Rotation(12, Unit.HOUR)
WEEKDAYS = frozenset({1, 2, 3, 4, 5})
ALL_ON = CheckSettings({"double_booked": Level.WARNING})


def counted(schedule: Schedule, timezone: str = ZONE) -> Any:
    """The calendar of a schedule, as the local engine has it."""

    def between(start: int, end: int) -> Calendar:
        return calendar(schedule.layers, schedule.overrides, timezone, start, end)

    return between


def case(wanted: Desired | None, before: Schedule | None = None, **more: Any) -> Case:
    """What a plan does to one schedule; the file's words are what will be live."""
    after = None if wanted is None or wanted.absent else wanted.schedule
    zone = more.pop("timezone", ZONE)
    given: dict[str, Any] = {
        "words": Words(DIRECTORY, zone or "UTC"),
        "now": NOW,
        "window": (NOW, NOW + 28 * DAY),
        **more,
    }
    if after is not None:
        given.setdefault("calendar", counted(after, zone or "UTC"))
    name = wanted.name if wanted else before.name if before else ""
    return Case(name, wanted, before, after, timezone=zone, **given)


def of(*layers: Layer, before: Schedule | None = None, **more: Any) -> Case:
    """A schedule of these layers."""
    return case(desired(layers=layers), before, **more)


def expecting(*expect: Expectation, **more: Any) -> Case:
    """A weekly rotation of alice and bob from Monday to Monday at 10:00, and what it should be."""
    fields = more.pop("fields", {})
    wanted = replace(desired(**fields), expect=expect)
    return case(wanted, live(), **more)


def one_person(*people: int) -> frozenset[Member]:
    return frozenset(map(Member, people))


def move(hours: int, before: int | None = 1, after: int | None = 2) -> Move:
    """A shift of one day that changes hands, `hours` from now."""
    start = NOW + hours * HOUR
    sides = [one_person(*([one] if one else [])) for one in (before, after)]
    return Move(start, start + DAY, *sides)


def effect(**fields: Any) -> Effect:
    """An effect that the local engine computed."""
    return Effect(EffectSource.LOCAL, **fields)


def told(*cases: Case, settings: CheckSettings = ALL_ON) -> list[tuple[str, str, tuple[Any, ...]]]:
    """The findings: the check, the text, the path."""
    return [(one.check, one.text, one.path) for one in judge(cases, settings)]


def of_check(name: str, *cases: Case, settings: CheckSettings = ALL_ON) -> list[CheckResult]:
    """What one check says."""
    return [one for one in judge(cases, settings) if one.check == name]


def weekly(*people: int | str, **fields: Any) -> Layer:
    """A weekly layer of a file."""
    return file_layer(*(people or (1, 2)), **fields)
