"""What became of a plan, as Markdown."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from flashsync.errors import Problem
from flashsync.plan.outcome import Outcome, Result, WriteStatus
from flashsync.render.markdown import Links
from flashsync.render.plan.outcome import render_outcome_markdown
from tests.properties import trying
from tests.render import effects, plans
from tests.render.judge import check_harmless, hostile, skeleton
from tests.render.looks import check_golden

BASE = "https://github.com/o/r/blob/main"
LOST = Problem("the platform answered 500 (request 01JC8Z)", "run it again")
HALF = Outcome(
    effects.with_window(effects.GOES, effects.ADDED, effects.NEW),
    (
        Result(plans.ABSENT, WriteStatus.CONFIRMED),
        Result(plans.new(), WriteStatus.NOT_STARTED),
        Result(plans.ONE_LINE, WriteStatus.FAILED, LOST),
        Result(
            plans.RENAME, WriteStatus.DIFFERS, Problem("team is not as sent"), notes=("kept: a",)
        ),
        Result(plans.SECRETS, WriteStatus.UNCLEAR),
        Result(plans.PRUNED, WriteStatus.UNCONFIRMED, LOST),
    ),
)


def render(outcome: Outcome, most: int = 65_000) -> str:
    """The Markdown of an outcome about the people of the tests."""
    return render_outcome_markdown(outcome, plans.WORDS, Links(BASE), most)


def test_all_that_may_become_of_a_plan() -> None:
    text = render(HALF)
    check_harmless(text, BASE)
    check_golden("outcome-markdown", text)


def test_what_went_wrong_comes_first() -> None:
    lines = render(HALF).splitlines()
    assert lines[0].startswith(
        "### ⛔ flashsync apply. Not finished: 1 done, 1 failed, 1 unclear, "
    )
    marks = [line[2:3] for line in lines if line.startswith("- ")][:6]
    assert marks == ["✗", "!", "?", "!", "&", "✓"]
    assert "(request 01JC8Z)" in lines[2]


def test_what_went_wrong_stays_the_longest() -> None:
    text = render(HALF, 1_300)
    assert "(request 01JC8Z)" in text
    assert len(text.encode()) <= 1_300
    check_harmless(text, BASE)


def test_other_problems_than_writes_are_not_a_success() -> None:
    wiped = Problem("it wiped an override: Swap", "make it again in the console")
    outcome = replace(HALF, results=HALF.results[:1], problems=(wiped,))
    lines = render(outcome).splitlines()
    assert lines[0] == "### ⛔ flashsync apply. Written, but not all is well: 1 done."
    assert lines[2] == "- **it wiped an override: Swap; make it again in the console**"


@given(hostile)
@trying(8)
def test_no_name_breaks_it(name: str) -> None:
    def outcome(name: str) -> Outcome:
        gone = replace(plans.ABSENT, name=name)
        result = Result(gone, WriteStatus.FAILED, Problem(name, name), notes=(name,))
        return Outcome(plans.plan(gone), (result,), problems=(Problem(name, name),))

    text = render(outcome(name))
    assert skeleton(text) == skeleton(render(outcome("name")))
    check_harmless(text, BASE)
