"""All lanes taken together: what counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.state.schedule import Member
from flashsync.state.shift import Lane, Shift, merged

Members = frozenset[Member]
_END, _BEGIN = 0, 1


def final(lanes: Sequence[Lane]) -> tuple[Shift, ...]:
    """The shifts that count, in order, merged where nobody changes, never without members."""
    busy = [lane for lane in lanes if lane.shifts]
    return merged(busy[0].shifts) if len(busy) == 1 else tuple(_shifts(busy))


def together(rotations: Sequence[Members], overrides: Sequence[Members]) -> Members:
    """Who is on call, by the members of the lanes that run.

    **Open** in api.md, rule 6: "combine" is read as union. An override replaces all rotation layers
    (rule 7). **Guess**: overrides that overlap add up too.
    """
    return frozenset[Member]().union(*(overrides or rotations))


def _shifts(lanes: Sequence[Lane]) -> Iterator[Shift]:
    """Stretches of the same members as shifts."""
    start, members = 0, frozenset[Member]()
    for instant, now in _steps(lanes):
        if now == members:
            continue
        if members:
            yield Shift(start, instant, members)
        start, members = instant, now


def _steps(lanes: Sequence[Lane]) -> Iterator[tuple[int, Members]]:
    """Each instant at which a shift of a lane begins or ends, and who is on call from then on."""
    running: dict[int, Members] = {}
    overrides = {place for place, lane in enumerate(lanes) if lane.override}
    edges = _edges(lanes)
    for number, (instant, kind, place, members) in enumerate(edges):
        if kind == _BEGIN:
            running[place] = members
        else:
            del running[place]
        if number + 1 < len(edges) and edges[number + 1][0] == instant:
            continue
        cover = [running[place] for place in running.keys() & overrides] if overrides else []
        yield instant, together([*running.values()], cover)


def _edges(lanes: Sequence[Lane]) -> list[tuple[int, int, int, Members]]:
    """Where shifts begin and end, sorted: first what ends. The first three tell them all apart."""
    edges = [
        edge
        for place, lane in enumerate(lanes)
        for shift in lane.shifts
        for edge in (
            (shift.start, _BEGIN, place, shift.members),
            (shift.end, _END, place, shift.members),
        )
    ]
    edges.sort()
    return edges
