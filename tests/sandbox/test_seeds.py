"""The worlds to begin with."""

from __future__ import annotations

import pytest

from flashsync.sandbox import running, seed
from flashsync.sandbox.seeds import ACME_PEOPLE, TEAMS
from tests.sandbox.peer import DAY, HOUR, NOW, Peer


def test_demo_is_built_in_the_console() -> None:
    schedules = list(seed("demo").account.schedules.values())
    assert [item.name for item in schedules] == ["Database On-Call", "支付 昼夜值班", "Legacy NOC"]
    assert schedules[0].layers[-1].mode == 1
    assert [hook.type for item in schedules for hook in item.notify.webhooks] == [
        "feishu_app",
        "dingtalk",
    ]


def test_recorded_has_the_form_of_a_real_account() -> None:
    with running(seed("recorded"), now=lambda: NOW) as sandbox:
        peer, account = Peer(sandbox), sandbox.world.account
        members = peer.data("/member/list")["items"]
        assert sum(not member["email"] for member in members) > len(members) / 2
        assert account.account_id not in [member["member_id"] for member in members]
        ids = {"person_ids": [account.account_id]}
        (owner,) = peer.data("/person/infos", ids)["items"]
        assert (owner["as"], owner["person_name"]) == ("account", account.name)
        schedule_id = peer.data("/schedule/list")["items"][0]["schedule_id"]
        found = peer.info(schedule_id, NOW, NOW + 5 * DAY)
    (layer,) = found["layers"]
    assert layer["day_mask"] == {"repeat": None}
    sizes = [len(group["members"][0]["person_ids"]) for group in layer["groups"]]
    assert sizes == [2, 3, 2, 3, 2]
    shifts = found["final_schedule"]["schedules"]
    eleven = 3 * HOUR  # UTC
    assert {shift["end"] % DAY for shift in shifts[:-1]} == {eleven}
    on_call = [shift["group"]["members"][0]["person_ids"] for shift in shifts]
    assert any(account.account_id in people for people in on_call)


def test_numbers_generate_the_same_world_every_time() -> None:
    first, again, text = seed(30), seed(30), seed("30")
    assert first.account.schedules == again.account.schedules == text.account.schedules
    assert len(first.account.schedules) == 30
    for schedule in first.account.schedules.values():
        assert [len(layer.groups) for layer in schedule.layers] == [4, 4, 4]
        assert schedule.notify.advance_in_time == 300
    assert seed(0).account.schedules == {}


@pytest.mark.parametrize("name", ["dmeo", "", "-1", "٣"])
def test_unknown_seed(name: str) -> None:
    with pytest.raises(ValueError, match="no seed is named"):
        seed(name)


def test_people_keys_and_teams() -> None:
    world = seed("empty")
    assert sorted(world.keys) == [
        "other-account-key",
        "sandbox-account-key",
        "sandbox-key",
        "sandbox-nobody-key",
        "sandbox-reader-key",
    ]
    assert world.account.person("carol@example.com").person_id == 2476444212131
    assert [person.name for person in ACME_PEOPLE].count("Li Wei") == 2
    assert list(TEAMS) == [team.name for team in world.account.teams.values()]
    assert not world.account.schedules
