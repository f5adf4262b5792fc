"""The part of a plan before its details: at most two lines a schedule, whatever its names."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.schedule import BACKUP, PRIMARY, Member
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan.model import (
    Action,
    Caution,
    Change,
    ChangeKind,
    Effect,
    EffectSource,
    Plan,
    Reason,
    Remarks,
    Unchanged,
)
from flashsync.render.folding import fold_texts
from flashsync.render.plan.overview import (
    OverviewLine,
    balance,
    describe_write,
    overview_lines,
    overview_rows,
)
from flashsync.render.plan.text import render_plan
from flashsync.render.terminal import Look, Screen, cut
from flashsync.rotation.compare import Gap
from tests.properties import trying
from tests.render.effects import (
    ADDED,
    COVERED,
    DEALT_ANEW,
    FULL,
    GOES,
    LATER,
    MONDAY,
    NEW,
    UNKNOWN,
    move,
    with_window,
)
from tests.render.looks import check_fits, plain
from tests.render.plans import (
    ABSENT,
    DISABLED,
    NOW,
    PRUNED,
    QUIET,
    REFUSAL,
    RENAME,
    SECRETS,
    WORDS,
    plan,
)

TEXTS = st.lists(
    st.sampled_from(("值班", "表", "a", "b ", "payments", "，", "—", "\u202e", "\n", " ")),
    max_size=30,
).map("".join)
ROWS = st.builds(
    OverviewLine,
    st.just("~"),
    st.just(Look.CHANGED),
    st.tuples(TEXTS, TEXTS, TEXTS, TEXTS),
    st.lists(TEXTS, max_size=2).map(tuple),
    warnings=TEXTS,
)


@given(st.lists(ROWS, min_size=1, max_size=4), st.sampled_from((20, 40, 72, 80, 100, 160)))
@trying(25)
def test_only_alarms_make_a_row_longer_than_two_lines_and_no_line_is_too_wide(
    rows: list[OverviewLine], width: int
) -> None:
    lines = [line.rstrip() for line in overview_lines(rows, Screen(width))]
    assert len(rows) <= len(lines)
    if not any(row.alarms for row in rows):
        assert len(lines) <= 2 * len(rows)
    text = "".join("".join(lines).split())
    for row in rows:
        for alarm in row.alarms:
            assert "".join(Screen().safe(alarm).split()) in text
    check_fits("".join(f"{line}\n" for line in lines), width)
    colored = "".join(f"{line}\n" for line in overview_lines(rows, Screen(width, color=True)))
    assert [line.rstrip() for line in plain(colored).splitlines()] == lines


@pytest.mark.parametrize(("width", "most"), [(40, 6), (80, 3), (160, 2)])
def test_the_summary_grows_by_a_few_lines_for_a_change_with_alarms(width: int, most: int) -> None:
    def lines(number: int) -> int:
        names = [f"Schedule with a name {place}" for place in range(number)]
        actions = [
            replace(GOES, name=name, effect=DEALT_ANEW.effect, remarks=Remarks(("n",), WARNINGS))
            for name in names
        ]
        text = render_plan(with_window(*actions), Screen(width), WORDS, summary=True)
        return len(text.splitlines())

    counted = [lines(number) for number in range(8, 13)]
    assert all(0 < more - less <= most for less, more in pairwise(counted))


WARNINGS = (Caution("late", "short_notice"), Caution("twice", "double_booked"), Caution("odd"))


def test_what_nobody_may_miss_is_below_its_schedule() -> None:
    action = replace(DEALT_ANEW, remarks=Remarks(warnings=WARNINGS))
    row, *_ = overview_rows(with_window(action, GOES), WORDS)
    assert row.alarms == (
        "on call now: [bob, carol] → alice",
        "nobody on call Mon 23 Nov 10:00 – Tue 24 Nov 10:00 and 5 more times",
    )
    assert row.warnings == "3 warnings: odd, short_notice, double_booked"
    assert (row.when, row.shifts) == ("now", "13 shifts move")


@pytest.mark.parametrize(
    ("action", "what", "when", "shifts"),
    [
        (ADDED, "+ frank (turn 4)", "from Mon 7 Dec 10:00", "1 shift moves"),
        (NEW, "new: alice, bob, carol and 3 more", "from Mon 23 Nov 10:00", "14 new shifts"),
        (GOES, "deleted (absent: true)", "now", "1 shift moves"),
        (COVERED, "overrides + Exam week: alice", "from Mon 23 Sep 2030 10:00", "moves later"),
        (UNKNOWN, "layer + Night", "", "effect not known"),
        (PRUNED, "deleted (--prune)", "", ""),
        (replace(PRUNED, reason=Reason.UNDONE), "deleted", "", ""),
        (SECRETS, "secrets are sent", "", ""),
        (DISABLED, "unchanged", "", ""),
    ],
)
def test_a_row_in_words(action: Action, what: str, when: str, shifts: str) -> None:
    (row,) = overview_rows(with_window(action), WORDS)
    assert (row.what, row.when, row.shifts) == (what, when, shifts)


def test_of_several_layers_each_is_named_and_shifts_come_first() -> None:
    assert describe_write(RENAME, WORDS).startswith(
        "Primary: + frank (turn 4), - bob, - carol, "
        "A layer with a name of forty characters: rotation 1 week → 2 weeks, layer + Night, "
    )
    assert describe_write(RENAME, WORDS).endswith("renamed from Follow the sun, team - SRE")


def test_who_is_more_and_less_on_call() -> None:
    assert balance(with_window(ADDED), WORDS) == (["frank +168 h"], ["alice -168 h"])
    assert balance(with_window(COVERED, UNKNOWN), WORDS) == ([], [])


def test_hours_as_backup_count_apart() -> None:
    backup = frozenset({Member(1, BACKUP), Member(5)})
    effect = Effect(EffectSource.SERVER, moves=(replace(LATER, after=backup),))
    added = replace(ADDED, effect=effect)
    more, less = balance(with_window(added), WORDS)
    assert (more, less) == (["alice (backup) +168 h", "frank +168 h"], ["alice -168 h"])


def test_a_plan_of_one_schedule_has_no_overview_unless_asked_for() -> None:
    one = with_window(ADDED)
    assert render_plan(one, Screen(80), WORDS).startswith("  ~ Production On-Call  ")
    text = render_plan(one, Screen(80), WORDS, summary=True)
    assert text.splitlines()[-1] == (
        "  ~ Production On-Call  + frank (turn 4)  from Mon 7 Dec 10:00  1 shift moves"
    )


def test_a_summary_has_refusals_undeclared_schedules_and_no_details() -> None:
    found = replace(FULL, undeclared=("Old",), refusals=(REFUSAL,))
    text = render_plan(found, Screen(100), WORDS, summary=True)
    assert "1 live schedule in `manage` scope is declared by no file.\n" in text
    assert "`apply` would refuse this plan:\n  - 3 of the 4 " in text
    assert "layers[Primary].groups" not in text
    assert render_plan(found, Screen(100), WORDS).startswith(text.partition("1 live")[0])
    empty = Plan(FULL.account, FULL.created_at, ())
    assert render_plan(empty, Screen(80), WORDS, summary=True).startswith("No changes.")


def test_a_summary_without_changes_hints_at_what_was_not_compared() -> None:
    text = render_plan(plan(QUIET), Screen(80), WORDS, summary=True)
    assert text.splitlines() == [
        "No changes. 1 schedule is as the files say.",
        "1 note on unchanged schedules, all on what could not be compared: -v shows them.",
    ]


def test_the_cause_of_many_is_said_once() -> None:
    others = [replace(UNKNOWN, live_name=f"S{number}") for number in range(10)]
    text = " ".join(render_plan(with_window(*others), Screen(100), WORDS).split())
    assert text.count("the key may not do this") == 1
    assert "warning: the effect is not known: the platform gave no preview" in text
    assert "; 10 schedules: " in text
    warned = [replace(ABSENT, name=name, remarks=Remarks(warnings=WARNINGS)) for name in "AB"]
    assert "warning: odd; 2 schedules: A, B" in render_plan(plan(*warned), Screen(100), WORDS)


def test_an_unchanged_schedule_with_a_warning_is_in_the_overview() -> None:
    text = render_plan(plan(DISABLED, ABSENT, PRUNED), Screen(100), WORDS, summary=True)
    assert "  = Loud" in text
    assert isinstance(DISABLED, Unchanged)


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        ((), []),
        (("on `A` now",), ["on `A` now"]),
        (("on `A` now", "on `B` now", "on `C` now"), ["on `A`, `B` and `C` now"]),
        (("on `A` now", "on `B` then"), ["on `A` now", "on `B` then"]),
        (("`A` on `B`", "`A` on `C`", "`D` on `B`"), ["`A` on `B` and `C`", "`D` on `B`"]),
        (("a", "b"), ["a", "b"]),
        (("on `A`", "on `A`"), ["on `A`", "on `A`"]),
    ],
)
def test_sentences_that_differ_in_one_name(texts: tuple[str, ...], folded: list[str]) -> None:
    assert fold_texts(texts) == folded


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("alice, bob and carol", 14, Screen()) == "alice, bob …"
    assert cut("alice", 5, Screen()) == "alice"


MANY = tuple(range(1, 7))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((1,), (5,), "alice → frank"),
        ((1, 2), (2, 5), "alice → frank"),
        ((1,), (1, 5), "+ frank"),
        ((1, 5), (1,), "- frank"),
        (MANY, (), "alice, bob and 4 more → nobody"),
        ((1,), MANY[1:], "alice → [bob, carol, frank, 王小明, Ｇｒａｃｅ]"),
    ],
)
def test_on_call_now_names_who_changes(
    before: tuple[int, ...], after: tuple[int, ...], said: str
) -> None:
    now = move(NOW, MONDAY, before, after)
    action = replace(ADDED, effect=Effect(EffectSource.LOCAL, moves=(now,), now=now))
    (row,) = overview_rows(with_window(action), WORDS)
    assert row.alarms == (f"on call now: {said}",)


def test_the_gravest_gap_comes_first_with_its_end_and_each_duty_has_its_count() -> None:
    backup = tuple(Gap(NOW + n * DAY, NOW + (n + 1) * DAY, BACKUP) for n in (1, 2, 3))
    primary = tuple(Gap(MONDAY + n * DAY, MONDAY + n * DAY + HOUR, PRIMARY) for n in (1, 2))
    action = replace(ADDED, effect=Effect(EffectSource.LOCAL, gaps=(*backup, *primary)))
    (row,) = overview_rows(with_window(action), WORDS)
    assert row.alarms == (
        "no primary on call Tue 24 Nov 10:00–11:00 and once more",
        "no backup 3 times",
    )


def test_rows_are_in_the_order_of_their_first_moves() -> None:
    sooner = replace(ADDED, live_name="Z", effect=NEW.effect)
    rows = overview_rows(with_window(COVERED, ADDED, sooner), WORDS)
    assert [row.when for row in rows] == [
        "from Mon 23 Nov 10:00",
        "from Mon 7 Dec 10:00",
        "from Mon 23 Sep 2030 10:00",
    ]


def test_a_usual_change_is_whole_next_to_a_long_name() -> None:
    hours = Change("layers[Day].hours", ChangeKind.CHANGED, "09:00-18:00", "08:00-18:00")
    end = Change("layers[Day].end", ChangeKind.CHANGED, "2027-01-01 10:00", "2028-01-01 10:00")
    actions = [replace(ADDED, changes=(change,)) for change in (hours, end)]
    text = render_plan(with_window(*actions), Screen(72), WORDS, summary=True)
    assert "hours 09:00-18:00 → 08:00-18:00" in text
    assert "end 2027-01-01 10:00 → 2028-01-01 10:00" in text
