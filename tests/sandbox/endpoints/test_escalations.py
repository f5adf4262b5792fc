"""Channels, their escalation rules, and the schedules that cannot go because of them."""

from __future__ import annotations

import pytest

from flashsync.sandbox import UNLIMITED, ApiError, Options, Sandbox
from tests.sandbox.peer import Json, Peer

RULES = "/channel/escalate/rule/list"


def test_channels_come_in_pages(sandbox: Sandbox, peer: Peer) -> None:
    for number in range(3):
        sandbox.world.account.add_channel(f"Channel {number}")
    found = peer.data("/channel/list", {"p": 2, "limit": 2})
    assert (len(found["items"]), found["total"]) == (1, 3)
    brief = peer.data("/channel/list", {"is_brief": True})["items"]
    assert [set(channel) for channel in brief] == [
        {"channel_id", "channel_name", "description", "status"}
    ] * 3
    assert "team_id" in peer.data("/channel/list")["items"][0]


def test_channels_by_id_name_or_team(sandbox: Sandbox, peer: Peer) -> None:
    account = sandbox.world.account
    first, second = account.add_channel("Database", 7), account.add_channel("Network")
    infos = peer.data("/channel/infos", {"channel_ids": [second.channel_id, 7, first.channel_id]})
    assert [item["channel_name"] for item in infos["items"]] == ["Network", "Database"]
    for body in ({"query": "data"}, {"team_ids": [7]}):
        assert [item["channel_id"] for item in peer.data("/channel/list", body)["items"]] == [
            first.channel_id
        ]


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_rules_map_schedules_to_roles(sandbox: Sandbox, peer: Peer, form: str) -> None:
    id = peer.create(schedule_name="Paged")
    console = sandbox.console
    console.add_rule("Alerts", "Default", {"Paged": [0, 1]}, {})
    console.add_rule("Alerts", "Off", {"Paged": []}, enabled=False)
    sandbox.options = Options(form=form, limits=UNLIMITED)  # type: ignore[arg-type]
    channel = sandbox.world.account.channel("Alerts").channel_id
    first, second = peer.data(RULES, {"channel_id": channel})["items"]
    assert (first["rule_name"], first["status"]) == ("Default", "enabled")
    assert (second["rule_name"], second["status"]) == ("Off", "disabled")
    assert first["layers"][0]["target"]["schedule_to_role_ids"] == {str(id): [0, 1]}
    nothing: Json = {"null": {"person_ids": None, "schedule_to_role_ids": None}}
    nothing |= {"empty": {"person_ids": [], "schedule_to_role_ids": {}}, "missing": {}}
    assert first["layers"][1]["target"] == nothing[form]


def test_a_schedule_that_is_paged_cannot_be_deleted(sandbox: Sandbox, peer: Peer) -> None:
    paged, free = peer.create(schedule_name="Paged"), peer.create(schedule_name="Free")
    sandbox.console.add_rule("Alerts", "Default", {"Paged": [0]})
    response = peer.post("/schedule/delete", {"schedule_ids": [free, paged]})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "ReferenceExist")
    (ref,) = response.json()["data"]["refs"]
    assert (ref["kind"], ref["name"]) == ("escalate_rule", "Default")
    assert ref["href"].startswith("/channel/")
    assert len(sandbox.console.schedules()) == 2
    with pytest.raises(ApiError, match="referred to"):
        sandbox.console.delete("Paged")
    sandbox.console.remove_rule("Alerts", "Default")
    peer.data("/schedule/delete", {"schedule_ids": [free, paged]})
    assert sandbox.console.schedules() == []


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/channel/list", {"limit": 101}, "limit must be 1 to 100"),
        ("/channel/list", {"is_brief": 1}, "is_brief must be true or false"),
        ("/channel/list", {"is_my_team": True}, "is_my_team is not a known field"),
        (RULES, {}, "channel_id is required"),
        (RULES, {"channel_id": "1"}, "channel_id must be an integer"),
    ],
)
def test_refused(shared: Peer, path: str, body: Json, message: str) -> None:
    assert message in shared.invalid(path, body)


def test_a_channel_that_is_not_there(shared: Peer) -> None:
    assert shared.refusal(RULES, {"channel_id": 7})[:2] == (400, "ResourceNotFound")


def test_they_need_the_permission(sandbox: Sandbox) -> None:
    reader = Peer(sandbox, "sandbox-reader-key")
    for path, body in (("/channel/list", {}), (RULES, {"channel_id": 1})):
        status, code, message = reader.refusal(path, body)
        assert (status, code) == (403, "AccessDenied")
        assert "channels_read" in message
