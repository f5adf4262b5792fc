"""Schedule documents: what is read from each way to write one."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.declared.people import NamedBy, PersonName
from flashsync.declared.scalars import Moment
from flashsync.model.desired import RolloutKind
from flashsync.model.notify import SecretReference
from flashsync.model.schedule import Hours, Rotation, Unit
from tests.declared.helpers import document, layer, one_layer, schedule

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
