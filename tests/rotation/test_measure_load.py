"""How much people are on call: hours, nights, weekends, shifts, over changes of the clocks."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.calendar import Shift, merged
from flashsync.model.duty_load import DutyLoad, Load
from flashsync.model.schedule import BACKUP, Member
from flashsync.model.timezone import DAY, HOUR, MINUTE, WEEK
from flashsync.rotation.calendar import calendar
from flashsync.rotation.measure_load import measure_duties, measure_people
from tests.model.strategies import steady
from tests.rotation.made import BERLIN, SHANGHAI, at, cover, rotating, shift

NEW_YORK = "America/New_York"
ALICE, BOB = Member(1), Member(2)

SLOT = 15 * MINUTE
"""Seconds: all offsets of zones in use are whole slots."""
NEAR = {
    SHANGHAI: "2026-01-09 17:00",
    BERLIN: "2026-03-27 17:00",
    NEW_YORK: "2026-10-30 17:00",
    "Australia/Lord_Howe": "2026-04-03 17:00",
    "Asia/Kathmandu": "2026-01-09 17:00",
}
"""Zones, and a Friday afternoon: in three of them before the clocks change."""

teams = st.frozensets(st.builds(Member, st.integers(1, 3), st.integers(0, 1)), max_size=3)
stretches = st.lists(st.tuples(st.integers(1, 90), teams), max_size=8)


def final_of(start: int, lengths: list[tuple[int, frozenset[Member]]]) -> tuple[Shift, ...]:
    """The final shifts of stretches in slots, one after the other."""
    shifts = []
    for slots, members in lengths:
        shifts.append(Shift(start, start + slots * SLOT, members))
        start += slots * SLOT
    return merged(shifts)


def count_slots(
    lengths: list[tuple[int, frozenset[Member]]], start: int, window: tuple[int, int], zone: str
) -> dict[Member, tuple[int, int, int, int]]:
    """Seconds in all, by night and at weekends, and shifts, by looking at each slot."""
    totals: dict[Member, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    slots = [members for number, members in lengths for _ in range(number)]
    before: frozenset[Member] = frozenset()
    for place, members in enumerate(slots):
        instant = start + place * SLOT
        if not window[0] <= instant < window[1]:
            continue
        shown = datetime.fromtimestamp(instant, ZoneInfo(zone))
        for member in members:
            total = totals[member]
            total[0] += SLOT
            total[1] += SLOT if shown.hour >= 22 or shown.hour < 6 else 0
            total[2] += SLOT if shown.strftime("%a") in ("Sat", "Sun") else 0
            total[3] += member not in before
        before = members
    return {member: (total[0], total[1], total[2], total[3]) for member, total in totals.items()}


@steady
@given(st.sampled_from(sorted(NEAR)), stretches, st.integers(0, 60), st.integers(0, 60))
def test_load_slot_by_slot(
    zone: str, lengths: list[tuple[int, frozenset[Member]]], late: int, early: int
) -> None:
    start = at(NEAR[zone], zone)
    final = final_of(start, lengths)
    end = start + sum(slots for slots, _ in lengths) * SLOT
    window = start + late * SLOT, max(start + late * SLOT, end - early * SLOT)
    found = {
        member: (
            duty.load.seconds,
            duty.load.night_seconds,
            duty.load.weekend_seconds,
            duty.shifts,
        )
        for member, duty in measure_duties(final, window, zone).items()
    }
    assert found == count_slots(lengths, start, window, zone)


def test_both_of_two_on_one_duty_carry_it_and_backup_is_apart() -> None:
    night = Shift(
        at("2026-01-05 22:00"),
        at("2026-01-06 06:00"),
        frozenset({ALICE, BOB, Member(3, BACKUP), Member(1, BACKUP)}),
    )
    whole = DutyLoad(Load(8 * HOUR, 8 * HOUR, 0), 1)
    assert measure_duties((night,), (0, at("2027-01-01 00:00")), SHANGHAI) == {
        ALICE: whole,
        BOB: whole,
        Member(3, BACKUP): whole,
        Member(1, BACKUP): whole,
    }


def test_an_override_counts_for_whoever_is_really_on_call() -> None:
    monday = at("2026-01-05 00:00")
    rota = rotating(monday, 1, "week", 1)
    away = cover(monday + DAY, monday + 2 * DAY, 2)
    final = calendar([rota], [away], SHANGHAI, monday, monday + WEEK).final
    assert measure_duties(final, (monday, monday + WEEK), SHANGHAI) == {
        ALICE: DutyLoad(Load(6 * DAY, 6 * 8 * HOUR, 2 * DAY), 2),
        BOB: DutyLoad(Load(DAY, 8 * HOUR, 0), 1),
    }


def test_a_colleague_who_changes_does_not_begin_another_shift() -> None:
    final = (shift(0, HOUR, 1, 2), shift(HOUR, 2 * HOUR, 1, 3), shift(3 * HOUR, 4 * HOUR, 1))
    assert measure_duties(final, (0, DAY), "UTC")[ALICE].shifts == 2


def test_a_load_ends_with_its_window() -> None:
    final = (shift(0, DAY, 1),)
    assert measure_duties(final, (6 * HOUR, 7 * HOUR), "UTC") == {ALICE: DutyLoad(Load(HOUR), 1)}
    assert measure_duties(final, (DAY, 2 * DAY), "UTC") == {}


def test_loads_add_up() -> None:
    one, other = DutyLoad(Load(3, 2, 1), 1), DutyLoad(Load(30, 20, 10), 2)
    assert one + other == DutyLoad(Load(33, 22, 11), 3)


# By person, in any role: what the plan's JSON has.


def test_load_of_a_weekend() -> None:
    final = (
        shift(at("2026-01-09 20:00"), at("2026-01-10 08:00"), 1),  # Friday to Saturday
        shift(at("2026-01-11 23:00"), at("2026-01-12 07:00"), 1, 2),  # Sunday to Monday
    )
    assert measure_people(final, SHANGHAI) == {
        1: Load(20 * HOUR, 15 * HOUR, 9 * HOUR),
        2: Load(8 * HOUR, 7 * HOUR, HOUR),
    }
    assert measure_people((), SHANGHAI) == {}


def test_load_of_a_night_in_which_clocks_change() -> None:
    final = (shift(at("2026-03-28 12:00", BERLIN), at("2026-03-29 12:00", BERLIN), 1),)
    assert measure_people(final, BERLIN) == {1: Load(23 * HOUR, 7 * HOUR, 23 * HOUR)}


def test_load_over_a_skipped_day() -> None:
    zone = "Pacific/Apia"
    final = (shift(at("2011-12-29 00:00", zone), at("2012-01-01 00:00", zone), 1),)
    found = measure_people(final, zone)[1]
    assert found.seconds == 2 * DAY
    assert found.weekend_seconds == DAY


def test_a_window_of_no_time_has_no_load() -> None:
    start = at(NEAR[SHANGHAI], SHANGHAI)
    final = final_of(start, [(2, frozenset({ALICE}))])
    assert measure_duties(final, (start + SLOT, start + SLOT), SHANGHAI) == {}
