"""Pieces of overrides, against a count of every instant of a short time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.schedule import MARK, Member, Override, Schedule
from flashsync.plan.merge import (
    compare_cover,
    cut_around,
    cut_overlaps,
    declared_overrides,
    find_ineffective,
    find_yielded,
    update_overrides,
    without_overlaps,
)

END, NOW = 12, 4
Who = tuple[str, frozenset[Member]]


def override(start: int, end: int, person: int = 1, name: str = "A" + MARK) -> Override:
    return Override(name, start, end, frozenset({Member(person)}), {"layer_name": name})


@st.composite
def overrides(draw: st.DrawFn, *names: str) -> Override:
    start = draw(st.integers(0, END - 1))
    end = draw(st.integers(start + 1, END))
    return override(start, end, draw(st.integers(1, 2)), draw(st.sampled_from(names)))


declared = st.lists(overrides("A" + MARK, "B" + MARK), max_size=4)
accounts = st.lists(overrides("A" + MARK, "B" + MARK, "Swap"), max_size=4)


def held(some: Iterable[Override], at: int) -> list[Who]:
    return [(one.name, one.members) for one in some if one.start <= at < one.end]


def ours(some: Sequence[Override]) -> list[Override]:
    return [one for one in some if one.ours]


def theirs(some: Sequence[Override]) -> list[Override]:
    return [one for one in some if not one.ours]


def wanted(file: Sequence[Override], live: Sequence[Override], at: int) -> list[Who]:
    """Who of ours shall hold: nobody below the console's, else the last entry's people."""
    return [] if held(theirs(live), at) else held(file, at)[-1:]


@given(declared)
def test_the_later_entry_decides(file: list[Override]) -> None:
    pieces = cut_overlaps(file)
    for at in range(END):
        assert held(pieces, at) == held(file, at)[-1:]
    assert cut_overlaps(pieces) == pieces
    assert without_overlaps(Schedule("A", overrides=tuple(file))).overrides == pieces
    for now in (0, NOW):
        assert declared_overrides(file, now) == tuple(one for one in pieces if not one.past(now))


@given(accounts)
def test_of_a_schedule_that_comes_back_the_consoles_decide(before: list[Override]) -> None:
    found = declared_overrides(before, 0)
    assert theirs(found) == theirs(before)
    for at in range(END):
        assert held(ours(found), at) == wanted(ours(before), before, at)


@given(declared, accounts)
def test_a_write_leaves_the_declared_cover_and_the_past(
    file: list[Override], live: list[Override]
) -> None:
    sent = update_overrides(file, live, NOW)
    assert theirs(sent) == theirs(live)
    for at in range(END):
        now = set(held(ours(sent), at)) - set(held(ours(live), at) if at < NOW else ())
        assert now == (set() if at < NOW else set(wanted(file, live, at)))
        if at < NOW:
            assert set(held(ours(live), at)) == set(held(ours(sent), at))
        elif held(theirs(live), at):
            assert not held(ours(sent), at)
    for later in (NOW, NOW + 1, END):
        assert update_overrides(file, sent, later) == sent


@given(declared, accounts)
def test_differences_are_about_who_covers_when(file: list[Override], live: list[Override]) -> None:
    schedule = Schedule("A", overrides=tuple(live))
    found = compare_cover(schedule, file, NOW)
    for at in range(NOW, END):
        before = set() if held(theirs(live), at) else set(held(ours(live), at))
        after = set(wanted(file, live, at))
        assert set(held(found.removed, at)) == before - after
        assert set(held(found.added, at)) == after - before
    assert all(one.end > NOW for one in (*found.removed, *found.added))
    sent = update_overrides(file, live, NOW)
    for later in (NOW, NOW + 1, END):
        again = compare_cover(Schedule("A", overrides=sent), file, later)
        assert (again.removed, again.added) == ((), ())


@given(declared, st.data())
def test_another_order_shows_exactly_what_it_changes(
    file: list[Override], data: st.DataObject
) -> None:
    sent = Schedule("A", overrides=declared_overrides(file, NOW))
    other = data.draw(st.permutations(file))
    found = compare_cover(sent, other, NOW)
    differs = any(held(file, at)[-1:] != held(other, at)[-1:] for at in range(NOW, END))
    assert bool(found.removed or found.added) is differs


@given(declared, accounts)
def test_what_is_left_to_the_console_is_what_it_cuts_out(
    file: list[Override], live: list[Override]
) -> None:
    pieces = cut_overlaps(file)
    left = list(find_yielded(Schedule("A", overrides=tuple(live)), file, NOW))
    for at in range(NOW, END):
        cut = set(held(pieces, at)) - set(held(cut_around(pieces, theirs(live)), at))
        found = [one for one in left if one.span[0] <= at < one.span[1]]
        assert {(one.piece.name, one.piece.members) for one in found} == cut
        assert all(one.to in live and held([one.to], at) for one in found)


def test_an_override_that_stays_is_sent_as_it_came() -> None:
    live = [override(0, 9), override(10, 12), override(5, 6, 2, "Swap")]
    shortened, swap, added = update_overrides([override(0, 11)], live, NOW)
    assert swap is live[2]
    assert (shortened, shortened.carried) == (override(0, 5), {})
    assert (added, added.carried) == (override(6, 11), {})
    apart = [override(0, 5), override(6, 9), override(5, 6, 2, "Swap")]
    kept = update_overrides([override(0, 9)], apart, NOW)
    assert all(one is other for one, other in zip(kept, apart, strict=True))


def test_entries_without_effect() -> None:
    file = [override(0, 3), override(4, 8), override(2, 6, 2), override(5, 9, 3)]
    assert list(find_ineffective(file, 0)) == [file[1]]
    assert list(find_ineffective(file, 8)) == []


def test_whether_one_of_ours_is_there_too() -> None:
    swap = override(5, 7, 2, "Swap")
    for live, unsettled in (([swap], False), ([swap, override(4, 9)], True)):
        (left,) = find_yielded(Schedule("A", overrides=tuple(live)), [override(4, 9)], 0)
        assert (left.span, left.to, left.unsettled) == ((5, 7), swap, unsettled)
