"""The load panel's numbers: who carries how much before and after a plan."""

from __future__ import annotations

from flashsync.errors import Position
from flashsync.model.calendar import Calendar, Shift
from flashsync.model.duty_load import DutyLoad, Load
from flashsync.model.schedule import BACKUP, Member, Schedule
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan.compare_loads import LoadChange, LoadComparison, compare_loads
from flashsync.plan.model import Burden, Create, Effect, EffectSource, Plan, Target, Update
from flashsync.rotation.compare import moves
from tests.plan.helpers import ACCOUNT, NOW
from tests.rotation.made import at, shift

MONDAY = at("2026-02-09 00:00")
WINDOW = (MONDAY, MONDAY + 14 * DAY)
TARGET = Target(Schedule("Production"))
PLACE = Position("prod.yaml", 1)


def effect(before: tuple[Shift, ...], after: tuple[Shift, ...]) -> Effect:
    """An effect with its calendars."""
    old, new = (Calendar(*WINDOW, final=final) if final else None for final in (before, after))
    return Effect(EffectSource.SERVER, moves=moves(before, after), before=old, after=new)


def update(shown: Effect) -> Update:
    return Update(7, "Production", "mark", TARGET, PLACE, (), effect=shown)


def compared(*effects: Effect, zone: str = "Asia/Shanghai") -> LoadComparison:
    """The loads of a plan with these effects."""
    plan = Plan(ACCOUNT, NOW, tuple(map(update, effects)), window=WINDOW)
    found = compare_loads(plan, zone)
    assert found is not None
    return found


def week(number: int, *people: int) -> Shift:
    """A week of the window."""
    return shift(MONDAY + number * 7 * DAY, MONDAY + (number + 1) * 7 * DAY, *people)


WEEK_OF_LOAD = DutyLoad(Load(168 * HOUR, 56 * HOUR, 48 * HOUR), 1)
NONE = DutyLoad()


def test_a_week_that_changes_hands() -> None:
    found = compared(effect((week(0, 1), week(1, 2)), (week(0, 1), week(1, 3))))
    assert found.changes == (
        LoadChange(2, 0, WEEK_OF_LOAD, NONE),
        LoadChange(3, 0, NONE, WEEK_OF_LOAD),
    )
    assert found.same == 1
    assert (found.by_role, found.unknown) == (True, ())


def test_loads_add_up_over_schedules_and_the_greatest_change_comes_first() -> None:
    found = compared(
        effect((week(0, 1),), (week(0, 2),)), effect((week(0, 1), week(1, 3)), (week(0, 2),))
    )
    assert [(one.person, one.before.load.seconds, one.after.load.seconds) for one in found.changes
            ] == [(1, 336 * HOUR, 0), (2, 0, 336 * HOUR), (3, 168 * HOUR, 0)]  # fmt: skip


def test_backup_is_apart_from_primary_and_comes_after_it() -> None:
    as_backup = Shift(*WINDOW, frozenset({Member(1), Member(2, BACKUP)}))
    as_primary = Shift(*WINDOW, frozenset({Member(2), Member(1, BACKUP)}))
    found = compared(effect((as_backup,), (as_primary,)))
    assert [(one.person, one.role) for one in found.changes] == [(1, 0), (2, 0), (1, 1), (2, 1)]


def test_nights_are_those_of_the_zone_that_is_shown() -> None:
    night = (shift(MONDAY + 22 * HOUR, MONDAY + 30 * HOUR, 1),)
    for zone, seconds in (("Asia/Shanghai", 8 * HOUR), ("America/New_York", 0)):
        (found,) = compared(effect(night, ()), zone=zone).changes
        assert found.before.load.night_seconds == seconds


def test_a_saved_plan_without_calendars_has_the_loads_of_when_it_was_made() -> None:
    load = Load(10, 2, 1)
    shown = Effect(EffectSource.SERVER, moves=moves((week(0, 1),), (week(0, 2),)),
                   burdens=(Burden(1, load, Load()), Burden(2, Load(), load)))  # fmt: skip
    found = compared(shown, shown, zone="Europe/Berlin")
    assert found.changes[0] == LoadChange(1, None, DutyLoad(load + load), NONE)
    assert (found.by_role, found.timezone) == (False, "Asia/Shanghai")


def test_what_is_not_known_is_named_and_without_effects_there_is_nothing() -> None:
    assert compared(Effect(None, "the platform gave no preview")).unknown == ("Production",)
    plan = Plan(ACCOUNT, NOW, (Create(TARGET, PLACE, ()),))
    assert compare_loads(plan, "UTC") is None
