"""All checks, and what they say about what a plan does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flashsync.errors import Level
from flashsync.model.check_names import COVERAGE_GAP, DOUBLE_BOOKED, ON_CALL_NOW, SHORT_NOTICE
from flashsync.plan.checks.doubled import double_booked
from flashsync.plan.checks.files import FILE_CHECKS, judge_files, judged, told
from flashsync.plan.checks.handover import coverage_gap, on_call_now, short_notice
from flashsync.plan.checks.incidents import open_incidents
from flashsync.plan.checks.model import Case, Judged, Rule, Settings
from flashsync.plan.checks.people import pending_person, unreachable_person
from flashsync.plan.checks.references import references

ACCOUNT_CHECKS: Mapping[str, Rule] = {
    COVERAGE_GAP: Rule(Level.ERROR, coverage_gap),
    ON_CALL_NOW: Rule(Level.WARNING, on_call_now),
    SHORT_NOTICE: Rule(Level.WARNING, short_notice),
    "pending_person": Rule(Level.WARNING, pending_person),
    "unreachable_person": Rule(Level.WARNING, unreachable_person),
    "references": Rule(Level.ERROR, references),
    "open_incidents": Rule(Level.WARNING, open_incidents),
}
"""Those that need effects, or what else the account holds: people, rules, incidents."""

CHECKS: Mapping[str, Level | None] = {
    **{name: rule.level for name, rule in (*ACCOUNT_CHECKS.items(), *FILE_CHECKS.items())},
    DOUBLE_BOOKED: None,
}
"""All checks that have a level, by id, with the level that holds unless a file says another."""


def judge(cases: Sequence[Case], settings: Settings) -> tuple[Judged, ...]:
    """What the checks that are not off say, case by case, and which expectations fail."""
    found = [
        [*judged(case, settings, ACCOUNT_CHECKS), *judge_files(case, settings)] for case in cases
    ]
    level = settings.levels.get(DOUBLE_BOOKED)
    if level is not None:
        for place, finding in double_booked(cases, settings):
            found[place].append(told(DOUBLE_BOOKED, level, cases[place], finding))
    return tuple(one for part in found for one in part)
