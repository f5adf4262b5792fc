"""The calendars of a saved plan, made from its targets and the shifts that move.

The file of a plan has no calendars: they are long, and follow from the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashsync.model.calendar import Calendar, Shift, Span, merged
from flashsync.model.schedule import Schedule, override_of
from flashsync.plan.merge import without_overlaps
from flashsync.plan.model import Create, Delete, Effect, Plan, Unchanged, Update, Write
from flashsync.rotation.calendar import calendar, computable
from flashsync.rotation.compare import Move
from flashsync.rotation.intervals import between


def rebuild_calendars(plan: Plan) -> Plan:
    """The plan with the calendars of its effects, for schedules whose shifts move.

    The shifts after the plan are computed here, with the overrides of the console as they were.
    Before it, only who is on call is known, without layers. An effect is left as it is if it has
    calendars, if a layer is fair, or if the plan promises other shifts than are computed.
    """
    window = plan.window
    if window is None:
        return plan
    actions = tuple(
        action
        if isinstance(action, Unchanged) or action.effect is None
        else replace(action, effect=_rebuild(action, action.effect, window, plan.account.timezone))
        for action in plan.actions
    )
    return replace(plan, actions=actions)


def applied_schedule(action: Create | Update) -> Schedule:
    """The schedule once a saved plan is applied, as far as the plan knows the console's share."""
    schedule = action.target.schedule
    if isinstance(action, Create):
        return without_overlaps(schedule)
    kept = filter(None, map(override_of, action.kept))
    both = replace(schedule, id=action.id, overrides=(*schedule.overrides, *kept))
    return without_overlaps(both)


def _rebuild(action: Write, effect: Effect, window: Span, timezone: str) -> Effect:
    if not effect.moves or effect.before or effect.after:
        return effect
    if isinstance(action, Delete):
        gone = merged(Shift(one.start, one.end, one.before) for one in effect.moves)
        return replace(effect, before=Calendar(*window, final=gone))
    schedule = applied_schedule(action)
    if not computable(schedule.layers):
        return effect
    after = calendar(schedule.layers, schedule.overrides, timezone, *window)
    if not _keeps_promises(after, effect.moves):
        return effect
    if isinstance(action, Create):
        return replace(effect, after=after)
    old = merged([*_unmoved(after.final, effect.moves, window), *_moved(effect.moves)])
    return replace(effect, before=Calendar(*window, final=old), after=after)


def _keeps_promises(after: Calendar, moves: Sequence[Move]) -> bool:
    """Whether exactly the people who come on call are on call during their stretch."""
    return all(
        list(_clip(after.final, (move.start, move.end)))
        == ([Shift(move.start, move.end, move.after)] if move.after else [])
        for move in moves
    )


def _unmoved(final: Sequence[Shift], moves: Sequence[Move], window: Span) -> Iterator[Shift]:
    """The parts of shifts during which nothing moves."""
    for span in between(((move.start, move.end) for move in moves), *window):
        yield from _clip(final, span)


def _clip(shifts: Sequence[Shift], span: Span) -> Iterator[Shift]:
    """The parts of shifts in a stretch."""
    start, end = span
    for shift in shifts:
        if shift.start < end and shift.end > start:
            yield Shift(max(shift.start, start), min(shift.end, end), shift.members)


def _moved(moves: Sequence[Move]) -> Iterator[Shift]:
    return (Shift(move.start, move.end, move.before) for move in moves)
