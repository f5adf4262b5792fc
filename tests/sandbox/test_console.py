"""A person in the web console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flashsync.sandbox import UNLIMITED, ApiError, Options, Sandbox, running, seed
from tests.sandbox.peer import ALICE, BOB, CAROL, NOW, Json, Peer, schedule

NAME = "Legacy NOC"


@pytest.fixture
def demo() -> Iterator[Sandbox]:
    with running(seed("demo"), Options(limits=UNLIMITED), now=lambda: NOW) as sandbox:
        yield sandbox


def test_schedules(demo: Sandbox) -> None:
    found = [item["schedule_name"] for item in demo.console.schedules()]
    assert found == ["Database On-Call", "支付 昼夜值班", NAME]
    with pytest.raises(ApiError):
        demo.console.schedule("No such")


def test_edit_by_fields(demo: Sandbox) -> None:
    after = demo.console.edit(NAME, {"description": "Changed by hand"}, by="dave@example.com")
    assert after["description"] == "Changed by hand"
    dave = demo.world.account.person("dave@example.com").person_id
    assert (after["update_by"], after["update_at"]) == (dave, NOW)
    assert len(after["layers"]) == 1


def test_edit_by_function(demo: Sandbox) -> None:
    def turn_around(found: Json) -> None:
        found["layers"][0]["groups"].reverse()

    after = demo.console.edit(NAME, turn_around)
    assert [item["name"] for item in after["layers"][0]["groups"]] == ["C", "B", "A"]
    assert after["update_by"] == BOB
    assert demo.console.edit(NAME, lambda found: {**found, "team_id": 0})["team_id"] == 0


def test_edits_are_checked(demo: Sandbox) -> None:
    before = demo.console.schedule(NAME)
    with pytest.raises(ApiError, match="description must have"):
        demo.console.edit(NAME, {"description": "x" * 501})
    with pytest.raises(ApiError, match="is taken by"):
        demo.console.rename(NAME, "Database On-Call")
    assert demo.console.schedule(NAME) == before


def test_override_is_seen_by_the_client(demo: Sandbox) -> None:
    demo.console.add_override(NAME, ["alice@example.com", CAROL], NOW, NOW + 3600)
    after = demo.console.add_override(NAME, ["Bob Martin"], NOW + 1, NOW + 9, "Dentist")
    assert [item["name"] for item in after["layers"]] == ["规则1", "Temporary", "Dentist"]
    found = Peer(demo).info(after["schedule_id"], NOW, NOW + 1)
    members = found["cur_oncall"]["group"]["members"]
    assert members == [{"role_id": 0, "person_ids": [ALICE, CAROL]}]


def test_override_on_a_schedule_without_layers(demo: Sandbox) -> None:
    demo.console.create(schedule(layers=[]))
    after = demo.console.add_override("Production On-Call", [ALICE], NOW, NOW + 1)
    assert len(after["layers"]) == 1


def test_create_rename_delete(demo: Sandbox) -> None:
    made = demo.console.create(schedule(schedule_name="Made"), by="carol@example.com")
    assert made["create_by"] == CAROL
    assert demo.console.rename("Made", "Renamed")["schedule_id"] == made["schedule_id"]
    demo.console.delete("Renamed")
    assert len(demo.console.schedules()) == 3


def test_disable(demo: Sandbox) -> None:
    demo.console.disable(NAME)
    assert demo.console.schedule(NAME)["disabled"] == 1
    assert demo.console.edit(NAME, {"description": "x"})["disabled"] == 1


def test_another_account(demo: Sandbox) -> None:
    console = demo.console_of("Other Inc", by="anna@other.example")
    anna = demo.world.keys["other-account-key"].person_id
    layers: list[Json] = []
    made = console.create({"schedule_name": "Theirs", "layers": layers})
    assert made["create_by"] == anna
    assert len(demo.console.schedules()) == 3


def test_secrets_are_plain_and_the_log_stays_empty(demo: Sandbox) -> None:
    demo.options = Options(secrets="empty", form="missing", limits=UNLIMITED)
    found = demo.console.schedule("支付 昼夜值班")
    assert found["notify"]["webhooks"][0]["settings"]["token"] == "dt-4f1c9a7e2b"
    demo.console.edit("支付 昼夜值班", {"description": "kept"})
    after = demo.console.schedule("支付 昼夜值班")
    assert after["notify"] == found["notify"]
    assert demo.log == []


def test_audit_log(demo: Sandbox) -> None:
    peer = Peer(demo)
    window = {"start_time": NOW - 60, "end_time": NOW + 60}
    assert peer.data("/audit/search", window) == {
        "docs": [],
        "total": 0,
        "search_after_ctx": "",
    }
    demo.console.rename(NAME, "NOC", by="dave@example.com")
    schedule_id = peer.create()
    peer.invalid("/schedule/create", schedule())
    peer.data("/schedule/delete", {"schedule_ids": [schedule_id]})
    first = peer.data("/audit/search", {**window, "limit": 2})
    assert [doc["operation"] for doc in first["docs"]] == ["/schedule/delete", "/schedule/create"]
    created = first["docs"][1]
    assert (created["member_id"], created["member_name"]) == (ALICE, "Alice Zhang")
    assert created["created_at"] == NOW * 1000
    assert '"schedule_name": "Production On-Call"' in created["body"]
    assert created["request_id"] in {entry.request_id for entry in demo.log}
    cursor = first["search_after_ctx"]
    rest = peer.data("/audit/search", {**window, "search_after_ctx": cursor})
    assert [doc["member_name"] for doc in rest["docs"]] == ["Dave Wu"]
    assert rest["search_after_ctx"] == ""
    mine = peer.data("/audit/search", {**window, "person_id": ALICE, "is_write": True})
    assert len(mine["docs"]) == 2
    deletes = peer.data("/audit/search", {**window, "operations": ["/schedule/delete"]})
    assert [doc["operation"] for doc in deletes["docs"]] == ["/schedule/delete"]
    by_id = peer.data("/audit/search", {**window, "request_id": created["request_id"]})
    assert by_id["docs"] == [created]
    assert peer.data("/audit/search", {**window, "is_write": False})["docs"] == []
