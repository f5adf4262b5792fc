"""One person on call on two schedules at once. Off by default."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flashsync.checks.finding_text import between, more
from flashsync.checks.model import Case, CheckFinding
from flashsync.model.calendar import Span


class _Duty(NamedTuple):
    start: int
    end: int
    case: int
    """The index of the case."""


def double_booked(cases: Sequence[Case]) -> Iterator[tuple[int, CheckFinding]]:
    """Finds such times within the windows, once a person and pair of schedules.

    Yields the index of the case with each finding.
    """
    duties: defaultdict[int, list[_Duty]] = defaultdict(list)
    for index, case in enumerate(cases):
        calendar = case.effect.after if case.effect else None
        for shift in calendar.until(case.window[1]) if calendar else ():
            for person in shift.people:
                duties[person].append(_Duty(shift.start, shift.end, index))
    for person in sorted(duties):
        for (first, second), times in _find_overlaps(sorted(duties[person])).items():
            case = cases[first]
            name = case.words.directory.person(person)
            message = (
                f"{name} is on call here and on `{cases[second].name}` at once: "
                f"{between(times[0], case, case.window[1])}{more(len(times) - 1, 'time')}"
            )
            yield first, CheckFinding(message, "put somebody else on one of them", ("layers",))


def _find_overlaps(duties: Sequence[_Duty]) -> dict[tuple[int, int], list[Span]]:
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
