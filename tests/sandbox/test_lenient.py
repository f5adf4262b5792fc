"""Without `strict` the sandbox takes what the service takes, and keeps what it must keep."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox
from tests.sandbox.peer import ALICE, NOW, Json, Peer, group, layer, schedule


@pytest.fixture
def lenient(sandbox: Sandbox, peer: Peer) -> Peer:
    """A sandbox that ignores what it does not know."""
    sandbox.options = Options(strict=False, limits=UNLIMITED)
    return peer


@pytest.mark.parametrize(
    "changes",
    [
        {"nmae": "x", "disabled": 1, "start": 1},
        {"name": "Another name"},
        {"layers": [layer(colour="red")]},
        {"layers": [layer(enable_time=5)]},
        {"layers": [layer(groups=[{**group(ALICE), "colour": "red"}])]},
        {
            "notify": {
                "before": 5,
                "webhooks": [{"type": "zoom", "settings": {"token": "t", "x": 1}}],
            }
        },
    ],
    ids=repr,
)
def test_unknown_fields_and_mirrors_that_differ_are_ignored(lenient: Peer, changes: Json) -> None:
    found = lenient.info(lenient.create(**changes))
    assert (found["schedule_name"], found["disabled"]) == ("Production On-Call", 0)
    assert found["layers"][0]["layer_start"] == layer()["layer_start"]


def test_wrong_values_are_still_refused(lenient: Peer) -> None:
    assert "schedule_name must have 1 to 40" in lenient.invalid(
        "/schedule/create", schedule(schedule_name=None)
    )


@pytest.mark.parametrize("field", ["schedule_name", "description", "layers"])
def test_an_update_may_lack_a_field(sandbox: Sandbox, lenient: Peer, field: str) -> None:
    schedule_id = lenient.create()
    body = {**schedule(**{field: None}), "schedule_id": schedule_id}
    lenient.data("/schedule/update", body)
    after = lenient.info(schedule_id)
    assert after["schedule_name"] == "Production On-Call"
    emptied: Any = {"description": "", "layers": None}
    assert field not in emptied or after[field] == emptied[field]
    sandbox.options = Options(limits=UNLIMITED)
    assert f"{field} is required" in lenient.invalid("/schedule/update", body)


def test_status_switches_a_schedule_off_and_stays_where_it_is_not_sent(peer: Peer) -> None:
    schedule_id = peer.create(status=1)
    assert (peer.info(schedule_id)["status"], peer.info(schedule_id)["disabled"]) == (1, 1)
    peer.data("/schedule/update", {**schedule(), "schedule_id": schedule_id})
    assert peer.info(schedule_id)["disabled"] == 1
    peer.data("/schedule/update", {**schedule(status=0), "schedule_id": schedule_id})
    assert peer.info(schedule_id)["disabled"] == 0


def test_internal_names_that_differ_are_kept(peer: Peer) -> None:
    groups = [{**group(ALICE), "group_name": "Group A", "name": "group_a"}]
    found = peer.info(peer.create(layers=[layer(name="layer_1", groups=groups)]))["layers"][0]
    assert (found["layer_name"], found["name"]) == ("Primary", "layer_1")
    assert (found["groups"][0]["group_name"], found["groups"][0]["name"]) == ("Group A", "group_a")


def test_a_preview_needs_no_name(peer: Peer) -> None:
    found = peer.data("/schedule/preview", {"layers": [layer()], "start": NOW, "end": NOW + 1})
    assert found["final_schedule"]["schedules"]
