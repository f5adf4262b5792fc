"""One warning of a plan, and the check that gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flashsync.model.check_names import CHECKS, EXPECT

_OF_A_CHECK = re.compile(r"(.*) \(([a-z_]+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Caution:
    """What to know before a write; `check` is the id of the check that says so, if one does."""

    message: str
    check: str = ""

    @property
    def text(self) -> str:
        """As people and scripts see it: what a check says ends with its id."""
        return f"{self.message} ({self.check})" if self.check else self.message

    @classmethod
    def read(cls, text: str) -> Caution:
        """From the text, which is all that a saved plan holds."""
        found = _OF_A_CHECK.fullmatch(text)
        if found is None or found[2] not in (*CHECKS, EXPECT):
            return cls(text)
        return cls(found[1], found[2])
