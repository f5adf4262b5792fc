"""Where journals are: `--journal`, else `.flashsync/journal` next to flashsync.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from flashsync.apply.journal import FOLDER, FileJournal, NoJournal, list_journals, read_journal
from flashsync.errors import RefusedError
from flashsync.files import find_config
from flashsync.model.notify import SecretReference, SecretRefusedError
from flashsync.operations.secrets import SecretReader
from flashsync.operations.session import Session
from flashsync.plan.journal.model import Journal
from flashsync.plan.losses import references_in

NONE = "none"
"""What `--journal` says to write no journal."""


def new_journal(session: Session, command: str, undo_of: str | None = None) -> NoJournal:
    """The journal of a run that is about to write."""
    if session.options.journal == NONE:
        return NoJournal()
    return FileJournal(
        _config_folder(session),
        _journal_option(session),
        command,
        session.now,
        undo_of,
        partial(references_of_journals, session),
    )


def journal_folder(session: Session) -> Path:
    """Where the journals of earlier runs are; `none` is about this run, and means the default."""
    return _journal_option(session) or _config_folder(session) / FOLDER


def _journal_option(session: Session) -> Path | None:
    folder = session.options.journal
    return None if folder in (None, NONE) else Path(folder)


def _config_folder(session: Session) -> Path:
    given = session.options.config
    config = Path(given) if given else find_config(session.folder)
    return config.absolute().parent if config else session.folder


def references_of_journals(session: Session) -> dict[str, SecretReference]:
    """The references to secrets in the journals of earlier runs, by the values they have now.

    Journals that cannot be read give none.
    """
    references: set[SecretReference] = set()
    folder = journal_folder(session)
    try:
        paths = list_journals(folder, str(folder))
    except RefusedError:
        return {}
    for path in paths:
        with suppress(RefusedError):
            references.update(_references(read_journal(path, str(path))))
    read = SecretReader(session.environment, session.settings().config.secrets)
    values = {}
    for reference in sorted(references, key=str):
        with suppress(SecretRefusedError):
            if value := read(reference):
                values[value] = reference
    return values


def _references(journal: Journal) -> Iterator[SecretReference]:
    for write in journal.writes:
        states = (state for state in (write.before, write.sent) if state is not None)
        for secret in references_in([state.notify for state in states]):
            if secret.reference is not None:
                yield secret.reference
