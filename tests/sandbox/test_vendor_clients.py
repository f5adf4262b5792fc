"""What the vendor's own clients send, and what each of them reads in the answer.

The bodies are written down from the official Terraform provider, the two Go SDKs and the command
line: which fields they send, which they leave out, which they send empty. The sandbox takes all of
it, as the platform does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from tests.sandbox.peer import ALICE, BOB, DAY, NOW, SRE, Json, Peer

ANY = object()
"""A value that a client reads, whatever it is."""

DATABASE = 5789640530410
"""The first schedule of the demo."""

WINDOW = {"start": NOW, "end": NOW + 7 * DAY}
MONTH = {"start_time": NOW - 30 * DAY, "end_time": NOW}

PROVIDER_LAYER: Json = {
    "layer_name": "Primary",
    "mode": 0,
    "groups": [{"group_name": "A", "members": [{"role_id": 0, "person_ids": [ALICE]}]}],
    "fair_rotation": False,
    "handoff_time": 0,
    "layer_start": NOW - 7,
    "restrict_mode": 0,
    "mask_continuous_enabled": False,
    "rotation_unit": "day",
    "rotation_value": 1,
}
PROVIDER_OVERRIDE = {**PROVIDER_LAYER, "mode": 1, "layer_name": "Swap", "layer_end": NOW + DAY}
PROVIDER_SCHEDULE: Json = {
    "schedule_name": "From Terraform",
    "description": "",
    "status": 0,
    "team_id": SRE,
    "layers": [PROVIDER_LAYER, PROVIDER_OVERRIDE],
    "notify": {
        "advance_in_time": 300,
        "fixed_time": {"cycle": "day", "start": "08:00"},
        "by": {"personal_channels": ["email", "phone"]},
        "webhooks": [{"type": "slack", "settings": {"token": "t", "alias": "ops"}}],
    },
}

SDK_LAYER: Json = {
    "account_id": 0,
    "name": "",
    "schedule_id": 0,
    "hidden": 0,
    "mode": 0,
    "weight": 0,
    "groups": [
        {
            "group_name": "Group A",
            "name": "group_a",
            "members": [{"role_id": 0, "person_ids": [ALICE]}],
            "start": 0,
            "end": 0,
        },
        {
            "group_name": "Group B",
            "name": "",
            "members": [{"role_id": 0, "person_ids": [BOB]}],
            "start": 1700000000,
            "end": 1700604800,
        },
    ],
    "rotation_duration": 0,
    "handoff_time": 0,
    "enable_time": 0,
    "expire_time": 0,
    "restrict_mode": 0,
    "restrict_start": 0,
    "restrict_end": 0,
    "restrict_periods": None,
    "day_mask": {"repeat": None},
    "create_at": 0,
    "create_by": 0,
    "update_at": 0,
    "update_by": 0,
    "layer_name": "Week rotation",
    "fair_rotation": False,
    "layer_start": NOW,
    "rotation_unit": "week",
    "rotation_value": 1,
    "mask_continuous_enabled": False,
}
"""Fields that the newer SDK always sends are there although nothing set them."""

CARD_LAYER: Json = {
    **{name: value for name, value in SDK_LAYER.items() if name != "layer_start"},
    "name": "layer_1",
    "enable_time": 1700000000,
    "rotation_duration": 604800,
    "weight": 1,
    "restrict_periods": [],
    "day_mask": {"repeat": [1, 2, 3, 4, 5]},
}
"""The layer of the command line's reference card: older names of the times."""

SDK_NOTIFY: Json = {
    "fixed_time": {"cycle": "", "start": ""},
    "by": {"follow_preference": True, "personal_channels": None},
    "webhooks": None,
}

