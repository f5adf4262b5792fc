"""A plan, its outcome and drift as pages."""

from __future__ import annotations

import re
from collections import Counter
from contextvars import copy_context
from dataclasses import replace

import pytest

from flashsync.errors import Position, Problem
from flashsync.model import mask
from flashsync.model.people import Directory, Person
from flashsync.plan.drift import Drift, Key, LastWrite
from flashsync.plan.model import Caution, Create, Plan, Remarks
from flashsync.plan.words import Words
from flashsync.render.html.page import LONGEST
from flashsync.render.html.problems import render_problems_html
from flashsync.render.markdown import Links
from flashsync.render.plan import html
from flashsync.render.plan.effects import summarise_effects
from flashsync.render.plan.html import render_drift_html, render_outcome_html, render_plan_html
from flashsync.render.plan.text import counts
from tests.render import effects, plans
from tests.render.html.outline import Outline, outline
from tests.render.html.reading import data_of, rfc
from tests.render.html.test_hostile_names import HOSTILE, Markup
from tests.render.looks import check_golden
from tests.render.plan.changed import many_changes
from tests.render.plan.test_drift_markdown import FULL as DRIFTING
from tests.render.plan.test_drift_markdown import WRITTEN
from tests.render.plan.test_markdown import FULL
from tests.render.plan.test_outcome_markdown import HALF

BASE = "https://github.com/o/r/blob/main"
LINKS = Links(BASE)


def render(plan: Plan, words: Words = plans.WORDS, links: Links = LINKS) -> str:
    """The page of a plan about the people of the tests."""
    return render_plan_html(plan, words, links)


# What the pages say.


def test_all_that_a_plan_can_hold() -> None:
    check_golden("plan-html", outline(render(FULL)))


def test_all_that_may_become_of_a_plan() -> None:
    check_golden("outcome-html", outline(render_outcome_html(HALF, plans.WORDS, LINKS)))


def test_all_that_may_differ() -> None:
    page = render_drift_html(Drift(DRIFTING, (), WRITTEN), None, plans.WORDS, LINKS)
    check_golden("drift-html", outline(page))


def test_the_verdict_has_the_words_of_the_text() -> None:
    lines = outline(render(effects.FULL)).splitlines()
    assert lines[:3] == [
        "flashsync plan",
        f"# {counts(effects.FULL)}",
        summarise_effects(effects.FULL, plans.WORDS, movers=False),
    ]


def test_nothing_to_do() -> None:
    page = render(plans.plan(plans.unchanged("A"), plans.unchanged("B")))
    assert "# No changes. 2 schedules are as the files say." in outline(page).splitlines()
    assert data_of(page)["schedules"] == []


def test_no_drift() -> None:
    page = render_drift_html(Drift(plans.plan(plans.unchanged("A"))), None, plans.WORDS, LINKS)
    assert "# No drift. 1 schedule is as the files say." in outline(page).splitlines()


def test_who_wrote_last_stands_next_to_what_differs() -> None:
    written: dict[Key, LastWrite] = {plans.ONE_LINE.id: LastWrite("bob", plans.NOW - 86_400)}
    plan = effects.with_window(effects.ADDED)
    drift = Drift(replace(plan, window=None), (), written)
    lines = outline(render_drift_html(drift, plan, plans.WORDS, LINKS)).splitlines()
    assert "by bob, Fri 20 Nov 16:33" in lines
    assert {"### Live", "### By the files"} <= set(lines)
    assert "| When | Live | By the files" in lines
    assert "| Mon 7 Dec 10:00 – Mon 14 Dec 10:00 | alice | frank" in lines


def test_who_is_on_call_now_comes_before_all_schedules() -> None:
    plan = effects.with_window(effects.ADDED, effects.DEALT_ANEW)
    lines = outline(render(plan)).splitlines()
    place = lines.index("## On call right now")
    assert lines[place + 1] == "- Production On-Call [bob, carol] → alice"
    assert place < lines.index("## Schedules")
    drift = render_drift_html(Drift(replace(plan, window=None)), plan, plans.WORDS, LINKS)
    assert "## On call right now: live → by the files" in outline(drift).splitlines()


