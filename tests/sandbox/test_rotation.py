"""Who is on call when: each rule of "How a rotation runs", with shifts counted by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flashsync.sandbox import schedule_on_call, schedule_shifts
from tests.sandbox.peer import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    DAY,
    HOUR,
    MONDAY,
    WEEK,
    Json,
    group,
    layer,
    override,
)

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
A, B, C = group(ALICE), group(BOB, name="B"), group(CAROL, name="C")

Line = tuple[str, str, str]  # start, end, names of the groups


def at(text: str, zone: str = SHANGHAI) -> int:
    """Unix seconds of "2026-04-13 09:00" in a zone, or with an offset of its own."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return int(moment.timestamp())


def lines(start: str, end: str, *layers: Json, zone: str = SHANGHAI) -> list[Line]:
    """The shifts of the window, as wall-clock times of the zone."""

    def shown(instant: int) -> str:
        return f"{datetime.fromtimestamp(instant, ZoneInfo(zone)):%m-%d %H:%M}"

    found = schedule_shifts({"layers": list(layers)}, zone, at(start, zone), at(end, zone))
    return [(shown(item.start), shown(item.end), item.group.name) for item in found]


def rota(start: str, *groups: Json, zone: str = SHANGHAI, **changes: Any) -> Json:
    """A rotation of turns of a day by default."""
    return layer(layer_start=at(start, zone), groups=list(groups or (A, B)), **changes)


def hours(*periods: tuple[float, float], mode: int = 1) -> Json:
    """A restriction, in hours from 00:00 or from Monday 00:00."""
    found = [
        {"restrict_start": int(start * HOUR), "restrict_end": int(end * HOUR)}
        for start, end in periods
    ]
    return {"restrict_mode": mode, "restrict_periods": found}


WEEKDAYS: Json = {"day_mask": {"repeat": [1, 2, 3, 4, 5]}}


# The two documented examples.


def test_documented_preview() -> None:
    body = {"layers": [layer(layer_start=1775980800, groups=[A, B], **WEEKDAYS)]}
    found = schedule_shifts(body, SHANGHAI, 1775980800, 1776182400)
    assert [(item.start, item.end, item.group.name, item.index) for item in found] == [
        (1776009600, 1776096000, "A", 0),
        (1776096000, 1776182400, "B", 1),
    ]


def test_documented_detail() -> None:
    body = {"layers": [layer(layer_start=1767542400, groups=[A, B], **WEEKDAYS)]}
    found = schedule_shifts(body, SHANGHAI, 1776009600, 1776182400)
    assert [(item.start, item.end, item.group.name) for item in found] == [
        (1776009600, 1776096000, "A"),
        (1776096000, 1776182400, "B"),
    ]


def test_published_answer_of_a_live_schedule() -> None:
    """Five groups a day each from 1766372400: the first is on again 140 days later."""
    groups = [group(ALICE, name=name) for name in "ABCDE"]
    body = {"layers": [layer(layer_start=1766372400, groups=groups)]}
    found = schedule_shifts(body, SHANGHAI, 1778468400, 1778641200)
    assert [(item.start, item.end, item.group.name) for item in found] == [
        (1778468400, 1778554800, "A"),
        (1778554800, 1778641200, "B"),
    ]


# Rule 1: turns.


def test_nobody_before_the_start_and_the_first_group_from_there() -> None:
    found = lines("2026-03-02 00:00", "2026-03-05 00:00", rota("2026-03-03 09:30"))
    assert found == [("03-03 09:30", "03-04 09:30", "A"), ("03-04 09:30", "03-05 00:00", "B")]


def test_hours() -> None:
    body = rota("2026-03-03 09:00", A, B, C, rotation_unit="hour", rotation_value=12)
    assert lines("2026-03-04 00:00", "2026-03-05 00:00", body) == [
        ("03-04 00:00", "03-04 09:00", "B"),
        ("03-04 09:00", "03-04 21:00", "C"),
        ("03-04 21:00", "03-05 00:00", "A"),
    ]


