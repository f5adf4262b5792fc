"""Problems in all their formats."""

from __future__ import annotations

import json

from flashsync.errors import Level, Position, Problem
from flashsync.render.problems import ReadCount, problems_json, render_problems
from flashsync.render.terminal import Screen
from tests.render.looks import check_harmless

AT = Position("schedules/a.yaml", 3, 7)
WRONG = Problem("`rotaion` is no key", "did you mean `rotation`?", AT)
NO_KEY = Problem("no APP key", "set FLASHDUTY_APP_KEY")
DOUBT = Problem("bob is pending", "", Position("b.yaml", 1, 1), Level.WARNING)
READ = ReadCount(62, 60, 2)


def test_text_is_a_line_each() -> None:
    assert render_problems([WRONG, NO_KEY, DOUBT], Screen(20)) == (
        "schedules/a.yaml:3:7: `rotaion` is no key; did you mean `rotation`?\n"
        "error: no APP key; set FLASHDUTY_APP_KEY\n"
        "b.yaml:1:1: warning: bob is pending\n"
    )
    assert render_problems([], Screen()) == ""


def test_text_in_colours() -> None:
    assert render_problems([WRONG, DOUBT], Screen(color=True)) == (
        "\x1b[1mschedules/a.yaml:3:7:\x1b[0m \x1b[1;31merror:\x1b[0m "
        "`rotaion` is no key; did you mean `rotation`?\n"
        "\x1b[1mb.yaml:1:1:\x1b[0m \x1b[33mwarning:\x1b[0m bob is pending\n"
    )


def test_text_from_hostile_files() -> None:
    hostile = Problem("no\x1b]0;x\x07\u202e", "\n::error::x", Position("a\nb\x9b.yaml"))
    text = render_problems([hostile], Screen())
    check_harmless(text)
    assert text.count("\n") == 1


def test_json_has_errors_and_warnings() -> None:
    document = json.loads(problems_json([WRONG, DOUBT, NO_KEY]))
    assert document == {
        "errors": [
            {
                "level": "error",
                "message": "`rotaion` is no key",
                "remedy": "did you mean `rotation`?",
                "file": "schedules/a.yaml",
                "line": 3,
                "column": 7,
            },
            {
                "level": "error",
                "message": "no APP key",
                "remedy": "set FLASHDUTY_APP_KEY",
                "file": None,
                "line": None,
                "column": None,
            },
        ],
        "warnings": [
            {
                "level": "warning",
                "message": "bob is pending",
                "remedy": "",
                "file": "b.yaml",
                "line": 1,
                "column": 1,
            }
        ],
    }


def test_json_can_say_how_much_was_read() -> None:
    document = json.loads(problems_json([], READ))
    assert document["read"] == {
        "files": 62,
        "schedules": 60,
        "not_selected": 2,
        "not_run": 0,
        "past": 0,
    }


def test_the_last_line_has_the_counts() -> None:
    def counts(problems: list[Problem], read: ReadCount) -> str:
        return render_problems(problems, Screen(20), read=read).splitlines()[-1]

    assert counts([], READ) == "62 files, 60 schedules, 2 not selected: no problems"
    assert counts([WRONG, WRONG, DOUBT], ReadCount(1, 1)) == (
        "1 file, 1 schedule: 2 errors and 1 warning in 2 files"
    )
    assert counts([NO_KEY], ReadCount(2, 2)) == "2 files, 2 schedules: 1 error"
