"""What an account has, and which files name it: what `list` shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.errors import Position
from flashsync.model.people import Account, Directory, MemberStatus
from flashsync.model.schedule import Member


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
