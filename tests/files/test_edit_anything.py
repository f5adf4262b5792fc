"""Random rotas in random styles: an edit changes what it is about, and no other byte."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from flashsync.declared import people_edits
from flashsync.declared.parse import read_schedule
from flashsync.declared.people import PersonName, find_ring, turns
from flashsync.declared.people_edits import Edit, Insert, Remove, Replace
from flashsync.declared.problems import Findings
from flashsync.errors import FilesError
from flashsync.files import load_text
from flashsync.files.edit import edit_text
from tests.files.helpers import SOURCE
from tests.properties import trying

NAMES = (
    "alice",
    "bob",
    "carol",
    "Dave Wu",
    "王小明",
    "2476444212131",
    "erin@example.com",
    "O'Brien",
)
NEW = "frank"

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Text:
    """A file in the making: parts that no edit is about, and lists of people."""

    parts: list[str]
    lists: list[list[str]]
    """The lines of each list in lines that are about one entry alone; empty for one in brackets."""


def quoted(draw: Draw, name: str) -> str:
    style = draw(st.sampled_from(["", "", "'", '"']))
    if style == "'":
        return "'" + name.replace("'", "''") + "'"
    return json.dumps(name, ensure_ascii=False) if style else name


def comment(draw: Draw) -> str:
    return str(draw(st.sampled_from(["", "", "", "  # x", " #", "  # [a, 'b", " # 值班: {"])))


def own_lines(draw: Draw, indent: int) -> str:
    """Comments and empty lines between two entries."""
    line = st.sampled_from(["", " " * indent + "# note: [", " " * indent + "#"])
    return "".join(f"{one}\n" for one in draw(st.lists(line, max_size=2)))


def member(draw: Draw) -> str:
    name = draw(st.sampled_from(NAMES))
    text = quoted(draw, name)
    forms = [text, text, "{person: " + text + ", role: backup}"]
    if "@" in name:
        forms.append("{email: " + text + "}")
    return str(draw(st.sampled_from(forms)))


def members(draw: Draw) -> list[str]:
    return [member(draw) for _ in range(draw(st.integers(1, 3)))]


def brackets(draw: Draw, items: list[str], indent: int) -> str:
    """A list in brackets, in one line or several."""
    last = draw(st.sampled_from(["", ",", " ,"]))
    if draw(st.booleans()):
        blank = draw(st.sampled_from(["", " "]))
        return f"[{blank}{', '.join(items)}{last}{blank}]"
    inner = " " * (indent + 2)
    lines = [
        inner + item + (last if place == len(items) - 1 else ",") + comment(draw)
        for place, item in enumerate(items)
    ]
    return "[" + comment(draw) + "\n" + "\n".join(lines) + "\n" + " " * indent + "]"


def entry(draw: Draw, indent: int) -> str:
    """A turn as written after its dash, perhaps over several lines."""
    inside = " " * (indent + 2)
    form = draw(st.sampled_from(["one", "one", "flow", "named", "lines", "nested"]))
    if form == "one":
        return member(draw) + comment(draw)
    found = members(draw)
    if form == "flow":
        return brackets(draw, found, indent + 2) + comment(draw)
    if form == "named":
        list_ = brackets(draw, found, indent + 2)
        return f"group: Night{comment(draw)}\n{inside}members: {list_}{comment(draw)}"
    if form == "nested":
        return f"\n{inside}".join(f"- {one}{comment(draw)}" for one in found)
    lines = "".join(f"\n{inside}- {one}{comment(draw)}" for one in found)
    return f"members:{comment(draw)}{lines}"


def groups(draw: Draw, text: Text) -> None:
    """The value of `groups`."""
    count = draw(st.integers(1, 4))
    if draw(st.integers(0, 2)) == 0:
        items = [
            draw(st.sampled_from([member(draw), f"[{', '.join(members(draw))}]"]))
            for _ in range(count)
        ]
        text.parts.append(" " + brackets(draw, items, 4) + comment(draw) + "\n")
        text.lists.append([])
        return
    indent = draw(st.sampled_from([4, 6, 7]))
    lines = [" " * indent + "- " + entry(draw, indent) + "\n" for _ in range(count)]
    whole = comment(draw) + "\n" + "".join(own_lines(draw, indent) + line for line in lines)
    text.parts.append(whole)
    text.lists.append(lines)


@st.composite
def texts(draw: Draw) -> Text:
    text = Text(["# top\nschedule: Production\nlayers:\n"], [])
    for number in range(draw(st.integers(1, 3))):
        text.parts[-1] += (
            f"{own_lines(draw, 2)}  - layer: L{number}{comment(draw)}\n"
            f"    rotation: 1 week\n    start: 2026-01-05 10:00\n    groups:"
        )
        groups(draw, text)
        text.parts.append(own_lines(draw, 2))
    if draw(st.booleans()):
        text.parts[-1] += "overrides:\n  - override: X\n    from: 2027-01-05 10:00\n"
        text.parts[-1] += "    to: 2027-01-06 10:00\n    people:"
        people = [
            quoted(draw, name)
            for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
        ]
        text.parts.append(" " + brackets(draw, people, 4) + "\n")
        text.lists.append([])
        text.parts.append("")
    text.parts[-1] += draw(
        st.sampled_from(["", "team: SRE\n", "# end\n", "...\n---\nschedule: B\nabsent: true"])
    )
    if draw(st.booleans()):
        text.parts = [part.replace("\n", "\r\n") for part in text.parts]
        text.lists = [[line.replace("\n", "\r\n") for line in lines] for lines in text.lists]
    return text


def tree_of(text: str) -> Any:
    return load_text(text, SOURCE)[0].tree


def edit(text: Text, make: Callable[[Any], list[Edit]]) -> tuple[Any, Any] | None:
    """The trees before and after, once the text between is held to be as it was."""
    before = "".join(text.parts)
    tree = tree_of(before)
    read_schedule(tree)
    try:
        edits = make(tree)
    except Findings:
        return None
    after = edit_text(before, SOURCE, {0: edits}).after
    at = 0
    for part in text.parts[::2]:
        found = after.find(part, at)
        assert found >= at, (before, after)
        at = found + len(part)
    assert after.startswith(text.parts[0])
    assert after.endswith(text.parts[-1])
    for lines in text.lists:
        at = 0
        for line in lines:
            if not any(name in line for name in ("alice", NEW)):
                at = after.find(line, at)
                assert at >= 0, (line, before, after)
    assert comments(before) == comments(after)
    return tree, tree_of(after)


def comments(text: str) -> int:
    """How many comments have lines of their own."""
    return sum(line.strip() in ("#", "# note: [", "# top", "# end") for line in text.splitlines())


def without(tree: Any, name: str) -> Any:
    """The tree with a person taken out, the slow and obvious way."""
    tree = copy.deepcopy(tree)
    for layer in tree["layers"]:
        layer["groups"] = [
            one for one in (_without(group, name) for group in layer["groups"]) if one
        ]
    for override in tree.get("overrides", []):
        override["people"] = [one for one in override["people"] if one != name]
    return tree


def _without(group: Any, name: str) -> Any:
    if isinstance(group, list):
        return [one for one in group if _without(one, name)]
    if isinstance(group, dict) and "members" in group:
        members = _without(group["members"], name)
        return {**group, "members": members} if members else None
    return None if name in (group, isinstance(group, dict) and group.get("person")) else group


def is_one(name: str) -> Callable[[PersonName], bool]:
    return lambda other: other.text == name


SIGNS = [
    "a",
    "b",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "---\n",
    "&a ",
    "*a",
    "<<: *a",
    "#",
    "? ",
    "|\n",
]
YAML_LIKE = st.lists(st.sampled_from([*SIGNS, *"[]{},'\"\t\r"]), max_size=30).map("".join)


def paths(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to all values of a tree but the root."""
    below = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for step, value in below if isinstance(tree, dict | list) else ():
        yield (*path, step)
        yield from paths(value, (*path, step))


