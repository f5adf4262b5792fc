"""Whose turn it is, when the next one begins, and how long a round takes."""

from __future__ import annotations

from flashsync.model.schedule import Hours
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.turns import LONGEST, Turn, next_handoff, round_end, turn_at, turns
from tests.rotation.made import SHANGHAI, WORKDAYS, at, rotating

MONDAY = at("2026-01-05")


def test_a_turn_is_whole_whatever_mask_and_hours_leave_of_it() -> None:
    hours = Hours("day", ((9 * HOUR, 10 * HOUR),))
    layer = rotating(MONDAY, 1, "week", days=WORKDAYS, hours=hours, handoff=0)
    assert turn_at(layer, SHANGHAI, MONDAY + 9 * DAY) == Turn(
        1, MONDAY + WEEK, MONDAY + 2 * WEEK, 1
    )


def test_excluded_days_lead_the_turn_after_them() -> None:
    layer = rotating(MONDAY, 1, "day", days=WORKDAYS)
    saturday, next_tuesday = at("2026-01-10"), at("2026-01-13")
    assert turn_at(layer, SHANGHAI, saturday) == Turn(5, saturday, next_tuesday, 1)
    assert next_handoff(layer, SHANGHAI, at("2026-01-09 12:00")) == saturday
    assert next_handoff(layer, SHANGHAI, saturday) == next_tuesday


def test_before_and_after_a_layer() -> None:
    layer = rotating(MONDAY, 1, "day", end=MONDAY + 36 * HOUR)
    assert turn_at(layer, SHANGHAI, MONDAY - 1) is None
    assert turn_at(layer, SHANGHAI, MONDAY + 36 * HOUR) is None
    assert next_handoff(layer, SHANGHAI, MONDAY - 1) == MONDAY
    assert next_handoff(layer, SHANGHAI, MONDAY) == MONDAY + DAY
    assert next_handoff(layer, SHANGHAI, MONDAY + DAY) is None
    assert next_handoff(layer, SHANGHAI, MONDAY + 36 * HOUR) is None
    assert [*turns(layer, SHANGHAI, 0, MONDAY + WEEK)] == [
        Turn(0, MONDAY, MONDAY + DAY, 0),
        Turn(1, MONDAY + DAY, MONDAY + 36 * HOUR, 1),
    ]


def test_a_start_that_is_in_no_calendar() -> None:
    layer = rotating(10**15, 1, "day")
    assert turn_at(layer, SHANGHAI, MONDAY) is None
    assert next_handoff(layer, SHANGHAI, MONDAY) == 10**15
    assert round_end(layer, SHANGHAI, MONDAY) == MONDAY + LONGEST


def test_of_a_fair_layer_only_the_times_are_known() -> None:
    layer = rotating(MONDAY, 1, "day", fair=True)
    assert turn_at(layer, SHANGHAI, MONDAY) == Turn(0, MONDAY, MONDAY + DAY, None)


def test_a_round_gives_each_group_a_turn() -> None:
    layer = rotating(MONDAY, 1, "day", groups=3)
    assert round_end(layer, SHANGHAI, MONDAY) == MONDAY + 3 * DAY
    assert round_end(layer, SHANGHAI, MONDAY + HOUR) == MONDAY + 3 * DAY
    assert round_end(layer, SHANGHAI, MONDAY - WEEK) == MONDAY + 3 * DAY


def test_a_round_ends_with_the_layer_or_after_400_days() -> None:
    layer = rotating(MONDAY, 1, "day", groups=3, end=MONDAY + 2 * DAY)
    assert round_end(layer, SHANGHAI, MONDAY) == MONDAY + 2 * DAY
    assert round_end(layer, SHANGHAI, MONDAY + WEEK) == MONDAY + WEEK
    slow = rotating(MONDAY, 10, "month")
    assert round_end(slow, SHANGHAI, MONDAY) == MONDAY + LONGEST
