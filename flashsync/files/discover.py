"""Finds the files of a run: the configuration, paths, globs, and the folders below them."""

# ruff: noqa: PTH100, PTH112, PTH117, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.document import printable, quoted

DEFAULT_GLOBS = ("schedules/**/*.yaml", "schedules/**/*.yml")


def find_config(start: Path) -> Path | None:
    """The `flashsync.yaml` of a directory, or of the nearest one above it.

    A broken link or a directory of that name counts: loading it is an error, where the next one
    above would be used unnoticed. Raises FilesError for `flashsync.yml`.
    """
    here = Path(os.path.abspath(start))
    for directory in (here, *here.parents):
        path = directory / CONFIG_NAME
        if os.path.lexists(path):
            return path
        if os.path.lexists(other := path.with_suffix(".yml")):
            message = f"{other.name} is not read"
            remedy = f"rename it to {CONFIG_NAME}"
            raise FilesError(Problem(message, remedy, Position(show_path(other, here))))
    return None


def show_path(path: Path, cwd: Path) -> str:
    """A file's path from the working directory, with `/`, on one line."""
    return printable(seen_from(os.path.abspath(cwd), os.path.abspath(path)))


def find_by_paths(paths: Sequence[str], *, cwd: Path) -> tuple[FoundFile, ...]:
    """The schedule files of a command line, which names files, directories and globs.

    The configuration is left out: shells and hooks may name it too. Raises FilesError with all
    paths that match nothing.
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
    report: Callable[[Sequence[Problem]], object] | None = None,
) -> tuple[FoundFile, ...]:
    """The schedule files of the configuration's globs, relative to its directory `base`.

    `position` gives the position of a glob by its index. One of the two default globs may match
    nothing. Raises FilesError, or calls `report` and goes on with what the other globs match.
    """
    search = Search(base, cwd)
    results = [search.find(glob) for glob in globs]
    may_be_empty = tuple(globs) == DEFAULT_GLOBS
    problems = [
        replace(problem, position=position(place))
        for place, result in enumerate(results)
        for problem in result.problems
        if not (may_be_empty and result.is_empty)
    ]
    if may_be_empty and all(result.is_empty for result in results):
        message = f"no *.yaml or *.yml file below schedules/ in {base}"
        remedy = (
            "run `flashsync import`, add schedule files there, pass their paths, or set "
            f"`schedules` in {CONFIG_NAME}"
        )
        problems = [Problem(message, remedy, position(0))]
    if report and problems:
        report(problems)
        results, problems = [result for result in results if result.files], []
    return _files_of(results, problems) if results or problems else ()


def find_existing(globs: Sequence[str], *, base: Path, cwd: Path) -> tuple[FoundFile, ...]:
    """The files that globs match, perhaps none. Raises FilesError for an unreadable directory."""
    search = Search(base, cwd)
    results = [result for glob in globs if not (result := search.find(glob)).is_empty]
    if not any(result.files or result.problems for result in results):
        return ()
    return _files_of(results, [problem for result in results for problem in result.problems])


def is_matched(path: str, globs: Sequence[str], base: Path) -> bool:
    """Whether a file that may not exist yet would be found by a glob, relative to `base`."""
    for given in globs:
        if not _WILDCARD.search(given):
            whole = os.path.normpath(os.path.join(os.path.abspath(base), given))
            if path == whole or path.startswith(_prefix(whole)):
                return True
            continue
        glob = parse_glob(given)
        folder = os.path.normpath(os.path.join(os.path.abspath(base), glob.directory))
        below = path.removeprefix(_prefix(folder))
        if below != path and glob.paths.fullmatch(below.replace(os.sep, "/")):
            return True
    return False


def folder_of(globs: Sequence[str]) -> str:
    """The folder in which the first of these globs looks; empty without a glob."""
    return next((parse_glob(given).directory for given in globs if _WILDCARD.search(given)), "")


def _files_of(results: Iterable[SearchResult], problems: list[Problem]) -> tuple[FoundFile, ...]:
    """Every file once, sorted by the name that people see."""
    if problems:
        raise FilesError(problems)
    files: dict[str, FoundFile] = {}
    for result in results:
        for real, file in result.files.items():
            files.setdefault(real, file)  # the first name wins
    if not files:
        message = f"{CONFIG_NAME} is the configuration, not a schedule file"
        raise FilesError(Problem(message, "name the files or directories with schedules"))
    return tuple(sorted(files.values(), key=lambda file: file.shown_as))


# The files of one path or glob.
#
# Paths are text here, handled by `os.path`: a Path for each of ten thousand files takes longer
# than finding them.

CONFIG_NAME = "flashsync.yaml"

_YAML_FILES = re.compile(r"(?s:.*)\.ya?ml")


class FoundFile(NamedTuple):
    """A file to load: its path, and its name for people."""

    path: str
    shown_as: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The files by their real paths, or problems; `is_empty` if nothing matched."""

    files: dict[str, FoundFile] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_empty: bool = False


