"""The journal: what each write found, sent and led to, written before the write.

`.flashsync/journal/<UTC time>-<id>.jsonl`, one event a line (see plan/journal/), each
written through to the disk, so that a run that was killed can be read and undone.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock

from flashsync.api.redact import Exchange, instant
from flashsync.errors import RefusedError
from flashsync.model.calendar import Span
from flashsync.model.notify import SecretReference
from flashsync.model.schedule import Schedule
from flashsync.plan.journal import codec
from flashsync.plan.journal.codec import Journal
from flashsync.plan.model import Delete, Plan, Write
from flashsync.plan.outcome import Outcome, Result, Sent, Trace
from flashsync.plan.webhooks import references_in, with_references

HOME = ".flashsync"
"""The folder for what flashsync keeps next to the files; a .gitignore in it covers all."""
FOLDER = Path(HOME, "journal")
END = ".jsonl"

_OWN_FOLDER, _OWN_FILE = 0o700, 0o600
_ONLY_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
_REMEDY = "fix the cause, pass --journal DIR, or pass --journal none to write without a journal"


Known = Mapping[str, SecretReference]
"""References to secrets, by the values that they have."""


class NoJournal:
    """Writes nothing down."""

    def opened(self, plan: Plan) -> None:
        """Writing is about to begin. Raises RefusedError where it must not."""

    def begins(self, action: Write, before: Schedule | None, sent: Schedule | None) -> None:
        """A write is about to go out. Raises RefusedError where it must not."""

    def ended(self, result: Result) -> None:
        """A write has come to its end. Raises RefusedError where that could not be written down."""

    def closed(self, outcome: Outcome) -> None:
        """The run is over. Raises RefusedError where that could not be written down."""


class FileJournal(NoJournal):
    """Writes the events of one run to a file of its own. Thread-safe.

    `project` is the folder for `.flashsync/journal`; `folder` is what the user gave instead, and
    `clock` gives Unix seconds. `known` gives the references of earlier runs, by the values that
    they have: a live secret is written down as the reference that has its value.
    """

    def __init__(
        self,
        project: Path,
        folder: Path | None,
        command: str,
        clock: Callable[[], int],
        undo_of: str | None = None,
        known: Callable[[], Known] = dict,
    ) -> None:
        self._known = known
        self._references: Known | None = None
        self._project, self._folder = project, folder
        self._command, self._undo_of, self._clock = command, undo_of, clock
        self._lock = Lock()
        self._path = folder or project / FOLDER
        self._file: int | None = None
        self._places: dict[int, int] = {}
        self._given: Known = {}
        self._failed: RefusedError | None = None

    def opened(self, plan: Plan) -> None:
        """Make the file, which nobody had before, and write its first line."""
        now = self._clock()
        try:
            folder = self._folder or _make_own_folder(self._project)
            folder.mkdir(_OWN_FOLDER, parents=True, exist_ok=True)
            self._path = (
                folder / f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}-{token_hex(3)}{END}"
            )
            self._file = os.open(self._path, _ONLY_NEW, _OWN_FILE)
        except OSError as error:
            raise self._failure(error) from None
        self._places = {id(action): place for place, action in enumerate(plan.writes)}
        targets = [one.target.schedule for one in plan.writes if not isinstance(one, Delete)]
        secrets = references_in([one.notify for one in targets])
        self._given = {one.value: one.reference for one in secrets if one.value and one.reference}
        self._write(codec.header(plan, self._command, self._undo_of, now))
        _sync_folder(self._path.parent)

    def begins(self, action: Write, before: Schedule | None, sent: Schedule | None) -> None:
        """Write down what is live and what is sent, on disk before the write.

        Live secrets are written as references where some are known to have the values.
        """
        place, now = self._places[id(action)], self._clock()
        if before is not None:
            before = with_references(before, self._given)
            secrets = [secret for hook in before.notify.webhooks for _, secret in hook.secrets()]
            if any(secret.reference is None and secret.readable for secret in secrets):
                with self._lock:
                    if self._references is None:
                        self._references = self._known()
                before = with_references(before, self._references)
        self._write(codec.before(place, before, now) + codec.sent(place, sent, now))

    def ended(self, result: Result) -> None:
        """Write down the result."""
        self._write(codec.after(self._places[id(result.action)], result, self._clock()))

    def closed(self, outcome: Outcome) -> None:
        """Write down how the run ended, and close the file."""
        try:
            self._write(codec.end(outcome, self._clock()))
        finally:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _write(self, lines: str) -> None:
        """Whole lines, to the disk; none after a failure, which may have left half of one."""
        with self._lock:
            if self._failed is not None or self._file is None:
                raise self._failed or RefusedError("the journal is closed")
            try:
                left = lines.encode()
                while left:
                    left = left[os.write(self._file, left) :]
                os.fsync(self._file)
            except OSError as error:
                self._failed = self._failure(error)
                raise self._failed from None

    def _failure(self, error: OSError) -> RefusedError:
        where = error.filename or self._path
        message = f"the journal {where} cannot be written: {error.strerror or error}"
        return RefusedError(message, _REMEDY)


def _make_own_folder(project: Path) -> Path:
    """Our folder, with a note for git. Raises OSError, also where somebody put a link there."""
    home = project / HOME
    for folder in (home, project / FOLDER):
        folder.mkdir(_OWN_FOLDER, exist_ok=True)
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            raise NotADirectoryError(0, "it is a link, not a directory of flashsync", str(folder))
    # Journals are for this machine, and never for the repository.
    with suppress(FileExistsError):
        file = os.open(home / ".gitignore", _ONLY_NEW, 0o644)
        try:
            os.write(file, b"*\n")
        finally:
            os.close(file)
    return project / FOLDER


def _sync_folder(folder: Path) -> None:
    """Write the entry of a new file in its folder to the disk; not every system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


