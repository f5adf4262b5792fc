"""What an action does to the shifts: judged from two calendars that have the same source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flashsync.plan.effect import Effect, Source
from flashsync.plan.merge import fresh, merged
from flashsync.plan.model import Action, Create, Delete, Plan, Unchanged, Update
from flashsync.rotation.coverage import gaps, introduced
from flashsync.rotation.moves import Move, moves
from flashsync.rotation.round import round_end
from flashsync.rotation.shifts import computable, on_call
from flashsync.state.schedule import Layer, Override, Schedule
from flashsync.state.shift import Calendar, Span
from flashsync.state.zone import DAY, HOUR

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
    """A schedule as it is live, and as a write leaves it; None where there is none."""

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
            for span in (*map(_span, side.layers), *map(_span, side.overrides)):
                yield from (at for at in span if at is not None)


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


def window(sides: Iterable[Sides], timezone: str, now: int, seconds: int | None = None) -> Span:
    """The window of a plan: one full round of each changed layer, 14 to 44 days from now.

    `seconds` is its length where the user says it.
    """
    if seconds is not None:
        return now, now + seconds
    ends = (round_end(layer, timezone, now) for one in sides for layer in _changed_layers(one))
    longest = max(ends, default=now) - now
    return now, now + min(max(longest, SHORTEST_WINDOW), LONGEST_WINDOW)


def local(schedule: Schedule | None, timezone: str, span: Span) -> Calendar | None:
    """What counts of a schedule's shifts by the local engine; it has no fair layers."""
    if schedule is None:
        return None
    start, end = span
    final = on_call(schedule.layers, schedule.overrides, timezone, start, end)
    return Calendar(start, end, final=final)


def asked(span: Span) -> Span:
    """What calendars have to cover so that effects in a window can be judged."""
    return span[0], span[1] + MARGIN


def fits(schedule: Schedule, answered: Calendar, timezone: str) -> bool:
    """Whether the local engine gives what the platform answered: then it is believed."""
    if not computable(schedule.layers):
        return False
    own = local(schedule, timezone, (answered.start, answered.end))
    return own is not None and own.final == answered.final


def judge(
    before: Calendar | None, after: Calendar | None, span: Span, source: Source, remark: str = ""
) -> Effect:
    """The effect within the window, which begins now; both calendars reach `MARGIN` beyond it."""
    olds, news = (() if side is None else side.final for side in (before, after))
    start, end = span
    found = [move for move in moves(olds, news) if move.start < end]
    goes_on = bool(found) and found[-1].end > end
    if goes_on:
        found[-1] = replace(found[-1], end=end)
    both = before is not None and after is not None
    old_gaps, new_gaps = gaps(olds, *span), gaps(news, *span)
    return Effect(
        source,
        remark,
        tuple(found),
        goes_on,
        now=next((one for one in found if one.start <= start), None) if before else None,
        # A new schedule takes nobody away, and one that goes was meant to go.
        gaps=introduced(old_gaps, new_gaps) if both else (),
        old_gaps=old_gaps if before else (),
        before=before,
        after=after,
    )


def first_later(sides: Sides, timezone: str, span: Span) -> Move | None:
    """The first shift that moves beyond the window, by the local engine; None where none does."""
    last = max((*sides.dates, span[1])) + LOOK_AHEAD
    for start in range(span[1], last, LONGEST_WINDOW):
        part = (start, start + LONGEST_WINDOW)
        olds, news = (local(side, timezone, part) for side in (sides.before, sides.after))
        found = moves(olds.final if olds else (), news.final if news else ())
        if found:
            return found[0]
    return None


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


def _span(one: Layer | Override) -> tuple[int, int | None]:
    return one.start, one.end


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
