"""Fair layers: whose turn it is, only the server knows; its shifts are read instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flashsync.model.calendar import Shift
from flashsync.model.schedule import Group, Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.clock import clock
from flashsync.rotation.handoffs import Handoff, handoffs
from flashsync.rotation.rhythm import rhythm
from flashsync.rotation.turns import computable_layer

TOLD = 44 * DAY
"""Seconds for which the platform tells shifts at once."""


def needs_server(chain: Sequence[Layer]) -> bool:
    """Whether the turns of a chain can only be read from what the server computed."""
    return not all(map(computable_layer, chain))


def known_handoffs(
    chain: Sequence[Layer],
    computed: Sequence[Shift] | None,
    timezone: str,
    since: int,
    running: int,
) -> Iterator[Handoff]:
    """The handoffs of a chain from an instant (Unix seconds) on, from the `running` link on.

    They are counted here up to the first fair link, so that an edit which waits to make a layer
    fair can be taken back; from there on the computed shifts tell them.
    """
    places = range(running, len(chain))
    fair = next((place for place in places if not computable_layer(chain[place])), None)
    if fair is None:
        yield from handoffs(chain, timezone, since, running)
        return
    begins, follows = chain[fair].start, fair > running and chain[fair - 1].end == chain[fair].start
    if fair > running:
        for found in handoffs(chain[:fair], timezone, since, running):
            if found.at > begins or (not follows and chain[fair - 1].ended(found.at)):
                break
            yield found
        since = max(since, begins + follows)
    yield from fair_handoffs(chain, computed or (), timezone, since)


def fair_handoffs(
    chain: Sequence[Layer], computed: Sequence[Shift], timezone: str, since: int
) -> Iterator[Handoff]:
    """The handoffs that the computed shifts show, from an instant (Unix seconds) on.

    Where hours or a mask cut a turn, its shifts are one after another of one group; the turn of
    another begins where the rhythm says, if that is between their shifts, else with its first.
    """
    found = list(_begins(chain, computed, timezone))
    for place, one in enumerate(found):
        if one.at < since:
            continue
        coming = tuple(Group(turn.shift.members) for turn in found[place:])
        until = found[place + 1].at if place + 1 < len(found) else one.shift.end
        yield Handoff(one.at, until, one.link, one.number, coming)


@dataclass(frozen=True, slots=True)
class _Begin:
    """A turn of another group begins: when, which one by the rhythm, its link and first shift."""

    at: int
    number: int
    link: int
    shift: Shift


def _begins(chain: Sequence[Layer], computed: Sequence[Shift], timezone: str) -> Iterator[_Begin]:
    ordered = sorted(computed, key=lambda shift: shift.start)
    for last, one in pairwise(ordered):
        if _group(last) == _group(one):
            continue
        place = _link(chain, one.start)
        beat = rhythm(chain[place], clock(timezone))
        number = beat.number(max(one.start, chain[place].start))
        at = beat.begin(number)
        yield _Begin(at if last.end <= at <= one.start else one.start, number, place, one)


def on_beat(link: Layer, handoff: Handoff, timezone: str) -> bool:
    """Whether a handoff is where the rhythm of its link says."""
    return rhythm(link, clock(timezone)).begin(handoff.number) == handoff.at


def _group(shift: Shift) -> tuple[int | None, frozenset[object]]:
    return shift.index, frozenset(shift.members)


def _link(chain: Sequence[Layer], at: int) -> int:
    """The place of the link that runs into an instant."""
    return max((place for place, one in enumerate(chain) if one.start < at), default=0)


def on_at(
    chain: Sequence[Layer], computed: Sequence[Shift], timezone: str, at: int
) -> Group | None:
    """The group whose turn runs at an instant, as far as the shifts show it."""
    first = min(computed, key=lambda one: one.start, default=None)
    on = first if first and first.start <= at else None
    for turn in _begins(chain, computed, timezone):
        on = turn.shift if turn.at <= at else on
    return Group(on.members) if on else None
