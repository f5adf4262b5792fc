"""Who is who, for edits of the files: by what they say, and by the account where it is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flashsync.api.client import Client
from flashsync.cli.account import check_account, names_in, read_directory
from flashsync.cli.request import Files
from flashsync.cli.workspace import Declared, Settings
from flashsync.declared.command_line import person
from flashsync.declared.config import Config
from flashsync.declared.expectation import people_in
from flashsync.declared.people import By, PersonName
from flashsync.declared.problems import Findings, nearest
from flashsync.errors import UsageError
from flashsync.resolve.names import AccountNames, Doubt, Names, OfflineNames, Same, kind

Is = Callable[[PersonName], bool]
"""Whether a name means somebody."""


def asked(option: str, text: str) -> PersonName:
    """A person that the command line names. Raises UsageError."""
    try:
        return person(text)
    except Findings as wrong:
        finding = wrong.findings[0]
        raise UsageError(f"{option}: {finding.message}", finding.remedy) from None


class Recognising:
    """Tells whether two names mean one person.

    Without an account, two ways to name somebody are one only where `people` says so.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._short = files.settings.config.people
        self._sources: list[Names] = [OfflineNames(self._short)]
        self._account: AccountNames | None = None
        self._leavers: AccountNames | None = None

    def ask(self, client: Client, *names: PersonName) -> None:
        """Read who is in the account: it knows more names of a person. Raises AccountError."""
        check_account(client, self._files.settings)
        known = [*names_in(self._files.declared, self._files.settings), *names]
        directory = read_directory(client, known)
        self._account = AccountNames(directory, self._short)
        self._leavers = AccountNames(directory, self._short, leavers=True)
        self._sources.append(self._leavers)

    def staying(self, name: PersonName) -> Is:
        """Who is the same as somebody who comes or stays. Raises UsageError for a nobody."""
        _find(self._account, name)
        return Same(self._sources).test(name)

    def leaving(self, name: PersonName) -> Is:
        """Who is the same as somebody who goes. Raises UsageError for what looks like a slip."""
        is_one = Same(self._sources).test(name)
        if not any(map(is_one, self._named())):
            _find(self._leavers, name)
            if self._leavers is None and kind(name) is By.NAME:
                near = nearest(name.text, sorted({str(one) for one in self._named()}))
                remedy = f"did you mean {near}?" if near else "write the name as it stands there"
                raise UsageError(f"nobody in the files is `{name.text}`", remedy)
        return is_one

    def _named(self) -> list[PersonName]:
        """Every way in which the files name a person."""
        everyone = [name for one in self._files.declared for name in names_of(one)]
        return [*everyone, *map(PersonName, self._short)]


def _find(account: AccountNames | None, name: PersonName) -> None:
    """Raises UsageError where the account knows nobody of a name, or several."""
    if account is None:
        return
    try:
        account.person(name)
    except Doubt as doubt:
        raise UsageError(doubt.message, doubt.remedy) from None


def names_of(declared: Declared) -> list[PersonName]:
    """Everyone whom a schedule names."""
    turns = names_in([declared], Settings(Config(), Path()))
    return [*turns, *people_in(declared.schedule.expect)]
