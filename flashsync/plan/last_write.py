"""Who wrote a live schedule last, for drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flashsync.plan.model import Create, Write

Key: TypeAlias = int | str
"""A live schedule's id; the name of one that is missing, or that no file declares."""

MOST = 3
"""So many writes of one schedule are named; the newest explain the most."""


def key_of(write: Write) -> Key:
    """Under what its last write is kept."""
    return write.name if isinstance(write, Create) else write.id


@dataclass(frozen=True, slots=True)
class Wrote:
    """One write, as the audit log tells it: by whom, when (Unix seconds), by which request."""

    writer: str
    at: int
    operation: str
    request_id: str


@dataclass(frozen=True, slots=True)
class LastWrite:
    """Who wrote a live schedule last, and when (Unix seconds; 0 where not known).

    `own` is whether that is the member whose key this run uses. `writes` are the newest first; none
    where the audit log may not be read, or says nothing. `gone` is whether the schedule has been
    deleted or renamed after all of these, by nobody knows whom.
    """

    writer: str
    at: int = 0
    own: bool = False
    writes: tuple[Wrote, ...] = ()
    gone: bool = False
