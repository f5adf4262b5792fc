"""Drift as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.plan.drift import Drift, Key, LastWrite
from flashsync.render.plan.drift import render_drift
from flashsync.render.terminal import Screen
from tests.render.looks import check_fits, check_golden, plain
from tests.render.plans import FULL, NOW, ONE_LINE, PRUNED, QUIET, WORDS, new, plan, unchanged

WRITTEN: dict[Key, LastWrite] = {
    5789640530411: LastWrite("Bob Martin", NOW - 3 * 86400),
    2: LastWrite("王小明", NOW - 400 * 86400, own=True),
    5789640530999: LastWrite("person 7"),
}
FOUND = replace(FULL, actions=tuple(one for one in FULL.actions if one is not PRUNED), refusals=())
DRIFT = Drift(FOUND, (), WRITTEN)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_all_that_drift_can_hold(width: int) -> None:
    text = render_drift(DRIFT, Screen(width), WORDS)
    check_fits(text, width)
    check_golden(f"drift-{width}", text)
    assert plain(render_drift(DRIFT, Screen(width, color=True), WORDS)) == text


def test_it_says_who_wrote_last_and_when() -> None:
    written: dict[Key, LastWrite] = {ONE_LINE.id: LastWrite("Bob Martin", 1795399200)}
    text = render_drift(Drift(plan(ONE_LINE, unchanged("B")), (), written), Screen(80), WORDS)
    assert text == (
        "Drift, live → file: + is only in the file, - only in the account.\n"
        "\n"
        "  ~ Production On-Call                                     schedules/prod.yaml:2\n"
        "      layers[Primary].groups    + frank (turn 4)\n"
        "      last written              by Bob Martin, Mon 23 Nov 10:00\n"
        "\n"
        "Drift: 1 of 2 schedules differs.\n"
        "Keep what is live with `flashsync pull`, or restore what the files say with\n"
        "`flashsync apply`.\n"
    )


def test_a_write_with_this_key_is_probably_a_merge_not_applied() -> None:
    written: dict[Key, LastWrite] = {ONE_LINE.id: LastWrite("alice", 0, own=True)}
    text = render_drift(Drift(plan(ONE_LINE), (), written), Screen(120), WORDS)
    assert "by alice (this key's own member: probably not applied yet)\n" in text


def test_times_are_shown_in_another_zone_when_asked() -> None:
    written: dict[Key, LastWrite] = {ONE_LINE.id: LastWrite("alice", 1795399200)}
    words = replace(WORDS, timezone="Europe/Berlin")
    drift = Drift(plan(ONE_LINE), (), written)
    assert "Mon 23 Nov 03:00" in render_drift(drift, Screen(80), words)


def test_nothing_differs() -> None:
    text = render_drift(Drift(plan(unchanged("A"), QUIET)), Screen(80), WORDS)
    assert text.splitlines() == [
        "No drift. 2 schedules are as the files say.",
        "1 note on unchanged schedules, all on what could not be compared: -v shows them.",
    ]


def test_undeclared_schedules_are_drift() -> None:
    one = render_drift(Drift(replace(plan(unchanged("A")), undeclared=("Old",))), Screen(80), WORDS)
    assert one.endswith("Drift: 0 of 1 schedule differ. 1 live schedule is declared by no file.\n")
    assert "  - Old\n      live        in `manage` scope, and no file declares it\n" in one


def test_verbose_shows_all() -> None:
    text = render_drift(Drift(plan(new(), QUIET)), Screen(120), WORDS, verbose=True)
    assert "layers[Primary]" in text
    assert "  = Quiet" in text
    assert "-v shows" not in text


def test_what_several_schedules_share_is_below_all_of_them() -> None:
    written: dict[Key, LastWrite] = {
        id: LastWrite("bob", NOW - 3600) for id in (ONE_LINE.id, ONE_LINE.id + 1)
    }
    twice = plan(ONE_LINE, replace(ONE_LINE, id=ONE_LINE.id + 1))
    text = render_drift(Drift(replace(twice, undeclared=("Old",)), (), written), Screen(99), WORDS)
    assert text.index("last written: by bob") > text.index("  - Old\n      live")
