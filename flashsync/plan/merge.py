"""What is really sent: the plan's target with the live schedule's own share, read just before.

Its share is what people made in the console (overrides, and the fields that a file leaves to it)
and what users cannot declare (`hidden`, `weight`, fields that flashsync does not know).

Overrides are merged as pieces that do not overlap, since the platform's rule for overrides that do
is not documented. Of two entries of a file the later one decides; where people made an override in
the console, theirs does. Compared is cover: who is on call when by an override of ours, from now
on, not the list of pieces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from flashsync.model.calendar import Span
from flashsync.model.notify import Notify
from flashsync.model.schedule import Layer, Member, Override, Schedule, with_fields_of
from flashsync.plan.model import Target
from flashsync.plan.webhooks import match
from flashsync.rotation.intervals import common, joined, outside


def merged(target: Target, live: Schedule, now: int) -> Schedule:
    """The whole schedule to send; `now` is in Unix seconds."""
    wanted = with_fields_of(target.schedule, live, target.ignored)
    layers = tuple(
        layer if origin is None else _with_carried(layer, live.layers[origin])
        for layer, origin in zip(wanted.layers, target.origins, strict=True)
    )
    forgotten = target.forgotten
    overrides = [
        override
        for override in live.overrides
        if forgotten is None or not (override.ours and override.past(forgotten))
    ]
    return replace(
        wanted,
        id=live.id,
        layers=layers,
        overrides=update_overrides(target.schedule.overrides, overrides, now),
        notify=_merge_notify(wanted.notify, live.notify),
        carried=live.carried,
    )


def moved_aside(target: Target, live: Schedule, name: str) -> Schedule:
    """The live schedule under another name for a moment.

    Its notify is the plan's already: a secret that the platform does not show cannot be sent back.
    """
    wanted = with_fields_of(target.schedule, live, target.ignored)
    return replace(live, name=name, notify=_merge_notify(wanted.notify, live.notify))


def fresh(target: Target, now: int) -> Schedule:
    """A schedule to create: overrides that have passed since the plan are left out."""
    wanted = target.schedule
    return replace(wanted, overrides=declared_overrides(wanted.overrides, now))


def _with_carried(layer: Layer, live: Layer) -> Layer:
    """The layer with the undeclared fields of its live layer and of its live groups.

    A live group serves once: for a group of the same people, else of the same name.
    """
    left = list(live.groups)
    groups = []
    for group in layer.groups:
        same = next((other for other in left if other.members == group.members), None)
        same = same or next((other for other in left if other.name == group.name), None)
        if same is not None:
            left.remove(same)
            group = replace(group, carried=same.carried)
        groups.append(group)
    return replace(layer, groups=tuple(groups), carried=live.carried)


def _merge_notify(wanted: Notify, live: Notify) -> Notify:
    pairs = match(wanted.webhooks, live.webhooks)
    hooks = tuple(
        replace(hook, carried=live.webhooks[pairs[place]].carried) if place in pairs else hook
        for place, hook in enumerate(wanted.webhooks)
    )
    return replace(wanted, webhooks=hooks, carried=live.carried)


# Declared overrides as pieces that do not overlap.


def cut_overlaps(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Declared overrides, in the order of their file, as pieces that do not overlap.

    The later entry decides. Overrides of the console among them are left as they are.
    """
    if not _overlap([(override.start, override.end) for override in overrides if override.ours]):
        return tuple(overrides)
    later: list[Span] = []
    pieces: list[Override] = []
    for override in reversed(overrides):
        if not override.ours:
            pieces.append(override)
            continue
        pieces += reversed(list(_parts(override, later)))
        later = joined([*later, (override.start, override.end)])
    return tuple(reversed(pieces))


def cut_around(overrides: Iterable[Override], console: Sequence[Override]) -> tuple[Override, ...]:
    """The pieces of overrides that lie outside the console's."""
    theirs = _spans(console)
    return tuple(part for override in overrides for part in _parts(override, theirs))


