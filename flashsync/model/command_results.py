"""What commands return besides plans: `list`, `import`, `init`, and the edits of files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.errors import Position
from flashsync.model.people import Account, Directory, MemberStatus
from flashsync.model.schedule import Member

# `list`: what an account has, and which files name it.


class InventoryKind(StrEnum):
    """What is listed."""

    SCHEDULES = "schedules"
    PEOPLE = "people"
    TEAMS = "teams"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """A schedule, person, team or role.

    Without an `id` the account has nothing of that name. `sources` are where files name it. A
    schedule has a `team` and who is `on_call` now, a person an address and a status, a team the
    number of its schedules.
    """

    name: str
    id: int | None
    sources: tuple[Position, ...] = ()
    team: int = 0
    on_call: frozenset[Member] = frozenset()
    email: str = ""
    status: MemberStatus = MemberStatus.ENABLED
    schedules: int = 0

    @property
    def missing(self) -> bool:
        """Whether it is in no file, or not in the account."""
        return self.id is None or not self.sources


@dataclass(frozen=True, slots=True)
class Inventory:
    """The entries of one kind; `now` is in Unix seconds, `notes` are about all of them."""

    kind: InventoryKind
    entries: tuple[InventoryEntry, ...]
    account: Account
    directory: Directory
    now: int
    notes: tuple[str, ...] = ()


# `import`: what is written and what is left, for people and programs.


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
class TerraformHandover:
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
    handover: TerraformHandover | None = None
    found: int = 0

    @property
    def schedules(self) -> tuple[str, ...]:
        """The schedules that are imported."""
        return tuple(name for file in self.files for name in file.schedules)


# `init`: the new repository, and what to do next.


class CiHost(StrEnum):
    """Where pull requests are reviewed; NONE where nobody knows, or no recipe is wanted."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RepositorySummary:
    """The files of a new repository, notes on what was left as it is, and the next steps."""

    account: str
    files: tuple[str, ...]
    notes: tuple[str, ...]
    steps: tuple[str, ...]


# Edits of files, in words and as text before and after.


@dataclass(frozen=True, slots=True)
class EditSummary:
    """An edit in words, where it is made, and the schedule that it is about."""

    file: str
    line: int
    schedule: str
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after."""

    file: str
    before: str
    after: str
