"""The API as one stateful function from request to reply. It knows nothing of sockets."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any, Final, NoReturn

from flashsync.sandbox.endpoints import audit, escalations, incidents, people, schedules
from flashsync.sandbox.endpoints.endpoint import Call, Endpoint
from flashsync.sandbox.faults import Faults
from flashsync.sandbox.model import filled
from flashsync.sandbox.options import Options
from flashsync.sandbox.protocol import ApiError, Logged, Reply, Request, refusal
from flashsync.sandbox.rate_limit import Limiter, retry_after
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.world import Account, AuditEntry, Key, Person, World

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    **schedules.ENDPOINTS,
    **people.ENDPOINTS,
    **audit.ENDPOINTS,
    **escalations.ENDPOINTS,
    **incidents.ENDPOINTS,
}
MAX_BODY: Final = 4 * 1024 * 1024  # guess: the size that is too large is not documented
MAX_AUDIT_BODY: Final = 10 * 1024


class Service:
    """The sandbox's state and its rules.

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
        if options.future_fields:
            fill_future(world)

    def now(self) -> int:
        """The time, in whole Unix seconds."""
        return int(self._now())

    def respond(self, request: Request) -> Reply:
        """Answers a request, by way of the faults, and logs it."""
        request_id = uuid.uuid4().hex
        body = _parsed(request.body)

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
        """Notes a write. The body is cut at 10 KB.

        guess: how operations are called, that the body is the request's, that the request's id is
        that of the answer, and that the write is in the log by the time it is answered.
        """
        text = json.dumps(body, ensure_ascii=False)[:MAX_AUDIT_BODY]
        at = int(self._now() * 1000)
        account.audit.append(AuditEntry(at, by.person_id, by.name, operation, text, request_id))

    def _act(self, request: Request, body: Any, request_id: str) -> Reply:
        try:
            return Reply(content={"data": self._data(request, body, request_id)})
        except ApiError as error:
            return self._refusal(error, request.language)
        except Exception as error:  # a mistake of the sandbox's own must reach the test that met it
            return refusal("InternalError", f"sandbox: {type(error).__name__}: {error}")

    def _refusal(self, error: ApiError, language: str) -> Reply:
        reply = refusal(error.code, error.words(language), error.data)
        if error.wait > 0 and self.options.retry_after:
            return replace(reply, headers={"Retry-After": retry_after(error.wait)})
        return reply

    def _data(self, request: Request, body: Any, request_id: str) -> Any:
        """guess: the order of the checks: address, verb, header, key, limits, permission, body."""
        endpoint = _endpoint(request)
        key = self._key(request)
        account = self.world.accounts[key.account_id]
        self._limit(request.path, account)
        if request.path in self.options.refusals:
            code = self.options.refusals[request.path]
            raise ApiError(code, f"{request.path} is switched off")
        if endpoint.permission and endpoint.permission not in key.permissions:
            raise ApiError("AccessDenied", f"needs the permission {endpoint.permission!r}")
        sent = {} if endpoint.verb == "GET" else _readable(request.body, body)
        fields = Fields(sent, strict=self.options.strict)
        person = account.people[key.person_id]
        data = endpoint.act(Call(fields, account, person, self.options, self.now()))
        if endpoint.writes:
            self.audit(account, person, request.path, body, request_id)
        return data

    def _key(self, request: Request) -> Key:
        if request.key not in self.world.keys:
            raise ApiError("Unauthorized", "no APP key, or one that is not known")
        return self.world.keys[request.key]

    def _limit(self, path: str, account: Account) -> None:
        limiter = self._limiters.setdefault(account.account_id, Limiter(self._monotonic))
        wait = limiter.wait(path, self.options.limits)
        if wait > 0:
            raise ApiError("RequestTooFrequently", f"wait {wait:.2f} s", wait)


def fill_future(world: World) -> None:
    """Gives every stored schedule the field that no documentation knows."""
    for account in world.accounts.values():
        for schedule_id, schedule in account.schedules.items():
            account.schedules[schedule_id] = filled(schedule)


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


def _parsed(body: bytes) -> Any:
    """The body as JSON; None where it is none, which `_readable` tells apart from a null."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _readable(raw: bytes, body: Any) -> Any:
    if len(raw) > MAX_BODY:
        raise ApiError("EntityTooLarge", f"the body is larger than {MAX_BODY} bytes")
    if body is None:
        raise ApiError("BadRequest", "the body is not a JSON object")
    return body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are no JSON