@trying(30, suppress_health_check=[HealthCheck.filter_too_much])
@given(YAML_LIKE.map("g: [a, b]\nh:\n- &a a\n- b\n".__add__), st.data())
def test_any_text_is_edited_or_left_to_people(text: str, data: st.DataObject) -> None:
    try:
        tree = tree_of(text)
    except FilesError:
        return
    path = data.draw(st.sampled_from([*paths(tree)]))
    kind = data.draw(st.sampled_from(["remove", "replace", "insert"]))
    change: Edit = Remove(path) if kind == "remove" else Replace(path, "new")
    if kind == "insert":
        change = Insert(path, data.draw(st.integers(0, 3)), "new")
    try:
        after = edit_text(text, SOURCE, {0: [change]}).after
    except FilesError as error:
        assert "by hand" in str(error) or "has an alias of it" in str(error)  # noqa: PT017
        return
    assert tree_of(after) != tree or kind == "replace"


relaxed = trying(20)


def has_ring(tree: Any) -> bool:
    """Whether a layer consists of pairs of which each backup is a neighbour's primary."""
    orders = (turns(tree, place) for place in range(len(tree["layers"])))
    return any(find_ring(order) for order in orders)


@relaxed
@given(texts())
def test_removing_somebody(text: Text) -> None:
    found = edit(text, lambda tree: people_edits.remove(tree, "alice", is_one("alice")))
    if found:
        before, after = found
        assume(not has_ring(before))  # it is closed: see tests/cli/test_edit_pairs.py
        assert after == without(before, "alice")


@relaxed
@given(texts())
def test_replacing_somebody(text: Text) -> None:
    found = edit(
        text,
        lambda tree: people_edits.replace(tree, "alice", is_one("alice"), is_one(NEW), NEW),
    )
    assert found is not None
    before, after = found
    assert '"alice"' not in json.dumps(after)
    assert without(after, NEW) == without(before, "alice")
    for old, new in zip(before["layers"], after["layers"], strict=True):
        assert len(old["groups"]) == len(new["groups"])


@relaxed
@given(texts(), st.data())
def test_adding_somebody(text: Text, data: st.DataObject) -> None:
    count = sum(part.count("layer: L") for part in text.parts)
    layer = data.draw(st.integers(0, count - 1))
    after = data.draw(st.sampled_from([None, ("bob", is_one("bob"))]))
    found = edit(text, lambda tree: people_edits.add(tree, layer, NEW, is_one(NEW), after))
    if found:
        before, now = found
        assume(not has_ring(before))
        places = [place for place, one in enumerate(now["layers"][layer]["groups"]) if one == NEW]
        assert len(places) == 1
        assert without(now, NEW) == before
        if after is None:
            assert places == [len(before["layers"][layer]["groups"])]
        else:
            assert "bob" in json.dumps(before["layers"][layer]["groups"][places[0] - 1])
