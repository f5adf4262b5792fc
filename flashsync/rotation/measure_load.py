"""The load of people in the final shifts of calendars: overrides count for who is on call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from flashsync.model.calendar import Shift, Span
from flashsync.model.duty_load import NIGHT, WEEKEND, DutyLoad, Load
from flashsync.model.schedule import Member
from flashsync.rotation.calendar import in_hours
from flashsync.rotation.intervals import common, joined, within
from flashsync.rotation.wall_clock import clock

Bearer = TypeVar("Bearer", int, Member)
"""Who carries a load: a person (an id), or a person in a role."""


def measure_people(final: Sequence[Shift], timezone: str) -> dict[int, Load]:
    """The load of each person (by id) in a calendar's `final`, in any role."""
    spans = _spans_by(final, lambda shift: shift.people)
    return {person: duty.load for person, duty in _measure(spans, timezone).items()}


def measure_duties(final: Sequence[Shift], window: Span, timezone: str) -> dict[Member, DutyLoad]:
    """The load of each person in each role within a window, by the clocks of a zone.

    Two people on one duty both carry it; a person in two roles at once carries both.
    """
    spans = _spans_by(final, lambda shift: shift.members)
    inside = {member: within(joined(own), *window) for member, own in spans.items()}
    return _measure({member: own for member, own in inside.items() if own}, timezone)


def _spans_by(
    final: Sequence[Shift], bearers: Callable[[Shift], Iterable[Bearer]]
) -> dict[Bearer, list[Span]]:
    spans: defaultdict[Bearer, list[Span]] = defaultdict(list)
    for shift in final:
        for bearer in bearers(shift):
            spans[bearer].append((shift.start, shift.end))
    return spans


def _measure(spans: Mapping[Bearer, Sequence[Span]], timezone: str) -> dict[Bearer, DutyLoad]:
    """The loads of stretches, which are in order and apart."""
    if not spans:
        return {}
    there = clock(timezone)
    start = min(own[0][0] for own in spans.values())
    end = max(own[-1][1] for own in spans.values())
    nights, weekends = (in_hours(hours, there, start, end) for hours in (NIGHT, WEEKEND))
    return {
        bearer: DutyLoad(
            Load(
                _total_length(own),
                _total_length(common(own, nights)),
                _total_length(common(own, weekends)),
            ),
            len(own),
        )
        for bearer, own in spans.items()
    }


def _total_length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
