"""A plan as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.errors import Position
from flashsync.model.notify import Notify
from flashsync.model.schedule import Schedule
from flashsync.plan.drift import Drift
from flashsync.plan.model import Change, ChangeKind, Plan, Reason, Target, Update
from flashsync.plan.remarks import remarks_on
from flashsync.plan.webhooks import ComparedNotify
from flashsync.render.markdown import Links
from flashsync.render.plan.drift import render_drift_markdown
from flashsync.render.plan.markdown import render_plan_markdown
from flashsync.render.plan.text import render_plan
from flashsync.render.terminal import Screen
from tests.render.looks import check_fits, check_golden, plain
from tests.render.plans import (
    ABSENT,
    DISABLED,
    FULL,
    GONE,
    NOW,
    ONE_LINE,
    QUIET,
    SCHEDULE,
    WORDS,
    new,
    plan,
    unchanged,
    update,
)

WIDTHS = (40, 80, 160)


def render(plan: Plan, screen: Screen, **more: bool) -> str:
    """The text of a plan about the people of the tests."""
    return render_plan(plan, screen, WORDS, **more)


def test_the_example_of_the_design() -> None:
    assert render(plan(ONE_LINE), Screen(80)) == (
        "  ~ Production On-Call                                     schedules/prod.yaml:2\n"
        "      layers[Primary].groups    + frank (turn 4)\n"
        "\n"
        "Plan: 0 to create, 1 to update, 0 to delete.\n"
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_all_that_a_plan_can_hold(width: int) -> None:
    text = render(FULL, Screen(width))
    check_fits(text, width)
    check_golden(f"plan-{width}", text)


@pytest.mark.parametrize("width", WIDTHS)
def test_colours_change_no_character(width: int) -> None:
    colored = render(FULL, Screen(width, color=True))
    assert plain(colored) == render(FULL, Screen(width))
    assert "\x1b[1;32m+\x1b[0m" in colored


def test_colours_show_in_light_and_dark_themes() -> None:
    codes = set(render(FULL, Screen(80, color=True)).split("\x1b[")[1:])
    assert {code.partition("m")[0] for code in codes} == {"0", "1", "1;31", "1;32", "1;35", "33"}


def test_a_place_far_to_the_right_is_not_torn_from_its_name() -> None:
    first = render(plan(ONE_LINE), Screen(160)).splitlines()[0]
    assert len(first) == 100


def test_a_place_that_does_not_fit_goes_below() -> None:
    place = Position("schedules/a-folder-with-a-long-name/and-a-file-with-one.yaml", 12)
    lines = render(plan(update(place=place)), Screen(80)).splitlines()
    assert lines[:2] == [
        "  ~ Production On-Call",
        "      schedules/a-folder-with-a-long-name/and-a-file-with-one.yaml:12",
    ]


def test_an_empty_plan_says_so() -> None:
    text = render(plan(unchanged("A"), unchanged("B")), Screen(80))
    assert text == "No changes. 2 schedules are as the files say.\n"
    assert render(plan(unchanged("A")), Screen(80)) == (
        "No changes. 1 schedule is as the files say.\n"
    )
    assert render(plan(), Screen(80)) == "No changes. No file declares a schedule.\n"


def test_what_could_not_be_compared_is_counted() -> None:
    text = render(plan(QUIET, unchanged("B", "kept as they are")), Screen(80))
    assert text.splitlines()[1:] == [
        "2 notes on unchanged schedules, 1 of them on what could not be compared: -v",
        "shows them.",
    ]
    assert "1 note on unchanged schedules, all on what" in render(plan(QUIET), Screen(80))


@pytest.mark.parametrize("summary", [False, True])
def test_the_only_note_on_an_unchanged_schedule_is_shown(summary: bool) -> None:
    text = render(plan(unchanged("A"), unchanged("B", "a note")), Screen(80), summary=summary)
    assert text.endswith("note: `B`: a note\n")
    several = plan(unchanged("A", "a note"), unchanged("B", "another"))
    text = render(several, Screen(80), summary=summary)
    assert text.endswith("2 notes on unchanged schedules: -v shows them.\n")


def test_the_count_goes_by_what_was_compared_and_not_by_words() -> None:
    compared = ComparedNotify(Notify(), (), ("notify.chats[x].token",), (), ())
    remarks = remarks_on(Schedule("A"), Target(Schedule("A")), compared, WORDS, NOW)
    text = render(plan(replace(unchanged("A"), remarks=remarks)), Screen(100))
    assert "1 note on unchanged schedules, all on what could not be compared" in text
    text = render(plan(unchanged("A", "kept: `not compared`")), Screen(100))
    assert "note: `A`: kept: `not compared`" in text


def test_verbose_shows_unchanged_schedules_with_their_notes() -> None:
    text = render(plan(QUIET, GONE), Screen(120), verbose=True)
    assert text == (
        f"  = Quiet{'schedules/quiet.yaml:1':>91}\n"
        "      note        notify.chats[dingtalk ops].token was not compared: "
        "the platform does not show it\n"
        "\n"
        f"  = Gone{'schedules/gone.yaml:1':>92}\n"
        "      reason      the file says `absent: true`, and it is gone\n"
        "\n"
        "No changes. 2 schedules are as the files say.\n"
    )


def test_headings_without_rows_have_no_empty_line_between() -> None:
    text = render(plan(unchanged("A"), unchanged("B"), ONE_LINE), Screen(80), verbose=True)
    assert [line[:6] for line in text.splitlines()] == [
        "  = A ", "  = B ", "  ~ Pr", "      ", "", "Plan: ",
    ]  # fmt: skip


def test_a_warning_is_shown_though_nothing_changes() -> None:
    text = render(plan(DISABLED), Screen(80))
    assert "  = Loud" in text
    assert "warning     it is disabled in the console" in text


def test_refusals_can_be_left_to_the_caller() -> None:
    assert "would refuse" in render(FULL, Screen(80))
    assert "would refuse" not in render(FULL, Screen(80), refusals=False)


def test_one_undeclared_schedule() -> None:
    text = render(replace(plan(), undeclared=("Old one",)), Screen(80))
    assert text.startswith("1 live schedule in `manage` scope is declared by no file:\n")


def test_a_create_is_read_at_a_glance() -> None:
    text = render(plan(new()), Screen(120))
    check_fits(text, 120)
    check_golden("create-120", text)


def test_a_create_of_next_to_nothing() -> None:
    text = render(plan(new(Schedule("Bare"))), Screen(60))
    assert text.splitlines()[0] == "  + Bare                               schedules/prod.yaml:2"
    assert text.splitlines()[1] == ""


def test_a_name_in_a_path_may_look_like_a_path() -> None:
    layer = replace(SCHEDULE.layers[0], name="notify.chats[a].b].c")
    text = render(plan(new(Schedule("A", layers=(layer,)))), Screen(120))
    assert "      layers[notify.chats[a].b].c]    1 week, handoff mon 10:00" in text
    assert "        groups                        alice, [bob, carol (backup)], 王小明" in text


def test_a_delete_says_why_and_what_is_lost() -> None:
    assert render(plan(ABSENT), Screen(80)).splitlines()[1:3] == [
        "      reason      the file says `absent: true`",
        "      deletes     id 5789640530999, with its rotation and all its overrides",
    ]


def test_signs_are_coloured_but_not_the_names_after_them() -> None:
    changes = (Change("a", ChangeKind.ADDED, None, "x"), Change("b", ChangeKind.REMOVED, "x"))
    text = render(plan(update(*changes)), Screen(80, color=True))
    assert "\x1b[1;32m+\x1b[0m x\n" in text
    assert "\x1b[1;31m-\x1b[0m x\n" in text


def test_a_value_is_wrapped_and_never_cut() -> None:
    people = ", ".join(f"+ person-{number} (turn {number})" for number in range(60))
    text = render(plan(update(Change("groups", ChangeKind.SET, None, people))), Screen(80))
    check_fits(text, 80)
    assert " ".join(text.split()).count("(turn") == 60
    assert not any(line.endswith((" +", "(turn")) for line in text.splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_an_encoding_without_our_signs(encoding: str) -> None:
    text = render(FULL, Screen(80, encoding=encoding))
    text.encode(encoding)
    assert ("旧的值班表" in text) == (encoding == "gbk")
    check_fits(text, 80)


def test_renamed_shows_both_names_once() -> None:
    text = render(Plan(FULL.account, NOW, (FULL.actions[3],)), Screen(80))
    assert FULL.actions[3].reason is Reason.RENAMED
    assert text.count("Follow the sun → Production On-Call") == 1


def test_a_change_of_the_name_alone_is_in_words() -> None:
    renamed = update(
        Change("schedule", ChangeKind.CHANGED, "Ledger", SCHEDULE.name), live_name="Ledger"
    )
    lines = render(plan(renamed, ONE_LINE), Screen(80), verbose=True).splitlines()
    row = lines.index("      schedule    Ledger → Production On-Call")
    assert lines[row - 1].startswith("  ~ Ledger → Production On-Call")
    assert lines[row + 1] == ""
    assert "| schedule | Ledger → Production On-Call |" in markdown(renamed)
    differs = drift_markdown(renamed)
    assert "| Ledger → Production On-Call | `schedule`: Ledger → Production On-Call |" in differs


def test_a_write_without_rows_of_its_own_has_an_empty_line_below() -> None:
    quiet = replace(ONE_LINE, changes=())
    lines = render(plan(quiet, quiet), Screen(80)).splitlines()
    first, second = (place for place, line in enumerate(lines) if "schedules/prod.yaml" in line)
    assert lines[first + 1 : second] == [""]
    assert "Field" not in markdown(quiet)


def markdown(action: Update) -> str:
    """A plan of one update as Markdown."""
    return render_plan_markdown(plan(action), WORDS, Links(), 9_000)


def drift_markdown(action: Update) -> str:
    """The same as drift."""
    return render_drift_markdown(Drift(plan(action)), WORDS, Links(), 9_000)
