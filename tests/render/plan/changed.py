"""Plans of many schedules with three layers, in each of which two people are swapped."""

from __future__ import annotations

from dataclasses import replace

from flashsync.errors import Position
from flashsync.model.schedule import Group, Hours, Layer, Member, Rotation, Schedule, Unit
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan.effects import Horizon, judge
from flashsync.plan.model import Change, ChangeKind, EffectSource, Plan, Target, Update
from flashsync.rotation.calendar import calendar
from tests.render.plans import ACCOUNT, NOW

PEOPLE = 6
"""Those who have a name in the plans of the tests."""
BEGIN = 1767578400


def many_changes(number: int, days: int) -> Plan:
    """A plan of so many updates, with calendars over so many days."""
    end = NOW + days * DAY
    horizon = Horizon(NOW, end, end)
    updates = tuple(_update(index, horizon) for index in range(number))
    return Plan(ACCOUNT, NOW, updates, window=horizon.window)


def _update(index: int, horizon: Horizon) -> Update:
    old = Schedule(f"Service {index:03} on call", id=index + 1, layers=_layers(index))
    first, *others = old.layers
    one, two, *rest = first.groups
    new = replace(old, layers=(replace(first, groups=(two, one, *rest)), *others))
    before, after = (
        calendar(side.layers, (), ACCOUNT.timezone, *horizon.asked) for side in (old, new)
    )
    effect = judge(before, after, horizon, EffectSource.SERVER)
    names = ("alice", "bob", "carol", "frank")
    swap = Change(
        "layers[Primary].groups", ChangeKind.TURNS, names, (names[1], names[0], *names[2:])
    )
    place = Position(f"schedules/service-{index:03}.yaml", 1)
    target = Target(new, (0, 1, 2))
    return Update(index + 1, old.name, "mark", target, place, (swap,), effect=effect)


def _layers(index: int) -> tuple[Layer, ...]:
    def groups(layer: int, role: int = 0) -> tuple[Group, ...]:
        people = ((index + layer + place) % PEOPLE + 1 for place in range(4))
        return tuple(Group(frozenset({Member(person, role)})) for person in people)

    return (
        Layer("Primary", BEGIN, None, Rotation(1, Unit.WEEK), groups(0)),
        Layer("Backup", BEGIN + 2 * DAY, None, Rotation(1, Unit.WEEK), groups(1, 1)),
        Layer(
            "Office hours",
            BEGIN - HOUR,
            None,
            Rotation(1, Unit.DAY),
            groups(2),
            hours=Hours("day", ((9 * HOUR, 18 * HOUR),)),
        ),
    )