def test_what_failed_has_a_page_too() -> None:
    problem = Problem("duplicate key `team`", "remove one", Position("schedules/a.yaml", 3))
    page = render_problems_html([problem], LINKS, what="flashsync plan failed")
    assert outline(page).splitlines()[:-1] == [
        "flashsync plan failed",
        "# 1 error",
        "## Errors",
        "- schedules/a.yaml:3 duplicate key team; remove one",
    ]
    assert f"{BASE}/schedules/a.yaml#L3" in Outline(page).links


# Links, and what a browser makes of the page.


def test_files_are_links_if_their_address_is_known() -> None:
    known, unknown = Outline(render(FULL)), Outline(render(FULL, links=Links()))
    assert f"{BASE}/schedules/prod.yaml#L2" in known.links
    assert all(link.startswith(("#", BASE)) for link in known.links)
    assert all(link.startswith("#") for link in unknown.links)
    assert "schedules/prod.yaml:2" in outline(render(FULL, links=Links()))


@pytest.mark.parametrize(
    "page",
    [
        render(FULL),
        render_outcome_html(HALF, plans.WORDS, LINKS),
        render_drift_html(Drift(DRIFTING, (), WRITTEN), effects.FULL, plans.WORDS, LINKS),
    ],
    ids=["plan", "outcome", "drift"],
)
def test_ids_are_unique_and_inner_links_lead_somewhere(page: str) -> None:
    read = Outline(page)
    assert [id for id, number in Counter(read.ids).items() if number > 1] == []
    inner = {link[1:] for link in read.links if link.startswith("#")}
    assert inner <= set(read.ids)
    assert set(re.findall(r'(?:aria-labelledby|href="#)="([^"]+)"', page)) <= set(read.ids)
    assert re.findall(r"\s(style|src|on\w+|srcset|action)=", strip_code(page)) == []


def strip_code(page: str) -> str:
    """The markup of a page."""
    return re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)


# Hostile names, and secrets.


def named(name: str) -> str:
    """The page of a plan in which all has this name."""
    person = {id: Person(id, name, f"{name}@example.com") for id in range(1, 7)}
    place = Position(f"{name}.yaml", 2)
    warned = Remarks((name,), (Caution(name),))
    update = replace(effects.DEALT_ANEW, live_name=name, source=place, remarks=warned)
    delete = replace(effects.GOES, name=name, source=place)
    plan = replace(
        effects.with_window(effects.ADDED, update, delete, plans.unchanged(name, name)),
        undeclared=(name,), notes=(name,), refusals=(Problem(name, name, place),),
        account=replace(plans.ACCOUNT, name=name),
    )  # fmt: skip
    return render(plan, Words(Directory(person), plans.ACCOUNT.timezone))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_adds_no_element_and_no_attribute(name: str) -> None:
    plain, hostile = Markup(named("plain")), Markup(named(name))
    assert hostile.attributes == plain.attributes
    assert set(hostile.tags) - {"text", "code"} == set(plain.tags) - {"text", "code"}
    assert hostile.tags["script"] == 2
    assert re.findall("[\u202a-\u202e\u2066-\u2069\u2028\u2029\x00\x1b]", named(name)) == []


def with_secrets(name: str, *secrets: str) -> str:
    """The page of a run that has read some secrets."""

    def run() -> str:
        mask.begin()
        for secret in secrets:
            mask.learn(secret)
        return named(name)

    return copy_context().run(run)


def test_a_secret_is_nowhere() -> None:
    page = with_secrets("call hunter2-hunter2 now", "hunter2-hunter2")
    assert "hunter2" not in page
    assert "call *** now" in page


