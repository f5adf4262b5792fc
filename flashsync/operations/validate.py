"""All offline checks of the files, schedule by schedule, without keeping the schedules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flashsync.checks.judge import judge_files
from flashsync.checks.model import Case
from flashsync.declared.problems import Finding
from flashsync.errors import Level, Position, Problem
from flashsync.model.people import Directory
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import DAY
from flashsync.operations.files import (
    Declared,
    Reading,
    Settings,
    acceptances,
    find_files,
    levels,
    read_schedules,
    read_valid_settings,
    unknown,
)
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.plan.words import Words
from flashsync.resolve.names import OfflineNames
from flashsync.resolve.schedule import ResolveContext, resolve

if TYPE_CHECKING:
    from flashsync.model.calendar import Calendar

STAND_IN_ZONE = "UTC"
"""Stands in for an unknown zone: it skips and repeats no time."""
AHEAD = 366 * DAY
"""How far ahead shifts are computed offline."""


def check_files(session: Session, selection: Selection = ALL) -> Reading:
    """Read all files, resolve and check them offline; every problem is in the reading.

    Raises FilesError if a path of the command line matches nothing.
    """
    reading = Reading()
    settings = read_valid_settings(session.options.config, session.folder, reading)
    if not (settings.config.timezone or settings.broken):
        position = Position(settings.origin.source.shown_as) if settings.origin else None
        message = "`timezone` is not set, so times were not checked against clock changes"
        remedy = "write the account's zone in flashsync.yaml"
        reading.problems.append(Problem(message, remedy, position, Level.WARNING))
    checker = _FileChecker(settings, reading, session.now())
    names: list[str] = []
    files = find_files(settings, selection.paths, session.folder, reading)
    for declared in read_schedules(files, reading, settings.config.secrets):
        names.append(declared.schedule.schedule)
        if selection.matches(declared.schedule.schedule):
            checker.check(declared)
        else:
            reading.not_selected += 1
    _check_accept(settings, reading, () if selection.paths else names)
    if not reading.errors:
        selection.check_used(names, "the files")
    return reading


def _check_accept(settings: Settings, reading: Reading, names: Collection[str]) -> None:
    """Check `accept`; without the names of all files, only its times."""
    if not settings.config.accept or settings.origin is None:
        return
    if settings.config.timezone:
        acceptances(settings, settings.config.timezone, reading)
    if names and not reading.errors:
        reading.note(settings.origin, list(unknown(settings, names)))


class _FileChecker:
    """Checks schedule after schedule."""

    def __init__(self, settings: Settings, reading: Reading, now: int) -> None:
        config = settings.config
        self._reading = reading
        self._names = OfflineNames(config.people)
        self._levels = levels(config)
        self._timezone = config.timezone
        self._now = now
        self._nameless = Words(Directory(), config.timezone or STAND_IN_ZONE)
        self._context = ResolveContext(
            self._names,
            config.timezone or STAND_IN_ZONE,
            config.defaults,
            zone_known=config.timezone is not None,
            now=self._now,
        )

    def check(self, one: Declared) -> None:
        """Resolve and check a schedule."""
        desired, findings = resolve(one.schedule, one.origin.position, self._context)
        if findings:
            self._reading.note(one.origin, findings)
        if desired is None or desired.absent:
            return
        case = Case(
            desired.name,
            desired,
            None,
            desired.schedule,
            self._nameless,
            self._now,
            self._timezone,
            calendar=partial(_calendar, desired.schedule, self._timezone),
            window=(self._now, self._now + AHEAD),
            offline=True,
        )
        if next(judge_files(case, self._levels), None):
            # Names are costly, and only a finding needs them.
            case = replace(case, words=Words(self._names.directory, self._nameless.timezone))
            told = judge_files(case, self._levels)
            self._reading.note(
                one.origin,
                [
                    Finding(say.path, f"{say.message} ({say.check})", say.remedy, level=say.level)
                    for say in told
                ],
            )
        if desired.expect:
            from flashsync.checks.expectations import count_not_run, count_past

            self._reading.not_run += count_not_run(case)
            self._reading.past += count_past(case)


def _calendar(schedule: Schedule, timezone: str | None, start: int, end: int) -> Calendar | None:
    """The shifts by the files alone, counted from `start`."""
    from flashsync.plan.merge import without_overlaps
    from flashsync.rotation.calendar import calendar, computable

    if timezone is None or not computable(schedule.layers):
        return None
    overrides = without_overlaps(schedule).overrides
    return calendar(schedule.layers, overrides, timezone, start, end)
