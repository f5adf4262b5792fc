"""A plan as Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import Level, Position, Problem
from flashsync.model.people import Directory, Person
from flashsync.plan.model import Caution, Change, ChangeKind, Effect, Plan, Remarks, Target
from flashsync.plan.words import Words
from flashsync.render.markdown import Links
from flashsync.render.plan.markdown import render_plan_markdown
from tests.properties import trying
from tests.render import effects, plans
from tests.render.judge import check_harmless, hostile, skeleton
from tests.render.looks import check_golden

BASE = "https://github.com/o/r/blob/main"
LINKS = Links(BASE)
MOST = 65_000
FULL = replace(
    effects.FULL,
    actions=(*effects.FULL.actions, plans.RENAME, plans.PRUNED, plans.QUIET, plans.DISABLED),
    undeclared=plans.FULL.undeclared,
    refusals=plans.FULL.refusals,
    notes=plans.FULL.notes,
)


def render(plan: Plan, most: int = MOST, words: Words = plans.WORDS, links: Links = LINKS) -> str:
    """The Markdown of a plan about the people of the tests."""
    return render_plan_markdown(plan, words, links, most)


def test_all_that_a_plan_can_hold() -> None:
    text = render(FULL)
    check_harmless(text, BASE)
    check_golden("plan-markdown", text)


def test_one_shift_that_moves() -> None:
    text = render(effects.with_window(effects.ADDED), links=Links())
    assert text == (
        "### flashsync plan: 0 to create, 1 to update, 0 to delete.\n\n"
        "Until 14 Dec, 1 shift moves; nobody on call now changes.\n\n"
        "**People affected (2):** alice, frank\n\n"
        "| Schedule | When (Asia/Shanghai) | On call, before → after |\n"
        "| --- | --- | --- |\n"
        "| **Production On-Call** | Mon 7 Dec 10:00 – Mon 14 Dec 10:00 | alice → **frank** |\n\n"
        "<details><summary>&#126; <b>Production On-Call</b> layers&#91;Primary&#93;.groups"
        "</summary>\n\n`schedules/prod.yaml:2`\n\n"
        "| Field | Change |\n| --- | --- |\n"
        "| `layers[Primary].groups` | &#43; frank (turn 4) |\n"
        "| coverage | complete, as before |\n"
        "| load | alice: 168 h → 0 h, at night 56 h → 0 h, weekends 48 h → 0 h |\n"
        "|  | frank: 0 h → 168 h, at night 0 h → 56 h, weekends 0 h → 48 h |\n\n"
        "</details>\n\n"
        "<sub>Account Acme Corp (id 1); planned Sat 21 Nov 16:33, Asia/Shanghai.</sub>\n"
    )


def test_the_verdict_is_first() -> None:
    def verdict(plan: Plan) -> str:
        return render(plan).partition("\n")[0]

    same = plans.plan(plans.unchanged("A"))
    said = "flashsync plan: no changes. 1 schedule is as the files say."
    assert verdict(same) == f"### ✅ {said}"
    assert verdict(replace(same, refusals=(plans.REFUSAL,))) == f"### ⛔ {said}"
    counts = "0 to create, 1 to update, 0 to delete."
    moved = effects.with_window(effects.DEALT_ANEW)
    assert verdict(moved) == f"### ⚠️ flashsync plan: {counts}"
    assert verdict(plans.plan(plans.ONE_LINE)) == f"### flashsync plan: {counts}"


def test_warnings_of_files_appear_once_and_at_their_lines() -> None:
    found = Problem("bob is pending", "", Position("a.yaml", 9, 4), Level.WARNING)
    said = (Caution("bob is pending"), Caution("it is late"))
    action = replace(plans.ONE_LINE, remarks=Remarks(warnings=said))
    text = render_plan_markdown(plans.plan(action), plans.WORDS, Links(), MOST, warnings=(found,))
    assert text.count("bob is pending") == 1
    assert (
        "- `a.yaml:9`: bob is pending\n- `schedules/prod.yaml:2`: `Production On-Call`: it" in text
    )


def test_what_several_schedules_share_keeps_its_subject() -> None:
    remarks = Remarks(("nothing is paged",), (Caution("it is late"),))
    twice = [
        replace(effects.ADDED, live_name=name, target=writing(name), remarks=remarks)
        for name in ("Search", "Payments")
    ]
    text = render(effects.with_window(*twice))
    assert "- coverage: complete, as before; 2 schedules: Payments, Search\n" in text
    assert "- nothing is paged; 2 schedules: Payments, Search\n" in text


def test_the_table_has_the_alarms_and_the_details_its_order() -> None:
    urgent = replace(effects.DEALT_ANEW, target=writing("Search"), live_name="Search")
    text = render(effects.with_window(effects.ADDED, urgent))
    alarm = "<br>⚠️ **nobody on call Mon 23 Nov 10:00 – Tue 24 Nov 10:00 and 5 more times**"
    (row,) = [line for line in text.splitlines() if alarm in line]
    assert row.startswith("| **Search** | ")
    assert text.index("<b>Search</b>") < text.index("<b>Production On-Call</b>")


def writing(name: str) -> Target:
    """What an update writes under this name."""
    return replace(plans.TARGET, schedule=replace(plans.SCHEDULE, name=name))


def named(name: str, person: str) -> tuple[Plan, Words]:
    """A plan in which everything that has a name has this one."""
    place = Position(name, 2)
    problem = Problem(f"`{name}` has begun", name, place)
    moved = replace(effects.ADDED, live_name=name, source=place)
    field = Change(f"layers[{name}].groups", ChangeKind.REMOVED, name)
    gone = replace(effects.GOES, name=name, source=place)
    actions = (
        replace(moved, changes=(field,), remarks=Remarks((name,), (Caution(name),))),
        replace(effects.UNKNOWN, effect=Effect(None, name)),
        gone,
        effects.NEW,
        plans.unchanged(name, f"a note on {name}"),
    )
    plan = replace(
        effects.with_window(*actions),
        undeclared=(name,),
        refusals=(problem,),
        notes=(f"this is {name}",),
        account=replace(plans.ACCOUNT, name=name),
    )
    people = {number: Person(number, f"{person}{number}") for number in range(1, 7)}
    return plan, Words(Directory(people), plan.account.timezone)


def blocks(name: str, person: str) -> list[str]:
    plan, words = named(name, person)
    return skeleton(render(plan, words=words))


@given(hostile, hostile)
@trying(8)
def test_no_name_breaks_the_comment(name: str, person: str) -> None:
    plan, words = named(name, person)
    text = render(plan, words=words)
    assert skeleton(text) == blocks("name", "who")
    check_harmless(text, BASE)


@given(st.integers(1_000, 9_000))
@trying(13)
def test_it_is_never_too_long_and_nothing_is_half(most: int) -> None:
    text = render(FULL, most)
    assert len(text) <= len(text.encode()) <= most
    check_harmless(text, BASE)
    assert text.startswith("### ⛔ flashsync plan, which `apply` would refuse: ")
    whole = render(FULL)
    assert (text == whole) is ("_Cut here, for length: " not in text)
    assert all(line in whole for line in text.splitlines()[:-1])


@pytest.mark.parametrize(
    ("most", "kept", "cut"),
    [
        (6_500, "</details>", "notes"),
        (3_000, ": alice → **nobody** |", "schedules' details"),
        (1_500, "[schedules/prod.yaml:2]", "rows of schedules"),
    ],
)
def test_the_least_important_is_cut_first(most: int, kept: str, cut: str) -> None:
    text = render(FULL, most)
    assert kept in text
    assert cut in text.splitlines()[-1]


def test_names_without_end_are_cut_with_the_rest() -> None:
    plan, words = named("界|@" * 10_000, "王`" * 10_000)
    text = render(plan, 1_000, words)
    assert len(text.encode()) <= 1_000
    check_harmless(text, BASE)
