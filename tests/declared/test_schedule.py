"""Schedule documents: what is read from each way to write one."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flashsync.declared.jsonschema import schedule_schema
from flashsync.declared.parse import read_config
from flashsync.declared.people import NamedBy, PersonName
from flashsync.declared.scalars import Length, Moment
from flashsync.declared.schedule import people_in
from flashsync.model.desired import RolloutKind
from flashsync.model.notify import SecretReference
from flashsync.model.schedule import Hours, Rotation, Unit
from tests.declared.helpers import Wrong, document, layer, one_layer, schedule, wrong, wrong_config

Person = tuple[PersonName, str | None]


def person(text: str, by: NamedBy = NamedBy.ANY, role: str | None = None) -> Person:
    return PersonName(text, by), role


def group(*members: Person, name: str | None = None) -> tuple[str | None, tuple[Person, ...]]:
    return name, members


def test_the_smallest_schedule_leaves_all_else_out() -> None:
    found = schedule()
    assert (found.id, found.renamed_from, found.description, found.team) == (None,) * 4
    assert (found.rollout, found.notify, found.overrides, found.absent) == (None, None, (), False)
    assert found.layers is not None
    first = found.layers[0]
    assert (first.layer, first.rotation, first.start) == (
        "Primary",
        Rotation(1, Unit.WEEK),
        Moment(1_767_607_200),
    )
    assert (first.handoff, first.end, first.days, first.hours, first.continuous) == (None,) * 5
    assert (first.fair, first.rollout, first.renamed_from) == (False, None, None)


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        (["alice"], [group(person("alice"))]),
        ([["bob", "carol"]], [group(person("bob"), person("carol"))]),
        (["2476444212131"], [group(person("2476444212131"))]),
        ([{"person": "dave"}], [group(person("dave"))]),
        (
            [{"person": "erin@example.com", "role": "backup"}],
            [group(person("erin@example.com", role="backup"))],
        ),
        ([{"id": "007"}], [group(person("7", NamedBy.ID))]),
        ([{"email": "a@b"}], [group(person("a@b", NamedBy.EMAIL))]),
        ([{"name": "12"}], [group(person("12", NamedBy.NAME))]),
        ([{"person": {"name": "@x"}, "role": "1"}], [group(person("@x", NamedBy.NAME, "1"))]),
        ([[{"name": "Dave Wu"}, "bob"]], [group(person("Dave Wu", NamedBy.NAME), person("bob"))]),
        (
            [{"group": "Night crew", "members": ["dave", {"person": "erin", "role": "backup"}]}],
            [group(person("dave"), person("erin", role="backup"), name="Night crew")],
        ),
        ([{"members": ["dave"]}], [group(person("dave"))]),
    ],
)  # fmt: skip
def test_every_way_to_write_a_group(written: list[Any], groups: list[Any]) -> None:
    found = [
        group(*((one.person, one.role) for one in turn.members), name=turn.group)
        for turn in one_layer(groups=written).groups
    ]
    assert found == groups


def test_days_and_hours_take_one_or_several() -> None:
    assert one_layer(days="mon-fri").days == one_layer(days=["mon-wed", "thu", "fri"]).days
    one, several = one_layer(hours="09:00-18:00").hours, one_layer(hours=["09:00-18:00"]).hours
    assert one == several == Hours("day", ((32400, 64800),))


def test_the_rest_of_a_layer() -> None:
    found = one_layer(
        handoff="mon 10:00",
        end="2027-01-01 00:00",
        days="sat",
        continuous="false",
        fair="true",
        rollout="exact",
        renamed_from="on",
        layer="2026",
    )
    assert (found.handoff, found.end) == (36000, Moment(1_798_761_600))
    assert (found.continuous, found.fair, found.renamed_from) == (False, True, "on")
    assert (found.layer, found.days) == ("2026", frozenset({6}))
    assert found.rollout is not None
    assert found.rollout.kind is RolloutKind.EXACT


def test_the_rest_of_a_schedule() -> None:
    found = schedule(
        schedule="2026",
        id="5",
        renamed_from=" Old ",
        description="a\n",
        team="none",
        rollout="2026-01-05 10:30",
        overrides=[
            {
                "override": "x" * 28,
                "from": "2026-12-01 00:00",
                "to": "2026-12-03 00:00 +08:00",
                "people": ["bob", {"id": "3"}],
            }
        ],
    )
    assert (found.schedule, found.id, found.renamed_from) == ("2026", 5, "Old")
    assert (found.description, found.team) == ("a", "none")
    assert found.rollout is not None
    assert found.rollout.at == Moment(1_767_609_000)
    cover = found.overrides[0]
    assert (cover.override, cover.from_, cover.to) == (
        "x" * 28,
        Moment(1_796_083_200),
        Moment(1_796_256_000, 28800),
    )
    assert cover.people == (PersonName("bob"), PersonName("3", NamedBy.ID))


def test_an_absent_schedule_needs_no_layers() -> None:
    assert schedule(absent="true", layers=None).layers is None
    assert schedule(absent="true").absent


@pytest.mark.parametrize(
    ("written", "before", "daily_at", "channels"),
    [
        ({}, None, None, None),
        ({"before": "0 min"}, 0, None, None),
        ({"before": "5 min", "daily_at": "08:00"}, 300, "08:00", None),
        ({"by": "preference"}, None, None, ()),
        ({"by": ["preference"]}, None, None, ()),
        ({"by": "email"}, None, None, ("email",)),
        ({"by": ["sms", "feishu_app:5_a"]}, None, None, ("sms", "feishu_app:5_a")),
        ({"by": ["phone", "slack_app:T01"]}, None, None, ("phone", "slack_app:T01")),
        ({"by": "teams_app:x-1"}, None, None, ("teams_app:x-1",)),
        ("off", None, None, None),
        (" off ", None, None, None),
    ],
)
def test_who_gets_a_notice_and_when(
    written: Any, before: int | None, daily_at: str | None, channels: tuple[str, ...] | None
) -> None:
    found = schedule(notify=written).notify
    assert found is not None
    assert (found.before, found.daily_at) == (before, daily_at)
    assert (found.by and (found.by.channels or ())) == channels


def test_no_notify_is_not_notify_off() -> None:
    assert schedule().notify is None
    assert schedule(notify="off").notify is not None


def test_chats() -> None:
    found = schedule(
        notify={
            "chats": [
                {"type": "feishu_app", "data_source_id": "5427276014131", "chat_ids": ["oc_60a6"]},
                {
                    "type": "dingtalk",
                    "alias": "007",
                    "token": {"env": "DING_TOKEN"},
                    "verify_token": {"file": "~/x y"},
                    "sign_secret": {"file": "/run/secrets/ding"},
                },
            ]
        }
    ).notify
    assert found is not None
    app, ding = found.chats
    assert (app.type, app.data_source_id, app.chat_ids) == (
        "feishu_app",
        5427276014131,
        ("oc_60a6",),
    )
    assert (app.alias, app.token, ding.data_source_id, ding.chat_ids) == (None, None, None, ())
    assert (ding.alias, ding.token, ding.verify_token, ding.sign_secret) == (
        "007",
        SecretReference("env", "DING_TOKEN"),
        SecretReference("file", "~/x y"),
        SecretReference("file", "/run/secrets/ding"),
    )


def test_models_are_frozen() -> None:
    found = schedule()
    with pytest.raises(AttributeError):
        found.team = "x"  # type: ignore[misc]


def test_helpers_leave_out_what_is_none() -> None:
    assert "layers" not in document(layers=None)
    assert "start" not in layer(start=None)


# Expectations: their forms, and what may be in one entry.

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
