"""Fair layers: whose turn it is, only the server knows; its shifts are read instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from flashsync.rotation.handoffs import Handoff
from flashsync.rotation.turns import computable_layer
from flashsync.state.schedule import Group, Layer
from flashsync.state.shift import Shift


def needs_server(chain: Sequence[Layer]) -> bool:
    """Whether the turns of a chain can only be read from what the server computed."""
    return not all(map(computable_layer, chain))


def fair_handoffs(
    chain: Sequence[Layer], computed: Sequence[Shift], since: int
) -> Iterator[Handoff]:
    """The handoffs that the computed shifts show, from an instant (Unix seconds) on.

    Where hours or a mask cut a turn, its shifts are one after another of one group; the turn of
    another begins with its first shift.
    """
    ordered = sorted(computed, key=lambda shift: shift.start)
    turns = [one for last, one in pairwise(ordered) if _group(last) != _group(one)]
    for place, one in enumerate(turns):
        if one.start < since:
            continue
        coming = tuple(Group(turn.members) for turn in turns[place:])
        until = turns[place + 1].start if place + 1 < len(turns) else one.end
        yield Handoff(one.start, until, _link(chain, one.start), place, coming)


def _group(shift: Shift) -> tuple[int | None, frozenset[object]]:
    return shift.index, frozenset(shift.members)


def _link(chain: Sequence[Layer], at: int) -> int:
    """The place of the link that runs into an instant."""
    return max((place for place, one in enumerate(chain) if one.start < at), default=0)


def on_at(computed: Sequence[Shift], at: int) -> Group | None:
    """The group whose turn runs at an instant, as far as the shifts show it."""
    begun = [one for one in computed if one.start <= at]
    return Group(max(begun, key=lambda one: one.start).members) if begun else None
