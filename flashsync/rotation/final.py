"""All lanes taken together: what counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from flashsync.model.calendar import Shift, merged
from flashsync.rotation.spans import between, clipped, joined
from flashsync.rotation.sweep import NOBODY, Members, Stint, sweep


def final(
    rotations: Sequence[Sequence[Stint]], overrides: Sequence[Sequence[Stint]]
) -> tuple[Shift, ...]:
    """The shifts that count, in order, merged where nobody changes, never without members."""
    found = tuple(_added_up(rotations))
    covered = joined((start, end) for stints in overrides for start, end, _ in stints)
    if not covered:
        return found
    pieces = ((one.members, one.start, one.end) for one in found)
    left = [*between(covered, found[0].start, found[-1].end)] if found else []
    rest = [Shift(start, end, members) for members, start, end in clipped(pieces, left)]
    return merged([*rest, *_added_up(overrides)])


def together(rotations: Collection[Members], overrides: Collection[Members]) -> Members:
    """Who is on call, by the members of the lanes that run: an override replaces all rotation
    layers (rule 7)."""
    return _union(overrides or rotations)


def _union(members: Iterable[Members]) -> Members:
    """Who is on call, by lanes of one kind.

    **Open** in api.md, rule 6: "combine" is read as union. **Guess**: overrides that overlap add up
    too.
    """
    return NOBODY.union(*members)


def _added_up(tracks: Sequence[Sequence[Stint]]) -> Iterator[Shift]:
    """Stretches of the same members as shifts."""
    start, members = 0, NOBODY
    for instant, running in sweep(tracks):
        now = _union(running)
        if now == members:
            continue
        if members:
            yield Shift(start, instant, members)
        start, members = instant, now
