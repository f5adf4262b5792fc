"""State in the file's own words, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.declared import scalars
from flashsync.model import wording
from flashsync.model.people import Directory, Person, Role
from flashsync.model.schedule import Group, Hours, Member, Rotation, canonical_hours
from flashsync.model.timezone import DAY, HOUR, MINUTE, WEEK, instants
from flashsync.model.wording import count, first, joined
from tests.model import strategies
from tests.model.strategies import steady


@steady
@given(strategies.rotations)
def test_a_rotation_is_read_as_it_was_written(value: Rotation) -> None:
    assert scalars.parse_rotation(wording.rotation(value)) == value


@steady
@given(st.integers(0, WEEK // MINUTE - 1))
def test_a_handoff_is_read_as_it_was_written(minute: int) -> None:
    assert scalars.parse_handoff(wording.time_of_week(minute * MINUTE)) == minute * MINUTE


@steady
@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_days_are_read_as_they_were_written(mask: frozenset[int]) -> None:
    assert scalars.parse_days(wording.days(mask).split(", ")) == mask


@steady
@given(strategies.hours)
def test_hours_are_read_as_they_were_written(value: Hours) -> None:
    assert scalars.parse_hours(wording.hours(value).split(", ")) == value


@steady
@given(st.integers(0, 100))
def test_a_lead_is_read_as_it_was_written(steps: int) -> None:
    assert scalars.parse_lead(wording.lead(steps * scalars.LEAD_STEP)) == steps * scalars.LEAD_STEP


@steady
@given(st.integers(1_000_000_000, 3_000_000_000), strategies.zones)
def test_a_time_is_read_as_it_was_written(instant: int, zone: str) -> None:
    moment = scalars.parse_moment(wording.time(instant, zone))
    if moment.offset is None:
        assert instants(moment.wall, zone) == (instant,)
    else:
        assert moment.wall - moment.offset == instant


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (1_761_438_600, "2025-10-26 02:30 +02:00"),
        (1_761_442_200, "2025-10-26 02:30 +01:00"),
        (1_761_442_201, "2025-10-26 02:30:01 +01:00"),
        (1_761_446_400, "2025-10-26 03:40"),
        (1_761_446_401, "2025-10-26 03:40:01"),
        (1_700_000_000_000_000, "second 1700000000000000"),
        (-(10**15), "second -1000000000000000"),
    ],
)
def test_a_time_has_an_offset_where_the_clock_shows_it_twice(instant: int, text: str) -> None:
    assert wording.time(instant, "Europe/Berlin") == text


@pytest.mark.parametrize(
    ("every", "windows", "text"),
    [
        ("day", [(9 * HOUR, 18 * HOUR)], "09:00-18:00"),
        ("day", [(18 * HOUR, 9 * HOUR)], "18:00-09:00"),
        ("day", [(0, DAY)], "00:00-24:00"),
        ("day", [(9 * HOUR + 30, 18 * HOUR)], "09:00:30-18:00"),
        ("week", [(9 * HOUR, 4 * DAY + 18 * HOUR)], "mon 09:00 - fri 18:00"),
        ("week", [(day * DAY, day * DAY + DAY) for day in range(5)], "mon-fri 00:00-24:00"),
        ("week", [(0, WEEK)], "mon 00:00 - sun 24:00"),
        ("week", [(10 * HOUR, DAY + 10 * HOUR)], "mon 10:00 - tue 10:00"),
        ("week", [(6 * DAY + 18 * HOUR, 9 * HOUR)], "sun 18:00-09:00"),
        ("week", [(WEEK + HOUR, 2 * HOUR)], "mon 01:00-02:00"),
        (
            "week",
            [(DAY, DAY + HOUR), (5 * DAY, 5 * DAY + HOUR), (6 * DAY + HOUR, HOUR)],
            "tue 00:00-01:00, sat 00:00-01:00, sun 01:00 - mon 01:00",
        ),
    ],
)
def test_hours_in_words(every: str, windows: list[tuple[int, int]], text: str) -> None:
    found = canonical_hours(every, windows)  # type: ignore[arg-type]
    assert found is not None
    assert wording.hours(found) == text


@pytest.mark.parametrize(
    ("mask", "text"),
    [
        ({1, 2, 3, 4, 5}, "mon-fri"),
        ({0, 6}, "sat, sun"),
        ({0, 1, 3}, "mon, wed, sun"),
        ({0, 1, 2, 3, 4, 5, 6}, "mon-sun"),
    ],
)
def test_days_in_words(mask: set[int], text: str) -> None:
    assert wording.days(frozenset(mask)) == text


def test_people_of_a_turn_by_role_and_name() -> None:
    directory = Directory(
        people={1: Person(1, "Zoe"), 2: Person(2, "Al"), 3: Person(3, "Bo"), 4: Person(4, "")},
        roles={7: Role(7, "shadow")},
    )
    assert wording.group(Group(frozenset({Member(1)})), directory) == "Zoe"
    found = frozenset({Member(1), Member(2, 1), Member(3, 7), Member(4), Member(9, 8)})
    text = "[Zoe, person 4, Al (backup), Bo (shadow), person 9 (role 8)]"
    assert wording.members(found, directory) == text


# Numbers and lists as people say them.


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 schedules"), (1, "1 schedule"), (2, "2 schedules")]
)
def test_count(number: int, text: str) -> None:
    assert count(number, "schedule") == text


def test_count_of_what_has_its_own_plural() -> None:
    assert count(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_joined(parts: list[str], text: str) -> None:
    assert joined(parts) == text


def test_joined_by_another_word() -> None:
    assert joined(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a", "b", "c", "d"], "a, b and 2 more")],
)
def test_the_first_of_many(parts: list[str], text: str) -> None:
    assert first(parts, 2) == text
