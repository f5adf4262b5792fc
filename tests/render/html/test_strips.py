"""The lanes of a schedule, and who is in which of their slots."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.calendar import Calendar, Lane, Shift, ShownCalendar
from flashsync.model.schedule import Member
from flashsync.render.html.strips import Bar, StripKind, list_strips, stack_bars
from tests.properties import trying
from tests.render.calendars import DAY_NIGHT, MIXED, SWAPPED, UNKNOWN, view

WINDOW = (0, 100)


def shift(start: int, end: int, *people: int, backup: int | None = None) -> Shift:
    """A shift of some primaries, and one backup."""
    members = {Member(person) for person in people}
    return Shift(start, end, frozenset(members | ({Member(backup, 1)} if backup else set())))


def strips_of(shown: ShownCalendar) -> list[tuple[str, str, bool]]:
    """The lanes: name, kind, whether their shifts are known."""
    strips = list_strips(shown, view(14).window)
    return [(strip.name, strip.kind.value, strip.shifts is not None) for strip in strips]


def test_a_lane_for_each_layer_then_overrides_then_who_is_on_call() -> None:
    assert strips_of(MIXED) == [
        ("Primary", "layer", True),
        ("Office hours, in the office", "layer", True),
        ("overrides", "override", True),
        ("on call", "final", True),
    ]
    assert [name for name, *_ in strips_of(DAY_NIGHT)] == ["白班", "夜班", "on call"]


def test_overrides_share_a_lane_unless_they_overlap() -> None:
    (strip,) = [one for one in list_strips(SWAPPED, view(14).window) if one.causes]
    assert strip.causes == ("Swap 22", "Swap 23", "Swap 24", "Swap 25")
    lanes = tuple(Lane(f"O{start}", True, (shift(start, start + 20, 1),)) for start in (0, 10, 20))
    strips = list_strips(ShownCalendar("S", Calendar(*WINDOW, lanes)), WINDOW)
    assert [one.causes for one in strips[:-1]] == [("O0", "O20"), ("O10",)]


def test_layers_of_one_name_are_one_lane_unless_they_overlap() -> None:
    a, b, c = (Lane("L", False, (shift(*span, 1),)) for span in ((0, 9), (11, 15), (5, 8)))
    strips = list_strips(ShownCalendar("S", Calendar(*WINDOW, (a, b, c))), WINDOW)
    layers = [strip for strip in strips if strip.kind is StripKind.LAYER]
    assert [len(strip.shifts or ()) for strip in layers] == [2, 1]


def test_unknown_layers_and_the_result_have_no_shifts() -> None:
    assert ("Fair", "layer", False) in strips_of(UNKNOWN)
    assert strips_of(UNKNOWN)[-1] == ("on call", "final", False)


def test_whoever_stays_keeps_their_slot() -> None:
    stack = stack_bars(
        [shift(0, 10, 1, 2), shift(10, 20, 2, 3), shift(20, 30, 3)], WINDOW, merge=True
    )
    assert set(stack.bars) == {
        Bar(0, 10, 1, 0, 0),
        Bar(0, 20, 2, 0, 1),
        Bar(10, 30, 3, 0, 0),
    }
    assert (stack.primaries, stack.slots) == (2, 2)


def test_turns_stay_apart_where_bars_are_not_merged() -> None:
    stack = stack_bars([shift(0, 10, 1), shift(10, 20, 1)], WINDOW, merge=False)
    assert [(bar.start, bar.end) for bar in stack.bars] == [(0, 10), (10, 20)]


def test_other_roles_are_below_all_primaries() -> None:
    stack = stack_bars(
        [shift(0, 10, 1, backup=2), shift(10, 20, 3, 4, backup=5)], WINDOW, merge=True
    )
    assert {bar.person: bar.slot for bar in stack.bars if bar.role} == {2: 2, 5: 2}
    assert (stack.primaries, stack.slots) == (2, 3)


def test_nobody_takes_one_slot() -> None:
    assert stack_bars([], WINDOW, merge=True).slots == 1


GROUPS = st.frozensets(st.builds(Member, st.integers(1, 5), st.integers(0, 1)), max_size=4)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), GROUPS), max_size=12), st.booleans()
)
@trying(20)
def test_bars_are_the_shifts_and_do_not_overlap(
    steps: list[tuple[int, int, frozenset[Member]]], merge: bool
) -> None:
    shifts, at = [], -10
    for gap, length, members in steps:
        shifts.append(Shift(at + gap, at + gap + length, members))
        at += gap + length
    bars = stack_bars(shifts, (0, 60), merge=merge).bars
    for minute in range(60):
        expected = {
            (one.person, one.role)
            for other in shifts
            if other.start <= minute < other.end
            for one in other.members
        }
        running = [bar for bar in bars if bar.start <= minute < bar.end]
        assert {(bar.person, bar.role) for bar in running} == expected
        assert len({bar.slot for bar in running}) == len(running) == len(expected)
    for bar, other in combinations(bars, 2):
        assert bar.slot != other.slot or bar.end <= other.start or other.end <= bar.start
