"""What people write by habit, by copy and paste or in their own language is not passed over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # the texts hold dates


@pytest.fixture
def named(terminal: Terminal) -> Terminal:
    """Alice and Bob have short names."""
    terminal.config(people={"alice": "alice@example.com", "bob": "bob@example.com"})
    return terminal


def said(terminal: Terminal, *trees: Any) -> tuple[int, str]:
    """How `validate` ends, and what it says without the positions."""
    terminal.declare(*trees)
    ended = terminal("validate")
    first = ended.out.splitlines()[0]
    return ended.code, first.partition(" ")[2]


HABITS: list[tuple[dict[str, Any], str, str]] = [
    ({"rotation": "fortnightly"}, "expected the length of a turn, got", "write 2 weeks"),
    ({"rotation": "biweekly"}, "expected the length of a turn, got", "write 2 weeks"),
    ({"rotation": "Bi-Weekly"}, "expected the length of a turn, got", "write 2 weeks"),
    ({"rotation": "quarterly"}, "expected the length of a turn, got", "write 3 months"),
    ({"rotation": "every 2 weeks"}, "expected the length of a turn, got", "write 2 weeks"),
    ({"rotation": "every day"}, "expected the length of a turn, got", "write 1 day"),
    ({"rotation": "12h"}, "expected the length of a turn, got", "write 12 hours"),
    ({"rotation": "每周"}, "expected the length of a turn, got", "write 1 week"),
    ({"rotation": "每天"}, "expected the length of a turn, got", "write 1 day"),
    ({"rotation": "每两周"}, "expected the length of a turn, got", "write 2 weeks"),
    ({"rotation": "双周"}, "expected the length of a turn, got", "write 2 weeks"),
    ({"rotation": "１２ 小时"}, "expected the length of a turn, got", "write 12 hours"),
    ({"rotation": "1 周"}, "expected the length of a turn, got", "write 1 week"),
    ({"handoff": "周一 10:00"}, "expected a time of the week, got", "write mon 10:00"),
    ({"handoff": "星期天 10：00"}, "expected a time of the week, got", "write sun 10:00"),
    ({"days": "周一-周五"}, "expected a day or a range of days, got", "write mon-fri"),
    ({"days": "周一至周五"}, "expected a day or a range of days, got", "write mon-fri"),
    ({"days": "工作日"}, "expected a day or a range of days, got", "write mon-fri"),
    ({"days": "weekdays"}, "expected a day or a range of days, got", "write mon-fri"),
    ({"days": ["mon", "周末"]}, "expected a day or a range of days, got", "write sat-sun"),
    (
        {"hours": "周一到周五 09:00-18:00"},
        "expected a window of hours",
        "write mon-fri 09:00-18:00",
    ),
]


@pytest.mark.parametrize(("keys", "message", "remedy"), HABITS, ids=lambda value: str(value))
def test_a_habit_gets_the_right_hint(
    named: Terminal, keys: dict[str, Any], message: str, remedy: str
) -> None:
    code, text = said(named, schedule(layers=[layer("alice", "bob", **keys)]))
    assert code == 1
    assert text.startswith(message)
    assert text.endswith(f"; {remedy}")


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["alice，bob"], "full-width comma in `alice，bob`; write alice, bob, or {name: …}"),
        (["alice、bob"], "full-width comma in `alice、bob`; write alice, bob, or {name: …}"),
        ([["alice", "bob、carol"]], "full-width comma in `bob、carol`; write bob, carol"),
        (["alice, bob"], "`alice, bob` is 2 people in one text; write [alice, bob]"),
        (["alice/bob"], "`alice/bob` is 2 people in one text; write [alice, bob]"),
        (["bob & carol@example.com"], "`bob & carol@example.com` is 2 people in one text"),
        ([["alice and bob"], "bob"], "`alice and bob` is 2 people in one text"),
        ([{"person": "alice;bob", "role": "backup"}], "`alice;bob` is 2 people in one text"),
        ([{"person": "bob", "role": "backup\u200b"}], "invisible character U+200B in `backup�`"),
        (["alice\u200b", "bob"], "invisible character U+200B in `alice�`; remove it"),
        (["\u200ealice", "bob"], "invisible character U+200E in `�alice`; remove it"),
        (["alice\u202e", "bob"], "invisible character U+202E in `alice�`; remove it"),
        ([{"person": "bob\u2060", "role": "backup"}], "invisible character U+2060 in `bob�`"),
        ([{"email": "bob@example.com\u200b"}], "invisible character U+200B in"),
    ],
)
def test_people_that_only_look_right(named: Terminal, groups: Any, message: str) -> None:
    code, text = said(named, schedule(layers=[layer(*groups)]))
    assert code == 1
    assert text.startswith(message)


@pytest.mark.parametrize("name", ["Wu, Dave", "alice, carol", "Anderson", "Bob and Company"])
def test_a_name_may_look_like_several(named: Terminal, name: str) -> None:
    code, text = said(named, schedule(layers=[layer(name, "bob")]))
    assert (code, "people in one text" in text) == (0, False)
    assert said(named, schedule(layers=[layer({"name": "alice, bob"}, "bob")]))[0] == 0


def test_several_people_in_one_text_are_nobody_in_the_account(named: Terminal) -> None:
    named.declare(schedule(layers=[layer("Alice Zhang, bob@example.com")]))
    ended = named("plan")
    assert "nobody in the account is `Alice Zhang, bob@example.com`" in ended.err
    assert "; write [Alice Zhang, bob@example.com]" in ended.err


def test_a_scope_with_an_invisible_character(named: Terminal) -> None:
    named.config(manage={"names": ["prod-*\u200b"]})
    code, text = said(named, schedule())
    assert (code, text) == (1, "invisible character U+200B in `prod-*�`; remove it")


def test_an_exact_name_may_have_a_comma_or_a_joiner(named: Terminal) -> None:
    wide = {"name": "Wu，Dave"}
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    code, _ = said(named, schedule(layers=[layer(wide, family, "می\u200cخواهم")]))
    assert code == 0


@pytest.mark.parametrize(
    "tree",
    [
        schedule("Pro\u200bduction", layers=[layer("alice", "bob")]),
        schedule(layers=[layer("alice", "bob", layer="Primary\u200b")]),
        schedule(layers=[layer({"group": "A\u00ad", "members": ["alice"]}, "bob")]),
        schedule(layers=[layer("alice", "bob")], team="SRE\u200b"),
        schedule(layers=[layer("alice", "bob")], renamed_from="Prod\u200b"),
        schedule(layers=[layer("alice", "bob", renamed_from="Main\u200b")]),
        schedule(
            layers=[layer("alice", "bob")],
            overrides=[
                {
                    "override": "Trip\u200b",
                    "from": "2026-12-01 00:00",
                    "to": "2026-12-02 00:00",
                    "people": ["bob"],
                }
            ],
        ),
    ],
)
def test_a_name_with_an_invisible_character_is_noted(named: Terminal, tree: Any) -> None:
    code, text = said(named, tree)
    assert code == 0
    assert text.startswith("warning: invisible character U+")
    assert text.endswith("; remove it, unless the account has it too")
