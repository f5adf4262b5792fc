"""The journals of a folder: found, read, and the one that is meant."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path

from flashsync.apply.journal import END
from flashsync.errors import RefusedError
from flashsync.plan.journal import codec
from flashsync.plan.journal.model import Journal

_LARGEST = 256 * 1024 * 1024
"""Bytes: what is larger is no journal of a run."""
_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]+", re.ASCII)
"""What a run calls its journal (see journal.py)."""
_TAKE_OUT = "take the file out of its folder"


def journals(folder: Path, shown_as: str) -> tuple[Path, ...]:
    """The files, the oldest first. Raises RefusedError where the folder cannot be read."""
    try:
        found = [
            (path.name.partition("-")[0], _written_at(path), path)
            for path in folder.glob(f"*{END}")
        ]
    except OSError as error:
        raise _unreadable(shown_as, error) from None
    return tuple(path for _, _, path in sorted(found))


def _written_at(path: Path) -> int:
    """When a file was written, in nanoseconds; 0 of a link to nowhere."""
    return path.stat().st_mtime_ns if path.exists() else 0


def read(path: Path, shown_as: str) -> Journal:
    """One journal. Raises RefusedError where it cannot be read, or is none."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # to open a pipe would wait for a writer
            raise RefusedError(f"{shown_as} is no journal: it is no plain file", _TAKE_OUT)
        if found.st_size > _LARGEST:
            raise RefusedError(f"{shown_as} is too large for a journal", _TAKE_OUT)
        text = path.read_text(encoding="utf-8", errors="strict")
    except OSError as error:
        raise _unreadable(shown_as, error) from None
    except ValueError:
        raise RefusedError(f"{shown_as} is no journal: it is not UTF-8 text", _TAKE_OUT) from None
    return codec.read(text, path.name.removesuffix(END), shown_as)


def of_a_run(path: Path) -> bool:
    """Whether a run may have made it: its name says so, whatever it holds."""
    return _NAME.fullmatch(path.name.removesuffix(END)) is not None


def named(paths: Sequence[Path], id: str, shown_as: str) -> Path:
    """The one whose name or id begins so. Raises RefusedError where none does, or several do."""
    found = [path for path in paths if _begins(path, id)]
    if len(found) == 1:
        return found[0]
    if not found:
        message = f"no journal in {shown_as} begins with {id}"
        raise RefusedError(message, "see `flashsync undo --list`")
    names = ", ".join(path.name.removesuffix(END) for path in found[-5:])
    raise RefusedError(f"{len(found)} journals begin with {id}: {names}", "give more of the id")


def _begins(path: Path, id: str) -> bool:
    name = path.name.removesuffix(END)
    return name.startswith(id) or name.rpartition("-")[2].startswith(id)


def _unreadable(shown_as: str, error: OSError) -> RefusedError:
    return RefusedError(f"{shown_as} cannot be read: {error.strerror or error}", "check the path")
