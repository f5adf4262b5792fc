"""What the platform has beside what files declare goes back in every write."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options
from flashsync.sandbox.options import Form
from tests.apply.conftest import schedule
from tests.apply.test_safe_writes import applied
from tests.promises.loop import Loop

IN_2033 = 2_000_000_000
HOUR = 3600
CHAT = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
LAYER = {
    "layer": "Primary",
    "rotation": "1 week",
    "handoff": "mon 10:00",
    "start": "2026-01-05 10:00",
    "groups": [
        {"group": "Day crew", "members": ["alice@example.com"]},
        {"group": "Night crew", "members": ["bob@example.com"]},
    ],
}
LONGER = {**LAYER, "groups": [*LAYER["groups"], "carol@example.com"]}
OTHER_HOURS = {**LAYER, "hours": "09:00-18:00"}
RENAMED = {**LAYER, "layer": "First", "renamed_from": "Primary"}


def sent(loop: Loop) -> dict[str, Any]:
    """The last update's body."""
    return next(one.body for one in reversed(loop.sandbox.log) if one.endpoint.endswith("update"))


@pytest.fixture
def named(loop: Loop) -> Loop:
    """A live schedule with names of the platform's own for its layer and groups."""
    applied(loop, schedule(layers=[LAYER]))

    def name(live: dict[str, Any]) -> None:
        live["layers"][0]["name"] = "layer_1"
        for number, group in enumerate(live["layers"][0]["groups"]):
            group["name"] = f"group_{number}"

    loop.sandbox.console.edit("Production", name)
    return loop


def inner_names(loop: Loop) -> list[tuple[str, list[str]]]:
    """The internal names of each layer and of its first two groups."""
    layers = loop.sandbox.console.schedule("Production")["layers"]
    return [(one["name"], [group["name"] for group in one["groups"][:2]]) for one in layers]


KEPT = ("layer_1", ["group_0", "group_1"])
EDITS: dict[str, dict[str, Any]] = {
    "a description": {"layers": [LAYER], "description": "new"},
    "one more turn": {"layers": [LONGER]},
    "other hours": {"layers": [OTHER_HOURS]},
    "another name of the layer": {"layers": [RENAMED]},
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_internal_names_are_kept(named: Loop, edit: dict[str, Any]) -> None:
    assert named.plan().plan.empty
    applied(named, schedule(**edit))
    assert set(map(str, inner_names(named))) == {str(KEPT)}
    assert named.plan().plan.empty


def test_internal_names_are_kept_when_schedules_exchange_their_names(named: Loop) -> None:
    applied(named, schedule(layers=[LAYER]), schedule("Second"))
    ids = {one["schedule_name"]: one["schedule_id"] for one in named.sandbox.console.schedules()}
    applied(
        named,
        schedule("Second", layers=[LAYER], id=ids["Production"]),
        schedule("Production", id=ids["Second"]),
    )
    (layer,) = named.sandbox.console.schedule("Second")["layers"]
    assert layer["name"] == "layer_1"


def test_internal_names_are_kept_by_an_undo(named: Loop) -> None:
    named.write(schedule(layers=[LONGER], description="new"))
    named.apply(named.plan(), named.journal())
    named.carry_out(named.undo())
    assert KEPT in inner_names(named)


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_an_override_of_the_console_goes_back_complete_and_without_nulls(
    loop: Loop, form: Form
) -> None:
    applied(loop, schedule())
    loop.sandbox.options = Options(limits=UNLIMITED, form=form)
    people = ["carol@example.com"]
    loop.sandbox.console.add_override("Production", people, IN_2033, IN_2033 + HOUR, "Swap")
    applied(loop, schedule(description="new"))
    override = sent(loop)["layers"][1]
    assert override["layer_name"] == "Swap"
    assert complete(override)
    (live,) = [one for one in loop.sandbox.console.schedule("Production")["layers"] if one["mode"]]
    assert (live["layer_start"], live["layer_end"]) == (IN_2033, IN_2033 + HOUR)


def test_a_declared_override_is_sent_complete(loop: Loop) -> None:
    cover = {"override": "Away", "from": "2033-01-01 10:00", "to": "2033-01-02 10:00"}
    applied(loop, schedule())
    applied(loop, schedule(overrides=[{**cover, "people": ["carol@example.com"]}]))
    assert complete(sent(loop)["layers"][1])


def complete(override: dict[str, Any]) -> bool:
    """Whether all fields are there that the vendor's own provider sends (api.md), and no null."""
    wanted = {
        "mode": 1,
        "rotation_unit": "day",
        "rotation_value": 1,
        "handoff_time": 0,
        "restrict_mode": 0,
        "restrict_periods": [],
        "mask_continuous_enabled": False,
        "fair_rotation": False,
        "enable_time": override["layer_start"],
        "expire_time": override["layer_end"],
    }
    assert {key: override.get(key) for key in wanted} == wanted
    return "null" not in str(override).lower() and "None" not in str(override)


def test_fields_of_chats_that_no_file_declares_are_kept(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "a-token")
    applied(loop, schedule(notify={"before": "5 min", "chats": [CHAT]}))
    extra = {"disable_at": True, "reply_event_types": ["ack"], "integration_id": 7}

    def add(live: dict[str, Any]) -> None:
        live["notify"]["webhooks"][0]["settings"] |= extra

    loop.sandbox.console.edit("Production", add)
    assert loop.plan().plan.empty
    applied(loop, schedule(notify={"before": "10 min", "chats": [CHAT]}))
    (hook,) = sent(loop)["notify"]["webhooks"]
    assert {key: hook["settings"][key] for key in extra} == extra
    assert loop.plan().plan.empty
