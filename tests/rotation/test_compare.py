"""What a calendar's final shifts say: gaps, moves, streaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.calendar import Shift, merged
from flashsync.model.schedule import BACKUP, PRIMARY, Member
from flashsync.rotation.compare import (
    Gap,
    Move,
    compare_gaps,
    find_gaps,
    gaps,
    introduced,
    longest,
    moves,
    opened_gaps,
)
from tests.model.strategies import steady
from tests.rotation.made import members, shift

END = 40
finals = st.lists(st.frozensets(st.integers(1, 3), max_size=2), min_size=END, max_size=END).map(
    lambda slots: merged(shift(at, at + 1, *people) for at, people in enumerate(slots))
)


def on_call(final: tuple[Shift, ...], instant: int) -> frozenset[Member]:
    """Who is on call, by looking at each shift."""
    return frozenset(
        member for one in final if one.start <= instant < one.end for member in one.members
    )


def test_gaps() -> None:
    final = (shift(10, 20, 1), shift(20, 25, 2), shift(30, 40, 1))
    assert gaps(final, 0, 50) == ((0, 10), (25, 30), (40, 50))
    assert gaps(final, 10, 25) == ()
    assert gaps((), 0, 50) == ((0, 50),)
    assert gaps((), 5, 5) == ()


def test_gaps_that_are_new() -> None:
    assert introduced(((0, 10), (20, 30)), ((5, 25), (40, 50))) == ((10, 20), (40, 50))
    assert introduced(((0, 10),), ((2, 8),)) == ()
    assert introduced((), ((2, 8),)) == ((2, 8),)
    assert introduced(((2, 8),), ()) == ()


@steady
@given(finals, finals)
def test_gaps_instant_by_instant(before: tuple[Shift, ...], after: tuple[Shift, ...]) -> None:
    old, new = gaps(before, 0, END), gaps(after, 0, END)
    fresh = introduced(old, new)
    compared = compare_gaps(before, after, 0, END)
    assert [[gap.span for gap in side] for side in compared] == [[*fresh], [*old], [*new]]
    for instant in range(END):
        empty = not on_call(after, instant)
        assert any(start <= instant < end for start, end in new) == empty
        lost = empty and bool(on_call(before, instant))
        assert any(start <= instant < end for start, end in fresh) == lost


duties = st.lists(
    st.frozensets(st.builds(Member, st.integers(1, 2), st.sampled_from([PRIMARY, BACKUP]))),
    min_size=END,
    max_size=END,
).map(lambda slots: merged(Shift(at, at + 1, people) for at, people in enumerate(slots) if people))


@steady
@given(duties, duties)
def test_gaps_of_each_duty_instant_by_instant(
    before: tuple[Shift, ...], after: tuple[Shift, ...]
) -> None:
    opened, left = opened_gaps(before, after, 0, END), find_gaps(after, 0, END)
    assert compare_gaps(before, after, 0, END) == (opened, find_gaps(before, 0, END), left)
    led = any(member.role == PRIMARY for one in after for member in one.members)
    for instant in range(END):
        old, new = ({one.role for one in on_call(side, instant)} for side in (before, after))
        lost = ({None} if old and not new else set()) if not new else old - new
        assert {gap.role for gap in opened if gap.start <= instant < gap.end} == lost
        missing = {None} if not new else {PRIMARY} if led and PRIMARY not in new else set()
        assert {gap.role for gap in left if gap.start <= instant < gap.end} == missing


def test_the_gravest_gap_comes_first() -> None:
    pair = Shift(0, 20, frozenset({Member(1), Member(2, BACKUP)}))
    backup = Shift(0, 10, frozenset({Member(2, BACKUP)}))
    assert opened_gaps((pair,), (backup,), 0, 20) == (Gap(0, 10, PRIMARY), Gap(10, 20))
    assert find_gaps((backup,), 0, 20) == (Gap(10, 20),)
    assert find_gaps((pair,), 0, 20) == ()


def test_moves_stay_shifts() -> None:
    before = (shift(0, 10, 1), shift(10, 20, 2))
    after = (shift(0, 20, 3),)
    assert moves(before, after) == (
        Move(0, 10, members(1), members(3)),
        Move(10, 20, members(2), members(3)),
    )
    assert moves(before, before) == ()


def test_moves_from_and_to_nobody() -> None:
    assert moves((shift(0, 10, 1),), (shift(5, 15, 1),)) == (
        Move(0, 5, members(1), frozenset()),
        Move(10, 15, frozenset(), members(1)),
    )


def test_a_new_role_is_a_move() -> None:
    backup = frozenset({Member(1, 1)})
    assert moves((shift(0, 10, 1),), (Shift(0, 10, backup),)) == (Move(0, 10, members(1), backup),)


@steady
@given(finals, finals)
def test_moves_instant_by_instant(before: tuple[Shift, ...], after: tuple[Shift, ...]) -> None:
    found = moves(before, after)
    said = {at: one for one in found for at in range(one.start, one.end)}
    for instant in range(END):
        sides = on_call(before, instant), on_call(after, instant)
        move = said.get(instant)
        assert (move is not None) == (sides[0] != sides[1])
        assert move is None or (move.before, move.after) == sides


def test_the_longest_stretch_without_a_break() -> None:
    as_backup = Shift(10, 20, frozenset({Member(1, 1), Member(2)}))
    final = (shift(0, 10, 1), as_backup, shift(21, 40, 1), shift(50, 60, 2))
    assert longest(final) == {1: (0, 20), 2: (10, 20)}
    assert longest(()) == {}
