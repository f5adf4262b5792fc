"""`add`, `remove` and `replace` in turns with roles: no turn is left without a primary unsaid."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

import pytest

from tests.cli.console import Ended, Terminal

PEOPLE = {name: f"{name}@example.com" for name in ("alice", "bob", "carol", "dave")}
HEAD = """\
schedule: Production
layers:
  - layer: Primary
    rotation: 1 week
    start: 2026-01-05 10:00
    groups:
"""


def pair(primary: str, backup: str) -> str:
    return f"[{primary}, {{person: {backup}, role: backup}}]"


def rota(*groups: str) -> str:
    return HEAD + "".join(f"      - {group}\n" for group in groups)


NEXT = rota(pair("alice", "bob"), pair("bob", "carol"), pair("carol", "alice"))
"""Each backup is the primary of the next week."""
LAST = rota(pair("alice", "carol"), pair("bob", "alice"), pair("carol", "bob"))
"""Each backup was the primary of the week before."""
OTHER = rota(pair("alice", "bob"), pair("bob", "alice"), pair("carol", "bob"))
LINES = """\
schedule: Production
layers:
  - layer: Primary
    rotation: 1 week
    start: 2026-01-05 10:00
    groups:
      - alice
      - members:
          - bob       # since May
          - person: carol
            role: backup
"""


def edit(terminal: Terminal, text: str, *arguments: str) -> tuple[Ended, str]:
    terminal.config(people=PEOPLE)
    terminal.write("schedules/prod.yaml", text)
    ended = terminal(*arguments, "--offline")
    return ended, (terminal.folder / "schedules/prod.yaml").read_text()


EDITS = [
    pytest.param(
        "remove bob", NEXT, rota(pair("alice", "carol"), pair("carol", "alice")),
        ["carol becomes backup in turn 1 of Primary, for bob", "remove turn 2 of Primary, which was bob's with carol as backup"],
        id="bob leaves a ring",
    ),
    pytest.param(
        "remove alice", NEXT, rota(pair("bob", "carol"), pair("carol", "bob")),
        ["remove turn 1 of Primary, which was alice's with bob as backup", "bob becomes backup in turn 3 of Primary, for alice"],
        id="the first of a ring leaves",
    ),
    pytest.param(
        "remove bob", LAST, rota(pair("alice", "carol"), pair("carol", "alice")),
        ["remove turn 2 of Primary, which was bob's with alice as backup", "alice becomes backup in turn 3 of Primary, for bob"],
        id="bob leaves a ring that looks back",
    ),
    pytest.param(
        "remove bob", rota(pair("alice", "bob"), pair("bob", "alice")), rota("[alice]"),
        ["remove bob from turn 1 of Primary, which then has no backup", "remove turn 2 of Primary, which was bob's with alice as backup"],
        id="bob leaves two pairs",
    ),
    pytest.param(
        "remove bob --promote", OTHER, rota("[alice]", "[{person: alice}]", "[carol]"),
        ["remove bob from turn 1 of Primary, which then has no backup", "alice becomes primary in turn 2 of Primary", "remove bob from turn 2 of Primary, which then has no backup", "remove bob from turn 3 of Primary, which then has no backup"],
        id="bob leaves other pairs",
    ),
    pytest.param(
        "remove bob --promote", LINES, LINES.replace("          - bob       # since May\n", "").replace("\n            role: backup", ""),
        ["remove bob from turn 2 of Primary, which then has no backup", "carol becomes primary in turn 2 of Primary"],
        id="a pair in lines",
    ),
    pytest.param(
        "remove carol", LINES, LINES.partition("          - person")[0],
        ["remove carol from turn 2 of Primary, which then has no backup"],
        id="the backup leaves",
    ),
    pytest.param(
        "replace bob --with carol", OTHER, rota(pair("alice", "carol"), pair("carol", "alice"), "[carol]"),
        ["carol takes bob's place in turn 1 of Primary", "carol takes bob's place in turn 2 of Primary", "remove bob from turn 3 of Primary, which then has no backup"],
        id="carol takes over and cannot be her own backup",
    ),
    pytest.param(
        "replace carol --with bob", LINES, LINES.partition("          - person")[0],
        ["remove carol from turn 2 of Primary, which then has no backup"],
        id="the primary cannot be the backup as well",
    ),
    pytest.param(
        "replace bob --with carol", LINES, LINES.replace("- bob ", "- carol ").partition("          - person")[0],
        ["carol takes bob's place in turn 2 of Primary, which then has no backup", "remove carol from turn 2 of Primary"],
        id="the backup becomes primary",
    ),
    pytest.param(
        "add dave --to Production --after alice", NEXT,
        rota(pair("alice", "dave"), pair("dave", "bob"), pair("bob", "carol"), pair("carol", "alice")),
        ["dave takes turn 2 of Primary, with bob as backup", "dave becomes backup in turn 1 of Primary, for bob"],
        id="dave joins a ring after alice's own turn",
    ),
    pytest.param(
        "add dave --to Production", NEXT,
        rota(pair("alice", "bob"), pair("bob", "carol"), pair("carol", "dave"), pair("dave", "alice")),
        ["dave takes turn 4 of Primary, with alice as backup", "dave becomes backup in turn 3 of Primary, for alice"],
        id="dave joins at the end of a ring",
    ),
    pytest.param(
        "add dave --to Production --after alice", LAST,
        rota(pair("alice", "carol"), pair("dave", "alice"), pair("bob", "dave"), pair("carol", "bob")),
        ["dave takes turn 2 of Primary, with alice as backup", "dave becomes backup in turn 2 of Primary, for alice"],
        id="dave joins a ring that looks back",
    ),
    pytest.param(
        "add dave --to Production --after bob", OTHER,
        rota(pair("alice", "bob"), pair("bob", "alice"), "dave", pair("carol", "bob")),
        ["dave takes turn 3 of Primary, without a backup as the other turns have"],
        id="dave joins other pairs",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "before", "after", "said"), EDITS)
def test_an_edit_of_pairs(
    terminal: Terminal, line: str, before: str, after: str, said: list[str]
) -> None:
    ended, text = edit(terminal, before, *line.split())
    assert text == after, ended
    edits = [line for line in ended.out.splitlines() if line.startswith("schedules/")]
    assert sorted(one.split(": ", 2)[2] for one in edits) == sorted(said)


def test_a_turn_without_a_primary_is_refused(terminal: Terminal) -> None:
    ended, text = edit(terminal, OTHER, "remove", "bob")
    assert (ended.code, ended.out, text) == (1, "", OTHER)
    assert ended.err.splitlines() == [
        "schedules/prod.yaml:8:9: this would leave turn 2 of Primary without a primary; pass --promote to make alice primary, or edit the file by hand"
    ]


def test_who_is_on_call_after_bob_left_the_pairs(terminal: Terminal) -> None:
    terminal.config(people=PEOPLE)
    terminal.write("schedules/prod.yaml", NEXT)
    assert terminal("apply", "--auto-approve").code == 0
    ended = terminal("remove", "bob")
    assert ended.code == 0, ended
    assert "no primary" not in ended.out
    assert "complete, as before" in ended.out
    assert terminal("apply", "--auto-approve").code == 0
    assert "No changes" in terminal("plan").out
