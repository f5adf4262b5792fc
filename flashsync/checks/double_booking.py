"""One person on call on two schedules at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from flashsync.checks.finding_text import between, more
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.model.calendar import Span

Duty = tuple[int, int, int]
"""Start, end, and the place of the case."""


def double_booked(
    cases: Sequence[Case], settings: CheckSettings
) -> Iterator[tuple[int, CheckFinding]]:
    """Within the windows of the effects; told once a person and a pair of schedules.

    Each finding comes with the place of its case.
    """
    del settings
    duties: defaultdict[int, list[Duty]] = defaultdict(list)
    for place, case in enumerate(cases):
        calendar = case.effect.after if case.effect else None
        for shift in calendar.until(case.window[1]) if calendar else ():
            for person in shift.people:
                duties[person].append((shift.start, shift.end, place))
    for person in sorted(duties):
        for (one, other), times in _doubled(sorted(duties[person])).items():
            case = cases[one]
            name = case.words.directory.person(person)
            message = (
                f"{name} is on call here and on `{cases[other].name}` at once: "
                f"{between(times[0], case, case.window[1])}{more(len(times) - 1, 'time')}"
            )
            yield one, CheckFinding(message, "put somebody else on one of them", ("layers",))


def _doubled(duties: Sequence[Duty]) -> dict[tuple[int, int], list[Span]]:
    """The times at which two cases have the person, by the pair of them; sorted duties."""
    found: defaultdict[tuple[int, int], list[Span]] = defaultdict(list)
    running: list[Duty] = []
    for duty in duties:
        start, end, place = duty
        running = [one for one in running if one[1] > start]
        for _, until, other in running:
            if other != place:
                pair = (min(place, other), max(place, other))
                found[pair].append((start, min(end, until)))
        running.append(duty)
    return found
