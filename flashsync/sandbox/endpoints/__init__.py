"""The endpoints, one file a resource; here, what an endpoint is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flashsync.sandbox.answers import Answers
from flashsync.sandbox.options import Options
from flashsync.sandbox.protocol import ApiError
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.requests import RequestContext
from flashsync.sandbox.rotation import WallClock
from flashsync.sandbox.world import Account, Permission, Person


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was let in: who asks, for what, when (`now`: Unix seconds)."""

    fields: Fields
    account: Account
    person: Person
    options: Options
    now: int

    @property
    def answers(self) -> Answers:
        """Turns stored values into JSON."""
        return Answers(self.options, self.account.account_id)

    @property
    def calendar(self) -> WallClock:
        """The wall clock in which the account's rotations run."""
        return WallClock(self.account.time_zone)

    @property
    def context(self) -> RequestContext:
        """What the body of a write is checked against."""
        return RequestContext(self.account, self.options.future_fields)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API. `act` answers with the `data` of the envelope."""

    act: Callable[[Call], Any]
    permission: Permission | None = None
    verb: str = "POST"
    writes: bool = False


def no_member(call: Call) -> ApiError:
    """The refusal for an account-scoped key where a member is needed. Guess: its code."""
    return ApiError("AccessDenied", f"the key belongs to the account {call.account.name!r}")
