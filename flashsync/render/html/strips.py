"""The lanes of a schedule as pages draw them: layers, overrides in few lanes, who is on call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flashsync.model.calendar import Lane, Shift, ShownCalendar, Span
from flashsync.model.schedule import MARK, PRIMARY
from flashsync.render.calendar.model import (
    ON_CALL,
    OVERRIDES,
    join_chains,
    pack_overrides,
    shifts_within,
)

SLOT = 22
"""Pixels of the height of a slot, which holds one person's bars."""


class StripKind(StrEnum):
    """The kind of a lane. FINAL is who is on call, all layers and overrides together; MOVES is what
    differs between two sides."""

    LAYER = "layer"
    OVERRIDE = "override"
    FINAL = "final"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Strip:
    """A lane and its shifts, in order and whole; `shifts` of None are unknown.

    `causes` are the names of overrides, one for each shift of an OVERRIDE.
    """

    name: str
    kind: StripKind
    shifts: tuple[Shift, ...] | None
    causes: tuple[str, ...] = ()


def list_strips(shown: ShownCalendar, window: Span) -> list[Strip]:
    """The layers and overrides with shifts in a window, and who is on call."""
    lanes = shown.calendar.lanes
    strips = [
        Strip(name, StripKind.LAYER, tuple(shifts))
        for name, chain in join_chains(
            [(one.name, one.shifts) for one in lanes if not one.override]
        )
        if name not in shown.unknown and (shifts := shifts_within(chain, window))
    ]
    strips += [Strip(name, StripKind.LAYER, None) for name in shown.unknown]
    strips += _pack_overrides([lane for lane in lanes if lane.override], window)
    final = None if shown.unknown else tuple(shifts_within(shown.calendar.final, window))
    return [*strips, Strip(ON_CALL, StripKind.FINAL, final)]


def _pack_overrides(lanes: Sequence[Lane], window: Span) -> Iterator[Strip]:
    """Overrides in as few lanes as possible, since overlapping ones need lanes of their own."""
    covers = [(lane.name.removesuffix(MARK), shifts_within(lane.shifts, window)) for lane in lanes]
    for row in pack_overrides(covers):
        shifts, causes = zip(*row, strict=True)
        yield Strip(OVERRIDES, StripKind.OVERRIDE, shifts, causes)


@dataclass(frozen=True, slots=True)
class Bar:
    """A person's part of a shift, clipped to a window, in one of the slots of a lane."""

    start: int
    end: int
    person: int
    role: int
    slot: int


@dataclass(frozen=True, slots=True)
class Stack:
    """The bars of a lane; primaries are in the first slots, all other roles below them."""

    bars: tuple[Bar, ...]
    primaries: int
    slots: int


def stack_bars(shifts: Sequence[Shift], window: Span, *, merge: bool) -> Stack:
    """Lays out shifts that do not overlap: whoever stays on call stays in their slot.

    With `merge`, a person's bars that touch become one.
    """
    first, last = window
    sides: tuple[_Slots, _Slots] = (_Slots(merge), _Slots(merge))
    for shift in shifts:
        start, end = max(shift.start, first), min(shift.end, last)
        if start >= end:
            continue
        for others, side in enumerate(sides):
            side.add(
                start,
                end,
                sorted(
                    (member.role, member.person)
                    for member in shift.members
                    if (member.role != PRIMARY) == bool(others)
                ),
            )
    primary, other = sides
    top = primary.count
    bars = [Bar(*bar) for bar in primary.bars]
    bars += [
        Bar(start, end, person, role, slot + top) for start, end, person, role, slot in other.bars
    ]
    return Stack(tuple(bars), top, max(top + other.count, 1))


class _Slots:
    """The slots of one kind of role; a bar is its start, end, person, role and slot."""

    def __init__(self, merge: bool) -> None:
        self._merge = merge
        self.count = 0
        self.bars: list[tuple[int, int, int, int, int]] = []
        self._last: dict[tuple[int, int], int] = {}
        """The index of the last bar of each role and person that is or was just on call."""
        self._until = 0

    def add(self, start: int, end: int, members: Sequence[tuple[int, int]]) -> None:
        """Adds a shift that begins where the last one ended, or later."""
        held = self._last if start == self._until else {}
        kept = {key: self.bars[held[key]][4] for key in members if key in held}
        free = (slot for slot in range(len(members) + self.count) if slot not in kept.values())
        last: dict[tuple[int, int], int] = {}
        for key in members:
            role, person = key
            if key in kept and self._merge:
                index = held[key]
                self.bars[index] = (self.bars[index][0], end, person, role, kept[key])
            else:
                slot = kept[key] if key in kept else next(free)
                index = len(self.bars)
                self.bars.append((start, end, person, role, slot))
                self.count = max(self.count, slot + 1)
            last[key] = index
        self._last, self._until = last, end
