"""What a journal tells: a run, its writes, and of each whether it was done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.errors import Problem
from flashsync.model.desired import Ignorable
from flashsync.model.people import Account
from flashsync.model.schedule import Schedule, without_fields
from flashsync.plan.model import Verb
from flashsync.plan.outcome import NOTHING_WRITTEN, WriteStatus


class Fate(StrEnum):
    """Whether a write was carried out, as far as its journal knows."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Written:
    """One write of a run.

    `before` is the schedule as it was, None for a create; `sent` is what was sent last, and `after`
    what was read back after that. `changes` are the paths of the plan's changes, `ignored` the
    fields that it leaves to the console. `line` is where its first event is in the journal, counted
    from 1, and 1 where it has none.
    """

    action: Verb
    name: str
    id: int | None
    fate: Fate = Fate.NOT_DONE
    before: Schedule | None = None
    sent: Schedule | None = None
    after: Schedule | None = None
    requests: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    ignored: tuple[Ignorable, ...] = ()
    line: int = 1

    def decided_by_files(self, live: Schedule) -> Schedule:
        """The schedule without what an update left to the console."""
        return without_fields(live, self.ignored if self.action == "update" else ())


@dataclass(frozen=True, slots=True)
class Journal:
    """A run that wrote, or meant to. `id` is short, `name` that of its file without the end.

    `exit_code` is missing where the run was killed. `undo_of` is the id of the journal it undid.
    """

    id: str
    name: str
    shown_as: str
    account: Account
    started_at: int
    command: str
    undo_of: str | None = None
    writes: tuple[Written, ...] = ()
    exit_code: int | None = None

    def having(self, *fates: Fate) -> tuple[Written, ...]:
        """The writes that came to one of these."""
        return tuple(one for one in self.writes if one.fate in fates)

    @property
    def wrote(self) -> bool:
        """Whether it changed the account, or may have."""
        return bool(self.having(Fate.DONE, Fate.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of a folder, the oldest first; `broken` says why others cannot be read."""

    readable: tuple[Journal, ...]
    broken: tuple[Problem, ...] = ()


def fate(status: WriteStatus) -> Fate:
    """What a status says about the write itself."""
    if status in NOTHING_WRITTEN:
        return Fate.NOT_DONE
    return Fate.UNKNOWN if status is WriteStatus.UNCLEAR else Fate.DONE
