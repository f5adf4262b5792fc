"""Writes flashsync.yaml, or completes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from flashsync.declared.parse import read_config
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Findings
from flashsync.files import CONFIG_NAME, Tree, TreePath, show_path
from flashsync.files.add_keys import add_keys
from flashsync.files.atomic_write import NewFile
from flashsync.files.compose import NewDocument, compose_file
from flashsync.files.edit import Edited
from flashsync.files.load import read_whole
from flashsync.model.people import Account
from flashsync.operations.files import Settings

_COMMENTS: dict[TreePath, str] = {
    ("account",): "A key of another account is refused.",
    ("timezone",): "The account's zone; all times in the files are in it.",
    ("people",): "Short names for the files.",
}


def complete_settings(
    settings: Settings,
    account: Account,
    people: Mapping[str, PersonName],
    globs: Sequence[str],
    cwd: Path,
) -> NewFile | Edited | None:
    """flashsync.yaml with the account and its zone if it lacks them, and with more short names.

    `globs` is its `schedules`, if not empty. None where it has all of it. Raises FilesError.
    """
    wanted: dict[str, Tree] = {}
    if not settings.config.account:
        wanted["account"] = _pin(account)
    if not settings.config.timezone:
        wanted["timezone"] = account.timezone
    if globs:
        wanted["schedules"] = [*globs]
    if people:
        wanted["people"] = {name: str(person) for name, person in people.items()}
    if settings.origin is None:
        path = settings.base / CONFIG_NAME
        text = compose_file([NewDocument({"version": "1", **wanted}, _COMMENTS)])
        return NewFile(str(path), show_path(path, cwd), text)
    if not wanted:
        return None
    source = settings.origin.source
    text, source = read_whole(source.path, source.shown_as)
    return add_keys(text, source, wanted)


def _pin(account: Account) -> str:
    """The account's name, or its id where the name reads as something else."""
    try:
        config = read_config({"account": account.name})
    except Findings:
        return str(account.id)
    return account.name if config.account == account.name else str(account.id)
