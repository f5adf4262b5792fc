"""Overrides as pieces that do not overlap: who covers when.

The platform's rule for overrides that overlap is not documented, so flashsync leaves none. Of two
entries of a file the later one decides; where people made an override in the console, theirs does.
Compared is cover: who is on call when by an override of ours, from now on, not the list of pieces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from flashsync.model.calendar import Span
from flashsync.model.schedule import Member, Override, Schedule
from flashsync.rotation.intervals import common, joined, outside

_Who: TypeAlias = tuple[str, frozenset[Member]]
"""The name and the people of an override: pieces that share both are one cover."""


@dataclass(frozen=True, slots=True)
class Yielded:
    """A stretch of a declared override that is left to an override of the console.

    `unsettled` says that the account still has one of ours there, too: it goes at the next write.
    """

    piece: Override
    to: Override
    span: Span
    unsettled: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """The cover that a write takes away and that it brings, from now on, as overrides."""

    removed: tuple[Override, ...]
    added: tuple[Override, ...]


def cut_overlaps(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Declared overrides, in the order of their file, as pieces that do not overlap.

    The later entry decides. Overrides of the console among them are left as they are.
    """
    if _are_apart([(one.start, one.end) for one in overrides if one.ours]):
        return tuple(overrides)
    later: list[Span] = []
    found: list[Override] = []
    for one in reversed(overrides):
        if not one.ours:
            found.append(one)
            continue
        found += reversed(list(_parts(one, later)))
        later = joined([*later, (one.start, one.end)])
    return tuple(reversed(found))


def cut_around(overrides: Iterable[Override], console: Sequence[Override]) -> tuple[Override, ...]:
    """The pieces of overrides that lie outside the console's."""
    theirs = _spans(console)
    return tuple(part for one in overrides for part in _parts(one, theirs))


