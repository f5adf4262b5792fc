"""A change in one line: every kind has a text, whatever its values are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.plan.model import Change, ChangeKind, FileValue
from flashsync.render.plan.changes import change_text, differences_text, value_text
from tests.properties import trying

# ruff: noqa: E501 - a change stands on one line

ROTA = ("alice", "bob", "carol")
CASES: list[tuple[ChangeKind, FileValue | None, FileValue | None, str]] = [
    (ChangeKind.SET, None, "a\nb", "a↵b"),
    (ChangeKind.ADDED, None, ("a", "b"), "+ [a, b]"),
    (ChangeKind.REMOVED, {"rotation": "1 day", "groups": ROTA[:1]}, None, "- rotation: 1 day, groups: [alice]"),
    (ChangeKind.CHANGED, "1 week", "2 weeks", "1 week → 2 weeks"),
    (ChangeKind.TURNS, ROTA, ("carol", "bob"), "- alice, order: alice, bob, carol → carol, bob"),
    (ChangeKind.ENTRIES, ("c1", "c2"), ("c2", "c3"), "+ c3, - c1"),
    (ChangeKind.RENAMED, "Primary", "First", "renamed from Primary"),
    (ChangeKind.GROUP_NAMES, ("", "B"), ("Night", "B"), "names: (none), B → Night, B"),
    (ChangeKind.SECRET, None, {"env": "TOKEN"}, "set, from env: TOKEN"),
    (ChangeKind.SECRET, "***", {"file": "/run/x"}, "changed, from file: /run/x"),
    (ChangeKind.SECRET, "***", None, "removed"),
    (
        ChangeKind.ENDED_LINK,
        {"start": "2026-01-05 10:00", "end": "2026-03-02 10:00"},
        None,
        "- link of 2026-01-05 10:00 – 2026-03-02 10:00",
    ),
    (ChangeKind.UNNAMED, None, None, "differs in what no file can say"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "text"), CASES)
def test_a_change_in_one_line(
    kind: ChangeKind, before: FileValue | None, after: FileValue | None, text: str
) -> None:
    change = Change("layers[Primary]", kind, before, after)
    assert change_text(change) == text
    assert differences_text([change, change]) == f"layers[Primary]: {text}; layers[Primary]: {text}"


def test_every_kind_is_in_the_table() -> None:
    assert {kind for kind, *_ in CASES} == set(ChangeKind)


texts = st.text(max_size=4)
lists = st.lists(texts, max_size=3).map(tuple)
values = st.none() | texts | lists | st.dictionaries(texts, texts | lists, max_size=2)


@trying(50)
@given(st.sampled_from(ChangeKind), values, values)
def test_values_of_another_kind_have_a_text_too(
    kind: ChangeKind, before: FileValue | None, after: FileValue | None
) -> None:
    """A saved plan may have been edited."""
    assert isinstance(change_text(Change("x", kind, before, after)), str)
    assert isinstance(value_text(before), str)
