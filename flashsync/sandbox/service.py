"""The API as a stateful function from request to reply, without sockets."""

from __future__ import annotations

import json
import math
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any, Final, NoReturn

from flashsync.sandbox.endpoints import (
    Call,
    Endpoint,
    audit,
    escalations,
    incidents,
    people,
    schedules,
)
from flashsync.sandbox.faults import Faults
from flashsync.sandbox.model import fill_undocumented
from flashsync.sandbox.options import Limits, Options
from flashsync.sandbox.protocol import ApiError, Logged, Reply, Request, refusal
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.world import Account, AuditEntry, Person, World

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    **schedules.ENDPOINTS,
    **people.ENDPOINTS,
    **audit.ENDPOINTS,
    **escalations.ENDPOINTS,
    **incidents.ENDPOINTS,
}
MAX_BODY: Final = 4 * 1024 * 1024  # Guess: the limit is not documented
MAX_AUDIT_BODY: Final = 10 * 1024


class Service:
    """The sandbox's state and rules.

    now: Unix seconds, for stamps and for who is on call now. monotonic: for the rate limits.
    """

    def __init__(
        self,
        world: World,
        options: Options,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        faults: Faults | None = None,
    ) -> None:
        self.world = world
        self.options = options
        self.faults = faults or Faults()
        self.log: list[Logged] = []
        self.lock = threading.RLock()
        self._now = now
        self._monotonic = monotonic
        self._limiters: dict[int, Limiter] = {}
        world.begin(self.now())
        for account in world.accounts.values() if options.future_fields else ():
            for schedule_id, schedule in account.schedules.items():
                account.schedules[schedule_id] = fill_undocumented(schedule)

    def now(self) -> int:
        """The time, in whole Unix seconds."""
        return int(self._now())

    def respond(self, request: Request) -> Reply:
        """Answers a request unless a fault interferes, and logs it."""
        request_id = uuid.uuid4().hex
        body = _parse(request.body)

        def act() -> Reply:
            with self.lock:
                return self._act(request, body, request_id)

        reply = self.faults.reply(request.path, body, act)
        reply = self.enveloped(reply, request_id)
        self.log.append(
            Logged(request.path, body, reply.status, reply.code, request_id, self._monotonic())
        )
        return reply

    def enveloped(self, reply: Reply, request_id: str) -> Reply:
        """Puts the request's id into the envelope and the headers, next to the date."""
        content = reply.content
        if isinstance(content, dict):
            content = {"request_id": request_id, **content}
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Date": formatdate(self._now(), usegmt=True),
            "Flashcat-Request-Id": request_id,
            **reply.headers,
        }
        return replace(reply, content=content, headers=headers)

    def audit(
        self, account: Account, by: Person, operation: str, body: Any, request_id: str
    ) -> None:
        """Adds a write to the account's audit log. The body is cut at 10 KB.

        Guess: the names of operations, that body and id are the request's, and that the entry is
        there by the time of the answer.
        """
        text = json.dumps(body, ensure_ascii=False)[:MAX_AUDIT_BODY]
        at = int(self._now() * 1000)
        account.audit.append(AuditEntry(at, by.person_id, by.name, operation, text, request_id))

    def _act(self, request: Request, body: Any, request_id: str) -> Reply:
        try:
            return Reply(content={"data": self._data(request, body, request_id)})
        except ApiError as error:
            reply = refusal(error.code, error.words(request.language), error.data)
            if error.wait > 0 and self.options.retry_after:
                return replace(reply, headers={"Retry-After": retry_after(error.wait)})
            return reply
        except Exception as error:  # a mistake of the sandbox must reach the test that made it
            return refusal("InternalError", f"{type(error).__name__} in the sandbox, {error}")

    def _data(self, request: Request, body: Any, request_id: str) -> Any:
        """Guess: the order of the checks: address, verb, header, key, limits, permission, body."""
        endpoint = _endpoint(request)
        key = self.world.key(request.key)
        account = self.world.accounts[key.account_id]
        self._check_limit(request.path, account)
        if code := self.options.refusals.get(request.path):
            raise ApiError(code, f"{request.path} is switched off")
        if endpoint.permission and endpoint.permission not in key.permissions:
            raise ApiError("AccessDenied", f"needs the permission {endpoint.permission!r}")
        if endpoint.verb == "GET":
            body = {}
        elif len(request.body) > MAX_BODY:
            raise ApiError("EntityTooLarge", f"the body is larger than {MAX_BODY} bytes")
        elif body is None:
            raise ApiError("BadRequest", "the body is not a JSON object")
        fields = Fields(body, strict=self.options.strict)
        person = account.people[key.person_id]
        data = endpoint.act(Call(fields, account, person, self.options, self.now()))
        if endpoint.writes:
            self.audit(account, person, request.path, body, request_id)
        return data

    def _check_limit(self, path: str, account: Account) -> None:
        limiter = self._limiters.setdefault(account.account_id, Limiter(self._monotonic))
        wait = limiter.wait(path, self.options.limits)
        if wait > 0:
            raise ApiError("RequestTooFrequently", f"wait {wait:.2f} s", wait)


def _endpoint(request: Request) -> Endpoint:
    endpoint = ENDPOINTS.get(request.path)
    if endpoint is None:
        raise ApiError("RouteNotFound", f"no such address: {request.path}")
    if request.method != endpoint.verb:
        raise ApiError("MethodNotAllowed", f"{request.path} takes {endpoint.verb}")
    kind = request.content_type.split(";")[0].strip().lower()
    if endpoint.verb == "POST" and kind != "application/json":
        raise ApiError("InvalidContentType", "Content-Type must be application/json")
    return endpoint


def _parse(body: bytes) -> Any:
    """The body as JSON; None if it is not JSON."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # JSON has neither NaN nor Infinity


# The rate limits: exact sliding windows, per account.

PREVIEW: Final = "/schedule/preview"


class Window:
    """The requests that passed in the last `length` seconds."""

    def __init__(self, length: float) -> None:
        self._length = length
        self._passed: deque[float] = deque()

    def wait(self, now: float, limit: int | None) -> float:
        """Seconds until the next request may pass; 0 if it may now."""
        while self._passed and self._passed[0] <= now - self._length:
            self._passed.popleft()
        if limit is None or len(self._passed) < limit:
            return 0.0
        return (
            self._passed[len(self._passed) - limit] + self._length - now if limit else self._length
        )

    def let_pass(self, now: float) -> None:
        """Counts one request."""
        self._passed.append(now)


class Limiter:
    """The windows of an account. `clock` counts seconds and never goes back.

    Guess: a refused request does not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all = (Window(1.0), Window(60.0))
        self._previews = (Window(1.0), Window(60.0))

    def wait(self, endpoint: str, limits: Limits) -> float:
        """Lets a request pass and returns 0, or returns the seconds until it may pass."""
        now = self._clock()
        pairs = list(zip(self._all, (limits.per_second, limits.per_minute), strict=True))
        if endpoint == PREVIEW:
            own = (limits.previews_per_second, limits.previews_per_minute)
            pairs += zip(self._previews, own, strict=True)
        longest = max(window.wait(now, limit) for window, limit in pairs)
        if longest > 0:
            return longest
        for window, _ in pairs:
            window.let_pass(now)
        return 0.0


def retry_after(wait: float) -> str:
    """The header of a 429: whole seconds, rounded up."""
    return str(max(1, math.ceil(wait)))
