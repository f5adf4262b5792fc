"""What became of a plan, as text."""

from __future__ import annotations

import pytest

from flashsync.errors import Problem
from flashsync.plan.outcome import Outcome, Result, WriteStatus
from flashsync.render.plan.outcome import describe_result, render_outcome
from flashsync.render.terminal import Screen
from tests.render.looks import check_fits, check_golden, plain
from tests.render.plans import ABSENT, FULL, ONE_LINE, PRUNED, RENAME, new

NO = Problem("the platform said no: AccessDenied (request_id 01JXYZ)", "ask for `oncall:write`")
CREATED = Result(new(), WriteStatus.CONFIRMED, None, 99, ("`Alice swaps` came later and is kept",))
MIXED = Outcome(
    FULL,
    (
        Result(ABSENT, WriteStatus.CONFIRMED),
        Result(PRUNED, WriteStatus.FAILED, NO),
        CREATED,
        Result(RENAME, WriteStatus.DIFFERS, Problem("team: SRE → none")),
        Result(ONE_LINE, WriteStatus.UNCONFIRMED, NO),
        Result(ONE_LINE, WriteStatus.NOT_STARTED),
    ),
)


def closing(outcome: Outcome, *, saved_plan: bool = False) -> str:
    """The last paragraph, on one line."""
    text = render_outcome(outcome, Screen(300), saved_plan=saved_plan)
    return text.splitlines()[-1]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_all_that_can_become_of_a_write(width: int) -> None:
    text = render_outcome(MIXED, Screen(width))
    check_fits(text, width)
    check_golden(f"outcome-{width}", text)
    assert plain(render_outcome(MIXED, Screen(width, color=True))) == text


def test_all_done() -> None:
    done = Outcome(FULL, (CREATED, Result(RENAME, WriteStatus.CONFIRMED)))
    assert render_outcome(done, Screen(100)) == (
        "  ✓ created Production On-Call (id 99), confirmed\n"
        "    `Alice swaps` came later and is kept\n"
        "  ✓ updated Follow the sun → Production On-Call (id 5789640530411), confirmed\n"
        "\n"
        "Applied: 1 created, 1 updated, 0 deleted; all confirmed.\n"
    )


def test_signs_have_plain_forms() -> None:
    lines = render_outcome(MIXED, Screen(100, encoding="ascii")).splitlines()
    assert lines[0].startswith("  ok deleted Legacy rota")
    assert lines[1].startswith("  x Somebody's")


def test_not_finished_says_how_to_go_on() -> None:
    assert closing(MIXED) == (
        "Not finished: 2 done, 1 failed, 1 not confirmed, 1 not as sent, 1 not started. "
        "Run the same command again: it goes on where this one stopped."
    )


def test_a_saved_plan_is_not_applied_twice() -> None:
    assert closing(MIXED, saved_plan=True).endswith(
        "Plan again and apply that plan; it skips what is already done."
    )


def test_nothing_was_written() -> None:
    failed = Outcome(FULL, (Result(ONE_LINE, WriteStatus.FAILED, NO),))
    assert (
        closing(failed)
        == "Nothing written: 1 failed. Fix the cause and run the same command again."
    )


def test_interrupted() -> None:
    before = Outcome(FULL, (Result(ONE_LINE, WriteStatus.NOT_STARTED),), interrupted=True)
    assert closing(before).startswith("Interrupted; nothing was written: 1 not started.")
    cut_off = Outcome(FULL, (Result(ONE_LINE, WriteStatus.UNCLEAR),), interrupted=True)
    assert closing(cut_off).startswith("Interrupted, not finished: 1 unclear.")
    assert "it was interrupted in the middle of the request" in describe_result(cut_off.results[0])


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (WriteStatus.FAILED, "Production On-Call was not updated: no"),
        (WriteStatus.UNCLEAR, "Production On-Call may or may not have been updated: no"),
        (
            WriteStatus.UNCONFIRMED,
            "updated Production On-Call (id 5789640530410), but it could not be read back: no",
        ),
        (
            WriteStatus.DIFFERS,
            "updated Production On-Call (id 5789640530410), but what was read back differs: no",
        ),
        (WriteStatus.NOT_STARTED, "not started: update Production On-Call; no"),
    ],
)
def test_each_status(status: WriteStatus, said: str) -> None:
    assert describe_result(Result(ONE_LINE, status, Problem("no"))) == said


def test_a_create_that_got_no_id() -> None:
    assert (
        describe_result(Result(new(), WriteStatus.CONFIRMED))
        == "created Production On-Call, confirmed"
    )
