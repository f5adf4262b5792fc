"""Faults between client and service, for tests and rehearsals."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from flashsync.sandbox.protocol import Reply, refusal

Act = Callable[[], Reply]
Hook = Callable[[str, Any, Act], Reply | None]
"""Gets the endpoint, the body and `act`, which lets the service act and returns its reply. The
client gets what the hook returns, whether or not it called `act`; None leaves the request alone."""


@dataclass(slots=True)
class PlannedFault:
    """A fault of the next `times` requests to an endpoint, or to any."""

    reply: Reply
    endpoint: str | None
    acted: bool
    times: int


@dataclass(slots=True)
class Faults:
    """What may go wrong, in this order: numbered and planned faults, the hook, a bad day."""

    hook: Hook | None = None
    planned: list[PlannedFault] = field(default_factory=list)
    day: BadDay | None = None
    numbered: dict[int, Fault] = field(default_factory=dict)
    seen: int = 0

    def at(self, number: int, fault: Fault) -> None:
        """Plans a fault of one request; 1 is the next request."""
        self.numbered[self.seen + number] = fault

    def reply(self, endpoint: str, body: Any, act: Act) -> Reply:
        """The reply of a fault, or of the service."""
        self.seen += 1
        if (numbered := self.numbered.pop(self.seen, None)) is not None:
            return numbered.reply(act)
        if (planned := self._next(endpoint)) is not None:
            if planned.acted:
                act()
            return planned.reply
        reply = self.hook(endpoint, body, act) if self.hook else None
        if reply is not None:
            return reply
        random_fault = self.day.next() if self.day else None
        return random_fault.reply(act) if random_fault else act()

    def _next(self, endpoint: str) -> PlannedFault | None:
        for fault in self.planned:
            if fault.endpoint in (None, endpoint):
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None


# Faults by name: each way in which a request can go wrong between client and service.

HANG: Final = 300.0
"""Seconds: longer than any client waits for an answer."""

HTML: Final[Mapping[str, str]] = {"Content-Type": "text/html"}
GATEWAY: Final = Reply(502, b"<html><h1>502 Bad Gateway</h1></html>", HTML)
PORTAL: Final = Reply(200, b"<!DOCTYPE html><title>Sign in to the guest network</title>", HTML)
TROUBLE: Final = refusal("ServiceUnavailable", "try again later")
TOO_MANY: Final = refusal("RequestTooFrequently", "too many requests")
WAIT: Final[Mapping[str, str]] = {"Retry-After": "1"}


class Fault(Enum):
    """A kind of fault. With a name that ends in `after`, the service has acted all the same."""

    ERROR = "error"
    ERROR_AFTER = "error-after"
    GATEWAY = "gateway"
    GATEWAY_AFTER = "gateway-after"
    TOO_MANY = "too-many"
    TOO_MANY_WAIT = "too-many-wait"
    TIMEOUT = "timeout"
    TIMEOUT_AFTER = "timeout-after"
    RESET = "reset"
    RESET_AFTER = "reset-after"
    CUT_AFTER = "cut-after"
    OTHER_SHAPE_AFTER = "other-shape-after"
    ARRAY = "array"
    ARRAY_AFTER = "array-after"
    STRING = "string"
    EMPTY = "empty"
    EMPTY_AFTER = "empty-after"
    ERROR_IN_200 = "error-in-200"
    PORTAL = "portal"

    @property
    def acts(self) -> bool:
        """Whether the service carries out the request."""
        return self.value.endswith("-after")

    def reply(self, act: Callable[[], Reply]) -> Reply:
        """The reply to the client. `act` lets the service act and returns its reply."""
        answer = act() if self.acts else None
        if answer is not None and self is Fault.CUT_AFTER:
            return _cut(answer)
        return _REPLIES[self.value.removesuffix("-after")]


_REPLIES: Final[Mapping[str, Reply]] = {
    "error": TROUBLE,
    "gateway": GATEWAY,
    "too-many": TOO_MANY,
    "too-many-wait": Reply(TOO_MANY.status, TOO_MANY.content, WAIT),
    "timeout": Reply(delay=HANG, drop=True),
    "reset": Reply(drop=True),
    "other-shape": Reply(content={"data": {"unexpected": [1, 2, 3]}}),
    "array": Reply(content=b"[1, 2, 3]"),
    "string": Reply(content=b'"ok"'),
    "empty": Reply(content=b""),
    "error-in-200": Reply(200, TROUBLE.content),
    "portal": PORTAL,
}


def _cut(answer: Reply) -> Reply:
    """The first half of an answer, with a length that fits."""
    text = json.dumps({"request_id": "cut", **answer.content})
    return Reply(answer.status, text[: len(text) // 2].encode())


class BadDay:
    """Random faults of a share of all requests; the same seed gives the same faults."""

    def __init__(self, seed: int, percent: float) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - it has to be repeatable
        self._percent = percent

    def next(self) -> Fault | None:
        """The fault of the next request, if any."""
        hit = self._dice.uniform(0, 100) < self._percent
        return self._dice.choice(list(Fault)) if hit else None
