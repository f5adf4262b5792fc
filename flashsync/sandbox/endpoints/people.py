"""The endpoints of members, persons, teams and roles. None of them needs a permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints.endpoint import Call, Endpoint, no_member
from flashsync.sandbox.protocol import invalid
from flashsync.sandbox.request_fields import read_page, total
from flashsync.sandbox.world import Person, Team

DEFAULT_LIMIT: Final = 20
ORDERS: Final = ("created_at", "updated_at")
MADE_AT: Final = 1700000000  # people and teams are as old as the world


def member_info(call: Call) -> Json:
    """`/member/info`: the key's own member, and the zone in which the account's rotations run.

    Refused for an account-scoped key.
    """
    call.fields.end()
    if call.person.kind == "account":
        raise no_member(call)
    return {
        **_member(call, call.person),
        "account_name": call.account.name,
        "account_time_zone": call.account.time_zone,
    }


def account_info(call: Call) -> Json:
    """`/account/info`: the account of the key, also for an account-scoped key."""
    call.fields.end()
    account = call.account
    owner = account.people.get(account.account_id)
    return {
        "account_id": account.account_id,
        "account_name": account.name,
        "domain": "",
        "email": owner.email if owner else "",
        "phone": "",
        "country_code": "CN",
        "avatar": "",
        "locale": "zh-CN",
        "time_zone": account.time_zone,
        "created_at": MADE_AT,
    }


def member_list(call: Call) -> Json:
    """`/member/list`. guess: `limit` defaults to 20, and members who left are listed as deleted."""
    fields = call.fields
    page = read_page(fields, DEFAULT_LIMIT)
    query = fields.text("query", "").lower()
    if fields.optional_integer("role_id") is not None:
        raise invalid("role_id: the sandbox knows no access roles to filter by")
    backwards = _backwards(call)
    fields.end()
    found = [
        person
        for person in call.account.people.values()
        if person.kind == "member" and query in f"{person.name}\n{person.email}".lower()
    ]
    found.sort(key=lambda person: person.person_id, reverse=backwards)
    return {"items": [_member(call, person) for person in page.of(found)], "total": total(found)}


def person_infos(call: Call) -> Json:
    """`/person/infos`. guess: unknown ids are left out."""
    wanted = call.fields.ids("person_ids")
    call.fields.end()
    people = call.account.people
    found = [people[person_id] for person_id in wanted if person_id in people]
    return {"items": [_person(call, person) for person in found]}


def team_list(call: Call) -> Json:
    """`/team/list`, all teams or those of one person. guess: `query` as in `/member/list`."""
    fields = call.fields
    page = read_page(fields, DEFAULT_LIMIT)
    query = fields.text("query", "").lower()
    person_id = fields.optional_integer("person_id", low=1)
    backwards = _backwards(call)
    fields.end()
    found = [
        team
        for team in call.account.teams.values()
        if query in team.name.lower() and person_id in (None, *team.person_ids)
    ]
    found.sort(key=lambda team: team.team_id, reverse=backwards)
    return {"items": [_team(call, team) for team in page.of(found)], "total": total(found)}


def team_infos(call: Call) -> Json:
    """`/team/infos`. guess: unknown ids are left out."""
    wanted = call.fields.ids("team_ids")
    call.fields.end()
    teams = call.account.teams
    return {"items": [_team(call, teams[team_id]) for team_id in wanted if team_id in teams]}


def roles(call: Call) -> list[Json]:
    """`GET /oncall/roles`: primary, backup and the account's own, in the account's language."""
    return [{"id": role_id, "name": name} for role_id, name in sorted(call.account.roles.items())]


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/account/info": Endpoint(account_info),
    "/member/info": Endpoint(member_info),
    "/member/list": Endpoint(member_list),
    "/person/infos": Endpoint(person_infos),
    "/team/list": Endpoint(team_list),
    "/team/infos": Endpoint(team_infos),
    "/oncall/roles": Endpoint(roles, verb="GET"),
}


def _backwards(call: Call) -> bool:
    """`orderby` and `asc`. guess: the newest first unless `asc`, by the id where none is named.

    The sandbox's people and teams differ in no time, so their ids, given in turn, stand for it.
    """
    ordered = call.fields.raw("orderby") is not None
    if ordered:
        call.fields.choice("orderby", ORDERS)
    ascending = call.fields.flag("asc")
    return ordered and not ascending


def _member(call: Call, person: Person) -> Json:
    return {
        "account_id": call.account.account_id,
        "member_id": person.person_id,
        "member_name": person.name,
        **_contact(call, person),
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }


def _person(call: Call, person: Person) -> Json:
    return {
        "account_id": call.account.account_id,
        "person_id": person.person_id,
        "person_name": person.name,
        **_contact(call, person),
        "as": person.kind,
    }


def _contact(call: Call, person: Person) -> Json:
    return {
        "email": person.email,
        "email_verified": person.email_verified,
        "phone_verified": person.phone_verified,
        "time_zone": person.time_zone or call.account.time_zone,
        "status": person.status,
    }


def _team(call: Call, team: Team) -> Json:
    empty: Any = None if call.options.form == "null" else []
    return {
        "account_id": call.account.account_id,
        "team_id": team.team_id,
        "team_name": team.name,
        "status": team.status,
        "person_ids": list(team.person_ids) or empty,
    }
