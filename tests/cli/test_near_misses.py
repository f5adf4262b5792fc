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
