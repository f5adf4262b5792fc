"""Wire shapes to state and back: nothing lost, every form read alike, wrong types named."""

from __future__ import annotations

import contextlib
import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api.codec.json_fields import WrongShape
from flashsync.api.codec.layers import write_group
from flashsync.api.codec.schedule import read_schedule, write_schedule
from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import (
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Schedule,
    Stamp,
    Unit,
)
from tests.api import shapes
from tests.api.peers import ZONE

START = 1767542400  # Monday 2026-01-05 00:00 +08:00

WEEKLY = {
    "layer_name": "Primary",
    "mode": 0,
    "layer_start": START,
    "layer_end": None,
    "rotation_unit": "week",
    "rotation_value": 1,
    "handoff_time": 36000,
    "groups": [{"group_name": "A", "members": [{"role_id": 0, "person_ids": [7, 5]}]}],
}
LIVE = {
    "schedule_id": 5,
    "schedule_name": "Ops",
    "description": "d",
    "team_id": 3,
    "layers": [WEEKLY],
    "notify": {"by": {"follow_preference": True}},
}


def layer(**changes: Any) -> dict[str, Any]:
    return {**WEEKLY, **changes}


def read(raw: Any) -> Schedule:
    return read_schedule(raw, ZONE)


def read_layer(**changes: Any) -> Layer:
    return read({**LIVE, "layers": [layer(**changes)]}).layers[0]


def carried_too(schedule: Schedule) -> dict[str, Any]:
    """All of a schedule, also what takes no part in comparisons."""
    return asdict(schedule)


def unknown_keys(value: Any) -> Iterator[tuple[str, str]]:
    """All keys that are nobody's, with their values."""
    if isinstance(value, list):
        for item in value:
            yield from unknown_keys(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("x_"):
                yield key, json.dumps(item)
            else:
                yield from unknown_keys(item)


@given(shapes.schedules())
def test_reading_and_writing_loses_nothing(raw: dict[str, Any]) -> None:
    before = copy.deepcopy(raw)
    first = read(raw)
    body = write_schedule(first)
    again = read(json.loads(json.dumps(body)))
    assert again == first
    same = replace(first, stamp=Stamp(), overrides=again.overrides)  # these are completed
    assert carried_too(again) == carried_too(same)
    assert write_schedule(again) == body
    assert Counter(unknown_keys(body)) == Counter(unknown_keys(raw))
    assert raw == before


@given(st.data())
def test_every_form_reads_alike(data: st.DataObject) -> None:
    raw = data.draw(shapes.schedules())
    other = data.draw(shapes.other_form(raw))
    assert read(other) == read(raw)
    assert Counter(unknown_keys(write_schedule(read(other)))) == Counter(unknown_keys(raw))


@given(st.data())
def test_a_wrong_type_anywhere_is_named_and_never_a_crash(data: st.DataObject) -> None:
    raw = copy.deepcopy(data.draw(shapes.schedules()))
    place: Any = raw
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], (dict, list)) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        wrong = st.sampled_from(["x", 1.5, True, -1, 10**17, 10**30, None, [1], ["x"], {"y": 1}])
        place[key] = data.draw(wrong)
        break
    with contextlib.suppress(WrongShape):
        write_schedule(read(raw))


