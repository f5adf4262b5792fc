"""The worlds to begin with."""

from __future__ import annotations

import pytest

from flashsync.sandbox import seed
from flashsync.sandbox.seeds import ACME_PEOPLE, TEAMS


def test_demo_is_built_in_the_console() -> None:
    schedules = list(seed("demo").account.schedules.values())
    assert [item.name for item in schedules] == ["Database On-Call", "支付 昼夜值班", "Legacy NOC"]
    assert schedules[0].layers[-1].mode == 1
    assert [hook.type for item in schedules for hook in item.notify.webhooks] == [
        "feishu_app",
        "dingtalk",
    ]


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