class Search:
    """Finds files from a base directory; shows them relative to the working directory."""

    def __init__(self, base: Path, cwd: Path) -> None:
        self._base = os.path.abspath(base)
        self._cwd = os.path.abspath(cwd)
        self._walk = cache(walk)  # the default globs look below one directory

    def find(self, given: str) -> SearchResult:
        """The files of a path or glob; an existing path is never read as a glob."""
        path = os.path.normpath(os.path.join(self._base, given))
        if given and os.path.isdir(path):
            message = f"no *.yaml or *.yml file in the directory {quoted(given)}"
            remedy = "add a file, or name another directory"
            return self._below(Glob(given, _YAML_FILES, None)) or _nothing(message, remedy)
        if given and os.path.lexists(path):
            if os.path.basename(path) == CONFIG_NAME:
                return SearchResult()
            found = FoundFile(path, printable(self._shown(path, given)))
            return SearchResult({os.path.realpath(path): found})
        if _WILDCARD.search(given):
            try:
                glob = parse_glob(given)
            except re.error:
                message = f"reversed range in the glob {quoted(given)}"
                return _nothing(message, "write the lower character first, as in [a-z]")
            path = os.path.normpath(os.path.join(self._base, glob.directory))
            message = f"the glob {quoted(given)} matches no file below {quoted(path)}"
            remedy = "check the pattern; ** matches all directories except hidden ones"
            return self._below(glob) or _nothing(message, remedy)
        if not given:
            return _nothing("empty path", "name a file or directory, or remove the entry")
        return _nothing(f"no file or directory {quoted(given)}", _suggest_path(path, given))

    def _below(self, glob: Glob) -> SearchResult | None:
        """The files and unreadable directories that a glob matches; None for nothing."""
        path = os.path.normpath(os.path.join(self._base, glob.directory))
        if not os.path.isdir(path):
            return None
        walked = self._walk(path, glob.depth)
        before, shown_before = _prefix(path), _prefix(self._shown(path, glob.directory))
        to_cwd = _prefix(self._cwd).removeprefix(before)
        files: dict[str, FoundFile] = {}
        for below, real in chain(walked.files, walked.links):
            if glob.paths.fullmatch(below) and below.rpartition("/")[2] != CONFIG_NAME:
                inside = below.startswith(to_cwd)
                shown = below.removeprefix(to_cwd) if inside else shown_before + below
                files.setdefault(real, FoundFile(before + below, printable(shown)))
        problems = []
        for below, error in walked.unreadable:
            reason = (error.strerror or str(error)).lower()
            message = f"cannot read the directory {quoted(shown_before + below)} ({reason})"
            problems.append(Problem(message, "change its permissions, or leave it out"))
        return SearchResult(files, tuple(problems)) if files or problems else None

    def _shown(self, path: str, given: str) -> str:
        """The path from the working directory; an absolute one outside it stays as given."""
        outside = not path.startswith(_prefix(self._cwd)) and path != self._cwd
        if outside and os.path.isabs(given):
            return path.replace(os.sep, "/")
        return seen_from(self._cwd, path)


def seen_from(cwd: str, path: str) -> str:
    """The relative path between two absolute ones, with `/`; empty if they are equal."""
    below = os.path.relpath(path, cwd)
    return "" if below == os.curdir else below.replace(os.sep, "/")