def test_weeks() -> None:
    body = rota("2026-03-03 09:00", rotation_unit="week", rotation_value=2)
    assert lines("2026-03-17 00:00", "2026-04-05 00:00", body) == [
        ("03-17 00:00", "03-17 09:00", "A"),
        ("03-17 09:00", "03-31 09:00", "B"),
        ("03-31 09:00", "04-05 00:00", "A"),
    ]


def test_months_end_on_the_last_day_where_they_are_shorter() -> None:
    body = rota("2026-01-31 10:00", A, B, C, rotation_unit="month")
    assert lines("2026-02-01 00:00", "2026-06-01 00:00", body) == [
        ("02-01 00:00", "02-28 10:00", "A"),
        ("02-28 10:00", "03-31 10:00", "B"),
        ("03-31 10:00", "04-30 10:00", "C"),
        ("04-30 10:00", "05-31 10:00", "A"),
        ("05-31 10:00", "06-01 00:00", "B"),
    ]


def test_months_over_the_year() -> None:
    body = rota("2026-11-15 00:00", rotation_unit="month", rotation_value=3)
    assert lines("2027-02-14 00:00", "2027-02-16 00:00", body) == [
        ("02-14 00:00", "02-15 00:00", "A"),
        ("02-15 00:00", "02-16 00:00", "B"),
    ]


def test_shifts_of_one_group_are_one_in_the_end() -> None:
    found = lines("2026-03-03 00:00", "2026-03-06 00:00", rota("2026-03-02 00:00", A))
    assert found == [("03-03 00:00", "03-06 00:00", "A")]


# Rule 1, daylight saving: hours are elapsed, days and longer are wall clock.


def test_days_keep_their_time_of_day_over_a_clock_change() -> None:
    body = rota("2026-03-28 09:00", zone=BERLIN)
    found = schedule_shifts(
        {"layers": [body]}, BERLIN, at("2026-03-28 09:00", BERLIN), at("2026-03-30 09:00", BERLIN)
    )
    assert [item.end - item.start for item in found] == [23 * HOUR, 24 * HOUR]


def test_hours_do_not_keep_their_time_of_day() -> None:
    body = rota("2026-03-28 09:00", zone=BERLIN, rotation_unit="hour", rotation_value=24)
    assert lines("2026-03-28 09:00", "2026-03-30 10:00", body, zone=BERLIN) == [
        ("03-28 09:00", "03-29 10:00", "A"),
        ("03-29 10:00", "03-30 10:00", "B"),
    ]


def test_a_handoff_that_is_skipped_comes_after_the_gap_and_moves_no_other() -> None:
    body = rota("2026-03-28 02:30", zone=BERLIN)
    assert lines("2026-03-28 02:30", "2026-03-30 12:00", body, zone=BERLIN) == [
        ("03-28 02:30", "03-29 03:30", "A"),
        ("03-29 03:30", "03-30 02:30", "B"),
        ("03-30 02:30", "03-30 12:00", "A"),
    ]


def test_a_handoff_that_comes_twice_is_at_the_first() -> None:
    body = rota("2026-10-24 02:30", zone=BERLIN)
    start, end = at("2026-10-24 02:30", BERLIN), at("2026-10-25 12:00", BERLIN)
    found = schedule_shifts({"layers": [body]}, BERLIN, start, end)
    assert found[0].end == at("2026-10-25T02:30:00+02:00")


def test_a_layer_may_begin_in_the_hour_that_comes_twice() -> None:
    start = at("2026-10-25T02:30:00+01:00")
    body = {"layers": [layer(layer_start=start, groups=[A, B])]}
    found = schedule_shifts(body, BERLIN, start - DAY, start + 2 * DAY)
    assert [(item.start, item.end) for item in found] == [
        (start, start + DAY),
        (start + DAY, start + 2 * DAY),
    ]


