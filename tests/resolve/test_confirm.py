"""Ids of persons are confirmed before they are used."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

import pytest

from flashsync.model.people import Person
from flashsync.resolve.names import confirm

ALICE = Person(1, "Alice", "alice@example.com")


@pytest.mark.parametrize(
    ("member", "person"),
    [
        (ALICE, ALICE),
        (ALICE, Person(1, "Alice Wu", "ALICE@example.com")),
        (Person(1, "Alice", ""), Person(1, " Alice", "other@example.com")),
        (Person(1, "Alice", "alice@example.com"), Person(1, "Alice", "")),
        (None, ALICE),
    ],
)
def test_the_same_person(member: Person | None, person: Person) -> None:
    assert confirm([1, 1], {1: member} if member else {}, {1: person}) == []


@pytest.mark.parametrize(
    ("member", "person", "said"),
    [
        (ALICE, Person(1, "Bob", "bob@example.com"), "Alice <alice@example.com> has the member id 1, but person 1 is Bob <bob@example.com>"),
        (Person(1, "Alice", ""), Person(1, "Bob", ""), "Alice has the member id 1, but person 1 is Bob"),
        (Person(1, "", "a@b"), Person(1, "", "c@d"), "a@b has the member id 1, but person 1 is c@d"),
        (ALICE, None, "Alice <alice@example.com> has the member id 1, but no person has it"),
        (None, None, "nobody in the account has the id 1"),
    ],
)  # fmt: skip
def test_somebody_else_or_nobody(member: Person | None, person: Person | None, said: str) -> None:
    listed, confirmed = {1: member} if member else {}, {1: person} if person else {}
    (problem,) = confirm([1], listed, confirmed)
    assert problem.message == said
    assert problem.remedy


def test_one_problem_a_person_in_a_stable_order() -> None:
    found = confirm([9, 3, 9, 1], {1: ALICE}, {1: ALICE})
    assert ["id 3" in found[0].message, "id 9" in found[1].message] == [True, True]
    assert len(found) == 2
