"""Bad input in files: one clear line each, no traceback, and nothing asked of the account."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule

LONG = "值" * 41
BOMB = "x-a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"x-{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
PEOPLE = (
    "schedule: A\nlayers:\n- layer: P\n  rotation: 1 day\n  start: 2026-01-05 10:00\n  groups:\n"
)


def document(**more: Any) -> str:
    """A schedule document on lines of their own, with these keys changed in its layer."""
    tree = schedule(layers=[layer(**more)])
    return json.dumps(tree, ensure_ascii=False, indent=1)


BAD: dict[str, tuple[str | bytes, str]] = {
    "not UTF-8": (
        b"schedule: \xff\n",
        "1:11: the byte 0xff is not UTF-8; save the file as UTF-8",
    ),
    "another encoding": (
        "schedule: Rufbereitschaft für alle\n".encode("latin-1"),
        "1:28: the byte 0xfc is not UTF-8; save the file as UTF-8",
    ),
    "UTF-16": (
        "schedule: A\n".encode("utf-16"),
        "1:1: the file is UTF-16, not UTF-8; save it as UTF-8",
    ),
    "YAML syntax": (
        "schedule: A\n  layers: []\n",
        (
            "2:3: this key is indented below the value on line 1; "
            "indent it like the keys around it, or remove that value"
        ),
    ),
    "a tab": (
        "schedule: A\nlayers:\n\t- layer: P\n",
        "3:1: tab in indentation; use spaces",
    ),
    "a key twice": (
        "schedule: A\nschedule: B\nabsent: true\n",
        "2:1: duplicate key `schedule`, first on line 1; remove one",
    ),
    "an unknown key": (
        document(zzz="red"),
        (
            "12:4: unknown key `zzz`; known here: layer, rotation, start, groups, handoff, "
            "end, days, hours, continuous, fair, rollout, renamed_from, checks"
        ),
    ),
    "a misspelt key": (
        document(rotatoin=1),
        "12:4: unknown key `rotatoin`; did you mean `rotation`?",
    ),
    "the API's word": (document(day_mask=[1]), "12:4: unknown key `day_mask`; write `days`"),
    "an alias bomb": (
        BOMB + "schedule: *i\n",
        ("5:31: the aliases of this file expand to more than 100,000 values; use fewer aliases"),
    ),
    "a nesting bomb": (
        "schedule: " + "[" * 100_000,
        ("1:60: lists and mappings are nested more than 50 levels deep; remove some levels"),
    ),
    "50 MB": (
        b"schedule: " + b"y" * 50_000_000,
        "1:1: the file has 50.0 MB, the limit is 10 MB; split it into several files",
    ),
    "empty": ("", "1:1: the file is empty; fill it or delete it"),
    "only a comment": ("# later\n", "1:1: the file is empty; fill it or delete it"),
    "a list": (
        "- schedule: A\n",
        ("1:1: expected a mapping (`schedule: …`), found a list"),
    ),
    "text for a list": (
        "schedule: A\nlayers: Primary\n",
        "2:9: expected a list, found a text; write its entries as `- …` lines, or in [brackets]",
    ),
    "a list for text": (
        "schedule: [A]\nabsent: true\n",
        "1:11: expected one value, found a list",
    ),
    "nothing for text": (
        "schedule:\nabsent: true\n",
        "1:1: `schedule` has no value; add a value or remove the key",
    ),
    "a person with a role by accident": (
        PEOPLE + "  - alice: backup\n",
        (
            "7:5: expected a person, found the mapping `alice: backup`; "
            "write {person: alice, role: backup}, or alice alone"
        ),
    ),
    "a role among members": (
        PEOPLE + "  - members: [dave, role: backup]\n",
        ("7:21: `role: backup` has no person; write {person: …, role: backup}"),
    ),
    "two of one name": (
        document() + "\n---\n" + document(),
        (
            "17:14: a schedule named `Production` is already declared at schedules/bad.yaml:2:1; "
            "rename or remove one of them"
        ),
    ),
    "end before start": (
        document(end="2026-01-01 00:00"),
        "12:11: the end is not after the start; write a later time",
    ),
    "weekly hours with days": (
        document(hours="mon 09:00 - fri 18:00", days="mon-fri"),
        (
            "12:13: weekly `hours` cannot be used with `days`; "
            "name the days in `hours`, as in mon-fri 09:00-18:00, and remove `days`"
        ),
    ),
    "a handoff on a daily rotation": (
        document(handoff="mon 10:00", rotation="1 day"),
        ("12:4: `handoff` works only with `rotation: 1 week`; for others set the time of `start`"),
    ),
    "continuous without days": (
        document(continuous=True),
        "12:4: `continuous` works only with `days`; remove it or add `days`",
    ),
    "no groups": (document(groups=[]), "8:14: the list is empty; add at least one entry"),
    "a group of nobody": (document(groups=[[]]), "9:5: the list is empty; add at least one entry"),
    "41 characters in a name": (
        f"schedule: {LONG}\nabsent: true\n",
        f"1:11: `{LONG}` has 41 characters; a schedule's name has at most 40",
    ),
    "41 characters in a layer's name": (
        document(layer=LONG),
        f"5:13: `{LONG}` has 41 characters; a layer's name has at most 40",
    ),
    "full-width colons": (
        document(hours="09：00-18：00"),
        ("12:13: `09：00-18：00` has full-width characters or long dashes; write 09:00-18:00"),
    ),
    "full-width digits": (
        document(start="2026-01-05 １0:00"),
        (
            "7:13: `2026-01-05 １0:00` has full-width characters or long dashes; "
            "write 2026-01-05 10:00"
        ),
    ),
    "a date without a time": (
        document(end="2027-01-01"),
        (
            "12:11: `2027-01-01` is a date without a time; "
            "write 2027-01-01 00:00; the end is not included"
        ),
    ),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_one_clear_line(terminal: Terminal, content: str | bytes, said: str) -> None:
    terminal.write("schedules/bad.yaml", content)
    checked = terminal("validate")
    first, summary = checked.out.splitlines()
    assert (checked.code, checked.err) == (1, "")
    assert first == f"schedules/bad.yaml:{said}"
    assert summary.endswith(": 1 error in 1 file")
    refused = terminal("apply", "--auto-approve")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == f"schedules/bad.yaml:{said}\n"
    assert terminal.written == []


def test_forty_characters_are_not_too_many(terminal: Terminal) -> None:
    terminal.declare(schedule("值" * 40))
    assert terminal("validate").code == 0


def test_a_file_that_may_not_be_read(terminal: Terminal) -> None:
    terminal.write("schedules/bad.yaml", "")
    (terminal.folder / "schedules/bad.yaml").unlink()
    (terminal.folder / "schedules/bad.yaml").symlink_to("nowhere.yaml")
    ended = terminal("validate", "schedules/bad.yaml")
    assert ended.code == 1
    assert "bad.yaml" in ended.err + ended.out


def test_every_problem_of_every_file_in_one_run(terminal: Terminal) -> None:
    terminal.write("schedules/a.yaml", "schedule: A\nscedule: B\nlayers: 7\n")
    terminal.write("schedules/b.yaml", "")
    terminal.declare()
    terminal.write("schedules/a.yaml", "schedule: A\nscedule: B\nlayers: 7\n")
    terminal.write("schedules/b.yaml", "")
    ended = terminal("validate")
    places = [line.split(" ")[0] for line in ended.out.splitlines()[:-1]]
    assert places == ["schedules/a.yaml:2:1:", "schedules/a.yaml:3:9:", "schedules/b.yaml:1:1:"]
    assert ended.out.endswith("2 files, 1 schedule: 3 errors in 2 files\n")


SETTINGS: dict[str, tuple[str, str]] = {
    "another version": ("version: 2\n", "flashsync.yaml:1:10: "),
    "an unknown setting": ("version: 1\nacount: A\n", "flashsync.yaml:2:1: unknown key `acount`"),
    "no zone": ("version: 1\ntimezone: Mars/Base\n", "flashsync.yaml:2:11: "),
    "two documents": ("version: 1\n---\nversion: 1\n", "flashsync.yaml:3:1: "),
    "a glob that matches nothing": (
        "version: 1\nschedules: ['none/*.yaml']\n",
        "flashsync.yaml:2:13: the glob `none/*.yaml` matches no file",
    ),
}


@pytest.mark.parametrize(("content", "said"), SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("command", ["validate", "plan"])
def test_bad_settings(terminal: Terminal, command: str, content: str, said: str) -> None:
    terminal.declare(schedule())
    terminal.write("flashsync.yaml", content)
    ended = terminal(command)
    assert ended.code == 1
    errors = [line for line in (ended.out + ended.err).splitlines() if ": warning: " not in line]
    assert errors[0].startswith(said)
    assert errors[1:] == [] if command == "plan" else errors[1].endswith(" in 1 file")
    assert terminal.sandbox.log == []