SHIFT = {"start": int, "end": int, "group": {"group_name": str, "members": list}, "index": int}
ITEM = {
    "id": int,
    "schedule_id": int,
    "schedule_name": str,
    "name": str,
    "description": str,
    "status": int,
    "disabled": int,
    "team_id": int,
    "group_id": int,
    "create_at": int,
    "update_by": int,
    "notify": ANY,
}
LAYER = {
    "layer_name": str,
    "name": str,
    "mode": int,
    "groups": [{"group_name": str, "name": str, "members": [{"role_id": int, "person_ids": list}]}],
    "layer_start": int,
    "layer_end": ANY,
    "enable_time": int,
    "expire_time": int,
    "rotation_unit": str,
    "rotation_value": int,
    "rotation_duration": int,
    "day_mask": {"repeat": ANY},
}
COMPUTED = {
    "schedule_layers": [{"layer_name": str, "mode": int, "schedules": ANY}],
    "final_schedule": {"schedules": [SHIFT]},
    "cur_oncall": ANY,
    "next_oncall": ANY,
}
MEMBER = {"member_id": int, "member_name": str, "email": str, "status": str, "created_at": int}
TEAM = {"team_id": int, "team_name": str, "person_ids": [int]}
CHANNEL = {"channel_id": int, "channel_name": str}
INCIDENT = {"incident_id": str, "num": str, "title": str, "progress": str, "responders": list}

READS: dict[str, tuple[str, Json, Any]] = {
    "provider, schedule read": (
        "/schedule/info",
        {"schedule_id": DATABASE, **WINDOW},
        {**ITEM, "layers": [LAYER]},
    ),
    "provider, members by page": ("/member/list", {"p": 1, "limit": 100}, {"items": [MEMBER]}),
    "provider, a member": (
        "/member/list",
        {"p": 1, "limit": 100, "query": "alice"},
        {"items": [MEMBER], "total": int},
    ),
    "provider, a team by id": ("/team/info", {"team_id": SRE}, TEAM),
    "provider, a team by name": ("/team/info", {"team_name": "SRE"}, TEAM),
    "provider, teams": ("/team/list", {"p": 1, "limit": 100}, {"items": [TEAM], "total": int}),
    "provider, channels": ("/channel/list", {"p": 1, "limit": 100}, {"items": [CHANNEL]}),
    "older SDK, schedules with shifts": (
        "/schedule/list",
        {**WINDOW, "limit": 20, "p": 1, "query": "data", "team_ids": [SRE]},
        {"items": [{**ITEM, **COMPUTED}], "total": int},
    ),
    "older SDK, my team's schedules": (
        "/schedule/list",
        {**WINDOW, "limit": 20, "p": 1, "is_my_team": True},
        {"items": [ITEM], "total": int},
    ),
    "older SDK, a schedule": (
        "/schedule/info",
        {"schedule_id": DATABASE, **WINDOW},
        {**ITEM, "layers": [LAYER], **COMPUTED},
    ),
    "older SDK, who am I": (
        "/member/info",
        {},
        {"account_id": int, "account_name": str, "member_id": int, "time_zone": str},
    ),
    "older SDK, the account": (
        "/account/info",
        {},
        {"account_id": int, "account_name": str, "email": str, "locale": str, "time_zone": str},
    ),
    "older SDK, teams by name": (
        "/team/list",
        {"p": 1, "limit": 20, "query": "sre", "orderby": "team_name", "asc": True},
        {"items": [TEAM], "total": int},
    ),
    "older SDK, teams of a person": (
        "/team/list",
        {"p": 1, "limit": 20, "person_id": ALICE},
        {"items": [TEAM]},
    ),
    "older SDK, teams by id": ("/team/infos", {"team_ids": [SRE]}, {"items": [TEAM]}),
    "older SDK, persons": (
        "/person/infos",
        {"person_ids": [ALICE, 2476444212001]},
        {"items": [{"person_id": int, "person_name": str, "email": str, "as": str}]},
    ),
    "older SDK, channels": ("/channel/list", {}, {"items": [CHANNEL]}),
    "older SDK, incidents": (
        "/incident/list",
        {**MONTH, "p": 1, "limit": 20, "progress": "Triggered,Processing", "query": "disk"},
        {"items": [INCIDENT]},
    ),
    "older SDK, the audit log": (
        "/audit/search",
        {
            **MONTH,
            "limit": 20,
            "operations": ["/schedule/update"],
            "person_id": BOB,
            "is_dangerous": False,
            "is_write": True,
        },
        {
            "docs": [
                {
                    "created_at": int,
                    "account_id": int,
                    "member_id": int,
                    "member_name": str,
                    "request_id": str,
                    "operation": str,
                    "body": str,
                    "is_write": bool,
                    "is_dangerous": bool,
                }
            ],
            "total": int,
            "search_after_ctx": str,
        },
    ),
    "newer SDK, lists without paging: schedules": ("/schedule/list", {}, {"items": [ITEM]}),
    "newer SDK, lists without paging: members": ("/member/list", {}, {"items": [MEMBER]}),
    "newer SDK, lists without paging: teams": ("/team/list", {}, {"items": [TEAM]}),
    "newer SDK, incidents of 30 days": (
        "/incident/list",
        {**MONTH, "limit": 5},
        {"items": [INCIDENT], "total": int, "has_next_page": bool, "search_after_ctx": str},
    ),
    "newer SDK, schedules by id": (
        "/schedule/infos",
        {"schedule_ids": [DATABASE]},
        {"items": [ITEM]},
    ),
    "newer SDK, my schedules": (
        "/schedule/self",
        {"start": NOW, "end": NOW + 14 * DAY},
        {"items": [{**ITEM, "layers": [LAYER]}]},
    ),
    "newer SDK, a preview without a name": (
        "/schedule/preview",
        {"layers": [SDK_LAYER], **WINDOW},
        {"schedule_id": type(None), **COMPUTED},
    ),
    "command line, with a cursor": (
        "/schedule/list",
        {"p": 1, "limit": 10, "search_after_ctx": "", "is_my_manage": False},
        {"items": [ITEM]},
    ),
    "command line, channels": (
        "/channel/list",
        {"p": 1, "limit": 20, "orderby": "created_at", "asc": False, "is_my_team": False},
        {"items": [CHANNEL]},
    ),
    "command line, the audit log": ("/audit/search", MONTH, {"docs": [{"operation": str}]}),
}

