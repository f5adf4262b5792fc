"""The schedule endpoints: what is stored, what is answered, what is lost."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from tests.clock import frozen
from tests.sandbox.peer import (
    ALICE,
    BOB,
    CAROL,
    DAY,
    HOUR,
    MONDAY,
    NOW,
    SRE,
    Json,
    Peer,
    group,
    layer,
    override,
    schedule,
)

STAMPS = ("create_at", "create_by", "update_at", "update_by")
SHIFTS = ("schedule_layers", "layer_schedules", "final_schedule", "cur_oncall", "next_oncall")


def test_create_is_read_back_with_mirrors_and_stamps(peer: Peer) -> None:
    found = peer.info(peer.create())
    assert found["schedule_name"] == found["name"] == "Production On-Call"
    assert found["schedule_id"] == found["id"]
    assert found["team_id"] == found["group_id"] == SRE
    assert (found["status"], found["disabled"]) == (0, 0)
    assert [found[name] for name in STAMPS] == [NOW, ALICE, NOW, ALICE]
    stored = found["layers"][0]
    assert stored["layer_name"] == stored["name"] == "Primary"
    assert stored["layer_start"] == stored["enable_time"] == MONDAY
    assert (stored["layer_end"], stored["expire_time"]) == (None, 0)
    assert stored["schedule_id"] == found["schedule_id"]
    assert stored["account_id"] == found["account_id"]
    assert [stored[name] for name in STAMPS] == [NOW, ALICE, NOW, ALICE]
    assert stored["groups"][1] == {**group(BOB, name="B"), "name": "B", "start": 0, "end": 0}


@pytest.mark.parametrize(
    ("unit", "value", "seconds"),
    [("hour", 12, 43200), ("day", 2, 2 * DAY), ("week", 1, 7 * DAY), ("month", 2, 60 * DAY)],
)
def test_duration_is_derived(peer: Peer, unit: str, value: int, seconds: int) -> None:
    body = layer(rotation_unit=unit, rotation_value=value, rotation_duration=1)
    assert peer.info(peer.create(layers=[body]))["layers"][0]["rotation_duration"] == seconds


def test_names_are_unique_but_one_may_keep_its_own(peer: Peer) -> None:
    schedule_id = peer.create()
    assert "is taken by" in peer.invalid("/schedule/create", schedule())
    other = peer.create(schedule_name="Other")
    assert "is taken" in peer.invalid("/schedule/update", schedule(schedule_id=other))
    peer.data("/schedule/update", schedule(schedule_id=schedule_id))


def test_names_are_kept_as_sent(peer: Peer) -> None:
    name = "  caf\u0065\u0301 值班 "
    assert peer.info(peer.create(schedule_name=name))["schedule_name"] == name


def test_update_replaces_all_layers_and_stamps_them_anew() -> None:
    clock = [float(NOW)]
    with running(seed("empty"), Options(limits=UNLIMITED), now=lambda: clock[0]) as sandbox:
        peer = Peer(sandbox)
        schedule_id = peer.create()
        clock[0] += 60.5
        body = schedule(schedule_id=schedule_id, layers=[layer(), layer(layer_name="Second")])
        assert peer.data("/schedule/update", body) is None
        found = peer.info(schedule_id)
    assert [item["layer_name"] for item in found["layers"]] == ["Primary", "Second"]
    assert (found["create_at"], found["update_at"]) == (NOW, NOW + 60)
    assert {item["create_at"] for item in found["layers"]} == {NOW + 60}


def test_update_empties_what_is_not_sent(peer: Peer) -> None:
    notify = {"advance_in_time": 0, "by": {"follow_preference": True}}
    schedule_id = peer.create(notify=notify)
    peer.data("/schedule/update", schedule(schedule_id=schedule_id, team_id=None))
    found = peer.info(schedule_id)
    assert (found["team_id"], found["notify"]) == (0, None)


@pytest.mark.parametrize("name", ["description", "layers"])
def test_update_needs_name_description_and_layers(peer: Peer, name: str) -> None:
    body = {**schedule(schedule_id=peer.create()), name: None}
    assert f"{name} is required" in peer.invalid("/schedule/update", body)


def test_an_answer_may_be_sent_back(peer: Peer) -> None:
    notify = {"fixed_time": {"cycle": "day", "start": "08:00"}, "webhooks": WEBHOOKS}
    schedule_id = peer.create(notify=notify, layers=[layer(), override(NOW, NOW + DAY)])
    before = peer.info(schedule_id)
    peer.data("/schedule/update", sent_back(before))
    assert peer.info(schedule_id) == before


WEBHOOKS = [{"type": "dingtalk", "settings": {"token": "abcdefyz", "alias": "ops"}}]


def sent_back(answer: Json) -> Json:
    """What a client sends that changes nothing."""
    names = ("schedule_id", "schedule_name", "description", "team_id", "layers", "notify")
    return {name: answer[name] for name in names if name in answer}


def test_delete_takes_all_or_none(peer: Peer) -> None:
    first, second = peer.create(), peer.create(schedule_name="Second")
    refused = peer.refusal("/schedule/delete", {"schedule_ids": [first, 7]})
    assert refused == (400, "ResourceNotFound", "schedule 7 does not exist")
    assert peer.data("/schedule/list")["total"] == 2
    peer.data("/schedule/delete", {"schedule_ids": [second, first]})
    assert peer.data("/schedule/list") == {"items": [], "total": 0}


@pytest.mark.parametrize("path", ["/schedule/info", "/schedule/update"])
def test_unknown_id(peer: Peer, path: str) -> None:
    body: Json = {"schedule_id": 7, "start": 1, "end": 2}
    assert peer.refusal(path, body)[:2] == (400, "ResourceNotFound")


def test_listings_have_no_layers(peer: Peer) -> None:
    schedule_id = peer.create()
    listed = peer.data("/schedule/list")["items"][0]
    assert listed["layers"] is None
    assert not set(SHIFTS) & set(listed)
    wanted = {"schedule_ids": [schedule_id, 7]}
    assert peer.data("/schedule/infos", wanted) == {"items": [listed]}


def test_listings_may_carry_layers(sandbox: Sandbox, peer: Peer) -> None:
    schedule_id = peer.create()
    layers = peer.info(schedule_id)["layers"]
    sandbox.options = Options(layers_in=frozenset({"list"}), limits=UNLIMITED)
    assert peer.data("/schedule/list")["items"][0]["layers"] == layers
    assert (
        peer.data("/schedule/infos", {"schedule_ids": [schedule_id]})["items"][0]["layers"] is None
    )
    sandbox.options = Options(layers_in=frozenset({"infos"}), limits=UNLIMITED)
    assert peer.data("/schedule/list")["items"][0]["layers"] is None
    found = peer.data("/schedule/infos", {"schedule_ids": [schedule_id]})["items"][0]
    assert found["layers"] == layers


def test_list_with_a_window_has_the_shifts(peer: Peer) -> None:
    schedule_id = peer.create()
    window = {"start": NOW, "end": NOW + HOUR}
    listed = peer.data("/schedule/list", window)["items"][0]
    assert listed["layers"] is None
    info = peer.info(schedule_id)
    assert [listed[name] for name in SHIFTS] == [info[name] for name in SHIFTS]


def names(peer: Peer, **body: Any) -> list[str]:
    return [item["schedule_name"] for item in peer.data("/schedule/list", body)["items"]]


def test_list_filters(sandbox: Sandbox, peer: Peer) -> None:
    account = sandbox.world.account
    teams = {team.name: team.team_id for team in account.teams.values()}
    peer.create(schedule_name="prod SRE")
    peer.create(schedule_name="Prod Payments", team_id=teams["Payments"])
    peer.create(schedule_name="alone", team_id=0)
    assert names(peer, query="PROD") == ["prod SRE", "Prod Payments"]
    assert names(peer, team_ids=[teams["Payments"], 99]) == ["Prod Payments"]
    assert names(peer, team_ids=[99]) == []
    assert names(peer, is_my_team=True) == ["prod SRE"]
    assert names(peer, is_my_manage=True) == ["prod SRE"]
    assert names(peer, is_my_manage=True, team_ids=[teams["Payments"]]) == []


def test_pages(peer: Peer) -> None:
    for number in range(12):
        peer.create(schedule_name=f"S{number:02d}", layers=[])
    assert len(names(peer)) == 10
    assert names(peer, p=2) == ["S10", "S11"]
    assert names(peer, p=3, limit=5) == ["S10", "S11"]
    assert names(peer, p=100, limit=100) == []
    assert peer.data("/schedule/list", {"p": 9})["total"] == 12


def test_total_stops_at_1000() -> None:
    with running(seed(1001), Options(limits=UNLIMITED), now=frozen) as sandbox:
        peer = Peer(sandbox)
        assert peer.data("/schedule/list")["total"] == 1000
        assert len(names(peer, p=11, limit=100)) == 1
        assert peer.data("/schedule/list", {"query": "0999"})["total"] == 1


def test_self_has_what_the_member_serves_on(peer: Peer) -> None:
    peer.create(layers=[layer(groups=[group(BOB)])])
    peer.create(schedule_name="Mine")
    found = peer.data("/schedule/self", {"start": NOW, "end": NOW + 2 * DAY})["items"]
    assert [item["schedule_name"] for item in found] == ["Mine"]
    assert found[0]["layers"][0]["layer_name"] == "Primary"
    assert found[0]["final_schedule"]["schedules"][0]["start"] == NOW


def test_preview_computes_and_stores_nothing(sandbox: Sandbox, peer: Peer) -> None:
    found = peer.data("/schedule/preview", schedule(start=NOW, end=NOW + HOUR))
    nameless = ("id", "schedule_id", "name", "schedule_name", "layers")
    assert {name: found[name] for name in nameless} == dict.fromkeys(nameless)
    assert [item["start"] for item in found["final_schedule"]["schedules"]] == [NOW]
    assert not sandbox.world.account.schedules
    peer.create()  # a preview may have the name of a schedule that lives
    peer.data("/schedule/preview", schedule(start=NOW, end=NOW + HOUR))


def test_shapes_of_computed_shifts(peer: Peer) -> None:
    midnight = MONDAY + 97 * DAY + DAY  # Monday 2026-04-13 00:00
    body = [layer(), override(midnight, midnight + HOUR)]
    schedule_id = peer.create(layers=body)
    found = peer.info(schedule_id, NOW, midnight + 2 * HOUR)
    alice = {**group(ALICE), "name": "A"}
    bob = {**group(BOB, name="B"), "name": "B"}
    carol = {**group(CAROL), "name": "A"}

    def shift(start: int, end: int, who: Json, index: int) -> Json:
        return {
            "start": start,
            "end": end,
            "group": {**who, "start": start, "end": end},
            "index": index,
        }

    assert found["schedule_layers"] == found["layer_schedules"]
    assert found["schedule_layers"] == [
        {
            "layer_name": "Primary",
            "name": "Primary",
            "mode": 0,
            "schedules": [
                shift(NOW, midnight, bob, 1),
                shift(midnight, midnight + 2 * HOUR, alice, 0),
            ],
        },
        {
            "layer_name": "Cover",
            "name": "Cover",
            "mode": 1,
            "schedules": [shift(midnight, midnight + HOUR, carol, 0)],
        },
    ]
    assert found["final_schedule"] == {
        "layer_name": "",
        "name": "",
        "mode": 0,
        "schedules": [
            shift(NOW, midnight, bob, 1),
            shift(midnight, midnight + HOUR, carol, 0),
            shift(midnight + HOUR, midnight + 2 * HOUR, alice, 0),
        ],
    }
    extra = {"index": 0, "update_at": 0, "weight": 0}
    assert found["cur_oncall"] == {**shift(NOW, midnight, bob, 1), **extra}
    assert found["next_oncall"] == {**shift(midnight, midnight + HOUR, carol, 0), **extra}


def test_nobody_now_and_nobody_next(peer: Peer) -> None:
    later = peer.info(peer.create(layers=[layer(layer_start=NOW + DAY)]))
    assert later["cur_oncall"] is None
    assert later["next_oncall"]["start"] == NOW + DAY
    past = peer.info(peer.create(schedule_name="Past", layers=[layer(layer_end=NOW)]))
    assert (past["cur_oncall"], past["next_oncall"]) == (None, None)
    assert past["final_schedule"]["schedules"] is None


def test_next_shift_is_seen_whole(peer: Peer) -> None:
    month = layer(layer_start=NOW - DAY, rotation_unit="week", rotation_value=2)
    found = peer.info(peer.create(layers=[month]))
    assert found["next_oncall"]["start"] == NOW + 13 * DAY
    assert found["next_oncall"]["end"] == NOW + 27 * DAY
