"""Everything that a request may not hold is refused, and the message names the field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.peer import (
    ALICE,
    DAY,
    HOUR,
    MONDAY,
    NOW,
    WEEK,
    Json,
    Peer,
    group,
    layer,
    override,
    schedule,
)

CREATE = "/schedule/create"

BAD_SCHEDULES: dict[str, tuple[Json, str]] = {
    "an unknown field": ({"nmae": "x"}, "nmae is not a known field"),
    "a status that does not exist": ({"status": 2}, "status must be 0 to 1, is 2"),
    "disabled is read only": ({"disabled": 0}, "disabled is not a known field"),
    "no name": ({"schedule_name": None}, "schedule_name must have 1 to 40 characters"),
    "an empty name": ({"schedule_name": ""}, "schedule_name must have 1 to 40 characters"),
    "41 characters": ({"schedule_name": "x" * 41}, "schedule_name must have 0 to 40 characters"),
    "a name that is a number": ({"schedule_name": 7}, "schedule_name must be a string"),
    "names that contradict": ({"name": "Other"}, "schedule_name and name contradict"),
    "501 characters": ({"description": "x" * 501}, "description must have 0 to 500"),
    "a team as text": ({"team_id": "7"}, "team_id must be an integer, is a string"),
    "a team as boolean": ({"team_id": True}, "team_id must be an integer, is a boolean"),
    "a team beyond int64": ({"team_id": 2**63}, "team_id must be 0 to"),
    "teams that contradict": ({"group_id": 1}, "team_id and group_id contradict"),
    "layers that are no list": ({"layers": {}}, "layers must be a list, is an object"),
    "a layer that is no object": ({"layers": [1]}, "layers[0] must be an object, is an integer"),
    "an id in a create": ({"schedule_id": 1}, "schedule_id is not a known field"),
    "a window in a create": ({"start": 1}, "start is not a known field"),
    "an override before a rotation": (
        {"layers": [override(NOW, NOW + 1), layer()]},
        "layers must list overrides",
    ),
}

BAD_LAYERS: dict[str, tuple[Json, str]] = {
    "an unknown field": ({"colour": 1}, "colour is not a known field"),
    "no mode": ({"mode": None}, "mode is required"),
    "a mode that does not exist": ({"mode": 2}, "mode must be 0 to 1"),
    "no name": ({"layer_name": None}, "layer_name is required"),
    "41 characters": ({"layer_name": "x" * 41}, "layer_name must have 1 to 40 characters"),
    "an inner name of 41": ({"name": "x" * 41}, "name must have 0 to 40 characters"),
    "no start": ({"layer_start": None}, "layer_start is required"),
    "a start that is a float": ({"layer_start": 1.5}, "layer_start must be an integer"),
    "starts that contradict": ({"enable_time": 5}, "layer_start and layers[0].enable_time"),
    "an end before the start": ({"layer_end": 5}, "layer_end must be after layer_start"),
    "ends that contradict": (
        {"layer_end": NOW, "expire_time": 0},
        "layer_end and layers[0].expire_time contradict",
    ),
    "no unit": ({"rotation_unit": None}, "rotation_unit is required"),
    "a unit that does not exist": ({"rotation_unit": "year"}, "rotation_unit must be one of"),
    "no value": ({"rotation_value": None}, "rotation_value is required"),
    "a value of 0": ({"rotation_value": 0}, "rotation_value must be 1 to 30"),
    "a value of 31": ({"rotation_value": 31}, "rotation_value must be 1 to 30"),
    "a handoff after the week": ({"handoff_time": WEEK}, "handoff_time must be 0 to 604799"),
    "a flag that is a number": ({"fair_rotation": 1}, "fair_rotation must be true or false"),
    "a restriction without hours": ({"restrict_mode": 1}, "restrict_periods may not be empty"),
    "hours without a restriction": (
        {"restrict_periods": [{"restrict_start": 1, "restrict_end": 2}]},
        "restrict_periods must be empty",
    ),
    "an empty window": (
        {"restrict_mode": 1, "restrict_periods": [{"restrict_start": 1, "restrict_end": 1}]},
        "restrict_periods[0].restrict_end makes an empty",
    ),
    "a window longer than a day": (
        {"restrict_mode": 1, "restrict_periods": [{"restrict_start": 0, "restrict_end": 90000}]},
        "restrict_periods[0].restrict_end makes an empty or too long",
    ),
    "a window from the next day": (
        {"restrict_mode": 1, "restrict_periods": [{"restrict_start": DAY, "restrict_end": 1}]},
        "restrict_periods[0].restrict_start must be 0 to 86399",
    ),
    "half a window": (
        {"restrict_mode": 2, "restrict_periods": [{"restrict_start": 1}]},
        "restrict_periods[0].restrict_end is required",
    ),
    "more than a window": (
        {
            "restrict_mode": 2,
            "restrict_periods": [{"restrict_start": 1, "restrict_end": 2, "day": 1}],
        },
        "restrict_periods[0].day is not a known field",
    ),
    "a day that does not exist": ({"day_mask": {"repeat": [7]}}, "repeat[0] must be 0 to 6"),
    "a day twice": ({"day_mask": {"repeat": [1, 1]}}, "day_mask.repeat names a value twice"),
    "a mask with more": ({"day_mask": {"repeat": [1], "x": 1}}, "day_mask.x is not a known"),
    "a mask and weekly hours": (
        {
            "day_mask": {"repeat": [1]},
            "restrict_mode": 2,
            "restrict_periods": [{"restrict_start": 1, "restrict_end": 2}],
        },
        "day_mask excludes week restrictions",
    ),
    "continuous without a mask": (
        {"mask_continuous_enabled": True},
        "mask_continuous_enabled is only for",
    ),
    "no groups": ({"groups": []}, "groups may not be empty"),
    "a group of nobody": ({"groups": [{"group_name": "A"}]}, "groups[0].members may not be empty"),
    "a group with more": ({"groups": [{**group(ALICE), "x": 1}]}, "groups[0].x is not a known"),
    "a role for nobody": ({"groups": [group()]}, "members[0].person_ids may not be empty"),
    "a person as text": (
        {"groups": [{"members": [{"role_id": 0, "person_ids": ["1"]}]}]},
        "members[0].person_ids[0] must be an integer",
    ),
    "a person twice": ({"groups": [group(ALICE, ALICE)]}, "person_ids names a value twice"),
    "no role": (
        {"groups": [{"members": [{"person_ids": [ALICE]}]}]},
        "members[0].role_id is required",
    ),
    "a member with more": (
        {"groups": [{"members": [{"role_id": 0, "person_ids": [ALICE], "x": 1}]}]},
        "members[0].x is not a known field",
    ),
}

BAD_OVERRIDES: dict[str, tuple[Json, str]] = {
    "no end": ({"layer_end": None}, "layer_end is required for an override"),
    "an open end": ({"layer_end": 0}, "layer_end is required for an override"),
    "two groups": ({"groups": [group(ALICE), group(ALICE)]}, "must hold exactly one group"),
    "a unit that does not exist": ({"rotation_unit": "x"}, "rotation_unit must be one of"),
    "fair": ({"fair_rotation": True}, "fair_rotation is only for rotations"),
    "hours": (
        {
            "restrict_mode": 1,
            "restrict_periods": [{"restrict_start": 1, "restrict_end": 2}],
        },
        "restrict_mode must be 0 for an override",
    ),
    "days": ({"day_mask": {"repeat": [1]}}, "day_mask is only for rotations"),
}


def robot(**settings: Any) -> Json:
    return {"webhooks": [{"type": "dingtalk", "settings": {"token": "t", **settings}}]}


BAD_NOTIFIES: dict[str, tuple[Any, str]] = {
    "no object": ([], "notify must be an object"),
    "an unknown field": ({"before": 5}, "notify.before is not a known field"),
    "no steps of 5 minutes": ({"advance_in_time": 301}, "must be a multiple of 300"),
    "an advance as text": ({"advance_in_time": "300"}, "advance_in_time must be an integer"),
    "another cycle": (
        {"fixed_time": {"cycle": "week", "start": "08:00"}},
        "fixed_time.cycle must be one of day",
    ),
    "no time of day": (
        {"fixed_time": {"cycle": "day", "start": "8:00"}},
        "fixed_time.start must be HH:MM",
    ),
    "24:00": ({"fixed_time": {"cycle": "day", "start": "24:00"}}, "must be HH:MM"),
    "a daily message with more": (
        {"fixed_time": {"cycle": "day", "start": "08:00", "x": 1}},
        "fixed_time.x is not a known field",
    ),
    "an unknown channel": (
        {"by": {"personal_channels": ["email", "pigeon"]}},
        "by.personal_channels[1] is not a known channel",
    ),
    "a channel without its source": (
        {"by": {"personal_channels": ["feishu_app:"]}},
        "is not a known channel",
    ),
    "preference and channels": (
        {"by": {"follow_preference": True, "personal_channels": ["sms"]}},
        "by.personal_channels must be empty",
    ),
    "a way with more": ({"by": {"x": 1}}, "by.x is not a known field"),
    "an unknown chat": ({"webhooks": [{"type": "irc"}]}, "webhooks[0].type must be one of"),
    "a chat with more": (
        {"webhooks": [{"type": "slack", "settings": {"token": "t"}, "name": "x"}]},
        "webhooks[0].name is not a known field",
    ),
    "an unknown setting": (robot(url="x"), "webhooks[0].settings.url is not a known field"),
    "a robot without token": (robot(token=""), "settings.token is required for dingtalk"),
    "a chat without settings": ({"webhooks": [{"type": "zoom"}]}, "settings.token is required"),
    "an app without chats": (
        {"webhooks": [{"type": "feishu_app", "settings": {"data_source_id": 1}}]},
        "settings.chat_ids is required for feishu_app",
    ),
    "an app without source": (
        {"webhooks": [{"type": "feishu_app", "settings": {"chat_ids": ["a"]}}]},
        "settings.data_source_id is required for feishu_app",
    ),
    "an empty chat": (robot(chat_ids=[""]), "chat_ids[0] must have 1 to 500 characters"),
    "a legacy map that is none": ({"im": [1]}, "notify.im must be an object"),
}


@pytest.mark.parametrize("case", BAD_SCHEDULES)
def test_schedule_refused(shared: Peer, case: str) -> None:
    changes, message = BAD_SCHEDULES[case]
    assert message in shared.invalid(CREATE, schedule(**changes))


@pytest.mark.parametrize("case", BAD_LAYERS)
def test_layer_refused(shared: Peer, case: str) -> None:
    changes, message = BAD_LAYERS[case]
    assert message in shared.invalid(CREATE, schedule(layers=[layer(**changes)]))


@pytest.mark.parametrize("case", BAD_OVERRIDES)
def test_override_refused(shared: Peer, case: str) -> None:
    changes, message = BAD_OVERRIDES[case]
    cover = override(NOW, NOW + HOUR, **changes)
    assert message in shared.invalid(CREATE, schedule(layers=[layer(), cover]))


@pytest.mark.parametrize("case", BAD_NOTIFIES)
def test_notify_refused(shared: Peer, case: str) -> None:
    notify, message = BAD_NOTIFIES[case]
    assert message in shared.invalid(CREATE, schedule(notify=notify))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"team_id": 9}, "team_id: team 9 does not exist"),
        ({"layers": [layer(groups=[group(9)])]}, "person_ids[0]: person 9 does not exist"),
        ({"layers": [layer(groups=[group(ALICE, role=9)])]}, "role_id: role 9 does not exist"),
    ],
)
def test_what_a_schedule_refers_to_must_exist(shared: Peer, changes: Json, message: str) -> None:
    status, code, said = shared.refusal(CREATE, schedule(**changes))
    assert (status, code) == (400, "ResourceNotFound")
    assert message in said


def test_text_that_is_not_unicode(shared: Peer) -> None:
    raw = b'{"schedule_name": "\\ud800"}'
    headers = {"content-type": "application/json"}
    response = shared.http.post(CREATE, content=raw, headers=headers)
    assert response.json()["error"] == {
        "code": "BadRequest",
        "message": "schedule_name is not valid Unicode",
    }


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/schedule/list", {"p": 0}, "p must be 1 to"),
        ("/schedule/list", {"limit": 101}, "limit must be 1 to 100"),
        ("/schedule/list", {"p": 101, "limit": 100}, "p * limit may not exceed 10000, is 10100"),
        ("/schedule/list", {"query": 1}, "query must be a string"),
        ("/schedule/list", {"is_my_team": True, "is_my_manage": True}, "exclude each other"),
        ("/schedule/list", {"start": 5}, "end is required"),
        ("/schedule/list", {"start": 0, "end": 45 * DAY + 1}, "no more than 45 days"),
        ("/schedule/list", {"team_ids": [0]}, "team_ids[0] must be 1 to"),
        ("/schedule/info", {"start": 1, "end": 2}, "schedule_id is required"),
        ("/schedule/info", {"schedule_id": 1, "end": 2}, "start is required"),
        ("/schedule/info", {"schedule_id": 1, "start": 1}, "end is required"),
        ("/schedule/info", {"schedule_id": 1, "start": 2, "end": 2}, "end must be after start"),
        ("/schedule/info", {"schedule_id": 1, "start": 0, "end": 45 * DAY}, "less than 45 days"),
        ("/schedule/infos", {}, "schedule_ids is required"),
        ("/schedule/infos", {"schedule_ids": list(range(1, 102))}, "at most 100 ids"),
        ("/schedule/self", {"start": 0, "end": 30 * DAY + 1}, "no more than 30 days"),
        ("/schedule/preview", schedule(start=0, end=46 * DAY), "no more than 45 days"),
        ("/schedule/preview", schedule(), "start is required"),
        ("/schedule/update", schedule(), "schedule_id is required"),
        ("/schedule/preview", schedule(start=0, end=1, layers=[1]), "layers[0] must be an object"),
        ("/schedule/delete", {"schedule_ids": []}, "schedule_ids is required and may not be"),
        ("/member/list", {"orderby": "name"}, "orderby must be one of created_at, updated_at"),
        ("/member/list", {"role_id": 1}, "role_id"),
        ("/member/info", {"x": 1}, "x is not a known field"),
        ("/team/infos", {"team_ids": list(range(1, 102))}, "at most 100 ids, has 101"),
        ("/person/infos", {"person_ids": [1, 1]}, "person_ids names a value twice"),
        ("/audit/search", {"start_time": 5, "end_time": 5}, "end_time must be after start_time"),
        ("/audit/search", {"start_time": 0, "end_time": 90 * DAY}, "less than 90 days apart"),
        ("/audit/search", {"start_time": 0, "end_time": 1, "limit": 100}, "limit must be 0 to 99"),
        (
            "/audit/search",
            {"start_time": 0, "end_time": 1, "search_after_ctx": "x"},
            "search_after_ctx is not a cursor",
        ),
    ],
)
def test_request_refused(shared: Peer, path: str, body: Json, message: str) -> None:
    assert message in shared.invalid(path, body)


def test_spans_at_their_edges(peer: Peer) -> None:
    schedule_id = peer.create()
    peer.info(schedule_id, MONDAY, MONDAY + 45 * DAY - 1)
    peer.data("/schedule/list", {"start": 0, "end": 45 * DAY})
    peer.data("/schedule/self", {"start": 0, "end": 30 * DAY})
    peer.data("/schedule/preview", schedule(start=0, end=45 * DAY))


@pytest.mark.parametrize(
    "changes",
    [
        {"schedule_name": "支" * 40},
        {"schedule_name": None, "name": "By its old name"},
        {"team_id": 0},
        {"team_id": None},
        {"description": None},
        {"layers": []},
        {"notify": {}},
        {"notify": robot(data_source_id=0, chat_ids=[], verify_token="", sign_secret="s")},
        {"notify": {"advance_in_time": 0, "im": {"anything": {"at": "all"}}}},
        {"notify": {"by": {"personal_channels": ["email", "sms", "phone", "feishu_app:7"]}}},
        {"notify": {"by": {"personal_channels": ["slack_app:7", "teams_app:7"]}}},
        {"notify": robot(disable_at=True, reply_event_types=["ack"], integration_id=7)},
        {"status": 1},
    ],
    ids=repr,
)
def test_schedule_accepted(peer: Peer, changes: Json) -> None:
    assert peer.create(**changes) > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"layer_start": 1702623874, "layer_end": 1802623875},
        {"layer_start": None, "enable_time": MONDAY, "expire_time": 0},
        {"layer_end": None, "day_mask": {}},
        {"day_mask": {"repeat": []}, "restrict_periods": []},
        {"restrict_mode": 1, "restrict_periods": [{"restrict_start": 64800, "restrict_end": 0}]},
        {
            "restrict_mode": 1,
            "restrict_periods": [{"restrict_start": 64800, "restrict_end": 118800}],
        },
        {
            "restrict_mode": 2,
            "restrict_periods": [{"restrict_start": 0, "restrict_end": WEEK}],
        },
        {"hidden": 1, "weight": 3, "rotation_duration": 5, "account_id": 1, "create_at": 5},
        {"groups": [{"name": "A", "members": group(ALICE)["members"], "start": 0, "end": 0}]},
        {"groups": [{"members": group(ALICE)["members"]}]},
        {"groups": [{**group(ALICE), "name": "group_a"}], "name": "layer_1"},
    ],
    ids=repr,
)
def test_layer_accepted(peer: Peer, changes: Json) -> None:
    assert peer.create(layers=[layer(**changes)]) > 0


def test_override_may_carry_what_it_is_read_back_with(peer: Peer) -> None:
    peer.create(layers=[layer(), override(NOW, NOW + 1, rotation_unit="", rotation_value=0)])
