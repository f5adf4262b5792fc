"""`plan`, `apply` and `drift` as pages: through the sandbox, against their JSON and text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.console import NO_SERVER, Terminal, layer, schedule
from tests.render.html.outline import Outline, outline
from tests.render.html.reading import data_of, rfc, shifts_of_lane

PEOPLE = {"alice": "alice@example.com", "bob": "bob@example.com", "carol": "carol@example.com"}
HOUR = 3600


@pytest.fixture
def changed(terminal: Terminal) -> Terminal:
    """An update under an override of the console, a create, a delete, and one that stays."""
    terminal.config(people=PEOPLE, manage={"names": ["*"]})
    terminal.declare(schedule(layers=[layer("alice", "bob")]), schedule("Old"), schedule("Same"))
    terminal.apply()
    start = terminal.clock.now // HOUR * HOUR + 48 * HOUR
    terminal.sandbox.console.add_override(
        "Production", ["carol@example.com"], start, start + HOUR, "Swap"
    )
    declare_changes(terminal)
    return terminal


def declare_changes(terminal: Terminal) -> None:
    """The files of the pull request."""
    backup = {"person": "carol", "role": "backup"}
    terminal.declare(
        schedule(layers=[layer("alice", "bob", ["alice", backup])]),
        schedule("New", layers=[layer("carol", "bob"), layer("alice", layer="Second")]),
        schedule("Old", absent=True),
        schedule("Same"),
    )


def page_and_json(terminal: Terminal, *command: str) -> tuple[str, Any]:
    """A page and the JSON of one run."""
    page = terminal.folder / "page.html"
    ended = terminal(*command, "--report", f"html={page}", "--format", "json")
    assert ended.code in (0, 2), ended
    return page.read_text(encoding="utf-8"), ended.json


def moves_of(page: str) -> dict[str, list[tuple[str, str, list[Any], list[Any]]]]:
    """What moves on each schedule of a page."""
    data = data_of(page)

    def people(group: int) -> list[tuple[str, str]]:
        return [
            (data["people"][one][0], data["roles"][role]) for one, role in data["groups"][group]
        ]

    return {
        one["name"]: [(rfc(s), rfc(e), people(b), people(a)) for s, e, b, a in one["moves"]]
        for one in data["schedules"]
    }


def effects_of(document: Any) -> dict[str, list[tuple[str, str, list[Any], list[Any]]]]:
    """The effects of each schedule in a plan's JSON."""

    def people(staff: list[Any]) -> list[tuple[str, str]]:
        return [(one["person"], one["role"]) for one in staff]

    return {
        one["schedule"]: [
            (move["start"], move["end"], people(move["before"]), people(move["after"]))
            for move in one["effects"]
        ]
        for one in document["actions"]
        if one["effects"]
    }


ZONES = {"Europe/Berlin": "2027-03-20T12:00", "America/New_York": "2026-10-28T12:00"}
"""Zones, and a time shortly before their clocks change."""


@pytest.mark.parametrize("zone", [None, *ZONES])
def test_the_page_has_the_effects_of_the_json(terminal: Terminal, zone: str | None) -> None:
    if zone:
        terminal.clock.set(int(datetime.fromisoformat(f"{ZONES[zone]}+00:00").timestamp()))
    terminal.config(people=PEOPLE, timezone="Asia/Shanghai")
    terminal.declare(schedule(layers=[layer("alice", "bob")]), schedule("Old"), schedule("Same"))
    terminal.apply()
    declare_changes(terminal)
    shown = () if zone is None else ("--timezone", zone)
    page, document = page_and_json(terminal, "plan", "--rollout", "exact", *shown)
    moved = moves_of(page)
    assert moved == effects_of(document)
    assert {"Production", "New", "Old"} == moved.keys()
    times = {cell for line in outline(page).splitlines() if line.startswith("| ")
             for cell in re.findall(r"\w{3} \d+ \w{3}(?: \d{4})? \d\d:\d\d", line)}  # fmt: skip
    account = ZoneInfo(zone or "Asia/Shanghai")
    year = datetime.fromtimestamp(terminal.clock.now, account).year
    expected = set()
    for start, end, *_ in (move for moves in moved.values() for move in moves):
        for at in (start, end):
            wall = datetime.fromisoformat(at).astimezone(account)
            dated = f" {wall.year}" if wall.year != year else ""
            expected.add(f"{wall:%a} {wall.day} {wall:%b}{dated} {wall:%H:%M}")
    assert times <= expected
    assert len(times) >= 3


