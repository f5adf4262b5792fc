"""Sentences of ours with names in them, for templates: what is between backticks is code."""

from __future__ import annotations

from dataclasses import dataclass

from flashsync.errors import Position, Problem
from flashsync.render.markdown import Links
from flashsync.render.sanitize import clean

_FEW = 6
"""Remarks that are shown without a fold."""


@dataclass(frozen=True, slots=True)
class ProsePart:
    """A part of a sentence; templates escape it."""

    text: str
    code: bool = False


Prose = tuple[ProsePart, ...]


def split_prose(sentence: str) -> Prose:
    """The parts of a sentence; a backtick without its partner is a plain character."""
    parts = clean(sentence).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return tuple(ProsePart(part, bool(place % 2)) for place, part in enumerate(parts) if part)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A line of a file, and its web address, if it has one."""

    label: str
    address: str = ""

    @classmethod
    def of(cls, position: Position | None, links: Links) -> FilePlace | None:
        """The place of a position."""
        if position is None:
            return None
        return cls(clean(f"{position.file}:{position.line}"), links.address(position))


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence, and where it belongs in the files."""

    text: Prose
    place: FilePlace | None = None

    @classmethod
    def of(cls, problem: Problem, links: Links) -> Remark:
        """The remark of a problem."""
        return cls(split_prose(problem.text), FilePlace.of(problem.position, links))


@dataclass(frozen=True, slots=True)
class RemarkList:
    """Remarks under a title; `tone` is a warning or an error, which come before the schedules."""

    title: str
    remarks: tuple[Remark, ...]
    tone: str = ""

    @property
    def heading(self) -> Prose:
        """The title in parts."""
        return split_prose(self.title)

    @property
    def first(self) -> tuple[Remark, ...]:
        """The remarks that are always shown: all errors, some of the others."""
        return self.remarks if self.tone == "error" else self.remarks[:_FEW]

    @property
    def others(self) -> tuple[Remark, ...]:
        """The remarks in a fold."""
        return self.remarks[len(self.first) :]
