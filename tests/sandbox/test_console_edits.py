"""Console edits over HTTP: what somebody does by hand while the sandbox runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flashsync.sandbox import UNLIMITED, Limits, Options, Sandbox, running, seed
from tests.sandbox.peer import CAROL, DAY, HOUR, NOW, Json, Peer

NOC = "Legacy NOC"


@pytest.fixture
def demo() -> Iterator[Sandbox]:
    with running(seed("demo"), Options(limits=UNLIMITED), now=lambda: NOW) as sandbox:
        yield sandbox


def edit(sandbox: Sandbox, action: str, **fields: object) -> str:
    done: str = Peer(sandbox).data("/sandbox/edit", {"action": action, **fields})["done"]
    return done


def test_a_field_is_set_by_a_colleague(demo: Sandbox) -> None:
    done = edit(demo, "set", schedule=NOC, values={"description": "Call Bob first"})
    assert done == f"description of {NOC} changed"
    after = demo.console.schedule(NOC)
    assert after["description"] == "Call Bob first"
    assert after["update_by"] == demo.world.account.person("bob@example.com").person_id


def test_by_somebody_else(demo: Sandbox) -> None:
    edit(demo, "set", schedule=NOC, values={"description": "x"}, by="carol@example.com")
    assert demo.console.schedule(NOC)["update_by"] == CAROL
    assert demo.world.account.audit[-1].member_name == "Carol Diaz"


def test_somebody_is_added_to_a_rotation(demo: Sandbox) -> None:
    assert edit(demo, "add", schedule=NOC, person="李娜") == f"李娜 added to {NOC}"
    groups = demo.console.schedule(NOC)["layers"][0]["groups"]
    assert len(groups) == 4
    lina = demo.world.account.person("李娜").person_id
    assert groups[-1]["members"] == [{"role_id": 0, "person_ids": [lina]}]
    edit(demo, "add", schedule="支付 昼夜值班", person=str(CAROL), layer="夜班")
    assert len(demo.console.schedule("支付 昼夜值班")["layers"][1]["groups"]) == 3


def test_an_override_from_now_or_from_a_time(demo: Sandbox) -> None:
    done = edit(demo, "override", schedule=NOC, people=["Bob Martin"])
    assert done == f"Bob Martin on call for {NOC}, Sun 12 Apr 21:20 to Mon 13 Apr 05:20"
    edit(
        demo,
        "override",
        schedule=NOC,
        people=["bob@example.com", str(CAROL)],
        name="Dentist",
        hours=2,
        **{"from": "2026-04-13 21:20"},
    )
    first, second = demo.console.schedule(NOC)["layers"][1:]
    assert (first["layer_start"], first["layer_end"]) == (NOW, NOW + 8 * HOUR)
    assert (second["layer_start"], second["layer_end"]) == (NOW + DAY, NOW + DAY + 2 * HOUR)
    assert second["layer_name"] == "Dentist"


def test_a_member_leaves_and_a_schedule_goes(demo: Sandbox) -> None:
    assert edit(demo, "leave", person="carol@example.com") == "Carol Diaz left the account"
    assert demo.world.account.person(CAROL).status == "deleted"
    assert edit(demo, "delete", schedule=NOC) == f"{NOC} deleted"
    assert len(demo.console.schedules()) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "action is required"),
        ({"action": "dance"}, "action must be one of set, add, override, delete, leave"),
        ({"action": "set", "schedule": NOC}, "values is required"),
        ({"action": "set", "schedule": NOC, "values": [1]}, "values must be an object"),
        ({"action": "set", "schedule": NOC, "values": {"colour": 1}}, "colour is not a known"),
        ({"action": "set", "schedule": "None", "values": {}}, "no schedule is named 'None'"),
        ({"action": "leave", "person": "nobody"}, "nobody in the account is called 'nobody'"),
        ({"action": "leave", "person": "Grace Kim", "x": 1}, "x is not a known field"),
        (
            {"action": "add", "schedule": NOC, "person": "Grace Kim", "layer": "x"},
            "rotation layer x",
        ),
        ({"action": "override", "schedule": NOC, "people": []}, "person_ids may not be empty"),
        (
            {"action": "override", "schedule": NOC, "people": [], "from": "noon"},
            "from must be a time like 2026-12-01 10:00, is 'noon'",
        ),
    ],
)
def test_refused(demo: Sandbox, body: Json, message: str) -> None:
    status, _, said = Peer(demo).refusal("/sandbox/edit", body)
    assert (status, message in said) == (400, True), said


def test_it_needs_a_key_and_json(demo: Sandbox) -> None:
    assert Peer(demo, "wrong").refusal("/sandbox/edit")[:2] == (401, "Unauthorized")
    broken = Peer(demo).http.post("/sandbox/edit", content=b"{")
    assert broken.json()["error"]["code"] == "BadRequest"


def test_an_account_without_colleagues(demo: Sandbox) -> None:
    other = demo.console_of("Other Inc", "anna@other.example")
    other.leave("bob@other.example")
    status, _, said = Peer(demo, "other-account-key").refusal("/sandbox/edit", {"action": "leave"})
    assert (status, said) == (400, "the account has no other member")


def test_an_edit_is_not_a_request_of_the_api(demo: Sandbox) -> None:
    demo.options = Options(limits=Limits(0))
    edit(demo, "delete", schedule=NOC)
    assert demo.log == []