def test_weekly_handoff_keeps_its_time_of_day_over_a_clock_change() -> None:
    body = rota("2026-10-19 10:00", zone=BERLIN, rotation_unit="week", handoff_time=10 * HOUR)
    found = schedule_shifts(
        {"layers": [body]}, BERLIN, at("2026-10-19 10:00", BERLIN), at("2026-11-02 10:00", BERLIN)
    )
    assert [item.end - item.start for item in found] == [WEEK + HOUR, WEEK]


# Rule 2: a week with a handoff.


@pytest.mark.parametrize("unit", [{"rotation_unit": "week"}, {"rotation_value": 7}], ids=repr)
def test_first_turn_runs_to_the_first_handoff(unit: Json) -> None:
    body = rota("2026-03-04 15:00", handoff_time=10 * HOUR, **unit)  # a Wednesday
    assert lines("2026-03-04 00:00", "2026-03-17 00:00", body) == [
        ("03-04 15:00", "03-09 10:00", "A"),
        ("03-09 10:00", "03-16 10:00", "B"),
        ("03-16 10:00", "03-17 00:00", "A"),
    ]


def test_a_handoff_at_the_start_is_a_week_later() -> None:
    body = rota("2026-03-09 10:00", rotation_unit="week", handoff_time=10 * HOUR)
    found = lines("2026-03-09 00:00", "2026-03-17 00:00", body)
    assert found == [("03-09 10:00", "03-16 10:00", "A"), ("03-16 10:00", "03-17 00:00", "B")]


def test_a_handoff_of_zero_means_none_unless_the_start_is_monday_midnight() -> None:
    wednesday = rota("2026-03-04 15:00", rotation_unit="week", handoff_time=0)
    assert lines("2026-03-10 00:00", "2026-03-12 00:00", wednesday)[0][1] == "03-11 15:00"
    monday = rota("2026-03-02 00:00", rotation_unit="week", handoff_time=0)
    assert lines("2026-03-08 00:00", "2026-03-10 00:00", monday)[0][1] == "03-09 00:00"


@pytest.mark.parametrize("value", [2, 14])
def test_a_handoff_has_no_effect_on_other_rotations(value: int) -> None:
    body = rota("2026-03-04 15:00", rotation_value=value, handoff_time=10 * HOUR)
    first = lines("2026-03-04 00:00", "2026-03-31 00:00", body)[0]
    assert first == ("03-04 15:00", f"03-{4 + value:02d} 15:00", "A")


# Rule 3: days, not continuous.


def test_only_included_days_count_for_turns_of_days() -> None:
    body = rota("2026-03-06 16:00", A, B, C, **WEEKDAYS)  # a Friday afternoon
    assert lines("2026-03-06 00:00", "2026-03-12 00:00", body) == [
        ("03-06 16:00", "03-07 00:00", "A"),
        ("03-09 00:00", "03-10 00:00", "B"),
        ("03-10 00:00", "03-11 00:00", "C"),
        ("03-11 00:00", "03-12 00:00", "A"),
    ]


def test_a_turn_of_several_included_days_is_cut_by_the_weekend() -> None:
    body = rota("2026-03-05 00:00", rotation_value=3, **WEEKDAYS)  # a Thursday
    assert lines("2026-03-05 00:00", "2026-03-12 00:00", body) == [
        ("03-05 00:00", "03-07 00:00", "A"),
        ("03-09 00:00", "03-10 00:00", "A"),
        ("03-10 00:00", "03-12 00:00", "B"),
    ]


def test_a_mask_of_all_days_cuts_at_midnight() -> None:
    body = rota("2026-03-05 16:00", day_mask={"repeat": [0, 1, 2, 3, 4, 5, 6]})
    assert lines("2026-03-05 00:00", "2026-03-07 00:00", body) == [
        ("03-05 16:00", "03-06 00:00", "A"),
        ("03-06 00:00", "03-07 00:00", "B"),
    ]


