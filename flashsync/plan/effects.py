"""What an action does to the shifts: judged from two calendars that have the same source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from flashsync.model.calendar import Calendar, Span
from flashsync.model.desired import RolloutKind
from flashsync.model.duty_load import Load
from flashsync.model.schedule import PRIMARY, Layer, Member, Schedule, canonical_name
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan.merge import fresh, merged
from flashsync.plan.model import (
    FOLLOWED,
    Action,
    Burden,
    Create,
    Delete,
    Effect,
    EffectSource,
    Plan,
    Unchanged,
    Update,
)
from flashsync.rotation.calendar import calendar, computable, on_call
from flashsync.rotation.compare import Gap, Move, compare_gaps, moves, opened_gaps
from flashsync.rotation.measure_load import measure_people
from flashsync.rotation.rollout.compare_layer import duty
from flashsync.rotation.turns import coverage_varies, cycle_end, round_end, turn_at

SHORTEST_WINDOW = 14 * DAY
LONGEST_WINDOW = 44 * DAY
"""Seconds: the platform computes less than 45 days at once."""

MARGIN = HOUR
"""Seconds that calendars reach beyond the window: they tell whether a shift ends with it."""

LOOK_AHEAD = 400 * DAY
"""Seconds beyond the window, or beyond the last date of the schedule, in which the first shift
that moves is looked for."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A schedule as it is live, and as a write leaves it; None for the side that is missing."""

    before: Schedule | None
    after: Schedule | None

    @property
    def known(self) -> bool:
        """Whether there is a schedule at all, on either side."""
        return self.before is not None or self.after is not None

    @property
    def moved(self) -> bool:
        """Whether anything differs that decides about shifts."""
        if self.before is self.after:
            return False
        before, after = (
            side
            and (
                [_rhythm(layer) for layer in side.layers],
                {(cover.start, cover.end, cover.members) for cover in side.overrides},
            )
            for side in (self.before, self.after)
        )
        return before != after

    @property
    def computable(self) -> bool:
        """Whether the local engine knows how both rotate."""
        return all(computable(side.layers) for side in (self.before, self.after) if side)


