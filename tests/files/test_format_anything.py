"""Random files in random styles: formatted once is formatted, and the meaning stays."""

from __future__ import annotations

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
