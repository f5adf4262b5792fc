"""The pages of a plan and of drift in a browser: everybody can use them, also without scripts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY, MINUTE
from flashsync.plan.drift import Drift
from flashsync.plan.model import Update
from flashsync.render.markdown import Links
from flashsync.render.plan.html import render_drift_html, render_plan_html
from flashsync.rotation.compare import Move
from tests.browser.test_calendar_page import Open, show
from tests.browser.visit import Theme
from tests.plan.helpers import NOW
from tests.render import plans
from tests.render.html.test_hostile_names import HOSTILE
from tests.render.plan.changed import many_changes
from tests.render.plan.test_drift_markdown import WRITTEN
from tests.render.plan.test_html import named
from tests.render.plan.test_markdown import FULL

__all__ = ["show"]

LINKS = Links("https://github.com/o/r/blob/main")
SEVERAL = replace(
    many_changes(2, 14), refusals=FULL.refusals, undeclared=FULL.undeclared, notes=FULL.notes
)
PAGES = {
    "plan": render_plan_html(SEVERAL, plans.WORDS, LINKS),
    "drift": render_drift_html(Drift(SEVERAL, (), WRITTEN), SEVERAL, plans.WORDS, LINKS),
}
EVERYTHING = render_plan_html(FULL, plans.WORDS, LINKS)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark")])
def test_everybody_can_use_it(show: Open, name: str, width: int, theme: Theme) -> None:
    visited = show(PAGES[name], theme=theme, width=width)
    visited.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert visited.audit() == []
    visited.check()


def test_lanes_say_of_which_side_they_are(show: Open) -> None:
    visited = show(render_plan_html(many_changes(1, 14), plans.WORDS, LINKS))
    lanes = visited.page.locator("[role=listbox]").all()
    labels = [str(lane.get_attribute("aria-label")).partition(":")[0] for lane in lanes]
    schedule = "Service 000 on call"
    assert [label for label in labels if label.endswith("Primary")] == [
        f"{schedule}, Before, Primary",
        f"{schedule}, After, Primary",
    ]


def test_all_shifts_that_move_are_listed_when_they_are_asked_for(show: Open) -> None:
    plan, moves = many_changes(1, 42), irregular_moves()
    (update,) = plan.actions
    assert isinstance(update, Update)
    effect = replace(plan.effects[0], moves=moves)
    plan = replace(plan, actions=(replace(update, effect=effect),))
    visited = show(render_plan_html(plan, plans.WORDS, LINKS))
    folded = visited.page.locator("details.moved-shifts")
    if folded.get_attribute("open") is None:
        folded.locator("summary").click()
    visited.page.wait_for_function("!document.querySelector('tr.more')")
    assert folded.locator("tbody tr").count() == len(moves) > 8


def irregular_moves() -> tuple[Move, ...]:
    """Moves that are in no pattern: each is longer than the one before."""
    return tuple(
        Move(
            NOW + day * DAY,
            NOW + day * DAY + day * 10 * MINUTE,
            frozenset({Member(day % 9 + 1)}),
            frozenset({Member((day + 4) % 9 + 1)}),
        )
        for day in range(1, 37)
    )


def test_a_search_keeps_what_concerns_a_person(show: Open) -> None:
    visited = show(EVERYTHING)
    visited.page.locator("#search").fill("frank")
    shown = visited.page.locator(".change:visible h2").all_text_contents()
    assert 0 < len(shown) < visited.page.locator(".change").count()


def test_without_scripts_both_sides_are_there(show: Open) -> None:
    visited = show(EVERYTHING, java_script_enabled=False)
    heads = visited.page.locator("h3").all_text_contents()
    assert {"Before", "After"} <= set(heads)
    assert "alice → frank" in visited.page.locator(".moves text").all_text_contents()


@pytest.mark.parametrize("name", HOSTILE[:3])
def test_hostile_names_run_nothing(show: Open, name: str) -> None:
    visited = show(named(name))
    assert visited.page.locator("img").count() == 0
    visited.check()
