"""All lanes taken together: what counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from flashsync.rotation.sweep import Members, Side, Stint, sweep
from flashsync.state.shift import Shift

_NOBODY = Members()


def final(
    rotations: Sequence[Iterable[Stint]], overrides: Sequence[Iterable[Stint]]
) -> tuple[Shift, ...]:
    """The shifts that count, in order, merged where nobody changes, never without members."""
    return tuple(_shifts([*rotations, *overrides], len(rotations)))


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


def _shifts(tracks: Sequence[Iterable[Stint]], rotations: int) -> Iterator[Shift]:
    """Stretches of the same members as shifts; of the tracks, so many are rotations."""
    start, members = 0, _NOBODY
    # The same groups meet again and again, and a union costs more than to remember it.
    known: dict[tuple[Side, ...], Members] = {}
    for instant, running in sweep(tracks):
        now = known.get(running)
        if now is None:
            now = known[running] = _counting(running, rotations)
        if now == members:
            continue
        if members:
            yield Shift(start, instant, members)
        start, members = instant, now


def _counting(running: Sequence[Side], rotations: int) -> Members:
    """Who is on call, by all tracks; so many of them are rotations."""
    found = [members for members in running[:rotations] if members is not None]
    covers = [members for members in running[rotations:] if members is not None]
    return together(found, covers)
