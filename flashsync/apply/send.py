"""Sending a write until it is known what became of it: the retry loop of all writes.

The API has no lock: what somebody changes in the console between our last read and our write is
lost. So that moment is one request. The slots of the rate limit for both are taken together
before the read, and what takes time (the journal, on disk) is done before it with what was read
earlier. If the last read shows the same, the write goes out at once; else all is prepared anew,
and read once more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from enum import Enum, auto
from typing import ClassVar

from flashsync.api.client import Client
from flashsync.api.errors import Failure, Stopped
from flashsync.errors import FlashsyncError, RefusedError, ServiceError
from flashsync.plan.outcome import Result

MOST_CHANGES = 10
"""A schedule that others change this often before a write is given up."""

LOOKS = 2
"""Looks in a row: the first one may show that something has to be prepared anew."""


class LastLook(Enum):
    """What the look before a write shows."""

    READY = auto()
    """All is as prepared: send."""
    CHANGED = auto()
    """Something else is live: prepare, and look again."""
    ARRIVED = auto()
    """The write was carried out, although no answer came."""


class Sending(ABC):
    """A write under way."""

    requests: ClassVar[tuple[str, ...]]
    """The endpoints that a look and the write after it call, without a wait between."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The schedule's."""

    @abstractmethod
    def prepare(self) -> None:
        """Do what takes time. Raises FlashsyncError where the write must not go out."""

    @abstractmethod
    def look(self) -> LastLook:
        """Read once, and decide what to send.

        Raises Failure where that cannot be read and may be tried again, else FlashsyncError.
        """

    @abstractmethod
    def send(self) -> None:
        """Send once. Raises Failure."""

    @abstractmethod
    def confirm(self) -> Result:
        """Read back what was written, and compare."""


def send_until_known(client: Client, sending: Sending) -> None:
    """Look and send; after a failure wait, look again, and send again what has not arrived.

    A refusal ends this, once a last look has shown that no earlier try has arrived. The failure
    that is raised is `maybe_done` only where a request without an answer leaves that open.
    """
    doubt: Failure | None = None
    failure: Failure | None = None
    attempts, ended = client.attempts(), False
    while True:
        with ExitStack() as slots:
            if _has_arrived(client, sending, slots, failure, doubt):
                return
            if failure is not None and ended:
                raise doubt or failure
            try:
                sending.send()
            except Stopped as stopped:
                raise doubt or stopped from None
            except Failure as latest:
                failure = latest
            else:
                return
        doubt = failure if failure.maybe_done else doubt
        attempts.count(failure)
        ended = not attempts.left or not (failure.again or failure.maybe_done)
        if ended and doubt is None:
            raise failure
        client.back_off(failure, attempts)


def _has_arrived(
    client: Client,
    sending: Sending,
    slots: ExitStack,
    failure: Failure | None,
    doubt: Failure | None,
) -> bool:
    """Whether an earlier try has arrived; if not, the write may be sent at once.

    After a `failure` this goes on although all else is called off. Where it cannot be seen, the
    `doubt` is raised.
    """
    if failure is None:
        return _look(client, sending, slots)
    try:
        with client.finishing():
            return _look(client, sending, slots)
    except FlashsyncError:
        if doubt is not None:
            raise doubt from None
        raise


def _look(client: Client, sending: Sending, slots: ExitStack) -> bool:
    """Prepare and look until nothing changes in between; `slots` then has that of the write.

    Returns whether the write has arrived. A read that fails is repeated as often as any other.
    """
    attempts, changes = client.attempts(), 0
    trouble: Failure | None = None
    while changes < MOST_CHANGES:
        slots.close()
        try:
            slots.enter_context(client.back_to_back(*sending.requests))
            for _ in range(LOOKS):
                sending.prepare()
                look = sending.look()
                if look is not LastLook.CHANGED:
                    return look is LastLook.ARRIVED
        except Stopped as stopped:
            raise (ServiceError(trouble.problems) if trouble else stopped) from None
        except Failure as error:
            trouble = error
            attempts.count(error)
            if not error.again or not attempts.left:
                raise ServiceError(error.problems) from error
            slots.close()
            client.back_off(error, attempts)
        else:
            changes += 1
    message = f"`{sending.name}` was changed by others each time that it was read again"
    raise RefusedError(message, "run it again when nobody edits it")
