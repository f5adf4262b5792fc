"""When an edit of rotation layers takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RolloutKind(StrEnum):
    """The ways that a file, or `--rollout`, can ask for."""

    NEXT_HANDOFF = "next_handoff"
    NOW = "now"
    EXACT = "exact"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Rollout:
    """When an edit takes effect; `at` (Unix seconds) is set for AT only."""

    kind: RolloutKind = RolloutKind.NEXT_HANDOFF
    at: int | None = None

    @property
    def exact(self) -> bool:
        """Whether the file's `start` and order decide everything at once."""
        return self.kind is RolloutKind.EXACT
