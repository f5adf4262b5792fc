"""The people, teams and keys of the seeded worlds: fixed ids, so that examples can name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flashsync.sandbox.world import Account, Person, Team, World

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
    """Two accounts with people, teams, roles and keys, and no schedule."""
    world = World()
    acme = world.add_account(Account(ACME_ID, "Acme Corp", "Asia/Shanghai"))
    _fill(acme, ACME_PEOPLE, {0: "主值班人", 1: "备值班人", 2476501340131: "Observer"})
    for index, (name, members) in enumerate(TEAMS.items()):
        ids = tuple(acme.person(f"{member}@example.com").person_id for member in members)
        acme.add_team(Team(FIRST_TEAM_ID + 10_000 * index, name, ids))
    world.add_key("sandbox-key", acme, "alice@example.com")
    world.add_key("sandbox-reader-key", acme, "bob@example.com", ["schedules_read"])
    world.add_key("sandbox-nobody-key", acme, "carol@example.com", [])
    other = world.add_account(Account(OTHER_ID, "Other Inc", "Europe/Berlin"))
    _fill(other, OTHER_PEOPLE, {0: "Primary", 1: "Backup"})
    other.add_team(Team(3311020458131, "SRE", (OTHER_PEOPLE[0].person_id,)))
    world.add_key("other-account-key", other, "anna@other.example")
    return world


def _fill(account: Account, people: Iterable[Person], roles: dict[int, str]) -> None:
    """People and roles; the account itself is a person too, who is no member."""
    owner = Person(
        account.account_id, account.name, f"owner@{account.account_id}.example", kind="account"
    )
    account.add_people([owner, *people])
    account.roles.update(roles)
