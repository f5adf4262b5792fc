"""Findings about the key: where it comes from, whose it is, and whether flashsync.yaml agrees."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flashsync.api.transport import proxy_for
from flashsync.declared.config import Config
from flashsync.errors import FilesError, FlashsyncError, Problem
from flashsync.files import Locator
from flashsync.model.doctor_report import DoctorFinding, Mark
from flashsync.model.people import Account
from flashsync.operations.environment import KEY, VENDOR_FILE, credentials
from flashsync.operations.files import Settings
from flashsync.operations.session import Session


def settings(session: Session) -> tuple[Settings, list[DoctorFinding]]:
    """flashsync.yaml, if there is one, and what is wrong with it."""
    try:
        return session.settings(), []
    except FilesError as error:
        return Settings(Config(), session.folder), failed("config", error)


def failed(id: str, error: FlashsyncError) -> list[DoctorFinding]:
    """An expected failure as findings."""
    return [DoctorFinding(id, Mark.ERROR, _said(one), one.remedy) for one in error.problems]


def _said(problem: Problem) -> str:
    return f"{problem.position}: {problem.message}" if problem.position else problem.message


def source(environment: Mapping[str, str]) -> list[DoctorFinding]:
    """Where key and base URL come from, but never the key. Raises ConfigError."""
    key = credentials(environment)
    own = environment.get(KEY, "").strip()
    where = f"the environment ({KEY})" if own else VENDOR_FILE
    proxy = proxy_for(key, environment)
    through = f"through the proxy {_host(proxy)}" if proxy else "without a proxy"
    return [
        DoctorFinding("key_source", Mark.OK, f"the key comes from {where}"),
        DoctorFinding("base_url", Mark.OK, f"the base URL is {key.base_url}, asked {through}"),
    ]


def _host(proxy: str) -> str:
    """A proxy without the user and password that its URL may hold."""
    try:
        parts = urlsplit(proxy)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return "of the environment"


def about_account(account: Account, found: Settings) -> list[DoctorFinding]:
    """Whose key it is, and whether that is the account which flashsync.yaml means."""
    whose = f"{account.name} (id {account.id}), in {account.timezone}"
    return [
        DoctorFinding("account", Mark.OK, f"it answers; the account is {whose}"),
        _pinned(account, found),
        _zone(account, found),
    ]


def _pinned(account: Account, found: Settings) -> DoctorFinding:
    wanted = found.config.account
    if not wanted:
        said = "no flashsync.yaml names the account, so any key is taken"
        return DoctorFinding("account_pinned", Mark.OPEN, said, f"write `account: {account.name}`")
    if wanted in (account.name, str(account.id)):
        return DoctorFinding("account_pinned", Mark.OK, "flashsync.yaml names this account")
    said = f"{_place(found, 'account')}it is for the account {wanted}, and the key is not"
    remedy = "use that account's key, or correct `account`"
    return DoctorFinding("account_pinned", Mark.ERROR, said, remedy)


def _zone(account: Account, found: Settings) -> DoctorFinding:
    wanted, remedy = found.config.timezone, f"write `timezone: {account.timezone}`"
    if not wanted:
        said = "no flashsync.yaml names the time zone, so offline commands lack it"
        return DoctorFinding("timezone", Mark.OPEN, said, remedy)
    if wanted == account.timezone:
        return DoctorFinding("timezone", Mark.OK, "flashsync.yaml names this time zone")
    said = f"{_place(found, 'timezone')}it says {wanted}, and the account's is {account.timezone}"
    return DoctorFinding("timezone", Mark.ERROR, said, remedy)


def _place(found: Settings, key: str) -> str:
    position = found.position(Locator(), key)
    return f"{position}: " if position else ""
