"""The account itself is a person, usually its owner: on call, and named, like anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import Reply
from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # the texts hold dates

OWNER = 2476444212001
"""The account's id, which is the person's, too."""
AT = "2026-11-21 16:33"


@pytest.fixture
def owned(terminal: Terminal) -> Terminal:
    """The account's owner is Lei, who has a short name in the files."""
    account = terminal.sandbox.world.account
    assert account.account_id == OWNER
    account.change_person(OWNER, name="Wang Lei", email="lei@example.com")
    terminal.config(people={"lei": {"email": "lei@example.com"}, "bob": "bob@example.com"})
    return terminal


def on_call(terminal: Terminal) -> list[list[int]]:
    """The people of each live turn."""
    (live,) = terminal.sandbox.world.account.schedules.values()
    return [
        [person for seat in group.seats for person in seat.person_ids]
        for layer in live.layers
        for group in layer.groups
    ]


WAYS: list[Any] = [
    *("lei@example.com", "LEI@Example.com", "Wang Lei", "lei", str(OWNER)),
    *({"id": str(OWNER)}, {"email": "lei@example.com"}, {"name": "Wang Lei"}),
]


@pytest.mark.parametrize("name", WAYS, ids=str)
def test_the_owner_is_named_in_each_way(owned: Terminal, name: Any) -> None:
    owned.declare(schedule(layers=[layer(name, "bob")]))
    owned.apply()
    assert on_call(owned) == [[OWNER], [2476444212121]]
    assert owned("plan", "--detailed-exitcode").code == 0
    assert "lei" in owned("show", "--live").out
    assert owned("oncall", "--at", AT).out.splitlines()[2].startswith("Production  bob")


def test_the_owner_without_an_address(owned: Terminal) -> None:
    owned.sandbox.world.account.change_person(OWNER, email="")
    owned.config(people={})
    owned.declare(schedule(layers=[layer("Wang Lei", "bob@example.com")]))
    owned.apply()
    assert on_call(owned)[0] == [OWNER]


def test_whoever_the_console_put_on_call_has_a_name(owned: Terminal) -> None:
    owned.declare(schedule(layers=[layer("lei", "bob")]))
    owned.apply()
    owned.config()
    shown = owned("oncall", "--all", "--at", "2026-11-24 12:00").out
    assert "Wang Lei" in shown
    assert str(OWNER) not in shown


def test_the_plan_names_the_owner_who_goes(owned: Terminal) -> None:
    owned.declare(schedule(layers=[layer("lei", "bob")]))
    owned.apply()
    owned.declare(schedule(layers=[layer("alice@example.com", "bob")]))
    assert "lei → bob" in owned("plan").out


def test_drift_says_that_the_owner_wrote_last(owned: Terminal) -> None:
    owned.declare(schedule(layers=[layer("alice@example.com", "bob")]))
    owned.apply()
    owned.sandbox.console.edit("Production", {"description": "By hand"}, by=OWNER)
    ended = owned("drift")
    assert ended.code == 2
    assert "last written by lei" in " ".join(ended.out.split())


def test_a_misspelt_address_of_the_owner_is_suggested(owned: Terminal) -> None:
    owned.declare(schedule(layers=[layer("leii@example.com", "bob")]))
    ended = owned("plan")
    assert ended.code == 1
    assert "did you mean lei@example.com?" in ended.err


def test_my_shifts_show_the_owner_who_shares_them(owned: Terminal) -> None:
    owned.declare(schedule(layers=[layer(["lei", "alice@example.com"], "bob")]))
    owned.apply()
    ended = owned("oncall", "--mine", "--at", AT, "--days", "20")
    assert ended.code == 0
    assert "lei" in ended.out


def test_the_owner_asks_for_their_own_shifts(owned: Terminal) -> None:
    """With a key for which `/member/info` names the account, as the owner's may."""
    owned.declare(schedule(layers=[layer(["lei", "alice@example.com"], "bob")]))
    owned.apply()
    about = {
        "account_id": OWNER,
        "account_name": "Acme Corp",
        "account_time_zone": "Asia/Shanghai",
        "member_id": OWNER,
    }
    own = Reply(content={"data": about})
    owned.sandbox.hook = lambda endpoint, body, act: own if endpoint == "/member/info" else None
    ended = owned("oncall", "--mine", "--at", AT, "--days", "20")
    assert ended.code == 0
    assert ended.out.startswith("Shifts of lei, ")
    assert "Production  with Alice Zhang" in ended.out


@pytest.mark.parametrize("who", ["lei", "Wang Lei", "lei@example.com", str(OWNER)])
def test_the_owner_joins_leaves_and_hands_over(owned: Terminal, who: str) -> None:
    owned.declare(schedule(layers=[layer("alice@example.com", "bob")]))
    owned.apply()
    assert owned("add", who, "--to", "Production").code == 0
    owned.apply()
    assert [OWNER] in on_call(owned)
    assert owned("replace", "lei@example.com", "--with", "carol@example.com").code == 0
    owned.declare(schedule(layers=[layer(who, "bob")]))
    assert owned("remove", "lei@example.com").code == 0
    assert "lei" not in (owned.folder / "schedules/0.yaml").read_text(encoding="utf-8")


def test_the_owner_is_told_apart_from_a_member_of_the_same_address(owned: Terminal) -> None:
    owned.sandbox.world.account.change_person(OWNER, email="alice@example.com")
    owned.config()
    owned.declare(schedule(layers=[layer("alice@example.com", "bob@example.com")]))
    ended = owned("plan")
    assert ended.code == 1
    assert "2 people have the address `alice@example.com`" in ended.err
    assert f"write {OWNER} (Wang Lei) or 2476444212111 (Alice Zhang)" in ended.err
