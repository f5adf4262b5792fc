"""Runs the checks of the registry on a plan, or on files alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module

from flashsync.checks.model import Case, Check, CheckFinding, CheckResult, CheckSettings
from flashsync.errors import Level
from flashsync.model.check_registry import CHECKS, DOUBLE_BOOKED, EXPECT, CheckSpec, Needs

OFFLINE_CHECKS = tuple(spec for spec in CHECKS.values() if spec.offline)
_ONLINE_CHECKS = tuple(
    spec for spec in CHECKS.values() if not spec.offline and spec.needs is not Needs.SCHEDULES
)


def judge(cases: Sequence[Case], settings: CheckSettings) -> tuple[CheckResult, ...]:
    """Runs all checks that are not off, and the expectations; results in the order of the cases."""
    results = [
        [*_run(_ONLINE_CHECKS, case, settings), *judge_files(case, settings)] for case in cases
    ]
    for index, result in judge_double_booking(cases, settings):
        results[index].append(result)
    return tuple(result for part in results for result in part)


def judge_files(case: Case, settings: CheckSettings) -> Iterator[CheckResult]:
    """Runs what files alone can answer; `validate` does so for every schedule."""
    yield from _run(OFFLINE_CHECKS, case, settings)
    if case.desired and case.desired.expect and case.timezone is not None:
        from flashsync.checks.expectations import expectations  # most files have none

        for finding in expectations(case, settings):
            yield _result(EXPECT, Level.ERROR, case, finding)


def judge_double_booking(
    cases: Sequence[Case], settings: CheckSettings
) -> Iterator[tuple[int, CheckResult]]:
    """Runs the check that looks at all cases together; yields the index of the case, too."""
    level = settings.level(DOUBLE_BOOKED)
    if level is None:
        return
    from flashsync.checks.double_booked import double_booked

    for index, finding in double_booked(cases):
        yield index, _result(DOUBLE_BOOKED, level, cases[index], finding)


def _run(specs: Iterable[CheckSpec], case: Case, settings: CheckSettings) -> Iterator[CheckResult]:
    for spec in specs:
        level = settings.level(spec.id)
        if level is None or (spec.needs is Needs.ZONE and case.timezone is None):
            continue
        for finding in load_check(spec.id)(case, settings):
            yield _result(spec.id, level, case, finding)


@cache
def load_check(id: str) -> Check:
    """The function of a check of one schedule; its file is imported when it first runs."""
    check: Check = getattr(import_module(f"flashsync.checks.{id}"), id)
    return check


def _result(id: str, level: Level, case: Case, finding: CheckFinding) -> CheckResult:
    level = finding.level or level
    return CheckResult(id, level, case.name, finding.message, finding.remedy, finding.path)
