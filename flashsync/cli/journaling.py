"""Where journals lie: `--journal`, else `.flashsync/journal` beside flashsync.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flashsync.apply.journal import FOLDER, FileJournal, NoJournal, list_journals, read_journal
from flashsync.cli import environment
from flashsync.cli.secrets import SecretReader
from flashsync.cli.workspace import read_settings
from flashsync.errors import RefusedError
from flashsync.files import find_config
from flashsync.model.notify import SecretReference, SecretRefusedError
from flashsync.plan.journal.model import Journal
from flashsync.plan.losses import references_in

NONE = "none"
"""What `--journal` says to write none."""


def journal_of(
    given: Mapping[str, Any], cwd: Path, command: str, undo_of: str | None = None
) -> NoJournal:
    """The journal of a run that is about to write; `given` are the options of its command line."""
    if given["journal"] == NONE:
        return NoJournal()
    return FileJournal(
        _beside(given, cwd),
        _folder(given),
        command,
        environment.now,
        undo_of,
        lambda: references_of_journals(given, cwd),
    )


def references_of_journals(given: Mapping[str, Any], cwd: Path) -> dict[str, SecretReference]:
    """The references to secrets that earlier runs wrote down, by the values that they have now.

    Journals that cannot be read give none.
    """
    found: set[SecretReference] = set()
    folder = journal_folder(given, cwd)
    try:
        paths = list_journals(folder, str(folder))
    except RefusedError:
        return {}
    for path in paths:
        with suppress(RefusedError):
            found.update(_references(read_journal(path, str(path))))
    read, values = SecretReader(read_settings(given["config"], cwd).config.secrets), {}
    for one in sorted(found, key=str):
        with suppress(SecretRefusedError):
            if value := read(one):
                values[value] = one
    return values


def _references(journal: Journal) -> Iterator[SecretReference]:
    for write in journal.writes:
        states = (one for one in (write.before, write.sent) if one is not None)
        for secret in references_in([one.notify for one in states]):
            if secret.reference is not None:
                yield secret.reference


def journal_folder(given: Mapping[str, Any], cwd: Path) -> Path:
    """Where the journals of earlier runs lie; with `none`, which is about this run, the default."""
    return _folder(given) or _beside(given, cwd) / FOLDER


def _folder(given: Mapping[str, Any]) -> Path | None:
    folder = given.get("journal")
    return Path(folder) if folder not in (None, NONE) else None


def _beside(given: Mapping[str, Any], cwd: Path) -> Path:
    config = Path(given["config"]) if given["config"] else find_config(cwd)
    return config.absolute().parent if config else cwd
