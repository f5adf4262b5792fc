"""Rota tests as they are written: every form, and the line of every mistake."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flashsync.declared.expectation import people_in
from flashsync.declared.jsonschema import schedule_schema
from flashsync.declared.parse import read_config
from flashsync.declared.people import NamedBy, PersonName
from flashsync.declared.scalars import Length, Moment
from flashsync.model.schedule import Unit
from tests.declared.helpers import Wrong, document, layer, schedule, wrong, wrong_config

AT = "2026-12-25 10:00"
CHRISTMAS = Moment(1_798_192_800)
EDITOR = Draft202012Validator(schedule_schema())


def test_who_is_on_call_at_a_time() -> None:
    (one,) = schedule(expect=[{"at": AT, "on_call": ["alice", {"email": "b@x"}]}]).expect
    assert one.at == CHRISTMAS
    assert one.on_call == (PersonName("alice"), PersonName("b@x", NamedBy.EMAIL))
    assert (one.any_of, one.not_, one.role, one.always, one.at_most) == (None,) * 5


def test_who_is_and_who_is_not() -> None:
    (one,) = schedule(
        expect=[{"at": AT, "any_of": ["alice"], "not": ["bob"], "role": "backup"}]
    ).expect
    assert (one.any_of, one.not_) == ((PersonName("alice"),), (PersonName("bob"),))
    assert one.role == "backup"


def test_always_covered_and_at_most() -> None:
    always = {"always": "covered", "from": AT, "to": "2026-12-27T00:00Z"}
    one, other = schedule(expect=[always, {"at_most": "7 days"}]).expect
    assert (one.always, one.from_, one.to) == ("covered", CHRISTMAS, Moment(1_798_329_600, 0))
    assert other.at_most == Length(7, Unit.DAY)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("1 week", 1, Unit.WEEK), ("36 Hours", 36, Unit.HOUR), ("1day", 1, Unit.DAY)],
)
def test_lengths(text: str, value: int, unit: Unit) -> None:
    assert schedule(expect=[{"at_most": text}]).expect[0].at_most == Length(value, unit)


def test_everyone_who_is_named() -> None:
    given = schedule(
        expect=[
            {"at": AT, "on_call": ["a", "b"]},
            {"at": AT, "any_of": ["c"], "not": ["d"]},
            {"at_most": "1 day"},
        ]
    )
    assert [str(name) for name in people_in(given.expect)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("entry", "path", "text", "at_key"),
    [
        ({"at": AT}, ("at",), "`at` needs people; add `on_call`, `any_of` or `not`", False),
        ({"at": AT, "role": "backup"}, ("at",), "`at` needs people; add `on_call`, `any_of` or `not`", False),
        ({"on_call": ["a"]}, (), "empty expectation; add `at` with people, `always: covered` or `at_most`", False),
        ({"at": AT, "on_call": ["a"], "not": ["b"]}, ("not",), "`not` has no effect next to `on_call`; remove it", True),
        ({"at": AT, "on_call": ["a"], "any_of": ["b"]}, ("any_of",), "`any_of` has no effect next to `on_call`; remove it", True),
        ({"at": AT, "on_call": ["a"], "at_most": "1 day"}, ("at_most",), "`at` and `at_most` cannot be in one entry; write an entry for each", True),
        ({"at": AT, "on_call": ["a"], "to": AT}, ("to",), "`to` works only with `always`; remove it", True),
        ({"at_most": "1 day", "role": "backup"}, ("role",), "`role` works only with `at` or `always`; remove it", True),
        ({"always": "covered", "to": AT}, (), "`from` is missing; add `from:`", False),
        ({"always": "covered", "from": AT}, (), "`to` is missing; add `to:`", False),
        ({"always": "manned", "from": AT, "to": AT}, ("always",), "unknown value of `always` `manned`; use covered", False),
        ({"at": AT, "people": ["a"]}, ("people",), "unknown key `people`; write `on_call`", True),
        ({"at": AT, "oncall": ["a"]}, ("oncall",), "unknown key `oncall`; did you mean `on_call`?", True),
        ({"at": AT, "on_call": []}, ("on_call",), "the list is empty; add at least one entry", False),
        ({"at": AT, "on_call": "a"}, ("on_call",), "expected a list, found a text; write its entries as `- …` lines, or in [brackets]", False),
        ({"at": "2026-12-25", "on_call": ["a"]}, ("at",), "`2026-12-25` is a date without a time; write 2026-12-25 00:00; the end is not included", False),
        ({"at_most": "7"}, ("at_most",), "expected a length of time, got `7`; use a value like 7 days, 1 week or 36 hours", False),
        ({"at_most": "0 days"}, ("at_most",), "must be at least 1 hour, got `0 days`", False),
        ({"at_most": "1 month"}, ("at_most",), "expected a length of time, got `1 month`; use a value like 7 days, 1 week or 36 hours", False),
        ("alice", (), "expected a mapping, found a text; write `key: value` lines", False),
    ],
)  # fmt: skip
def test_mistakes(entry: Any, path: tuple[str, ...], text: str, at_key: bool) -> None:
    """An editor marks them, too."""
    tree = document(expect=[{"at_most": "7 days"}, entry])
    found = wrong(tree)
    assert found[0] == Wrong(("expect", 1, *path), text, at_key)
    assert not EDITOR.is_valid(tree)


@pytest.mark.parametrize(
    "entry",
    [
        {"at": AT, "on_call": ["a"], "role": "backup"},
        {"at": AT, "any_of": ["a", {"id": 5}]},
        {"at": AT, "not": ["a"], "any_of": ["b"], "role": 7},
        {"always": "covered", "from": AT, "to": AT},
        {"always": "covered"},
        {"always": "covered", "role": "primary"},
        {"at_most": "2 weeks"},
    ],
)
def test_an_editor_accepts_each_form(entry: dict[str, Any]) -> None:
    assert list(EDITOR.iter_errors(document(expect=[entry]))) == []


def test_rules_are_listed_with_other_mistakes() -> None:
    tree = document(layers=[layer(rotation="x")], expect=[{"at": AT}, {"at_most": "x"}])
    assert [one.path for one in wrong(tree)] == [
        ("layers", 0, "rotation"),
        ("expect", 1, "at_most"),
        ("expect", 0, "at"),
    ]
    assert wrong(document(expect="x"))[0].path == ("expect",)


def test_only_one_check_looks_ahead() -> None:
    found = read_config({"checks": {"short_notice": {"level": "warn", "within": "2 days"}}})
    assert found.checks["short_notice"].within == 172_800
    assert wrong_config(checks={"coverage_gap": {"level": "warn", "within": "1h"}}) == [
        Wrong(
            ("checks", "coverage_gap"),
            "`within` works only for `short_notice`; remove it from `coverage_gap`",
            at_key=True,
        )
    ]
