"""A text that shall mean another tree changes where the meaning changes, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.files.rewrite import rewrite_text
from tests.files.commented import comments, texts
from tests.files.helpers import SOURCE, trees
from tests.properties import trying

ROTA = """\
# Who is woken up at night.
schedule: 'Production'   # the name

description: |  # Markdown
  First line.
  Second line.
layers:
  - layer: Primary
    rotation: 1 week
    groups:
      - alice          # the lead
      - [bob, carol]
      # dave is on leave
    # the end of Primary

  - layer: "Second"
    days: mon-fri   # working days
    groups: [ bob, "carol" ]
overrides:
  # Alice marries
  - override: Wedding
    from: 2026-12-01 00:00   # Tuesday
    people: [bob]
x-mine: {a: 1}
"""


def rewritten(text: str, change: Callable[[Any], object], document: int = 0) -> str:
    """The text after a change of its tree."""
    tree = deepcopy(trees(text)[document])
    change(tree)
    return rewrite_text(text, SOURCE, {document: tree}).after


def diff(before: str, after: str) -> list[str]:
    """The lines that go and come."""
    from difflib import ndiff

    return [
        line.rstrip() for line in ndiff(before.split("\n"), after.split("\n")) if line[0] in "+-"
    ]


def first_layer(change: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda tree: change(tree["layers"][0])


def second_layer(change: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda tree: change(tree["layers"][1])


def put(mapping: dict[str, Any], key: str, value: Any, after: str) -> None:
    items = list(mapping.items())
    place = list(mapping).index(after) + 1
    mapping.clear()
    mapping.update([*items[:place], (key, value), *items[place:]])


CHANGES: dict[str, tuple[Callable[[Any], object], list[str]]] = {
    "nothing": (lambda tree: None, []),
    "a text in quotes keeps them": (
        lambda tree: tree.update(schedule="It's"),
        ["- schedule: 'Production'   # the name", "+ schedule: 'It''s'   # the name"],
    ),
    "a block of text": (
        lambda tree: tree.update(description="First line.\nThird line."),
        [
            "- description: |  # Markdown",
            "+ description: |-  # Markdown",
            "-   Second line.",
            "+   Third line.",
        ],
    ),
    "a block of text to one line keeps its comment": (
        lambda tree: tree.update(description="One."),
        [
            "- description: |  # Markdown",
            "-   First line.",
            "-   Second line.",
            "+ description: One.  # Markdown",
        ],
    ),
    "a text with a comment to several lines": (
        second_layer(lambda layer: layer.update(days="mon\ntue")),
        ["-     days: mon-fri   # working days", '+     days: "mon\\x0atue"   # working days'],
    ),
    "a scalar with a comment": (
        second_layer(lambda layer: layer.update(days="sat-sun")),
        ["-     days: mon-fri   # working days", "+     days: sat-sun   # working days"],
    ),
    "a key that goes leaves its comment": (
        second_layer(lambda layer: layer.pop("days")),
        ["-     days: mon-fri   # working days", "+     # working days"],
    ),
    "a new key comes after its neighbour": (
        first_layer(lambda layer: put(layer, "hours", "09:00-18:00", "rotation")),
        ["+     hours: 09:00-18:00"],
    ),
    "somebody joins at the end": (
        first_layer(lambda layer: layer["groups"].append("erin")),
        ["+       - erin"],
    ),
    "somebody joins as the first": (
        first_layer(lambda layer: layer["groups"].insert(0, "erin")),
        ["+       - erin"],
    ),
    "somebody joins in brackets": (
        first_layer(lambda layer: layer["groups"][1].append({"person": "erin", "role": "backup"})),
        ["-       - [bob, carol]", "+       - [bob, carol, {person: erin, role: backup}]"],
    ),
    "somebody leaves, and the comment stays": (
        first_layer(lambda layer: layer["groups"].pop(0)),
        ["-       - alice          # the lead", "+       # the lead"],
    ),
    "somebody takes over": (
        first_layer(lambda layer: layer["groups"].__setitem__(0, "erin")),
        ["-       - alice          # the lead", "+       - erin          # the lead"],
    ),
    "a person becomes two": (
        first_layer(lambda layer: layer["groups"].__setitem__(0, ["alice", "erin"])),
        ["-       - alice          # the lead", "+       - [alice, erin]          # the lead"],
    ),
    "brackets keep their spaces and quotes": (
        second_layer(lambda layer: layer["groups"].pop(0)),
        ['-     groups: [ bob, "carol" ]', '+     groups: [ "carol" ]'],
    ),
    "a new layer": (
        lambda tree: tree["layers"].insert(
            1, {"layer": "Third", "rotation": "1 day", "groups": ["dave"]}
        ),
        ["+", "+   - layer: Third", "+     rotation: 1 day", "+     groups:", "+       - dave"],
    ),
    "a layer goes and its comments stay": (
        lambda tree: tree["layers"].pop(1),
        [
            '-   - layer: "Second"',
            "-     days: mon-fri   # working days",
            '-     groups: [ bob, "carol" ]',
            "+   # working days",
        ],
    ),
    "the last of a list goes with its key": (
        lambda tree: tree.pop("overrides"),
        [
            "- overrides:",
            "-   # Alice marries",
            "-   - override: Wedding",
            "-     from: 2026-12-01 00:00   # Tuesday",
            "-     people: [bob]",
            "+ # Alice marries",
            "+ # Tuesday",
        ],
    ),
    "lines become a scalar": (
        lambda tree: tree.update(overrides="none"),
        [
            "- overrides:",
            "-   # Alice marries",
            "-   - override: Wedding",
            "-     from: 2026-12-01 00:00   # Tuesday",
            "-     people: [bob]",
            "+ # Alice marries",
            "+ # Tuesday",
            "+ overrides: none",
        ],
    ),
    "a scalar becomes brackets": (
        second_layer(lambda layer: layer.update(days=["sat", "mon-wed"])),
        [
            "-     days: mon-fri   # working days",
            "+     days: [sat, mon-wed]   # working days",
        ],
    ),
    "a text that YAML would misread gets quotes": (
        second_layer(lambda layer: layer.update(days="on")),
        ["-     days: mon-fri   # working days", '+     days: "on"   # working days'],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_differs_changes(name: str) -> None:
    change, expected = CHANGES[name]
    after = rewritten(ROTA, change)
    assert sorted(diff(ROTA, after)) == sorted(expected)


def test_other_line_breaks_and_a_text_without_end_are_kept() -> None:
    text = ROTA.replace("\n", "\r\n").rstrip()
    after = rewritten(text, first_layer(lambda layer: layer["groups"].append("erin")))
    assert after == text.replace("on leave\r\n", "on leave\r\n").replace(
        "      - [bob, carol]\r\n", "      - [bob, carol]\r\n      - erin\r\n"
    )


def test_a_byte_order_mark_and_other_documents_are_kept() -> None:
    text = "\ufeffa: 1\n---\nb: 2 # two\n---\nc: 3\n"
    after = rewrite_text(text, SOURCE, {1: {"b": "x", "d": ["z"]}}).after
    assert after == "\ufeffa: 1\n---\nb: x # two\nd: [z]\n---\nc: 3\n"


def test_json_stays_json() -> None:
    import json

    text = json.dumps({"schedule": "P", "layers": [{"layer": "L", "groups": ["a", "b"]}]})
    after = rewritten(
        text, lambda tree: tree["layers"][0].update(groups=["a", "c", "b"], fair="true")
    )
    assert json.loads(after)["layers"][0]["groups"] == ["a", "c", "b"]


# Anchors, aliases and merge keys

SHARED = """\
x-base: &base
  rotation: 1 week   # as agreed
  groups: [alice, bob]
