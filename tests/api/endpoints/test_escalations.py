"""What escalation rules page: every level of every rule of every channel.

And open incidents: all of them by cursor, whoever handles them, with texts that can do no harm.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.api.endpoints import escalations
from flashsync.api.errors import AccessDenied, Failure, NotTheService
from flashsync.model.account_records import Incident, Reference
from flashsync.sandbox import UNLIMITED, Options, Reply, Sandbox
from tests.api.test_against_sandbox import connect
from tests.clock import frozen

DAY = 86_400
HOSTILE = "\x1b[31mred\x1b[0m\n::error::no\u202e <b>[x](y)</b>"
RULES = "/channel/escalate/rule/list"


def read(sandbox: Sandbox, key: str = "sandbox-key") -> tuple[Reference, ...]:
    with connect(sandbox, key) as client:
        return escalations.references(client)


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_levels_with_their_roles(sandbox: Sandbox, form: Any) -> None:
    sandbox.options = Options(form=form, limits=UNLIMITED)
    account, console = sandbox.world.account, sandbox.console
    database = account.schedule("Database On-Call").schedule_id
    legacy = account.schedule("Legacy NOC").schedule_id
    console.add_rule("Web", "Off", {}, {"Legacy NOC": (), "Database On-Call": (0, 1)},
                     enabled=False)  # fmt: skip
    default, *others = (replace(one, rule_id="") for one in read(sandbox))
    assert default == Reference("Database alerts", "Default", 1, database, frozenset({0}))
    assert set(others) == {
        Reference("Web", "Off", 2, legacy, frozenset(), enabled=False),
        Reference("Web", "Off", 2, database, frozenset({0, 1}), enabled=False),
    }


def test_every_page_of_channels(empty_sandbox: Sandbox) -> None:
    for number in range(101):
        empty_sandbox.world.account.add_channel(f"Channel {number}")
    empty_sandbox.world.account.add_rule("Channel 100", "Last", [])
    assert read(empty_sandbox) == ()
    assert empty_sandbox.counts == {"/channel/list": 2, RULES: 101}


def test_more_channels_than_are_listed(
    empty_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is behind the last page cannot be judged, so nothing is."""
    monkeypatch.setattr("flashsync.api.client.LAST_PAGE", 1)
    full = [{"channel_id": id, "channel_name": "x"} for id in range(1, 101)]
    page = Reply(content={"data": {"items": full, "total": 100}})
    empty_sandbox.hook = lambda endpoint, body, act: page
    with pytest.raises(Failure, match="the account has more than 100 channels"):
        read(empty_sandbox)


def test_names_do_no_harm(sandbox: Sandbox) -> None:
    sandbox.console.add_rule("a\x1b[31m\nb", "\u202e" + "r" * 200, {"Legacy NOC": (0,)})
    sandbox.console.add_rule("a", "\x1b[0m", {"Legacy NOC": (0,)})
    *_, named, nameless = read(sandbox)
    assert named.channel == "a b"
    assert len(named.rule) == 80
    assert nameless.rule == nameless.rule_id != ""


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([{"target": {"schedule_to_role_ids": {"x": [0]}}}], "with ids of schedules as keys"),
        ([{"target": {"schedule_to_role_ids": {"5": ["0"]}}}], "schedule_to_role_ids.5[0] should"),
        ([{"target": "everybody"}], "items[0].layers[0].target should be an object"),
        ("none", "items[0].layers should be a list"),
    ],
)
def test_a_rule_of_another_shape(sandbox: Sandbox, layers: Any, said: str) -> None:
    rule = {"rule_name": "x", "layers": layers}
    sandbox.hook = lambda endpoint, body, act: (
        Reply(content={"data": {"items": [rule]}}) if endpoint == RULES else None
    )
    with pytest.raises(NotTheService) as caught:
        read(sandbox)
    assert said in str(caught.value)


def test_a_key_that_may_not_read_channels(sandbox: Sandbox) -> None:
    with pytest.raises(AccessDenied):
        read(sandbox, "sandbox-reader-key")


def read_incidents(sandbox: Sandbox, key: str = "sandbox-key") -> tuple[Incident, ...]:
    with connect(sandbox, key) as client:
        return escalations.open_incidents(client, int(frozen()))


