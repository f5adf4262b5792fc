"""Lines that fit, whatever is written on them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from flashsync.errors import Position, Problem
from flashsync.plan.drift import Acceptance, Accepted, Drift, Key, LastWrite, Wrote
from flashsync.plan.model import Caution, Change, ChangeKind, Create, Plan, Remarks, Update
from flashsync.plan.outcome import Outcome, Result, WriteStatus
from flashsync.render.plan.drift import render_drift
from flashsync.render.plan.outcome import render_outcome
from flashsync.render.plan.text import render_plan
from flashsync.render.terminal import Look, Page, Row, Screen, cells, wrapped
from tests.render.looks import check_fits, plain
from tests.render.plans import ABSENT, ACCOUNT, NOW, SCHEDULE, TARGET, WORDS, unchanged

ANYTHING = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("\x1b\n\t\u202e\u200d\ufe0f\ud800 :#[]王Ｇ🎉👩é、"),
    )
)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("a abcdefg", 5, ["a", "abcde", "fg"]),
        ("王小明值班", 4, ["王小", "明值", "班"]),
        ("[frank, 王小明, bob]", 15, ["[frank, 王小明,", "bob]"]),
        ("王小，明", 4, ["王", "小，", "明"]),
        ("from 2026-01-05 10:00 on", 18, ["from", "2026-01-05 10:00", "on"]),
        ("+ frank (turn 4), - bob", 19, ["+ frank (turn 4),", "- bob"]),
        ("with (turn 4), more", 11, ["with", "(turn 4),", "more"]),
        ("  set in", 20, ["  set in"]),
    ],
)
def test_wrapped(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


@given(ANYTHING, st.integers(8, 100))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    safe = Screen().safe(text)
    lines = wrapped(safe, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(safe.split())


@given(ANYTHING)
def test_cells_are_what_a_terminal_takes(text: str) -> None:
    safe = Screen().safe(text)
    assert cells(safe) == cell_len(safe)


@given(ANYTHING, st.sampled_from([10, 20, 40, 80, 160]), st.booleans())
def test_hostile_names_stay_in_their_place(name: str, width: int, color: bool) -> None:
    screen = Screen(width, color=color)
    place = Position(f"schedules/{name}.yaml", 3)
    change = Change(f"layers[{name}].groups", ChangeKind.TURNS, (f"{name}, old",), (name,))
    target = replace(TARGET, schedule=replace(SCHEDULE, name=name))
    remarks = Remarks((name,), (Caution(name),))
    changes = (
        change,
        Change("description", ChangeKind.SET, None, name),
        Change(name, ChangeKind.SET, None, name),
    )
    update = Update(1, "x", "m", target, place, changes, remarks=remarks)
    create = Create(target, place, changes, remarks)
    delete = replace(ABSENT, name=name, remarks=remarks)
    plan = Plan(
        ACCOUNT, NOW, (update, create, delete, unchanged(name, name, warnings=(name,))),
        (name,), (Problem(name, name, place),), (name,),
    )  # fmt: skip
    writes = (Wrote(name, NOW, name, name),)
    written: dict[Key, LastWrite] = {1: LastWrite(name, NOW, writes=writes)}
    field = Change(name, ChangeKind.SET, None, name)
    passed = Accepted(name, field, Acceptance(name, name, name, NOW, place))
    outcome = Outcome(
        plan, (Result(update, WriteStatus.FAILED, Problem(name, name), notes=(name,)),)
    )
    for text in (
        render_plan(plan, screen, WORDS, verbose=True),
        render_drift(Drift(plan, (passed,), written), screen, WORDS),
        render_outcome(outcome, screen),
    ):
        check_fits(text, screen.columns)
        assert color or text == plain(text)


@pytest.mark.parametrize("command", ["::error::x", "::add-mask::x", "::Stop-Commands::x"])
@pytest.mark.parametrize("before", ["x" * 50, "王" * 25])
def test_a_long_word_is_never_broken_into_a_command_to_a_log(before: str, command: str) -> None:
    for width in range(20, 60):
        lines = wrapped(Screen().safe(before + command), width)
        assert not [line for line in lines if line.startswith("::") and "::" in line[2:]]


def test_a_narrow_screen_has_a_least_width() -> None:
    assert Screen(0).columns == Screen(3).columns == 20


def test_rows_are_aligned_in_columns() -> None:
    page = Page(Screen(60))
    page.rows([Row("a", "one"), Row("middling field", "two"), Row("x" * 40, "three")])
    assert str(page) == (
        "      a                 one\n"
        "      middling field    two\n"
        f"      {'x' * 40}\n"
        "                        three\n"
    )


def test_one_wide_row_leaves_the_others_in_their_columns() -> None:
    page = Page(Screen(60))
    leads = ("now – Mon", "Mon 7 Dec 10:00 – Mon 14 Dec 10:00", "Tue – Wed")
    whos = ("alice → bob", "alice, bob and carol → dave and erin", "bob → alice")
    page.rows([Row("", who, long=True, lead=lead) for lead, who in zip(leads, whos, strict=True)])
    assert str(page).splitlines() == [
        "        now – Mon   alice → bob",
        "        Mon 7 Dec 10:00 – Mon 14 Dec 10:00   alice, bob and",
        "        carol → dave and erin",
        "        Tue – Wed   bob → alice",
    ]


def test_a_long_value_may_be_limited() -> None:
    page = Page(Screen(40))
    page.rows([Row("text", "word " * 30, Look.WARNING, most=2), Row("text", "short", most=2)])
    lines = str(page).splitlines()
    assert len(lines) == 3
    assert lines[1].endswith(" …")


def test_an_empty_line_comes_between_and_not_before() -> None:
    page = Page(Screen(40))
    page.blank()
    page.text("one")
    page.blank()
    page.blank()
    page.text("two")
    assert str(page) == "one\n\ntwo\n"


def test_no_rows() -> None:
    page = Page(Screen(40))
    page.rows([])
    assert str(page) == ""


def test_a_long_name_is_wrapped_below_itself() -> None:
    page = Page(Screen(40))
    page.heading("~", Look.CHANGED, "a name " * 8, "a.yaml:1")
    assert str(page) == (
        "  ~ a name a name a name a name a name a\n    name a name a name\n    a.yaml:1\n"
    )
