"""Who carries how much before and after a plan, on all schedules with shifts that move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flashsync.model.calendar import Calendar, Span
from flashsync.model.duty_load import DutyLoad
from flashsync.model.schedule import Member
from flashsync.plan.effects import burdens
from flashsync.plan.model import Effect, Plan
from flashsync.rotation.measure_load import measure_duties


@dataclass(frozen=True, slots=True)
class LoadChange:
    """One person's load before and after, in one role; None stands for any role."""

    person: int
    role: int | None
    before: DutyLoad
    after: DutyLoad


@dataclass(frozen=True, slots=True)
class LoadComparison:
    """The loads that a plan changes, in its window, by the clocks of `timezone`.

    `same` counts people with an equal load on both sides. `by_role` is false if only the load in
    any role is known, and not the number of shifts: in a saved plan without calendars. `unknown`
    names schedules that are not counted.
    """

    changes: tuple[LoadChange, ...]
    timezone: str
    window: Span
    same: int = 0
    by_role: bool = True
    unknown: tuple[str, ...] = ()


def compare_loads(plan: Plan, timezone: str) -> LoadComparison | None:
    """The loads before and after, added up over schedules; None without effects."""
    if plan.window is None:
        return None
    unknown = tuple(
        action.name for action in plan.writes if action.effect and action.effect.source is None
    )
    moving = [effect for effect in plan.effects if effect.moves]
    by_role = all(effect.before or effect.after for effect in moving)
    found = (
        _by_duty(moving, plan.window, timezone)
        if by_role
        else _by_person(moving, plan.window, plan.account.timezone)
    )
    changes = [one for one in found if one.before != one.after]
    steady = {one.person for one in found} - {one.person for one in changes}
    return LoadComparison(
        tuple(sorted(changes, key=_weight)),
        timezone if by_role else plan.account.timezone,
        plan.window,
        len(steady),
        by_role,
        unknown,
    )


def _weight(change: LoadChange) -> tuple[int, int, int]:
    """The order of changes: primaries first, then who gains or loses most, then by id."""
    difference = change.after.load.seconds - change.before.load.seconds
    return change.role or 0, -abs(difference), change.person


def _by_duty(effects: list[Effect], window: Span, timezone: str) -> list[LoadChange]:
    before: defaultdict[Member, DutyLoad] = defaultdict(DutyLoad)
    after: defaultdict[Member, DutyLoad] = defaultdict(DutyLoad)
    for effect in effects:
        for total, side in ((before, effect.before), (after, effect.after)):
            for member, load in _measure(side, window, timezone).items():
                total[member] += load
    return [
        LoadChange(member.person, member.role, before[member], after[member])
        for member in sorted({*before, *after})
    ]


def _measure(side: Calendar | None, window: Span, timezone: str) -> Mapping[Member, DutyLoad]:
    return measure_duties(side.final, window, timezone) if side else {}


def _by_person(effects: list[Effect], window: Span, timezone: str) -> list[LoadChange]:
    before: defaultdict[int, DutyLoad] = defaultdict(DutyLoad)
    after: defaultdict[int, DutyLoad] = defaultdict(DutyLoad)
    for effect in effects:
        for one in burdens(effect, window, timezone):
            before[one.person] += DutyLoad(one.before)
            after[one.person] += DutyLoad(one.after)
    return [LoadChange(person, None, before[person], after[person]) for person in sorted(before)]
