"""The endpoints of members, persons, teams and roles. None of them needs a permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints import Call, Endpoint, no_member
from flashsync.sandbox.protocol import invalid, missing
from flashsync.sandbox.request_fields import read_page, total
from flashsync.sandbox.world import Person, Team

DEFAULT_LIMIT: Final = 20
MEMBER_ORDERS: Final = ("created_at", "updated_at")
TEAM_ORDERS: Final = (*MEMBER_ORDERS, "team_name")
MADE_AT: Final = 1700000000  # when people and teams were made


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
    """`/member/list`. Guess: `limit` defaults to 20, and members who left are listed as deleted."""
    fields = call.fields
    page = read_page(fields, DEFAULT_LIMIT)
    query = fields.text("query", "").lower()
    if fields.optional_integer("role_id") is not None:
        raise invalid("role_id: the sandbox knows no access roles to filter by")
    _, descending = _order(call, MEMBER_ORDERS)
    fields.end()
    members = [
        person
        for person in call.account.people.values()
        if person.kind == "member" and query in f"{person.name}\n{person.email}".lower()
    ]
    members.sort(key=lambda member: member.person_id, reverse=descending)
    items = [_member(call, member) for member in page.of(members)]
    return {"items": items, "total": total(members)}


def person_infos(call: Call) -> Json:
    """`/person/infos`, the account itself included. Guess: unknown ids are left out."""
    ids = call.fields.ids("person_ids")
    call.fields.end()
    people = call.account.people
    return {"items": [_person(call, people[id]) for id in ids if id in people]}


def team_list(call: Call) -> Json:
    """`/team/list`: all teams, or the teams of one person. Guess: `query` as in `/member/list`."""
    fields = call.fields
    page = read_page(fields, DEFAULT_LIMIT)
    query = fields.text("query", "").lower()
    person_id = fields.optional_integer("person_id", low=1)
    order, descending = _order(call, TEAM_ORDERS)
    fields.end()
    teams = [
        team
        for team in call.account.teams.values()
        if query in team.name.lower() and person_id in (None, *team.person_ids)
    ]
    by_name = order == "team_name"
    teams.sort(key=lambda team: team.name if by_name else team.team_id, reverse=descending)
    return {"items": [_team(call, team) for team in page.of(teams)], "total": total(teams)}


def team_infos(call: Call) -> Json:
    """`/team/infos`. Guess: unknown ids are left out."""
    ids = call.fields.ids("team_ids")
    call.fields.end()
    teams = call.account.teams
    return {"items": [_team(call, teams[id]) for id in ids if id in teams]}


def team_info(call: Call) -> Json:
    """`/team/info`: one team, by its id or its name. The sandbox's teams have no `ref_id`."""
    team_id = call.fields.optional_integer("team_id", low=1)
    name = call.fields.text("team_name", "")
    call.fields.text("ref_id", "")
    call.fields.end()
    for team in call.account.teams.values():
        if team.team_id == team_id or (not team_id and team.name == name):
            return _team(call, team)
    raise missing(f"team {team_id or name!r} does not exist")


def roles(call: Call) -> list[Json]:
    """`GET /oncall/roles`: primary, backup and the account's own, in the account's language."""
    return [{"id": role_id, "name": name} for role_id, name in sorted(call.account.roles.items())]


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/account/info": Endpoint(account_info),
    "/member/info": Endpoint(member_info),
    "/member/list": Endpoint(member_list),
    "/person/infos": Endpoint(person_infos),
    "/team/list": Endpoint(team_list),
    "/team/info": Endpoint(team_info),
    "/team/infos": Endpoint(team_infos),
    "/oncall/roles": Endpoint(roles, verb="GET"),
}


def _order(call: Call, orders: tuple[str, ...]) -> tuple[str, bool]:
    """`orderby` and whether it descends. Guess: by id without `orderby`; else it descends.

    People and teams of the sandbox are equally old, so the order of their ids is that of time.
    """
    order = call.fields.choice("orderby", ("", *orders), "")
    ascending = call.fields.flag("asc")
    return order, bool(order) and not ascending


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
    return {
        "account_id": call.account.account_id,
        "team_id": team.team_id,
        "team_name": team.name,
        "description": "",
        "ref_id": "",
        "status": team.status,
        "person_ids": list(team.person_ids) or call.options.empty_list,
    }