def test_the_whole_of_a_live_schedule() -> None:
    raw: dict[str, Any] = {
        **LIVE,
        "disabled": 1,
        "status": 1,
        "create_at": 1,
        "update_at": 99,
        "update_by": 8,
        "final_schedule": [],
        "later_field": {"a": 1},
        "layers": [
            layer(
                layer_end=START + 999,
                restrict_mode=1,
                restrict_periods=[{"restrict_start": 64800, "restrict_end": 32400 + 86400}],
                day_mask={"repeat": [1, 2]},
                mask_continuous_enabled=True,
                fair_rotation=True,
                hidden=0,
            ),
            layer(layer_name="Away", mode=1, layer_end=START + 5, stray=1),
        ],
        "notify": {
            "advance_in_time": 0,
            "fixed_time": {"cycle": "day", "start": "08:00"},
            "by": {"follow_preference": False, "personal_channels": ["sms", "email"]},
            "webhooks": [{"type": "slack", "settings": {"token": "t", "chat_ids": ["c"]}}],
            "im": {"x": 1},
        },
    }
    assert read(raw) == Schedule(
        id=5,
        name="Ops",
        description="d",
        team=3,
        layers=(
            Layer(
                name="Primary",
                start=START,
                end=START + 999,
                rotation=Rotation(1, Unit.WEEK),
                groups=(Group(frozenset({Member(5), Member(7)}), "A"),),
                handoff=36000,
                days=frozenset({1, 2}),
                continuous=True,
                hours=Hours("day", ((64800, 32400),)),
                fair=True,
            ),
        ),
        overrides=(Override("Away", START, START + 5, frozenset({Member(5), Member(7)})),),
        notify=Notify(
            before=0,
            daily_at="08:00",
            by=By(channels=frozenset({"email", "sms"})),
            webhooks=(Webhook("slack", chats=frozenset({"c"}), token=Secret("t")),),
        ),
    )
    assert read(raw).stamp == Stamp(by=8, at=99)
    assert read(raw).disabled
    assert read(raw).carried == {"later_field": {"a": 1}}
    assert read(raw).layers[0].carried["hidden"] == 0
    assert read(raw).overrides[0].carried == raw["layers"][1]
    assert read(raw).notify.carried == {"im": {"x": 1}}


def test_the_body_of_a_write_has_every_field() -> None:
    new = Schedule(
        name="New",
        layers=(
            Layer(
                name="L",
                start=START,
                end=None,
                rotation=Rotation(2, Unit.DAY),
                groups=(Group(frozenset({Member(9), Member(8), Member(7, 1)})),),
            ),
        ),
        overrides=(
            Override("Away [flashsync]", START, START + 60, frozenset({Member(4), Member(3)})),
        ),
    )
    assert write_schedule(new) == {
        "schedule_name": "New",
        "description": "",
        "team_id": 0,
        "layers": [
            {
                "layer_name": "L",
                "mode": 0,
                "layer_start": START,
                "enable_time": START,
                "layer_end": None,
                "expire_time": 0,
                "rotation_unit": "day",
                "rotation_value": 2,
                "handoff_time": 0,
                "restrict_mode": 0,
                "restrict_periods": [],
                "mask_continuous_enabled": False,
                "fair_rotation": False,
                "groups": [
                    {
                        "members": [
                            {"role_id": 0, "person_ids": [8, 9]},
                            {"role_id": 1, "person_ids": [7]},
                        ],
                        "start": 0,
                        "end": 0,
                    }
                ],
            },
            {
                "layer_name": "Away [flashsync]",
                **UNUSED,
                "mode": 1,
                "layer_start": START,
                "enable_time": START,
                "layer_end": START + 60,
                "expire_time": START + 60,
                "groups": [
                    {"members": [{"role_id": 0, "person_ids": [3, 4]}], "start": 0, "end": 0}
                ],
            },
        ],
        "notify": {"by": {"follow_preference": False, "personal_channels": []}, "webhooks": []},
    }


def test_weekly_hours_and_masks_are_written() -> None:
    live = read_layer(
        restrict_mode=2,
        restrict_periods=[{"restrict_start": 600000, "restrict_end": 604800 + 5}],
    )
    body = write_schedule(Schedule("n", layers=(replace(live, days=frozenset({6, 0})),)))
    (written,) = body["layers"]
    assert written["restrict_mode"] == 2
    assert written["restrict_periods"] == [{"restrict_start": 600000, "restrict_end": 604805}]
    assert written["day_mask"] == {"repeat": [0, 6]}
    new = replace(live, hours=Hours("week", ((7, 9), (600000, 5))))
    (written,) = write_schedule(Schedule("n", layers=(new,)))["layers"]
    assert written["restrict_periods"] == [
        {"restrict_start": 7, "restrict_end": 9},
        {"restrict_start": 600000, "restrict_end": 5},
    ]


def test_a_carried_field_never_wins_over_a_declared_one() -> None:
    live = read_layer(day_mask={"repeat": [1], "x_a": 1})
    live = replace(live, days=None, carried={**live.carried, "layer_name": "old", "mode": 1})
    (written,) = write_schedule(Schedule("n", layers=(live,)))["layers"]
    assert written["layer_name"] == "Primary"
    assert written["mode"] == 0
    assert "day_mask" not in written


