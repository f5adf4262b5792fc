"""The client: one call in, its data or a failure out.

Layers, from the inside: the key, the network and its timeouts (transport.py), the envelope
(envelope.py), the rate limit (rate_limit.py), retries (retry.py).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from flashsync.api import concurrency as threads
from flashsync.api.codec.json_fields import WrongShape
from flashsync.api.concurrency import Patience
from flashsync.api.credentials import Credentials
from flashsync.api.envelope import Answer, open_envelope, request_id
from flashsync.api.errors import Failure, NotTheService, Stopped, TooFrequent
from flashsync.api.rate_limit import Limiter
from flashsync.api.retry import Attempts, RetriedCall, retrying
from flashsync.api.slot_file import Unusable, file_name
from flashsync.api.tracing import Exchange, Recorder
from flashsync.api.transport import Sender

Data = TypeVar("Data")
Item = TypeVar("Item")

_NO_ANSWER = Answer(0, b"")

RATE = 0.8
"""The share of the account's rate limit that is used: other programs share it."""


class Client:
    """Speaks to one account, from any number of threads.

    `rate` is the share of the rate limit (0 to 1), `parallel` the threads of `each`; timeouts are
    in seconds. `proxy` is a URL or None (see transport.py). `observe` is called with every attempt,
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
        language: str = "en",
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
        self._recorder = Recorder(observe)
        self._patience = Patience(sleep, monotonic)
        self._limiter = Limiter(rate, self._patience)
        self._jitter = jitter
        self._remark, self._slots = remark, slots
        self._retried = False
        self._sender = Sender(
            credentials,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            language=language,
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
        self._sender.close()
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
        with self._recorder.telling_later(), self._limiter.together(endpoints) as turn:
            if not turn:
                raise Stopped(endpoints[0])
            with self._sender.one_connection():
                yield

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

    def recording(self) -> AbstractContextManager[list[Exchange]]:
        """The attempts of this thread from here on, with their request ids."""
        return self._recorder.recording()

    def _attempt(self, call: RetriedCall) -> Any:
        """One attempt: a turn under the rate limit, the request, the envelope, the value."""
        call.attempt += 1
        with self._limiter.slot(call.endpoint) as turn:
            if not turn:
                raise call.failure or Stopped(call.endpoint)
            started, answer = self._patience.now(), _NO_ANSWER
            try:
                answer = self._sender.send(call)
                data = self._opened(call, answer)
            except Failure as failure:
                call.failure = failure
                if answer is not _NO_ANSWER:
                    refused = isinstance(failure, TooFrequent)
                    self._limiter.answered(call.endpoint, started, refused=refused)
                call.attempts.count(failure)
                self._tell(call, answer, failure, started)
                raise
            self._limiter.answered(call.endpoint, started, refused=False)
        self._tell(call, answer, None, started)
        return data

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

    def _opened(self, call: RetriedCall, answer: Answer) -> Any:
        key = self._credentials.key
        data = open_envelope(answer, call.endpoint, key, call.attempt)
        try:
            return call.read(data)
        except WrongShape as wrong:
            text = wrong.within(data)
        raise NotTheService(
            call.endpoint,
            what=f"cannot read the platform's answer ({text})",
            remedy="try a newer flashsync, or report it with the request id",
            request_id=self._request_id(answer),
            attempt=call.attempt,
            maybe_done=True,
        )

    def _tell(
        self, call: RetriedCall, answer: Answer, failure: Failure | None, started: float
    ) -> None:
        if self._recorder.observe is None and self._recorder.seen is None:
            return
        exchange = Exchange(
            endpoint=call.endpoint,
            method=call.method,
            status=answer.status,
            code=failure.code if failure else "",
            request_id=failure.request_id if failure else self._request_id(answer),
            seconds=self._patience.now() - started,
            attempt=call.attempt,
            failure=type(failure).__name__ if failure else "",
            body=call.body,
            answer=answer.content,
            key=self._credentials.app_key,
            date=answer.date,
        )
        self._recorder.add(exchange)

    def _request_id(self, answer: Answer) -> str:
        # The header has the same id, and answers are large.
        document = None if answer.request_id else json.loads(answer.content)
        return request_id(answer, document, self._credentials.key)
