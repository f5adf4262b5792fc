"""Why somebody is on call, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from flashsync.model.calendar import Calendar, Shift
from flashsync.model.schedule import Group, Layer, Member, Override, Schedule
from flashsync.render.calendar.explain import (
    render_explanation,
    render_explanation_json,
)
from flashsync.render.terminal import Screen
from flashsync.rotation.calendar import calendar
from flashsync.rotation.explain import ExplainedCase, explain
from tests.render.calendars import (
    AWAY,
    DIRECTORY,
    NOW,
    OFFICE,
    PRIMARY,
    READ,
    ZONE,
    at,
    daily,
    group,
)
from tests.render.looks import check_fits, check_golden, plain

ENDED = replace(PRIMARY, name="Old", end=at("2026-03-02 10:00"))
LATER = replace(PRIMARY, name="Later", start=at("2027-03-01 10:00"))
FAIR = replace(PRIMARY, name="Fair", fair=True)
WEEKEND = replace(OFFICE, name="Weekend", days=frozenset({0, 6}), continuous=True)
HOSTILE = replace(PRIMARY, name="\x1b]0;\u202e", groups=(group(7),))
SWAP = Override("Swap\n", at("2026-11-21 10:00"), at("2026-11-22 10:00"), group(3).members)
OURS = replace(AWAY, start=SWAP.start)


def case(
    layers: list[Layer], *covers: Override, offline: bool = False, moment: int = NOW
) -> ExplainedCase:
    """A schedule at a moment; the platform's calendar is the engine's, without fair layers."""
    schedule = Schedule("Production", layers=tuple(layers), overrides=covers, id=5789)
    known = [layer for layer in layers if not layer.fair]
    found = None if offline else calendar(known, covers, ZONE, *READ)
    explanation = explain(schedule.layers, covers, ZONE, moment)
    return ExplainedCase(schedule, explanation, found, NOW, ZONE, DIRECTORY)


PLAIN = case([PRIMARY, OFFICE, WEEKEND, LATER, ENDED, replace(ENDED, name="Older")])
COVERED = case([PRIMARY, OFFICE, FAIR, HOSTILE], SWAP, OURS)
ONLY_FAIR = case([FAIR], offline=True)
NOBODY = case([OFFICE])
CASES = {
    "plain": PLAIN,
    "covered": COVERED,
    "fair": ONLY_FAIR,
    "nobody": NOBODY,
    "offline": case([PRIMARY], offline=True),
    "differs": replace(PLAIN, calendar=Calendar(*READ, (), (Shift(*READ, group(6).members),))),
    "empty": case([]),
}


@pytest.mark.parametrize("width", [40, 80, 160])
def test_everything_that_can_be_shown(width: int) -> None:
    text = "".join(f"{render_explanation(one, Screen(width))}\n" for one in CASES.values())
    check_fits(text, width)
    check_golden(f"explain-{width}", text)
    colored = [render_explanation(one, Screen(width, color=True)) for one in CASES.values()]
    assert plain("".join(f"{one}\n" for one in colored)) == text


def test_an_encoding_without_our_signs() -> None:
    for one in CASES.values():
        text = render_explanation(one, Screen(80, encoding="ascii"))
        text.encode("ascii")
        check_fits(text, 80)


def test_a_difference_is_a_warning() -> None:
    text = " ".join(render_explanation(CASES["differs"], Screen(80)).split())
    assert "Ｇｒａｃｅ is on call." in text
    assert "warning: the platform says Ｇｒａｃｅ, and by what is configured it is alice" in text
    assert "see `flashsync doctor`" in text
    assert "warning" not in render_explanation(PLAIN, Screen(80))


def test_nobody_is_marked() -> None:
    assert "!! nobody is on call until Mon 23 Nov 09:00." in render_explanation(NOBODY, Screen(80))


@pytest.mark.parametrize("offline", [False, True])
def test_a_backup_without_a_primary_is_marked(offline: bool) -> None:
    backup = daily("Night", 0, 24, Group(frozenset({Member(2, 1)})))
    text = render_explanation(case([OFFICE, backup], offline=offline), Screen(80))
    assert "!! no primary: bob (backup) is on call until " in text
    alone = render_explanation(case([backup], offline=offline), Screen(80))
    assert "no primary" not in alone


def test_only_the_platform_knows_a_fair_layer() -> None:
    assert "Only the platform knows who is on call" in render_explanation(ONLY_FAIR, Screen(80))
    live = replace(ONLY_FAIR, calendar=Calendar(*READ, (), (Shift(*READ, group(1).members),)))
    assert "alice is on call." in render_explanation(live, Screen(80))
    assert live.agrees is None


def test_json() -> None:
    document = json.loads(render_explanation_json(COVERED))
    assert {one["person"] for one in document["on_call"]} == {"carol", "Dave Wu"}
    assert document["agrees"] is None or document["agrees"] is True
    assert [(one["override"], one["from"]) for one in document["overrides"]] == [
        ("Swap\n", "console"),
        ("Bob away", "file"),
    ]
    primary, office, fair, _ = document["layers"]
    assert (primary["standing"], primary["replaced"]) == ("on_duty", True)
    assert primary["turn"] == {
        "number": 46,
        "start": "2026-11-16T02:00:00Z",
        "end": "2026-11-23T02:00:00Z",
        "group": 1,
        "groups": 3,
    }
    assert (office["standing"], office["days"], office["people"]) == ("off_day", "mon-fri", [])
    assert (fair["fair"], fair["turn"]["group"]) == (True, None)


def test_json_where_nobody_knows() -> None:
    document = json.loads(render_explanation_json(ONLY_FAIR))
    assert document["on_call"] is document["explained"] is document["agrees"] is None
    assert document["basis"] == "offline"
    assert json.loads(render_explanation_json(CASES["differs"]))["agrees"] is False