CREATES: dict[str, Json] = {
    "provider": PROVIDER_SCHEDULE,
    "provider, with only what is required": {
        "schedule_name": "From Terraform",
        "description": "",
        "status": 0,
        "layers": [PROVIDER_LAYER],
    },
    "newer SDK": {
        "schedule_name": "From the SDK",
        "team_id": SRE,
        "layers": [SDK_LAYER],
        "notify": SDK_NOTIFY,
    },
    "newer SDK, the legacy name": {"name": "Legacy", "schedule_name": "", "layers": [SDK_LAYER]},
    "command line": {"schedule_name": "SRE Weekly", "team_id": SRE, "layers": [CARD_LAYER]},
}

UPDATES: dict[str, Json] = {
    "provider": {**PROVIDER_SCHEDULE, "description": "changed"},
    "provider, without what is empty": {
        "schedule_name": "From Terraform",
        "status": 1,
        "layers": [PROVIDER_LAYER],
    },
    "newer SDK, only a description": {"description": "changed"},
    "command line, only a name": {"schedule_name": "Renamed"},
}


@pytest.fixture(scope="module")
def demo() -> Iterator[Sandbox]:
    options = Options(strict=False, limits=UNLIMITED)
    with running(seed("demo"), options, now=lambda: NOW) as sandbox:
        sandbox.console.edit("Database On-Call", {"description": "Edited"}, by=BOB)
        yield sandbox


@pytest.mark.parametrize("case", READS)
def test_a_read_is_answered_with_all_that_the_client_reads(demo: Sandbox, case: str) -> None:
    path, body, expected = READS[case]
    assert mismatches(Peer(demo).data(path, body), expected) == []


