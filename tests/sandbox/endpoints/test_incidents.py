"""Incidents: by window, by filters, by page and by cursor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from tests.sandbox.peer import ALICE, BOB, CAROL, DAY, HOUR, NOW, SRE, Json, Peer

PATH = "/incident/list"
WEEK: Json = {"start_time": NOW - 7 * DAY, "end_time": NOW}


@pytest.fixture
def demo() -> Iterator[Sandbox]:
    with running(seed("demo"), Options(limits=UNLIMITED), now=lambda: NOW) as sandbox:
        yield sandbox


def titles(peer: Peer, **body: object) -> list[str]:
    return [item["title"] for item in peer.data(PATH, {**WEEK, **body})["items"] or ()]


def test_an_incident_as_the_platform_answers_it(demo: Sandbox) -> None:
    found = Peer(demo).data(PATH, WEEK)
    assert (found["total"], found["has_next_page"], found["search_after_ctx"]) == (2, False, "")
    newest, oldest = found["items"]
    assert newest["start_time"] == NOW - HOUR // 2
    assert (oldest["progress"], oldest["incident_severity"]) == ("Processing", "Critical")
    assert oldest["num"] == oldest["incident_id"][-6:].upper()
    assert oldest["assigned_to"] == {"person_ids": [ALICE]}
    assert [person["person_id"] for person in oldest["responders"]] == [ALICE]
    assert oldest["channel_name"] == "Database alerts"
    assert oldest["detail_url"].startswith("https://")


def test_filters(sandbox: Sandbox, peer: Peer) -> None:
    console = sandbox.console
    console.add_incident("old", [ALICE], age=8 * DAY)
    console.add_incident("db", [ALICE], [BOB], channel="DB", severity="Warning", age=30)
    console.add_incident("web", [CAROL], progress="Processing", age=20)
    closed = console.add_incident("done", [ALICE], age=10)
    console.close_incident(closed.incident_id)
    account = sandbox.world.account
    payments = account.add_channel("Payments", SRE)
    account.add_incident("pay", "Payments", NOW - 5)
    assert titles(peer) == ["pay", "done", "web", "db"]
    assert titles(peer, progress="Triggered,Processing") == ["pay", "web", "db"]
    assert titles(peer, incident_severity="Warning,Info") == ["db"]
    assert titles(peer, responder_ids=[ALICE]) == ["done", "db"]
    assert titles(peer, team_ids=[SRE]) == ["pay"]
    assert titles(peer, channel_ids=[payments.channel_id]) == ["pay"]


def test_pages_by_number_and_by_cursor(sandbox: Sandbox, peer: Peer) -> None:
    for number in range(5):
        sandbox.console.add_incident(str(number))
    assert titles(peer, limit=2, p=3) == ["0"]
    first = peer.data(PATH, {**WEEK, "limit": 2})
    assert first["has_next_page"] is True
    sandbox.console.add_incident("newer")  # while somebody pages, it moves nothing
    second = titles(peer, limit=2, search_after_ctx=first["search_after_ctx"])
    assert second == ["2", "1"]


def test_by_ids(sandbox: Sandbox, peer: Peer) -> None:
    first, second = (sandbox.console.add_incident(title).incident_id for title in "ab")
    found = peer.data("/incident/list-by-ids", {"incident_ids": [second, "7" * 24, first]})
    assert [item["title"] for item in found["items"]] == ["b", "a"]
    assert peer.data("/incident/list-by-ids", {"incident_ids": ["7" * 24]})["items"] is None
    assert "incident_ids is required" in peer.invalid("/incident/list-by-ids")


def test_by_a_part_of_the_title(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.console.add_incident("Disk full on db-1")
    sandbox.console.add_incident("Replication lag")
    assert titles(peer, query="DISK", p=0, limit=0) == ["Disk full on db-1"]


def test_nothing_in_every_form(sandbox: Sandbox, peer: Peer) -> None:
    assert peer.data(PATH, WEEK)["items"] is None
    sandbox.options = Options(form="empty", limits=UNLIMITED)
    assert peer.data(PATH, WEEK)["items"] == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"end_time": None}, "end_time is required"),
        ({"start_time": NOW}, "end_time must be after start_time"),
        ({"start_time": WEEK["end_time"] - 31 * DAY}, "less than 31 days apart"),
        ({"limit": 101}, "limit must be 0 to 100"),
        ({"p": 101, "limit": 100}, "p * limit may not exceed 10000"),
        ({"progress": "Open"}, "progress must be one of Triggered, Processing, Closed, is 'Open'"),
        ({"progress": "Triggered, Closed"}, "is ' Closed'"),
        ({"incident_severity": "Ok"}, "incident_severity must be one of Critical, Warning, Info"),
        ({"responder_ids": ["1"]}, "responder_ids[0] must be an integer"),
        ({"search_after_ctx": "x"}, "search_after_ctx is not a cursor"),
        ({"search_after_ctx": "1.a", "p": 1}, "p and search_after_ctx exclude each other"),
        ({"nums": ["x"]}, "nums is not a known field"),
    ],
)
def test_refused(shared: Peer, body: Json, message: str) -> None:
    assert message in shared.invalid(PATH, {**WEEK, **body})


def test_it_needs_the_permission(sandbox: Sandbox) -> None:
    status, code, message = Peer(sandbox, "sandbox-reader-key").refusal(PATH, WEEK)
    assert (status, code) == (403, "AccessDenied")
    assert "incidents_read" in message
    assert Peer(sandbox).http.get(PATH).json()["error"]["code"] == "MethodNotAllowed"