def answer(sandbox: Sandbox, item: dict[str, Any]) -> None:
    """The platform answers with this one incident."""
    sandbox.hook = lambda endpoint, body, act: Reply(content={"data": {"items": [item]}})


def test_who_handles_what(sandbox: Sandbox) -> None:
    newest, oldest = read_incidents(sandbox)
    account = sandbox.world.account
    assert newest.severity == "Warning"
    assert newest.people == {account.person("bob@example.com").person_id}
    assert oldest.title == "Replication lag above 60 s on db-3"
    assert oldest.number == next(iter(account.incidents.values())).num
    assert oldest.link == "https://console.flashcat.cloud/incident/detail/db-3"


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_those_to_whom_it_is_assigned_handle_it_too(empty_sandbox: Sandbox, form: Any) -> None:
    empty_sandbox.options = Options(form=form)
    console = empty_sandbox.console
    people = [one.person_id for one in empty_sandbox.world.account.people.values()][1:4]
    console.add_incident("a", people[:1], people[1:])
    console.add_incident("b")
    assert [one.people for one in read_incidents(empty_sandbox)] == [frozenset(), frozenset(people)]


def test_only_what_is_open_and_not_older_than_a_month(empty_sandbox: Sandbox) -> None:
    console = empty_sandbox.console
    console.add_incident("old", age=30 * DAY + 60)
    console.add_incident("almost", age=30 * DAY - 60)
    closed = console.add_incident("closed")
    console.close_incident(closed.incident_id)
    console.add_incident("handled", progress="Processing")
    assert {one.title for one in read_incidents(empty_sandbox)} == {"almost", "handled"}


def test_three_pages_by_cursor(empty_sandbox: Sandbox) -> None:
    for number in range(201):
        empty_sandbox.console.add_incident(f"No. {number}", age=number)
    found = read_incidents(empty_sandbox)
    assert [one.title for one in found] == [f"No. {number}" for number in range(201)]
    bodies = [entry.body for entry in empty_sandbox.log]
    assert [bool(body.get("search_after_ctx")) for body in bodies] == [False, True, True]
    assert not any("p" in body for body in bodies)


def test_texts_do_no_harm_and_are_short(empty_sandbox: Sandbox) -> None:
    empty_sandbox.console.add_incident(HOSTILE)
    empty_sandbox.console.add_incident("x" * 5000, age=700)
    first, second = read_incidents(empty_sandbox)
    assert first.title == "red ::error::no <b>[x](y)</b>"
    assert len(second.title) == 80


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://example.com/a",
        "https://",
        "//example.com/a",
        "https://exa mple.com/",
        "https://example.com/\x1b[31m",
        "https://example.com/\n::error::x",
        "https://ex\u0430mple.com/",
        "https://[::1",
        "https://example.com/" + "a" * 300,
        "",
    ],
)
def test_only_an_address_of_the_web_is_a_link(empty_sandbox: Sandbox, link: str) -> None:
    empty_sandbox.console.add_incident("x", detail_url=link)
    (found,) = read_incidents(empty_sandbox)
    assert found.link == ""


@pytest.mark.parametrize(
    ("item", "number"),
    [
        ({"num": 4711, "incident_id": "a"}, "4711"),
        ({"num": "A1", "incident_id": "a"}, "A1"),
        ({"num": None, "incident_id": "66f0"}, "66f0"),
    ],
)
def test_what_people_call_it_by(sandbox: Sandbox, item: dict[str, Any], number: str) -> None:
    answer(sandbox, item)
    (found,) = read_incidents(sandbox)
    assert found.number == number


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"num": []}, "items[0].num should be text or a whole number and is a list"),
        ({"title": 5}, "items[0].title should be text"),
        ({"responders": [{"person_id": "5"}]}, "items[0].responders[0].person_id should be"),
        ({"assigned_to": {"person_ids": [None]}}, "items[0].assigned_to.person_ids[0] should be"),
    ],
)
def test_an_incident_of_another_shape(sandbox: Sandbox, item: dict[str, Any], said: str) -> None:
    answer(sandbox, item)
    with pytest.raises(NotTheService) as caught:
        read_incidents(sandbox)
    assert said in str(caught.value)


def test_a_key_that_may_not_read_incidents(sandbox: Sandbox) -> None:
    with pytest.raises(AccessDenied):
        read_incidents(sandbox, "sandbox-reader-key")
