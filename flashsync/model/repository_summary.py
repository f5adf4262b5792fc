"""What `init` has written, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
