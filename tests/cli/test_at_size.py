"""Thirty schedules, twelve of which change: what a person reads of it, and that nothing is lost."""

from __future__ import annotations

import re
from datetime import datetime
from io import StringIO
from itertools import takewhile
from typing import Any

import pytest
from icalendar import Calendar, Component

from tests.cli import thirty
from tests.cli.console import Terminal
from tests.render.unfolding import Hands, check_moves, unfold

TERMINAL_LINES = 45
PEOPLE = (
    "alice bob carol dave erin frank grace heidi ivan judy kenji priya chloe nils maria tom liwei"
)


@pytest.fixture
def company(terminal: Terminal) -> Terminal:
    """The account as the files were, and the files as they are to be."""
    people = {name: thirty.at(name) for name in PEOPLE.split()}
    terminal.config(people=people | {"王小明": thirty.at("xiaoming"), "李娜": thirty.at("lina")})
    terminal.declare(*thirty.before())
    terminal.apply()
    terminal.declare(*thirty.after())
    return terminal


def plan(company: Terminal, *arguments: str, columns: int = 80) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        return company("plan", *arguments).out


def overview(text: str) -> list[str]:
    """The lines before the first details, which are indented by six and more."""
    lines = text.splitlines()
    blanks = [number for number, line in enumerate(lines) if not line]
    return lines[: blanks[1]]


@pytest.mark.parametrize("columns", [80, 160])
def test_the_overview_fits_a_screen(company: Terminal, columns: int) -> None:
    text = plan(company, columns=columns)
    before = overview(text)
    assert len(before) <= TERMINAL_LINES - 5
    assert before[0].startswith("Plan: 2 to create, 9 to update, 1 to delete. 20 unchanged.")
    document = company("plan", "--json").json
    changed = [one["schedule"] for one in document["actions"] if one["action"] != "none"]
    assert len(changed) == 12
    listed = [line[4:].split("  ")[0] for line in before if re.match(r"  [~+-] ", line)]
    assert sorted(listed) == sorted(changed)
    assert listed[:2] == ["Legacy Batch", "Mobile"]  # somebody goes off call now, and comes on
    assert plan(company, "--summary", columns=columns).splitlines() == before


def test_every_change_warning_and_effect_of_the_json_is_in_the_text(company: Terminal) -> None:
    document = company("plan", "--json").json
    text = plan(company, "-v", columns=400)
    blocks = _blocks(text)
    said = " ".join(text.split())
    for action in document["actions"]:
        block = blocks[action["schedule"]] if action["action"] != "none" else text
        flat = " ".join(block.split())
        for change in action["changes"] if action["action"] == "update" else ():
            assert change["path"] == "schedule" or change["text"] in flat, change
        for warning in action["warnings"]:
            if warning["check"] not in ("on_call_now", "coverage_gap"):
                assert _words(warning["text"]) <= _words(said), warning
        zone, now = "Asia/Shanghai", _instant(document["created_at"])
        read = unfold(block, zone, now)
        if action["action"] == "create":
            news = [(one.start, one.end, one.who) for one in read]
            effects = [_shown(one) for one in action["effects"]]
            assert [one for one in news if one in effects] == effects, action["schedule"]
        elif action["action"] != "none":
            rows = [one for one in read if re.match(r"[+-] |.* → ", one.who)]
            check_moves(
                [one for one in rows if "this changes who" not in one.who],
                [_moved(one) for one in action["effects"]],
            )


def _blocks(text: str) -> dict[str, str]:
    """The details of each schedule, by its new name."""
    details = text.split("\n\n", 2)[2]
    blocks = re.split(r"^  [~+-] ", details, flags=re.MULTILINE)[1:]
    return {block.splitlines()[0].split("  ")[0].split(" → ")[-1]: block for block in blocks}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w:]+", text))


def _shown(effect: dict[str, Any]) -> tuple[int, int | None, str]:
    return _instant(effect["start"]), _end(effect), _names(effect["after"])


def _moved(effect: dict[str, Any]) -> Hands:
    before, after = (frozenset(map(_name, effect[side])) for side in ("before", "after"))
    return Hands(_instant(effect["start"]), _end(effect), before, after)


def _name(member: dict[str, Any]) -> str:
    role = "" if member["role"] == "primary" else f" ({member['role']})"
    return f"{member['person']}{role}"


def _end(effect: dict[str, Any]) -> int | None:
    return None if effect["goes_on"] else _instant(effect["end"])