def test_a_mask_only_clips_turns_of_weeks() -> None:
    body = rota("2026-03-04 10:00", rotation_unit="week", **WEEKDAYS)  # a Wednesday
    assert lines("2026-03-04 00:00", "2026-03-17 00:00", body) == [
        ("03-04 10:00", "03-07 00:00", "A"),
        ("03-09 00:00", "03-11 10:00", "A"),
        ("03-11 10:00", "03-14 00:00", "B"),
        ("03-16 00:00", "03-17 00:00", "B"),
    ]


def test_a_mask_only_clips_seven_days_with_a_handoff() -> None:
    body = rota("2026-03-04 10:00", rotation_value=7, handoff_time=10 * HOUR, **WEEKDAYS)
    assert lines("2026-03-06 12:00", "2026-03-10 00:00", body) == [
        ("03-06 12:00", "03-07 00:00", "A"),
        ("03-09 00:00", "03-09 10:00", "A"),
        ("03-09 10:00", "03-10 00:00", "B"),
    ]


def test_seven_days_without_a_handoff_are_seven_included_days() -> None:
    body = rota("2026-03-04 10:00", rotation_value=7, handoff_time=0, **WEEKDAYS)
    found = lines("2026-03-12 00:00", "2026-03-14 00:00", body)
    assert found == [("03-12 00:00", "03-13 00:00", "A"), ("03-13 00:00", "03-14 00:00", "B")]


def test_a_mask_only_clips_turns_of_hours() -> None:
    body = rota("2026-03-06 18:00", rotation_unit="hour", rotation_value=12, **WEEKDAYS)
    assert lines("2026-03-06 12:00", "2026-03-09 08:00", body) == [
        ("03-06 18:00", "03-07 00:00", "A"),
        ("03-09 00:00", "03-09 06:00", "A"),
        ("03-09 06:00", "03-09 08:00", "B"),
    ]


# Rule 4: days, continuous.


def test_continuous_days_run_from_the_time_of_day_of_the_start() -> None:
    body = rota("2026-03-05 18:00", mask_continuous_enabled=True, **WEEKDAYS)  # a Thursday
    assert lines("2026-03-05 00:00", "2026-03-10 00:00", body) == [
        ("03-05 18:00", "03-06 18:00", "A"),
        ("03-06 18:00", "03-07 18:00", "B"),
        ("03-09 18:00", "03-10 00:00", "A"),
    ]


def test_continuous_days_clip_turns_of_weeks() -> None:
    body = rota("2026-03-02 18:00", rotation_unit="week", mask_continuous_enabled=True, **WEEKDAYS)
    assert lines("2026-03-06 00:00", "2026-03-10 00:00", body) == [
        ("03-06 00:00", "03-07 18:00", "A"),
        ("03-09 18:00", "03-10 00:00", "B"),
    ]


def test_a_continuous_day_that_began_before_a_turn_reaches_into_it() -> None:
    body = rota(
        "2026-03-06 18:00",
        rotation_unit="hour",
        rotation_value=6,
        mask_continuous_enabled=True,
        day_mask={"repeat": [5]},
    )
    assert lines("2026-03-06 23:00", "2026-03-08 00:00", body) == [
        ("03-06 23:00", "03-07 00:00", "A"),
        ("03-07 00:00", "03-07 06:00", "B"),
        ("03-07 06:00", "03-07 12:00", "A"),
        ("03-07 12:00", "03-07 18:00", "B"),
    ]


# Rule 5: restrictions.


def test_daily_hours() -> None:
    body = rota("2026-03-02 00:00", **hours((9, 12), (13, 18)))
    assert lines("2026-03-03 10:00", "2026-03-04 14:00", body) == [
        ("03-03 10:00", "03-03 12:00", "B"),
        ("03-03 13:00", "03-03 18:00", "B"),
        ("03-04 09:00", "03-04 12:00", "A"),
        ("03-04 13:00", "03-04 14:00", "A"),
    ]


