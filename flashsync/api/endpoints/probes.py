"""Calls every endpoint that is read, to see what a key may do. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from flashsync.api.client import Client
from flashsync.api.errors import Closed, Failure, NotFound, closed
from flashsync.model.doctor_report import Access, Mark, Permission
from flashsync.model.people import Account, Person
from flashsync.model.timezone import DAY

_NO_SCHEDULE = 1
"""An id that no schedule has: where it is "not found", it was allowed to ask."""

_PAGE = 100


class Need(Enum):
    """What is lost without an endpoint."""

    REQUIRED = Mark.ERROR
    USEFUL = Mark.WARNING


@dataclass(frozen=True, slots=True)
class Probe:
    """One request that only reads. `use` is what the endpoint is for, `lost` what goes without."""

    endpoint: str
    use: str
    need: Need
    body: Mapping[str, Any] | None = None
    lost: str = "plan, apply and drift do not work"
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Probed:
    """What became of a probe; `data` is the answer's, if one came."""

    permission: Permission
    data: Any = None

    @property
    def allowed(self) -> bool:
        """Whether the endpoint answered."""
        return self.permission.access is Access.ALLOWED

    def items(self) -> list[Mapping[str, Any]]:
        """The objects that a listing answered; none where it is of another shape."""
        listed = self.data.get("items") if isinstance(self.data, dict) else None
        return [item for item in listed or () if isinstance(item, dict)]


_ESCALATION = "/channel/escalate/rule/list"
_ORDER = (
    "/member/info",
    "/account/info",
    "/schedule/list",
    "/schedule/info",
    "/schedule/preview",
    "/schedule/self",
    "/member/list",
    "/person/infos",
    "/team/list",
    "/oncall/roles",
    "/incident/list",
    "/audit/search",
    "/channel/list",
    _ESCALATION,
)
_NO_RULES = "plan and apply do not check what escalation rules page (references)"
_NO_INCIDENTS = "plan and apply do not say who handles an incident (open_incidents)"
_NO_ROLES = "other roles than primary and backup are known by number only"
_NO_AUDIT = "who wrote last is known from the schedules alone, without the requests"


def listings(now: int) -> tuple[Probe, ...]:
    """What can be asked without knowing anything; `now` is in Unix seconds."""
    last_day = {"start_time": now - DAY, "end_time": now, "limit": 1}
    window = {"start": now, "end": now + DAY}
    page = {"p": 1, "limit": _PAGE}
    own = "oncall --mine does not work"
    return (
        Probe("/schedule/list", "lists schedules", Need.REQUIRED, page),
        Probe("/schedule/self", "your own shifts", Need.USEFUL, window, own),
        Probe("/member/list", "names of people", Need.REQUIRED, page),
        Probe("/team/list", "names of teams", Need.REQUIRED, page),
        Probe("/oncall/roles", "names of roles", Need.USEFUL, None, _NO_ROLES, "GET"),
        Probe("/incident/list", "open incidents", Need.USEFUL, last_day, _NO_INCIDENTS),
        Probe("/audit/search", "who did what", Need.USEFUL, last_day, _NO_AUDIT),
        Probe("/channel/list", "channels", Need.USEFUL, {"p": 1, "limit": 1}, _NO_RULES),
    )


def details(now: int, schedules: list[int], people: list[int]) -> tuple[Probe, ...]:
    """What is asked about schedules and people that a listing named."""
    window = {"start": now, "end": now + DAY}
    one = {"schedule_id": (schedules or [_NO_SCHEDULE])[0], **window}
    cannot_read = "plan, apply and drift cannot read schedules"
    return (
        Probe("/schedule/info", "reads a schedule", Need.REQUIRED, one, cannot_read),
        Probe("/person/infos", "confirms people", Need.REQUIRED, {"person_ids": people[:_PAGE]}),
    )


_MEMBER = Probe("/member/info", "the key's member", Need.REQUIRED)
_ACCOUNT = Probe("/account/info", "the key's account", Need.REQUIRED)


def own_account(account: Account) -> Permission:
    """Answered before anything else is asked; an account-scoped key has no member."""
    return allowed(_MEMBER if account.member else _ACCOUNT)


PREVIEW = Probe(
    "/schedule/preview",
    "shifts of a change",
    Need.USEFUL,
    lost="the effects of changes can only be computed locally",
)


def members(listing: Probed) -> tuple[Person, ...]:
    """The members that a page of `/member/list` names; items of another shape are left out."""
    people = []
    for item in listing.items():
        id, email = item.get("member_id"), item.get("email")
        if type(id) is int and type(email) is str:
            people.append(Person(id, str(item.get("member_name") or ""), email))
    return tuple(people)


def rules_of(client: Client, channels: Probed) -> Permission:
    """What becomes of asking for the escalation rules of a channel, if there is one."""
    probe = Probe(_ESCALATION, "escalation rules", Need.USEFUL, None, _NO_RULES)
    ids = [item.get("channel_id") for item in channels.items()]
    channel = next((id for id in ids if type(id) is int), None)
    if not channels.allowed:
        return not_asked(probe, "no channel is known to ask for")
    if channel is None:
        return not_asked(probe, "the account has no channel")
    return ask(client, replace(probe, body={"channel_id": channel})).permission


def place(endpoint: str) -> int:
    """The place of an endpoint in a list: schedules first, what only guards read last."""
    return _ORDER.index(endpoint) if endpoint in _ORDER else len(_ORDER)


def ask(client: Client, probe: Probe) -> Probed:
    """Ask once. A failure is a result."""
    try:
        data = client.call(probe.endpoint, probe.body, method=probe.method)
    except Failure as failure:
        return Probed(judged(probe, failure))
    return Probed(allowed(probe), data)


def allowed(probe: Probe) -> Permission:
    """The endpoint answered."""
    return Permission(probe.endpoint, probe.use, Access.ALLOWED, Mark.OK)


def not_asked(probe: Probe, why: str) -> Permission:
    """The endpoint could not be asked."""
    return Permission(probe.endpoint, probe.use, Access.NOT_ASKED, Mark.OPEN, why)


def judged(probe: Probe, failure: Failure) -> Permission:
    """What a failure says about an endpoint."""
    if isinstance(failure, NotFound):
        return allowed(probe)
    why, remedy = closed(failure), failure.problems[0].remedy
    if why is None:
        access, said = Access.FAILED, failure.said
    else:
        access, said = Access.DENIED, f"{why.value}, so {probe.lost}"
    if why is Closed.UNKNOWN:
        access, remedy = Access.UNKNOWN_THERE, ""
    return Permission(
        probe.endpoint,
        probe.use,
        access,
        probe.need.value,
        said,
        remedy,
        failure.request_id,
    )