def _names(people: list[dict[str, Any]]) -> str:
    names = [one["person"] for one in people]
    return f"[{', '.join(names)}]" if len(names) > 1 else "".join(names) or "nobody"


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def test_each_schedule_shows_the_time_in_which_it_differs(company: Terminal) -> None:
    blocks = _blocks(plan(company))
    assert "on call, until 28 Nov" in blocks["Checkout"]
    assert "on call, until 21 Dec" in blocks["Payments"]
    assert "+ tom, with nils, 15" in blocks["Ledger"]


def test_what_holds_for_many_is_said_once(company: Terminal) -> None:
    text = " ".join(plan(company).split())
    assert text.count("complete, as before; ") == 1
    assert text.count("put somebody else on one of them") == 3  # of ten warnings


def test_the_question_comes_after_what_moves_and_who_is_on_call_now(
    company: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flashsync.cli.approval.is_interactive", lambda: True)
    monkeypatch.setattr("sys.stdin", StringIO("no\n"))
    asked = company("apply").err.partition("Apply this plan?")[0].splitlines()
    assert " shifts move and " in asked[-4] + asked[-3]
    assert asked[-2].startswith("  Legacy Batch: on call now: ")
    assert asked[-1].startswith("  Mobile: on call now: ")


def test_the_summary_changes_no_exit_code(company: Terminal) -> None:
    for arguments in ((), ("--detailed-exitcode",), ("--max-change-percent", "1")):
        codes = {company("plan", *more, *arguments).code for more in ((), ("--summary",))}
        assert len(codes) == 1, arguments
    assert company("drift", "--summary").code == company("drift").code == 2
    refused = company("plan", "--summary", "--max-change-percent", "1")
    assert refused.code == 1
    assert "would refuse this plan" in refused.out
    assert company("plan", "--summary", "--report", "markdown=plan.md").code == 0
    assert "<details>" in (company.folder / "plan.md").read_text(encoding="utf-8")


def test_drift_at_size(company: Terminal) -> None:
    lines = company("drift").out.splitlines()
    before = list(takewhile(lambda line: "live        " not in line, lines))
    assert before[0] == "Drift: 12 of 32 schedules differ."
    assert len(before) <= TERMINAL_LINES
    assert company("drift", "--summary").out.splitlines() == lines[: lines.index("", 3)]


@pytest.mark.parametrize("format_", ["json", "github"])
def test_a_summary_is_text_or_markdown(company: Terminal, format_: str) -> None:
    for command in ("plan", "drift"):
        ended = company(command, "--summary", "--format", format_)
        assert ended.code == 1
        assert "--summary cannot be used with --format" in ended.out + ended.err
    assert company("plan", "--summary", "--check", "plan.json").code == 1


def test_markdown_leads_with_verdict_people_and_warnings(company: Terminal) -> None:
    for command in ("plan", "drift"):
        whole = company(command, "--format", "markdown").out
        short = company(command, "--summary", "--format", "markdown").out
        before, _, folded = whole.partition("<details>")
        assert "<details>" not in short
        assert short.startswith(before.rstrip())
        assert folded
    text = company("plan", "--format", "markdown").out
    order = ("### ", "**People affected", "**More on call", "| Schedule ", "**Warnings**")
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert (
        company("plan", "--format", "markdown", "--max-bytes", "4000").out.count("_Cut here") == 1
    )


@pytest.mark.parametrize("columns", [80, 160])
def test_the_calendar_of_thirty_schedules(
    company: Terminal, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = company("show", "--days", "14").out
    assert len(text.splitlines()) <= 110
    assert "override Ivan away: priya, Tue 24 Nov 00:00 – Sat 28 Nov 00:00" in " ".join(
        text.split()
    )
    whole = company("show", "--days", "14", "--shifts").out
    assert len(whole.splitlines()) > 350
    refused = company("show", "--shifts", "--json")
    assert refused.code == 1


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
def test_text_json_and_calendar_file_agree(company: Terminal, zone: str) -> None:
    arguments = ("show", "--only", "Catalog", "--days", "14", "--timezone", zone)
    document = company(*arguments, "--json").json
    shifts = [
        (_instant(one["start"]), _instant(one["end"]), _names(one["people"]))
        for one in document["schedules"][0]["on_call"]
    ]
    text = company(*arguments, "--shifts").out
    listed = unfold(text, zone, _instant(document["now"]))
    assert [(one.start, one.end, one.who) for one in listed] == shifts
    events = Calendar.from_ical(company(*arguments, "--format", "ics").out).walk("VEVENT")
    assert [
        (_unix(event, "DTSTART"), _unix(event, "DTEND"), str(event["SUMMARY"]).split(": ")[1])
        for event in events
    ] == shifts


def _unix(event: Component, key: str) -> int:
    """A time of an event."""
    return int(event.decoded(key).timestamp())
