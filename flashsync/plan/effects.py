"""What an action does to the shifts: judged from two calendars that have the same source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flashsync.model.calendar import Calendar, Span
from flashsync.model.schedule import PRIMARY, Layer, Schedule
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
from flashsync.rotation.calendar import computable, on_call
from flashsync.rotation.compare import Gap, Load, Move, compare_gaps, load, moves, opened_gaps
from flashsync.rotation.turns import coverage_varies, cycle_end, round_end

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
        return self.before is not self.after and _rota(self.before) != _rota(self.after)

    @property
    def computable(self) -> bool:
        """Whether the local engine knows how both rotate."""
        return all(computable(side.layers) for side in (self.before, self.after) if side)

    @property
    def dates(self) -> Iterator[int]:
        """All dates at which a layer or an override begins or ends."""
        for side in filter(None, (self.before, self.after)):
            yield from _dates(side)


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
    ends = (round_end(layer, timezone, now) for one in sides for layer in _changed_layers(one))
    longest = max((max(ends, default=now) - now, SHORTEST_WINDOW, least))
    usual = now + min(longest, LONGEST_WINDOW)
    end = usual if seconds is None else now + seconds
    return Horizon(now, end, max(usual, end))


def local(schedule: Schedule | None, timezone: str, span: Span) -> Calendar | None:
    """The shifts of a schedule by the local engine; it has no fair layers."""
    if schedule is None:
        return None
    start, end = span
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
    start, end = horizon.window
    found = [move for move in moves(olds, news) if move.start < end]
    goes_on = bool(found) and found[-1].end > end
    if goes_on:
        found[-1] = replace(found[-1], end=end)
    both = before is not None and after is not None
    compared = compare_gaps(olds, news, start, horizon.judged)
    return Effect(
        source,
        remark,
        tuple(found),
        goes_on,
        now=next((one for one in found if one.start <= start), None) if before else None,
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
    last = max((*sides.dates, since)) + LOOK_AHEAD
    for start in range(since, last, FOLLOWED):
        if found := _moves(sides, timezone, (start, start + FOLLOWED)):
            begin = found[0].start
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


def as_of(plan: Plan, now: int) -> Plan:
    """A saved plan at a later moment (Unix seconds): what has passed since is left out.

    Once its window has passed, it says nothing of shifts any more.
    """
    if plan.window is None or now >= plan.window[1]:
        return replace(plan, window=None)
    actions = tuple(
        one
        if isinstance(one, Unchanged) or one.effect is None
        else replace(one, effect=_as_of(one.effect, now))
        for one in plan.actions
    )
    return replace(plan, actions=actions, window=(now, plan.window[1]))


def _as_of(effect: Effect, now: int) -> Effect:
    """What lies ahead of an effect; a new schedule has nobody who would be relieved now."""
    left = tuple(replace(one, start=max(one.start, now)) for one in effect.moves if one.end > now)
    running = next((one for one in left if one.start == now), None)
    relieved = running is not None and bool(running.before or effect.now)
    return replace(
        effect,
        moves=left,
        now=running if relieved else None,
        gaps=tuple(gap for gap in effect.gaps if gap.end > now),
        old_gaps=tuple(gap for gap in effect.old_gaps if gap.end > now),
        left_gaps=tuple(gap for gap in effect.left_gaps if gap.end > now),
    )


def with_effects(plan: Plan, effects: Mapping[int, Effect], span: Span) -> Plan:
    """The plan with the effects of its writes, by the place of the action."""
    actions = tuple(
        one
        if isinstance(one, Unchanged) or place not in effects
        else replace(one, effect=effects[place])
        for place, one in enumerate(plan.actions)
    )
    return replace(plan, actions=actions, window=span)


def _changed_layers(sides: Sides) -> Sequence[Layer]:
    """The layers of either side that the other one lacks."""
    before, after = (side.layers if side else () for side in (sides.before, sides.after))
    old, new = ({_rhythm(layer): layer for layer in layers} for layers in (before, after))
    both = old | new
    return [both[rhythm] for rhythm in old.keys() ^ new.keys()]


def _dates(schedule: Schedule) -> Iterator[int]:
    for one in schedule.layers:
        yield from (one.start,) if one.end is None else (one.start, one.end)
    for cover in schedule.overrides:
        yield from (cover.start, cover.end)


def _rota(schedule: Schedule | None) -> tuple[object, ...]:
    """All of a schedule that decides about shifts, and nothing else."""
    if schedule is None:
        return ()
    overrides = frozenset((one.start, one.end, one.members) for one in schedule.overrides)
    return tuple(_rhythm(layer) for layer in schedule.layers), overrides


def _rhythm(layer: Layer) -> tuple[object, ...]:
    """A layer without its names."""
    plain = replace(layer, name="", groups=())
    return plain, tuple(group.members for group in layer.groups)


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
    before, after = (_load(side, window, timezone) for side in (effect.before, effect.after))
    none = Load()
    return tuple(
        Burden(person, before.get(person, none), after.get(person, none))
        for person in sorted({*before, *after})
    )


def _load(side: Calendar | None, window: Span, timezone: str) -> dict[int, Load]:
    return load(side.until(window[1]), timezone) if side else {}
