"""The account of the key, its people, teams and roles (api.md, Endpoints, Members and persons)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from flashsync.api.client import PAGE, Client, Listing, list_all
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.errors import Failure, concerns_all
from flashsync.model.people import Account, MemberStatus, Person, Role, Team
from flashsync.model.timezone import zone

Value = TypeVar("Value")

MEMBER_INFO = "/member/info"
ACCOUNT_INFO = "/account/info"

_MEMBER, _ACCOUNT = "member", "account"
_STATUS = {status.value: status for status in MemberStatus}


def me(client: Client) -> Account:
    """The account that the key belongs to, and its own member. Raises Failure.

    `/member/info` is refused for an account-scoped key, with a code that is not published (api.md).
    Then `/account/info` answers, and the key has no member.
    """
    try:
        return client.fetch(MEMBER_INFO, lambda data: _read_account(data, "account_time_zone"))
    except Failure as failure:
        if not failure.code or failure.again or concerns_all(failure):
            raise  # no refusal of the platform's own
        refusal = failure
    try:
        return client.fetch(ACCOUNT_INFO, lambda data: _read_account(data, "time_zone"))
    except Failure as failure:
        raise (failure if concerns_all(failure) else refusal) from None


def members(client: Client) -> Listing[Person]:
    """All members; not `complete` where there are more than the platform lists."""
    return list_all(client, "/member/list", _read_member, lambda person: person.id)


def find_members(client: Client, query: str) -> tuple[Person, ...]:
    """The members with the text in their name or e-mail address, as the platform finds them."""
    by_text = {"query": query}
    return list_all(client, "/member/list", _read_member, lambda found: found.id, by_text).items


def persons(client: Client, ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids, members and the account itself; unknown ids are left out."""
    found = _by_ids(client, "/person/infos", "person_ids", ids, _read_person)
    return {person.id: person for person in found if person is not None}


def teams(client: Client) -> tuple[Team, ...]:
    """All teams of the account, deleted ones left out."""
    found = list_all(client, "/team/list", _read_team, lambda team: team.id if team else None)
    return tuple(team for team in found.items if team is not None)


def team_infos(client: Client, ids: Iterable[int]) -> dict[int, Team]:
    """The teams with these ids; unknown and deleted ones are left out."""
    found = _by_ids(client, "/team/infos", "team_ids", ids, _read_team)
    return {team.id: team for team in found if team is not None}


def roles(client: Client) -> tuple[Role, ...]:
    """The roles of the account, in the account's language."""

    def read(data: Any) -> tuple[Role, ...]:
        raw = {"items": data} if type(data) is list else json_fields.whole(data)
        return tuple(
            Role(json_fields.integer(item, "id"), json_fields.text(item, "name"))
            for item in json_fields.listing(raw, "items", dict)
        )

    return client.fetch("/oncall/roles", read, method="GET")


def _by_ids(
    client: Client, endpoint: str, key: str, ids: Iterable[int], read: Callable[[Raw], Value]
) -> Iterator[Value]:
    """At most a hundred a request: documented for teams, a caution of api.md for persons."""
    wanted = sorted(set(ids))
    chunks = [wanted[at : at + PAGE] for at in range(0, len(wanted), PAGE)]

    def read_items(data: Any) -> list[Value]:
        return [read(item) for item in json_fields.listing(json_fields.whole(data), "items", dict)]

    parts = client.each(lambda chunk: client.fetch(endpoint, read_items, {key: chunk}), chunks)
    return chain.from_iterable(parts)


def _read_account(data: Any, zone_key: str) -> Account:
    raw = json_fields.whole(data)
    timezone = json_fields.text(raw, zone_key, default=None)
    try:
        zone(timezone)
    except ValueError:
        raise WrongShape(raw, zone_key, "an IANA time zone", timezone, "another text") from None
    return Account(
        id=json_fields.integer(raw, "account_id"),
        name=json_fields.text(raw, "account_name"),
        timezone=timezone,
        member=json_fields.integer(raw, "member_id", default=0),
    )


def _read_member(raw: Raw) -> Person:
    return Person(
        id=json_fields.integer(raw, "member_id"),
        name=json_fields.text(raw, "member_name"),
        email=json_fields.text(raw, "email"),
        status=_read_status(raw),
    )


def _read_person(raw: Raw) -> Person | None:
    """A person; None for a kind that is not documented, as its id may mean something else.

    **Guess**: an address without the field counts as verified.
    """
    if json_fields.text(raw, "as", default=_MEMBER) not in (_MEMBER, _ACCOUNT, ""):
        return None
    return Person(
        id=json_fields.integer(raw, "person_id"),
        name=json_fields.text(raw, "person_name"),
        email=json_fields.text(raw, "email"),
        status=_read_status(raw),
        email_verified=json_fields.flag(raw, "email_verified", default=True),
        phone_verified=json_fields.flag(raw, "phone_verified", default=True),
    )


def _read_status(raw: Raw) -> MemberStatus:
    return _STATUS.get(
        json_fields.text(raw, "status", default=MemberStatus.ENABLED.value), MemberStatus.UNKNOWN
    )


def _read_team(raw: Raw) -> Team | None:
    """A team; None for a deleted one."""
    team = Team(json_fields.integer(raw, "team_id"), json_fields.text(raw, "team_name"))
    deleted = json_fields.text(raw, "status") == MemberStatus.DELETED.value
    return None if deleted else team
