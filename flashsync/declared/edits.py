"""Edits of a document's tree: what is to change, told by paths; `files` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flashsync.declared.findings import Path


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry of a list, or a key with its value, goes. `said` tells people so."""

    path: Path
    said: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """A list gets a text as its entry `place`, which is not its first."""

    path: Path
    place: int
    text: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """A value becomes a text."""

    path: Path
    text: str
    said: str = ""


Edit: TypeAlias = Remove | Insert | Replace
