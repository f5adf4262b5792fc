"""Formats the files: what changes is known before any file is written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync.errors import FilesError, Problem
from flashsync.files.atomic_write import write_all
from flashsync.files.discover import CONFIG_NAME, FoundFile, find_by_paths, show_path
from flashsync.files.document import Source
from flashsync.files.edit import Edited
from flashsync.files.format import format_text
from flashsync.files.load import read_whole
from flashsync.model.command_results import FileChange
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
    run, problems = FormatRun(), list[Problem]()
    for file in _find(session, paths):
        try:
            run = _add(run, *read_whole(file.path, file.shown_as))
        except FilesError as error:
            problems += error.problems
    if problems:
        raise FilesError(problems)
    return run


def format_standard_input(data: bytes) -> FormatRun:
    """Format what came through standard input. Raises FilesError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise FilesError(Problem(f"{STDIN} is not UTF-8", "send it as UTF-8")) from None
    return _add(FormatRun(), text, Source("-", STDIN, len(data), 0))


def _add(run: FormatRun, text: str, source: Source) -> FormatRun:
    formatted = format_text(text, source)
    if not formatted.kept:
        return replace(run, unusual=(*run.unusual, source.shown_as))
    if formatted.text == text:
        return replace(run, unchanged=run.unchanged + 1)
    return replace(run, files=(*run.files, Edited(source, text, formatted.text, (), ())))


def _find(session: Session, paths: Sequence[str]) -> Sequence[FoundFile]:
    """The files of a run, with flashsync.yaml."""
    if not paths:
        settings = session.settings()
        files = find_files(settings, (), session.folder)
        config = [settings.origin.source] if settings.origin else []
        return [*(FoundFile(source.path, source.shown_as) for source in config), *files]
    configs: list[FoundFile] = []
    for path in paths:  # a path names flashsync.yaml, or a directory that it is in
        named = session.folder / path
        file = named if named.name == CONFIG_NAME else named / CONFIG_NAME
        if named.name == CONFIG_NAME or file.is_file():
            configs.append(FoundFile(str(file), show_path(file, session.folder)))
    others = [path for path in paths if os.path.basename(path) != CONFIG_NAME]  # noqa: PTH119
    return [*configs, *(find_by_paths(others, cwd=session.folder) if others else ())]
