"""Marks at the lines of a pull request."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given

from flashsync.errors import Level, Position, Problem
from flashsync.plan.drift import Drift
from flashsync.plan.outcome import Outcome, Result, WriteStatus
from flashsync.render import github
from tests.properties import trying
from tests.render import effects, plans
from tests.render.judge import hostile

WRONG = Problem(
    "`rotaion` is no key", "did you mean `rotation`?", Position("schedules/a.yaml", 3, 7)
)
DOUBT = Problem("bob is pending", "", Position("b.yaml"), Level.WARNING)
NO_KEY = Problem("no APP key", "set FLASHDUTY_APP_KEY")


def test_problems() -> None:
    assert github.problems([WRONG, NO_KEY, DOUBT]) == (
        "::error file=schedules/a.yaml,line=3,col=7::"
        "`rotaion` is no key; did you mean `rotation`?\n"
        "::error::no APP key; set FLASHDUTY_APP_KEY\n"
        "::warning file=b.yaml,line=1,col=1::bob is pending\n"
    )


def test_escapes() -> None:
    hostile = Problem("75 %\r\n::error::x", "", Position("a,b:c%.yaml", 1, 2))
    text = github.problems([hostile])
    assert text == "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2::75 %25\\r\\n\\x3a:error::x\n"


def test_at_most_ten_of_a_level_are_shown() -> None:
    text = github.problems([WRONG] * 10 + [DOUBT] * 12)
    lines = text.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 9 + [
        "::warning::3"
    ]
    assert lines[-1] == "::warning::3 more warnings: the log of this step has all of them"


def test_a_plan() -> None:
    moved = effects.DEALT_ANEW
    plan = replace(effects.with_window(effects.NEW, effects.GOES, moved), refusals=(WRONG,))
    marks = github.plan(plan, [DOUBT]).splitlines()
    place = "file=schedules/prod.yaml,line=2,col=1,title=Production On-Call is"
    gone = "file=schedules/legacy.yaml,line=3,col=1,title=Legacy rota is"
    assert marks == [
        f"::error file=schedules/a.yaml,line=3,col=7::{WRONG.text}",
        "::warning file=b.yaml,line=1,col=1::bob is pending",
        f"::notice {place} changed::layers[Primary].groups: - bob, - carol",
        f"::notice {gone} deleted::id 5789640530999, with its rotation and all its overrides",
        f"::notice {place} created::a schedule that the account lacks",
    ]


def test_secrets_that_are_sent_are_a_change() -> None:
    assert github.plan(plans.plan(plans.SECRETS)).endswith("::secrets are sent\n")


def test_drift() -> None:
    plan = replace(plans.plan(plans.ABSENT), undeclared=("A", "::error::b"))
    assert github.drift(Drift(plan)) == (
        "::warning file=schedules/legacy.yaml,line=3,col=1,title=drift%3A Legacy rota::"
        "id 5789640530999, with its rotation and all its overrides\n"
        "::warning title=drift::in `manage` scope, and in no file: A, \\x3a:error::b\n"
    )


def test_an_outcome() -> None:
    results = (
        Result(plans.ABSENT, WriteStatus.CONFIRMED),
        Result(plans.ONE_LINE, WriteStatus.FAILED, Problem("no answer")),
    )
    outcome = Outcome(plans.plan(plans.ABSENT, plans.ONE_LINE), results)
    assert github.outcome(outcome) == (
        "::error file=schedules/prod.yaml,line=2,col=1,title=Production On-Call::"
        "Production On-Call was not updated: no answer\n"
        "::notice title=flashsync apply::Not finished: 1 done, 1 failed. "
        "Run the same command again: it goes on where this one stopped.\n"
    )


def test_other_problems_than_writes() -> None:
    done, wiped = (
        Result(plans.ABSENT, WriteStatus.CONFIRMED),
        Problem("it wiped an override", "redo it"),
    )
    outcome = Outcome(plans.plan(plans.ABSENT), (done,), problems=(wiped,))
    first, last = github.outcome(outcome).splitlines()
    assert first == "::error::it wiped an override; redo it"
    assert last.startswith("::notice title=flashsync apply::Written, but")


@given(hostile, hostile)
@trying(10)
def test_no_name_gives_a_command_of_its_own(name: str, file: str) -> None:
    found = [Problem(name, name, Position(file)), Problem(name)]
    for line in github.problems(found).splitlines():
        assert re.fullmatch(r"::error(?: file=[^:,]*,line=1,col=1)?::.*", line)
    gone = replace(plans.ABSENT, name=name, source=Position(file))
    (line,) = github.plan(plans.plan(gone)).splitlines()
    assert re.fullmatch(r"::notice file=[^:,]*,line=1,col=1,title=[^:,]* is deleted::.*", line)
