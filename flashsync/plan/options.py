"""What a run may do: deletions, safety limits, and what was allowed on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from flashsync.plan.identity import Known


@dataclass(frozen=True, slots=True)
class Scope:
    """What --prune may delete: schedules that meet every key given. Team ids, name patterns."""

    teams: frozenset[int] | None = None
    names: tuple[str, ...] | None = None

    def holds(self, known: Known) -> bool:
        """Whether a live schedule is in scope; without any key, nothing is."""
        if self.teams is None and self.names is None:
            return False
        in_team = self.teams is None or known.team in self.teams
        named = self.names is None or any(fnmatchcase(known.name, name) for name in self.names)
        return in_team and named


@dataclass(frozen=True, slots=True)
class Safety:
    """How much one run may delete by --prune, and change in percent."""

    max_deletes: int = 0
    max_change_percent: int = 50


@dataclass(frozen=True, slots=True)
class Options:
    """What one run may do. `complete` is a run over all files, without paths or --only.

    With `tidy_before` (Unix seconds), it only drops what ended by then.
    """

    scope: Scope = field(default_factory=Scope)
    safety: Safety = field(default_factory=Safety)
    prune: bool = False
    create_lookalike: bool = False
    send_secrets: bool = False
    complete: bool = True
    tidy_before: int | None = None
