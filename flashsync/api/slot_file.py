"""The slots of the last minute, shared by the commands of this machine that use one account.

A small file per account in the user's cache directory. It is mapped into memory and changed under a
lock, so that a request costs a few microseconds, and no write to a disk that anybody waits for.

It contains nothing but times. Its name is the platform's host and the account's id, which the
platform answers with; neither the key nor anything made from it.

Times are seconds of the machine's monotonic clock, which starts anew with the machine: a file of
another boot counts as empty.
"""

from __future__ import annotations

import math
import mmap
import os
import re
import stat
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

MAGIC = b"flashsync slots 1\n"
HEADER = 64
"""Bytes: MAGIC, and the boot that the times are of."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_DOUBLE = 8
_ONE_DAY = 86_400
_TRIES, _MOMENT = 200, 0.005
"""How often, and after how many seconds, the lock is tried: who holds it needs microseconds."""

Table: TypeAlias = "list[float] | memoryview[float]"
"""Of each slot of a limit, from when on it is free."""


class Unusable(Exception):  # noqa: N818 - says what the file is
    """Why slots cannot be shared."""


class SlotFile:
    """A table for each of several sizes, in one file that all processes see alike.

    Raises Unusable where the file cannot be used, and leaves it as it is.
    """

    def __init__(self, path: Path, sizes: Sequence[int]) -> None:
        self._descriptor = _open_file(path)
        try:
            with self.locked():
                self._memory = _map_file(self._descriptor, sizes)
        except (OSError, ValueError, Unusable) as error:
            os.close(self._descriptor)
            raise Unusable(_reason(error)) from None
        numbers = memoryview(self._memory)[HEADER:].cast("d")
        ends = accumulate(sizes)
        self.tables: Sequence[Table] = [
            numbers[end - size : end] for end, size in zip(ends, sizes, strict=True)
        ]
        """Each to be read and changed while the file is locked; they outlive `close`."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """No other process reads or changes the tables meanwhile.

        A process that was stopped with the lock in its hands does not stop the others for ever.
        """
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_MOMENT)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave the file to the others. It stays mapped for requests that are under way."""
        os.close(self._descriptor)


def file_name(host: str, account: int) -> str:
    """The name of an account's file: `api.flashcat.cloud-10023.slots`."""
    return f"{re.sub(r'[^A-Za-z0-9.-]', '-', host)}-{account}.slots"


def _open_file(path: Path) -> int:
    """The file, for this user alone, made where it is missing."""
    if fcntl is None:
        raise Unusable("this system has no file locks of the kind")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = not path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise Unusable(_reason(error)) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
        os.close(descriptor)
        raise Unusable("it is not a file of this user")
    if new:
        _forget_old(path.parent, status.st_mtime)
    return descriptor


def _forget_old(folder: Path, now: float) -> None:
    """Delete files that nobody has used for a day; servers for tests leave many behind."""
    for old in folder.glob("*.slots"):
        with suppress(OSError):
            if now - old.stat().st_mtime > _ONE_DAY:
                old.unlink()


def _map_file(descriptor: int, sizes: Sequence[int]) -> mmap.mmap:
    """The file in memory: filled where it is new or of another boot."""
    length = HEADER + sum(sizes) * _DOUBLE
    try:
        boot = _BOOT.read_bytes().strip()
    except OSError:
        boot = b""
    header = (MAGIC + boot)[:HEADER].ljust(HEADER, b"\0")
    found = os.pread(descriptor, length + 1, 0)
    if found and (len(found) != length or not found.startswith(MAGIC)):
        raise Unusable("it is damaged; delete it")
    if found[:HEADER] != header:
        empty = array("d", [-math.inf]) * sum(sizes)
        os.pwrite(descriptor, header + empty.tobytes(), 0)
    return mmap.mmap(descriptor, length)


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
