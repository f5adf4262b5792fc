"""Edits of files, in words and as text before and after."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditSummary:
    """An edit in words, where it is made, and the schedule that it is about."""

    file: str
    line: int
    schedule: str
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after."""

    file: str
    before: str
    after: str
