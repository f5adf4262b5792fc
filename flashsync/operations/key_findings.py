"""Findings about the key: where it comes from, whose it is, and whether flashsync.yaml agrees."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flashsync.api.credentials import proxy_for
from flashsync.declared.config import Config
from flashsync.errors import FilesError, FlashsyncError, Problem
from flashsync.files import Locator
from flashsync.model.doctor_report import DoctorFinding, Mark
from flashsync.model.people import Account
from flashsync.operations.environment import KEY, VENDOR_FILE, credentials
from flashsync.operations.files import Settings
from flashsync.operations.session import Session


def load_settings(session: Session) -> tuple[Settings, list[DoctorFinding]]:
    """flashsync.yaml, if there is one, and what is wrong with it."""
    try:
        return session.settings(), []
    except FilesError as error:
        return Settings(Config(), session.folder), as_findings("config", error)


def as_findings(id: str, error: FlashsyncError) -> list[DoctorFinding]:
    """The problems of an expected failure, as findings."""
    return [
        DoctorFinding(id, Mark.ERROR, _with_position(problem), problem.remedy)
        for problem in error.problems
    ]


def _with_position(problem: Problem) -> str:
    return f"{problem.position}: {problem.message}" if problem.position else problem.message


def describe_source(environment: Mapping[str, str]) -> list[DoctorFinding]:
    """Where the key and the base URL come from, without the key. Raises ConfigError."""
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


def check_pins(account: Account, settings: Settings) -> list[DoctorFinding]:
    """The account of the key, and whether flashsync.yaml names it and its zone."""
    owner = f"{account.name} (id {account.id}), in {account.timezone}"
    return [
        DoctorFinding("account", Mark.OK, f"it answers; the account is {owner}"),
        _check_account(account, settings),
        _check_zone(account, settings),
    ]


def _check_account(account: Account, settings: Settings) -> DoctorFinding:
    wanted = settings.config.account
    if not wanted:
        message = "no flashsync.yaml names the account, so any key is taken"
        return DoctorFinding(
            "account_pinned", Mark.OPEN, message, f"write `account: {account.name}`"
        )
    if wanted in (account.name, str(account.id)):
        return DoctorFinding("account_pinned", Mark.OK, "flashsync.yaml names this account")
    message = f"{_prefix(settings, 'account')}it is for the account {wanted}, and the key is not"
    remedy = "use that account's key, or correct `account`"
    return DoctorFinding("account_pinned", Mark.ERROR, message, remedy)


def _check_zone(account: Account, settings: Settings) -> DoctorFinding:
    wanted, remedy = settings.config.timezone, f"write `timezone: {account.timezone}`"
    if not wanted:
        message = "no flashsync.yaml names the time zone, so offline commands lack it"
        return DoctorFinding("timezone", Mark.OPEN, message, remedy)
    if wanted == account.timezone:
        return DoctorFinding("timezone", Mark.OK, "flashsync.yaml names this time zone")
    message = (
        f"{_prefix(settings, 'timezone')}it says {wanted}, and the account's is {account.timezone}"
    )
    return DoctorFinding("timezone", Mark.ERROR, message, remedy)


def _prefix(settings: Settings, key: str) -> str:
    position = settings.position(Locator(), key)
    return f"{position}: " if position else ""
