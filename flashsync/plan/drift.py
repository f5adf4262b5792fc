"""What differs between account and files: what alarms, what is accepted, and who wrote it last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flashsync.plan.accepted import Accepted
from flashsync.plan.last_write import Key, LastWrite
from flashsync.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Drift:
    """The plan of what alarms, what is `accepted`, and who wrote last, as far as it is known."""

    plan: Plan
    accepted: tuple[Accepted, ...] = ()
    written: Mapping[Key, LastWrite] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing alarms: no schedule differs, and none is undeclared."""
        return self.plan.empty and not self.plan.undeclared
