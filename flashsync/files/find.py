"""Which files a run is about: the configuration, and the schedules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.quote import printable
from flashsync.files.search import CONFIG_NAME, FoundFile, Search, SearchResult, seen_from

DEFAULT_GLOBS = ("schedules/**/*.yaml", "schedules/**/*.yml")


def find_config(start: Path) -> Path | None:
    """The `flashsync.yaml` of a directory, or else of the nearest one above that has one.

    A link that leads nowhere and a directory of that name count: who loads them will complain,
    and nobody works with another configuration unawares.
    """
    here = Path(os.path.abspath(start))  # noqa: PTH100 - the way up is that of the path as typed
    for directory in (here, *here.parents):
        path = directory / CONFIG_NAME
        if os.path.lexists(path):
            return path
    return None


def show_path(path: Path, cwd: Path) -> str:
    """A file's name as seen from the working directory, with `/`, on one line."""
    return printable(seen_from(os.path.abspath(cwd), os.path.abspath(path)))  # noqa: PTH100


def find_by_paths(paths: Sequence[str], *, cwd: Path) -> tuple[FoundFile, ...]:
    """The schedule files of a command line: files as they are, directories walked, globs.

    Shells and hooks may name the configuration among them: it is left out. Raises FilesError with
    all paths that match nothing.
    """
    search = Search(cwd, cwd)
    results = [search.find(path) for path in paths]
    return _files_of(results, [problem for result in results for problem in result.problems])


def find_by_globs(
    globs: Sequence[str],
    *,
    base: Path,
    cwd: Path,
    position: Callable[[int], Position | None] = lambda place: None,
) -> tuple[FoundFile, ...]:
    """The schedule files of the configuration's globs, which count from its directory `base`.

    `position` says where in the configuration a glob is written, by its place in the list. Of the
    default globs, written out or not, one may match nothing. Raises FilesError.
    """
    search = Search(base, cwd)
    results = [search.find(glob) for glob in globs]
    may_be_empty = tuple(globs) == DEFAULT_GLOBS
    if may_be_empty and all(result.is_empty for result in results):
        raise FilesError(_nothing_by_default(base, position(0)))
    problems = [
        replace(problem, position=position(place))
        for place, result in enumerate(results)
        for problem in result.problems
        if not (may_be_empty and result.is_empty)
    ]
    return _files_of(results, problems)


def _files_of(results: Iterable[SearchResult], problems: list[Problem]) -> tuple[FoundFile, ...]:
    """Every file once, in the order of the names that people read."""
    if problems:
        raise FilesError(problems)
    files: dict[str, FoundFile] = {}
    for result in results:
        for real, file in result.files.items():
            files.setdefault(real, file)  # who came first keeps the name
    if not files:
        message = f"{CONFIG_NAME} is the configuration and holds no schedules"
        raise FilesError(Problem(message, "name the files or directories that do"))
    return tuple(sorted(files.values(), key=lambda file: file.shown_as))


def _nothing_by_default(base: Path, position: Position | None) -> Problem:
    message = f"there is no *.yaml or *.yml file below schedules/ in {base}"
    remedy = f"write schedules there, give their paths, or set `schedules` in {CONFIG_NAME}"
    return Problem(message, remedy, position)
