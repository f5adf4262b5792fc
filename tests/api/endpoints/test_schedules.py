"""Listing, reading and writing schedules and people: paging, cheap answers, safe creates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api.endpoints import people, schedules
from flashsync.api.endpoints.schedules import Listed
from flashsync.api.errors import Failure, Invalid, NotFound, NotTheService, Unclear
from flashsync.model.people import Account, MemberStatus, Person, Role, Team
from flashsync.model.schedule import Schedule, Stamp
from tests.api.peers import ZONE, Script, client, error, ok, sent
from tests.properties import trying

NOW = 1767542400


def raw(id: int, **more: Any) -> dict[str, Any]:
    """A schedule as listings show it."""
    return {
        "schedule_id": id,
        "schedule_name": f"Rota {id}",
        "description": "",
        "team_id": 0,
        "layers": None,
        "notify": None,
        "update_at": 9,
        "update_by": 4,
        **more,
    }


def whole(id: int, **more: Any) -> dict[str, Any]:
    """A schedule as `/schedule/info` shows it."""
    layer = {
        "layer_name": "L",
        "mode": 0,
        "layer_start": NOW,
        "rotation_unit": "day",
        "rotation_value": 1,
    }
    return raw(id, layers=[layer], notify={"by": {"follow_preference": True}}, **more)


class PagingAccount:
    """An account with a number of schedules, that pages as the platform does."""

    def __init__(self, items: Sequence[Any], more: bool = False) -> None:
        self.items = list(items)
        self.more = more
        self.requests: list[tuple[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = sent(request)
        self.requests.append((request.url.path, body))
        if request.url.path == "/schedule/info":
            return ok(whole(body["schedule_id"], final_schedule=[]))
        return self.page(body["p"], body["limit"])

    def page(self, number: int, limit: int) -> httpx.Response:
        if number * limit > 10_000:
            return error("InvalidParameter", "p*limit")
        items = self.items[(number - 1) * limit : number * limit]
        more = {"has_next_page": number * limit < len(self.items)} if self.more else {}
        return ok({"items": items, "total": min(len(self.items), 1000), **more})

    def pages(self) -> list[int]:
        return sorted(body["p"] for _, body in self.requests if "p" in body)


@pytest.mark.parametrize(
    ("count", "pages"),
    [(0, 1), (1, 1), (99, 1), (100, 2), (101, 2), (950, 10), (1000, 11), (1234, 13), (9999, 100)],
)
def test_all_pages_are_read(count: int, pages: int) -> None:
    account = PagingAccount([raw(id) for id in range(1, count + 1)])
    listed = schedules.list_schedules(client(account), ZONE)
    assert [one.id for one in listed] == list(range(1, count + 1))
    assert account.pages() == list(range(1, pages + 1))
    assert all(body["limit"] == 100 for _, body in account.requests)


def test_the_end_that_the_server_tells_is_taken() -> None:
    account = PagingAccount([raw(id) for id in range(1, 201)], more=True)
    assert len(schedules.list_schedules(client(account), ZONE)) == 200
    assert account.pages() == [1, 2]


def test_ten_thousand_are_readable_only_with_has_next_page() -> None:
    items = [raw(id) for id in range(1, 10_001)]
    assert len(schedules.list_schedules(client(PagingAccount(items, more=True)), ZONE)) == 10_000
    with pytest.raises(Failure, match="the account has 10,000 schedules or more"):
        schedules.list_schedules(client(PagingAccount(items)), ZONE)


def test_a_listed_schedule() -> None:
    peer = Script(ok({"items": [raw(5, schedule_name=None, name="Old", group_id=3, team_id=None)]}))
    (listed,) = schedules.list_schedules(client(peer), ZONE)
    assert listed == Listed(5, "Old", 3, Stamp(by=4, at=9), None)


@pytest.mark.parametrize("total", [0, None, 5, 999, 1000, 10**9, -3])
def test_total_never_ends_a_listing(total: int | None) -> None:
    items = [raw(id) for id in range(1, 251)]

    def peer(request: httpx.Request) -> httpx.Response:
        page = sent(request)["p"]
        return ok({"items": items[(page - 1) * 100 : page * 100], "total": total})

    assert len(schedules.list_schedules(client(peer), ZONE)) == 250


def test_a_schedule_that_slips_to_the_next_page_is_listed_once() -> None:
    pages = {1: range(1, 101), 2: [100, *range(101, 150)]}

    def peer(request: httpx.Request) -> httpx.Response:
        return ok({"items": [raw(id) for id in pages[sent(request)["p"]]], "total": 149})

    listed = schedules.list_schedules(client(peer), ZONE)
    assert [one.id for one in listed] == list(range(1, 150))


@pytest.mark.parametrize("bad_page", [1, 2, 3, 10, 11])
def test_a_page_that_fails_fails_the_listing(bad_page: int) -> None:
    account = PagingAccount([raw(id) for id in range(1, 1050)])

    def peer(request: httpx.Request) -> httpx.Response:
        if sent(request)["p"] == bad_page:
            return error("InvalidParameter", "broken page")
        return account(request)

    with pytest.raises(Invalid, match="broken page"):
        schedules.list_schedules(client(peer), ZONE)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "data should be an object and is missing"),
        ({"items": 5}, "items should be a list"),
        ({"items": [None]}, r"items\[0\] should be an object and is missing"),
        ({"items": [raw(1), {}]}, r"items\[1\].schedule_id should be a whole number"),
    ],
)
def test_a_listing_of_another_shape(data: Any, words: str) -> None:
    with pytest.raises(NotTheService, match=words):
        schedules.list_schedules(client(Script(ok(data))), ZONE)


@given(st.integers(0, 450), st.sampled_from([0, 300, 1000, 5000]), st.booleans())
@trying(15)
def test_any_listing_is_read_whole(count: int, total: int, more: bool) -> None:
    account = PagingAccount([raw(id) for id in range(1, count + 1)], more=more)

    def peer(request: httpx.Request) -> httpx.Response:
        answer = account(request).json()
        answer["data"]["total"] = total
        return httpx.Response(200, json=answer)

    assert len(schedules.list_schedules(client(peer), ZONE)) == count


@pytest.mark.parametrize(
    ("item", "used"),
    [
        (whole(1), True),
        (raw(1), False),
        ({**whole(1), "layers": []}, False),
        ({**whole(1), "notify": None}, False),
        ({key: part for key, part in whole(1).items() if key != "description"}, False),
    ],
)
def test_a_listing_that_carries_layers_is_used(item: dict[str, Any], used: bool) -> None:
    (listed,) = schedules.list_schedules(client(Script(ok({"items": [item]}))), ZONE)
    assert (listed.schedule is not None) is used


def test_one_schedule_is_read_with_the_smallest_window() -> None:
    account = PagingAccount([])
    schedule = schedules.read_schedule_info(client(account), 7, ZONE, NOW)
    assert (schedule.id, schedule.name, len(schedule.layers)) == (7, "Rota 7", 1)
    assert account.requests == [
        ("/schedule/info", {"schedule_id": 7, "start": NOW, "end": NOW + 3600})
    ]


def test_another_schedule_than_the_one_asked_for() -> None:
    with pytest.raises(NotTheService, match="schedule_id should be 7, which was asked for,"):
        schedules.read_schedule_info(client(Script(ok(whole(8)))), 7, ZONE, NOW)


def test_a_schedule_that_is_gone() -> None:
    peer = Script(error("ResourceNotFound", "no such schedule"))
    with pytest.raises(NotFound, match="no such schedule"):
        schedules.read_schedule_info(client(peer), 7, ZONE, NOW)


@pytest.mark.parametrize("count", [0, 5, 250])
def test_many_are_read_one_by_one(count: int) -> None:
    account = PagingAccount([])
    ids = list(range(count, 0, -1))
    assert list(schedules.read_many(client(account), [*ids, *ids], ZONE, NOW)) == ids
    assert [path for path, _ in account.requests] == ["/schedule/info"] * count


def test_one_that_fails_fails_all() -> None:
    def peer(request: httpx.Request) -> httpx.Response:
        return (
            error("AccessDenied", status=403)
            if sent(request).get("schedule_id") == 3
            else ok(whole(sent(request)["schedule_id"]))
        )

    with pytest.raises(Failure, match="may not do this"):
        schedules.read_many(client(peer), [1, 2, 3, 4], ZONE, NOW)


def test_create_update_delete() -> None:
    peer = Script(ok({"schedule_id": 42}), ok(None), ok({}))
    flashduty = client(peer)
    schedule = Schedule(name="New")
    assert schedules.create(flashduty, schedule) == 42
    schedules.update(flashduty, Schedule(name="New", id=42))
    schedules.delete(flashduty, 42)
    assert [(one.url.path, sent(one).get("schedule_id")) for one in peer.requests] == [
        ("/schedule/create", None),
        ("/schedule/update", 42),
        ("/schedule/delete", None),
    ]
    assert sent(peer.requests[2]) == {"schedule_ids": [42]}


@pytest.mark.parametrize("answer", [ok(None), ok({}), error("InternalError", status=500)])
def test_a_create_without_an_id_is_unclear(answer: httpx.Response) -> None:
    peer = Script(answer)
    with pytest.raises(Unclear):
        schedules.create(client(peer), Schedule(name="New"))
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    ("name", "found"),
    [("Ops", 2), ("Ops ", 1), ("e\u0301te\u0301", 4), ("Op", None), ("ops", None)],
)
def test_a_schedule_is_found_by_its_whole_name(name: str, found: int | None) -> None:
    names = {1: "Ops ", 2: "Ops", 3: "Ops 2", 4: "\u00e9t\u00e9"}
    peer = Script(ok({"items": [raw(id, schedule_name=text) for id, text in names.items()]}))
    listed = schedules.find_by_name(client(peer), name, ZONE)
    assert (listed.id if listed else None) == found
    assert sent(peer.requests[0])["query"] == name


ME = {"member_id": 5, "account_id": 1, "account_name": "Acme", "account_time_zone": ZONE}


def test_the_account() -> None:
    assert people.me(client(Script(ok(ME)))) == Account(1, "Acme", ZONE, 5)


@pytest.mark.parametrize("zone", [None, "", "Mars/Base", 8, "../etc/passwd"])
def test_an_account_without_a_zone(zone: Any) -> None:
    with pytest.raises(NotTheService, match="account_time_zone should be"):
        people.me(client(Script(ok({**ME, "account_time_zone": zone}))))


def member(id: int, status: Any = "enabled") -> dict[str, Any]:
    return {"member_id": id, "member_name": f"M{id}", "email": f"m{id}@x.y", "status": status}


def test_members() -> None:
    words = ["enabled", "pending", "deleted", "frozen", None]
    items = [member(id, word) for id, word in enumerate(words, 1)]
    found = people.members(client(Script(ok({"items": items, "total": 5}))))
    assert found.complete
    assert found.items[0] == Person(1, "M1", "m1@x.y")
    assert [one.status for one in found.items] == [
        MemberStatus.ENABLED,
        MemberStatus.PENDING,
        MemberStatus.DELETED,
        MemberStatus.UNKNOWN,
        MemberStatus.ENABLED,
    ]


def test_more_members_than_are_listed_are_flagged() -> None:
    account = PagingAccount([member(id) for id in range(1, 10_200)])
    found = people.members(client(account))
    assert not found.complete
    assert len(found.items) == 10_000


def test_members_are_searched() -> None:
    peer = Script(ok({"items": [member(3)]}))
    assert [one.id for one in people.find_members(client(peer), "m3@")] == [3]
    assert sent(peer.requests[0])["query"] == "m3@"


def test_persons_are_asked_a_hundred_at_a_time() -> None:
    asked: list[int] = []

    def peer(request: httpx.Request) -> httpx.Response:
        ids = sent(request)["person_ids"]
        asked.append(len(ids))
        return ok({"items": [{"person_id": id, "person_name": "P"} for id in ids if id != 9]})

    found = people.persons(client(peer), [*range(250), 5])
    assert sorted(asked) == [50, 100, 100]
    assert len(found) == 249
    assert 9 not in found


def test_a_person() -> None:
    items = [
        {
            "person_id": 1,
            "person_name": "Ann",
            "email": "a@x.y",
            "as": "member",
            "status": "pending",
            "email_verified": False,
            "phone_verified": True,
        },
        {"person_id": 2, "person_name": "Acme", "as": "account"},
        {"person_id": 3, "person_name": "Bot", "as": "robot"},
    ]
    found = people.persons(client(Script(ok({"items": items}))), [1, 2, 3])
    assert found == {
        1: Person(1, "Ann", "a@x.y", MemberStatus.PENDING, False, True),
        2: Person(2, "Acme"),
    }


TEAMS = [
    {"team_id": 1, "team_name": "SRE", "status": "enabled"},
    {"team_id": 2, "team_name": "Gone", "status": "deleted"},
    {"team_id": 3, "team_name": "Web"},
]


def test_teams() -> None:
    flashduty = client(Script(ok({"items": TEAMS, "total": 3})))
    assert people.teams(flashduty) == (Team(1, "SRE"), Team(3, "Web"))
    assert people.team_infos(flashduty, [1, 2, 3]) == {1: Team(1, "SRE"), 3: Team(3, "Web")}


@pytest.mark.parametrize("wrapped", [False, True])
def test_roles(wrapped: bool) -> None:
    items = [{"id": 0, "name": "主值班人"}, {"id": 7, "name": "Lead"}]
    peer = Script(ok({"items": items} if wrapped else items))
    assert people.roles(client(peer)) == (Role(0, "主值班人"), Role(7, "Lead"))
    assert peer.requests[0].method == "GET"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "data should be an object and is missing"),
        (5, "data should be an object and is another number"),
        ([{"id": 1}, {"id": "x"}], "data[1].id should be a whole number and is text"),
        ({"items": [{"id": "x"}]}, "items[0].id should be a whole number and is text"),
        ([None, {"id": "x"}], "items[0] should be an object and is missing"),
    ],
)
def test_roles_of_another_shape(data: Any, words: str) -> None:
    with pytest.raises(NotTheService) as caught:
        people.roles(client(Script(ok(data))))
    assert words in str(caught.value)
