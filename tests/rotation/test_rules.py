"""Each rule of api.md, How a rotation runs, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.model.schedule import Hours, Layer
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.calendar import FairLayerError, calendar, computable, layer_shifts, on_call
from tests.rotation.made import (
    BERLIN,
    SHANGHAI,
    WORKDAYS,
    at,
    cover,
    members,
    rotating,
    rows,
    shift,
    shown,
)

MONDAY = at("2026-01-05")
EVENING_TO_MORNING = (18 * HOUR, 9 * HOUR)


@pytest.mark.parametrize("start", [1775980800, 1767542400])
def test_the_documented_answers_of_rule_3(start: int) -> None:
    layer = rotating(start, 1, "day", days=WORKDAYS)
    found = layer_shifts(layer, SHANGHAI, 1775980800, 1776182400)
    assert [(one.start, one.end, one.index) for one in found if one.start >= 1776009600] == [
        (1776009600, 1776096000, 0),
        (1776096000, 1776182400, 1),
    ]


def test_turns_follow_each_other() -> None:
    assert rows(rotating(MONDAY + 10 * HOUR, 12, "hour"), "2026-01-05", "2026-01-07") == [
        "01-05 10:00 01-05 22:00 0",
        "01-05 22:00 01-06 10:00 1",
        "01-06 10:00 01-06 22:00 0",
        "01-06 22:00 01-07 00:00 1",
    ]


def test_two_turns_of_one_group_are_two_shifts() -> None:
    layer = rotating(MONDAY, 1, "day", groups=1)
    assert rows(layer, "2026-01-05", "2026-01-07") == [
        "01-05 00:00 01-06 00:00 0",
        "01-06 00:00 01-07 00:00 0",
    ]
    whole = calendar([layer], (), SHANGHAI, MONDAY, MONDAY + 2 * DAY)
    assert whole.final == (shift(MONDAY, MONDAY + 2 * DAY, 1),)


@pytest.mark.parametrize(("value", "unit"), [(1, "week"), (7, "day")])
def test_the_first_turn_runs_to_the_first_handoff(value: int, unit: str) -> None:
    wednesday = at("2026-01-07 15:00")
    layer = rotating(wednesday, value, unit, handoff=10 * HOUR)
    assert rows(layer, "2026-01-05", "2026-01-20") == [
        "01-07 15:00 01-12 10:00 0",
        "01-12 10:00 01-19 10:00 1",
        "01-19 10:00 01-20 00:00 0",
    ]


@pytest.mark.parametrize("handoff", [None, 0, 2 * DAY + 15 * HOUR])
def test_a_week_without_a_handoff_begins_with_the_layer(handoff: int | None) -> None:
    layer = rotating(at("2026-01-07 15:00"), 1, "week", handoff=handoff)
    assert rows(layer, "2026-01-12", "2026-01-20") == [
        "01-12 00:00 01-14 15:00 0",
        "01-14 15:00 01-20 00:00 1",
    ]


def test_a_handoff_at_the_very_start_is_a_week_later() -> None:
    layer = rotating(MONDAY, 1, "week", handoff=0)
    assert rows(layer, "2026-01-05", "2026-01-13") == [
        "01-05 00:00 01-12 00:00 0",
        "01-12 00:00 01-13 00:00 1",
    ]


def test_only_included_days_count_in_turns_of_days() -> None:
    layer = rotating(at("2026-01-08 10:00"), 1, "day", days=WORKDAYS)
    assert rows(layer, "2026-01-08", "2026-01-14") == [
        "01-08 10:00 01-09 00:00 0",
        "01-09 00:00 01-10 00:00 1",
        "01-12 00:00 01-13 00:00 0",
        "01-13 00:00 01-14 00:00 1",
    ]


def test_a_turn_of_several_days_goes_over_a_weekend() -> None:
    layer = rotating(MONDAY, 3, "day", days=WORKDAYS)
    assert rows(layer, "2026-01-05", "2026-01-14") == [
        "01-05 00:00 01-08 00:00 0",
        "01-08 00:00 01-10 00:00 1",
        "01-12 00:00 01-13 00:00 1",
        "01-13 00:00 01-14 00:00 0",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "handoff"),
    [(1, "week", None), (1, "week", 0), (168, "hour", None)],
)
def test_a_mask_only_clips_longer_turns(value: int, unit: str, handoff: int | None) -> None:
    layer = rotating(MONDAY, value, unit, days=WORKDAYS, handoff=handoff)
    assert rows(layer, "2026-01-05", "2026-01-14") == [
        "01-05 00:00 01-10 00:00 0",
        "01-12 00:00 01-14 00:00 1",
    ]


def test_seven_days_without_a_handoff_are_seven_included_days() -> None:
    layer = rotating(MONDAY + DAY, 7, "day", days=WORKDAYS)
    assert rows(layer, "2026-01-06", "2026-01-20") == [
        "01-06 00:00 01-10 00:00 0",
        "01-12 00:00 01-15 00:00 0",
        "01-15 00:00 01-17 00:00 1",
        "01-19 00:00 01-20 00:00 1",
    ]


def test_seven_days_with_a_handoff_are_calendar_weeks() -> None:
    layer = rotating(MONDAY + DAY, 7, "day", days=WORKDAYS, handoff=DAY)
    assert rows(layer, "2026-01-06", "2026-01-14") == [
        "01-06 00:00 01-10 00:00 0",
        "01-12 00:00 01-13 00:00 0",
        "01-13 00:00 01-14 00:00 1",
    ]


def test_seven_continuous_days_are_calendar_weeks_without_a_handoff_too() -> None:
    layer = rotating(MONDAY + DAY, 7, "day", days=WORKDAYS, continuous=True)
    assert layer.handoff is None
    assert rows(layer, "2026-01-06", "2026-01-14") == [
        "01-06 00:00 01-10 00:00 0",
        "01-12 00:00 01-13 00:00 0",
        "01-13 00:00 01-14 00:00 1",
    ]


def test_a_mask_of_all_days_cuts_at_midnight() -> None:
    layer = rotating(MONDAY + 10 * HOUR, 1, "day", days=frozenset(range(7)))
    assert rows(layer, "2026-01-05", "2026-01-07") == [
        "01-05 10:00 01-06 00:00 0",
        "01-06 00:00 01-07 00:00 1",
    ]


def test_continuous_days_run_from_the_time_of_the_start() -> None:
    layer = rotating(MONDAY + 10 * HOUR, 1, "day", days=WORKDAYS, continuous=True)
    assert rows(layer, "2026-01-09", "2026-01-13") == [
        "01-09 00:00 01-09 10:00 1",
        "01-09 10:00 01-10 10:00 0",
        "01-12 10:00 01-13 00:00 1",
    ]


def test_continuous_days_clip_weeks() -> None:
    layer = rotating(MONDAY + 10 * HOUR, 1, "week", days=WORKDAYS, continuous=True)
    assert rows(layer, "2026-01-05", "2026-01-20") == [
        "01-05 10:00 01-10 10:00 0",
        "01-12 10:00 01-17 10:00 1",
        "01-19 10:00 01-20 00:00 0",
    ]


def test_hours_over_midnight() -> None:
    layer = rotating(MONDAY, 1, "day", hours=Hours("day", (EVENING_TO_MORNING,)))
    assert rows(layer, "2026-01-06", "2026-01-07") == [
        "01-06 00:00 01-06 09:00 1",
        "01-06 18:00 01-07 00:00 1",
    ]
    assert rows(layer, "2026-01-05", "2026-01-06") == [
        "01-05 00:00 01-05 09:00 0",
        "01-05 18:00 01-06 00:00 0",
    ]


def test_windows_that_overlap_are_one() -> None:
    windows = ((8 * HOUR, 12 * HOUR), (10 * HOUR, 14 * HOUR), (14 * HOUR, 15 * HOUR))
    layer = rotating(MONDAY, 1, "week", hours=Hours("day", windows))
    assert rows(layer, "2026-01-05", "2026-01-06") == ["01-05 08:00 01-05 15:00 0"]


def test_hours_over_the_end_of_the_week() -> None:
    friday_to_monday = Hours("week", ((4 * DAY + 18 * HOUR, 9 * HOUR),))
    layer = rotating(MONDAY, 1, "week", hours=friday_to_monday)
    assert rows(layer, "2026-01-05", "2026-01-14") == [
        "01-05 00:00 01-05 09:00 0",
        "01-09 18:00 01-12 00:00 0",
        "01-12 00:00 01-12 09:00 1",
    ]


def test_hours_within_a_mask() -> None:
    nights = Hours("day", (EVENING_TO_MORNING,))
    layer = rotating(MONDAY, 1, "week", days=WORKDAYS, hours=nights)
    assert rows(layer, "2026-01-09", "2026-01-12 12:00") == [
        "01-09 00:00 01-09 09:00 0",
        "01-09 18:00 01-10 00:00 0",
        "01-12 00:00 01-12 09:00 1",
    ]


def test_a_month_after_the_31st_is_the_last_day_and_then_the_31st_again() -> None:
    layer = rotating(at("2026-01-31 10:00"), 1, "month")
    assert rows(layer, "2026-01-01", "2026-05-02") == [
        "01-31 10:00 02-28 10:00 0",
        "02-28 10:00 03-31 10:00 1",
        "03-31 10:00 04-30 10:00 0",
        "04-30 10:00 05-02 00:00 1",
    ]


def test_turns_of_several_months_over_a_new_year() -> None:
    layer = rotating(at("2025-11-30"), 3, "month")
    assert rows(layer, "2026-02-01", "2026-06-01") == [
        "02-01 00:00 02-28 00:00 0",
        "02-28 00:00 05-30 00:00 1",
        "05-30 00:00 06-01 00:00 0",
    ]


def test_a_layer_ends() -> None:
    layer = rotating(MONDAY, 1, "week", end=MONDAY + 2 * DAY, handoff=0)
    assert rows(layer, "2026-01-01", "2026-02-01") == ["01-05 00:00 01-07 00:00 0"]
    assert rows(layer, "2026-01-07", "2026-02-01") == []


DST = {
    "spring": (BERLIN, "2026-03-28 02:30", ["03-29 03:30", "03-30 02:30"]),
    "autumn": (BERLIN, "2026-10-24 02:30", ["10-25 02:30", "10-26 02:30"]),
    "new york": ("America/New_York", "2026-03-07 02:15", ["03-08 03:15", "03-09 02:15"]),
    "half an hour": ("Australia/Lord_Howe", "2026-10-03 02:10", ["10-04 02:40", "10-05 02:10"]),
    "a skipped day": ("Pacific/Apia", "2011-12-28 10:00", ["12-29 10:00", "12-31 10:00"]),
}


@pytest.mark.parametrize(("timezone", "start", "ends"), DST.values(), ids=DST)
def test_days_are_wall_clock(timezone: str, start: str, ends: list[str]) -> None:
    layer = rotating(at(start, timezone), 1, "day", groups=4)
    until = at(start, timezone) + 3 * DAY - 3 * HOUR
    found = layer_shifts(layer, timezone, layer.start, until)
    assert [shown(one.end, timezone) for one in found][:2] == ends


def test_a_turn_in_a_skipped_day_is_left_out() -> None:
    layer = rotating(at("2011-12-28 10:00", "Pacific/Apia"), 1, "day", groups=4)
    assert rows(layer, "2011-12-28", "2012-01-01", "Pacific/Apia") == [
        "12-28 10:00 12-29 10:00 0",
        "12-29 10:00 12-31 10:00 1",
        "12-31 10:00 01-01 00:00 3",
    ]


def test_hours_reach_over_a_skipped_day() -> None:
    nights = Hours("day", (EVENING_TO_MORNING,))
    layer = rotating(at("2011-12-26", "Pacific/Apia"), 1, "month", hours=nights)
    assert rows(layer, "2011-12-31 05:00", "2011-12-31 20:00", "Pacific/Apia") == [
        "12-31 05:00 12-31 09:00 0",
        "12-31 18:00 12-31 20:00 0",
    ]


def test_the_time_that_is_shown_twice_is_the_first() -> None:
    layer = rotating(at("2026-10-24 02:30", BERLIN), 1, "day")
    first, second = layer_shifts(layer, BERLIN, layer.start, at("2026-10-26", BERLIN))
    assert first.end == second.start == at("2026-10-25 02:30+02:00")


def test_a_handoff_is_after_the_start_though_its_hour_is_shown_twice() -> None:
    start = at("2026-10-25 02:30+01:00")  # the second 02:30
    layer = rotating(start, 1, "week", handoff=6 * DAY + 2 * HOUR + 45 * 60)
    assert rows(layer, "2026-10-25", "2026-11-01 12:00", BERLIN) == [
        "10-25 02:30 11-01 02:45 0",
        "11-01 02:45 11-01 12:00 1",
    ]


def test_clocks_that_go_back_over_midnight() -> None:
    zone = "America/St_Johns"  # 2005-10-30 00:01 became 2005-10-29 23:01
    layer = rotating(at("2005-10-29 23:30-03:30"), 1, "day", days=frozenset(range(7)))
    found = layer_shifts(layer, zone, layer.start, layer.start + 2 * DAY)
    assert [(one.end, one.index) for one in found][:1] == [(at("2005-10-31", zone), 0)]


def test_hours_are_elapsed_time() -> None:
    layer = rotating(at("2026-03-28 12:00", BERLIN), 12, "hour")
    assert rows(layer, "2026-03-28", "2026-03-29 20:00", BERLIN) == [
        "03-28 12:00 03-29 00:00 0",
        "03-29 00:00 03-29 13:00 1",
        "03-29 13:00 03-29 20:00 0",
    ]


def test_rotations_add_up_and_an_override_replaces_them_all() -> None:
    one = rotating(MONDAY, 1, "day", groups=1)
    two = replace(one, name="Backup", groups=rotating(MONDAY, 1, "day", groups=2).groups[1:])
    swap = cover(MONDAY + HOUR, MONDAY + 3 * HOUR, 3)
    more = cover(MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, 4)
    past = cover(MONDAY - DAY, MONDAY, 5)
    found = calendar([one, two], [swap, more, past], SHANGHAI, MONDAY, MONDAY + DAY)
    assert found.final == (
        shift(MONDAY, MONDAY + HOUR, 1, 2),
        shift(MONDAY + HOUR, MONDAY + 2 * HOUR, 3),
        shift(MONDAY + 2 * HOUR, MONDAY + 3 * HOUR, 3, 4),
        shift(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR, 4),
        shift(MONDAY + 4 * HOUR, MONDAY + DAY, 1, 2),
    )
    assert [(lane.name, lane.override, len(lane.shifts)) for lane in found.lanes] == [
        ("Primary", False, 1),
        ("Backup", False, 1),
        ("Cover", True, 1),
        ("Cover", True, 1),
        ("Cover", True, 0),
    ]


def test_of_overrides_the_highest_weight_decides() -> None:
    layer = rotating(MONDAY, 1, "day", groups=1)
    light = cover(MONDAY + HOUR, MONDAY + 9 * HOUR, 3)
    tied = cover(MONDAY + 6 * HOUR, MONDAY + 9 * HOUR, 4)
    heavy = replace(cover(MONDAY + 2 * HOUR, MONDAY + 5 * HOUR, 5), weight=2)
    for overrides in ([light, tied, heavy], [heavy, tied, light]):
        found = calendar([layer], overrides, SHANGHAI, MONDAY, MONDAY + DAY)
        assert found.final == (
            shift(MONDAY, MONDAY + HOUR, 1),
            shift(MONDAY + HOUR, MONDAY + 2 * HOUR, 3),
            shift(MONDAY + 2 * HOUR, MONDAY + 5 * HOUR, 5),
            shift(MONDAY + 5 * HOUR, MONDAY + 6 * HOUR, 3),
            shift(MONDAY + 6 * HOUR, MONDAY + 9 * HOUR, 3, 4),
            shift(MONDAY + 9 * HOUR, MONDAY + DAY, 1),
        )
        assert [len(lane.shifts) for lane in found.lanes] == [1, 1, 1, 1]
        assert on_call([layer], overrides, SHANGHAI, MONDAY, MONDAY + DAY) == found.final


def test_an_override_without_people_leaves_nobody() -> None:
    layer = rotating(MONDAY, 1, "day")
    emptied = cover(MONDAY + HOUR, MONDAY + 3 * HOUR)
    found = calendar((layer,), (emptied,), SHANGHAI, MONDAY, MONDAY + DAY)
    assert found.final == (
        shift(MONDAY, MONDAY + HOUR, 1),
        shift(MONDAY + 3 * HOUR, MONDAY + DAY, 1),
    )
    alone = calendar((), (emptied,), SHANGHAI, MONDAY, MONDAY + DAY)
    assert (len(alone.lanes), alone.final) == (1, ())


def test_what_counts_needs_no_lanes() -> None:
    layers = (rotating(MONDAY, 1, "day"), rotating(MONDAY, 12, "hour", 3))
    parts = (layers, (cover(MONDAY + DAY, MONDAY + 2 * DAY, 9),), SHANGHAI, MONDAY, MONDAY + WEEK)
    assert on_call(*parts) == calendar(*parts).final


def test_an_override_that_changes_nobody_leaves_one_shift() -> None:
    layer = rotating(MONDAY, 1, "day", groups=1)
    swap = cover(MONDAY + HOUR, MONDAY + 2 * HOUR, 1)
    found = calendar([layer], [swap], SHANGHAI, MONDAY, MONDAY + DAY)
    assert found.final == (shift(MONDAY, MONDAY + DAY, 1),)


def test_nothing_at_all() -> None:
    assert calendar((), (), SHANGHAI, MONDAY, MONDAY + DAY).final == ()
    assert calendar([rotating(MONDAY, 1, "day", groups=0)], (), SHANGHAI, 0, 1).final == ()


def test_a_fair_layer_is_the_servers() -> None:
    layer: Layer = rotating(MONDAY, 1, "day", fair=True)
    assert not computable([layer])
    with pytest.raises(FairLayerError, match="the server decides"):
        layer_shifts(layer, SHANGHAI, MONDAY, MONDAY + DAY)
    alone = replace(layer, groups=layer.groups[:1])
    assert computable([alone])
    assert layer_shifts(alone, SHANGHAI, MONDAY, MONDAY + DAY)[0].members == members(1)


def test_a_layer_that_began_long_ago() -> None:
    layer = rotating(at("2019-01-01"), 1, "hour", groups=5)
    (found,) = layer_shifts(layer, SHANGHAI, MONDAY, MONDAY + HOUR)
    assert found.index == (MONDAY - layer.start) // HOUR % 5
    weekly = rotating(at("2001-01-01"), 1, "week", groups=3, handoff=0)
    (found,) = layer_shifts(weekly, SHANGHAI, MONDAY, MONDAY + HOUR)
    assert found.index == (MONDAY - weekly.start) // WEEK % 3