def settle_overrides(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Overrides of which none of ours overlaps another one, be it the console's.

    The console's are there where a deleted schedule comes back, and come first.
    """
    if not overrides:
        return ()
    theirs = [override for override in overrides if not override.ours]
    ours = [override for override in cut_overlaps(overrides) if override.ours]
    return (*theirs, *cut_around(ours, theirs))


def without_overlaps(schedule: Schedule) -> Schedule:
    """A schedule of a file, with its overrides as they will be on the platform."""
    return replace(schedule, overrides=settle_overrides(schedule.overrides))


def declared_overrides(wanted: Sequence[Override], now: int) -> tuple[Override, ...]:
    """What a file asks for by now. Pieces are cut before past pieces are left out, so that
    what passes changes none of the others."""
    return tuple(override for override in settle_overrides(wanted) if not override.past(now))


def find_ineffective(declared: Sequence[Override], now: int) -> Iterator[Override]:
    """Entries of a file with all their time covered by later entries."""
    ours = [override for override in declared if override.ours]
    for place, override in enumerate(ours):
        if not override.past(now) and not any(_parts(override, _spans(ours[place + 1 :]))):
            yield override


def _parts(override: Override, taken: Sequence[Span]) -> Iterator[Override]:
    """What is left of an override outside stretches; the override itself where that is all."""
    whole = override.start, override.end
    for span in outside([whole], taken):
        yield override if span == whole else _piece(override, *span)


def _piece(override: Override, start: int, end: int) -> Override:
    """What the platform sent with a whole override has other times."""
    return replace(override, start=start, end=end, carried={}, weight=0)


def _spans(overrides: Iterable[Override]) -> list[Span]:
    return joined((override.start, override.end) for override in overrides)


def _overlap(spans: Sequence[Span]) -> bool:
    return sum(end - start for start, end in spans) != sum(b - a for a, b in joined(spans))


# The overrides to send: ours between the console overrides.


def update_overrides(
    wanted: Sequence[Override], live: Sequence[Override], now: int
) -> tuple[Override, ...]:
    """All overrides to send, from those wanted of ours and all that are live.

    The console's are sent as they are, and so are ours where the cover stays and nothing overlaps.
    What is past is history: an override that runs keeps its past part, and a new piece has none.
    """
    theirs = [override for override in live if not override.ours]
    ours = [override for override in live if override.ours and not override.past(now)]
    if not wanted and not ours:
        return tuple(live)
    pieces = [piece for piece in cut_around(cut_overlaps(wanted), theirs) if not piece.past(now)]
    ahead = [(max(override.start, now), override.end) for override in ours]
    apart = not _overlap(ahead) and not any(common(joined(ahead), _spans(theirs)))
    if apart and _cover(ours, now) == _cover(pieces, now):
        return tuple(live)
    kept: list[Override] = []
    for override in live:
        untouched = not override.ours or override.past(now)
        left = override if untouched else _take_over(override, pieces, now)
        if left is not None:
            kept.append(left)
    new = (piece if piece.start >= now else _piece(piece, now, piece.end) for piece in pieces)
    return (*kept, *new)


def _take_over(live: Override, pieces: list[Override], now: int) -> Override | None:
    """A live override of ours as a write leaves it; the piece that it becomes is taken out.

    A piece continues it that has the same people, and the same times, or runs as it does. None
    where nothing is left of it.
    """
    for place, piece in enumerate(pieces):
        if (piece.name, piece.members) != (live.name, live.members):
            continue
        runs = live.start < now and piece.start <= now
        if runs or (piece.start, piece.end) == (live.start, live.end):
            del pieces[place]
            return live if piece.end == live.end else _piece(live, live.start, piece.end)
    return _piece(live, live.start, now) if live.start < now else None


# Cover: who is on call when by an override of ours.

_Who: TypeAlias = tuple[str, frozenset[Member]]
"""The name and the people of an override: pieces that share both are one cover."""


@dataclass(frozen=True, slots=True)
class Differences:
    """The cover that a write takes away and that it brings, from now on, as overrides."""

    removed: tuple[Override, ...]
    added: tuple[Override, ...]


def compare_cover(live: Schedule, wanted: Sequence[Override], now: int) -> Differences:
    """The stretches in which a write changes who covers, in order.

    What lies below the console's overrides is the console's on both sides. A stretch that runs is
    given with its real start, so that it reads the same at every moment.
    """
    if not live.overrides and not wanted:
        return Differences((), ())
    theirs = live.console_overrides
    before, after = (
        [piece for piece in cut_around(overrides, theirs) if not piece.past(now)]
        for overrides in (live.our_overrides, cut_overlaps(wanted))
    )
    if before == after:
        return Differences((), ())
    return Differences(_subtract_cover(before, after, now), _subtract_cover(after, before, now))


def _subtract_cover(
    pieces: Sequence[Override], others: Sequence[Override], now: int
) -> tuple[Override, ...]:
    """The cover of pieces that the other side lacks.

    A stretch that begins now is what is left of a running one, and begins where that does.
    """
    taken = _cover(others, now)
    lacking = []
    for who, spans in _cover(pieces, now).items():
        for start, end in outside(spans, taken.get(who, ())):
            if start <= now:
                start = min(
                    piece.start
                    for piece in pieces
                    if (piece.name, piece.members) == who and piece.start <= now < piece.end
                )
            lacking.append(Override(who[0], start, end, who[1]))
    return tuple(
        sorted(lacking, key=lambda override: (override.start, override.end, override.name))
    )


def _cover(overrides: Iterable[Override], now: int) -> dict[_Who, list[Span]]:
    """Who covers when, from now on."""
    spans: dict[_Who, list[Span]] = defaultdict(list)
    for override in overrides:
        spans[override.name, override.members].append((max(override.start, now), override.end))
    return {who: joined(stretches) for who, stretches in spans.items()}


@dataclass(frozen=True, slots=True)
class Yielded:
    """A stretch of a declared override that is left to an override of the console.

    `unsettled` says that the account still has one of ours there, too: it goes at the next write.
    """

    piece: Override
    to: Override
    span: Span
    unsettled: bool


def find_yielded(live: Schedule, wanted: Sequence[Override], now: int) -> Iterator[Yielded]:
    """Where declared overrides are left to the console's, from now on."""
    ours = _spans(override for override in live.our_overrides if not override.past(now))
    for piece in cut_overlaps(wanted):
        for to in live.console_overrides:
            span = max(piece.start, to.start, now), min(piece.end, to.end)
            if span[0] < span[1]:
                yield Yielded(piece, to, span, any(common(ours, [span])))
