"""One write that is sent until it is known what became of it, and never again without a look."""

from __future__ import annotations

from collections.abc import Callable

from flashsync.api.client import Client
from flashsync.api.failures import Failure, Stopped
from flashsync.api.retries import ATTEMPTS
from flashsync.errors import FlashsyncError, ServiceError


def see_through(client: Client, send: Callable[[], None], arrived: Callable[[], bool]) -> None:
    """Send something; after a failure wait, look, and send it again where it has not arrived.

    `send` sends once. `arrived` reads: False says that all is as before, and makes ready to send
    again; it raises FlashsyncError where neither is so. What is raised in the end may be
    `maybe_done` only where a request without an answer has left that open.
    """
    doubt: Failure | None = None
    failure: Failure | None = None
    for attempt in range(1, ATTEMPTS + 1):
        try:
            send()
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
        if _looked(client, arrived, doubt):
            return
    raise doubt or failure or Stopped("")


def _looked(client: Client, arrived: Callable[[], bool], doubt: Failure | None) -> bool:
    """Whether it arrived. Where that cannot be read, what left it open is raised."""
    try:
        with client.finishing():
            return arrived()
    except FlashsyncError as error:
        if doubt is not None:
            raise doubt from None
        raise ServiceError(error.problems) from None
