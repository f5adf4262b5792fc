"""Messages, docstrings, comments and documents are in plain English, without new dialect."""

from __future__ import annotations

import pytest

from tests.language import DIALECT, Dialect, Found, allowed, counts, dialect_found


@pytest.mark.parametrize("dialect", DIALECT, ids=lambda dialect: dialect.name)
def test_no_phrase_of_the_old_dialect_is_new(dialect: Dialect) -> None:
    """Found more often than allowed: write what the message says instead.

    Found less often: lower the number, by `python -m tests.language`.
    """
    limits = allowed().get(dialect.name, {})
    found = counts().get(dialect.name, {})
    rooms = sorted(limits.keys() | found.keys())
    wrong = [room for room in rooms if found.get(room, 0) != limits.get(room, 0)]
    assert not wrong, "\n".join(
        explained(dialect, room, found.get(room, 0), limits.get(room, 0)) for room in wrong
    )


def explained(dialect: Dialect, room: str, found: int, limit: int) -> str:
    """What is wrong in a room, and what to do."""
    if found < limit:
        return (
            f"{room}: {dialect.name!r} is found {found} times, and {limit} are allowed; "
            "run `python -m tests.language` to lower the number"
        )
    lines = [f"{room}: {dialect.name!r} is found {found} times, and {limit} are allowed."]
    lines += [f"Write instead: {dialect.instead}. It is found here:"]
    lines += [
        f"  {at.where}: …{at.excerpt}…" for at in dialect_found() if _is_of(at, dialect, room)
    ]
    return "\n".join(lines)


def _is_of(found: Found, dialect: Dialect, room: str) -> bool:
    return found.dialect is dialect and found.room == room


def test_the_list_has_no_phrase_that_nobody_looks_for() -> None:
    assert allowed().keys() - {dialect.name for dialect in DIALECT} == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("blank", "indent with blanks"),
        ("due", "a list is due here"),
        ("is no", "`x` is no report"),
        ("mend", "mend that, and run again"),
        ("meaning", "`handoff` has a meaning only with weeks"),
        ("one", "one that has ended"),
        ("one, in a message", "write one, or leave the key out"),
        ("said", "how it ended is said once"),
        ("second colon", "the system says: no such file: x"),
        ("so many", "for so many days"),
        ("stand", "a list stands where"),
        ("take out", "take the line with % out"),
        ("told", "what is told of it"),
        ("whose", "a layer whose end has passed"),
    ],
)
def test_a_phrase_is_found(name: str, text: str) -> None:
    (dialect,) = (dialect for dialect in DIALECT if dialect.name == name)
    assert dialect.pattern.search(text)


@pytest.mark.parametrize(
    "text", ["whose turn it is", "it is no longer live", "a stand-in", "one of these people"]
)
def test_plain_english_is_not_found(text: str) -> None:
    assert [dialect.name for dialect in DIALECT if dialect.pattern.search(text)] == []
