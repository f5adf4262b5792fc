"""How a file that is written names a person of the account."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.model.people import Directory, MemberStatus, Person
from flashsync.resolve.describe import WrittenNames

PEOPLE = (
    Person(1, "Alice", "alice@example.com"),
    Person(2, "钱多多"),
    Person(3, "Wu，Dave"),
    Person(4, "me@home"),
    Person(5, "Li\u200bWei"),
    Person(6, "Two\nLines"),
    Person(7, "Twin"),
    Person(8, "Twin"),
    Person(9, "42"),
    Person(10, "Gone", "gone@example.com", MemberStatus.DELETED),
    Person(11, ""),
)
NAMES = WrittenNames(Directory({person.id: person for person in PEOPLE}), {})


@pytest.mark.parametrize(
    ("id", "form"),
    [
        (1, "alice@example.com"),
        (2, "钱多多"),
        (3, {"name": "Wu，Dave"}),
        (4, {"name": "me@home"}),
        (5, {"name": "Li\u200bWei"}),
        (6, "6"),
        (7, "7"),
        (9, {"name": "42"}),
        (10, "10"),
        (11, "11"),
        (99, "99"),
    ],
)
def test_a_person_is_named_as_a_file_may(id: int, form: Any) -> None:
    assert NAMES.person(id) == form
