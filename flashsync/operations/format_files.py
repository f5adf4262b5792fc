"""Formats the files: what changes is known before any file is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flashsync.errors import FilesError, Problem
from flashsync.files.atomic_write import write_all
from flashsync.files.discover import CONFIG_NAME, FoundFile, find_by_paths, show_path
from flashsync.files.document import Source
from flashsync.files.edit import Edited
from flashsync.files.format import format_text
from flashsync.files.load import read_whole
from flashsync.model.file_edits import FileChange
from flashsync.operations.files import find_files
from flashsync.operations.session import Session

STDIN = "standard input"


@dataclass(frozen=True, slots=True)
class FormatRun:
    """Files that a formatter changes, not written yet, and how many are formatted already.

    `unusual` are files that keep their layout, because the formatter does not write a part of it.
    """

    files: tuple[Edited, ...] = ()
    unchanged: int = 0
    unusual: tuple[str, ...] = ()

    @property
    def changes(self) -> list[FileChange]:
        """Each file before and after."""
        return [FileChange(file.source.shown_as, *file.shown) for file in self.files]

    def write(self) -> None:
        """Write all files, or none of them."""
        write_all(self.files)


def format_files(session: Session, paths: Sequence[str] = ()) -> FormatRun:
    """Format the files of paths, by default flashsync.yaml and all schedule files.

    Raises FilesError with the problems of all files that cannot be read.
    """
    return _format(_read(file) for file in _find(session, paths))


def format_standard_input(data: bytes) -> FormatRun:
    """Format what came through standard input. Raises FilesError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise FilesError(Problem(f"{STDIN} is not UTF-8", "send it as UTF-8")) from None
    return _format([_Read(text, Source("-", STDIN, len(data), 0))])


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, or why it could not be."""

    text: str
    source: Source
    problems: tuple[Problem, ...] = ()


def _read(file: FoundFile) -> _Read:
    try:
        return _Read(*read_whole(file.path, file.shown_as))
    except FilesError as error:
        return _Read("", Source(file.path, file.shown_as, 0, 0), tuple(error.problems))


def _format(files: Iterable[_Read]) -> FormatRun:
    run = FormatRun()
    problems: list[Problem] = []
    for file in files:
        problems += file.problems
        if not file.problems:
            try:
                run = _add(run, file)
            except FilesError as error:
                problems += error.problems
    if problems:
        raise FilesError(problems)
    return run


def _add(run: FormatRun, file: _Read) -> FormatRun:
    formatted = format_text(file.text, file.source)
    if not formatted.kept:
        return replace(run, unusual=(*run.unusual, file.source.shown_as))
    if formatted.text == file.text:
        return replace(run, unchanged=run.unchanged + 1)
    edited = Edited(file.source, file.text, formatted.text, (), ())
    return replace(run, files=(*run.files, edited))


def _find(session: Session, paths: Sequence[str]) -> Sequence[FoundFile]:
    """The files of a run, with flashsync.yaml."""
    if not paths:
        settings = session.settings()
        files = find_files(settings, (), session.folder)
        config = [settings.origin.source] if settings.origin else []
        return [*(FoundFile(source.path, source.shown_as) for source in config), *files]
    configs = [file for path in paths for file in _configuration_of(session.folder, path)]
    others = [path for path in paths if os.path.basename(path) != CONFIG_NAME]  # noqa: PTH119
    return [*configs, *(find_by_paths(others, cwd=session.folder) if others else ())]


def _configuration_of(folder: Path, path: str) -> Iterator[FoundFile]:
    """The flashsync.yaml that a path names, or that is in the directory that it names."""
    named = folder / path
    file = named if named.name == CONFIG_NAME else named / CONFIG_NAME
    if named.name == CONFIG_NAME or file.is_file():
        yield FoundFile(str(file), show_path(file, folder))