# The journals of a folder: list, find, read.

_LARGEST = 256 * 1024 * 1024
"""Bytes: a larger file is not the journal of a run."""
_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]+", re.ASCII)
"""The name of a journal."""
_TAKE_OUT = "remove the file from its folder"


def list_journals(folder: Path, shown_as: str) -> tuple[Path, ...]:
    """The files, the oldest first. Raises RefusedError where the folder cannot be read."""
    try:
        entries = [
            # A link to nowhere has no time.
            (path.name.partition("-")[0], path.stat().st_mtime_ns if path.exists() else 0, path)
            for path in folder.glob(f"*{END}")
        ]
    except OSError as error:
        raise _unreadable(shown_as, error) from None
    return tuple(path for _, _, path in sorted(entries))


def read_journal(path: Path, shown_as: str) -> Journal:
    """Raises RefusedError where the file cannot be read, or is not a journal."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # to open a pipe would wait for a writer
            raise RefusedError(
                f"{shown_as} is not a journal but something else than a plain file", _TAKE_OUT
            )
        if status.st_size > _LARGEST:
            raise RefusedError(f"{shown_as} is too large for a journal", _TAKE_OUT)
        text = path.read_text(encoding="utf-8", errors="strict")
    except OSError as error:
        raise _unreadable(shown_as, error) from None
    except ValueError:
        raise RefusedError(
            f"{shown_as} is not a journal, as it is not UTF-8 text", _TAKE_OUT
        ) from None
    return codec.read(text, path.name.removesuffix(END), shown_as)


def of_a_run(path: Path) -> bool:
    """Whether its name is that of a journal, whatever its content."""
    return _NAME.fullmatch(path.name.removesuffix(END)) is not None


def find_journal(paths: Sequence[Path], id: str, shown_as: str) -> Path:
    """The journal with a name or id that begins so. Raises RefusedError unless exactly one does."""
    names = {path: path.name.removesuffix(END) for path in paths}
    matching = [
        path
        for path, name in names.items()
        if name.startswith(id) or name.rpartition("-")[2].startswith(id)
    ]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        message = f"no journal in {shown_as} begins with {id}"
        raise RefusedError(message, "see `flashsync undo --list`")
    last = ", ".join(names[path] for path in matching[-5:])
    raise RefusedError(f"{len(matching)} journals begin with {id}: {last}", "give more of the id")


def _unreadable(shown_as: str, error: OSError) -> RefusedError:
    return RefusedError(f"{shown_as} cannot be read: {error.strerror or error}", "check the path")


# How a write went, from the requests that its thread made.

WRITES = ("/schedule/create", "/schedule/update", "/schedule/delete")


def traced(trace: Trace, back: Schedule | None, exchanges: Sequence[Exchange]) -> Trace:
    """The trace with what was read back, the requests that write, and when that was.

    That is from the answer to the last read before the first write to the answer to the last write,
    in the platform's time, as its answers say it: None where they do not. A write without an answer
    is taken to end with whatever was answered last.
    """
    places = [index for index, exchange in enumerate(exchanges) if exchange.endpoint in WRITES]
    writes = [exchanges[place] for place in places]
    span: Span | None = None
    if places and places[0]:
        start = instant(exchanges[places[0] - 1].date)
        ends = (instant(exchange.date) for exchange in (writes[-1], *reversed(exchanges)))
        end = next((at for at in ends if at is not None), None)
        if start is not None and end is not None:
            span = int(start), int(end)
    requests = tuple(Sent(each.endpoint, each.request_id, each.code) for each in writes)
    return replace(trace, back=back, requests=requests, span=span)
