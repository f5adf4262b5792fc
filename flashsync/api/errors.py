"""How a call can fail. The platform's `error.code` decides, never the HTTP status alone.

A failure has no key, no URL and no exception of the HTTP library, so that neither its text nor its
traceback can show the key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, TypeVar

from flashsync.errors import Problem, ServiceError

Facts = TypeVar("Facts")

CHECK_KEY = "check FLASHDUTY_APP_KEY"
CHECK_NETWORK = "check the network, the proxy and FLASHDUTY_BASE_URL"


class Failure(ServiceError):  # noqa: N818 - its subclasses are named for what they mean
    """The platform said no, or nothing.

    `again`: the same call may go well a little later. `maybe_done`: what was asked for may have
    been carried out all the same. `retry_after` is in seconds, None where the server named none;
    `said` is the message without facts and remedy.
    """

    what: ClassVar[str] = "the platform refused the request"
    remedy: ClassVar[str] = "try again; if it persists, give the request id to the vendor's support"
    again: bool = False
    maybe_done: bool = False
    shows_detail: ClassVar[bool] = True
    """Whether the platform's own message is shown, too."""

    def __init__(
        self,
        endpoint: str,
        *,
        code: str = "",
        request_id: str = "",
        detail: str = "",
        what: str = "",
        remedy: str = "",
        attempt: int = 1,
        maybe_done: bool | None = None,
    ) -> None:
        if maybe_done is not None:
            self.maybe_done = maybe_done
        self.endpoint = endpoint
        self.code = code
        self.request_id = request_id
        self.detail = detail
        self.attempt = attempt
        self.retry_after: float | None = None
        message = what or self.what
        self.said = f"{message}: {detail}" if detail and self.shows_detail else message
        request = f"request {request_id}" if request_id else ""
        tries = f"{attempt} attempts" if attempt > 1 else ""
        facts = ", ".join(fact for fact in (endpoint, code, request, tries) if fact)
        super().__init__(Problem(f"{self.said} ({facts})", remedy or self.remedy))


class Unauthorized(Failure):
    """No APP key, or a bad one."""

    what = "the APP key is missing or not valid"
    shows_detail = False
    remedy = CHECK_KEY


class AccessDenied(Failure):
    """The key's member may not do this."""

    what = "the APP key's member may not do this"
    remedy = "give the member a role with this permission, or use another member's key"


class NotFound(Failure):
    """What was asked for is not there.

    api.md: the vendor's general page reads the code as "resource not purchased", so the server's
    message is shown, and an absence is confirmed by `/schedule/list` before anything is done.
    """

    what = "the platform did not find it"
    remedy = "it may have been deleted, or the subscription may not cover it"


class ReferenceExist(Failure):
    """A deletion is blocked by what refers to it."""

    what = "it cannot be deleted while something refers to it"
    remedy = "remove the references first, usually escalation rules"

    def __init__(self, endpoint: str, *, refs: tuple[str, ...] = (), **facts: Any) -> None:
        self.refs = refs
        if refs:
            facts["remedy"] = f"remove these references first: {', '.join(refs)}"
        super().__init__(endpoint, **facts)


class NoLicense(Failure):
    """The subscription does not cover it."""

    what = "the account's subscription does not cover this"
    remedy = "ask who manages the subscription"


class Invalid(Failure):
    """A parameter is missing or wrong."""

    what = "the platform rejected the request as invalid"
    remedy = "correct what it names; if the files are right, report a bug in flashsync"


class TooLarge(Failure):
    """The body is too large."""

    what = "the schedule is too large for the platform"
    remedy = "split it into several schedules"


class Locked(Failure):
    """Locked for a while after repeated failures: never repeated."""

    what = "the platform has locked this for a while after repeated failures"
    remedy = "wait some minutes and check the APP key before trying again"


class SecondFactor(Failure):
    """Wants a second factor, or calls the operation dangerous: never repeated."""

    what = "the platform requires a second factor for this"
    remedy = "do it in the console, or use the key of a member without one"