def test_incidents_channels_and_rules_by_id(demo: Sandbox) -> None:
    peer = Peer(demo)
    ids = [item["incident_id"] for item in peer.data("/incident/list", MONTH)["items"]]
    incidents = peer.data("/incident/list-by-ids", {"incident_ids": ids})
    assert mismatches(incidents, {"items": [INCIDENT], "total": int}) == []
    channel = peer.data("/channel/list", {})["items"][0]["channel_id"]
    infos = peer.data("/channel/infos", {"channel_ids": [channel]})
    assert mismatches(infos, {"items": [{**CHANNEL, "status": str}]}) == []
    rules = peer.data("/channel/escalate/rule/list", {"channel_id": channel})
    levels = [{"max_times": int, "target": ANY}]
    rule = {"rule_id": str, "rule_name": str, "status": str, "layers": levels}
    assert mismatches(rules, {"items": [rule]}) == []
    target = rules["items"][0]["layers"][0]["target"]
    assert target["schedule_to_role_ids"] == {str(DATABASE): [0]}


@pytest.mark.parametrize("case", CREATES)
def test_a_create_is_taken_and_read_back(sandbox: Sandbox, peer: Peer, case: str) -> None:
    sandbox.options = Options(strict=False, limits=UNLIMITED)
    body = CREATES[case]
    made = peer.data("/schedule/create", body)
    assert mismatches(made, {"schedule_id": int}) == []
    stored = peer.info(made["schedule_id"])
    assert stored["schedule_name"] == (body["schedule_name"] or body["name"])
    for sent, found in zip(body["layers"], stored["layers"], strict=True):
        assert found["layer_name"] == sent["layer_name"]
        assert found["name"] == (sent.get("name") or sent["layer_name"])
        assert found["layer_start"] == (sent.get("layer_start") or sent["enable_time"])
        assert [group["group_name"] for group in found["groups"]] == [
            group["group_name"] for group in sent["groups"]
        ]


@pytest.mark.parametrize("case", UPDATES)
def test_an_update_is_taken(sandbox: Sandbox, peer: Peer, case: str) -> None:
    sandbox.options = Options(strict=False, limits=UNLIMITED)
    body = UPDATES[case]
    schedule_id = peer.data("/schedule/create", PROVIDER_SCHEDULE)["schedule_id"]
    peer.data("/schedule/update", {"schedule_id": schedule_id, **body})
    stored = peer.info(schedule_id)
    assert stored["schedule_name"] == body.get("schedule_name", "From Terraform")
    assert stored["description"] == body.get("description", "")
    assert stored["status"] == body.get("status", 0)


def test_a_delete_and_a_schedule_that_is_gone(sandbox: Sandbox, peer: Peer) -> None:
    schedule_id = peer.data("/schedule/create", PROVIDER_SCHEDULE)["schedule_id"]
    assert peer.data("/schedule/delete", {"schedule_ids": [schedule_id]}) is None
    gone = peer.refusal("/schedule/info", {"schedule_id": schedule_id, **WINDOW})
    assert gone[:2] == (400, "ResourceNotFound")


def mismatches(value: Any, expected: Any) -> list[str]:
    """Where an answer lacks what a client reads, or has another type there."""
    return list(_mismatches(value, expected, "data"))


def _mismatches(value: Any, expected: Any, path: str) -> Iterator[str]:
    """A list gives the form of all its items, and has at least one."""
    if expected is ANY:
        return
    if isinstance(expected, dict) and isinstance(value, dict):
        for name, form in expected.items():
            if name in value:
                yield from _mismatches(value[name], form, f"{path}.{name}")
            else:
                yield f"{path}.{name} is missing"
    elif isinstance(expected, list) and isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _mismatches(item, expected[0], f"{path}[{index}]")
    elif type(value) is not expected:
        yield f"{path} is {value!r}"
