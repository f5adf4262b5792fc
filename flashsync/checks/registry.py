"""The checks that run on a plan and on files alone, and what they found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flashsync.checks.clock_changes import unaligned_start, wall_clock_shift
from flashsync.checks.double_booking import double_booked
from flashsync.checks.duty_windows import masked_midnight, turn_in_window
from flashsync.checks.escalations import references
from flashsync.checks.handover import coverage_gap, on_call_now, short_notice
from flashsync.checks.incidents import open_incidents
from flashsync.checks.model import Case, CheckFinding, CheckRule, CheckSettings, Judged
from flashsync.checks.people import idle_notify, pending_person, single_person, unreachable_person
from flashsync.errors import Level
from flashsync.model.check_names import (
    COVERAGE_GAP,
    DOUBLE_BOOKED,
    EXPECT,
    ON_CALL_NOW,
    SHORT_NOTICE,
)

# The checks that files alone can answer: what `validate` runs on every schedule, fast.

FILE_CHECKS: Mapping[str, CheckRule] = {
    "single_person": CheckRule(Level.WARNING, single_person),
    "masked_midnight": CheckRule(Level.WARNING, masked_midnight, needs_zone=True),
    "turn_in_window": CheckRule(Level.WARNING, turn_in_window, needs_zone=True),
    "wall_clock_shift": CheckRule(Level.WARNING, wall_clock_shift, needs_zone=True),
    "idle_notify": CheckRule(Level.WARNING, idle_notify),
    "unaligned_start": CheckRule(Level.WARNING, unaligned_start, needs_zone=True),
}


def judge_files(case: Case, settings: CheckSettings) -> Iterator[Judged]:
    """What these checks say about one schedule, and its expectations as far as they can be run."""
    yield from judged(case, settings, FILE_CHECKS)
    if case.desired and case.desired.expect and case.timezone is not None:
        from flashsync.checks.expectations import expectations  # most files have none

        for finding in expectations(case, settings):
            yield told(EXPECT, Level.ERROR, case, finding)


def judged(case: Case, settings: CheckSettings, rules: Mapping[str, CheckRule]) -> Iterator[Judged]:
    """What the rules that are not off say about one schedule."""
    levels = settings.levels
    for name, rule in rules.items():
        level = levels.get(name, rule.level)
        if level is not None and not (rule.needs_zone and case.timezone is None):
            for finding in rule.check(case, settings):
                yield told(name, level, case, finding)


def told(name: str, level: Level, case: Case, finding: CheckFinding) -> Judged:
    """A finding with the check that made it."""
    found = finding.level or level
    return Judged(name, found, case.name, finding.message, finding.remedy, finding.path)


ACCOUNT_CHECKS: Mapping[str, CheckRule] = {
    COVERAGE_GAP: CheckRule(Level.ERROR, coverage_gap),
    ON_CALL_NOW: CheckRule(Level.WARNING, on_call_now),
    SHORT_NOTICE: CheckRule(Level.WARNING, short_notice),
    "pending_person": CheckRule(Level.WARNING, pending_person),
    "unreachable_person": CheckRule(Level.WARNING, unreachable_person),
    "references": CheckRule(Level.ERROR, references),
    "open_incidents": CheckRule(Level.WARNING, open_incidents),
}
"""Those that need effects, or what else the account holds: people, rules, incidents."""

CHECKS: Mapping[str, Level | None] = {
    **{name: rule.level for name, rule in (*ACCOUNT_CHECKS.items(), *FILE_CHECKS.items())},
    DOUBLE_BOOKED: None,
}
"""All checks that have a level, by id, with the level that holds unless a file says another."""


def judge(cases: Sequence[Case], settings: CheckSettings) -> tuple[Judged, ...]:
    """What the checks that are not off say, case by case, and which expectations fail."""
    found = [
        [*judged(case, settings, ACCOUNT_CHECKS), *judge_files(case, settings)] for case in cases
    ]
    level = settings.levels.get(DOUBLE_BOOKED)
    if level is not None:
        for place, finding in double_booked(cases, settings):
            found[place].append(told(DOUBLE_BOOKED, level, cases[place], finding))
    return tuple(one for part in found for one in part)
