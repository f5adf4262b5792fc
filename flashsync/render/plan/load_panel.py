"""The load of people before and after a plan, as bars with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flashsync.model.duty_load import DutyLoad
from flashsync.model.schedule import PRIMARY
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, day, first
from flashsync.plan.compare_loads import LoadChange, LoadComparison
from flashsync.plan.words import Words
from flashsync.render.sanitize import clean

LONGEST = 100
"""Units of the longest bar of a column."""
_MOST_ROWS = 40
"""Rows of the panel: those with the greatest differences."""
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class LoadCell:
    """One measure of one person: two bars in units, the numbers, and their difference."""

    before: int
    after: int
    numbers: str
    difference: str


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One person, in one role; `role` is empty for primaries, and where roles are not known."""

    name: str
    role: str
    cells: tuple[LoadCell, ...]


@dataclass(frozen=True, slots=True)
class LoadPanel:
    """The rows, the heads of their columns, and what the numbers mean."""

    until: str
    columns: tuple[str, ...]
    rows: tuple[LoadRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Measure:
    title: str
    unit: str
    value: Callable[[DutyLoad], int]


_MEASURES = (
    _Measure("On call", " h", lambda duty: round(duty.load.seconds / HOUR)),
    _Measure("Nights", " h", lambda duty: round(duty.load.night_seconds / HOUR)),
    _Measure("Weekends", " h", lambda duty: round(duty.load.weekend_seconds / HOUR)),
)
_SHIFTS = _Measure("Shifts", "", lambda duty: duty.shifts)


def draw_load_panel(loads: LoadComparison, words: Words, now: int) -> LoadPanel | None:
    """The panel of everyone with another load after the plan; nothing if nobody has."""
    if not loads.changes:
        return None
    measures = (*_MEASURES, _SHIFTS) if loads.by_role else _MEASURES
    longest = [
        max(max(one.value(change.before), one.value(change.after)) for change in loads.changes)
        for one in measures
    ]
    rows = tuple(
        LoadRow(
            clean(words.directory.person(change.person)),
            clean(words.directory.role(change.role)) if change.role else "",
            tuple(
                _draw_cell(one, change, most) for one, most in zip(measures, longest, strict=True)
            ),
        )
        for change in loads.changes[:_MOST_ROWS]
    )
    until = day(loads.window[1], words.timezone, now)
    columns = tuple(one.title for one in measures)
    return LoadPanel(until, columns, rows, tuple(_explain(loads)))


def _draw_cell(measure: _Measure, change: LoadChange, longest: int) -> LoadCell:
    before, after = measure.value(change.before), measure.value(change.after)
    scale = LONGEST / max(longest, 1)
    numbers = f"{before} → {after}{measure.unit}" if before != after else f"{after}{measure.unit}"
    difference = f"{after - before:+d}".replace("-", "−") if before != after else ""
    return LoadCell(round(before * scale), round(after * scale), numbers, difference)


def _explain(loads: LoadComparison) -> Iterator[str]:
    yield (
        "Hours on the schedules that change, added up. Nights are 22:00–06:00, weekends are "
        f"Saturday and Sunday, on the clocks of {loads.timezone}."
    )
    if any(change.role not in (None, PRIMARY) for change in loads.changes):
        yield "Backup and other roles are counted apart."
    if left := len(loads.changes[_MOST_ROWS:]):
        yield f"Of {count(left, 'other person', 'other people')} the load changes less."
    if loads.same:
        people = count(loads.same, "other person carries", "other people carry")
        yield f"{people} as much as before."
    if loads.unknown:
        names = first(loads.unknown, _MOST_NAMES)
        yield f"Not counted, because their effect is not known: {names}."
