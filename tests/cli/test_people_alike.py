"""People who are hard to tell apart: near addresses, shared names, ids of two kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from flashsync.sandbox import Reply
from flashsync.sandbox.faults import Act
from tests.cli.console import Terminal, layer, schedule

ALICE, BOB, CAROL = 2476444212111, 2476444212121, 2476444212131


def refused(terminal: Terminal, person: Any) -> str:
    """What a plan says of a person of the first turn."""
    terminal.declare(schedule(layers=[layer(person, "bob@example.com")]))
    ended = terminal("plan")
    assert ended.code == 1
    return ended.err


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("alcie@example.com", "did you mean alice@example.com?"),
        ("alice@exmaple.com", "did you mean alice@example.com?"),
        ("Li.Wei@example.com", "did you mean li.wei2@example.com?"),
        ("zoe@example.com", "use an address, a short name from `people`, or an exact name"),
        ("example@example.com", "use an address, a short name from `people`, or an exact name"),
    ],
)
def test_an_unknown_address(terminal: Terminal, address: str, remedy: str) -> None:
    said = f"nobody in the account is `{address}`; {remedy}\n"
    assert refused(terminal, address).endswith(said)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("alcie", "did you mean alice@example.com?"),
        ("Alice Zang", "did you mean Alice Zhang?"),
        ("Nobody Atall", "use an address, a short name from `people`, or an exact name"),
    ],
)
def test_an_unknown_name(terminal: Terminal, name: str, remedy: str) -> None:
    assert refused(terminal, name).endswith(f"nobody in the account is `{name}`; {remedy}\n")


def test_whoever_has_no_address_is_suggested_by_name(terminal: Terminal) -> None:
    terminal.sandbox.world.account.change_person(ALICE, email="")
    said = refused(terminal, "alicezhang@example.com")
    assert said.endswith("did you mean Alice Zhang?\n")


def test_nobody_who_left_is_suggested(terminal: Terminal) -> None:
    assert "did you mean" not in refused(terminal, "oskar@example.com")


def test_a_pending_member_with_the_name_of_an_enabled_one_is_noted(terminal: Terminal) -> None:
    terminal.sandbox.world.account.change_person("mallory@example.com", name="Bob Martin")
    terminal.declare(schedule(layers=[layer("Bob Martin", "alice@example.com")]))
    ended = terminal("plan")
    assert ended.code == 0
    said = " ".join(ended.out.split())
    assert "a pending member has the name `Bob Martin` too (mallory@example.com)" in said
    assert "write bob@example.com to be sure" in said
    terminal.declare(schedule(layers=[layer("bob@example.com", "alice@example.com")]))
    assert "pending" not in terminal("plan").out


# Where person and member ids differ


def persons(people: Mapping[int, int]) -> Callable[[str, Any, Act], Reply | None]:
    """A platform on which a person's id leads to whoever has the member id given for it."""

    def answer(endpoint: str, body: Any, act: Act) -> Reply | None:
        if endpoint != "/person/infos":
            return None
        wanted = body["person_ids"]
        members = [people.get(id, id) for id in wanted]
        body["person_ids"] = members
        content: Any = act().content
        content["data"]["items"] = [
            {**item, "person_id": wanted[members.index(item["person_id"])]}
            for item in content["data"]["items"]
        ]
        return Reply(content=content)

    return answer


def test_a_member_id_that_is_another_person_s(terminal: Terminal) -> None:
    terminal.sandbox.hook = persons({ALICE: CAROL, CAROL: ALICE})
    assert refused(terminal, "alice@example.com") == (
        f"error: Alice Zhang <alice@example.com> has the member id {ALICE}, but person {ALICE} is "
        "Carol Diaz <carol@example.com>; write their person id, as in {id: 2476444212111}; the "
        "platform's support can tell it\n"
    )


def test_the_person_id_is_the_way_out(terminal: Terminal) -> None:
    terminal.sandbox.hook = persons({ALICE: CAROL, CAROL: ALICE})
    terminal.config(people={"alice": {"id": str(CAROL)}})
    terminal.declare(schedule(layers=[layer("alice", "bob@example.com")]))
    ended = terminal("plan", "-v")
    assert ended.code == 0, ended
    (action,) = terminal("plan", "--format", "json").json["actions"]
    people = {person["email"] for effect in action["effects"] for person in effect["after"]}
    assert people == {"alice@example.com", "bob@example.com"}


def test_whoever_left_keeps_the_short_name_that_the_files_use(terminal: Terminal) -> None:
    terminal.config(people={"carol": "carol@example.com", "bob": "bob@example.com"})
    terminal.declare(schedule(layers=[layer("carol")]))
    terminal.apply()
    terminal.sandbox.console.leave("carol@example.com")
    oncall = terminal("oncall").out
    terminal.declare(schedule(layers=[layer("bob")]))
    plan, drift = terminal("plan").out, terminal("drift").out
    assert "- carol" in plan
    assert "- carol" in drift
    assert not [out for out in (oncall, plan, drift) if "Carol Diaz" in out]
