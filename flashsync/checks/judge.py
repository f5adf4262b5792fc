"""Runs the checks of the registry on a plan, or on files alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module

from flashsync.checks.model import Case, Check, CheckFinding, CheckResult, CheckSettings
from flashsync.errors import Level
from flashsync.model.check_registry import CHECKS, DOUBLE_BOOKED, EXPECT, CheckSpec, Needs

OFFLINE_CHECKS = tuple(spec for spec in CHECKS.values() if spec.offline)
_ONLINE_CHECKS = tuple(spec for spec in CHECKS.values() if not spec.offline)


def judge(cases: Sequence[Case], settings: CheckSettings) -> tuple[CheckResult, ...]:
    """Runs all checks that are not off, and the expectations; results in the order of the cases."""
    results = [
        [*_run(_ONLINE_CHECKS, case, settings), *judge_files(case, settings)] for case in cases
    ]
    for index, result in judge_double_booking(cases, settings, range(len(cases))):
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
    cases: Sequence[Case], settings: CheckSettings, changed: Collection[int]
) -> Iterator[tuple[int, CheckResult]]:
    """Runs the check that looks at all cases together; yields the index of the case, too.

    By default it finds what a change makes happen in every turn, with a level of its own all that
    happens at all, on unchanged schedules, too.
    """
    levels = [settings.level(DOUBLE_BOOKED, case.desired) for case in cases]
    judged = [index for index, level in enumerate(levels) if level is not None]
    if len(judged) < 2:
        return
    from flashsync.checks.two_schedules import find_overlaps, find_repeated

    find, chosen = find_repeated, {at for at, index in enumerate(judged) if index in changed}
    if settings.is_set(DOUBLE_BOOKED):
        find, chosen = find_overlaps, set(range(len(judged)))
    if not chosen:
        return
    for at, finding in find([cases[index] for index in judged], chosen):
        index = judged[at]
        if level := levels[index]:
            yield index, _result(DOUBLE_BOOKED, level, cases[index], finding)


def _run(specs: Iterable[CheckSpec], case: Case, settings: CheckSettings) -> Iterator[CheckResult]:
    desired = case.desired
    if desired and not (desired.checks or any(intent.checks for intent in desired.intents)):
        desired = None  # most files set no levels
    for spec in specs:
        if not settings.runs(spec.id, desired):
            continue
        if spec.needs is Needs.ZONE and case.timezone is None:
            continue
        for finding in load_check(spec.id)(case, settings):
            level = settings.level(spec.id, desired, finding.path)
            if level is not None:
                yield _result(spec.id, level, case, finding)


@cache
def load_check(id: str) -> Check:
    """The function of a check of one schedule; its file is imported when it first runs."""
    check: Check = getattr(import_module(f"flashsync.checks.{id}"), id)
    return check


def _result(id: str, level: Level, case: Case, finding: CheckFinding) -> CheckResult:
    level = finding.level or level
    return CheckResult(id, level, case.name, finding.message, finding.remedy, finding.path)
