"""What an import writes and what it leaves, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileFate(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    EXTENDED = "extended"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file with its whole new text, and the schedules that the import writes into it."""

    file: str
    fate: FileFate
    text: str
    schedules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRemark:
    """A fact about a schedule that somebody should look at."""

    schedule: str
    text: str


@dataclass(frozen=True, slots=True)
class NeededSecret:
    """A variable that a plan needs, where it is used, and where its value is found."""

    variable: str
    uses: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A schedule in the state of Terraform: the resource, its instance, and the id."""

    address: str
    schedule: str
    id: int


@dataclass(frozen=True, slots=True)
class Handover:
    """The steps after which Terraform leaves schedules alone, without deleting them.

    `removed` are blocks for resources of which every instance is handed over; `commands` do the
    same for each instance.
    """

    schedules: tuple[HandedOver, ...]
    removed: tuple[str, ...]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The result of an import.

    `declared` are schedules that files declare already. `people` are the short names that
    flashsync.yaml gets, and `config` is that file if it is written.
    """

    account: str
    files: tuple[ImportedFile, ...]
    config: ImportedFile | None = None
    people: tuple[str, ...] = ()
    remarks: tuple[ImportRemark, ...] = ()
    left_alone: tuple[ImportRemark, ...] = ()
    declared: tuple[str, ...] = ()
    not_selected: int = 0
    console_overrides: int = 0
    secrets: tuple[NeededSecret, ...] = ()
    notes: tuple[str, ...] = ()
    handover: Handover | None = None
    found: int = 0

    @property
    def schedules(self) -> tuple[str, ...]:
        """The schedules that are imported."""
        return tuple(name for file in self.files for name in file.schedules)
