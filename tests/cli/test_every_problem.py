"""One run shows every problem of every file, in the order of files and lines."""

from __future__ import annotations

import re

import pytest

from tests.cli.console import Ended, Terminal, schedule

GOOD = """\
schedule: Production
layers:
  - layer: Primary
    rotation: 1 week
    start: 2026-01-05 10:00
    groups: [alice@example.com, bob@example.com]
"""
BAD = GOOD.replace("1 week", "1 wek")
SETTINGS = "version: 1\naccount: Acme Corp\ntimezone: Asia/Shanghai\n"


def problems(ended: Ended) -> list[str]:
    """Each problem's place and the beginning of what is wrong."""
    lines = (ended.out + ended.err).splitlines()
    found = (re.match(r"(\S+?:\d+:\d+): ([^;,]*)", line) for line in lines)
    return [f"{match[1].removeprefix('schedules/')} {match[2]}" for match in found if match]


def write(terminal: Terminal, settings: str, *documents: str) -> None:
    terminal.write("flashsync.yaml", settings)
    for number, content in enumerate(documents):
        terminal.write(f"schedules/{'abc'[number]}.yaml", content)


TURN = "a.yaml:4:15 expected the length of a turn"

WRONG_SETTINGS: dict[str, tuple[str, list[str]]] = {
    "an unknown key": (SETTINGS + "acount: A\n", ["flashsync.yaml:4:1 unknown key `acount`"]),
    "two, in the order of their lines": (
        "version: 1\nsafety: {max_deletes: -1}\ntimezone: Mars/Base\nx: 1\n",
        [
            "flashsync.yaml:2:23 must be 0 or more",
            "flashsync.yaml:3:11 unknown IANA time zone `Mars/Base`",
            "flashsync.yaml:4:1 unknown key `x`",
        ],
    ),
    "YAML syntax": ("version: 1\n\taccount: A\n", ["flashsync.yaml:2:1 tab in indentation"]),
    "a list": ("- version\n", ["flashsync.yaml:1:1 expected a mapping (`version: 1`)"]),
    "not UTF-8": ("", ["flashsync.yaml:1:1 the file is empty"]),
    "several documents": (
        SETTINGS + "---\nversion: 1\n",
        ["flashsync.yaml:5:1 flashsync.yaml has several documents"],
    ),
    "a glob of two that matches nothing": (
        SETTINGS + "schedules: ['none/*.yaml', 'schedules/*.yaml']\n",
        ["flashsync.yaml:4:13 the glob `none/*.yaml` matches no file below `"],
    ),
    "globs of another type": (
        SETTINGS + "schedules: {a: b}\n",
        ["flashsync.yaml:4:12 expected one value"],
    ),
    "a key without a value": (
        SETTINGS + "people:\nmanage:\n  team: SRE\n",
        ["flashsync.yaml:4:1 `people` has no value", "flashsync.yaml:6:3 unknown key `team`"],
    ),
    "a person": (
        SETTINGS + "people:\n  alice: {mail: a@example.com}\n  bob: bob@example.com\n",
        ["flashsync.yaml:5:11 unknown key `mail`"],
    ),
}


@pytest.mark.parametrize("command", ["validate", "plan"])
@pytest.mark.parametrize(("settings", "wrong"), WRONG_SETTINGS.values(), ids=WRONG_SETTINGS)
def test_errors_in_the_settings_hide_no_others(
    terminal: Terminal, settings: str, wrong: list[str], command: str
) -> None:
    write(terminal, settings, BAD)
    ended = terminal(command)
    assert ended.code == 1
    shown = problems(ended)
    assert len(shown) == len(wrong) + 1, ended
    assert all(line.startswith(said) for line, said in zip(shown, [*wrong, TURN], strict=True))
    assert terminal.sandbox.log == []


def test_wrong_settings_alone(terminal: Terminal) -> None:
    write(terminal, "version: 1\nacount: A\n", GOOD)
    ended = terminal("validate")
    assert problems(ended) == ["flashsync.yaml:2:1 unknown key `acount`"]
    assert ended.out.endswith("1 file, 1 schedule: 1 error in 1 file\n")
    ended = terminal("plan")
    assert (ended.out, problems(ended)) == ("", ["flashsync.yaml:2:1 unknown key `acount`"])


def test_what_is_right_in_wrong_settings_counts(terminal: Terminal) -> None:
    people = "people: {alice: alice@example.com, bob: bob@example.com, carol: [1]}\n"
    secrets = "secrets: {env: [MY_*]}\n"
    chat = "notify: {chats: [{type: slack, token: {env: OTHER}}]}\n"
    twice = GOOD.replace("[alice@example.com, bob@example.com]", "[[alice, alice@example.com]]")
    write(terminal, SETTINGS + people + secrets, twice + chat)
    assert problems(terminal("validate")) == [
        "flashsync.yaml:4:65 expected one value",
        "a.yaml:7:39 `OTHER` is not among the variables that `secrets` in flashsync.yaml allows",
    ]
    write(terminal, SETTINGS + people + secrets, twice)
    said = "a.yaml:6:22 `alice@example.com` appears twice in one group"
    assert problems(terminal("validate"))[1] == said


def test_settings_with_a_misspelt_key_are_read_as_meant(terminal: Terminal) -> None:
    write(terminal, "version: 1\ntimezone: UTC\npeolpe: {alice: '', bob: 5}\n", GOOD)
    assert problems(terminal("validate")) == [
        "flashsync.yaml:3:1 unknown key `peolpe`",
        "flashsync.yaml:3:17 a person must not be empty",
    ]


