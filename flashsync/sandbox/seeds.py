"""Worlds to begin with: empty, demo, recorded, or a number of generated schedules."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, Final

from flashsync.sandbox.model import EscalationLevel, Responder
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.requests import RequestContext, read_schedule
from flashsync.sandbox.world import Account, Person, Team, World

Json = dict[str, Any]

MADE_AT: Final = 1767542400  # Monday 2026-01-05 00:00 in Asia/Shanghai
HOUR: Final = 3600
DAY: Final = 86400
LAYERS: Final = (("Weekly", "week", 1), ("Daily", "day", 1), ("Half days", "hour", 12))
GROUPS_A_LAYER: Final = 4


def seed(which: str | int) -> World:
    """A new world: "demo", "recorded", "empty", or a number of generated schedules (or its text).

    The same seed is the same world every time. ValueError for any other text.
    """
    if which == "recorded":
        return _recorded()
    world = people_world()
    if which == "demo":
        _demo(world.account)
    elif isinstance(which, int) or (which.isascii() and which.isdigit()):
        _generated(world.account, int(which))
    elif which != "empty":
        raise ValueError(f"no seed is named {which!r}; there are demo, recorded, empty and numbers")
    return world


def _demo(account: Account) -> None:
    """Three schedules built in the console, and a channel that pages one of them."""
    _add(account, _database(account), "bob@example.com")
    _add(account, _payments(account), "xiaoming@example.com")
    _add(account, _legacy(account), "dave@example.com")
    _alerts(account)


def _alerts(account: Account) -> None:
    """A channel with two open incidents, and with a rule that pages the database schedule."""
    channel = account.add_channel("Database alerts", _team(account, "SRE")).name
    database = account.schedule("Database On-Call").schedule_id
    alice, bob = (account.person(f"{name}@example.com").person_id for name in ("alice", "bob"))
    levels = [EscalationLevel({database: (0,)}), EscalationLevel(person_ids=(alice, bob))]
    account.add_rule(channel, "Default", levels)
    account.add_incident(
        "Replication lag above 60 s on db-3",
        channel,
        -2 * HOUR,
        progress="Processing",
        responders=(Responder(alice, MADE_AT, MADE_AT + 90),),
        assigned_to=(alice,),
        detail_url="https://console.flashcat.cloud/incident/detail/db-3",
    )
    account.add_incident(
        "Disk 91 % full on db-1",
        channel,
        -HOUR // 2,
        severity="Warning",
        responders=(Responder(bob, MADE_AT),),
        assigned_to=(bob,),
        detail_url="https://console.flashcat.cloud/incident/detail/db-1",
    )


def _database(account: Account) -> Json:
    """A weekly rotation with a swap over Christmas, announced in a Feishu chat."""
    return {
        "schedule_name": "Database On-Call",
        "description": "Built by hand. Ask #db before you change it.",
        "team_id": _team(account, "SRE"),
        "layers": [
            _layer(
                account,
                "Primary",
                ["alice", "bob", "carol"],
                layer_start=MADE_AT + 10 * HOUR,
                rotation_unit="week",
                handoff_time=10 * HOUR,
            ),
            _layer(
                account,
                "Bob swaps with Dave",
                ["dave"],
                mode=1,
                layer_start=1798077600,  # Thursday 2026-12-24 10:00 in Asia/Shanghai
                layer_end=1798423200,  # Monday 2026-12-28 10:00
            ),
        ],
        "notify": {
            "advance_in_time": 1800,
            "by": {"follow_preference": True},
            "webhooks": [
                {
                    "type": "feishu_app",
                    "settings": {"data_source_id": 5427276014131, "chat_ids": ["oc_60a6"]},
                }
            ],
        },
    }


def _payments(account: Account) -> Json:
    """Day and night shifts, announced by a DingTalk robot with a token and a signature."""
    settings = {"alias": "pay-ops", "token": "dt-4f1c9a7e2b", "sign_secret": "SEC-90aa31"}
    day = {"restrict_mode": 1, "restrict_periods": [_period(9 * HOUR, 21 * HOUR)]}
    night = {"restrict_mode": 1, "restrict_periods": [_period(21 * HOUR, 9 * HOUR)]}
    return {
        "schedule_name": "支付 昼夜值班",
        "description": "",
        "team_id": _team(account, "支付团队"),
        "layers": [
            _layer(account, "白班", ["xiaoming", "lina"], layer_start=MADE_AT + 9 * HOUR, **day),
            _layer(
                account, "夜班", ["liwei", "xiaoming"], layer_start=MADE_AT + 21 * HOUR, **night
            ),
        ],
        "notify": {
            "fixed_time": {"cycle": "day", "start": "08:00"},
            "webhooks": [{"type": "dingtalk", "settings": settings}],
        },
    }


def _legacy(account: Account) -> Json:
    """A schedule without a team, begun at an odd second, as old live data has it."""
    return {
        "schedule_name": "Legacy NOC",
        "description": "",
        "team_id": 0,
        "layers": [
            _layer(
                account,
                "规则1",
                ["grace", "heidi", "ivan"],
                layer_start=1702623874,
                day_mask={"repeat": [1, 2, 3, 4, 5]},
            )
        ],
    }


def _generated(account: Account, count: int) -> None:
    """Schedules of three layers of four groups each, with notify."""
    dice = random.Random(count)  # noqa: S311 - a world must be the same every time
    people = [
        person.person_id
        for person in account.people.values()
        if person.status == "enabled" and person.kind == "member"
    ]
    for number in range(1, count + 1):
        layers = [_generated_layer(dice, people, *shape) for shape in LAYERS]
        body = {
            "schedule_name": f"Schedule {number:05d}",
            "description": f"Generated schedule number {number}",
            "team_id": dice.choice(sorted(account.teams)),
            "layers": layers,
            "notify": {"advance_in_time": 300, "by": {"follow_preference": True}},
        }
        _add(account, body, "alice@example.com")


def _generated_layer(
    dice: random.Random, people: Sequence[int], name: str, unit: str, value: int
) -> Json:
    start = MADE_AT + dice.randrange(7) * DAY + dice.randrange(48) * HOUR // 2
    groups = [
        {
            "group_name": "ABCD"[index],
            "members": [{"role_id": dice.randrange(2), "person_ids": dice.sample(people, 2)}],
        }
        for index in range(GROUPS_A_LAYER)
    ]
    body: Json = {"layer_name": name, "mode": 0, "layer_start": start, "groups": groups}
    return body | {"rotation_unit": unit, "rotation_value": value}


def _add(account: Account, body: Json, by: str) -> None:
    draft = read_schedule(Fields(body), RequestContext(account))
    account.create(draft, account.person(by).person_id, MADE_AT)


def _team(account: Account, name: str) -> int:
    return next(team.team_id for team in account.teams.values() if team.name == name)


def _layer(account: Account, name: str, people: Sequence[str], **fields: Any) -> Json:
    """A layer in which each of these people takes a turn of a day, unless `fields` differ."""
    ids = [account.person(f"{person}@example.com").person_id for person in people]
    groups = [
        {"group_name": "ABC"[index], "members": [{"role_id": 0, "person_ids": [person_id]}]}
        for index, person_id in enumerate(ids)
    ]
    body: Json = {"layer_name": name, "mode": 0, "groups": groups}
    return body | {"rotation_unit": "day", "rotation_value": 1} | fields


def _period(start: int, end: int) -> Json:
    return {"restrict_start": start, "restrict_end": end}


# The people, teams and keys of the seeded worlds: fixed ids, so that examples can name them.

ACME_ID: Final = 2476444212001
OTHER_ID: Final = 3311020457001

ACME_PEOPLE: Final = (
    Person(2476444212111, "Alice Zhang", "alice@example.com"),
    Person(2476444212121, "Bob Martin", "bob@example.com"),
    Person(2476444212131, "Carol Diaz", "carol@example.com"),
    Person(2476444212141, "Dave Wu", "dave@example.com"),
    Person(2476444212151, "Erin Novak", "erin@example.com", time_zone="Europe/Prague"),
    Person(2476444212161, "Frank Müller", "frank@example.com", time_zone="Europe/Berlin"),
    Person(2476444212171, "Grace Kim", "grace@example.com"),
    Person(2476444212181, "Heidi Bauer", "heidi@example.com", time_zone="Europe/Vienna"),
    Person(2476444212191, "Ivan Petrov", "ivan@example.com", time_zone="Europe/Sofia"),
    Person(2476444212201, "Judy Park", "judy@example.com", time_zone="America/New_York"),
    Person(2476444212211, "王小明", "xiaoming@example.com"),
    Person(2476444212221, "李娜", "lina@example.com"),
    Person(
        2476444212231,
        "Mallory Reed",
        "mallory@example.com",
        "pending",
        email_verified=False,
        phone_verified=False,
    ),
    Person(2476444212241, "Oscar Lind", "oscar@example.com", "deleted"),
    Person(2476444212251, "Li Wei", "liwei@example.com"),
    Person(2476444212261, "Li Wei", "li.wei2@example.com"),
    Person(2476444212271, "Kenji Sato", "kenji@example.com", time_zone="Asia/Tokyo"),
    Person(2476444212281, "Priya Nair", "priya@example.com", time_zone="Asia/Kolkata"),
    Person(2476444212291, "Chloé Dubois", "chloe@example.com", time_zone="Europe/Paris"),
    Person(2476444212301, "Nils Larsen", "nils@example.com", time_zone="Europe/Oslo"),
    Person(2476444212311, "Maria Souza", "maria@example.com", time_zone="America/Sao_Paulo"),
    Person(2476444212321, "Tom Baker", "tom@example.com", time_zone="America/Chicago"),
)
OTHER_PEOPLE: Final = (
    Person(3311020457111, "Anna Schmidt", "anna@other.example"),
    Person(3311020457121, "Bob Martin", "bob@other.example"),
)
TEAMS: Final = {
    "SRE": ("alice", "bob", "carol", "dave", "frank", "grace"),
    "Platform": ("dave", "erin", "grace", "heidi"),
    "Payments": ("ivan", "judy", "carol"),
    "APAC": ("kenji", "priya", "grace", "xiaoming"),
    "EMEA": ("erin", "frank", "heidi", "ivan", "chloe", "nils"),
    "Americas": ("judy", "maria", "tom", "bob"),
    "支付团队": ("xiaoming", "lina", "liwei"),
}
FIRST_TEAM_ID: Final = 2477033058131


def people_world() -> World:
    """Two accounts with people, teams, roles and keys, and without schedules."""
    world = World()
    acme = world.add_account(Account(ACME_ID, "Acme Corp", "Asia/Shanghai"))
    _fill(acme, ACME_PEOPLE, {0: "主值班人", 1: "备值班人", 2476501340131: "Observer"})
    for index, (name, members) in enumerate(TEAMS.items()):
        ids = tuple(acme.person(f"{member}@example.com").person_id for member in members)
        acme.add_team(Team(FIRST_TEAM_ID + 10_000 * index, name, ids))
    world.add_key("sandbox-key", acme, "alice@example.com")
    world.add_key("sandbox-account-key", acme, acme.account_id)
    world.add_key("sandbox-reader-key", acme, "bob@example.com", ["schedules_read"])
    world.add_key("sandbox-nobody-key", acme, "carol@example.com", [])
    other = world.add_account(Account(OTHER_ID, "Other Inc", "Europe/Berlin"))
    _fill(other, OTHER_PEOPLE, {0: "Primary", 1: "Backup"})
    other.add_team(Team(3311020458131, "SRE", (OTHER_PEOPLE[0].person_id,)))
    world.add_key("other-account-key", other, "anna@other.example")
    return world


def _fill(account: Account, people: Iterable[Person], roles: dict[int, str]) -> None:
    """Adds people and roles; the account itself is a person, too, but not a member."""
    owner = Person(
        account.account_id, account.name, f"owner@{account.account_id}.example", kind="account"
    )
    account.add_people([owner, *people])
    account.roles.update(roles)


# A small account in the form of a recorded one: the account itself is on call, most members have no
# e-mail address, several people share a turn, and turns change at 11:00 on unmasked days.

RECORDED_ID: Final = 4180233907001
RECORDED_PEOPLE: Final = (
    Person(4180233907111, "周岚", "zhoulan@yunshan.example"),
    Person(4180233907121, "陈思远", ""),
    Person(4180233907131, "林晓", "", phone_verified=False),
    Person(4180233907141, "何建国", "hejianguo@yunshan.example"),
    Person(4180233907151, "吴昊", ""),
    Person(4180233907161, "徐佳", ""),
    Person(4180233907171, "马超", "machao@yunshan.example", email_verified=False),
    Person(4180233907181, "郑爽", ""),
    Person(4180233907191, "孙悦", ""),
)
RECORDED_TURNS: Final = (
    ("云杉零售", "周岚"),
    ("陈思远", "林晓", "何建国"),
    ("吴昊", "徐佳"),
    ("马超", "郑爽", "云杉零售"),
    ("孙悦", "周岚"),
)


def _recorded() -> World:
    world = World()
    account = world.add_account(Account(RECORDED_ID, "云杉零售", "Asia/Shanghai"))
    _fill(account, RECORDED_PEOPLE, {0: "主值班人", 1: "备值班人"})
    members = tuple(person.person_id for person in RECORDED_PEOPLE)
    account.add_team(Team(4180240118131, "运维组", members))
    world.add_key("sandbox-key", account, "周岚")
    world.add_key("sandbox-account-key", account, RECORDED_ID)
    groups = [
        {
            "group_name": "ABCDE"[index],
            "members": [
                {"role_id": 0, "person_ids": [account.person(name).person_id for name in names]}
            ],
        }
        for index, names in enumerate(RECORDED_TURNS)
    ]
    layer = {
        "layer_name": "规则1",
        "mode": 0,
        "layer_start": MADE_AT + 11 * HOUR,
        "rotation_unit": "day",
        "rotation_value": 1,
        "groups": groups,
    }
    body = {
        "schedule_name": "运维值班",
        "description": "",
        "team_id": _team(account, "运维组"),
        "layers": [layer],
        "notify": {"advance_in_time": 0, "by": {"follow_preference": True}},
    }
    _add(account, body, "周岚")
    return world
