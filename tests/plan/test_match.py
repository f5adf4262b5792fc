"""Which live schedule a declared one is."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from typing import Any

import pytest

from flashsync.plan.match import Known, Matching, match, temporary_name
from tests.plan.helpers import desired


def matched(files: list[Any], live: dict[int, str], **also: Any) -> Matching:
    return match(files, [Known(id, name) for id, name in live.items()], **also)


def ids(matching: Matching) -> list[int | None]:
    return [one.live.id if one.live else None for one in matching.matches]


@pytest.mark.parametrize(
    ("files", "live", "found"),
    [
        ([desired("A")], {1: "A"}, [1]),
        ([desired("A")], {1: "B"}, [None]),
        ([desired("A")], {1: " A "}, [1]),
        ([desired("A")], {1: "A ", 2: "A"}, [2]),
        ([desired("A")], {2: "A", 1: "A "}, [2]),
        ([desired("Caf\u00e9")], {1: "Cafe\u0301"}, [1]),
        ([desired("A")], {1: "a"}, [None]),
        ([desired("A", id=1)], {1: "B"}, [1]),
        ([desired("A", renamed_from="B")], {1: "B"}, [1]),
        ([desired("A", renamed_from="B")], {1: "B", 2: "A"}, [2]),
        ([desired("A", renamed_from="C")], {1: "B"}, [None]),
        ([desired("A", id=1, renamed_from="B")], {1: "X", 2: "B"}, [1]),
        # an old name that has a file of its own is not the new one's
        ([desired("A", renamed_from="B"), desired("B")], {1: "B"}, [None, 1]),
        # by ids, names go round in a cycle, along a chain, and to a new schedule
        ([desired("A", id=2), desired("B", id=1)], {1: "A", 2: "B"}, [2, 1]),
        ([desired("B", id=1), desired("C", id=2)], {1: "A", 2: "B"}, [1, 2]),
        ([desired("B", id=1), desired("A")], {1: "A"}, [1, None]),
        ([desired("A"), desired("B", id=1)], {1: "A"}, [None, 1]),
        ([desired("B", renamed_from="A"), desired("C", id=2)], {1: "A", 2: "B"}, [1, 2]),
        # a run that was cut off while names went round
        ([desired("A"), desired("B")], {1: temporary_name("A"), 2: "B"}, [1, 2]),
        ([desired("A", id=1), desired("B", id=2)], {1: temporary_name("A"), 2: "A"}, [1, 2]),
        ([desired("A", absent=True)], {1: "A"}, [1]),
        ([desired("A", absent=True, id=9)], {1: "B"}, [None]),
        ([desired("Old", absent=True, id=1), desired("A")], {1: "A"}, [1, None]),
    ],
)
def test_found_by_id_by_name_or_by_the_old_name(files: Any, live: Any, found: Any) -> None:
    matching = matched(files, live)
    assert matching.problems == ()
    assert ids(matching) == found
    assert [one.desired for one in matching.matches] == files
    taken = {id for id in found if id}
    assert {one.id for one in matching.undeclared} == live.keys() - taken
    assert matching.creates == any(
        id is None and not one.absent for id, one in zip(found, files, strict=True)
    )


@pytest.mark.parametrize(
    ("files", "live", "said"),
    [
        ([desired("A", id=9)], {1: "A"}, ["a.yaml:1:1: the account has no schedule with the id 9; correct `id`, or leave it out to go by the name"]),
        ([desired("A", id=1, line=3), desired("B", id=1)], {1: "A"}, ["a.yaml:1:1: `B` and `A` (a.yaml:3:1) mean the same schedule; only one of them can be A (id 1)"]),
        ([desired("A"), desired("A")], {1: "A"}, ["a.yaml:1:1: `A` and `A` (a.yaml:1:1) mean the same schedule; only one of them can be A (id 1)"]),
        ([desired("A", renamed_from="C"), desired("B", renamed_from="C")], {1: "C"}, ["a.yaml:1:1: `B` and `A` (a.yaml:1:1) mean the same schedule; only one of them can be C (id 1)"]),
        ([desired("A", id=1), desired("B", renamed_from="C")], {1: "C"}, ["a.yaml:1:1: `B` and `A` (a.yaml:1:1) mean the same schedule; only one of them can be C (id 1)"]),
        ([desired("A", id=1)], {1: "B", 2: "A"}, ["a.yaml:1:1: the name `A` belongs to another live schedule (id 2), which this run does not plan; choose another name, or give the other one a file with that `id`"]),
    ],
)  # fmt: skip
def test_what_is_contradictory(files: Any, live: Any, said: list[str]) -> None:
    assert [str(problem) for problem in matched(files, live).problems] == said


def test_what_other_files_mean_is_not_undeclared() -> None:
    live = {1: "A", 2: "B", 3: "C", 4: "D"}
    found = matched([desired("A")], live, others=[desired("B "), desired("X", id=3)])
    assert [one.id for one in found.undeclared] == [4]


def test_a_narrow_run_means_the_same_schedules_as_one_over_all_files() -> None:
    pinned, absent = desired("New", id=1, line=1), desired("Old", absent=True, line=2)
    assert matched([absent], {1: "Old"}, others=[pinned]).matches[0].live is None
    fresh = matched([desired("Old", line=2)], {1: "Old"}, others=[pinned])
    assert fresh.matches[0].live is None
    (problem,) = fresh.problems
    assert problem.text == (
        "the name `Old` belongs to another live schedule (id 1), which this run does not plan; "
        "plan `New` too, or wait until it is applied"
    )


def test_a_temporary_name_is_short_and_tells_the_final_one() -> None:
    names = {temporary_name(name) for name in ("A", "B", "值" * 40, "\ud800")}
    assert len(names) == 4
    assert all(len(name) <= 40 for name in names)
