"""The client: one call in, its data or a failure out; and listings, page by page.

Layers, from the inside: the key, the network and its timeouts, the envelope (transport.py), the
rate limit (rate_limit.py), retries (retry.py).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import local
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import httpx

from flashsync.api import concurrency as threads
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.concurrency import Patience
from flashsync.api.credentials import Credentials
from flashsync.api.errors import Failure, Stopped, TooFrequent
from flashsync.api.rate_limit import Limiter
from flashsync.api.redact import Exchange
from flashsync.api.retry import Attempts, RetriedCall, retrying
from flashsync.api.slot_file import Unusable, file_name
from flashsync.api.transport import Answer, Envelope, Sender, open_envelope

Data = TypeVar("Data")
Item = TypeVar("Item")

RATE = 0.8
"""The share of the account's rate limit that is used: other programs share it."""


class _Notes(local):
    """What a thread notes of its attempts."""

    recorded: list[Exchange] | None = None
    unobserved: list[Exchange] | None = None
    """Attempts that are observed later, as `observe` may be slow."""


class Client:
    """Speaks to one account, from any number of threads.

    `rate` is the share of the rate limit (0 to 1), `parallel` the threads of `each`; timeouts are
    in seconds. `proxy` is a URL or None (credentials.py). `observe` is called with every attempt,
    in the thread that made it, and `remark` with what a waiting user should know. `slots` is the
    folder of files by which processes share the rate limit (slot_file.py). `transport`, `sleep`,
    `monotonic` and `jitter` are for tests.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        rate: float = RATE,
        parallel: int = 8,
        connect_timeout: float = 5.0,
        read_timeout: float = 30.0,
        proxy: str | None = None,
        observe: Callable[[Exchange], None] | None = None,
        remark: Callable[[str], None] | None = None,
        slots: Path | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.parallel = parallel
        self._credentials = credentials
        self._observe, self._notes = observe, _Notes()
        self._patience = Patience(sleep, monotonic)
        self._limiter = Limiter(rate, self._patience)
        self._jitter = jitter
        self._remark, self._slots = remark, slots
        self._retried = False
        self._sender = Sender(
            credentials,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            transport=transport,
            proxy=proxy,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._credentials!r})"

    def close(self) -> None:
        """Close the connections, and leave the rate limit to other processes."""
        self._sender.transports.close()
        self._limiter.close()

    def share_limit(self, account: int) -> None:
        """Count the requests of other processes of this machine to this account, now and in the
        last minute. Where that is not possible, a remark says why."""
        if self._slots is None:
            return
        path = self._slots / file_name(self._credentials.address, account)
        try:
            self._limiter.share(path)
        except Unusable as why:
            self._say(f"cannot use {path} ({why}); requests of other commands are not counted")

    def call(
        self, endpoint: str, body: Any = None, *, method: str = "POST", once: bool = False
    ) -> Any:
        """The `data` of the answer as it came; None where the platform sent none. As `fetch`."""
        return self.fetch(endpoint, lambda data: data, body, method=method, once=once)

    def fetch(
        self,
        endpoint: str,
        read: Callable[[Any], Data],
        body: Any = None,
        *,
        method: str = "POST",
        patient: bool = True,
        once: bool = False,
    ) -> Data:
        """The value that `read` makes of the data. Raises Failure.

        Without `patient`, a 429 is not waited for: TooFrequent is raised at once. With `once`, as
        for all writes, nothing is sent a second time: `back_off`, and look first. A WrongShape that
        `read` raises becomes a NotTheService with endpoint and request id.
        """
        content = b"" if method == "GET" else json.dumps({} if body is None else body).encode()
        attempts = self.attempts()
        call = RetriedCall(endpoint, method, body, content, attempts, read, patient, once)
        result: Data = retrying(call, self._patience, self._pause)(self._attempt, call)
        return result

    def each(self, function: Callable[[Item], Data], items: Sequence[Item]) -> list[Data]:
        """The function's results for all items, in order, from up to `parallel` threads.

        The first failure, or Ctrl-C, leaves out what was not begun, ends all waits, lets requests
        under way finish, and is raised.
        """
        return threads.each(function, items, self.parallel, self._patience)

    @contextmanager
    def back_to_back(self, *endpoints: str) -> Iterator[None]:
        """In this thread, a call to each of these endpoints can be made without any wait between.

        Waits until the rate limit lets all of them through, and gives back what was not used.
        One connection is kept, and `observe` is called at the end. A call that is repeated waits
        all the same: make it `once`. Raises Stopped where the wait was called off.
        """
        later: list[Exchange] = []
        self._notes.unobserved = later
        try:
            with self._limiter.together(endpoints) as turn:
                if not turn:
                    raise Stopped(endpoints[0])
                with self._sender.transports.keep():
                    yield
        finally:
            self._notes.unobserved = None
            if self._observe is not None:
                for exchange in later:
                    self._observe(exchange)

    def room(self, endpoint: str, seconds: float) -> int:
        """The number of calls to an endpoint that the rate limit lets begin within `seconds`."""
        return self._limiter.room(endpoint, seconds)

    def attempts(self) -> Attempts:
        """A counter of attempts, for a call that is made `once`."""
        return Attempts(self._limiter)

    def back_off(self, failure: Failure, attempts: Attempts) -> None:
        """Wait as before a repetition, for a call that is made `once`.

        After a 429 the whole client waits: the limit is the account's.
        """
        self._patience.wait(self._pause(failure, attempts))

    def finishing(self) -> AbstractContextManager[None]:
        """In this thread, calls are made although all else is called off.

        For the look after a write: whether it arrived, and what came of it.
        """
        return self._patience.finishing()

    @contextmanager
    def recording(self) -> Iterator[list[Exchange]]:
        """The attempts of this thread from here on, with their request ids."""
        before, recorded = self._notes.recorded, list[Exchange]()
        self._notes.recorded = recorded
        try:
            yield recorded
        finally:
            self._notes.recorded = before

    def _attempt(self, call: RetriedCall) -> Any:
        """One attempt: a turn under the rate limit, the request, the envelope, the value."""
        call.attempt += 1
        answer: Answer | None = None
        result: Envelope[Any] | Failure
        with self._limiter.slot(call.endpoint) as turn:
            if not turn:
                raise call.failure or Stopped(call.endpoint)
            started = self._patience.now()
            try:
                answer = self._sender.send(call)
                key = self._credentials.key
                result = open_envelope(answer, call.endpoint, key, call.attempt, call.read)
            except Failure as failure:
                result = failure
            if answer is not None:
                refused = isinstance(result, TooFrequent)
                self._limiter.answered(call.endpoint, started, refused=refused)
        self._note(call, answer, result, self._patience.now() - started)
        if isinstance(result, Envelope):
            return result.value
        call.failure = result
        call.attempts.count(result)
        raise result

    def _note(
        self,
        call: RetriedCall,
        answer: Answer | None,
        result: Envelope[Any] | Failure,
        seconds: float,
    ) -> None:
        """Record an attempt, and call `observe`, now or when this thread has the time for it."""
        if self._observe is None and self._notes.recorded is None:
            return
        failure = result if isinstance(result, Failure) else None
        exchange = Exchange(
            endpoint=call.endpoint,
            method=call.method,
            status=answer.status if answer else 0,
            code=failure.code if failure else "",
            request_id=result.request_id,
            seconds=seconds,
            attempt=call.attempt,
            failure=type(failure).__name__ if failure else "",
            body=call.body,
            answer=answer.content if answer else b"",
            key=self._credentials.app_key,
            date=answer.date if answer else "",
        )
        if self._notes.recorded is not None:
            self._notes.recorded.append(exchange)
        if self._notes.unobserved is not None:
            self._notes.unobserved.append(exchange)
        elif self._observe is not None:
            self._observe(exchange)

    def _pause(self, failure: Failure, attempts: Attempts) -> float:
        """Seconds to wait before the next attempt; the first wait of a client is announced."""
        seconds = attempts.pause(failure, self._jitter())
        if seconds > 0 and not self._retried:
            self._retried = True
            self._say(f"{failure.said}; trying again in {max(1, round(seconds))} s")
        return seconds

    def _say(self, text: str) -> None:
        if self._remark is not None:
            self._remark(text)


# Listings, by page and by cursor, all of them (api.md, Transport, Paging).

PAGE = 100
"""Items of a page: the most that the platform gives."""

LAST_PAGE = 10_000 // PAGE
"""`p * limit` over 10,000 is refused, so nothing behind this page can be read."""

_EXACT_BELOW = 1000
"""`total` is exact below this, and this from there on."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """The items of a listing, and whether these are all."""

    items: tuple[Item, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Page(Generic[Item]):
    items: list[Item]
    total: int
    last: bool


def list_all(
    client: Client,
    endpoint: str,
    read: Callable[[Raw], Item],
    identity: Callable[[Item], Hashable],
    query: Mapping[str, Any] | None = None,
) -> Listing[Item]:
    """Every item, once each, in the server's order.

    An item that moves to the next page while we read comes twice, so items are compared by
    `identity`. `total` only says which pages may be read at the same time; a page that is not full
    ends the listing. Raises the Failure of the first page that fails, whatever was read.
    """

    def read_page(data: Any) -> _Page[Item]:
        raw = json_fields.whole(data)
        if "items" not in raw and "total" not in raw:  # else all that is listed would seem gone
            raise WrongShape(raw, "items", "a list", None)
        items = [read(item) for item in json_fields.listing(raw, "items", dict)]
        more = raw.get("has_next_page")
        last = more is False or (len(items) < PAGE and more is not True) or not items
        return _Page(items, json_fields.integer(raw, "total", default=0), last)

    def page(number: int) -> _Page[Item]:
        return client.fetch(endpoint, read_page, {**(query or {}), "p": number, "limit": PAGE})

    pages = [page(1)]
    promised = min(pages[0].total, _EXACT_BELOW)
    if not pages[0].last:
        pages += client.each(page, range(2, -(-promised // PAGE) + 1))
    while not any(part.last for part in pages) and len(pages) < LAST_PAGE:
        pages.append(page(len(pages) + 1))
    unique = {identity(item): item for part in reversed(pages) for item in reversed(part.items)}
    return Listing(tuple(reversed(unique.values())), any(part.last for part in pages))


def walk(
    client: Client,
    endpoint: str,
    key: str,
    read: Callable[[Raw], Item],
    query: Mapping[str, Any],
    most: int = 10_000,
) -> tuple[Item, ...]:
    """Every item of a listing by cursor, page by page, in the server's order; at most about `most`.

    The listing ends with an empty cursor, an empty page, `has_next_page: false`, or a cursor that
    was given before: a server that repeats itself must not keep us for ever.
    """

    def read_page(data: Any) -> tuple[list[Item], str]:
        raw = json_fields.whole(data)
        items = [read(item) for item in json_fields.listing(raw, key, dict)]
        if raw.get("has_next_page") is False:
            return items, ""
        return items, json_fields.text(raw, "search_after_ctx")

    items: list[Item] = []
    cursor, seen = "", {""}
    while len(items) < most:
        body = {**query, "search_after_ctx": cursor} if cursor else query
        page, cursor = client.fetch(endpoint, read_page, body)
        items += page
        if cursor in seen or not page:
            break
        seen.add(cursor)
    return tuple(items)
