"""A session: one folder, one key, one clock, the connection that they lead to, and a reporter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from flashsync.errors import AccountError, Problem
from flashsync.files import Locator, find_config
from flashsync.operations.files import (
    Files,
    Reading,
    Settings,
    find_files,
    read_schedules,
    read_settings,
    read_valid_settings,
)
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection

if TYPE_CHECKING:
    from flashsync.api.client import Client
    from flashsync.api.redact import Exchange
    from flashsync.model.people import Account
    from flashsync.plan.model import Plan, Write
    from flashsync.plan.outcome import Result

NO_JOURNAL = "none"
"""What `--journal` says to write no journal."""


class Reporter(Protocol):
    """Receives the progress of a run. Threads that read and write may call it."""

    def files_read(self, reading: Reading) -> None:
        """All files are read, without an error."""

    def reading(self) -> AbstractContextManager[None]:
        """The account is read until the context ends."""

    def expect(self, total: int) -> None:
        """`total` schedules are about to be read."""

    def advance(self) -> None:
        """A schedule was read."""

    def exchange(self, exchange: Exchange) -> None:
        """A request was answered, or failed."""

    def remark(self, text: str) -> None:
        """A wait, or another fact that a waiting user should know."""

    def writing(self, plan: Plan) -> AbstractContextManager[None]:
        """The plan is written until the context ends."""

    def started(self, action: Write) -> None:
        """A write begins."""

    def finished(self, result: Result) -> None:
        """A write has ended, with this result."""


class SilentReporter:
    """Ignores everything."""

    def files_read(self, reading: Reading) -> None:
        """Ignore it."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show nothing."""
        yield

    def expect(self, total: int) -> None:
        """Ignore it."""

    def advance(self) -> None:
        """Ignore it."""

    def exchange(self, exchange: Exchange) -> None:
        """Ignore it."""

    def remark(self, text: str) -> None:
        """Ignore it."""

    @contextmanager
    def writing(self, plan: Plan) -> Iterator[None]:
        """Show nothing."""
        del plan
        yield

    def started(self, action: Write) -> None:
        """Ignore it."""

    def finished(self, result: Result) -> None:
        """Ignore it."""


class Session:
    """What all operations need: connection, configuration, time, and who hears of progress.

    `environment` has the APP key, the base URL and the secrets that files refer to, as `os.environ`
    does; `now` gives Unix seconds, as `time.time` does; `folder` is where paths start. The account
    is first asked when an operation needs it. Sessions with one `cache`, a folder for this user
    alone, share the account's rate limit. Close the session, or use it in a `with`.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        now: Callable[[], float],
        folder: Path,
        options: SessionOptions | None = None,
        reporter: Reporter | None = None,
        client: Client | None = None,
        cache: Callable[[], Path | None] | None = None,
    ) -> None:
        self.environment, self.folder = environment, folder
        self.options = options or SessionOptions()
        self.reporter: Reporter = reporter or SilentReporter()
        self._now, self._client, self._cache = now, client, cache
        self._listeners: list[Callable[[Exchange], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._client is not None:
            self._client.close()

    def now(self) -> int:
        """The time, in whole Unix seconds."""
        return int(self._now())

    def clock(self) -> float:
        """The time, in Unix seconds."""
        return self._now()

    @property
    def client(self) -> Client:
        """The client of the account. Raises ConfigError without an APP key."""
        if self._client is None:
            from flashsync.operations.account import connect

            self._client = connect(
                self.environment,
                self.options.connection,
                self._observe,
                self.reporter.remark,
                self._cache() if self._cache else None,
            )
        return self._client

    def listen(self, listener: Callable[[Exchange], None]) -> None:
        """Call `listener` after each request."""
        self._listeners.append(listener)

    def _observe(self, exchange: Exchange) -> None:
        self.reporter.exchange(exchange)
        for listener in self._listeners:
            listener(exchange)
        if exchange.endpoint == "/schedule/info":
            self.reporter.advance()

    def settings(self) -> Settings:
        """flashsync.yaml, as it is now. Raises FilesError."""
        return read_settings(self.options.config, self.folder)

    def read_files(self, selection: Selection) -> Files:
        """Read and check all files, before anything is asked of the account.

        Raises FilesError, and UsageError as `Selection` does.
        """
        reading = Reading()
        settings = read_valid_settings(self.options.config, self.folder, reading)
        paths = find_files(settings, selection.paths, self.folder, reading)
        declared = tuple(read_schedules(paths, reading, settings.config.secrets))
        reading.stop_on_errors()
        selected = selection.select(declared, lambda item: item.schedule.schedule, "the files")
        reading.not_selected = len(declared) - len(selected)
        return Files(settings, declared, tuple(selected), reading)

    def account(self, settings: Settings) -> Account:
        """The account of the key, which has to be the account of `settings`.

        Raises AccountError before anything else is read.
        """
        from flashsync.api.endpoints import people

        account = people.me(self.client)
        self.client.share_limit(account.id)
        config, locator = settings.config, Locator()
        if config.account and config.account not in (account.name, str(account.id)):
            message = (
                f"the key belongs to the account {account.name} (id {account.id}), "
                f"and flashsync.yaml names {config.account}"
            )
            remedy = "use that account's key, or correct `account`"
            raise AccountError(Problem(message, remedy, settings.position(locator, "account")))
        if config.timezone and config.timezone != account.timezone:
            message = f"the account's time zone is {account.timezone}, not {config.timezone}"
            remedy = f"write `timezone: {account.timezone}`"
            raise AccountError(Problem(message, remedy, settings.position(locator, "timezone")))
        return account

    @property
    def config_folder(self) -> Path:
        """The folder of flashsync.yaml, or the session's own without such a file."""
        given = self.options.config
        config = Path(given) if given else find_config(self.folder)
        return config.absolute().parent if config else self.folder

    @property
    def journal_folder(self) -> Path:
        """The folder of the journals of earlier runs; `none` is about this run alone."""
        from flashsync.apply.journal import FOLDER

        given = self.options.journal
        return self.config_folder / FOLDER if given in (None, NO_JOURNAL) else Path(given)

    def shown_zone(self, account_zone: str) -> str:
        """The zone in which times are shown."""
        return self.options.timezone or account_zone
