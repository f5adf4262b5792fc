"""A session: one folder, one key, one clock, and the connection that they lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flashsync.operations.files import Reading, Settings, read_settings, read_valid_settings
from flashsync.operations.options import SessionOptions
from flashsync.operations.reporter import Reporter, SilentReporter

if TYPE_CHECKING:
    from flashsync.api.client import Client
    from flashsync.api.redact import Exchange
    from flashsync.model.people import Account


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

    def valid_settings(self, reading: Reading) -> Settings:
        """What can be read of flashsync.yaml, as it is now; its errors are noted in `reading`."""
        return read_valid_settings(self.options.config, self.folder, reading)

    def account(self, settings: Settings) -> Account:
        """The account of the key. Raises AccountError if `settings` name another account."""
        from flashsync.operations.account import check_account

        return check_account(self.client, settings)

    def shown_zone(self, account_zone: str) -> str:
        """The zone in which times are shown."""
        return self.options.timezone or account_zone
