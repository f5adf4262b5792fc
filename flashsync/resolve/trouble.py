"""The problems met while one document is resolved, collected so that all are reported at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flashsync.declared.problems import Finding, Path
from flashsync.errors import Level
from flashsync.resolve.names import Doubt

Value = TypeVar("Value")


class Trouble:
    """Findings of one document, errors and warnings."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, path: Path, message: str, remedy: str, *, at_key: bool = False) -> None:
        """Note an error at a path."""
        self.findings.append(Finding(path, message, remedy, at_key))

    def doubt(self, path: Path, doubt: Doubt) -> None:
        """Note what a name gave rise to."""
        self.findings.append(Finding(path, doubt.message, doubt.remedy, level=doubt.level))

    def tried(self, path: Path, function: Callable[[], Value], otherwise: Value) -> Value:
        """What the function gives; where it raises Doubt, that is noted and `otherwise` stands."""
        try:
            return function()
        except Doubt as doubt:
            self.doubt(path, doubt)
            return otherwise

    @property
    def errors(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.level is Level.ERROR for finding in self.findings)
