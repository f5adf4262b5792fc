"""One person on two schedules of a plan at once, by the local engine, over one full cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from flashsync.checks.double_booked import how_far, is_computable, list_shifts
from flashsync.checks.model import Case, CheckFinding, between, more, people
from flashsync.model.calendar import Shift, Span
from flashsync.model.timezone import DAY
from flashsync.rotation.calendar import on_call
from flashsync.rotation.intervals import common, joined
from flashsync.rotation.turns import cycle_end

_FIRST_LOOK = 28 * DAY
_MOST_SCHEDULES = 8
"""Schedules of one person; on more of them they are one pool by design."""
_ONE_OF_THEM = "put somebody else on one of them"


class _Duty(NamedTuple):
    start: int
    end: int
    case: int
    """The index of the case."""


def find_overlaps(
    cases: Sequence[Case], chosen: Collection[int]
) -> Iterator[tuple[int, CheckFinding]]:
    """Finds all times at which somebody is on two schedules, once a person and pair of schedules.

    At least one of the two is among the chosen cases. Yields the index of the case, too.
    """
    duties: defaultdict[int, list[_Duty]] = defaultdict(list)
    ends = [case.cycle_end() for case in cases]
    for index, case in enumerate(cases):
        for shift in _list_known_shifts(case, max(ends)):
            for person in shift.people:
                duties[person].append(_Duty(shift.start, shift.end, index))
    for person in sorted(duties):
        for (first, second), times in _find_pairs(sorted(duties[person])).items():
            if first not in chosen and second not in chosen:
                continue
            case = cases[first]
            message = (
                f"{people([person], case)} is on call here and on `{cases[second].name}` at once: "
                f"{between(times[0], case, max(ends))}{more(len(times) - 1, 'time')} "
                f"{how_far(max(ends), case)}"
            )
            yield first, CheckFinding(message, _ONE_OF_THEM, ("layers",))


def _list_known_shifts(case: Case, end: int) -> Sequence[Shift]:
    """The shifts after the change: by the local engine, else as far as the platform gave them."""
    if case.after is not None and is_computable(case.after):
        return list_shifts(case.after, case.zone, (case.now, end))
    calendar = case.effect.after if case.effect else None
    return calendar.until(case.window[1]) if calendar else ()


def _find_pairs(duties: Sequence[_Duty]) -> dict[tuple[int, int], list[Span]]:
    """The times at which two cases have the person, by pair of cases; duties are sorted."""
    overlaps: defaultdict[tuple[int, int], list[Span]] = defaultdict(list)
    running: list[_Duty] = []
    for duty in duties:
        running = [other for other in running if other.end > duty.start]
        for other in running:
            if other.case != duty.case:
                pair = (min(other.case, duty.case), max(other.case, duty.case))
                overlaps[pair].append((duty.start, min(duty.end, other.end)))
        running.append(duty)
    return overlaps


def find_repeated(
    cases: Sequence[Case], chosen: Collection[int]
) -> Iterator[tuple[int, CheckFinding]]:
    """Finds people with every shift on a schedule at the time of a shift on another.

    Once a pair of schedules, at least one of which is among the chosen cases. Overrides make no
    difference. Yields the index of the case, too.
    """
    rotas = [_Rota(case) for case in cases]
    for (first, second), shared in sorted(_find_shared(rotas, chosen).items()):
        one, other = rotas[first], rotas[second]
        near = {person for person in shared if _repeats(one, other, person, _FIRST_LOOK)}
        if not near:
            continue
        length = max(_FIRST_LOOK, cycle_end([*one.layers, *other.layers], one.now) - one.now)
        every = [
            person
            for person in near
            if person in one.spans(length)
            and person in other.spans(length)
            and _repeats(one, other, person, length)
        ]
        if not every:
            continue
        case = cases[first]
        time = min(
            next(common(one.spans(length)[person], other.spans(length)[person])) for person in every
        )
        are = "is" if len(every) == 1 else "are"
        message = (
            f"{people(every, case)} {are} on call here and on `{cases[second].name}` at once in "
            f"every turn, for example {between(time, case, case.now + length)} "
            f"{how_far(case.now + length, case)}"
        )
        yield first, CheckFinding(message, _ONE_OF_THEM, ("layers",))


def _find_shared(
    rotas: Sequence[_Rota], chosen: Collection[int]
) -> Mapping[tuple[int, int], set[int]]:
    """The people of each two schedules, without a pool of people for many schedules."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for index, rota in enumerate(rotas):
        for person in rota.people:
            places[person].append(index)
    shared: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for person, indices in places.items():
        if len(indices) <= _MOST_SCHEDULES:
            for pair in combinations(indices, 2):
                if pair[0] in chosen or pair[1] in chosen:
                    shared[pair].add(person)
    return shared


class _Rota:
    """The rotation layers of a case, and the time on call of each person."""

    def __init__(self, case: Case) -> None:
        self._case, self.now = case, case.now
        self._spans: dict[int, dict[int, list[Span]]] = {}
        layers = case.after.layers if case.after else ()
        self.layers = [layer for layer in layers if not layer.ended(case.now)]

    @cached_property
    def people(self) -> frozenset[int]:
        """Everyone in its turns; nobody where the platform decides about them."""
        if self._case.after is None or not is_computable(self._case.after):
            return frozenset()
        groups = (group for layer in self.layers for group in layer.groups)
        return frozenset(member.person for group in groups for member in group.members)

    def spans(self, length: int) -> Mapping[int, list[Span]]:
        """The time on call of each person, from now for a length in seconds."""
        if length not in self._spans:
            now, spans = self._case.now, defaultdict[int, list[Span]](list)
            for shift in on_call(self.layers, (), self._case.zone, now, now + length):
                for person in shift.people:
                    spans[person].append((shift.start, shift.end))
            self._spans[length] = {one: joined(parts) for one, parts in spans.items()}
        return self._spans[length]


def _repeats(one: _Rota, other: _Rota, person: int, length: int) -> bool:
    """Whether all the time of a person on one of two schedules, if any, is time on the other."""
    here, there = (rota.spans(length).get(person, []) for rota in (one, other))
    return list(common(here, there)) in (here, there)
