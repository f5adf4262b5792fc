"""The rules of rotations that the platform's documentation leaves open (api.md, How a rotation
runs): what each says here, which schedules show it, and what trials and live shifts say about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import combinations, pairwise

from flashsync.model.calendar import Calendar, Shift, merged
from flashsync.model.doctor_report import Comparison, EngineMatch, RuleFinding, Verdict
from flashsync.model.schedule import Layer, Schedule, Unit
from flashsync.model.timezone import DAY, wall
from flashsync.model.wording import count
from flashsync.rotation.turns import counts_included_days
from flashsync.rotation.wall_clock import clock

_WHOLE_WEEK = 7


class OpenRule(StrEnum):
    """One open rule. The values are stable, for scripts."""

    ZONE = "zone"
    EXCLUDED_DAYS = "excluded_days"
    MASKED_TURNS = "masked_turns"
    CONTINUOUS = "continuous"
    MONTH_END = "month_end"
    DST_DAYS = "daylight_saving_days"
    DST_HOURS = "daylight_saving_hours"
    HANDOFF_ZERO = "handoff_zero"
    OVERNIGHT = "hours_over_midnight"
    OVER_WEEKEND = "hours_over_week_end"
    UNION = "layers_add_up"
    OVERRIDES = "overlapping_overrides"
    EMPTY_GROUP = "turns_for_nobody"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule is about, and what is assumed."""

    title: str
    text: str


DECISIONS: dict[OpenRule, Decision] = {
    OpenRule.ZONE: Decision("time zone", "days and hours are the account's"),
    OpenRule.EXCLUDED_DAYS: Decision("excluded days", "they do not count in turns of days"),
    OpenRule.MASKED_TURNS: Decision(
        "long turns with days", "turns of weeks keep their length; excluded days are only off"
    ),
    OpenRule.CONTINUOUS: Decision(
        "continuous days", "each runs from the start's time of day to the same, a day on"
    ),
    OpenRule.MONTH_END: Decision(
        "months after the 31st", "shorter months end on their last day, then the 31st again"
    ),
    OpenRule.DST_DAYS: Decision(
        "days over a clock change", "turns of days and weeks keep the wall clock"
    ),
    OpenRule.DST_HOURS: Decision("hours over a clock change", "turns of hours are elapsed time"),
    OpenRule.HANDOFF_ZERO: Decision(
        "handoff 0", "no handoff, where the start is at another time of the week"
    ),
    OpenRule.OVERNIGHT: Decision("hours over midnight", "the window ends on the next day"),
    OpenRule.OVER_WEEKEND: Decision(
        "hours over the week's end", "the window ends in the next week"
    ),
    OpenRule.UNION: Decision("layers at the same time", "everyone on any of them is on call"),
    OpenRule.OVERRIDES: Decision(
        "overrides of one weight", "where they overlap, everyone on them is on call"
    ),
    OpenRule.EMPTY_GROUP: Decision("turns for nobody", "a group without people is refused"),
}
"""Other files of this room carry out the decisions; this table has the words."""

_CLOCK_CHANGES = (OpenRule.DST_DAYS, OpenRule.DST_HOURS)


# Which rules a live schedule shows.


def shown_by(schedule: Schedule, calendar: Calendar, timezone: str) -> frozenset[OpenRule]:
    """The open rules that the shifts of a schedule in a window show, as far as these go.

    A rule is shown where another reading of it would give other shifts, by and large.
    """
    rules = {rule for layer in schedule.layers for rule in _of_layer(layer, calendar, timezone)}
    lanes = [lane for lane in calendar.lanes if not lane.override]
    if any(_overlap(lane.shifts, other.shifts) for lane, other in combinations(lanes, 2)):
        rules.add(OpenRule.UNION)
    if any(
        cover.weight == other.weight
        and max(cover.start, other.start, calendar.start) < min(cover.end, other.end, calendar.end)
        for cover, other in combinations(schedule.overrides, 2)
    ):
        rules.add(OpenRule.OVERRIDES)
    return frozenset(rules)


def _of_layer(layer: Layer, calendar: Calendar, timezone: str) -> Iterator[OpenRule]:
    start = max(calendar.start, layer.start)
    end = calendar.end if layer.end is None else min(calendar.end, layer.end)
    if start >= end:
        return
    yield from _of_duty(layer, timezone)
    there = clock(timezone)
    offset, last_offset = (there.wall(instant) - instant for instant in (start, end))
    if (layer.days or layer.hours) and offset:
        yield OpenRule.ZONE
    if len(layer.groups) < 2:
        return
    if layer.rotation.unit is Unit.MONTH and _shorter_month(layer, start, end, timezone):
        yield OpenRule.MONTH_END
    if offset != last_offset:
        yield OpenRule.DST_HOURS if layer.rotation.unit is Unit.HOUR else OpenRule.DST_DAYS


