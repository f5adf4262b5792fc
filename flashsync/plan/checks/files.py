"""The checks that files alone can answer: what `validate` runs on every schedule, fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flashsync.errors import Level
from flashsync.model.check_names import EXPECT
from flashsync.plan.checks.clocks import unaligned_start, wall_clock_shift
from flashsync.plan.checks.model import Case, Finding, Judged, Rule, Settings
from flashsync.plan.checks.notify import idle_notify
from flashsync.plan.checks.people import single_person
from flashsync.plan.checks.windows import masked_midnight, turn_in_window

FILE_CHECKS: Mapping[str, Rule] = {
    "single_person": Rule(Level.WARNING, single_person),
    "masked_midnight": Rule(Level.WARNING, masked_midnight, needs_zone=True),
    "turn_in_window": Rule(Level.WARNING, turn_in_window, needs_zone=True),
    "wall_clock_shift": Rule(Level.WARNING, wall_clock_shift, needs_zone=True),
    "idle_notify": Rule(Level.WARNING, idle_notify),
    "unaligned_start": Rule(Level.WARNING, unaligned_start, needs_zone=True),
}


def judge_files(case: Case, settings: Settings) -> Iterator[Judged]:
    """What these checks say about one schedule, and its expectations as far as they can be run."""
    yield from judged(case, settings, FILE_CHECKS)
    if case.desired and case.desired.expect and case.timezone is not None:
        from flashsync.plan.checks.expect import expectations  # most files have none

        for finding in expectations(case, settings):
            yield told(EXPECT, Level.ERROR, case, finding)


def judged(case: Case, settings: Settings, rules: Mapping[str, Rule]) -> Iterator[Judged]:
    """What the rules that are not off say about one schedule."""
    levels = settings.levels
    for name, rule in rules.items():
        level = levels.get(name, rule.level)
        if level is not None and not (rule.needs_zone and case.timezone is None):
            for finding in rule.check(case, settings):
                yield told(name, level, case, finding)


def told(name: str, level: Level, case: Case, finding: Finding) -> Judged:
    """A finding with the check that made it."""
    found = finding.level or level
    return Judged(name, found, case.name, finding.message, finding.remedy, finding.path)
