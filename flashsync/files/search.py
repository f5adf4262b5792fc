"""The files that one path or glob stands for.

Paths are text here, handled by `os.path`: a Path for each of ten thousand files takes longer than
finding them, and would resolve what is shown as it was typed.
"""

# ruff: noqa: PTH100, PTH112, PTH117, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from flashsync.errors import Problem
from flashsync.files.globs import is_glob, parse_glob
from flashsync.files.quote import printable, quoted
from flashsync.files.walk import Walk, walk

CONFIG_NAME = "flashsync.yaml"

_YAML_FILES = re.compile(r"(?s:.*)\.ya?ml")


class FoundFile(NamedTuple):
    """A file to load: its path for the disk, and its name for people."""

    path: str
    shown_as: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The files by their true paths, or what is wrong; `is_empty` if just nothing was there."""

    files: dict[str, FoundFile] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_empty: bool = False


class Search:
    """Looks things up from one directory; names are shown as seen from the working directory."""

    def __init__(self, base: Path, cwd: Path) -> None:
        self._base = os.path.abspath(base)
        self._cwd = os.path.abspath(cwd)
        self._walks: dict[tuple[str, int | None], Walk] = {}

    def find(self, given: str) -> SearchResult:
        """What a file, a directory or a glob stands for; what exists is never read as a glob."""
        path = os.path.normpath(os.path.join(self._base, given))
        if given and os.path.isdir(path):
            return self._directory(path, given)
        if given and os.path.lexists(path):
            return self._file(path, given)
        if is_glob(given):
            return self._glob(given)
        if not given:
            return _nothing("a path is empty", "write it, or leave it out")
        return _nothing(f"there is no file or directory {quoted(given)}", _spelling(path, given))

    def _file(self, path: str, given: str) -> SearchResult:
        if os.path.basename(path) == CONFIG_NAME:
            return SearchResult()
        found = FoundFile(path, printable(self._shown(path, given)))
        return SearchResult({os.path.realpath(path): found})

    def _directory(self, path: str, given: str) -> SearchResult:
        result = self._below(path, given, _YAML_FILES, None)
        if result.is_empty:
            message = f"there is no *.yaml or *.yml file in the directory {quoted(given)}"
            return _nothing(message, "write one, or name another directory")
        return result

    def _glob(self, given: str) -> SearchResult:
        try:
            glob = parse_glob(given)
        except re.error:
            message = f"the glob {quoted(given)} has a range that runs backwards"
            return _nothing(message, "write the lower character first, as in [a-z]")
        path = os.path.normpath(os.path.join(self._base, glob.directory))
        result = SearchResult(is_empty=True)
        if os.path.isdir(path):
            result = self._below(path, glob.directory, glob.paths, glob.depth)
        if result.is_empty:
            message = f"the glob {quoted(given)} matches no file below {quoted(path)}"
            return _nothing(message, "check it; ** reaches into all directories but hidden ones")
        return result

    def _below(
        self, path: str, given: str, pattern: re.Pattern[str], depth: int | None
    ) -> SearchResult:
        """The files below a directory that look like the pattern."""
        walked = self._walked(path, depth)
        before, shown_before = _prefix(path), _prefix(self._shown(path, given))
        to_cwd = _prefix(self._cwd).removeprefix(before)  # what is below it is shown from there
        files: dict[str, FoundFile] = {}
        for leaf in chain(walked.files, walked.links):
            below = leaf.path
            if pattern.fullmatch(below) and below.rpartition("/")[2] != CONFIG_NAME:
                shown = (
                    below.removeprefix(to_cwd) if below.startswith(to_cwd) else shown_before + below
                )
                found = FoundFile(before + below, printable(shown))
                files.setdefault(leaf.real, found)
        problems = tuple(
            _unreadable(shown_before + below, error) for below, error in walked.unreadable
        )
        return SearchResult(files, problems, is_empty=not files and not problems)

    def _walked(self, path: str, depth: int | None) -> Walk:
        if (path, depth) not in self._walks:
            self._walks[path, depth] = walk(path, depth)
        return self._walks[path, depth]

    def _shown(self, path: str, given: str) -> str:
        """The path as seen from the working directory, unless it was given in full."""
        outside = not path.startswith(_prefix(self._cwd)) and path != self._cwd
        if outside and os.path.isabs(given):
            return path.replace(os.sep, "/")
        return seen_from(self._cwd, path)


def seen_from(cwd: str, path: str) -> str:
    """An absolute path from another one, with `/`; empty if they are the same."""
    below = os.path.relpath(path, cwd)
    return "" if below == os.curdir else below.replace(os.sep, "/")


def _prefix(directory: str) -> str:
    return f"{directory.rstrip('/')}/" if directory else ""


def _nothing(message: str, remedy: str) -> SearchResult:
    return SearchResult(problems=(Problem(message, remedy),), is_empty=True)


def _unreadable(directory: str, error: OSError) -> Problem:
    reason = (error.strerror or str(error)).lower()
    message = f"the directory {quoted(directory)} cannot be read: {reason}"
    return Problem(message, "make it readable, or leave it out")


def _spelling(path: str, given: str) -> str:
    """A remedy for a path that does not exist."""
    import difflib  # only a run that fails has use for it

    directory, name = os.path.split(path)
    try:
        close = difflib.get_close_matches(name, os.listdir(directory), n=1)
    except (OSError, ValueError):
        close = []
    if not close:
        return "check the spelling"
    return f"did you mean {quoted(os.path.join(os.path.dirname(given), close[0]))}?"