def test_a_secret_that_is_an_ordinary_word_breaks_no_page() -> None:
    hidden = with_secrets("plain", "schedule", "section", "const", "true")
    assert Markup(hidden).tags == Markup(named("plain")).tags
    assert "***" in hidden


# The numbers.


def test_the_data_has_the_effects() -> None:
    data = data_of(render(effects.with_window(effects.ADDED)))
    (schedule,) = data["schedules"]
    (move,) = schedule["moves"]
    people = [
        [data["people"][person][0] for person, _ in data["groups"][side]] for side in move[2:]
    ]
    assert [rfc(at) for at in move[:2]] == ["2026-12-07T02:00:00Z", "2026-12-14T02:00:00Z"]
    assert people == [["alice"], ["frank"]]


def test_the_load_of_people_before_and_after() -> None:
    lines = outline(render(effects.with_window(effects.ADDED))).splitlines()
    assert "## Load until 14 Dec" in lines
    assert "| Person | On call | Nights | Weekends | Shifts" in lines
    assert "| alice | 168 → 0 h −168 | 56 → 0 h −56 | 48 → 0 h −48 | 1 → 0 −1" in lines
    assert "| frank | 0 → 168 h +168 | 0 → 56 h +56 | 0 → 48 h +48 | 0 → 1 +1" in lines
    assert "3 other people carry as much as before." in lines


def test_a_layer_in_which_nothing_moves_is_drawn_once() -> None:
    page = render(many_changes(1, 14))
    assert page.count("[Office hours") == 0
    labels = re.findall(r'class="lane"[^>]* aria-label="([^:"]+):', page)
    assert Counter(labels) == {"Primary": 2, "Backup": 1, "Office hours": 1, "on call": 2,
                               "changes": 1}  # fmt: skip
    assert "Drawn once, because nothing moves in it: Backup, Office hours." in page


def test_who_computed_the_shifts_is_said_once() -> None:
    said = "Shifts as the platform computes them"
    assert outline(render(many_changes(1, 14))).splitlines().count(f"{said}.") == 1
    lines = outline(render(many_changes(3, 14))).splitlines()
    assert [line for line in lines if said in line] == [f"- {said} (3 schedules)"]


def test_a_new_schedule_without_a_shift_in_the_window_has_words_for_it() -> None:
    created = next(one for one in FULL.actions if isinstance(one, Create) and one.effect)
    assert created.effect
    first = replace(created.effect, moves=(), later=created.effect.moves[0])
    lines = outline(render(replace(FULL, actions=(replace(created, effect=first),)))).splitlines()
    assert f"> the first shift is later of {created.name}" in lines


def test_shifts_that_come_again_are_one_row() -> None:
    lines = outline(render(FULL)).splitlines()
    assert "| daily 10:00–22:00, 23 Nov – 3 Dec, 11 times | bob | nobody" in lines


# Length.


@pytest.mark.parametrize("number", [3, 30])
def test_a_plan_that_is_not_large_is_shown_whole(number: int) -> None:
    page = render(many_changes(number, 42))
    assert len(page.encode()) <= LONGEST
    assert "left out" not in page
    assert len(data_of(page)["schedules"]) == number


def test_a_hundred_changed_schedules_over_six_weeks_take_a_mebibyte_at_most() -> None:
    page = render(many_changes(100, 42))
    assert len(page.encode()) <= LONGEST
    assert "Layers are left out, to keep this page small: --only NAME shows them." in page
    assert page.count('class="entry change update"') + page.count('class="change update"') == 100
    assert len(data_of(page)["schedules"]) >= 75


def test_what_is_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LONGEST", 150_000)
    page = render(many_changes(12, 42))
    assert len(page.encode()) <= 150_000
    drawn = len(data_of(page)["schedules"])
    assert 0 < drawn < 12
    assert f"{12 - drawn} calendars are left out, to keep this page small" in page
