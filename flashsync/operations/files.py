"""The user's files: found, read and checked; what they select, and what they accept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flashsync.checks.model import CheckSettings
from flashsync.declared.config import Config
from flashsync.declared.notify import references
from flashsync.declared.parse import name_of, read_config, read_schedule, read_valid_config
from flashsync.declared.problems import Finding, Findings, nearest
from flashsync.declared.schedule import Schedule
from flashsync.declared.secrets import Secrets
from flashsync.errors import FilesError, Level, Position, Problem
from flashsync.files import (
    DEFAULT_GLOBS,
    BrokenFileError,
    Document,
    FoundFile,
    Locator,
    Origin,
    find_by_globs,
    find_by_paths,
    find_config,
    load_file,
    show_path,
)
from flashsync.model.check_registry import LEVELS
from flashsync.model.desired import Desired
from flashsync.model.schedule import Schedule as LiveSchedule
from flashsync.model.timezone import DAY
from flashsync.operations.selection import matches
from flashsync.resolve.times import Times, Trouble

if TYPE_CHECKING:
    from flashsync.plan.drift import Acceptance


@dataclass(frozen=True, slots=True)
class Settings:
    """flashsync.yaml, read; `origin` is where it was found, if it was.

    Of a `broken` file only a part could be read, or nothing.
    """

    config: Config
    base: Path
    origin: Origin | None = None
    broken: bool = False

    def position(self, locator: Locator, *path: str | int) -> Position | None:
        """Where a setting is written."""
        return locator.locate(self.origin, path) if self.origin else None


@dataclass(frozen=True, slots=True)
class Declared:
    """A schedule of the files, and its origin."""

    schedule: Schedule
    origin: Origin


@dataclass
class Reading:
    """What a run has read, and all problems of it, in the order of files and lines.

    `not_run` counts expectations that need the account, `past` expectations that are over.
    """

    files: int = 0
    schedules: int = 0
    not_selected: int = 0
    not_run: int = 0
    past: int = 0
    problems: list[Problem] = field(default_factory=list)
    locator: Locator = field(default_factory=Locator)
    _unreadable: set[Position | None] = field(default_factory=set)

    def load(self, path: str, shown_as: str) -> tuple[Document, ...]:
        """The documents of a file, as far as they can be read; problems are noted."""
        try:
            return load_file(path, shown_as).documents
        except BrokenFileError as error:
            self.problems.extend(error.problems)
            self._unreadable.update(problem.position for problem in error.problems)
            return error.documents
        except FilesError as error:
            self.problems.extend(error.problems)
            return ()

    def note(self, origin: Origin, findings: Sequence[Finding]) -> None:
        """Turn findings into problems with positions; none at a value that could not be read."""
        for finding in findings:
            position = self.locator.locate(origin, finding.path, key=finding.at_key)
            if self._unreadable:
                key = self.locator.locate(origin, finding.path, key=True)
                if not self._unreadable.isdisjoint((position, key)):
                    continue
            problem = Problem(finding.message, finding.remedy, position, finding.level)
            self.problems.append(problem)

    @property
    def sorted(self) -> list[Problem]:
        """All problems in the order of files and lines; those without a position first."""
        return sorted(self.problems, key=lambda problem: problem.position or Position("", 0, 0))

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop the run."""
        return [problem for problem in self.problems if problem.level is Level.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that do not stop the run."""
        return [problem for problem in self.problems if problem.level is Level.WARNING]

    def stop_on_errors(self) -> None:
        """Raise FilesError with all problems so far if any is an error."""
        if self.errors:
            raise FilesError(self.sorted)


def read_settings(given: str | None, cwd: Path) -> Settings:
    """The configuration: the file given, else the nearest one upward. Raises FilesError."""
    reading = Reading()
    settings = read_valid_settings(given, cwd, reading)
    reading.stop_on_errors()
    return settings


def read_valid_settings(given: str | None, cwd: Path, reading: Reading) -> Settings:
    """What can be read of the configuration; its errors are noted in `reading`.

    Raises FilesError for flashsync.yml.
    """
    path = Path(given) if given else find_config(cwd)
    if path is None:
        return Settings(Config(), cwd)
    base = path.absolute().parent
    documents = reading.load(str(path), show_path(path, cwd))
    if not documents:
        return Settings(Config(), base, broken=True)
    document, *others = documents
    if others:
        message = "flashsync.yaml has several documents"
        remedy = "keep one, and put schedules in other files"
        reading.problems.append(Problem(message, remedy, others[0].origin.position))
    try:
        config = read_config(document.tree)
        return Settings(config, base, document.origin, broken=bool(reading.errors))
    except Findings as wrong:
        reading.note(document.origin, wrong.findings)
    return Settings(read_valid_config(document.tree), base, document.origin, broken=True)


def find_files(
    settings: Settings, paths: Sequence[str], cwd: Path, reading: Reading | None = None
) -> tuple[FoundFile, ...]:
    """The schedule files of a run. Raises FilesError if a path or glob matches nothing.

    With `reading`, globs that match nothing are noted there, unless flashsync.yaml is broken: it
    may name other globs.
    """
    if paths:
        return find_by_paths(paths, cwd=cwd)
    locator = Locator()
    noted: list[Problem] = reading.problems if reading and not settings.broken else []
    return find_by_globs(
        settings.config.schedules or DEFAULT_GLOBS,
        base=settings.base,
        cwd=cwd,
        position=lambda place: settings.position(locator, "schedules", place),
        report=noted.extend if reading else None,
    )


def read_schedules(
    files: Sequence[FoundFile], reading: Reading, limits: Secrets | None = None
) -> Iterator[Declared]:
    """The schedules of all files, one by one; what is wrong is noted in `reading`.

    `limits` say what references to secrets may name, by flashsync.yaml.
    """
    seen: dict[tuple[str, str | int], Position] = {}
    for file in files:
        reading.files += 1
        for document in reading.load(file.path, file.shown_as):
            reading.schedules += 1
            schedule: Schedule | None = None
            try:
                schedule = read_schedule(document.tree, limits)
            except Findings as wrong:
                reading.note(document.origin, wrong.findings)
            name = schedule.schedule if schedule else name_of(document.tree)
            id = schedule.id if schedule else None
            for key, value in (("schedule", name), ("id", id)):
                place = document.origin.position
                if (
                    value not in (None, "")
                    and (first := seen.setdefault((key, value), place)) != place
                ):
                    duplicate = _describe_duplicate(key, value, first)
                    reading.note(document.origin, [duplicate])
            if schedule is not None:
                yield Declared(schedule, document.origin)


def read_variables(
    declared: Iterable[Declared], settings: Settings, environment: Mapping[str, str]
) -> dict[str, str | None]:
    """The variables that files refer to, with their values; None for a variable that is not set."""
    notifies = [item.schedule.notify for item in declared]
    found = (
        reference
        for notify in (*notifies, settings.config.defaults.notify)
        for reference, _ in references(notify, ())
    )
    return {one.name: environment.get(one.name) for one in found if one.kind == "env"}


def _describe_duplicate(key: str, value: str | int, first: Position) -> Finding:
    """A name or an id that another schedule has already."""
    what = f"a schedule named `{value}`" if key == "schedule" else f"a schedule of the id {value}"
    remedy = "rename or remove one of them" if key == "schedule" else "remove one of them"
    return Finding((key,), f"{what} is already declared at {first}", remedy)


@dataclass(frozen=True, slots=True)
class Files:
    """Everything that was read from disk."""

    settings: Settings
    declared: tuple[Declared, ...]
    selected: tuple[Declared, ...]
    reading: Reading


def identity_of(one: Declared) -> Desired:
    """The part of a declared schedule by which its live schedule is found."""
    given = one.schedule
    return Desired(
        LiveSchedule(given.schedule, id=given.id),
        one.origin.position,
        given.renamed_from,
        given.absent,
    )


# `accept` and `checks` of flashsync.yaml.


def acceptances(settings: Settings, timezone: str, reading: Reading) -> tuple[Acceptance, ...]:
    """The entries, their times on the clocks of the account; problems go to the reading."""
    if not settings.config.accept:
        return ()
    from flashsync.plan.drift import Acceptance

    trouble = Trouble()
    times = Times(timezone, trouble)
    found = tuple(
        Acceptance(
            one.schedule,
            one.field or "",
            one.reason,
            times.instant(one.until, ("accept", place, "until")),
            settings.position(reading.locator, "accept", place) or Position("flashsync.yaml"),
        )
        for place, one in enumerate(settings.config.accept)
    )
    if settings.origin:
        reading.note(settings.origin, trouble.findings)
    return found


def unknown(settings: Settings, names: Collection[str]) -> Iterator[Finding]:
    """Findings for entries without a declared schedule, unless `manage` may mean it."""
    for place, one in enumerate(settings.config.accept):
        if any(matches(name, [one.schedule]) for name in names):
            continue
        if settings.config.manage is not None and one.field is None:
            continue
        near = nearest(one.schedule, names)
        remedy = f"did you mean `{near}`?" if near else "remove it, or correct the name"
        message = f"no file declares a schedule `{one.schedule}`"
        yield Finding(("accept", place, "schedule"), message, remedy, level=Level.WARNING)


def levels(config: Config, given: Mapping[str, str] | None = None) -> CheckSettings:
    """The levels of the configuration, with the levels of the command line over them."""
    within = [one.within for one in config.checks.values() if one.within is not None]
    configured = {id: LEVELS[check.level] for id, check in config.checks.items()}
    run = {id: LEVELS[word] for id, word in (given or {}).items()}
    return CheckSettings(configured, within[0] if within else DAY, run)
