"""Effects as text and as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from flashsync.model.timezone import DAY, WEEK
from flashsync.plan.json.document import plan_schema
from flashsync.plan.model import Action, Caution, Remarks
from flashsync.plan.saved import plan_file
from flashsync.render.plan.changes import change_text
from flashsync.render.plan.json import render_plan_json
from flashsync.render.plan.markdown import list_warnings
from flashsync.render.plan.text import render_plan
from flashsync.render.terminal import Look, Screen
from flashsync.rotation.compare import Gap
from tests.render.effects import (
    ADDED,
    COVERED,
    DEALT_ANEW,
    FULL,
    GOES,
    MONDAY,
    NEW,
    UNKNOWN,
    with_window,
)
from tests.render.looks import check_fits, check_golden, plain
from tests.render.plans import WORDS, plan, unchanged

DIRECTORY = WORDS.directory


def render(*actions: Action, width: int = 100, verbose: bool = False) -> str:
    return render_plan(with_window(*actions), Screen(width), WORDS, verbose=verbose)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_effects_fit_every_width(width: int) -> None:
    text = render_plan(FULL, Screen(width), WORDS, verbose=True)
    check_fits(text, width)
    check_golden(f"effects-{width}", render_plan(FULL, Screen(width), WORDS))
    colored = render_plan(FULL, Screen(width, color=True), WORDS, verbose=True)
    assert plain(colored) == text


def test_one_person_added_shows_exactly_whose_shift_moves() -> None:
    assert render(ADDED) == (
        "  ~ Production On-Call                                                         "
        "schedules/prod.yaml:2\n"
        "      layers[Primary].groups    + frank (turn 4)\n"
        "      on call, until 14 Dec     Mon 7 Dec 10:00 – Mon 14 Dec 10:00   alice → frank\n"
        "      coverage                  complete, as before\n"
        "\n"
        "Plan: 0 to create, 1 to update, 0 to delete. Until 14 Dec, 1 shift moves, of alice and "
        "frank;\n  nobody on call now changes.\n"
    )


def test_a_change_right_now_is_marked_and_appears_once() -> None:
    text = render_plan(with_window(DEALT_ANEW), Screen(160, color=True), WORDS)
    assert Screen(color=True).paint("on call now", Look.WARNING) in text
    assert plain(text).count("who is on call right now") == 2  # in the block, and in the summary
    assert "who is on call right now changes on Production On-Call." in plain(text)
    assert "now – Mon 23 Nov 10:00              [bob, carol] → alice" in plain(text)


def test_a_warning_that_only_looks_like_that_of_a_check_is_shown() -> None:
    warning = Caution("apply will need: file: token (on_call_now)")
    found = with_window(replace(DEALT_ANEW, remarks=Remarks(warnings=(warning,))))
    assert warning.text in render_plan(found, Screen(160), WORDS)
    assert [one.message for one in list_warnings(found)] == [f"`{DEALT_ANEW.name}`: {warning.text}"]


def test_a_move_that_the_window_cuts_goes_on() -> None:
    text = " ".join(render(DEALT_ANEW, verbose=True, width=160).split())
    assert "from Fri 4 Dec 10:00 on bob → nobody" in text


def test_gaps_and_many_moves_are_counted() -> None:
    text = render(DEALT_ANEW, width=250)
    assert "Fri 27 Nov 10:00 – Sat 28 Nov 10:00, and 3 more, where somebody was before" in text
    assert "daily 10:00–22:00, 23 Nov – 3 Dec   bob → nobody, 11 times" in text
    assert "… and 10 more: -v shows all" in render(NEW)
    assert "more: -v" not in render(NEW, verbose=True, width=200)


def test_a_new_schedule_has_nobody_before() -> None:
    text = render(NEW)
    assert "Mon 23 Nov 10:00 – Tue 24 Nov 10:00   alice" in text
    assert "nobody →" not in text
    assert "14 shifts are new, of " in text


def test_the_first_shift_that_moves_later_is_named_all_the_same() -> None:
    text = render(COVERED, width=160)
    assert "on call, after 14 Dec    first Mon 23 Sep 2030 10:00 – Mon 30 Sep 2030 10:00" in text
    assert "No shift moves until 14 Dec; nobody on call now changes." in text


def test_an_unknown_effect_is_shown_twice() -> None:
    text = render(UNKNOWN, width=160)
    assert "the effect is not known: the platform gave no preview: the key may not do this" in text
    assert "No shift moves" not in text
    assert "The effect of 1 change is not known." in text


def test_a_delete_shows_who_goes_off_call() -> None:
    assert "now – Mon 14 Dec 10:00   alice → nobody" in render(GOES)


def test_the_load_is_shown_when_asked_for() -> None:
    assert "load" not in render(ADDED)
    text = render(ADDED, verbose=True)
    assert "alice: 168 h → 0 h, at night 56 h → 0 h, weekends 48 h → 0 h" in text
    assert "frank: 0 h → 168 h, at night 0 h → 56 h, weekends 0 h → 48 h" in text
    assert "bob:" not in text


def test_without_a_window_no_shifts_are_shown() -> None:
    assert "shift" not in render_plan(plan(unchanged("A")), Screen(80), WORDS)
    assert "on call" not in render_plan(plan(ADDED), Screen(80), WORDS).lower().replace(
        "production on-call", ""
    )


def test_effects_as_json_fit_the_schema_and_name_people() -> None:
    document = json.loads(render_plan_json(FULL, DIRECTORY))
    Draft202012Validator(plan_schema()).validate(document)
    assert document["summary"]["shifts_moved"] == 29
    assert document["summary"]["on_call_now_changes"] == 1
    added = document["actions"][2]
    assert added["effects"] == [
        {
            "start": "2026-12-07T02:00:00Z",
            "end": "2026-12-14T02:00:00Z",
            "goes_on": False,
            "source": "server",
            "before": [
                {"person": "alice", "email": "", "role": "primary", "person_id": 1, "role_id": 0}
            ],
            "after": [
                {"person": "frank", "email": "", "role": "primary", "person_id": 5, "role_id": 0}
            ],
        }
    ]
    assert document["actions"][5]["on_call_now_changes"] is None


@pytest.mark.parametrize("action", FULL.actions)
def test_a_saved_plan_keeps_its_effects(action: Action) -> None:
    alone = with_window(action)  # one alone: no saved plan writes a schedule twice
    text = plan_file.save(alone, DIRECTORY, change_text)
    loaded = plan_file.load(text, "plan.json")
    assert plan_file.save(loaded, DIRECTORY, change_text) == text
    screen = Screen(80)
    assert render_plan(loaded, screen, WORDS) == render_plan(alone, screen, WORDS)


def test_a_new_schedule_says_when_nobody_is_on_call() -> None:
    weekends = tuple(
        Gap(MONDAY + n * WEEK + 5 * DAY, MONDAY + n * WEEK + 7 * DAY) for n in range(3)
    )
    effect = replace(NEW.effect, left_gaps=weekends)  # type: ignore[type-var]
    text = render_plan(with_window(replace(NEW, effect=effect)), Screen(160), WORDS)
    said = "nobody is on call Sat 28 Nov 10:00 – Mon 30 Nov 10:00 and 2 more times\n"
    assert re.search(rf"coverage +{said}", text)
