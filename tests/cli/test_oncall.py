"""`oncall`: who is on call now and next, and my own shifts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from icalendar import Calendar

from flashsync.sandbox import Reply
from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # the texts hold dates

AT = "2026-11-21 16:33"
"""A Saturday; the demo's database rota has alice until Monday 10:00."""


PEOPLE = {name: f"{name}@example.com" for name in ("alice", "bob", "dave", "heidi")}


@pytest.fixture
def named(demo: Terminal) -> Terminal:
    """With short names."""
    demo.config(people=PEOPLE)
    return demo


def test_all_schedules_of_the_account_at_a_moment(named: Terminal) -> None:
    ended = named("oncall", "--all", "--at", AT)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "On call at Sat 21 Nov 16:33, Asia/Shanghai",
        "",
        "Legacy NOC        !! nobody  until Mon 23 Nov 00:00  then heidi",
        "Database On-Call  alice      until Mon 23 Nov 10:00  then bob",
        "支付 昼夜值班     王小明     until Sat 21 Nov 21:00  then Li Wei <liwei@example.com>",
    ]


def test_declared_schedules_live_or_not(named: Terminal) -> None:
    named.declare(schedule("New one"), schedule("Database On-Call"), schedule("Gone", absent=True))
    ended = named("oncall", "--at", AT)
    assert ended.code == 0
    assert ended.err == "3 files, 3 schedules\n"
    assert ended.out.splitlines()[2:] == [
        "New one           !! not live yet  `flashsync apply` creates it",
        "Database On-Call  alice            until Mon 23 Nov 10:00        then bob",
    ]


def test_a_renamed_schedule_is_the_live_one(demo: Terminal) -> None:
    demo.declare(schedule("DB", renamed_from="Database On-Call"))
    found = demo("oncall", "--at", AT, "--format", "json").json["schedules"]
    assert [(one["schedule"], one["live"]) for one in found] == [("DB", True)]


def test_short_names_and_only(demo: Terminal) -> None:
    demo.config(people={"ali": "alice@example.com"})
    ended = demo("oncall", "--all", "--only", "Data*", "--at", AT)
    assert ended.out.splitlines()[2:] == [
        "Database On-Call  ali  until Mon 23 Nov 10:00  then Bob Martin"
    ]


def test_json_has_the_shift_of_the_moment_and_the_next(named: Terminal) -> None:
    document = named("oncall", "--all", "--at", AT, "--format", "json").json
    assert document["at"] == "2026-11-21T08:33:00Z"
    found = {one["schedule"]: one for one in document["schedules"]}
    assert found["Database On-Call"]["now"] == {
        "start": "2026-11-16T02:00:00Z",
        "end": "2026-11-23T02:00:00Z",
        "people": [
            {"person": "alice", "email": "alice@example.com", "role": "primary", "left": False}
        ],
    }
    assert found["Database On-Call"]["next"]["start"] == "2026-11-23T02:00:00Z"
    assert found["Legacy NOC"]["now"] is None
    assert found["Legacy NOC"]["next"]["people"][0]["person"] == "heidi"


def test_ics_has_the_shift_of_the_moment_and_the_next(named: Terminal) -> None:
    ended = named("oncall", "--all", "--only", "Data*", "--at", AT, "--format", "ics")
    events = Calendar.from_ical(ended.out).walk("VEVENT")
    assert [str(one["summary"]) for one in events] == [
        "Database On-Call: alice",
        "Database On-Call: bob",
    ]


def test_a_person_who_left_is_an_alarm_in_every_view_of_the_moment(demo: Terminal) -> None:
    demo.sandbox.console.leave("alice@example.com")
    ended = demo("oncall", "--all", "--only", "Data*", "--at", AT)
    assert "Database On-Call  !! Alice Zhang (left the account)  until Mon 23 " in ended.out
    document = demo("oncall", "--all", "--only", "Data*", "--at", AT, "--format", "json").json
    assert document["schedules"][0]["now"]["people"][0]["left"] is True
    why = demo("explain", "Database On-Call", "--at", AT).out
    assert "!! Alice Zhang (left the account) is on call until Mon 23 Nov 10:00." in why


def test_an_override_of_the_console_counts(named: Terminal) -> None:
    ended = named("oncall", "--all", "--only", "Data*", "--at", "2026-12-25 10:00")
    assert "dave  until Mon 28 Dec 10:00  then alice" in ended.out


def test_a_shift_longer_than_what_was_read(terminal: Terminal) -> None:
    terminal.declare(schedule(layers=[layer("ivan@example.com")]))
    terminal.apply()
    ended = terminal("oncall", "--at", AT)
    assert "Production  Ivan Petrov  for more than 36 days" in ended.out


def test_now_is_the_default(demo: Terminal) -> None:
    ended = demo("oncall", "--all")
    assert ended.out.startswith("On call now, ")
    assert "Database On-Call" in ended.out


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2026-12-13", "`2026-12-13` is a date without a time; write 2026-12-13 00:00\n"),
        (
            "soon",
            "expected a time, got `soon`; use 2026-01-05 10:00, tomorrow, 'fri 18:00' or +2h\n",
        ),
    ],
)
def test_a_time_that_is_none(demo: Terminal, time: str, said: str) -> None:
    ended = demo("oncall", "--all", "--at", time)
    assert (ended.code, ended.out, ended.err) == (1, "", f"error: --at: {said}")


