"""One person who is primary and backup of a schedule at once; `two_schedules.py` has the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flashsync.checks.model import Case, CheckFinding, CheckSettings, between, more, people, when
from flashsync.model.schedule import PRIMARY, Layer, Schedule
from flashsync.model.wording import joined

if TYPE_CHECKING:
    from flashsync.model.calendar import Shift, Span


def double_booked(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds people who are in two roles of the schedule at once."""
    doubtful = _find_people_in_roles([layer for _, layer in case.running_layers()])
    schedule = case.after
    if not doubtful or schedule is None or not is_computable(schedule):
        return
    end = case.cycle_end()
    times = [
        (shift, twice)
        for shift in list_shifts(schedule, case.zone, (case.now, end))
        if (twice := frozenset(person for person in doubtful if _count(shift, person) > 1))
    ]
    if not times:
        return
    first, _ = times[0]
    everyone = frozenset[int]().union(*(twice for _, twice in times))
    roles = {member.role for member in first.members if member.person in times[0][1]}
    message = (
        f"{people(everyone, case)} {'is' if len(everyone) == 1 else 'are'} "
        f"{joined([case.words.directory.role(role) for role in sorted(roles)])} at once: "
        f"{between((first.start, first.end), case, end)}{more(len(times) - 1, 'time')} "
        f"{how_far(end, case)}"
    )
    yield CheckFinding(message, "let somebody else have one of the roles then", ("layers",))


def _count(shift: Shift, person: int) -> int:
    return sum(member.person == person for member in shift.members)


def _find_people_in_roles(layers: Sequence[Layer]) -> frozenset[int]:
    """The people who may be in two roles at once: in one turn, or in two layers."""
    if all(
        member.role == PRIMARY
        for layer in layers
        for group in layer.groups
        for member in group.members
    ):
        return frozenset()
    found: set[int] = set()
    roles: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for index, layer in enumerate(layers):
        for group in layer.groups:
            if len({member.person for member in group.members}) < len(group.members):
                found |= {member.person for member in group.members}
            for member in group.members:
                roles[member.person].add((index, member.role))
    for person, places in roles.items():
        indices, ids = ({place[number] for place in places} for number in (0, 1))
        if len(indices) > 1 and len(ids) > 1:
            found.add(person)
    return frozenset(found)


def how_far(end: int, case: Case) -> str:
    """`(checked until Wed 18 Feb 10:00, one full cycle)`."""
    counted = ", counted from `start`" if case.offline else ""
    return f"(checked until {when(end, case)}, one full cycle{counted})"


def is_computable(schedule: Schedule) -> bool:
    """Whether it is known here whose turn it is."""
    from flashsync.rotation.turns import computable_layer

    return all(map(computable_layer, schedule.layers))


def list_shifts(schedule: Schedule, timezone: str, span: Span) -> tuple[Shift, ...]:
    """The shifts of a schedule by the local engine, overrides included."""
    from flashsync.plan.merge import without_overlaps
    from flashsync.rotation.calendar import on_call

    overrides = without_overlaps(schedule).overrides if schedule.overrides else ()
    return on_call(schedule.layers, overrides, timezone, *span)
