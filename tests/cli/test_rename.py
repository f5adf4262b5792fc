"""`rename`: schedules and layers get other names, and keep what they are."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from flashsync.sandbox import Reply, refusal
from tests.cli.console import Ended, Terminal, layer, schedule

ROTA = """\
# Who is woken up at night.
schedule: Production     # the old name
team: SRE
layers:
  - layer: Primary       # first line
    rotation: 1 week
    start: 2026-01-05 10:00
    groups: [alice@example.com, bob@example.com]
"""
OTHER = ROTA.replace("Production", "Staging").replace("1 week", "2 days")


@pytest.fixture
def live(terminal: Terminal) -> Terminal:
    """Two schedules of two files, both live."""
    terminal.write("schedules/prod.yaml", ROTA)
    terminal.write("schedules/staging.yaml", OTHER)
    terminal.apply()
    return terminal


def text(terminal: Terminal, name: str = "prod") -> str:
    return (terminal.folder / f"schedules/{name}.yaml").read_text()


def ids(terminal: Terminal) -> dict[str, int]:
    found = terminal.sandbox.console.schedules()
    return {one["schedule_name"]: one["schedule_id"] for one in found}


def words(ended: Ended) -> str:
    return " ".join((ended.out + ended.err).split())


def refused(ended: Ended) -> str:
    assert (ended.code, ended.out) == (1, ""), ended
    return words(ended).removeprefix("error: ")


def test_a_schedule_gets_another_name_and_keeps_its_id(live: Terminal) -> None:
    before = ids(live)
    ended = live("rename", "Production", "Web")
    assert ended.code == 0, ended
    assert text(live) == ROTA.replace(
        "schedule: Production     # the old name\n",
        "schedule: Web     # the old name\nrenamed_from: Production\n",
    )
    said = "schedules/prod.yaml:2: Web: rename Production to Web, with `renamed_from: Production`"
    assert said in ended.out
    assert "Production → Web" in words(ended)
    live.apply()
    assert ids(live) == {"Web": before["Production"], "Staging": before["Staging"]}
    assert live("plan", "--detailed-exitcode").code == 0


def test_check_shows_the_edit_and_writes_nothing(live: Terminal) -> None:
    ended = live("rename", "Production", "Web", "--check")
    assert ended.code == 2
    assert "+renamed_from: Production" in ended.out
    assert text(live) == ROTA


def test_a_second_rename_before_the_first_is_applied(live: Terminal) -> None:
    assert live("rename", "Production", "Web").code == 0
    assert live("rename", "Web", "Shop").code == 0
    assert "schedule: Shop     # the old name\nrenamed_from: Production\n" in text(live)
    assert live("rename", "Shop", "Production").code == 0
    assert text(live) == ROTA


def test_a_second_rename_after_the_first_is_applied(live: Terminal) -> None:
    live("rename", "Production", "Web")
    live.apply()
    assert live("rename", "Web", "Shop").code == 0
    assert "schedule: Shop     # the old name\nrenamed_from: Web\n" in text(live)


def test_what_is_not_live_needs_no_old_name(terminal: Terminal) -> None:
    terminal.write("schedules/prod.yaml", ROTA)
    assert terminal("rename", "Production", "Web").code == 0
    assert text(terminal) == ROTA.replace("Production", "Web")


def test_a_pinned_schedule_stays_pinned(live: Terminal) -> None:
    id = ids(live)["Production"]
    live.write("schedules/prod.yaml", ROTA.replace("team:", f"id: {id}\nteam:"))
    assert live("rename", "Production", "Web").code == 0
    assert f"schedule: Web     # the old name\nid: {id}\nteam:" in text(live)
    live.apply()
    assert ids(live)["Web"] == id


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Production", "Staging", "Staging", "Production"], ["Staging", "Production"]),
        (["Production", "Staging", "Staging", "Test"], ["Staging", "Test"]),
        (["Staging", "Test", "Production", "Staging"], ["Staging", "Test"]),
    ],
)
def test_names_are_exchanged_or_passed_on(
    live: Terminal, names: list[str], expected: list[str]
) -> None:
    before = ids(live)
    ended = live("rename", *names)
    assert ended.code == 0, ended
    live.apply()
    after = [before["Production"], before["Staging"]]
    assert ids(live) == dict(zip(expected, after, strict=True))
    assert live("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("arrives", [False, True])
def test_an_exchange_that_fails_at_any_write_is_finished_by_the_next_run(
    live: Terminal, failing: int, arrives: bool
) -> None:
    before = ids(live)
    assert live("rename", "Production", "Staging", "Staging", "Production").code == 0
    calls = count(1)

    def fail(endpoint: str, body: Any, act: Any) -> Reply | None:
        if endpoint != "/schedule/update" or next(calls) != failing:
            return None
        if arrives:
            act()
        return refusal("InvalidParameter")

    live.sandbox.hook = fail
    assert live("apply", "--auto-approve").code in (1, 3)
    assert sorted(ids(live).values()) == sorted(before.values())
    live.sandbox.hook = None
    live.apply()
    assert ids(live) == {"Staging": before["Production"], "Production": before["Staging"]}


def test_a_layer_gets_another_name_and_keeps_its_turns(live: Terminal) -> None:
    ended = live("rename", "Production/Primary", "First line")
    assert ended.code == 0, ended
    named = "  - layer: First line       # first line\n    renamed_from: Primary\n"
    assert named in text(live)
    assert "No shift moves" in words(ended)
    live.apply()
    assert live("plan", "--detailed-exitcode").code == 0


def test_a_move_to_another_file_is_no_change(live: Terminal) -> None:
    live.write("schedules/all/both.yaml", f"{OTHER}---\n{ROTA}")
    for name in ("prod", "staging"):
        (live.folder / f"schedules/{name}.yaml").unlink()
    assert live("plan", "--detailed-exitcode").code == 0


def test_accepted_differences_follow(live: Terminal) -> None:
    accept = "  - {schedule: Production, field: team, reason: moves, until: 2036-01-01 00:00}\n"
    config = f"version: 1\ntimezone: Asia/Shanghai # ours\naccept:\n{accept}"
    live.write("flashsync.yaml", config)
    ended = live("rename", "Production", "Web")
    assert ended.code == 0, ended
    assert (live.folder / "flashsync.yaml").read_text() == config.replace("Production", "Web")
    assert "`accept` has the new name, too" in words(ended)


def test_offline_the_old_name_is_written(live: Terminal) -> None:
    assert live("rename", "Production", "Web", "--offline").code == 0
    assert "renamed_from: Production\n" in text(live)
    said = refused(live("rename", "Web", "Shop", "--offline"))
    assert "only the account knows which name it has" in said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Production"], "Production has no new name; give names in pairs: OLD NEW"),
        (["Prodction", "Web"], "OLD: no file has the schedule or layer Prodction; did you mean"),
        (["Production", "Production"], "Production has that name already"),
        (["Production", "Staging"], "two schedules would be named Staging; rename the one at"),
        (["Production", "Web", "Production", "Shop"], "a name is given as OLD twice"),
        (["Production", "x" * 41], "NEW: `xxx"),
        (["Production", "Console"], "the account has another schedule named Console (id "),
        (["Production/Primary", "Primary"], "Primary has that name already"),
    ],
)
def test_what_cannot_be_renamed(live: Terminal, names: list[str], said: str) -> None:
    live.sandbox.console.create({"schedule_name": "Console", "layers": []})
    assert said in refused(live("rename", *names)).replace('"', "`")
    assert (text(live), text(live, "staging")) == (ROTA, OTHER)


def test_an_exchange_needs_the_account(live: Terminal) -> None:
    exchange = ["Production", "Staging", "Staging", "Production"]
    said = refused(live("rename", *exchange, "--offline"))
    assert said.startswith("names are exchanged, which needs the ids of the schedules")


def test_a_layer_of_the_same_name_is_refused(live: Terminal) -> None:
    backup = layer("dave@example.com", layer="Backup", rotation="2 weeks")
    live.declare(schedule(layers=[layer(), backup]))
    said = refused(live("rename", "Production/Primary", "Backup"))
    assert said == "Production has a layer Backup already; choose another name"
