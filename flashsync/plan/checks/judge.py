"""All checks, and what they say about schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flashsync.errors import Level
from flashsync.plan.checks.clocks import unaligned_start, wall_clock_shift
from flashsync.plan.checks.doubled import double_booked
from flashsync.plan.checks.expect import expectations
from flashsync.plan.checks.handover import coverage_gap, on_call_now, short_notice
from flashsync.plan.checks.model import Case, Finding, Judged, Rule, Settings
from flashsync.plan.checks.notify import idle_notify
from flashsync.plan.checks.people import pending_person, single_person, unreachable_person
from flashsync.plan.checks.windows import masked_midnight, turn_in_window

EXPECT = "expect"
"""The id of what a failed rota test says. It is always an error."""
DOUBLE_BOOKED = "double_booked"
"""The one check that looks at all schedules together."""

CHECKS: Mapping[str, Rule] = {
    "coverage_gap": Rule(Level.ERROR, coverage_gap, needs_account=True),
    "on_call_now": Rule(Level.WARNING, on_call_now, needs_account=True),
    "short_notice": Rule(Level.WARNING, short_notice, needs_account=True),
    "pending_person": Rule(Level.WARNING, pending_person, needs_account=True),
    "unreachable_person": Rule(Level.WARNING, unreachable_person, needs_account=True),
    "single_person": Rule(Level.WARNING, single_person),
    DOUBLE_BOOKED: Rule(None, None, needs_account=True),
    "masked_midnight": Rule(Level.WARNING, masked_midnight, needs_zone=True),
    "turn_in_window": Rule(Level.WARNING, turn_in_window, needs_zone=True),
    "wall_clock_shift": Rule(Level.WARNING, wall_clock_shift, needs_zone=True),
    "idle_notify": Rule(Level.WARNING, idle_notify),
    "unaligned_start": Rule(Level.WARNING, unaligned_start, needs_zone=True),
}
"""By id, in the order in which findings are told."""

_ALL: Mapping[str, Rule] = {**CHECKS, EXPECT: Rule(Level.ERROR, expectations, needs_zone=True)}


def judge(cases: Sequence[Case], settings: Settings) -> tuple[Judged, ...]:
    """What the checks that are not off say, case by case."""
    found = {id(case): list(judge_one(case, settings)) for case in cases}
    level = level_of(DOUBLE_BOOKED, settings)
    if level is not None:
        for case, finding in double_booked([one for one in cases if not one.offline], settings):
            found[id(case)].append(_judged(DOUBLE_BOOKED, level, case, finding))
    return tuple(one for part in found.values() for one in part)


def judge_one(case: Case, settings: Settings) -> Iterator[Judged]:
    """What the checks of a single schedule say about one."""
    for name, rule in _ALL.items():
        if rule.check is None or (rule.needs_account and case.offline):
            continue
        if rule.needs_zone and case.timezone is None:
            continue
        level = level_of(name, settings)
        if level is not None:
            for finding in rule.check(case, settings):
                yield _judged(name, level, case, finding)


def level_of(name: str, settings: Settings) -> Level | None:
    """How grave a check's findings are; None is off."""
    return _ALL[name].level if name not in settings.levels else settings.levels[name]


def _judged(name: str, level: Level, case: Case, finding: Finding) -> Judged:
    found = finding.level or level
    return Judged(name, found, case.name, finding.message, finding.remedy, finding.path)