def _prefix(directory: str) -> str:
    return f"{directory.rstrip('/')}/" if directory else ""


def _nothing(message: str, remedy: str) -> SearchResult:
    return SearchResult(problems=(Problem(message, remedy),), is_empty=True)


def _suggest_path(path: str, given: str) -> str:
    """The remedy for a path that does not exist."""
    import difflib  # only a run that fails has use for it

    directory, name = os.path.split(path)
    try:
        close = difflib.get_close_matches(name, os.listdir(directory), n=1)
    except (OSError, ValueError):
        close = []
    if not close:
        return "check the spelling"
    return f"did you mean {quoted(os.path.join(os.path.dirname(given), close[0]))}?"


# Globs: `*` and `?` within a name, `[ab]` and `[!ab]`, and `**` for any number of directories.

_WILDCARD = re.compile(r"[*?\[]")
_SET = re.compile(r"\[(!?)(\]?[^\]/]*)\]")
_YAML_BELOW = r"(?:[^/]+/)*[^/]+\.ya?ml"


@dataclass(frozen=True, slots=True)
class Glob:
    """A glob in two parts: the directory to walk, and the pattern of the paths below it."""

    directory: str
    paths: re.Pattern[str]
    depth: int | None
    """The most names in a path; None is any number."""


def parse_glob(pattern: str) -> Glob:
    """A pattern with `/` between its parts as a Glob. Raises re.error for a range like [z-a]."""
    parts = pattern.split("/")
    fixed = next(place for place, part in enumerate(parts) if _WILDCARD.search(part))
    below = [part for part in parts[fixed:] if part not in ("", ".")]
    expression = "".join(_expression(part, last=False) for part in below[:-1])
    expression += _expression(below[-1], last=True)
    directory = "/".join(parts[:fixed]) + ("/" if fixed else "")
    return Glob(directory, re.compile(expression), None if "**" in below else len(below))


def _expression(part: str, *, last: bool) -> str:
    if part == "**":
        return _YAML_BELOW if last else "(?:[^/]+/)*"
    expression = ""
    place = 0
    while place < len(part):
        if match := _SET.match(part, place):
            members = re.sub(r"([\\\]\[^&~|])", r"\\\1", match[2])
            expression += f"[^/{members}]" if match[1] else f"[{members}]"
            place = match.end()
        else:
            expression += {"*": "[^/]*", "?": "[^/]"}.get(part[place], re.escape(part[place]))
            place += 1
    return expression if last else expression + "/"


# The files below a directory, fast: ten thousand in about ten milliseconds.


class Leaf(NamedTuple):
    """A file below the walked directory: its path from there, with `/`, and its real path."""

    path: str
    real: str


@dataclass(slots=True)
class Walk:
    """The result of a walk: files, links to files, and unreadable directories."""

    files: list[Leaf] = field(default_factory=list)
    links: list[Leaf] = field(default_factory=list)
    unreadable: list[tuple[str, OSError]] = field(default_factory=list)


class _Directory(NamedTuple):
    absolute: str
    below: str
    real: str
    depth: int


def walk(directory: str, depth: int | None = None) -> Walk:
    """The files below a directory, down to `depth` names; hidden ones are left out.

    Links to directories are followed last, and no directory is entered twice: loops end, and a
    file is found under its own name rather than a link's.
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
            with os.scandir(here.absolute) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            result.unreadable.append((here.below, error))
            continue
        within = here.real.rstrip(os.sep) + os.sep
        first: list[_Directory] = []
        for entry in visible:
            is_link = entry.is_symlink()
            real = os.path.realpath(entry.path) if is_link else within + entry.name
            below = here.below + entry.name
            if not _is_directory(entry):
                (result.links if is_link else result.files).append(Leaf(below, real))
            elif depth is None or here.depth < depth:
                inner = _Directory(entry.path, f"{below}/", real, here.depth + 1)
                (pending if is_link else first).append(inner)
        pending.extendleft(first)
    return result


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or no permission to ask: reading it reports the error
        return False
