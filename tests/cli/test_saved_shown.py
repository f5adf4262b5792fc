"""`show --plan FILE`: what the reviewer saw, without a key; and what runs is what was seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.cli.console import NO_SERVER, Ended, Terminal, layer, schedule

HOUR = 3600
PEOPLE = {"alice": "alice@example.com", "bob": "bob@example.com", "carol": "carol@example.com"}
AGE = "note: this plan was made "


@pytest.fixture
def reviewed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A saved plan with an update, a create, and a delete; then no key and no files."""
    terminal.config(people=PEOPLE, manage={"names": ["*"]})
    terminal.declare(schedule(layers=[layer("alice", "bob")]), schedule("Old"))
    terminal.apply()
    start = terminal.clock.now // HOUR * HOUR + 48 * HOUR
    terminal.sandbox.console.add_override(
        "Production", ["carol@example.com"], start, start + HOUR, "Swap"
    )
    terminal.declare(
        schedule(layers=[layer("alice", "bob", ["alice", {"person": "carol", "role": "backup"}])]),
        schedule("New", layers=[layer("carol", "bob"), layer("alice", layer="Second")]),
        schedule("Old", absent=True),
    )
    return terminal


def seen(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Ended:
    """The saved plan, without key, files and network."""
    log = len(terminal.sandbox.log)
    with monkeypatch.context() as patch:
        patch.delenv("FLASHDUTY_APP_KEY")
        patch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
        ended = terminal("show", "--plan", "plan.json", *arguments)
    assert ended.code == 0, ended
    assert len(terminal.sandbox.log) == log
    return ended


def without_age(text: str) -> str:
    """The text without the note on its age."""
    lines = text.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith(AGE))
    after = place + 1
    if not (place and lines[place - 1].startswith("note:")) and not lines[after]:
        after += 1
    return "\n".join(lines[:place] + lines[after:])


@pytest.mark.parametrize("more", [(), ("-v",), ("--timezone", "Europe/Berlin")])
def test_what_the_reviewer_saw_is_what_runs(
    reviewed: Terminal, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    planned = reviewed("plan", "--out", "plan.json", *more).out
    shown = seen(reviewed, monkeypatch, *more).out
    applied = reviewed("apply", "--plan", "plan.json", "--auto-approve", *more)
    assert applied.code == 0, applied
    assert applied.out.startswith(planned)
    assert ("  load " in shown) is ("-v" in more)
    assert without_age(shown) == planned.rstrip("\n")


def test_as_json_it_is_what_was_planned(
    reviewed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: dict[str, Any] = reviewed("plan", "--out", "plan.json", "--format", "json").json
    shown = seen(reviewed, monkeypatch, "--format", "json").json
    *notes, age = shown.pop("notes")
    assert age.startswith("this plan was made ")
    assert notes == planned.pop("notes")
    assert shown == planned
    assert {one["person"] for one in shown["people"]} == {"alice", "bob", "carol"}


@pytest.mark.parametrize("format_", ["markdown", "github"])
def test_in_the_other_formats(
    reviewed: Terminal, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    more = ("--format", format_, "--report", f"{format_}=report")
    planned = reviewed("plan", "--out", "plan.json", *more)
    first = Path("report").read_text()
    shown = seen(reviewed, monkeypatch, *more)
    fold = re.compile(r"<details><summary>1 note</summary>.*?</details>", re.DOTALL)
    line = re.compile(r"^note: this plan was made .*$", re.MULTILINE)
    for text, before in ((shown.out, planned.out), (Path("report").read_text(), first)):
        left = line.sub("", fold.sub("", text))
        assert left.split() == before.split()
    assert shown.out.count("this plan was made ") == 1


def test_only_a_plan_has_them(terminal: Terminal) -> None:
    ended = terminal("show", "--format", "markdown")
    assert ended.code == 1
    assert ended.err.startswith("error: --format markdown needs --plan FILE; ")


def test_an_old_one_says_so(reviewed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed("plan", "--out", "plan.json")
    reviewed.clock.advance(2 * HOUR)
    assert f"{AGE}2 hours ago, " in seen(reviewed, monkeypatch).out


@pytest.mark.any_date
def test_its_calendar(reviewed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed("plan", "--out", "plan.json")
    days = ("--days", "35")  # a whole round after the cut
    ended = seen(reviewed, monkeypatch, "--format", "ics", *days)
    calendar = Calendar.from_ical(ended.out)
    found = [str(event["summary"]) for event in calendar.walk("VEVENT")]
    assert {text.partition(":")[0] for text in found} == {"New", "Production"}
    assert "Production: alice, carol (backup)" in found
    assert "Production: carol" in found  # the console's override
    assert ended.err == ""
    assert reviewed("apply", "--plan", "plan.json", "--auto-approve").code == 0
    live = reviewed("show", "--live", "--all", "--format", "ics", *days).out
    events = [
        sorted(f"{one.decoded('dtstart')} {one['summary']}" for one in side.walk("VEVENT"))
        for side in (calendar, Calendar.from_ical(live))
    ]
    assert events[0] == events[1]
    mine = seen(reviewed, monkeypatch, "--format", "ics", *days, "--person", "alice")
    assert "SUMMARY:New: alice" in mine.out


def test_a_fair_layer_is_left_out_of_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.declare(schedule(layers=[layer(fair=True)]), schedule("Plain"))
    terminal("plan", "--out", "plan.json")
    ended = seen(terminal, monkeypatch, "--format", "ics")
    assert "Production" not in ended.out
    assert "SUMMARY:Plain" in ended.out
    assert ended.err == (
        "warning: `Production` is left out: "
        "Primary is `fair`, so only the platform knows whose turn it is\n"
    )


def test_one_that_was_refused(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer(end="2036-01-01 00:00")]))
    planned = terminal("plan", "--out", "plan.json")
    assert planned.code == 1
    shown = seen(terminal, monkeypatch).out
    assert "`apply` would refuse this plan:" in shown
    assert without_age(shown) == planned.out.rstrip("\n")


def test_a_hostile_name_stays_text(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.sandbox.world.account.change_person(
        "bob@example.com", name="\x1b[31m::error::bob\u202e"
    )
    terminal.declare(schedule())
    terminal("plan", "--out", "plan.json")
    for more in ((), ("--format", "ics")):
        ended = seen(terminal, monkeypatch, *more)
        assert "\x1b" not in ended.out + ended.err
        assert "\u202e" not in ended.out + ended.err
    assert Path("plan.json").exists()