class TooFrequent(Failure):
    """Over the rate limit. It was not carried out."""

    what = "the account's rate limit is used up"
    remedy = "try again in a minute, or lower --rate if other programs use the account"
    again = True


class ServerTrouble(Failure):
    """The platform has trouble of its own."""

    what = "the platform has an internal error"
    remedy = "try again later; if it persists, give the request id to the vendor's support"
    again = True
    maybe_done = True


class Unreachable(Failure):
    """No network, no such host, a refused or broken connection, or no trust in the certificate."""

    what = "cannot reach the platform"
    remedy = CHECK_NETWORK
    again = True


class TimedOut(Unreachable):
    """No answer in time."""

    what = "the platform did not answer in time"
    remedy = "try again; if it persists, check the network and the platform's status page"


class NotTheService(Failure):
    """An answer, but not one of this API: HTML, broken JSON, a redirect, an unknown shape."""

    what = "the answer is not from the Flashduty API"
    remedy = "check FLASHDUTY_BASE_URL, and any proxy or portal on the way"


class Stopped(Failure):
    """Nothing was sent: another call had failed, or somebody pressed Ctrl-C."""

    what = "stopped before anything was sent"
    remedy = "see the first failure"


class Unclear(Failure):
    """Whether a create was carried out is not known: look the name up before anything else."""

    what = "it is unknown whether it was created"
    remedy = "check the console, or run the command again, which looks the name up first"
    maybe_done = True

    def __init__(self, reason: Failure) -> None:
        self.reason = reason
        super().__init__(
            reason.endpoint,
            code=reason.code,
            request_id=reason.request_id,
            detail=reason.said,
            attempt=reason.attempt,
        )


BY_CODE: dict[str, type[Failure]] = {
    "Unauthorized": Unauthorized,
    "AccessDenied": AccessDenied,
    "ResourceNotFound": NotFound,
    "ReferenceExist": ReferenceExist,
    "NoLicense": NoLicense,
    "BalanceNotEnough": NoLicense,
    "InvalidParameter": Invalid,
    "BadRequest": Invalid,
    "InvalidContentType": Invalid,
    "MethodNotAllowed": Invalid,
    "RouteNotFound": NotTheService,
    "EntityTooLarge": TooLarge,
    "RequestLocked": Locked,
    "RequestVerifyRequired": SecondFactor,
    "DangerousOperation": SecondFactor,
    "RequestTooFrequently": TooFrequent,
    "InternalError": ServerTrouble,
    "ServiceUnavailable": ServerTrouble,
}
"""The codes of api.md, Transport, and what each means here."""


class Closed(Enum):
    """Why an endpoint cannot be used at all, however often it is asked."""

    DENIED = "no permission"
    NOT_SUBSCRIBED = "not in the account's subscription"
    UNKNOWN = "this server does not know it"


def closed(failure: Failure) -> Closed | None:
    """Why what has failed cannot be used at all; None where it is trouble of another kind."""
    if isinstance(failure, AccessDenied):
        return Closed.DENIED
    if isinstance(failure, NoLicense):
        return Closed.NOT_SUBSCRIBED
    # A gateway that does not know the address answers 404, without a code of the API.
    if failure.code == "RouteNotFound" or failure.detail.startswith("HTTP 404"):
        return Closed.UNKNOWN
    return None


def concerns_all(failure: Failure) -> bool:
    """Whether every other call would fail for the same cause: the key, the network, Ctrl-C."""
    if isinstance(failure, Unreachable):
        return not failure.maybe_done
    return isinstance(failure, Unauthorized | Locked | Stopped)


def reason(failure: Failure) -> str:
    """Why an endpoint gave no answer, in a few words."""
    why = closed(failure)
    return why.value if why else failure.said


@dataclass(frozen=True, slots=True)
class Unread:
    """In place of facts that a command can do without, and that could not be read."""

    why: Closed | None
    reason: str


def read_if_possible(read: Callable[[], Facts]) -> Facts | Unread:
    """What `read` gives, or why it cannot. Raises a Failure that concerns all other calls, too."""
    try:
        return read()
    except Failure as failure:
        if concerns_all(failure):
            raise
        return Unread(closed(failure), reason(failure))
