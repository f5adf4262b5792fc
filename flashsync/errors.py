"""What can go wrong, where, and how the program then ends.

    FlashsyncError            an expected failure: clear lines, no traceback
    ├── UsageError            the command line asks for something that makes no sense
    ├── FilesError            problems in the user's files, all of them at once
    ├── ConfigError           credentials, base URL or environment
    ├── AccountError          what the account holds does not fit what the files say
    ├── ServiceError          the platform did not answer, or said no (see api/failures.py)
    └── RefusedError          apply would be dangerous, or nobody agreed to it

Every class has its exit code; `cli/main.py` is the one place that turns them into messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """The process's exit codes; scripts rely on them."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    UNFINISHED = 3
    INTERRUPTED = 130


class Level(StrEnum):
    """How grave a problem is: an error stops the run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a user's file, as the user named it; `line` and `column` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what to write instead.

    `message` says what is wrong and `remedy` what to do about it: both without a full stop and
    without a position. A problem that belongs to no file has no `position`.
    """

    message: str
    remedy: str = ""
    position: Position | None = None
    level: Level = Level.ERROR

    @property
    def text(self) -> str:
        """The message with its remedy, without the position."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    def __str__(self) -> str:
        return f"{self.position}: {self.text}" if self.position else self.text


def say_remedies_once(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in order; of several in a row with one remedy, the last alone has it."""
    merged: list[Problem] = []
    for problem in problems:
        if merged and merged[-1].remedy == problem.remedy:
            merged[-1] = replace(merged[-1], remedy="")
        merged.append(problem)
    return merged


class FlashsyncError(Exception):
    """An expected failure: one line a problem, no traceback."""

    exit_code = ExitCode.ERROR

    def __init__(self, problems: str | Problem | Iterable[Problem], remedy: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem(problems, remedy)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(FlashsyncError):
    """The command line asks for something that makes no sense."""


class FilesError(FlashsyncError):
    """Problems in the user's files: all of them, in the order of files and lines."""


class ConfigError(FlashsyncError):
    """Credentials, base URL or environment are missing or wrong."""


class AccountError(FlashsyncError):
    """What the account holds does not fit what the files say."""


class ServiceError(FlashsyncError):
    """The platform did not answer, or said no."""


class RefusedError(FlashsyncError):
    """Apply would be dangerous, is out of date, or nobody agreed to it. Nothing was written."""
