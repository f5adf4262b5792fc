"""What the sandbox stores of a channel: where alerts arrive, and whom its rules page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an escalation rule; `schedules` maps schedule ids to the roles that it pages.

    guess: no roles mean everybody.
    """

    schedules: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    person_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """An escalation rule: its levels are paged one after the other."""

    rule_id: str
    name: str
    levels: tuple[Level, ...]
    status: Literal["enabled", "disabled"] = "enabled"

    def pages(self, schedule_id: int) -> bool:
        """Whether one of its levels pages that schedule."""
        return any(schedule_id in level.schedules for level in self.levels)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a team (0 is none), with its escalation rules."""

    channel_id: int
    name: str
    team_id: int = 0
    rules: tuple[Rule, ...] = ()