layers:
  - {layer: A, <<: *base}
  - layer: B
    <<: *base
    days: mon-fri
  - layer: C
    rotation: 2 weeks
    groups: &c [carol, dave]
  - layer: D
    rotation: 1 day
    groups: *c
"""


def test_a_merged_value_changes_at_its_anchor_where_all_uses_change() -> None:
    def change(tree: Any) -> None:
        for layer in tree["layers"][:2]:
            layer["rotation"] = "3 weeks"

    expected = SHARED.replace("1 week   #", "3 weeks   #")
    assert rewritten(SHARED, change) == expected


def test_a_merged_value_is_written_out_where_one_use_changes() -> None:
    after = rewritten(SHARED, lambda tree: tree["layers"][1].update(rotation="3 weeks"))
    assert diff(SHARED, after) == ["+     rotation: 3 weeks"]


def test_a_merged_key_that_goes_makes_the_others_explicit() -> None:
    after = rewritten(SHARED, lambda tree: tree["layers"][1].pop("groups"))
    assert diff(SHARED, after) == ["-     <<: *base", "+     rotation: 1 week"]


def test_an_aliased_value_changes_where_it_is_written_if_all_uses_do() -> None:
    def change(tree: Any) -> None:
        for layer in tree["layers"][2:]:
            layer["groups"] = ["carol", "dave", "erin"]

    assert rewritten(SHARED, change) == SHARED.replace("[carol, dave]", "[carol, dave, erin]")


@pytest.mark.parametrize("place", [2, 3])
def test_an_aliased_value_is_written_out_if_one_use_changes(place: int) -> None:
    def change(tree: Any) -> None:
        tree["layers"][place]["groups"] = ["erin"]

    after = rewritten(SHARED, change)
    if place == 2:
        expected = SHARED.replace("[carol, dave]", "[erin]").replace(
            "    groups: *c\n", "    groups:\n      - carol\n      - dave\n"
        )
    else:
        expected = SHARED.replace("    groups: *c\n", "    groups:\n      - erin\n")
    assert after == expected


def test_an_anchor_that_goes_is_written_out_at_its_uses() -> None:
    after = rewritten(SHARED, lambda tree: tree["layers"].pop(2))
    assert "groups: *c" not in after
    assert trees(after)[0]["layers"][2]["groups"] == ["carol", "dave"]  # type: ignore[index, call-overload]


# Anything

words = st.sampled_from(
    ["a", "on", "10:00", "x: y", "# no", "it's", '"q"', "é 值", "- d", "two\nlines", ""]
)
values = st.recursive(
    words,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(
            st.sampled_from(["layer", "groups", "to", "by", "end"]), inner, min_size=1, max_size=3
        )
    ),
    max_leaves=8,
)
mappings = st.dictionaries(
    st.sampled_from(["schedule", "layers", "team", "notify", "overrides"]),
    values,
    min_size=1,
    max_size=4,
)


@trying(40)
@given(data=st.data())
def test_any_text_can_mean_anything_else_and_keeps_its_comments(data: st.DataObject) -> None:
    before = {"schedule": data.draw(words), **data.draw(mappings)}
    text = data.draw(texts(before))
    assert trees(text) == [before]
    kept = {key: part for key, part in before.items() if data.draw(st.booleans())}
    wanted = {**kept, "schedule": data.draw(words), **data.draw(mappings)}
    after = rewrite_text(text, SOURCE, {0: wanted}).after
    assert trees(after) == [wanted]
    assert set(comments(text)) <= set(comments(after))
