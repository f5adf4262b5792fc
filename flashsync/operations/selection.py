"""Which schedules a run is about: `--only` and paths, the same for every command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from flashsync.errors import UsageError

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Selection:
    """Files by their `paths` and schedules by name or glob (`only`); by default, all."""

    paths: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the run is about all schedules of all files."""
        return not (self.paths or self.only)

    def matches(self, name: str) -> bool:
        """Whether a schedule of this name is selected, wherever it is declared."""
        return not self.only or matches(name, self.only)

    def check_used(self, names: Sequence[str], source: str) -> None:
        """Raise UsageError if a pattern of `only` matches none of the names of the source."""
        for pattern in self.only:
            if not any(matches(name, [pattern]) for name in names):
                message = f"--only {pattern} matches no schedule of {source}"
                raise UsageError(
                    message, "check the name; a glob like 'prod-*' needs quotes in the shell"
                )

    def select(self, items: Iterable[Item], name: Callable[[Item], str], source: str) -> list[Item]:
        """The items with a selected name. Raises UsageError as `check_used` does."""
        items = list(items)
        if not self.only:
            return items
        self.check_used([name(item) for item in items], source)
        return [item for item in items if matches(name(item), self.only)]


ALL = Selection()


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name equals one of the patterns, or fits it as a glob."""
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)
