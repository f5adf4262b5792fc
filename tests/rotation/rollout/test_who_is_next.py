"""Groups of a file and live ones: the names that they keep, and an order that is turned."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.schedule import Group, Member
from flashsync.rotation.rollout.who_is_next import find_turn, is_letter, name_groups, turn_back
from tests.model.strategies import steady
from tests.plan.helpers import groups


def names(desired: tuple[Group, ...], live: tuple[Group, ...]) -> str:
    return " ".join(str(group.name) for group in name_groups(desired, live))


@pytest.mark.parametrize(
    ("desired", "live", "found"),
    [
        (groups(1, 2, 3), (), "A B C"),
        (groups(1, 2), groups(1, 2, names="XY"), "X Y"),
        (groups(2, 1), groups(1, 2, names="XY"), "Y X"),
        (groups(1, 3), groups(1, 2, names="AB"), "A B"),
        (groups(3, 1), groups(1, 2, names="AB"), "B A"),
        # each live group serves once
        (groups(1, 1, 1), groups(1, 1, names="XY"), "X Y A"),
        # a name that the file gives stands, and nobody else gets it
        (groups(1, 2, names="ZQ"), groups(1, 2, names="AB"), "Z Q"),
        ((*groups(1), *groups(2, names="A")), groups(1, names="A"), "B A"),
        ((*groups(1), *groups(2, names="B")), (), "A B"),
        # a live group without a name keeps that
        (groups(1, 2), groups(1), "None A"),
    ],
)
def test_a_group_that_stays_keeps_its_name(desired: Any, live: Any, found: str) -> None:
    assert names(desired, live) == found


def test_letters_go_on_after_z() -> None:
    desired = tuple(Group(frozenset({Member(person)})) for person in range(30))
    assert names(desired, ()).split()[24:] == ["Y", "Z", "AA", "AB", "AC", "AD"]
    taken = groups(1, names="A")
    assert names((*taken, *groups(2)), ()) == "A B"


@pytest.mark.parametrize(
    ("name", "letter"),
    [(None, True), ("", True), ("A", True), ("AB", True), ("ABC", False), ("a", False), ("É", False), ("1", False), ("SR E", False)],
)  # fmt: skip
def test_names_that_tell_people_nothing(name: str | None, letter: bool) -> None:
    assert is_letter(name) is letter


@pytest.mark.parametrize(
    ("desired", "live", "by"),
    [
        ((1, 2, 3), (1, 2, 3), 0),
        ((2, 3, 1), (1, 2, 3), 1),
        ((3, 1, 2), (1, 2, 3), 2),
        ((3, 2, 1), (1, 2, 3), None),
        ((1, 2), (1, 2, 3), None),
        ((1, 2, 1, 3), (1, 3, 1, 2), 2),
        ((), (), 0),
    ],
)
def test_an_order_that_is_another_one_turned(desired: Any, live: Any, by: int | None) -> None:
    wanted, have = groups(*desired), groups(*live)
    assert find_turn(wanted, have) == by
    back = [one.members for one in turn_back(wanted, have)]
    assert back == [one.members for one in (wanted if by is None else have)]


@steady
@given(st.lists(st.integers(1, 3), min_size=1, max_size=6), st.integers(0, 5))
def test_turning_back_finds_the_live_names_again(staff: list[int], by: int) -> None:
    letters = "ABCDEF"[: len(staff)]
    live = groups(*staff, names=letters)
    by %= len(staff)
    wanted = groups(*staff[by:], *staff[:by])
    assert name_groups(turn_back(wanted, live), live) == live
