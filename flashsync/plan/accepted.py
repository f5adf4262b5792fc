"""Differences that are accepted for a time: which ones, why, and until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flashsync.errors import Position

_BELOW_A_NAME = re.compile(r"(\.[a-z_]+)*")
"""What follows `layers[Primary]` in a path: keys, and no name that looks like one."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is accepted, why, and until when (Unix seconds; that moment is not included).

    `schedule` is a name or a glob; `field` is a path of a change, or what it begins with, and empty
    for the whole schedule.
    """

    schedule: str
    field: str
    reason: str
    until: int
    source: Position

    def names(self, name: str) -> bool:
        """Whether it is about a schedule of this name."""
        return name == self.schedule or fnmatchcase(name, self.schedule)

    def holds(self, path: str) -> bool:
        """Whether a field is the one that it names, or below it."""
        if not self.field:
            return True
        rest = path.removeprefix(self.field)
        if not path.startswith(self.field) or (rest and rest[0] not in ".["):
            return False
        return not self.field.endswith("]") or _BELOW_A_NAME.fullmatch(rest) is not None


@dataclass(frozen=True, slots=True)
class Accepted:
    """One difference that does not alarm; `path` is empty for a whole schedule."""

    schedule: str
    path: str
    text: str
    by: Acceptance