def settle_overrides(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Overrides of which none of ours overlaps another one, be it the console's.

    The console's are there where a deleted schedule comes back, and come first.
    """
    theirs = [one for one in overrides if not one.ours]
    ours = [one for one in cut_overlaps(overrides) if one.ours]
    return (*theirs, *cut_around(ours, theirs))


def without_overlaps(schedule: Schedule) -> Schedule:
    """A schedule of a file, with its overrides as they will be on the platform."""
    return replace(schedule, overrides=settle_overrides(schedule.overrides))


def declared_overrides(wanted: Sequence[Override], now: int) -> tuple[Override, ...]:
    """What a file asks for by now. Pieces are cut before past pieces are left out, so that
    what passes changes none of the others."""
    return tuple(one for one in settle_overrides(wanted) if not one.past(now))


def update_overrides(
    wanted: Sequence[Override], live: Sequence[Override], now: int
) -> tuple[Override, ...]:
    """All overrides to send, from those wanted of ours and all that are live.

    The console's are sent as they are, and so are ours where the cover stays and nothing overlaps.
    What is past is history: an override that runs keeps its past part, and a new piece has none.
    """
    theirs = [one for one in live if not one.ours]
    ours = [one for one in live if one.ours and not one.past(now)]
    pieces = [one for one in cut_around(cut_overlaps(wanted), theirs) if not one.past(now)]
    if _is_settled(ours, theirs, now) and _cover(ours, now) == _cover(pieces, now):
        return tuple(live)
    found: list[Override] = []
    for one in live:
        kept = one if not one.ours or one.past(now) else _take_over(one, pieces, now)
        found += [] if kept is None else [kept]
    return (*found, *(_from(one, now) for one in pieces))


def compare_cover(live: Schedule, wanted: Sequence[Override], now: int) -> Differences:
    """The stretches in which a write changes who covers, in order.

    What lies below the console's overrides is the console's on both sides. A stretch that runs is
    given with its real start, so that it reads the same at every moment.
    """
    theirs = live.console_overrides
    sides = [
        [one for one in cut_around(overrides, theirs) if not one.past(now)]
        for overrides in (live.our_overrides, cut_overlaps(wanted))
    ]
    if sides[0] == sides[1]:
        return Differences((), ())
    before, after = (_cover(side, now) for side in sides)
    return Differences(
        _without(before, after, sides[0], now), _without(after, before, sides[1], now)
    )


def find_yielded(live: Schedule, wanted: Sequence[Override], now: int) -> Iterator[Yielded]:
    """Where declared overrides are left to the console's, from now on."""
    ours = _spans(one for one in live.our_overrides if not one.past(now))
    for piece in cut_overlaps(wanted):
        for to in live.console_overrides:
            span = max(piece.start, to.start, now), min(piece.end, to.end)
            if span[0] < span[1]:
                yield Yielded(piece, to, span, any(common(ours, [span])))


def find_ineffective(declared: Sequence[Override], now: int) -> Iterator[Override]:
    """Entries of a file with all their time covered by later entries."""
    ours = [one for one in declared if one.ours]
    for place, one in enumerate(ours):
        if not one.past(now) and not any(_parts(one, _spans(ours[place + 1 :]))):
            yield one


def _parts(override: Override, taken: Sequence[Span]) -> Iterator[Override]:
    """What is left of an override outside stretches; the override itself where that is all."""
    whole = override.start, override.end
    for span in outside([whole], taken):
        yield override if span == whole else _piece(override, *span)


def _piece(override: Override, start: int, end: int) -> Override:
    """What the platform sent with a whole override has other times."""
    return replace(override, start=start, end=end, carried={}, weight=0)


def _spans(overrides: Iterable[Override]) -> list[Span]:
    return joined((one.start, one.end) for one in overrides)


def _ahead(override: Override, now: int) -> Span:
    return max(override.start, now), override.end


def _cover(overrides: Iterable[Override], now: int) -> dict[_Who, list[Span]]:
    """Who covers when, from now on."""
    found: dict[_Who, list[Span]] = defaultdict(list)
    for one in overrides:
        found[one.name, one.members].append(_ahead(one, now))
    return {who: joined(spans) for who, spans in found.items()}


def _without(
    cover: dict[_Who, list[Span]],
    other: dict[_Who, list[Span]],
    pieces: Sequence[Override],
    now: int,
) -> tuple[Override, ...]:
    """The cover that the other side lacks; it was made from `pieces`."""
    found = [
        Override(who[0], _begin(who, start, pieces, now), end, who[1])
        for who, spans in cover.items()
        for start, end in outside(spans, other.get(who, ()))
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.name)))


def _begin(who: _Who, start: int, pieces: Sequence[Override], now: int) -> int:
    """Where a stretch begins: a stretch from now on is what is left of a running one."""
    if start > now:
        return start
    return min(
        one.start for one in pieces if (one.name, one.members) == who and one.start <= now < one.end
    )


def _is_settled(ours: Sequence[Override], theirs: Sequence[Override], now: int) -> bool:
    """Whether none of ours overlaps another one, or one of the console's, from now on."""
    spans = [_ahead(one, now) for one in ours]
    return _are_apart(spans) and not any(common(joined(spans), _spans(theirs)))


def _are_apart(spans: Sequence[Span]) -> bool:
    return _length(spans) == _length(joined(spans))


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def _take_over(live: Override, pieces: list[Override], now: int) -> Override | None:
    """A live override of ours as a write leaves it; the piece that it becomes is taken out.

    None where nothing is left of it.
    """
    for place, piece in enumerate(pieces):
        if _continues(live, piece, now):
            del pieces[place]
            return live if piece.end == live.end else _piece(live, live.start, piece.end)
    return _piece(live, live.start, now) if live.start < now else None


def _continues(live: Override, piece: Override, now: int) -> bool:
    """Whether a piece is a live override: of the same people, with the same times or running."""
    if (piece.name, piece.members) != (live.name, live.members):
        return False
    runs = live.start < now and piece.start <= now
    return runs or (piece.start, piece.end) == (live.start, live.end)


def _from(piece: Override, now: int) -> Override:
    """A piece without a past."""
    return piece if piece.start >= now else _piece(piece, now, piece.end)
