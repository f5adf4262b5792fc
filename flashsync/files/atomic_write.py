"""Writes edited and new files: all of them, or none."""

# ruff: noqa: PTH100, PTH101, PTH102, PTH105, PTH106, PTH108, PTH110, PTH116, PTH118, PTH120
# Paths are text everywhere in this room.

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.edit import Edited


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that must not exist yet; its folders are made with it."""

    path: str
    shown_as: str
    text: str


def write_all(files: Sequence[Edited | NewFile]) -> None:
    """Write every file to a temporary one next to it, then move all into place; follows links.

    Raises FilesError with every file that cannot be written, has changed since it was read, or
    exists although it should be new; no file is changed then.
    """
    if problems := [problem for file in files if (problem := _check_writable(file))]:
        raise FilesError(problems)
    folders: list[str] = []
    staged: list[_Staged] = []
    try:
        for file in files:
            if isinstance(file, NewFile):
                folders += _make_folders(file)
            staged.append(_Staged(file))
        for new in staged:
            new.move()
    except BaseException:
        _restore(staged, folders)
        raise


def _restore(staged: Sequence[_Staged], folders: Sequence[str]) -> None:
    """Undo all moves. Raises FilesError with the files that could not be restored."""
    problems: list[Problem] = []
    for file in staged:
        try:
            file.undo()
        except (OSError, FilesError):
            message = "the file could not be restored and keeps the edit"
            problems.append(Problem(message, "check the file", Position(file.shown_as)))
    for folder in reversed(folders):
        with suppress(OSError):
            os.rmdir(folder)
    if problems:
        raise FilesError(problems)


def _check_writable(file: Edited | NewFile) -> Problem | None:
    """Why a file cannot be written, as far as that can be known before writing."""
    if isinstance(file, NewFile):
        return _describe_existing(file.shown_as) if os.path.lexists(file.path) else None
    source, position = file.source, Position(file.source.shown_as)
    try:
        status = os.stat(source.path)
    except OSError as error:
        return _describe_failure(error, source.shown_as)
    if (status.st_size, status.st_mtime_ns) != (source.size, source.modified_ns):
        message = "the file has changed since it was read; nothing was written"
        return Problem(message, "run again", position)
    if not os.access(source.path, os.W_OK):
        message = "the file is not writable; nothing was written"
        return Problem(message, "change its permissions", position)
    return None


def _describe_failure(error: OSError, shown_as: str) -> Problem:
    if isinstance(error, FileExistsError):
        return _describe_existing(shown_as)
    reason = (error.strerror or str(error)).lower()
    message = f"cannot write the file ({reason}); no file was changed"
    return Problem(message, "fix the cause and run again", Position(shown_as))


def _describe_existing(shown_as: str) -> Problem:
    message = "the file exists; nothing was written"
    return Problem(message, "move it away, or name another folder", Position(shown_as))


def _make_folders(file: NewFile) -> Iterator[str]:
    """Make the folders of a new file; gives each that was missing, the outermost first."""
    folder = os.path.dirname(os.path.abspath(file.path))
    missing: list[str] = []
    while not os.path.exists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for folder in reversed(missing):
        try:
            os.mkdir(folder)
        except OSError as error:
            raise FilesError(_describe_failure(error, file.shown_as)) from error
        yield folder


class _Staged:
    """A text in a temporary file. Making and moving it raise FilesError."""

    def __init__(self, file: Edited | NewFile) -> None:
        self._moved = False
        if isinstance(file, NewFile):
            self.shown_as = file.shown_as
            self._path, self._before, text = os.path.abspath(file.path), None, file.text
        else:
            self.shown_as = file.source.shown_as
            self._path, self._before = os.path.realpath(file.source.path), file.before
            text = file.after
        self._temporary = self._store(text)

    _before: str | None

    def _store(self, text: str) -> str:
        """Write a temporary file next to the place of the file, with the old file's mode."""
        created = ""
        temporary = os.path.join(
            os.path.dirname(self._path), f".flashsync-{secrets.token_hex(8)}.tmp"
        )
        try:
            with open(temporary, "xb") as file:  # noqa: PTH123
                created = temporary
                file.write(text.encode())
            if self._before is not None:
                os.chmod(created, stat.S_IMODE(os.stat(self._path).st_mode))
        except BaseException as error:
            _drop(created)
            if isinstance(error, OSError):
                raise FilesError(_describe_failure(error, self.shown_as)) from error
            raise
        return created

    def move(self) -> None:
        """Replace the file by the new text; a file that has appeared meanwhile is not replaced."""
        try:
            if self._before is None:
                _move_to_free_place(self._temporary, self._path)
            else:
                os.replace(self._temporary, self._path)
        except OSError as error:
            raise FilesError(_describe_failure(error, self.shown_as)) from error
        self._moved = True

    def undo(self) -> None:
        """Restore the old text, or drop the new or the temporary file."""
        if not self._moved:
            _drop(self._temporary)
        elif self._before is None:
            os.unlink(self._path)
        else:
            os.replace(self._store(self._before), self._path)


def _move_to_free_place(temporary: str, path: str) -> None:
    """Raises FileExistsError if the place is taken."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(temporary, path)  # noqa: PTH104
    else:
        _drop(temporary)


def _drop(path: str) -> None:
    with suppress(OSError):
        if path:
            os.unlink(path)
