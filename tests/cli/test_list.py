"""`list`: what the account has, with ids, and which files name it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)

PEOPLE = {name: f"{name}@example.com" for name in ("alice", "bob", "heidi")}


@pytest.fixture
def known(demo: Terminal) -> Terminal:
    """An account with three schedules, of which a file declares one; another is not live yet."""
    demo.config(people=PEOPLE)
    demo.declare(schedule("DB", renamed_from="Database On-Call"), schedule("New one", team="SRE"))
    return demo


def lines(terminal: Terminal, *arguments: str) -> list[str]:
    ended = terminal("list", *arguments)
    assert ended.code == 0, ended
    return [" ".join(line.split()) for line in ended.out.splitlines()]


def entries(terminal: Terminal, kind: str, *arguments: str) -> Any:
    ended = terminal("list", kind, "--format", "json", *arguments)
    assert ended.code == 0, ended
    return ended.json[kind]


def test_schedules_with_ids_who_is_on_call_and_where_they_are_declared(known: Terminal) -> None:
    ids = {one["schedule_name"]: one["schedule_id"] for one in known.sandbox.console.schedules()}
    assert lines(known, "schedules") == [
        f"Database On-Call {ids['Database On-Call']} alice schedules/0.yaml:1",
        f"Legacy NOC {ids['Legacy NOC']} !! nobody in no file",
        "New one not live yet schedules/1.yaml:1",
        f"支付 昼夜值班 {ids['支付 昼夜值班']} 王小明 in no file",
        "",
        "3 schedules of Acme Corp, 2 in no file, 1 not live yet",
    ]


def test_only_what_one_side_lacks(known: Terminal) -> None:
    names = [one["schedule"] for one in entries(known, "schedules", "--missing")]
    assert names == ["Legacy NOC", "New one", "支付 昼夜值班"]
    people = {one["person"]: one for one in entries(known, "people", "--missing")}
    assert "alice" not in people
    assert [one["sources"] for one in people.values()].count([]) == len(people)


def test_the_ids_of_schedules_for_other_programs(known: Terminal) -> None:
    (found,) = entries(known, "schedules", "--only", "Data*")
    live = known.sandbox.console.schedule("Database On-Call")
    assert found["schedule_id"] == live["schedule_id"]
    assert found["on_call"] == [
        {"person": "alice", "email": "alice@example.com", "role": "primary", "left": False}
    ]
    assert found["sources"] == [{"file": "schedules/0.yaml", "line": 1}]
    assert found["team"] is None or set(found["team"]) == {"id", "name"}


def test_people_with_addresses_and_the_files_that_name_them(known: Terminal) -> None:
    known.declare(schedule(layers=[layer("alice", "nobody@example.com")]))
    found = {one["person"]: one for one in entries(known, "people")}
    assert found["alice"]["sources"] == [
        {"file": "flashsync.yaml", "line": 1},
        {"file": "schedules/0.yaml", "line": 1},
    ]
    assert found["nobody@example.com"]["person_id"] is None
    text = lines(known, "people", "--only", "nobody*")
    assert text[0] == "nobody@example.com not in the account schedules/0.yaml:1"


def test_teams_and_roles(known: Terminal) -> None:
    backup = {"person": "alice", "role": "backup"}
    known.declare(schedule(team="SRE", layers=[layer([{"members": ["bob", backup]}][0])]))
    teams = {one["team"]: one for one in entries(known, "teams")}
    assert teams["SRE"]["sources"] == [{"file": "schedules/0.yaml", "line": 1}]
    roles = {one["role"]: one for one in entries(known, "roles")}
    assert [roles[name]["role_id"] for name in ("primary", "backup")] == [0, 1]
    assert roles["backup"]["sources"] == [{"file": "schedules/0.yaml", "line": 1}]


def test_an_empty_folder_needs_no_files(demo: Terminal) -> None:
    (demo.folder / "flashsync.yaml").unlink()
    found = entries(demo, "schedules")
    assert [one["sources"] for one in found] == [[], [], []]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["schedules", "--only", "nope"], "--only nope matches none of the schedules"),
        (["shifts"], "shifts; use one of"),
        ([], "missing argument"),
    ],
)
def test_what_cannot_be_listed(known: Terminal, arguments: list[str], said: str) -> None:
    ended = known("list", *arguments)
    assert ended.code == 1
    assert said in ended.err.casefold()


def test_a_file_with_an_error_stops_it(known: Terminal) -> None:
    known.write("schedules/9.yaml", json.dumps({"schedule": "X"}))
    ended = known("list", "schedules")
    assert (ended.code, ended.out) == (1, "")
    assert "schedules/9.yaml:1:1: `layers` is missing" in ended.err


def test_a_narrow_terminal(known: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    ended = known("list", "schedules")
    assert all(len(line) <= 40 for line in ended.out.splitlines())
    assert "  schedules/0.yaml:1" in ended.out.splitlines()
