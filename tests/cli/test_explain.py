"""`explain`: why somebody is on call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # the texts hold dates

AT = ("--at", "2026-12-25 10:00")
"""While Dave covers on the demo's database rota."""
PEOPLE = {name: f"{name}@example.com" for name in ("alice", "bob", "carol", "dave", "heidi")}


@pytest.fixture
def named(demo: Terminal) -> Terminal:
    """The demo's account, with short names."""
    demo.config(people=PEOPLE)
    return demo


def test_the_chain_of_reasons(named: Terminal) -> None:
    ended = named("explain", "Database On-Call", *AT)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Database On-Call (id 5789640530410) at Fri 25 Dec 10:00, Asia/Shanghai",
        "",
        "dave is on call until Mon 28 Dec 10:00.",
        "",
        "  override Bob swaps with Dave",
        "      on duty     dave",
        "      runs        Thu 24 Dec 10:00 – Mon 28 Dec 10:00",
        "      made in     the console; it takes the place of all layers",
        "",
        "  layer Primary",
        "      off duty    an override takes its place; else carol",
        "      turn        51: Mon 21 Dec 10:00 – Mon 28 Dec 10:00; group 3 of 3, carol",
        "      rotation    1 week, handoff mon 10:00, from Mon 5 Jan 10:00",
    ]


def test_of_two_overrides_the_higher_weight_decides(named: Terminal) -> None:
    def add_heavy_override(live: dict[str, Any]) -> None:
        (cover,) = (one for one in live["layers"] if one["layer_name"] == "Bob swaps with Dave")
        person_id = named.sandbox.world.account.person("heidi@example.com").person_id
        seats = [{"role_id": 0, "person_ids": [person_id]}]
        groups = [{"group_name": "A", "members": seats}]
        live["layers"] += [{**cover, "layer_name": "Fire", "weight": 1, "groups": groups}]

    named.sandbox.console.edit("Database On-Call", add_heavy_override)
    ended = named("explain", "Database On-Call", *AT)
    assert (ended.code, ended.err) == (0, "")
    assert "heidi is on call until Mon 28 Dec 10:00." in ended.out
    assert "off duty    an override with a higher weight takes its place; else dave" in ended.out
    document = named("explain", "Database On-Call", *AT, "--format", "json").json
    assert document["agrees"] is True
    assert [one["replaced"] for one in document["overrides"]] == [True, False]


def test_nobody_is_on_call(named: Terminal) -> None:
    ended = named("explain", "Legacy*", "--at", "2026-11-21 16:33")
    assert "!! nobody is on call until Mon 23 Nov 00:00." in ended.out
    assert "mon-fri; Saturday is not one of them" in ended.out


def test_json(named: Terminal) -> None:
    document = named("explain", "database on-call", *AT, "--format", "json")
    assert document.code == 1  # names are compared as they are
    document = named("explain", "Data*", *AT, "--format", "json").json
    assert document["agrees"] is True
    assert document["on_call"][0]["person"] == "dave"
    assert document["overrides"][0]["from"] == "console"
    assert document["layers"][0]["turn"]["group"] == 3


def test_now_is_the_default(named: Terminal) -> None:
    ended = named("explain", "Database On-Call")
    assert ended.code == 0
    assert "is on call until" in ended.out


def test_the_platform_decides_about_fair_layers(terminal: Terminal) -> None:
    terminal.config(people=PEOPLE)
    terminal.declare(schedule(layers=[layer("alice", "bob", fair=True)]))
    terminal.apply()
    ended = terminal("explain", "Production", *AT)
    assert "is on call until" in ended.out
    assert "on duty     the platform decides (fair)" in ended.out
    document = terminal("explain", "Production", *AT, "--format", "json").json
    assert (document["explained"], document["agrees"]) == (None, None)
    assert document["on_call"]
    ended = terminal("explain", "Production", "--offline", *AT)
    assert "Only the platform knows who is on call" in ended.out


def test_offline_counts_from_start(terminal: Terminal) -> None:
    terminal.config(people=PEOPLE)
    terminal.declare(schedule(layers=[layer("alice", "bob")]), schedule("Other"))
    ended = terminal("explain", "Prod*", "--offline", *AT)
    assert ended.code == 0
    assert "counted from `start`" in ended.out
    assert "alice is on call until Mon 28 Dec 10:00." in ended.out
    assert terminal.sandbox.log == []
    ended = terminal("explain", "Nobody", "--offline")
    assert (ended.code, ended.out) == (1, "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Database", "is named `Database`; did you mean `Database On-Call`?"),
        ("Legasy NOC", "is named `Legasy NOC`; did you mean `Legacy NOC`?"),
        ("xyz", "is named `xyz`; `flashsync oncall --all` lists them"),
        ("*", "`; name one of them"),
    ],
)
def test_a_name_that_means_no_schedule(named: Terminal, name: str, said: str) -> None:
    ended = named("explain", name)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: ")
    assert ended.err.endswith(f"{said}\n")


def test_hostile_names_do_no_harm(demo: Terminal) -> None:
    demo.sandbox.console.rename("Legacy NOC", "\x1b[31mred\u202eback")
    for format_ in ("text", "json"):
        for name in ("*red*", "*", "\x1b[31m"):
            ended = demo("explain", name, "--format", format_)
            assert "\x1b" not in ended.out + ended.err
            assert "\u202e" not in ended.out + ended.err
