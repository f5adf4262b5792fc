"""How one write went: what was live, what was sent, what came back, by which requests."""

from __future__ import annotations

from dataclasses import dataclass

from flashsync.model.calendar import Span
from flashsync.model.schedule import Override, Schedule


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that writes; `code` is the platform's word where it said no."""

    endpoint: str
    request_id: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One write, seen from outside.

    `before` is the live schedule as it was read right before, None for a create; `sent` is what
    was sent, None for a delete; `back` is what was read back, None where it was not. `span` is from
    the answer to that read to the answer to the write, in Unix seconds of the platform's clock.
    """

    before: Schedule | None = None
    sent: Schedule | None = None
    back: Schedule | None = None
    requests: tuple[Sent, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody wrote in the console between our last read and our write, which wiped it.

    `who` is a person's name, `at` in Unix seconds. `overrides` is empty where the audit log does
    not show what it was.
    """

    schedule: str
    id: int
    who: str
    at: int
    overrides: tuple[Override, ...] = ()
