"""Writes edited files: all of them, or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from tempfile import NamedTemporaryFile

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.document import Source
from flashsync.files.edit import Edited


def write_all(edited: Sequence[Edited]) -> None:
    """Write every file to a temporary one next to it, then move all into place; follows links.

    Raises FilesError with every file that cannot be written or has changed since it was read; no
    file is changed then.
    """
    if problems := [problem for file in edited if (problem := _check_writable(file.source))]:
        raise FilesError(problems)
    staged: list[_Staged] = []
    try:
        for file in edited:
            staged.append(_Staged(file))  # noqa: PERF401 - an error undoes the earlier ones
        for new in staged:
            new.move()
    except BaseException:
        _restore(staged)
        raise


def _restore(staged: Sequence[_Staged]) -> None:
    """Undo all moves. Raises FilesError with the files that could not be restored."""
    problems: list[Problem] = []
    for file in staged:
        try:
            file.undo()
        except (OSError, FilesError):
            message = "the file could not be restored and keeps the edit"
            problems.append(Problem(message, "check the file", Position(file.shown_as)))
    if problems:
        raise FilesError(problems)


def _check_writable(source: Source) -> Problem | None:
    """Why a file cannot be written, as far as that can be known before writing."""
    position = Position(source.shown_as)
    try:
        status = os.stat(source.path)  # noqa: PTH116 - the path is text everywhere in this room
    except OSError as error:
        return _describe_failure(error, source)
    if (status.st_size, status.st_mtime_ns) != (source.size, source.modified_ns):
        message = "the file has changed since it was read; nothing was written"
        return Problem(message, "run again", position)
    if not os.access(source.path, os.W_OK):
        message = "the file is not writable; nothing was written"
        return Problem(message, "change its permissions", position)
    return None


def _describe_failure(error: OSError, source: Source) -> Problem:
    reason = (error.strerror or str(error)).lower()
    message = f"cannot write the file ({reason}); no file was changed"
    return Problem(message, "fix the cause and run again", Position(source.shown_as))


class _Staged:
    """A text in a temporary file. Making and moving it raise FilesError."""

    def __init__(self, edited: Edited) -> None:
        self._edited = edited
        self._path = os.path.realpath(edited.source.path)
        self._moved = False
        self.shown_as = edited.source.shown_as
        self._temporary = self._store(edited.after)

    def _store(self, text: str) -> str:
        """Write a temporary file next to the old one, with its mode."""
        directory, created = os.path.dirname(self._path), ""  # noqa: PTH120
        try:
            with NamedTemporaryFile(dir=directory, prefix=".flashsync-", delete=False) as file:
                created = file.name
                file.write(text.encode())
            os.chmod(created, stat.S_IMODE(os.stat(self._path).st_mode))  # noqa: PTH101, PTH116
        except BaseException as error:
            _drop(created)
            if isinstance(error, OSError):
                raise FilesError(_describe_failure(error, self._edited.source)) from error
            raise
        return created

    def move(self) -> None:
        """Replace the file by the new text."""
        try:
            os.replace(self._temporary, self._path)  # noqa: PTH105
        except OSError as error:
            raise FilesError(_describe_failure(error, self._edited.source)) from error
        self._moved = True

    def undo(self) -> None:
        """Restore the old text, or drop the temporary file."""
        if self._moved:
            os.replace(self._store(self._edited.before), self._path)  # noqa: PTH105
        else:
            _drop(self._temporary)


def _drop(path: str) -> None:
    with suppress(OSError):
        if path:
            os.unlink(path)  # noqa: PTH108
