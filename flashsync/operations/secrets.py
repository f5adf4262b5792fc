"""The values of references to secrets: read once, checked, and hidden from then on."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from flashsync.declared.notify import references
from flashsync.declared.problems import Finding
from flashsync.declared.problems import Path as Place
from flashsync.declared.schedule import Schedule
from flashsync.declared.secrets import Secrets, is_below, refusal
from flashsync.errors import RefusedError
from flashsync.model.mask import SHORTEST_IN_DATA, Mask, learn
from flashsync.model.notify import SecretReference, SecretRefusedError
from flashsync.operations.environment import VENDOR_FILE, keys
from flashsync.operations.files import Declared, Reading, Settings
from flashsync.operations.session import Session
from flashsync.plan.webhooks import references_in

LONGEST = 4096
"""Bytes of a secret. Tokens have some hundred; a longer file holds something else."""
_OPEN = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY"):  # no FIFO, link or terminal takes hold of us
    _OPEN |= getattr(os, _flag, 0)
_OWN = "give the chat a secret of its own"


class SecretReader:
    """Reads the values of references: None for a missing value.

    Raises SecretRefusedError if the reference or its value cannot be a chat's secret. `limits` are
    `secrets` of flashsync.yaml.
    """

    def __init__(self, environment: Mapping[str, str], limits: Secrets | None = None) -> None:
        self._environment, self._limits = environment, limits
        self._results: dict[SecretReference, str | SecretRefusedError | None] = {}
        self._keys: Mask | None = None

    def __call__(self, reference: SecretReference) -> str | None:
        """The value of a reference, from then on hidden in all output."""
        if reference not in self._results:
            try:
                self._results[reference] = self._read(reference)
            except SecretRefusedError as refused:
                self._results[reference] = refused
        result = self._results[reference]
        if isinstance(result, SecretRefusedError):
            raise SecretRefusedError(result.message, result.remedy)
        return result

    @property
    def values(self) -> dict[SecretReference, str]:
        """The values read so far, without short ones, which may be a part of any name."""
        return {
            reference: value
            for reference, value in self._results.items()
            if isinstance(value, str) and len(value) >= SHORTEST_IN_DATA
        }

    def _read(self, reference: SecretReference) -> str | None:
        if refused := refusal(reference, self._limits):  # a saved plan was not checked before
            raise SecretRefusedError(*refused)
        if reference.kind == "env":
            text = self._environment.get(reference.name)
            raw = text.encode("utf-8", "surrogateescape") if text else None
        else:
            raw = self._of_file(reference)
        if raw is None:
            return None
        value = self._check_value(raw, f"`{reference}`")
        if value:
            learn(value)
        return value or None

    def _of_file(self, reference: SecretReference) -> bytes | None:
        """At most LONGEST bytes of a file and one more; None if it cannot be read."""
        real = _real(reference.name)
        self._check_real(reference, real)
        try:
            handle = os.open(real, _OPEN)
        except OSError:
            return None
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                _refuse(f"`{reference}` is not a regular file", "name a file that holds one secret")
            if _is_vendor_file(status):
                _refuse(f"`{reference}` is the file of the APP key", _OWN)
            raw = _content(handle)
        except OSError:
            return None
        finally:
            os.close(handle)
        if raw and not status.st_size:  # only the kernel makes such files
            _refuse(f"`{reference}` is a file of the system", _OWN)
        return raw

    def _check_real(self, reference: SecretReference, real: str) -> None:
        """Refuse a file if the target of its links is not allowed."""
        leads = SecretReference("file", real)
        if refusal(leads) is not None:
            _refuse(f"`{reference}` leads to {real}, where no chat's secret is", _OWN)
        if self._limits is None:
            return
        if not any(is_below(real, _real(folder)) for folder in self._limits.files or ()):
            message = f"`{reference}` leads to {real}, which `secrets` in flashsync.yaml rules out"
            _refuse(message, "put the file itself there, or allow its folder")

    def _check_value(self, raw: bytes, what: str) -> str:
        """The value, without the line end after it. A refusal does not show it."""
        if len(raw) > LONGEST:
            _refuse(f"{what} has more than 4 KB", "name a variable or file with one secret alone")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            _refuse(f"{what} is not UTF-8 text", "name a variable or file with one secret alone")
        text = text.removesuffix("\n").removesuffix("\r").strip(" ")
        if not text.strip():
            return ""
        if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in text):
            message = f"{what} has a control character or several lines"
            _refuse(message, "name a variable or file with one secret alone")
        if self._keys is None:
            self._keys = Mask(*keys(self._environment))
        if self._keys.hide(text) != text:
            _refuse(f"{what} contains the APP key", _OWN)
        return text


def _refuse(message: str, remedy: str) -> NoReturn:
    raise SecretRefusedError(message, remedy)


def _real(path: str) -> str:
    """The absolute path, with links resolved."""
    with suppress(RuntimeError):  # without a home, `~` is a name like any other
        path = str(Path(path).expanduser())
    return os.path.realpath(path)


def _content(handle: int) -> bytes:
    content = b""
    while len(content) <= LONGEST and (part := os.read(handle, LONGEST + 1 - len(content))):
        content += part
    return content


def _is_vendor_file(status: os.stat_result) -> bool:
    """Whether it is the file of the APP key, also by a hard link."""
    try:
        vendor = Path(_real(VENDOR_FILE)).stat()
    except OSError:
        return False
    return os.path.samestat(status, vendor)


def read_secrets(
    environment: Mapping[str, str],
    settings: Settings,
    selected: Sequence[Declared],
    reading: Reading,
) -> SecretReader:
    """Read all secrets of the files, before anything is shown that may contain a secret.

    Refused references are noted in the reading, with their positions.
    """
    read = SecretReader(environment, settings.config.secrets)
    given = [(one.origin, references(one.schedule.notify, ("notify",))) for one in selected]
    if settings.origin:
        defaults = references(settings.config.defaults.notify, ("defaults", "notify"))
        given.insert(0, (settings.origin, defaults))
    for origin, pairs in given:
        refused: list[Finding] = []
        for reference, path in pairs:
            try:
                read(reference)
            except SecretRefusedError as error:
                refused.append(Finding(path, error.message, error.remedy))
        reading.note(origin, refused)
    if values := read.values:
        for declared in selected:
            reading.note(declared.origin, list(_find_shown(declared.schedule, values)))
    return read


def _find_shown(schedule: Schedule, values: Mapping[SecretReference, str]) -> Iterator[Finding]:
    """Findings for texts that show a secret.

    A saved plan and a journal have these texts and must not contain a secret. With asterisks
    instead, an apply or an undo would write the asterisks.
    """
    for path, text in _texts(schedule):
        for reference, value in values.items():
            if value in text:
                message = f"`{path[-1]}` shows the value of `{reference}`"
                yield Finding(path, message, "remove it, and have the chat's secret changed")


def _texts(schedule: Schedule) -> Iterator[tuple[Place, str]]:
    """The free texts of a file, with their paths."""
    yield ("schedule",), schedule.schedule
    yield ("description",), schedule.description or ""
    for at, layer in enumerate(schedule.layers or ()):
        yield ("layers", at, "layer"), layer.layer
        for number, group in enumerate(layer.groups):
            yield ("layers", at, "groups", number, "group"), group.group or ""
    for at, override in enumerate(schedule.overrides):
        yield ("overrides", at, "override"), override.override
    for at, chat in enumerate(schedule.notify.chats if schedule.notify else ()):
        yield ("notify", "chats", at, "alias"), chat.alias or ""
        for number, id in enumerate(chat.chat_ids):
            yield ("notify", "chats", at, "chat_ids", number), id


def references_of_journals(session: Session) -> dict[str, SecretReference]:
    """The references to secrets in the journals of earlier runs, by the values they have now.

    Journals that cannot be read give none.
    """
    from flashsync.apply.journal import list_journals, read_journal  # few plans look there

    references: set[SecretReference] = set()
    folder = session.journal_folder
    try:
        paths = list_journals(folder, str(folder))
    except RefusedError:
        return {}
    for path in paths:
        with suppress(RefusedError):
            for write in read_journal(path, str(path)).writes:
                states = [state.notify for state in (write.before, write.sent) if state is not None]
                references |= {one.reference for one in references_in(states) if one.reference}
    read = SecretReader(session.environment, session.settings().config.secrets)
    values = {}
    for reference in sorted(references, key=str):
        with suppress(SecretRefusedError):
            if value := read(reference):
                values[value] = reference
    return values
