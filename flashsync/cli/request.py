"""What the command line and the files ask of a run that plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flashsync.cli import environment
from flashsync.cli.effects import Mode
from flashsync.cli.moments import instant
from flashsync.cli.workspace import (
    Declared,
    Reading,
    Settings,
    find_files,
    read_schedules,
    read_settings,
    select,
)
from flashsync.errors import FilesError, Problem, UsageError
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.plan.safety import Options, Safety, Scope
from flashsync.resolve.names import AccountNames, Doubt
from flashsync.rotation.rollout.handoffs import on_grid


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks of a run that plans. None leaves it to the configuration.

    Without `judged`, neither effects are computed nor checks run. `checks` are levels by id.
    `window` is the length in seconds of the time for which effects are computed. With `tidy`, only
    what is over for so many seconds is dropped.
    """

    paths: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    config: str | None = None
    prune: bool = False
    create_lookalike: bool = False
    send_secrets: bool = False
    max_deletes: int | None = None
    max_change_percent: int | None = None
    rollout: Rollout | str | None = None
    timezone: str | None = None
    leavers: bool = False
    judged: bool = True
    checks: Mapping[str, str] = field(default_factory=dict)
    effects: Mode = Mode.AUTO
    window: int | None = None
    tidy: int | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """All that was read from disk."""

    settings: Settings
    declared: tuple[Declared, ...]
    selected: tuple[Declared, ...]
    reading: Reading


def read_files(request: Request, cwd: Path) -> Files:
    """Read and check all files, before anything is asked of the account. Raises FilesError."""
    settings = read_settings(request.config, cwd)
    reading = Reading()
    found, limits = find_files(settings, request.paths, cwd), settings.config.secrets
    declared = tuple(read_schedules(found, reading, limits))
    reading.stop_on_errors()
    return Files(settings, declared, tuple(select(declared, request.only, reading)), reading)


def rollout_of(given: Rollout | str | None, timezone: str) -> Rollout | None:
    """The rollout of the command line; a time is on the account's clocks. Raises UsageError."""
    if not isinstance(given, str):
        return given
    if given in list(RolloutKind):
        return Rollout(RolloutKind(given))
    at = instant(given, "--rollout", timezone)
    if not on_grid(at, timezone):
        raise UsageError(f"--rollout: {given} is not a whole half-hour", "write :00 or :30")
    if at <= environment.now():
        raise UsageError(f"--rollout: {given} is past", "give a later time, or next_handoff")
    return Rollout(RolloutKind.AT, at)


def options_of(request: Request, files: Files, names: AccountNames) -> Options:
    """What one run may do. Raises FilesError where the account lacks a team of `manage`."""
    config = files.settings.config
    safety = Safety(
        _given(request.max_deletes, config.safety.max_deletes),
        _given(request.max_change_percent, config.safety.max_change_percent),
    )
    return Options(
        scope=scope_of(files, names),
        safety=safety,
        prune=request.prune,
        create_lookalike=request.create_lookalike,
        send_secrets=request.send_secrets,
        complete=not (request.paths or request.only),
        tidy_before=None if request.tidy is None else environment.now() - request.tidy,
    )


def _given(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def scope_of(files: Files, names: AccountNames) -> Scope:
    """`manage` with team ids. Raises FilesError where the account lacks one."""
    manage = files.settings.config.manage
    if manage is None:
        return Scope()
    ids: set[int] = set()
    problems: list[Problem] = []
    for place, team in enumerate(manage.teams or ()):
        try:
            ids.add(names.team(team))
        except Doubt as doubt:
            position = files.settings.position(files.reading.locator, "manage", "teams", place)
            problems.append(Problem(doubt.message, doubt.remedy, position))
    if problems:
        raise FilesError(problems)
    return Scope(None if manage.teams is None else frozenset(ids), manage.names)
