"""Faults put between client and service, for tests: wrong answers, late answers, none at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flashsync.sandbox.messages import Reply
from flashsync.sandbox.trouble import BadDay, Fault

Act = Callable[[], Reply]
Hook = Callable[[str, Any, Act], Reply | None]
"""Given the endpoint, the body and `act`, which lets the service act and returns its reply. What
the hook returns is sent, whether or not it called `act`; None leaves the request alone."""


@dataclass(slots=True)
class Planned:
    """One fault for the next `times` requests to an endpoint, or to any."""

    reply: Reply
    endpoint: str | None
    acted: bool
    times: int


@dataclass(slots=True)
class Faults:
    """Trouble at a request's number, the planned faults, the hook, a bad day, then the service."""

    hook: Hook | None = None
    planned: list[Planned] = field(default_factory=list)
    day: BadDay | None = None
    numbered: dict[int, Fault] = field(default_factory=dict)
    seen: int = 0

    def at(self, number: int, fault: Fault) -> None:
        """Plans trouble for one request: 1 is the next one that comes."""
        self.numbered[self.seen + number] = fault

    def reply(self, endpoint: str, body: Any, act: Act) -> Reply:
        """What the client gets."""
        self.seen += 1
        if (numbered := self.numbered.pop(self.seen, None)) is not None:
            return numbered.reply(act)
        if (planned := self._next(endpoint)) is not None:
            if planned.acted:
                act()
            return planned.reply
        replaced = self.hook(endpoint, body, act) if self.hook else None
        return self._of_the_day(act) if replaced is None else replaced

    def _of_the_day(self, act: Act) -> Reply:
        trouble = self.day.next() if self.day else None
        return trouble.reply(act) if trouble else act()

    def _next(self, endpoint: str) -> Planned | None:
        for fault in self.planned:
            if fault.endpoint in (None, endpoint):
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None