def test_schedules_with_errors_are_counted(terminal: Terminal) -> None:
    write(terminal, SETTINGS, BAD, f"{GOOD.replace('Production', 'B')}---\n{BAD}")
    ended = terminal("validate")
    assert ended.out.splitlines()[-1] == "2 files, 3 schedules: 3 errors in 2 files"


def test_a_name_that_a_wrong_schedule_has_is_taken(terminal: Terminal) -> None:
    write(terminal, SETTINGS, BAD, GOOD)
    assert problems(terminal("validate")) == [
        TURN,
        "b.yaml:1:11 a schedule named `Production` is already declared at schedules/a.yaml:1:1",
    ]


UNREADABLE: dict[str, tuple[str, list[str]]] = {
    "no value": (
        "team:\n" + BAD,
        ["1:1 `team` has no value", "5:15 expected the"],
    ),
    "no layers": ("schedule: A\nlayers:\nid: x\n", ["2:1 `layers` has no value", "3:5 expected a"]),
    "an empty entry": (
        BAD.replace("[alice@example.com, bob@example.com]", "\n      - alice\n      -"),
        ["4:15 expected the", "8:8 empty list entry"],
    ),
    "a key twice": (BAD + "schedule: B\n", ["4:15 expected the", "7:1 duplicate key `schedule`"]),
    "a tag": (
        BAD.replace("Production", "!x Production"),
        ["1:11 the tag `!x` is not allowed", "4:15 expected the"],
    ),
    "an unknown alias": (
        BAD.replace("[alice@example.com, bob@example.com]", "*people"),
        ["4:15 expected the", "6:13 unknown alias `*people`"],
    ),
    "a document before one with a tab": (
        BAD + "---\nschedule: B\n\tlayers: []\n",
        ["4:15 expected the", "9:1 tab in indentation"],
    ),
}


@pytest.mark.parametrize(("content", "wrong"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_hides_no_other_errors(
    terminal: Terminal, content: str, wrong: list[str]
) -> None:
    write(terminal, SETTINGS, content)
    shown = [line.removeprefix("a.yaml:") for line in problems(terminal("validate"))]
    assert len(shown) == len(wrong), shown
    assert all(line.startswith(said) for line, said in zip(shown, wrong, strict=True)), shown


MISSPELT: dict[str, tuple[str, list[str]]] = {
    "layers": (BAD.replace("layers", "layrs"), ["2:1 unknown key `layrs`", "4:15 expected the"]),
    "layer instead of layers": (
        BAD.replace("layers", "layer"),
        ["2:1 unknown key `layer`", "4:15 expected the"],
    ),
    "two levels": (
        GOOD.replace("layers", "Layers").replace("rotation", "rotatoin").replace("week", "wek"),
        ["2:1 unknown key `Layers`", "4:5 unknown key `rotatoin`", "4:15 expected the"],
    ),
    "a name": (
        BAD.replace("- layer:", "- name:"),
        ["3:5 unknown key `name`", "4:15 expected the"],
    ),
    "nothing else": (GOOD.replace("layers", "layesr"), ["2:1 unknown key `layesr`"]),
    "both": (
        GOOD + "layrs: []\n",
        ["7:1 unknown key `layrs`"],
    ),
    "twice": (
        BAD.replace("layers", "layrs") + "laeyrs: []\n",
        ["2:1 unknown key `layrs`", "4:15 expected the", "7:1 unknown key `laeyrs`"],
    ),
    "members": (
        GOOD.replace("bob@example.com", "{memebrs: [{person: bob, rloe: x}]}"),
        ["6:34 unknown key `memebrs`", "6:58 unknown key `rloe`"],
    ),
    "an override": (
        GOOD + "overides:\n  - override: x\n    from: 2026-13-01 00:00\n    people: [bob]\n",
        [
            "7:1 unknown key `overides`",
            "8:5 `to` is missing",
            "9:11 no such date: month 13",
        ],
    ),
    "a word of the API is not read": (
        GOOD + "    day_mask: {repeat: [1]}\n",
        ["7:5 unknown key `day_mask`"],
    ),
    "rules between keys": (
        GOOD.replace("1 week", "1 day").replace("layers", "layrs") + "    handoff: mon 10:00\n",
        ["2:1 unknown key `layrs`", "7:5 `handoff` works only with `rotation: 1 week`"],
    ),
}


@pytest.mark.parametrize(("content", "wrong"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_key_hides_no_errors(terminal: Terminal, content: str, wrong: list[str]) -> None:
    write(terminal, SETTINGS, content)
    shown = [line.removeprefix("a.yaml:") for line in problems(terminal("validate"))]
    assert len(shown) == len(wrong), shown
    assert all(line.startswith(said) for line, said in zip(shown, wrong, strict=True)), shown


def test_a_folder_without_files_is_one_problem(terminal: Terminal) -> None:
    terminal.write("flashsync.yaml", "version: 2\n")
    for command in ("validate", "plan"):
        ended = terminal(command)
        assert ended.code == 1
        assert problems(ended) == ["flashsync.yaml:1:10 unsupported version `2`"]
    terminal.declare(schedule())
    terminal.config(schedules=["none/*"])
    assert len(problems(terminal("validate"))) == 1
