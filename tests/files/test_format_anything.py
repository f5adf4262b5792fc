"""Random files in random styles: formatted once is formatted, and the meaning stays."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from flashsync.declared.fields import keys_of
from flashsync.declared.notify import Chat, Notify
from flashsync.declared.parse import read_schedule
from flashsync.errors import FilesError
from flashsync.files import load_text
from flashsync.files.compose import NewDocument, compose_file
from flashsync.files.document import TreePath
from flashsync.files.format import format_text
from flashsync.files.format_rules import LAYER_ORDER, SCHEDULE_ORDER
from tests.files.helpers import SOURCE
from tests.files.test_edit_anything import YAML_LIKE, Text, texts
from tests.promises import strategies
from tests.properties import trying
from tests.source import ROOT

COMMENTS = ("# top", "# note: [", "# end", "# x", "# [a, 'b", "# 值班: {")


def declared(text: str) -> list[object]:
    """What the documents of a text declare."""
    return [read_schedule(document.tree) for document in load_text(text, SOURCE)]


def comments(text: str) -> list[int]:
    """How often a text has each of the comments."""
    return [text.count(comment) for comment in COMMENTS]


@trying(40)
@given(texts())
def test_a_file_in_any_style_is_formatted_once(text: Text) -> None:
    before = "".join(text.parts)
    done = format_text(before, SOURCE)
    assert done.kept or "...\n" in before.replace("\r", "")
    assert declared(done.text) == declared(before)
    assert comments(done.text) == comments(before)
    assert format_text(done.text, SOURCE) == done


@trying(60, suppress_health_check=[HealthCheck.filter_too_much])
@given(YAML_LIKE.map("g: [a, b]\nh:\n- &a a\n- b\n".__add__))
def test_any_text_keeps_its_meaning(text: str) -> None:
    try:
        done = format_text(text, SOURCE)
        before = [document.tree for document in load_text(text, SOURCE)]
    except FilesError:
        return
    assert [document.tree for document in load_text(done.text, SOURCE)] == before
    assert format_text(done.text, SOURCE) == done


EXAMPLES = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("examples/**/*.yaml"))]
ANCHORS = """\
x-people: &people
  - alice
  - &b bob
schedule: A
layers:
  - <<: &night {rotation: 1 day, hours: [09:00-18:00]}
    layer: Q
    start: 2026-01-05 10:00
    groups: *people
  - layer: R
    <<: [*night]
    start: 2026-01-05 10:00
    groups: [&g [alice, *b], *g, {members: [*b], group: N}]
---
description: |
  x
   y

  z
schedule: B
absent: true
"""


@trying(60)
@given(st.sampled_from([*EXAMPLES, ANCHORS]), st.randoms(use_true_random=False))
def test_a_messy_example_is_formatted_once(text: str, random: Random) -> None:
    lines = text.split("\n")
    for _ in range(random.randint(1, 5)):
        make_a_mess(lines, random)
    messy = "\n".join(lines)
    try:
        before = load_text(messy, SOURCE)
    except FilesError:
        return
    done = format_text(messy, SOURCE)
    assert done.kept
    assert len(load_text(done.text, SOURCE)) == len(before)
    assert sorted(NOTE.findall(done.text)) == sorted(NOTE.findall(messy))
    assert format_text(done.text, SOURCE) == done


NOTE = re.compile("# note [0-9]+")


def make_a_mess(lines: list[str], random: Random) -> None:
    """Add a comment or an empty line, swap two lines, remove one, or indent all differently."""
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    note = f"# note {random.randint(0, 9)}"
    match random.randrange(6):
        case 0:
            lines.insert(at, " " * random.randint(0, 8) + note)
        case 1:
            lines.insert(at, random.choice(["", "   "]))
        case 2:
            lines[at] += f"  {note}"
        case 3:
            lines[at], lines[other] = lines[other], lines[at]
        case 4 if len(lines) > 1:
            del lines[at]
        case _:
            lines[:] = [" " * (len(line) - len(line.lstrip())) + line for line in lines]


@trying(40)
@given(strategies.schedules(), st.sets(st.integers(0, 3)))
def test_a_composed_file_is_formatted(tree: dict[str, Any], commented: set[int]) -> None:
    notes: dict[TreePath, str] = {("layers", 0, "groups", place): "left" for place in commented}
    text = compose_file([NewDocument(as_imported(tree), notes, schema="x.json")])
    assert format_text(text, SOURCE).text == text


def as_imported(tree: dict[str, Any]) -> dict[str, Any]:
    """A document in the order and the shorthand of those that describe a live schedule."""
    layers = []
    for layer in tree["layers"]:
        hours = {"hours": layer["hours"][0]} if "hours" in layer else {}
        groups = [shortest(group) for group in layer["groups"]]
        layers.append(in_order({**layer, **hours, "groups": groups}, LAYER_ORDER))
    notify = in_order(tree["notify"], keys_of(Notify))
    if "chats" in notify:
        notify["chats"] = [in_order(chat, keys_of(Chat)) for chat in notify["chats"]]
    return in_order({**tree, "layers": layers, "notify": notify}, SCHEDULE_ORDER)


def in_order(tree: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    return {key: tree[key] for key in order if tree.get(key)}


def shortest(group: Any) -> Any:
    return group[0] if isinstance(group, list) and len(group) == 1 else group
