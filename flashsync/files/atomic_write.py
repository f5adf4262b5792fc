"""Texts put in the place of files: all of them, or none."""

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
    """Write all files, each beside its place and then moved there; links are followed.

    Raises FilesError with every file that cannot be written, or that has changed since it was
    read; all of them are then as they were.
    """
    if problems := [one for file in edited if (one := _hindrance(file.source))]:
        raise FilesError(problems)
    staged: list[_Staged] = []
    try:
        for file in edited:
            staged.append(_Staged(file))  # noqa: PERF401 - those made before an error are undone
        for new in staged:
            new.move()
    except BaseException:
        _undo(staged)
        raise


def _undo(staged: Sequence[_Staged]) -> None:
    """Put everything back. Raises FilesError with the files for which that failed, too."""
    problems: list[Problem] = []
    for one in staged:
        try:
            one.undo()
        except (OSError, FilesError):
            message = "the file could not be restored and keeps the edit"
            problems.append(Problem(message, "check the file", Position(one.shown_as)))
    if problems:
        raise FilesError(problems)


def _hindrance(source: Source) -> Problem | None:
    """What stands against writing a file, known before any is touched."""
    position = Position(source.shown_as)
    try:
        status = os.stat(source.path)  # noqa: PTH116 - the path is text everywhere in this room
    except OSError as error:
        return _refused(error, source)
    if (status.st_size, status.st_mtime_ns) != (source.size, source.modified_ns):
        message = "the file has changed since it was read; nothing was written"
        return Problem(message, "run again", position)
    if not os.access(source.path, os.W_OK):
        message = "the file is not writable; nothing was written"
        return Problem(message, "change its permissions", position)
    return None


def _refused(error: OSError, source: Source) -> Problem:
    reason = (error.strerror or str(error)).lower()
    message = f"cannot write the file ({reason}); no file was changed"
    return Problem(message, "fix the cause and run again", Position(source.shown_as))


class _Staged:
    """A text that waits in a file of its own. Raises FilesError when made or moved."""

    def __init__(self, edited: Edited) -> None:
        self._edited = edited
        self._path = os.path.realpath(edited.source.path)
        self._moved = False
        self.shown_as = edited.source.shown_as
        self._temporary = self._store(edited.after)

    def _store(self, text: str) -> str:
        """A new file beside the old one, with its mode."""
        directory, created = os.path.dirname(self._path), ""  # noqa: PTH120
        try:
            with NamedTemporaryFile(dir=directory, prefix=".flashsync-", delete=False) as file:
                created = file.name
                file.write(text.encode())
            os.chmod(created, stat.S_IMODE(os.stat(self._path).st_mode))  # noqa: PTH101, PTH116
        except BaseException as error:
            _drop(created)
            if isinstance(error, OSError):
                raise FilesError(_refused(error, self._edited.source)) from error
            raise
        return created

    def move(self) -> None:
        """Put the text in its place."""
        try:
            os.replace(self._temporary, self._path)  # noqa: PTH105
        except OSError as error:
            raise FilesError(_refused(error, self._edited.source)) from error
        self._moved = True

    def undo(self) -> None:
        """Put what was there back."""
        if self._moved:
            os.replace(self._store(self._edited.before), self._path)  # noqa: PTH105
        else:
            _drop(self._temporary)


def _drop(path: str) -> None:
    with suppress(OSError):
        if path:
            os.unlink(path)  # noqa: PTH108
