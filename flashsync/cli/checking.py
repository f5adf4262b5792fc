"""All offline checks of the files, one schedule at a time: nothing is kept but what was read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flashsync.cli.workspace import (
    Reading,
    Settings,
    find_files,
    matches,
    read_schedules,
    read_settings,
    unjudged_checks,
)
from flashsync.errors import Level, Position, Problem, UsageError
from flashsync.resolve.desired import Context, resolve
from flashsync.resolve.offline import OfflineNames

STAND_IN_ZONE = "UTC"
"""Where the account's zone is not known: it skips no time, has none twice, and judges nothing."""


def check_files(
    paths: Sequence[str], only: Sequence[str], config: str | None, cwd: Path
) -> Reading:
    """Read all files and resolve them offline; every problem is in the reading.

    Raises FilesError where the configuration cannot be read or a path matches nothing.
    """
    settings = read_settings(config, cwd)
    reading = Reading()
    reading.problems.extend(_about(settings))
    context = Context(
        OfflineNames(settings.config.people),
        settings.config.timezone or STAND_IN_ZONE,
        settings.config.defaults,
        zone_known=settings.config.timezone is not None,
    )
    unused = set(only)
    for one in read_schedules(find_files(settings, tuple(paths), cwd), reading):
        name = one.schedule.schedule
        if only and not matches(name, only):
            reading.not_selected += 1
            continue
        unused -= {pattern for pattern in only if matches(name, [pattern])}
        _, findings = resolve(one.schedule, one.origin.position, context)
        reading.note(one.origin, findings)
    if unused and not reading.errors:
        raise UsageError(f"--only {min(unused)} matches no schedule of the files", "check the name")
    return reading


def _about(settings: Settings) -> list[Problem]:
    found = unjudged_checks(settings)
    if not settings.config.timezone:
        position = Position(settings.origin.source.shown_as) if settings.origin else None
        message = "`timezone` is not set, so times were not checked against clock changes"
        remedy = "write the account's zone in flashsync.yaml"
        found.append(Problem(message, remedy, position, Level.WARNING))
    return found
