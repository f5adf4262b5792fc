"""Marks at the lines of a pull request."""

from __future__ import annotations

from flashsync.errors import Level, Position, Problem
from flashsync.render import github

WRONG = Problem(
    "`rotaion` is no key", "did you mean `rotation`?", Position("schedules/a.yaml", 3, 7)
)
DOUBT = Problem("bob is pending", "", Position("b.yaml"), Level.WARNING)
NO_KEY = Problem("there is no APP key", "set FLASHDUTY_APP_KEY")


def test_problems() -> None:
    assert github.problems([WRONG, NO_KEY, DOUBT]) == (
        "::error file=schedules/a.yaml,line=3,col=7::"
        "`rotaion` is no key; did you mean `rotation`?\n"
        "::error::there is no APP key; set FLASHDUTY_APP_KEY\n"
        "::warning file=b.yaml,line=1,col=1::bob is pending\n"
    )


def test_escapes() -> None:
    hostile = Problem("75 %\r\n::error::x", "", Position("a,b:c%.yaml", 1, 2))
    text = github.problems([hostile])
    assert text == "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2::75 %25\\r\\n\\x3a:error::x\n"