def _of_duty(layer: Layer, timezone: str) -> Iterator[OpenRule]:
    """The rules that hours and days of duty show."""
    hours = layer.hours
    if hours and any(closes <= opens for opens, closes in hours.windows):
        yield OpenRule.OVERNIGHT if hours.every == "day" else OpenRule.OVER_WEEKEND
    if not layer.days or len(layer.days) == _WHOLE_WEEK:
        return
    if layer.continuous and clock(timezone).wall(layer.start) % DAY:
        yield OpenRule.CONTINUOUS
    if len(layer.groups) > 1:
        yield OpenRule.EXCLUDED_DAYS if counts_included_days(layer) else OpenRule.MASKED_TURNS


def _shorter_month(layer: Layer, start: int, end: int, timezone: str) -> bool:
    """Whether a month that lacks the day of the layer's start ends in the window."""
    day = wall(layer.start, timezone).day
    at, last = wall(start, timezone).replace(day=1), wall(end, timezone)
    while (following := (at + timedelta(days=32)).replace(day=1)) <= last:
        if (following - timedelta(days=1)).day < day:
            return True
        at = following
    return False


def _overlap(shifts: Sequence[Shift], others: Sequence[Shift]) -> bool:
    """Whether people of two lanes are on call at one time."""
    ordered = sorted((*shifts, *others), key=lambda shift: (shift.start, shift.end))
    return any(shift.end > following.start for shift, following in pairwise(ordered))


# What a trial of a rule shows, and what all together say about the rules.

Final = tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class RuleReading:
    """Another way to read a rule, and the shifts that it would give."""

    said: str
    final: Final


@dataclass(frozen=True, slots=True)
class Trial:
    """A schedule whose shifts in a window show some rules.

    `expected` is what the local engine says; if the trial is to be `refused`, there is nothing to
    expect. `others` are other readings, the likely ones.
    """

    rules: tuple[OpenRule, ...]
    schedule: Schedule
    start: int
    end: int
    expected: Final
    others: tuple[RuleReading, ...] = field(default=())
    refused: bool = False

    def agrees(self, calendar: Calendar) -> bool:
        """Whether the platform's shifts are the expected ones."""
        return not self.refused and merged(calendar.final) == self.expected

    def other(self, calendar: Calendar) -> str:
        """Which of the other readings gives the platform's shifts; "" where none does."""
        final = merged(calendar.final)
        return next((other.said for other in self.others if other.final == final), "")


@dataclass(frozen=True, slots=True)
class Tried:
    """What the platform computed for a trial; None where it did not, and then why not.

    With `refused` it found the schedule invalid.
    """

    trial: Trial
    calendar: Calendar | None = None
    why: str = ""
    refused: bool = False

    @property
    def decided(self) -> bool:
        """Whether the answer says how the platform reads the rule."""
        return self.calendar is not None or (self.refused and self.trial.refused)

    @property
    def agrees(self) -> bool:
        """Whether the platform did what was expected."""
        if self.calendar is None:
            return self.decided
        return self.trial.agrees(self.calendar)


def findings(
    tried: Sequence[Tried], comparisons: Sequence[Comparison], timezone: str
) -> tuple[RuleFinding, ...]:
    """A finding for each open rule, in the order of the rules."""
    return tuple(_finding(rule, tried, comparisons, timezone) for rule in OpenRule)


def _finding(
    rule: OpenRule, tried: Sequence[Tried], comparisons: Sequence[Comparison], timezone: str
) -> RuleFinding:
    trial = next((attempt for attempt in tried if rule in attempt.trial.rules), None)
    agreeing, differing = (
        tuple(
            comparison.schedule
            for comparison in comparisons
            if rule.value in comparison.rules and comparison.match is match
        )
        for match in (EngineMatch.SAME, EngineMatch.DIFFERS)
    )
    unseen = "nothing that was read shows it"
    if rule in _CLOCK_CHANGES:
        unseen = f"{timezone} changes no clocks within a year"
    return RuleFinding(
        rule.value,
        DECISIONS[rule].title,
        DECISIONS[rule].text,
        _verdict(trial, agreeing, differing),
        _seen(trial, agreeing, differing) or unseen,
        agreeing,
        differing,
        trial is not None and trial.decided,
    )


def _verdict(trial: Tried | None, agreeing: Sequence[str], differing: Sequence[str]) -> Verdict:
    """A trial decides, since it shows its rule alone; else schedules that agree do.

    A schedule that differs may do so for the sake of any of the rules that it shows.
    """
    if trial is not None and trial.decided:
        return Verdict.SETTLED if trial.agrees else Verdict.CONTRADICTED
    if agreeing:
        return Verdict.SETTLED
    return Verdict.CONTRADICTED if differing else Verdict.OPEN


def _seen(trial: Tried | None, agreeing: Sequence[str], differing: Sequence[str]) -> str:
    """What the verdict goes by."""
    if trial is not None and trial.calendar is not None and not trial.agrees:
        return f"in the preview, {trial.trial.other(trial.calendar) or 'other shifts come out'}"
    witnesses = ["the preview"] if trial is not None and trial.agrees else []
    witnesses += [count(len(agreeing), "schedule")] if agreeing else []
    if witnesses:
        return f"settled by {' and '.join(witnesses)}"
    if differing:
        return f"the shifts of {count(len(differing), 'schedule')} with it differ"
    return trial.why if trial is not None else ""