UNUSED = {
    "rotation_unit": "day",
    "rotation_value": 1,
    "handoff_time": 0,
    "restrict_mode": 0,
    "restrict_periods": [],
    "mask_continuous_enabled": False,
    "fair_rotation": False,
}
"""What an override does not use, as the official provider sends it (api.md)."""


@pytest.mark.parametrize(
    "answered",
    [
        {},
        {"rotation_unit": "", "rotation_value": 0, "rotation_duration": 0, "layer_end": None},
        {"restrict_periods": None, "day_mask": {"repeat": None}, "rotation_unit": None},
        {"day_mask": {"repeat": []}, "fair_rotation": None, "day_mask_2": None},
    ],
)
def test_a_live_override_is_written_back_complete(answered: dict[str, Any]) -> None:
    raw = {"name": "Away", "mode": 1, "enable_time": 5, "expire_time": 9, "groups": [], "odd": [1]}
    body = write_schedule(read({**LIVE, "layers": [{**raw, **answered}, WEEKLY]}))
    unknown = {"day_mask_2": None} if "day_mask_2" in answered else {}
    assert body["layers"][1] == {**UNUSED, **raw, **unknown}
    assert body["layers"][0]["mode"] == 0


@pytest.mark.parametrize(
    ("times", "end"),
    [
        ({"layer_end": None}, None),
        ({"layer_end": 0}, None),
        ({"layer_end": 0, "expire_time": 99}, None),
        ({"layer_end": None, "expire_time": START + 9}, START + 9),
        ({"layer_end": START + 1, "expire_time": START + 9}, START + 1),
        ({"layer_end": None, "expire_time": 0}, None),
    ],
)
def test_ends_and_their_mirrors(times: dict[str, Any], end: int | None) -> None:
    assert read_layer(**times).end == end


def test_a_start_wins_over_its_mirror() -> None:
    assert read_layer(enable_time=5).start == START


@pytest.mark.parametrize(
    ("changes", "handoff"),
    [
        ({"handoff_time": 0, "layer_start": START + 3600}, 3600),
        ({"handoff_time": None, "layer_start": START}, 0),
        ({"rotation_unit": "day", "rotation_value": 7}, 36000),
        ({"rotation_unit": "day"}, None),
    ],
)
def test_handoffs(changes: dict[str, Any], handoff: int | None) -> None:
    assert read_layer(**changes).handoff == handoff


def test_continuous_means_nothing_without_a_mask() -> None:
    assert not read_layer(mask_continuous_enabled=True, day_mask={"repeat": []}).continuous


def test_members_of_one_role_may_come_in_parts() -> None:
    parts = [
        {"person_ids": [1]},
        {"role_id": 1, "person_ids": [1]},
        {"role_id": 0, "person_ids": [2]},
    ]
    (group,) = read_layer(groups=[{"name": "", "members": parts, "start": 5}]).groups
    assert group == Group(frozenset({Member(1), Member(2), Member(1, 1)}), None)
    assert group.carried["start"] == 5
    assert write_group(group)["members"] == [{"role_id": 0, "person_ids": [1]}, *parts[1:]]


def notify(**fields: Any) -> Notify:
    return read({**LIVE, "notify": fields}).notify


@pytest.mark.parametrize("empty", [None, [], {}])
def test_no_notify(empty: Any) -> None:
    assert read({**LIVE, "notify": empty}).notify == Notify()


@pytest.mark.parametrize(("sent", "before"), [({}, None), ({"advance_in_time": None}, None)])
def test_before_is_off(sent: dict[str, Any], before: int | None) -> None:
    assert notify(**sent, by=None).before is before


@pytest.mark.parametrize(("before", "body"), [(None, {}), (0, {"advance_in_time": 0})])
def test_before_has_three_states_in_a_write(before: int | None, body: dict[str, Any]) -> None:
    written = write_schedule(Schedule("n", notify=Notify(before=before)))["notify"]
    assert {key: written[key] for key in written if key == "advance_in_time"} == body