def test_both_sides_are_what_the_json_says(changed: Terminal) -> None:
    page, document = page_and_json(changed, "plan", "--rollout", "exact")
    data = data_of(page)
    for one in data["schedules"]:
        sides = {side["title"]: side["lanes"][-1] for side in one["sides"]}
        for start, end, before, after in effects_of(document)[one["name"]]:
            for title, people in (("Before", before), ("After", after)):
                if title in sides:
                    shifts = [shift for shift, _ in shifts_of_lane(data, sides[title])]
                    inside = [shift for shift in shifts if shift[0] < end and shift[1] > start]
                    assert [list(shift[2]) for shift in inside] == ([people] if people else [])


def test_the_text_has_the_same_words(changed: Terminal) -> None:
    page = changed.folder / "page.html"
    text = " ".join(changed("plan", "--report", f"html={page}").out.split())
    lines = outline(page.read_text(encoding="utf-8")).splitlines()
    assert lines[1].removeprefix("# ") in text
    assert lines[2] in text
    assert "layers[Primary].groups" in text
    assert "· layers[Primary].groups" in lines
    assert "1 schedule is as the files say. Load of people" in lines


def test_a_page_makes_no_request_of_its_own(changed: Terminal) -> None:
    asked = []
    for more in ((), ("--report", "html=page.html")):
        changed.sandbox.log.clear()
        assert changed("plan", *more).code == 0
        asked.append(Counter(entry.endpoint for entry in changed.sandbox.log))
    assert asked[0] == asked[1]