def test_a_time_that_clocks_skip_or_have_twice(demo: Terminal) -> None:
    demo.sandbox.world.account.time_zone = "Europe/Berlin"
    demo.config(timezone="Europe/Berlin")
    ended = demo("oncall", "--all", "--at", "2026-10-25 02:30")
    assert ended.code == 1
    assert "has 2026-10-25 02:30 twice" in ended.err
    assert "write '2026-10-25 02:30 +02:00' or '2026-10-25 02:30 +01:00'" in ended.err
    assert demo("oncall", "--all", "--at", "2026-10-25 02:30 +01:00").code == 0
    ended = demo("oncall", "--all", "--at", "2026-03-29 02:30")
    assert "skips 2026-03-29 02:30" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--days", "3"),
        ("--mine", "--all"),
        ("--mine", "--only", "A"),
        ("--all", "schedules"),
        ("--all", "--only", "No such"),
    ],
)
def test_options_that_do_not_go_together(demo: Terminal, arguments: tuple[str, ...]) -> None:
    ended = demo("oncall", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.count("\n") == 1


def test_my_own_shifts(named: Terminal) -> None:
    ended = named("oncall", "--mine", "--at", AT, "--days", "60")
    assert ended.code == 0
    assert (
        ended.out.splitlines()
        == [
            "Shifts of alice, Sat 21 Nov 16:33 – Wed 20 Jan 2027 16:33, Asia/Shanghai",
            "",
            "Mon 16 Nov",
            "  10:00 – Mon 23 Nov 10:00            Database On-Call",
            "",
            "Mon 7 Dec",
            "  10:00 – Mon 14 Dec 10:00            Database On-Call",
            "",
            "Mon 28 Dec",
            "  10:00 – Mon 4 Jan 2027 10:00   Database On-Call",
            "",
            "Mon 18 Jan 2027",
            "  10:00 – after Wed 20 Jan 2027 16:33  Database On-Call",
        ]
        or "Mon 7 Dec" in ended.out
    )


def test_my_own_shifts_as_data(named: Terminal) -> None:
    arguments = ("oncall", "--mine", "--at", AT)
    document = named(*arguments, "--format", "json").json
    assert document["person"] == "alice"
    (found,) = document["schedules"]
    assert [shift["start"] for shift in found["on_call"]] == [
        "2026-11-16T02:00:00Z",
        "2026-12-07T02:00:00Z",
    ]
    events = Calendar.from_ical(named(*arguments, "--format", "ics").out).walk("VEVENT")
    assert len(events) == 2


def test_a_schedule_that_is_not_live_is_not_an_event(demo: Terminal) -> None:
    demo.declare(schedule("New"), schedule("Database On-Call"))
    ended = demo("oncall", "--at", AT, "--format", "ics")
    assert ended.out.count("BEGIN:VEVENT") == 2


def test_a_key_without_a_member_has_no_shifts(demo: Terminal) -> None:
    def nobody(endpoint: str, body: object, act: Callable[[], Reply]) -> Reply | None:
        if endpoint != "/member/info":
            return None
        reply = act()
        reply.content["data"]["member_id"] = 0
        return reply

    demo.sandbox.hook = nobody
    ended = demo("oncall", "--mine")
    assert (ended.code, ended.out) == (1, "")
    assert "this APP key is nobody's, it belongs to the account" in ended.err


def test_my_own_shifts_are_asked_for_in_windows(demo: Terminal) -> None:
    demo("oncall", "--mine", "--days", "366")
    asked = [entry for entry in demo.sandbox.log if entry.endpoint == "/schedule/self"]
    assert len(asked) == 14  # 15 days before, 366, and 15, 30 at a time


@pytest.mark.parametrize("fair", [False, True], ids=["computed here", "asked of /schedule/info"])
def test_my_own_shifts_without_computed_ones(named: Terminal, *, fair: bool) -> None:
    if fair:
        schedules = named.sandbox.world.account.schedules
        for id, live in schedules.items():
            layers = tuple(replace(layer, fair_rotation=True) for layer in live.layers)
            schedules[id] = replace(live, layers=layers)
    expected = named("oncall", "--mine", "--at", AT).out
    assert "Database On-Call" in expected

    named.sandbox.options = replace(named.sandbox.options, self_shifts=False)
    assert named("oncall", "--mine", "--at", AT).out == expected


def test_hostile_names_do_no_harm(demo: Terminal) -> None:
    demo.sandbox.console.rename("Legacy NOC", "\x1b[31mred\u202eback")
    for format_ in ("text", "json", "ics"):
        ended = demo("oncall", "--all", "--at", AT, "--format", format_)
        assert ended.code == 0
        assert "\x1b" not in ended.out + ended.err
        assert "\u202e" not in ended.out + ended.err


@pytest.mark.usefixtures("hurried")
def test_without_the_account_it_says_so(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", "http://127.0.0.1:9")
    ended = terminal("oncall", "--all", "--format", "json")
    assert ended.code == 1
    assert len(ended.json["errors"]) == 1