def test_a_cycle_that_is_not_known_is_carried_whole() -> None:
    weekly = {"cycle": "week", "start": "08:00", "on": 1}
    live = notify(fixed_time=weekly)
    assert live.daily_at is None
    assert write_schedule(Schedule("n", notify=live))["notify"]["fixed_time"] == weekly
    changed = replace(live, daily_at="09:00")
    written = write_schedule(Schedule("n", notify=changed))["notify"]["fixed_time"]
    assert written["cycle"] == "day"
    assert written["start"] == "09:00"


def webhook(**settings: Any) -> Webhook:
    return notify(webhooks=[{"type": "dingtalk", "settings": settings}]).webhooks[0]


def test_padded_settings_read_as_not_set() -> None:
    padded = webhook(token="", verify_token=None, alias="", data_source_id=0, chat_ids=None)
    assert padded == Webhook("dingtalk")
    written = write_schedule(Schedule("n", notify=Notify(webhooks=(padded,))))["notify"]
    assert written["webhooks"] == [{"type": "dingtalk", "settings": {}}]


def test_a_masked_secret_is_read_and_never_sent() -> None:
    masked = webhook(token="ab***", alias="ops")
    assert masked.token is not None
    assert not masked.token.readable
    with pytest.raises(AssertionError, match="token of dingtalk ops is masked or missing"):
        write_schedule(Schedule("n", notify=Notify(webhooks=(masked,))))


def test_a_reference_without_its_value_is_never_sent() -> None:
    unread = Webhook("slack", sign_secret=Secret(None, SecretReference("env", "X")))
    with pytest.raises(AssertionError, match="sign_secret of slack"):
        write_schedule(Schedule("n", notify=Notify(webhooks=(unread,))))


def test_the_settings_that_are_written() -> None:
    full = Webhook("slack", "a", 5, frozenset({"y", "x"}), token=Secret("t"))
    written = write_schedule(Schedule("n", notify=Notify(webhooks=(full,))))["notify"]
    assert written["webhooks"][0]["settings"] == {
        "alias": "a",
        "data_source_id": 5,
        "chat_ids": ["x", "y"],
        "token": "t",
    }


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"schedule_name": None}, "schedule_name should be text and is missing"),
        ({"schedule_name": 5}, "schedule_name should be text and is another number"),
        ({"team_id": "3"}, "team_id should be a whole number and is text"),
        ({"team_id": True}, "team_id should be a whole number and is true or false"),
        ({"layers": {"a": 1}}, "layers should be a list and is an object"),
        ({"layers": [5]}, "layers[0] should be an object and is another number"),
        ({"disabled": 2}, "disabled should be true or false and is another number"),
        ({"notify": "x"}, "notify should be an object and is text"),
        ({"notify": {"advance_in_time": "x"}}, "notify.advance_in_time should be a whole number"),
        ({"notify": {"by": {"personal_channels": [1]}}}, "notify.by.personal_channels[0] should"),
        ({"notify": {"by": 3}}, "notify.by should be an object"),
        ({"notify": {"webhooks": [{}]}}, "notify.webhooks[0].type should be text and is missing"),
        (
            {"notify": {"webhooks": [{"type": "a", "settings": {"token": 1}}]}},
            "notify.webhooks[0].settings.token should be text",
        ),
        (
            {"notify": {"webhooks": [{"type": "a", "settings": 1}]}},
            "notify.webhooks[0].settings should be an object",
        ),
        ({"layers": [layer(mode=2)]}, "layers[0].mode should be 0 or 1"),
        ({"layers": [layer(layer_start=None)]}, "layers[0].layer_start should be a whole number"),
        ({"layers": [layer(layer_start=START * 1000)]}, "layers[0].layer_start should be a time"),
        ({"layers": [layer(layer_start=-1)]}, "layers[0].layer_start should be a time"),
        ({"layers": [WEEKLY, layer(rotation_unit="x")]}, "layers[1].rotation_unit should be hour"),
        ({"layers": [layer(rotation_value=0)]}, "layers[0].rotation_value should be at least 1"),
        ({"layers": [layer(day_mask={"repeat": [7]})]}, "layers[0].day_mask.repeat should be days"),
        ({"layers": [layer(day_mask={"repeat": ["a"]})]}, "layers[0].day_mask.repeat[0] should be"),
        ({"layers": [layer(restrict_mode=3)]}, "layers[0].restrict_mode should be 0, 1 or 2"),
        (
            {"layers": [layer(restrict_mode=1, restrict_periods=[{"restrict_end": "x"}])]},
            "layers[0].restrict_periods[0].restrict_end should be a whole number",
        ),
        (
            {"layers": [layer(groups=[{"members": [{"person_ids": ["x"]}]}])]},
            "layers[0].groups[0].members[0].person_ids[0] should be a whole number",
        ),
        ({"layers": [layer(mode=1)]}, "layers[0].layer_end should be a time"),
        ({"layers": [layer(fair_rotation="yes")]}, "layers[0].fair_rotation should be true or"),
    ],
)
def test_wrong_types_are_named_by_their_path(change: dict[str, Any], text: str) -> None:
    changed = {**LIVE, **change}
    with pytest.raises(WrongShape) as caught:
        read(changed)
    assert caught.value.within(changed).startswith(text)