@pytest.mark.parametrize("window", [(18, 9), (18, 33)], ids=["before the start", "past the day"])
def test_hours_over_midnight_in_either_form(window: tuple[int, int]) -> None:
    body = rota("2026-03-02 12:00", **hours(window))
    assert lines("2026-03-03 00:00", "2026-03-04 12:00", body) == [
        ("03-03 00:00", "03-03 09:00", "A"),
        ("03-03 18:00", "03-04 09:00", "B"),
    ]


def test_a_turn_changes_inside_the_hours() -> None:
    body = rota("2026-03-02 00:00", **hours((22, 6)))
    assert lines("2026-03-02 12:00", "2026-03-03 12:00", body) == [
        ("03-02 22:00", "03-03 00:00", "A"),
        ("03-03 00:00", "03-03 06:00", "B"),
    ]


def test_hours_that_overlap_are_one() -> None:
    body = rota("2026-03-02 00:00", **hours((9, 13), (12, 18), (18, 24)))
    found = lines("2026-03-02 00:00", "2026-03-03 00:00", body)
    assert found == [("03-02 09:00", "03-03 00:00", "A")]


def test_days_and_hours_over_midnight_lose_the_last_morning() -> None:
    body = rota("2026-03-02 00:00", A, **WEEKDAYS, **hours((18, 9)))
    assert lines("2026-03-06 12:00", "2026-03-09 12:00", body) == [
        ("03-06 18:00", "03-07 00:00", "A"),
        ("03-09 00:00", "03-09 09:00", "A"),
    ]


@pytest.mark.parametrize("end", [9, 7 * 24 + 9], ids=["before the start", "past the week"])
def test_weekly_hours_over_the_end_of_the_week(end: int) -> None:
    body = rota("2026-03-02 00:00", A, **hours((4 * 24 + 18, end), mode=2))
    assert lines("2026-03-05 00:00", "2026-03-14 00:00", body) == [
        ("03-06 18:00", "03-09 09:00", "A"),
        ("03-13 18:00", "03-14 00:00", "A"),
    ]


def test_hours_are_wall_clock() -> None:
    body = rota("2026-03-01 00:00", A, zone=BERLIN, **hours((9, 18)))
    assert lines("2026-03-28 12:00", "2026-03-30 12:00", body, zone=BERLIN) == [
        ("03-28 12:00", "03-28 18:00", "A"),
        ("03-29 09:00", "03-29 18:00", "A"),
        ("03-30 09:00", "03-30 12:00", "A"),
    ]


# Rules 6 to 8: layers together.


def test_rotation_layers_add_up_with_their_roles() -> None:
    night = rota("2026-03-02 20:00", group(ALICE, CAROL, name="N", role=1), **hours((20, 8)))
    day = rota("2026-03-02 00:00", group(ALICE, name="D"))
    assert lines("2026-03-02 12:00", "2026-03-03 12:00", day, night) == [
        ("03-02 12:00", "03-02 20:00", "D"),
        ("03-02 20:00", "03-03 08:00", "D, N"),
        ("03-03 08:00", "03-03 12:00", "D"),
    ]
    body = {"layers": [day, night]}
    found = schedule_on_call(body, SHANGHAI, at("2026-03-02 21:00"))
    assert found == {(ALICE, 0), (ALICE, 1), (CAROL, 1)}
    assert schedule_on_call(body, SHANGHAI, at("2026-03-01 21:00")) == frozenset()


def test_an_override_replaces_all_rotation_layers_and_they_resume() -> None:
    layers = [rota("2026-03-02 00:00", A), rota("2026-03-02 00:00", B)]
    cover = override(at("2026-03-03 10:00"), at("2026-03-03 12:00"), CAROL, groups=[C])
    assert lines("2026-03-03 09:00", "2026-03-03 13:00", *layers, cover) == [
        ("03-03 09:00", "03-03 10:00", "A, B"),
        ("03-03 10:00", "03-03 12:00", "C"),
        ("03-03 12:00", "03-03 13:00", "A, B"),
    ]


