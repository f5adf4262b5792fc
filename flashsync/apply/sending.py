"""One write, right after the read that it is made of, until it is known what became of it.

The API has no lock: what somebody changes in the console between our last read and our write is
lost. So that moment is one request. The slots of the rate limit for both are taken together before
the read, and all that takes time (the journal, on disk) is done before it, too, with what was read
earlier. If the last read shows that it is still so, the write goes out at once; else all is
prepared anew, and read once more.
"""

from __future__ import annotations

from contextlib import ExitStack
from enum import Enum, auto
from typing import Protocol

from flashsync.api.client import Client
from flashsync.api.endpoints.schedules import INFO
from flashsync.api.errors import Failure, Stopped
from flashsync.api.retry import ATTEMPTS
from flashsync.errors import FlashsyncError, RefusedError, ServiceError

MOST_CHANGES = 10
"""So often a schedule may change under our hands before we give up."""

_LOOKS = 2
"""Reads whose slots are held: the first one may show that something has to be prepared anew."""


class Look(Enum):
    """What the last read before a write shows."""

    READY = auto()
    """It is as all was prepared for: send."""
    CHANGED = auto()
    """It is not: prepare, and look again."""
    ARRIVED = auto()
    """The write was carried out, although we had no answer."""


class Sending(Protocol):
    """A write under way."""

    @property
    def name(self) -> str:
        """The schedule's."""
        ...

    @property
    def endpoint(self) -> str:
        """Where the write goes."""
        ...

    def prepare(self) -> None:
        """Do all that takes time, for what was read last; nothing where nothing was read, or all is
        prepared. Raises FlashsyncError where the write must not go out."""

    def look(self) -> Look:
        """Read once, and decide what to send. Raises Failure where it cannot be read, else
        FlashsyncError where nothing may be sent."""
        ...

    def send(self) -> None:
        """Send once. Raises Failure."""


def see_through(client: Client, sending: Sending) -> None:
    """Read and send; after a failure wait, read again, and send again where it has not arrived.

    What is raised in the end may be `maybe_done` only where a request without an answer has left
    that open.
    """
    doubt: Failure | None = None
    failure: Failure | None = None
    for attempt in range(1, ATTEMPTS + 2):
        with ExitStack() as slots:
            if _arrived(client, sending, slots, failure, doubt):
                return
            if attempt > ATTEMPTS:
                break
            try:
                sending.send()
            except Stopped as stopped:
                raise doubt or stopped from None
            except Failure as found:
                failure = found
            else:
                return
        if not failure.again and not failure.maybe_done:
            raise failure
        doubt = failure if failure.maybe_done else doubt
        client.back_off(failure, attempt)
    raise doubt or failure or Stopped(sending.endpoint)


def _arrived(
    client: Client,
    sending: Sending,
    slots: ExitStack,
    failure: Failure | None,
    doubt: Failure | None,
) -> bool:
    """Whether it has arrived; if not, it may be sent at once. After a `failure` this is seen
    through whatever comes; where it cannot be, the `doubt` that the failure has left is raised."""
    if failure is None:
        return _looked(client, sending, slots)
    try:
        with client.finishing():
            return _looked(client, sending, slots)
    except FlashsyncError:
        if doubt is not None:
            raise doubt from None
        raise


def _looked(client: Client, sending: Sending, slots: ExitStack) -> bool:
    """Look until all is prepared for what is live; `slots` then holds that of the write.

    Says whether it has arrived. A read that fails is repeated as often as any other.
    """
    trouble: Failure | None = None
    failures = changes = 0
    while changes < MOST_CHANGES:
        slots.close()
        try:
            slots.enter_context(client.back_to_back(*[INFO] * _LOOKS, sending.endpoint))
            found = _prepared(sending)
        except Stopped as stopped:
            raise (ServiceError(trouble.problems) if trouble else stopped) from None
        except Failure as error:
            trouble, failures = error, failures + 1
            if not error.again or failures == ATTEMPTS:
                raise ServiceError(error.problems) from None
            slots.close()
            client.back_off(error, failures)
            continue
        if found is not Look.CHANGED:
            return found is Look.ARRIVED
        changes += 1
    message = f"`{sending.name}` was changed by others each time that it was read again"
    raise RefusedError(message, "run it again when nobody edits it")


def _prepared(sending: Sending) -> Look:
    """Prepare and look, once more where it has changed meanwhile."""
    found = Look.CHANGED
    for _ in range(_LOOKS):
        sending.prepare()
        found = sending.look()
        if found is not Look.CHANGED:
            break
    return found
