"""Who is on call when: shifts of layers and of schedules over a window, counted step by step.

It shares nothing with the program that it checks. Rules are those of the platform's documentation
(api.md, How a rotation runs); all instants are Unix seconds, the zone is the account's (rule 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flashsync.sandbox.calendar import Calendar
from flashsync.sandbox.model import NO_RESTRICTION, OVERRIDE, Group, Layer, Seat
from flashsync.sandbox.turns import (
    Interval,
    Turn,
    counts_included_days,
    group_index,
    included_days,
    restricted_hours,
    turns,
)


@dataclass(frozen=True, slots=True)
class Shift:
    """`group` is on call from `start` to `end`. `index` is its place among the layer's groups."""

    start: int
    end: int
    group: Group
    index: int


Placed = tuple[int, Shift]  # the layer's place in the schedule, and one of its shifts


def layer_shifts(layer: Layer, calendar: Calendar, start: int, end: int) -> list[Shift]:
    """One layer's shifts within a window, clipped to it. A layer ends at its end (rule 8)."""
    begin = max(start, layer.start)
    until = end if layer.end is None else min(end, layer.end)
    if begin >= until:
        return []
    if layer.mode == OVERRIDE:
        return [Shift(begin, until, layer.groups[0], 0)]
    return _rotation_shifts(layer, calendar, begin, until)


def final_shifts(layers: Sequence[Layer], calendar: Calendar, start: int, end: int) -> list[Shift]:
    """All layers together: rotation layers add up (rule 6), overrides replace them (rule 7).

    guess: overrides that overlap add up too. Shifts that touch are one where nobody changes.
    """
    found = [
        (place, shift)
        for place, layer in enumerate(layers)
        for shift in layer_shifts(layer, calendar, start, end)
    ]
    found.sort(key=lambda item: item[1].start)
    merged: list[Shift] = []
    for begin, until, active in _steps(found):
        overrides = [shift for place, shift in active if layers[place].mode == OVERRIDE]
        together = _together(begin, until, overrides or [shift for _, shift in active])
        if merged and _continues(merged[-1], together):
            merged[-1] = replace(merged[-1], end=until)
        else:
            merged.append(together)
    return merged


def on_call(layers: Sequence[Layer], zone: str, instant: int) -> frozenset[tuple[int, int]]:
    """Who is on call at one instant, as pairs of person id and role id."""
    shifts = final_shifts(layers, Calendar(zone), instant, instant + 1)
    return frozenset(
        (person_id, seat.role_id)
        for shift in shifts
        for seat in shift.group.seats
        for person_id in seat.person_ids
    )


def _rotation_shifts(layer: Layer, calendar: Calendar, start: int, end: int) -> list[Shift]:
    hours = [(start, end)]
    if layer.restrict_mode != NO_RESTRICTION:
        hours = list(restricted_hours(layer, calendar, start, end))
    shifts: list[Shift] = []
    for turn in turns(layer, calendar, end):
        if turn.end > start:
            index = group_index(layer, turn.number)
            duty = _clip(_clip(_duty(layer, calendar, turn), hours), [(start, end)])
            shifts += [Shift(*piece, layer.groups[index], index) for piece in _joined(duty)]
    return shifts


def _duty(layer: Layer, calendar: Calendar, turn: Turn) -> list[Interval]:
    """When there is duty in a turn. A turn made of included days is masked by that already."""
    if not layer.day_mask or counts_included_days(layer):
        return list(turn.duty)
    # A continuous day may begin the day before, so the search does as well.
    first = calendar.local(turn.start - 86400).date()
    return _clip(turn.duty, list(included_days(layer, calendar, first, turn.end)))


def _clip(pieces: Iterable[Interval], windows: Sequence[Interval]) -> list[Interval]:
    """The parts of the pieces that lie in any of the windows."""
    parts = [
        (max(start, opens), min(end, closes)) for start, end in pieces for opens, closes in windows
    ]
    return [(start, end) for start, end in parts if start < end]


def _joined(pieces: Iterable[Interval]) -> list[Interval]:
    """The same time as intervals that neither touch nor overlap."""
    joined: list[Interval] = []
    for start, end in sorted(pieces):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _steps(shifts: Sequence[Placed]) -> Iterable[tuple[int, int, list[Placed]]]:
    """Walks from edge to edge, with the shifts that run between, in the order of the layers.

    The shifts come in the order of their starts; gaps are left out.
    """
    edges = sorted({edge for _, shift in shifts for edge in (shift.start, shift.end)})
    waiting = list(reversed(shifts))
    active: list[Placed] = []
    for begin, until in pairwise(edges):
        active = [item for item in active if item[1].end > begin]
        while waiting and waiting[-1][1].start == begin:
            active.append(waiting.pop())
        if active:
            yield begin, until, sorted(active, key=lambda item: item[0])


def _together(start: int, end: int, shifts: Sequence[Shift]) -> Shift:
    """Several shifts as one: all their people, role by role.

    guess: how the platform names several groups at once; here by all their names, at index 0.
    """
    if len(shifts) == 1:
        return replace(shifts[0], start=start, end=end)
    people: dict[int, list[int]] = {}
    for shift in shifts:
        for seat in shift.group.seats:
            people.setdefault(seat.role_id, []).extend(seat.person_ids)
    seats = tuple(Seat(role, tuple(dict.fromkeys(ids))) for role, ids in sorted(people.items()))
    name = ", ".join(dict.fromkeys(shift.group.name for shift in shifts))
    return Shift(start, end, Group(name, seats), 0)


def _continues(before: Shift, after: Shift) -> bool:
    return before.end == after.start and (before.group, before.index) == (after.group, after.index)