def test_an_override_reaches_into_gaps_and_moves_no_turn() -> None:
    body = rota("2026-03-02 00:00", **hours((9, 10)))
    cover = override(at("2026-03-02 09:30"), at("2026-03-04 09:30"), CAROL, groups=[C])
    assert lines("2026-03-02 00:00", "2026-03-05 00:00", body, cover) == [
        ("03-02 09:00", "03-02 09:30", "A"),
        ("03-02 09:30", "03-04 09:30", "C"),
        ("03-04 09:30", "03-04 10:00", "A"),
    ]


def test_of_overrides_that_overlap_the_higher_weight_decides() -> None:
    light = override(MONDAY, MONDAY + 2 * HOUR, CAROL, weight=1)
    heavy = override(MONDAY + HOUR, MONDAY + 3 * HOUR, DAVE, weight=2)
    for body in ({"layers": [light, heavy]}, {"layers": [heavy, light]}):
        assert schedule_on_call(body, SHANGHAI, MONDAY) == {(CAROL, 0)}
        assert schedule_on_call(body, SHANGHAI, MONDAY + HOUR) == {(DAVE, 0)}
        assert schedule_on_call(body, SHANGHAI, MONDAY + 2 * HOUR) == {(DAVE, 0)}


def test_overrides_of_one_weight_that_overlap_add_up() -> None:
    first = override(MONDAY, MONDAY + 2 * HOUR, CAROL)
    second = override(MONDAY + HOUR, MONDAY + 3 * HOUR, DAVE)
    body = {"layers": [first, second]}
    both = schedule_on_call(body, SHANGHAI, MONDAY + HOUR)
    assert both == {(CAROL, 0), (DAVE, 0)}
    assert schedule_on_call(body, SHANGHAI, MONDAY + 2 * HOUR) == {(DAVE, 0)}


def test_a_layer_ends_and_leaves_a_gap() -> None:
    ending = rota("2026-03-02 00:00", A, layer_end=at("2026-03-03 07:00"))
    later = rota("2026-03-03 09:00", B)
    assert lines("2026-03-03 00:00", "2026-03-03 10:00", ending, later) == [
        ("03-03 00:00", "03-03 07:00", "A"),
        ("03-03 09:00", "03-03 10:00", "B"),
    ]
    assert lines("2026-03-04 00:00", "2026-03-05 00:00", ending) == []


# Fair rotations.


def test_a_fair_rotation_gives_everybody_one_turn_a_round_in_an_order_of_its_own() -> None:
    body = rota("2026-03-02 00:00", A, B, C, fair_rotation=True)
    window = (at("2026-03-02 00:00"), at("2026-04-01 00:00"))
    found = [
        schedule_on_call({"layers": [body]}, SHANGHAI, instant) for instant in range(*window, DAY)
    ]
    rounds = [found[index : index + 3] for index in range(0, 30, 3)]
    assert all(len(set(lap)) == 3 for lap in rounds)
    assert len({tuple(lap) for lap in rounds}) > 1


def test_instants_agree_with_the_shifts_of_a_window() -> None:
    layers = [
        rota("2026-03-02 07:00", A, B, C, zone=BERLIN, **WEEKDAYS, **hours((20, 6))),
        rota("2026-03-04 15:00", zone=BERLIN, rotation_unit="week", handoff_time=10 * HOUR),
        override(at("2026-03-29 01:00", BERLIN), at("2026-03-29 05:00", BERLIN), DAVE),
    ]
    body = {"layers": layers}
    start, end = at("2026-03-27 00:00", BERLIN), at("2026-03-31 00:00", BERLIN)
    shifts = schedule_shifts(body, BERLIN, start, end)
    for instant in range(start, end, 30 * 60):
        people = {
            (person, seat.role_id)
            for shift in shifts
            if shift.start <= instant < shift.end
            for seat in shift.group.seats
            for person in seat.person_ids
        }
        assert schedule_on_call(body, BERLIN, instant) == people