def sides_of(action: Action, live: Mapping[int, Schedule], now: int) -> Sides:
    """Both sides of an action; the console's overrides stay, as apply keeps them."""
    match action:
        case Create():
            return Sides(None, fresh(action.target, now))
        case Update():
            return Sides(live[action.id], merged(action.target, live[action.id], now))
        case Delete():
            return Sides(live[action.id], None)
        case Unchanged():
            same = None if action.id is None else live[action.id]
            return Sides(same, same)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far a plan looks: `start` is now, `end` that of its window (Unix seconds).

    Gaps are looked for until `judged`, which is not before the window's end.
    """

    start: int
    end: int
    judged: int

    @property
    def window(self) -> Span:
        """The time in which moves count."""
        return self.start, self.end

    @property
    def asked(self) -> Span:
        """What calendars have to cover."""
        return self.start, self.judged + MARGIN


def horizon(
    sides: Iterable[Sides], timezone: str, now: int, *, seconds: int | None = None, least: int = 0
) -> Horizon:
    """One full round of each changed layer, 14 to 44 days from now, and at least `least` seconds.

    `seconds` is the length of the window where the user says it; gaps are judged no shorter for it.
    """
    ends = [now]
    for both in sides:
        before, after = (
            {_rhythm(layer): layer for layer in side.layers} if side else {}
            for side in (both.before, both.after)
        )
        layers = before | after
        changed = before.keys() ^ after.keys()
        ends += [round_end(layers[rhythm], timezone, now) for rhythm in changed]
    longest = max(max(ends) - now, SHORTEST_WINDOW, least)
    usual = now + min(longest, LONGEST_WINDOW)
    end = usual if seconds is None else now + seconds
    return Horizon(now, end, max(usual, end))


def local(
    schedule: Schedule | None, timezone: str, span: Span, *, lanes: bool = False
) -> Calendar | None:
    """The shifts of a schedule by the local engine; it has no fair layers.

    Without `lanes` it has who is on call only, for less.
    """
    if schedule is None:
        return None
    start, end = span
    if lanes:
        return calendar(schedule.layers, schedule.overrides, timezone, start, end)
    final = on_call(schedule.layers, schedule.overrides, timezone, start, end)
    return Calendar(start, end, final=final)


def fits(schedule: Schedule, answered: Calendar, timezone: str) -> bool:
    """Whether the local engine gives what the platform answered: then it is believed."""
    if not computable(schedule.layers):
        return False
    own = local(schedule, timezone, (answered.start, answered.end))
    return own is not None and own.final == answered.final


def judge(
    before: Calendar | None,
    after: Calendar | None,
    horizon: Horizon,
    source: EffectSource,
    remark: str = "",
) -> Effect:
    """The effect of a write; both calendars cover what the horizon asks for."""
    olds, news = (() if side is None else side.final for side in (before, after))
    start, end = horizon.start, horizon.end
    moved = [move for move in moves(olds, news) if move.start < end]
    goes_on = bool(moved) and moved[-1].end > end
    if goes_on:
        moved[-1] = replace(moved[-1], end=end)
    both = before is not None and after is not None
    compared = compare_gaps(olds, news, start, horizon.judged)
    return Effect(
        source,
        remark,
        tuple(moved),
        goes_on,
        now=next((move for move in moved if move.start <= start), None) if before else None,
        # A new schedule takes nobody away, and a deleted one was meant to go.
        gaps=compared.opened if both else (),
        old_gaps=compared.before if before else (),
        left_gaps=compared.after if after else (),
        before=before,
        after=after,
    )


def looked_ahead(effect: Effect, sides: Sides, timezone: str, horizon: Horizon) -> Effect:
    """The effect with what the local engine finds beyond the window.

    That is the first shift that moves, where none does within it; and the first gap that opens at
    a date which the action sets, the end of a layer, say, or in the first full cycle.
    """
    later = None if effect.moves else _first_later(sides, timezone, horizon.end)
    known = {gap.role for gap in effect.gaps}
    grave = not known.isdisjoint({None, PRIMARY})
    opened = None if grave else _first_gap(sides, timezone, horizon.judged, known)
    return replace(
        effect,
        later=later,
        goes_on=effect.goes_on or bool(later and later.end - later.start >= FOLLOWED),
        gaps=effect.gaps if opened is None else (*effect.gaps, opened),
    )


def _first_later(sides: Sides, timezone: str, since: int) -> Move | None:
    """The first shift that moves from an instant on, followed for `FOLLOWED` seconds."""
    dates = [date for side in (sides.before, sides.after) if side for date in _dates(side)]
    last = max((*dates, since)) + LOOK_AHEAD
    for start in range(since, last, FOLLOWED):
        if moved := _moves(sides, timezone, (start, start + FOLLOWED)):
            begin = moved[0].start
            return _moves(sides, timezone, (begin, begin + FOLLOWED))[0]
    return None


def _first_gap(
    sides: Sides, timezone: str, since: int, known: Collection[int | None]
) -> Gap | None:
    """The first gap that opens at one of the dates that only one side has, or in a full cycle.

    Gaps of known roles are left out. A cycle is followed only where turns differ in their roles:
    else the window shows all there is.
    """
    if sides.before is None or sides.after is None:
        return None
    before, after = (set(_dates(side)) for side in (sides.before, sides.after))
    starts = {date for date in before ^ after if date >= since}
    layers = (*sides.before.layers, *sides.after.layers)
    if coverage_varies(layers):
        starts |= set(range(since, cycle_end(layers, since), FOLLOWED))
    for start in sorted(starts):
        span = (start, start + FOLLOWED)
        old, new = (
            on_call(side.layers, side.overrides, timezone, *span)
            for side in (sides.before, sides.after)
        )
        gaps = (gap for gap in opened_gaps(old, new, *span) if gap.role not in known)
        if first := next(gaps, None):
            return first
    return None


def _moves(sides: Sides, timezone: str, span: Span) -> tuple[Move, ...]:
    olds, news = (local(side, timezone, span) for side in (sides.before, sides.after))
    return moves(olds.final if olds else (), news.final if news else ())


def with_effects(plan: Plan, effects: Mapping[int, Effect], span: Span) -> Plan:
    """The plan with the effects of its writes, by the place of the action."""
    actions = tuple(
        action
        if isinstance(action, Unchanged) or place not in effects
        else replace(action, effect=effects[place])
        for place, action in enumerate(plan.actions)
    )
    return replace(plan, actions=actions, window=span)


def _dates(schedule: Schedule) -> Iterator[int]:
    for layer in schedule.layers:
        yield from (layer.start,) if layer.end is None else (layer.start, layer.end)
    for cover in schedule.overrides:
        yield from (cover.start, cover.end)


def _rhythm(layer: Layer) -> tuple[object, ...]:
    """A layer without its names."""
    return layer.start, layer.end, duty(layer)


# How much each person is on call before and after an action, in the plan's window.


def burdens(effect: Effect, window: Span, timezone: str) -> tuple[Burden, ...]:
    """Of each person, by id; nothing where nobody's shifts move.

    Nights and weekends are by `timezone`. A saved plan has no calendars, but the burdens of when it
    was made.
    """
    if not effect.moves:
        return ()
    if effect.before is None and effect.after is None:
        return effect.burdens
    before, after = (
        measure_people(side.until(window[1]), timezone) if side else {}
        for side in (effect.before, effect.after)
    )
    none = Load()
    return tuple(
        Burden(person, before.get(person, none), after.get(person, none))
        for person in sorted({*before, *after})
    )


# People who are gone from the files, but stay on call until a cut.


@dataclass(frozen=True, slots=True)
class Leavers:
    """The members who leave and have the turn that runs now; `until` is its end, or the cut.

    With `dated` the cut is at a date, which `rollout: now` may not bring forward.
    """

    members: frozenset[Member]
    until: int
    dated: bool = False


def find_leavers(update: Update, timezone: str, now: int) -> Iterator[Leavers]:
    """The leavers of each cut that is still ahead at `now` (Unix seconds).

    They are found in what apply writes, so that a saved plan names them too. Whoever stays on any
    layer does not leave. Of a fair layer only the platform knows whose turn runs.
    """
    layers = update.target.schedule.layers
    for cut in update.cuts:
        if cut.at <= now:
            continue
        later = [layer for layer in layers if not layer.ended(cut.at)]
        stay = {
            member.person for layer in later for group in layer.groups for member in group.members
        }
        name = canonical_name(cut.layer)
        for layer in layers:
            turn = turn_at(layer, timezone, now) if canonical_name(layer.name) == name else None
            if turn is None or turn.index is None:
                continue
            members = layer.groups[turn.index].members
            leaving = frozenset(member for member in members if member.person not in stay)
            if leaving:
                dated = cut.how is RolloutKind.AT
                yield Leavers(leaving, min(turn.end, cut.at), dated)
