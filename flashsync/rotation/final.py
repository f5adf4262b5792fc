"""All lanes taken together: what counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from flashsync.state.schedule import Member
from flashsync.state.shift import Lane, Shift, merged

Members = frozenset[Member]
_NOBODY: Members = frozenset()
_END, _BEGIN = 0, 1


def final(lanes: Sequence[Lane]) -> tuple[Shift, ...]:
    """The shifts that count, in order, merged where nobody changes, never without members."""
    busy = [lane for lane in lanes if lane.shifts]
    return merged(busy[0].shifts) if len(busy) == 1 else tuple(_shifts(busy))


def together(rotations: Collection[Members], overrides: Collection[Members]) -> Members:
    """Who is on call, by the members of the lanes that run.

    **Open** in api.md, rule 6: "combine" is read as union. An override replaces all rotation layers
    (rule 7). **Guess**: overrides that overlap add up too.
    """
    counting = overrides or rotations
    if len(counting) == 1:
        (members,) = counting
        return members
    return _NOBODY.union(*counting)


def _shifts(lanes: Sequence[Lane]) -> Iterator[Shift]:
    """Stretches of the same members as shifts."""
    start, members = 0, _NOBODY
    for instant, now in _steps(lanes):
        if now == members:
            continue
        if members:
            yield Shift(start, instant, members)
        start, members = instant, now


def _steps(lanes: Sequence[Lane]) -> Iterator[tuple[int, Members]]:
    """Each instant at which a shift of a lane begins or ends, and who is on call from then on."""
    rotations: dict[int, Members] = {}
    overrides: dict[int, Members] = {}
    running = [overrides if lane.override else rotations for lane in lanes]
    edges = _edges(lanes)
    last = edges[0][0] if edges else 0
    for instant, kind, place, members in edges:
        if instant != last:
            yield last, together(rotations.values(), overrides.values())
            last = instant
        if kind == _BEGIN:
            running[place][place] = members
        else:
            del running[place][place]
    yield last, _NOBODY


def _edges(lanes: Sequence[Lane]) -> list[tuple[int, int, int, Members]]:
    """Where shifts begin and end, sorted: first what ends. The first three tell them all apart."""
    edges = []
    for place, lane in enumerate(lanes):
        for shift in lane.shifts:
            edges.append((shift.start, _BEGIN, place, shift.members))
            edges.append((shift.end, _END, place, shift.members))
    edges.sort()
    return edges
