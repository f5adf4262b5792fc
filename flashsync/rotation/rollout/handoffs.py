"""The handoffs of a live chain to come, also of fair layers, and the bridge that keeps a turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flashsync.model.calendar import Shift
from flashsync.model.schedule import Group, Hours, Layer, Rotation, Unit, canonical_hours
from flashsync.model.timezone import DAY, MINUTE, WEEK
from flashsync.rotation.intervals import common, joined
from flashsync.rotation.rollout.who_is_next import rotate
from flashsync.rotation.turns import computable_layer, day_cut, months_later, rhythm
from flashsync.rotation.wall_clock import clock

HALF_HOUR = 30 * MINUTE
_LONG = 1000 * DAY


@dataclass(frozen=True, slots=True)
class Handoff:
    """A turn begins at `at` and ends at `until` (Unix seconds).

    It is turn `number` of the link with the index `link`, read as if the link had no end. `coming`
    are its groups in the order in which their turns come from then on.
    """

    at: int
    until: int
    link: int
    number: int
    coming: tuple[Group, ...]


def on_grid(instant: int, timezone: str) -> bool:
    """Whether an instant is a whole half-hour, of the wall clock or of UTC."""
    return not instant % HALF_HOUR or not clock(timezone).wall(instant) % HALF_HOUR


def half_hour(instant: int, timezone: str) -> int:
    """The start of the half-hour that runs at an instant."""
    if on_grid(instant, timezone):
        return instant
    return instant - clock(timezone).wall(instant) % HALF_HOUR


def next_half_hour(instant: int, timezone: str) -> int:
    """The first whole half-hour that is not before an instant."""
    if on_grid(instant, timezone):
        return instant
    return half_hour(instant + HALF_HOUR, timezone)


def align(layer: Layer, instant: int, timezone: str) -> int:
    """The first moment from an instant on at which a link can take over the layer's duty.

    That is a whole half-hour; the days of a continuous mask begin at the time of day of the link's
    start (rule 4), so there it has that time of day.
    """
    moment = next_half_hour(instant, timezone)
    if not has_own_days(layer):
        return moment
    there = clock(timezone)
    cut = day_cut(layer, there.wall(layer.start))
    wall = there.wall(moment)
    at_cut = there.instant(wall + (cut - wall) % DAY)
    return at_cut if on_grid(at_cut, timezone) else moment


def has_own_days(layer: Layer) -> bool:
    """Whether the days of a mask begin at the time of day at which the layer does (rule 4)."""
    return layer.continuous and bool(layer.days)


def walk_handoffs(
    chain: Sequence[Layer], timezone: str, since: int, running: int
) -> Iterator[Handoff]:
    """The handoffs from an instant (Unix seconds) on, from the `running` link on, in order.

    A link that follows another at a handoff takes over from it: the handoff is read from the link
    before. The start of a bridge is not a handoff. The last link is read as if it had no end.
    """
    taken = False
    for index in range(running, len(chain)):
        link, following = chain[index], chain[index + 1] if index + 1 < len(chain) else None
        if is_bridge_to(link, following):
            taken = False
            continue
        if following is None and is_bridge(link):  # the layer ends with it
            yield from _after_bridge(chain, index, timezone, since)
            return
        for handoff in _of_link(link, index, timezone, since):
            if following is not None and handoff.at > following.start:
                break
            if following is not None and link.end != following.start and link.ended(handoff.at):
                break  # nothing runs until the next link begins
            if handoff.number or not taken:
                yield handoff
        taken = following is not None and _takes_over(link, following, timezone)


def _of_link(link: Layer, index: int, timezone: str, since: int) -> Iterator[Handoff]:
    """The turns of one link that begin at an instant or later, but for those without length."""
    turns = rhythm(link, clock(timezone)).between(max(since, link.start))
    for number, at, until in turns:
        if at >= since:
            yield Handoff(at, until, index, number, rotate(link.groups, number))


def _after_bridge(
    chain: Sequence[Layer], index: int, timezone: str, since: int
) -> Iterator[Handoff]:
    """The handoffs after a bridge that no link follows, by the link from which it keeps a turn."""
    last, before = chain[index], index
    while before and is_bridge(chain[before]) and chain[before - 1].end == chain[before].start:
        before -= 1
    if not is_bridge(chain[before]):
        yield from _of_link(chain[before], before, timezone, max(since, last.start))
    elif last.end is not None:
        yield Handoff(max(since, last.end), last.end + _LONG, index, 1, last.groups)


def _takes_over(link: Layer, following: Layer, timezone: str) -> bool:
    """Whether a link begins where a handoff of the one before it was cut."""
    if link.end != following.start:
        return False
    turns = rhythm(link, clock(timezone))
    at = turns.begin(turns.number(following.start))
    return following.start in (at, next_half_hour(at, timezone), align(link, at, timezone))


# Fair layers: only the server knows whose turn it is; its shifts are read instead.

PLATFORM_WINDOW = 44 * DAY
"""Seconds for which the platform shows shifts at once."""


def find_handoffs(
    chain: Sequence[Layer],
    computed: Sequence[Shift] | None,
    timezone: str,
    since: int,
    running: int,
) -> Iterator[Handoff]:
    """The handoffs of a chain from an instant (Unix seconds) on, from the `running` link on.

    They are counted here up to the first fair link, so that an edit which waits to make a layer
    fair can be taken back; from there on the computed shifts show them.
    """
    indices = range(running, len(chain))
    fair = next((index for index in indices if not computable_layer(chain[index])), None)
    if fair is None:
        yield from walk_handoffs(chain, timezone, since, running)
        return
    begins, follows = chain[fair].start, fair > running and chain[fair - 1].end == chain[fair].start
    if fair > running:
        for handoff in walk_handoffs(chain[:fair], timezone, since, running):
            if handoff.at > begins or (not follows and chain[fair - 1].ended(handoff.at)):
                break
            yield handoff
        since = max(since, begins + follows)
    yield from _fair_handoffs(chain, computed or (), timezone, since)


def _fair_handoffs(
    chain: Sequence[Layer], computed: Sequence[Shift], timezone: str, since: int
) -> Iterator[Handoff]:
    """The handoffs that the computed shifts show, from an instant (Unix seconds) on.

    Where hours or a mask cut a turn, it has several shifts of one group; the turn of another group
    begins where the rhythm says, if that is between their shifts, else with its first shift.
    """
    begins = list(_find_begins(chain, computed, timezone))
    for index, begin in enumerate(begins):
        if begin.at < since:
            continue
        coming = tuple(Group(turn.shift.members) for turn in begins[index:])
        until = begins[index + 1].at if index + 1 < len(begins) else begin.shift.end
        yield Handoff(begin.at, until, begin.link, begin.number, coming)


@dataclass(frozen=True, slots=True)
class _Begin:
    """A turn of another group begins: when, its number in the rhythm, its link and first shift."""

    at: int
    number: int
    link: int
    shift: Shift


def _find_begins(
    chain: Sequence[Layer], computed: Sequence[Shift], timezone: str
) -> Iterator[_Begin]:
    ordered = sorted(computed, key=lambda shift: shift.start)
    for before, shift in pairwise(ordered):
        if (before.index, before.members) == (shift.index, shift.members):
            continue
        started = (index for index, link in enumerate(chain) if link.start < shift.start)
        link = max(started, default=0)
        turns = rhythm(chain[link], clock(timezone))
        number = turns.number(max(shift.start, chain[link].start))
        at = turns.begin(number)
        yield _Begin(at if before.end <= at <= shift.start else shift.start, number, link, shift)


def find_on_call(
    chain: Sequence[Layer], computed: Sequence[Shift], timezone: str, at: int
) -> Group | None:
    """The group whose turn runs at an instant, as far as the shifts show it."""
    first = min(computed, key=lambda shift: shift.start, default=None)
    on = first if first and first.start <= at else None
    for begin in _find_begins(chain, computed, timezone):
        on = begin.shift if begin.at <= at else on
    return Group(on.members) if on else None


# A bridge: a link of one group, which keeps a turn to its end after a cut.

LENGTH = Rotation(30, Unit.MONTH)
"""The rotation of a bridge: its first turn outlasts it, unlike that of a link of one group that was
cut at a handoff."""


def make_bridge(layer: Layer, group: Group, start: int, end: int, timezone: str) -> Layer:
    """A link of one group with the duty of a layer, from `start` to `end` (Unix seconds)."""
    link = replace(
        layer, start=start, end=end, rotation=LENGTH, handoff=None, groups=(group,), fair=False
    )
    if not has_own_days(layer):
        return link
    # The days of a continuous mask begin with the layer (rule 4): these begin as they did before.
    return replace(link, days=None, continuous=False, hours=_weekly(layer, timezone))


def is_bridge(layer: Layer) -> bool:
    """Whether a link is a bridge, by its form."""
    return (
        layer.rotation == LENGTH
        and len(layer.groups) == 1
        and layer.end is not None
        and not layer.fair
        and layer.end < months_later(layer.start, LENGTH.value)
    )


def is_bridge_to(layer: Layer, following: Layer | None) -> bool:
    """Whether a link is a bridge to the link after it."""
    return following is not None and layer.end == following.start and is_bridge(layer)


def _weekly(layer: Layer, timezone: str) -> Hours | None:
    """The duty of a continuous mask, with its hours, as hours of the week."""
    cut = day_cut(layer, clock(timezone).wall(layer.start))
    # Two weeks, counted from a Monday, so that what reaches over the week's end is whole once.
    days = [
        (day * DAY + cut, (day + 1) * DAY + cut)
        for day in range(-7, 21)
        if (day + 1) % 7 in (layer.days or ())
    ]
    duty = joined(days)
    if layer.hours:
        windows = joined(
            (day * DAY + opens, day * DAY + (closes if closes > opens else closes + DAY))
            for day in range(-8, 22)
            for opens, closes in layer.hours.windows
        )
        duty = joined(common(duty, windows))
    if any(end - start >= WEEK for start, end in duty):
        return None
    return canonical_hours("week", [span for span in duty if 0 <= span[0] < WEEK])
