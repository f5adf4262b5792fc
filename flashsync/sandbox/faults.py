"""Faults put between client and service, for tests: wrong answers, late answers, none at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flashsync.sandbox.messages import Reply

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
    """The planned faults, then the hook, then the service."""

    hook: Hook | None = None
    planned: list[Planned] = field(default_factory=list)

    def reply(self, endpoint: str, body: Any, act: Act) -> Reply:
        """What the client gets."""
        fault = self._next(endpoint)
        if fault is not None:
            if fault.acted:
                act()
            return fault.reply
        replaced = self.hook(endpoint, body, act) if self.hook else None
        return act() if replaced is None else replaced

    def _next(self, endpoint: str) -> Planned | None:
        for fault in self.planned:
            if fault.endpoint in (None, endpoint):
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None