AS_READ: tuple[dict[str, Any], ...] = (
    {"handoff_time": 0},
    {"handoff_time": 0, "layer_start": START + 600},
    {"handoff_time": 0, "day_mask": {"repeat": [1, 2, 3, 4, 5]}},
    {"handoff_time": 7200, "rotation_unit": "day"},
    {"handoff_time": 0, "rotation_unit": "day", "rotation_value": 7},
    {"enable_time": START - 600},
    {"layer_end": None, "expire_time": START + 900},
    {"layer_end": START + 600, "expire_time": START + 900},
    {"restrict_mode": 1, "restrict_periods": [{"restrict_start": 64800, "restrict_end": 118800}]},
    {"restrict_mode": 1, "restrict_periods": [{"restrict_start": 64800, "restrict_end": 32400}]},
    {"restrict_mode": 1, "restrict_periods": [{"restrict_start": 64800, "restrict_end": 0}]},
    {
        "restrict_mode": 2,
        "restrict_periods": [
            {"restrict_start": 90000, "restrict_end": 93600, "x_colour": "red"},
            {"restrict_start": 600000, "restrict_end": 604805},
            {"restrict_start": 0, "restrict_end": 60},
        ],
    },
    {"groups": [{"group_name": "A", "members": [{"role_id": 0, "person_ids": [9, 3, 5]}]}]},
    {
        "groups": [
            {
                "group_name": "A",
                "members": [
                    {"role_id": 1, "person_ids": [7]},
                    {"role_id": 0, "person_ids": [5, 3], "x_note": "kept"},
                ],
            }
        ]
    },
    {"name": "layer_1"},
    {"hidden": 1, "weight": 7, "x_new": {"a": [1]}},
)


@pytest.mark.parametrize("fields", AS_READ, ids=str)
def test_what_nobody_changed_goes_back_as_it_was_read(fields: dict[str, Any]) -> None:
    raw = {**layer(), **fields}
    (written,) = write_schedule(read({**LIVE, "layers": [raw]}))["layers"]
    for key in fields.keys() - {"groups"}:
        assert written[key] == raw[key], key
    for sent, came in zip(written["groups"], raw["groups"], strict=True):
        assert sent["members"] == came["members"]


@pytest.mark.parametrize(
    ("change", "handoff"),
    [
        ({}, 0),
        ({"end": START + 99}, 0),
        ({"start": START + 86400}, 36000),
        ({"handoff": 3600}, 3600),
    ],
)
def test_a_form_goes_back_only_with_its_value(change: dict[str, Any], handoff: int) -> None:
    live = read_layer(handoff_time=0, layer_start=START + 36000)
    (written,) = write_schedule(Schedule("n", layers=(replace(live, **change),)))["layers"]
    assert written["handoff_time"] == handoff


def test_the_spaces_around_a_description_are_sent_back() -> None:
    live = read({**LIVE, "description": " d\r\ne\\n"})
    assert write_schedule(live)["description"] == " d\r\ne\\n"
    assert write_schedule(replace(live, description="new"))["description"] == "new"
    assert write_schedule(replace(live, description=""))["description"] == ""