def test_a_saved_plan_is_drawn_without_a_key(
    changed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, _ = page_and_json(changed, "plan", "--out", "plan.json")
    log = len(changed.sandbox.log)
    with monkeypatch.context() as patch:
        patch.delenv("FLASHDUTY_APP_KEY")
        patch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
        saved = changed("show", "--plan", "plan.json", "--format", "html")
    assert saved.code == 0
    assert len(changed.sandbox.log) == log
    assert moves_of(saved.out) == moves_of(fresh)
    sides = [final_sides(page) for page in (fresh, saved.out)]
    assert sides[0] == sides[1]
    assert "Shifts as flashsync computes them from the saved plan" in saved.out
    rows = [[line for line in outline(page).splitlines() if " h " in line and line[0] == "|"]
            for page in (fresh, saved.out)]  # fmt: skip
    assert rows[0] == rows[1] != []


def final_sides(page: str) -> list[Any]:
    """Who is on call on each side of each schedule, within the page's window."""
    data = data_of(page)
    return [
        (one["name"], side["title"], [
            (max(start, rfc(data["start"])), min(end, rfc(data["end"])), people)
            for (start, end, people), _ in shifts_of_lane(data, side["lanes"][-1])
            if start < rfc(data["end"])
        ])
        for one in data["schedules"]
        for side in one["sides"]
    ]  # fmt: skip


def test_what_was_applied_has_a_page(changed: Terminal) -> None:
    page = changed.folder / "page.html"
    assert changed("apply", "--auto-approve", "--report", f"html={page}").code == 0
    lines = outline(page.read_text(encoding="utf-8")).splitlines()
    assert lines[:2] == [
        "flashsync apply",
        "# Applied: 1 created, 1 updated, 1 deleted; all confirmed.",
    ]
    assert "## Confirmed" in lines
    assert "### Before" in lines


def test_drift_says_who_wrote_last_and_asks_for_effects_only_for_a_page(changed: Terminal) -> None:
    changed.sandbox.log.clear()
    assert changed("drift").code == 2
    asked = Counter(entry.endpoint for entry in changed.sandbox.log)
    assert "/schedule/preview" not in asked
    page, _ = page_and_json(changed, "drift")
    lines = outline(page).splitlines()
    assert lines[0] == "flashsync drift"
    assert "· last written" in lines
    assert {"### Live", "### By the files"} <= set(lines)


def test_what_went_wrong_has_a_page(changed: Terminal) -> None:
    changed.write("schedules/9.yaml", "schedule: A\nteam: SRE\nteam: SRE\nlayers: []\n")
    page = changed.folder / "page.html"
    assert changed("plan", "--report", f"html={page}").code == 1
    read = Outline(page.read_text(encoding="utf-8"))
    assert read.lines[0] == "flashsync plan failed"
    assert [line for line in read.lines if line.startswith("- schedules/9.yaml:3 duplicate key")]


def test_a_refused_plan_says_so_first(changed: Terminal) -> None:
    changed.declare(schedule("Production", absent=True), schedule("Same"))
    changed.config(people=PEOPLE, checks={"on_call_now": "error"})
    page = changed.folder / "page.html"
    assert changed("plan", "--report", f"html={page}").code == 1
    lines = outline(page.read_text(encoding="utf-8")).splitlines()
    assert lines[0] == "flashsync plan, which apply would refuse"
    assert "## apply would refuse this plan" in lines


# Links to the commit.


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        (
            {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r",
             "GITHUB_SHA": "c0ffee", "GITHUB_WORKSPACE": "{root}"},
            "https://github.com/o/r/blob/c0ffee/team%20a/schedules/0.yaml#L1",
        ),
        (
            {"CI_PROJECT_URL": "https://gitlab.com/o/r", "CI_COMMIT_SHA": "c0ffee",
             "CI_PROJECT_DIR": "{root}"},
            "https://gitlab.com/o/r/-/blob/c0ffee/team%20a/schedules/0.yaml#L1",
        ),
        ({"GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "c0ffee"}, None),
    ],
    ids=["github", "gitlab", "neither"],
)  # fmt: skip
def test_in_ci_files_are_links_to_the_commit(
    changed: Terminal, monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str], address: str | None,
) -> None:  # fmt: skip
    for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    inner = changed.folder / "team a"
    inner.mkdir()
    for name in ("flashsync.yaml", "schedules"):
        (changed.folder / name).rename(inner / name)
    monkeypatch.chdir(inner)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(root=changed.folder))
    page = changed("plan", "--format", "html").out
    links = [link for link in Outline(page).links if not link.startswith("#")]
    assert (address in links) == (address is not None)
    if address is None:
        assert links == []
    given = changed("plan", "--format", "html", "--link-base", "https://example.com/x").out
    assert "https://example.com/x/schedules/0.yaml#L1" in Outline(given).links


# Secrets.


def test_neither_the_key_nor_a_secret_is_in_a_page(
    changed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DING_TOKEN", "s3cret-of-a-chat")
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "DING_TOKEN"}}
    start = changed.clock.now // HOUR * HOUR + 72 * HOUR
    changed.sandbox.console.add_override(
        "Production", ["alice@example.com"], start, start + HOUR, "As s3cret-of-a-chat says"
    )
    changed.declare(
        schedule(layers=[layer("bob", "alice")], notify={"chats": [chat]}), schedule("Same")
    )
    for command in ("plan", "drift", "apply --auto-approve"):
        page = changed.folder / "page.html"
        ended = changed(*command.split(), "--report", f"html={page}")
        assert ended.code in (0, 2), ended
        text = page.read_text(encoding="utf-8")
        assert "As *** says" in text
        for secret in ("s3cret-of-a-chat", "sandbox-key"):
            assert secret not in text


def test_a_page_is_only_for_what_has_one(terminal: Terminal) -> None:
    ended = terminal("validate", "--report", "html=page.html")
    assert ended.code == 1
    assert "expected FORMAT=FILE with one of text, json, markdown, github" in ended.err
